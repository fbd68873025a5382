//! What the desktop wants of the look, told to the window that follows it.

use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Batch, BusSender};
use crate::io::appearance::{self, Appearance};
use crate::model::message::Update;
use crate::model::system::{self, Desktop};

/// Follows the desktop until `stop`.
pub async fn run(bus: BusSender, stop: CancellationToken) {
    let mut seen = appearance::follow(stop);
    while seen.changed().await.is_ok() {
        let Appearance { dark, contrast, still } = *seen.borrow_and_update();
        let desktop = Desktop { dark, contrast, still };
        bus.say(Batch::of(vec![Update::System(system::Update::Desktop(desktop))]));
    }
}
