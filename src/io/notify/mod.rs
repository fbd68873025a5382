//! Notifications of the desktop, with buttons where the system has them.
//!
//! ```text
//! Notifier::show, withdraw ──▶ task ──▶ the desktop (one file per system)
//! answers: (key of the card, name of the button) ◀──────────┘
//! ```
//!
//! Invariant: nobody who shows a card waits for the desktop; what finds no room in the queue is dropped, for the next
//! state of the same alarm follows.

#[cfg(target_os = "linux")]
mod freedesktop;
#[cfg(target_os = "linux")]
use freedesktop as system;

#[cfg(not(target_os = "linux"))]
mod script;
#[cfg(not(target_os = "linux"))]
use script as system;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const QUEUE: usize = 64;

/// How pressing a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// May go by itself.
    Low,
    /// Goes by itself after a while.
    Normal,
    /// Stays until it is answered.
    Critical,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Names it: a later card of this key takes its place.
    pub key: String,
    /// First line.
    pub title: String,
    /// What it says, plain text.
    pub body: String,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Buttons: a name for us, words for people.
    pub buttons: Vec<(&'static str, String)>,
}

/// A button that somebody pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The card's key.
    pub key: String,
    /// The button's name; `default` for a click on the card itself.
    pub button: String,
}

/// What is asked of the desktop.
#[derive(Clone, Debug)]
enum Request {
    Show(Card),
    Withdraw(String),
}

/// The near end.
#[derive(Clone, Debug)]
pub struct Notifier {
    requests: mpsc::Sender<Request>,
}

impl Notifier {
    /// Starts the task that talks to the desktop. Returns also where presses arrive.
    #[must_use]
    pub fn start(stop: CancellationToken) -> (Self, mpsc::Receiver<Pressed>) {
        let (requests, inbox) = mpsc::channel(QUEUE);
        let (pressed, presses) = mpsc::channel(QUEUE);
        tokio::spawn(async move { stop.run_until_cancelled(system::run(inbox, pressed)).await });
        (Self { requests }, presses)
    }

    /// Shows a card, or another content in its place.
    pub fn show(&self, card: Card) {
        drop(self.requests.try_send(Request::Show(card)));
    }

    /// Takes a card away.
    pub fn withdraw(&self, key: &str) {
        drop(self.requests.try_send(Request::Withdraw(key.to_owned())));
    }
}

/// Whether the desktop can be told anything from here.
///
/// # Errors
/// It cannot: why, and the cure.
pub fn reachable() -> Result<(), String> {
    #[cfg(not(any(target_os = "macos", target_os = "windows")))]
    {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let socket = set("XDG_RUNTIME_DIR").map(|folder| std::path::Path::new(&folder).join("bus"));
        if set("DBUS_SESSION_BUS_ADDRESS").is_none() && !socket.is_some_and(|socket| socket.exists()) {
            return Err(
                "There is no session bus here (DBUS_SESSION_BUS_ADDRESS is not set). Start Hearthlight from your \
                        desktop, or as a service of your own user."
                    .to_owned(),
            );
        }
    }
    Ok(())
}
