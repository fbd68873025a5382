//! A request as the families of version 1 see it, and what they answer: something to show, to write, or to make.
//!
//! Invariant: what is answered follows from what is in here and nothing else: no socket, no clock, no waiting.

use std::sync::Arc;

use hyper::Method;
use ipnet::Ipv4Net;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bridge::v1::body::{Field, Members};
use crate::bridge::v1::error::{Error, What};
use crate::model::bridge::Command as BridgeCommand;
use crate::model::bridge::app::AppId;
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;
use crate::model::lights::Command as LightsCommand;
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::port::ring::{Key, Ring};
use crate::port::slots::Slots;

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The state to answer from.
    pub view: &'a Snapshot,
    /// Keys of apps.
    pub ring: &'a Ring,
    /// Newest readings.
    pub slots: &'a Slots,
    /// Whose request it is.
    pub key: &'a Key,
    /// The time.
    pub now: Timestamp,
    /// The network that the bridge is on, with its own address.
    pub network: Option<Ipv4Net>,
    /// The verb.
    pub method: &'a Method,
    /// The parts of the path behind the key.
    pub path: &'a [&'a str],
    /// What came with it.
    pub body: &'a [u8],
}

/// What a request comes to.
#[derive(Debug)]
pub enum Reply {
    /// Something to read.
    Shows(Value),
    /// Something that changes.
    Writes(Written),
    /// Something new.
    Makes(Box<New>),
}

/// A write.
#[derive(Debug, Default)]
pub struct Written {
    /// What is asked of the house, in order.
    pub commands: Vec<Command>,
    /// What is answered if that is done, in the order of the request.
    pub entries: Vec<Entry>,
}

/// Something new: a command whose outcome names it.
#[derive(Debug)]
pub struct New {
    /// What makes it.
    pub command: Command,
    /// What it is then.
    pub kind: Kind,
    /// What is noted beside it.
    pub extra: Option<Extra>,
}

/// One part of an answer to a write.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// It is so now.
    Success(Value),
    /// It is as it was.
    Failed(Error),
}

impl<'a> Ask<'a> {
    /// Where it goes.
    #[must_use]
    pub fn at(&self) -> String {
        format!("/{}", self.path.join("/"))
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_available(&self) -> Error {
        Error::new(self.at(), What::NotAvailable)
    }

    /// This verb does nothing there.
    #[must_use]
    pub fn wrong_method(&self) -> Error {
        Error::new(self.at(), What::Method(self.method.to_string()))
    }

    /// What is to be written.
    ///
    /// # Errors
    /// If it is no JSON object, or an empty one.
    pub fn members(&self) -> Result<Members, Error> {
        Members::read(self.body, &self.at())
    }

    /// The key of an app, as apps see whose something is.
    #[must_use]
    pub fn owner(&self, app: Option<&AppId>) -> Value {
        let key = app.and_then(|app| self.ring.all().find(|key| key.app == *app));
        key.map_or_else(|| json!("none"), |key| json!(key.key))
    }

    /// What was noted beside a thing.
    #[must_use]
    pub fn extra(&self, kind: Kind, id: &Arc<str>) -> Extra {
        let extra = self.view.bridge.extra(&Thing::new(kind, Arc::clone(id)));
        extra.map(|extra| Extra::clone(extra)).unwrap_or_default()
    }
}

impl Reply {
    /// Something that is done, and what is answered then.
    #[must_use]
    pub fn done(command: impl Into<Option<Command>>, success: Value) -> Self {
        let commands = command.into().into_iter().collect();
        Self::Writes(Written { commands, entries: vec![Entry::Success(success)] })
    }

    /// Something is removed.
    #[must_use]
    pub fn deleted(ask: &Ask<'_>, command: Command) -> Self {
        Self::done(command, json!(format!("{} deleted", ask.at())))
    }

    /// Something new.
    #[must_use]
    pub fn makes(command: Command, kind: Kind, extra: Option<Extra>) -> Self {
        Self::Makes(Box::new(New { command, kind, extra }))
    }

    /// Something that is kept for an app, new.
    #[must_use]
    pub fn keeps(object: Object) -> Self {
        let kind = Kind::Object(object.kind());
        let command = BridgeCommand::Put { id: None, object: Box::new(object) };
        Self::makes(Command::Bridge(command), kind, None)
    }
}

impl Written {
    /// Takes the members one by one: each that is right is answered with what was asked.
    pub fn each(&mut self, members: &Members, at: &str, mut take: impl FnMut(&Field<'_>) -> Result<(), Error>) {
        for field in members.fields(at) {
            self.one(&field, take(&field));
        }
    }

    /// Answers one member.
    pub fn one(&mut self, field: &Field<'_>, taken: Result<(), Error>) {
        self.entries.push(match taken {
            Ok(()) => Entry::Success(json!({field.address(): field.value})),
            Err(error) => Entry::Failed(error),
        });
    }

    /// Asks something of lights.
    pub fn lights(&mut self, command: LightsCommand) {
        self.commands.push(Command::Lights(command));
    }

    /// Notes something beside a thing.
    pub fn note(&mut self, kind: Kind, id: &Arc<str>, extra: Extra) {
        let thing = Thing::new(kind, Arc::clone(id));
        self.commands.push(Command::Bridge(BridgeCommand::PutExtra { thing, extra }));
    }

    /// Keeps something for an app, in place of what was kept.
    pub fn put(&mut self, id: &ObjectId, object: Object) {
        let command = BridgeCommand::Put { id: Some(Arc::clone(&id.id)), object: Box::new(object) };
        self.commands.push(Command::Bridge(command));
    }

    /// Keeps something that works or not. If that is all that was written, the rest is left as it is by then.
    pub fn put_or_enable(&mut self, members: &Members, id: &ObjectId, object: Object) {
        match &members.0[..] {
            [(name, on)] if name == "status" => {
                let command = BridgeCommand::Enable { id: id.clone(), on: on == "enabled" };
                self.commands.push(Command::Bridge(command));
            }
            _ => self.put(id, object),
        }
    }
}

/// Forgets something that is kept.
#[must_use]
pub fn remove(id: &ObjectId) -> Command {
    Command::Bridge(BridgeCommand::Remove(id.clone()))
}
