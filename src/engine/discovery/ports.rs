//! The serial ports of this machine, listed again and again: a plug makes no announcement that every system passes on.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::drivers::{Search, Sighting};
use crate::engine::discovery::sightings::Sightings;
use crate::io::serial_ports;

const EVERY: Duration = Duration::from_secs(5);

/// Lists them for ever.
pub(super) async fn list(sightings: Arc<Sightings>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Ok(listed) = tokio::task::spawn_blocking(serial_ports::list).await else { continue };
        match listed {
            Ok(ports) => {
                for (name, properties) in &ports {
                    let search = Search::Serial;
                    sightings.hand(&Sighting { search, name, from: None, properties, payload: &[] });
                }
            }
            Err(why) => return sightings.trouble(format!("The serial ports cannot be listed: {why}.")),
        }
    }
}
