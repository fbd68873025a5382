//! The look of a Linux desktop: XDG Desktop Portal, `org.freedesktop.portal.Settings`, over the session bus.

use std::collections::HashMap;

use tokio::sync::watch;
use tokio_stream::StreamExt as _;
use zbus::zvariant::{OwnedValue, Value};

use crate::io::appearance::Appearance;
use crate::io::appearance::words::{self, NAMESPACE};

#[zbus::proxy(
    interface = "org.freedesktop.portal.Settings",
    default_service = "org.freedesktop.portal.Desktop",
    default_path = "/org/freedesktop/portal/desktop"
)]
trait Settings {
    fn read_all(&self, namespaces: &[&str]) -> zbus::Result<HashMap<String, HashMap<String, OwnedValue>>>;

    #[zbus(signal)]
    fn setting_changed(&self, namespace: &str, key: &str, value: Value<'_>) -> zbus::Result<()>;
}

/// Tells what the desktop wants, now and whenever it changes, as long as there is a desktop.
pub(super) async fn run(told: watch::Sender<Appearance>) {
    if let Err(error) = serve(&told).await {
        // Many machines have no desktop, and many desktops no portal.
        tracing::debug!(%error, "the desktop does not say how it wants to look");
    }
}

async fn serve(told: &watch::Sender<Appearance>) -> zbus::Result<()> {
    let connection = zbus::Connection::session().await?;
    let desktop = SettingsProxy::new(&connection).await?;
    // First the signal, then the question: nothing falls between them.
    let mut changes = desktop.receive_setting_changed().await?;
    let all = desktop.read_all(&[NAMESPACE]).await?;
    let mut now = Appearance::default();
    for (key, value) in all.get(NAMESPACE).into_iter().flatten() {
        take(&mut now, key, value);
    }
    told.send_replace(now);
    while let Some(change) = changes.next().await {
        let Ok(args) = change.args() else { continue };
        if args.namespace == NAMESPACE {
            take(&mut now, args.key, &args.value);
            told.send_if_modified(|known| std::mem::replace(known, now) != now);
        }
    }
    Ok(())
}

/// Values are numbers, some portals wrap them once more.
fn take(now: &mut Appearance, key: &str, value: &Value<'_>) {
    match value {
        Value::U32(value) => words::portal(now, key, *value),
        Value::Value(inner) => {
            if let Value::U32(value) = **inner {
                words::portal(now, key, value);
            }
        }
        _ => {}
    }
}
