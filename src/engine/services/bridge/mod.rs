//! The Hue bridge's own state: who it is, the button, keys of apps, what things are called, what apps keep.
//!
//! Invariant: keys are secrets: they are in the ring and in the folder of secrets, never in a fact.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::model::bridge::{self, Command};
use crate::model::message::{self, Envelope, Update};
use crate::port::Posted;

/// The service's state.
#[derive(Debug, Default)]
pub struct Bridge {
    state: bridge::Bridge,
}

impl Bridge {
    /// Decides on a command.
    ///
    /// # Errors
    /// Why it is refused, for a person.
    pub fn on_command(&mut self, command: Command) -> Result<Vec<bridge::Update>, String> {
        let update = match command {
            Command::Unpress => bridge::Update::Pressed(None),
            other => return Err(format!("The bridge cannot do this: {other:?}.")),
        };
        self.state.apply(&update);
        Ok(vec![update])
    }
}

/// Runs the service's mailbox until `stop`.
pub async fn run(mut bridge: Bridge, bus: BusSender, mut mailbox: mpsc::Receiver<Posted>, stop: CancellationToken) {
    while let Some(Some(posted)) = stop.run_until_cancelled(mailbox.recv()).await {
        let Posted { envelope: Envelope { command, origin, ticket, cause }, reply } = posted;
        let decided = match command {
            message::Command::Bridge(command) => bridge.on_command(command),
            _ => Err("This is not for the bridge.".to_owned()),
        };
        let (updates, refused) = match decided {
            Ok(updates) => (updates.into_iter().map(Update::Bridge).collect(), None),
            Err(why) => (Vec::new(), Some(why)),
        };
        bus.say(Batch { updates, origin, cause, answer: Some(Answered { ticket, refused, made: None, reply }) });
    }
}
