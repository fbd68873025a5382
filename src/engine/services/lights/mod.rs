//! Lights: decides who drives what, keeps rooms and scenes, and sends wishes to links.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::model::message::Envelope;
use crate::port::Posted;

/// Runs the service's mailbox until `stop`.
pub async fn run(bus: BusSender, mut mailbox: mpsc::Receiver<Posted>, stop: CancellationToken) {
    while let Some(Some(posted)) = stop.run_until_cancelled(mailbox.recv()).await {
        let Posted { envelope: Envelope { origin, ticket, cause, .. }, reply } = posted;
        let refused = Some("Lights are not here yet.".to_owned());
        bus.say(Batch { updates: Vec::new(), origin, cause, answer: Some(Answered { ticket, refused, reply }) });
    }
}
