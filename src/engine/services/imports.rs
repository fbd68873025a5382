//! The second half of an import: what other services have to decide on.
//!
//! Invariant: an import is answered when every part of it is decided, never before.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::model::message::{Command, Envelope, Origin, Outcome, Ticket, Update};
use crate::model::system;
use crate::port::Posted;
use crate::settings::import::steps::Steps;

/// Whose doing a change is.
#[derive(Clone, Debug)]
pub struct Story {
    /// Who asked.
    pub origin: Origin,
    /// The fact that led to it, if one did.
    pub cause: Option<u64>,
}

impl Story {
    /// Nobody's: a file was edited.
    pub const OWN: Self = Self { origin: Origin::System, cause: None };
}

/// Passes on to other services what an import brings them, then says that it is imported.
pub async fn finish(steps: Steps, story: Story, to: mpsc::Sender<Posted>, bus: BusSender, answer: Answered) {
    let Steps { commands, mut preview, .. } = steps;
    preview.warnings.extend(pass_on(&to, commands, &story).await);
    let Story { origin, cause } = story;
    let updates = vec![Update::System(system::Update::Imported(Arc::new(preview)))];
    bus.say(Batch { updates, origin, cause, answer: Some(answer) });
}

/// Sends commands to other services and waits until each is decided. Returns why some were refused, each reason once.
async fn pass_on(to: &mpsc::Sender<Posted>, commands: Vec<Command>, story: &Story) -> BTreeSet<String> {
    let mut waiting = Vec::with_capacity(commands.len());
    for command in commands {
        let Story { origin, cause } = story.clone();
        let (reply, outcome) = oneshot::channel();
        let envelope = Envelope { command, origin, ticket: Ticket::default(), cause };
        if to.send(Posted { envelope, reply: Some(reply) }).await.is_ok() {
            waiting.push(outcome);
        }
    }
    let mut refused = BTreeSet::new();
    for outcome in waiting {
        if let Ok(Outcome::Refused { why }) = outcome.await {
            refused.insert(why);
        }
    }
    refused
}
