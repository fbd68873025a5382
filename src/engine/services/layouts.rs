//! Layouts: arrangements of the window that a person saved by name. What is in one is the window's own affair; here it
//! is only seen that it can be read again.
//!
//! Invariant: at most [`MAX_LAYOUTS`] that people named, and [`LEFT`]; each is RON of at most [`MAX_BYTES`].

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::model::layouts::{self, Command, LEFT, MAX_BYTES, MAX_LAYOUTS};
use crate::model::message::{self, Envelope, Update};
use crate::port::Posted;

/// Characters of a name.
const MAX_NAME: usize = 40;

/// The service's state.
#[derive(Debug, Default)]
pub struct Layouts {
    state: layouts::Layouts,
}

impl Layouts {
    /// Takes stored ones in, at start. Returns what is wrong with those that were left out, for people.
    pub fn restore(&mut self, stored: BTreeMap<Arc<str>, Arc<str>>) -> Vec<String> {
        let mut damaged = Vec::new();
        for (name, body) in stored {
            match self.check(&name, &body) {
                Ok(()) => drop(self.state.saved.insert(name, body)),
                Err(why) => damaged.push(format!("The stored layout \"{name}\" is left out. {why}")),
            }
        }
        damaged
    }

    /// The fact that tells everything at once, after a restart.
    #[must_use]
    pub fn opening(&self) -> Update {
        Update::Layouts(layouts::Update::Reset(Arc::new(self.state.clone())))
    }

    /// Decides on a command.
    ///
    /// # Errors
    /// Why it is refused, for a person.
    pub fn on_command(&mut self, command: Command) -> Result<Vec<layouts::Update>, String> {
        let update = match command {
            Command::Put { name, body } => {
                let name = if name == LEFT { LEFT } else { name.trim() };
                self.check(name, &body)?;
                layouts::Update::Saved { name: name.into(), body: body.into() }
            }
            Command::Remove { name } => match self.state.saved.contains_key(name.as_str()) {
                true => layouts::Update::Gone(name.into()),
                false => return Err(format!("There is no layout \"{name}\" any more.")),
            },
        };
        self.state.apply(&update);
        Ok(vec![update])
    }

    fn check(&self, name: &str, body: &str) -> Result<(), String> {
        if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(format!("The name of a layout has {MAX_NAME} characters at most, on one line. Shorten it."));
        }
        let n_named = self.state.saved.keys().filter(|known| ***known != *LEFT && ***known != *name).count();
        if name != LEFT && n_named >= MAX_LAYOUTS {
            return Err(format!("There are {MAX_LAYOUTS} layouts already. Remove one first."));
        }
        if body.len() > MAX_BYTES {
            return Err(format!("A layout has {} KiB at most. Close some of its tiles.", MAX_BYTES >> 10));
        }
        let read = ron::from_str::<ron::Value>(body);
        read.map(drop).map_err(|error| format!("The layout cannot be read, so it could not be used either: {error}."))
    }
}

/// Runs the service's mailbox until `stop`.
pub async fn run(mut layouts: Layouts, bus: BusSender, mut mailbox: mpsc::Receiver<Posted>, stop: CancellationToken) {
    while let Some(Some(posted)) = stop.run_until_cancelled(mailbox.recv()).await {
        let Posted { envelope: Envelope { command, origin, ticket, cause }, reply } = posted;
        let decided = match command {
            message::Command::Layouts(command) => layouts.on_command(command),
            _ => Err("This is not for layouts.".to_owned()),
        };
        let (updates, refused) = match decided {
            Ok(updates) => (updates.into_iter().map(Update::Layouts).collect(), None),
            Err(why) => (Vec::new(), Some(why)),
        };
        bus.say(Batch { updates, origin, cause, answer: Some(Answered { ticket, refused, made: None, reply }) });
    }
}
