//! Notifications on Linux and its like: the Desktop Notifications Specification 1.2, over the session bus.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use zbus::zvariant::Value;

use crate::io::notify::{Card, Pressed, Request, Urgency};

/// How long a desktop that could not be reached is left alone.
const PAUSE: Duration = Duration::from_secs(30);
/// Cards that are remembered, so that presses find them.
const CARDS_MAX: usize = 256;

/// The service of the specification, chapter 9.
#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications"
)]
trait Notifications {
    #[allow(clippy::too_many_arguments, reason = "the specification's own list")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, &Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// Shows what is asked for, and reaches the desktop again after it was away.
pub(super) async fn run(mut inbox: mpsc::Receiver<Request>, pressed: mpsc::Sender<Pressed>) {
    let mut told = false;
    let mut not_before = Instant::now();
    while let Some(first) = inbox.recv().await {
        if Instant::now() < not_before {
            continue;
        }
        match serve(first, &mut inbox, &pressed).await {
            Ok(()) => return,
            Err(error) => {
                // Once per outage: many machines have no desktop at all.
                if !std::mem::replace(&mut told, true) {
                    tracing::info!(%error, "no desktop takes notifications; trying again with later alarms");
                }
                not_before = Instant::now() + PAUSE;
            }
        }
    }
}

/// Serves requests until the desktop is gone (an error) or nobody asks any more.
async fn serve(
    first: Request,
    inbox: &mut mpsc::Receiver<Request>,
    pressed: &mpsc::Sender<Pressed>,
) -> zbus::Result<()> {
    let connection = zbus::Connection::session().await?;
    let desktop = NotificationsProxy::new(&connection).await?;
    let mut presses = desktop.receive_action_invoked().await?;
    let mut closings = desktop.receive_notification_closed().await?;
    let mut cards: HashMap<u32, String> = HashMap::new();
    handle(&desktop, &mut cards, first).await?;
    loop {
        tokio::select! {
            request = inbox.recv() => match request {
                Some(request) => handle(&desktop, &mut cards, request).await?,
                None => return Ok(()),
            },
            Some(press) = presses.next() => {
                let Ok(args) = press.args() else { continue };
                if let Some(key) = cards.get(&args.id) {
                    let press = Pressed { key: key.clone(), button: args.action_key.to_owned() };
                    drop(pressed.try_send(press));
                }
            }
            Some(closing) = closings.next() => {
                if let Ok(args) = closing.args() {
                    cards.remove(&args.id);
                }
            }
        }
    }
}

async fn handle(
    desktop: &NotificationsProxy<'_>,
    cards: &mut HashMap<u32, String>,
    request: Request,
) -> zbus::Result<()> {
    match request {
        Request::Show(card) => {
            let shown = cards.iter().find(|(_, key)| **key == card.key).map_or(0, |(id, _)| *id);
            let id = show(desktop, &card, shown).await?;
            if cards.len() < CARDS_MAX {
                cards.insert(id, card.key);
            }
        }
        Request::Withdraw(key) => {
            let ids: Vec<u32> = cards.iter().filter(|(_, known)| **known == key).map(|(id, _)| *id).collect();
            for id in ids {
                cards.remove(&id);
                // It may be closed already.
                drop(desktop.close_notification(id).await);
            }
        }
    }
    Ok(())
}

async fn show(desktop: &NotificationsProxy<'_>, card: &Card, replaces: u32) -> zbus::Result<u32> {
    let (urgency, expires_ms) = match card.urgency {
        Urgency::Low => (0_u8, -1),
        Urgency::Normal => (1, -1),
        Urgency::Critical => (2, 0),
    };
    let (urgency, category) = (Value::from(urgency), Value::from("device"));
    let entry = Value::from("hearthlight");
    let hints = HashMap::from([("urgency", &urgency), ("category", &category), ("desktop-entry", &entry)]);
    let buttons: Vec<&str> = card.buttons.iter().flat_map(|(name, words)| [*name, words.as_str()]).collect();
    let body = escape(&card.body);
    desktop.notify("Hearthlight", replaces, "hearthlight", &card.title, &body, &buttons, hints, expires_ms).await
}

/// The body may hold markup (specification, chapter 4): ours is plain text.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
