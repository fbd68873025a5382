//! A write, checked as far as its address, and how it ends.
//!
//! Invariant: an answer is given only after the book shows what the write did.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::bridge::face::Face;
use crate::bridge::request::Answer;
use crate::bridge::v2::shelf::{Book, Kept};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::model::{bridge, lights, sensors};
use crate::port::ring::Key;

/// A write to a resource, or the making of one.
#[derive(Clone)]
pub struct Write<'a> {
    /// The plug.
    pub face: &'a Face,
    /// Whose key it came with.
    pub key: &'a Key,
    /// The state when it came.
    pub view: Arc<Snapshot>,
    /// The resources when it came.
    pub book: Arc<Book>,
    /// What it says; empty for a removal.
    pub body: &'a Map<String, Value>,
}

impl fmt::Debug for Write<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write").field("app", &self.key.app).field("body", &self.body).finish_non_exhaustive()
    }
}

/// How a write ended that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The UUID of what was made, if something was.
    pub made: Option<Uuid>,
    /// What may have no effect, and why.
    pub doubts: Vec<String>,
}

/// Why a write was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: u16,
    /// In words.
    pub why: String,
}

/// How a write ended.
pub type Done = Result<Written, Refusal>;

impl Refusal {
    /// The body is not as it must be.
    #[must_use]
    pub fn bad(why: impl Into<String>) -> Self {
        Self { status: 400, why: why.into() }
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found() -> Self {
        Self { status: 404, why: "Not Found".to_owned() }
    }

    /// This type of resource does not take this verb.
    #[must_use]
    pub fn not_allowed() -> Self {
        Self { status: 405, why: "Method Not Allowed".to_owned() }
    }

    /// It cannot be now.
    #[must_use]
    pub fn conflict(why: impl Into<String>) -> Self {
        Self { status: 409, why: why.into() }
    }

    /// The answer that says so.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let body = json!({"errors": [{"description": self.why}], "data": []});
        Answer { status: self.status, body: body.to_string().into(), refused: Some(self.why.as_str().into()) }
    }
}

impl Write<'_> {
    /// Has lights do something. Returns the id of what was made, if something was.
    ///
    /// # Errors
    /// 400 with the reason if it is refused.
    pub async fn lights(&self, command: lights::Command) -> Result<Option<Arc<str>>, Refusal> {
        self.face.carry_out(self.key, Command::Lights(command)).await.map_err(Refusal::bad)
    }

    /// Has the bridge do something. Returns the id of what was made, if something was.
    ///
    /// # Errors
    /// 400 with the reason if it is refused.
    pub async fn bridge(&self, command: bridge::Command) -> Result<Option<Arc<str>>, Refusal> {
        self.face.carry_out(self.key, Command::Bridge(command)).await.map_err(Refusal::bad)
    }

    /// Has a sensor device do something.
    ///
    /// # Errors
    /// 400 with the reason if it is refused.
    pub async fn sensors(&self, command: sensors::Command) -> Result<(), Refusal> {
        self.face.carry_out(self.key, Command::Sensors(command)).await.map(drop).map_err(Refusal::bad)
    }

    /// Notes something beside a thing; nothing is asked if that changes nothing.
    ///
    /// # Errors
    /// 400 with the reason if it is refused.
    pub async fn note(&self, thing: &Thing, change: impl FnOnce(&mut Extra)) -> Result<(), Refusal> {
        let before = self.face.view().bridge.extra(thing).map(|extra| Extra::clone(extra)).unwrap_or_default();
        let mut extra = before.clone();
        change(&mut extra);
        if extra != before {
            self.bridge(bridge::Command::PutExtra { thing: thing.clone(), extra }).await?;
        }
        Ok(())
    }

    /// What a thing that was just made is called.
    ///
    /// # Errors
    /// 503 if it gets no name in time.
    pub async fn named(&self, thing: &Thing) -> Result<Arc<Ids>, Refusal> {
        let slow = || Refusal { status: 503, why: "It was made, but has no id yet.".to_owned() };
        self.face.named(thing).await.ok_or_else(slow)
    }

    /// The resource that a reference `{"rid":…,"rtype":…}` names; `None` if it is no reference or names nothing.
    #[must_use]
    pub fn referred(&self, reference: &Value) -> Option<&Arc<Kept>> {
        let id = Uuid::try_parse(reference.get("rid")?.as_str()?).ok()?;
        self.book.find(reference.get("rtype")?.as_str()?, id)
    }
}

/// The answer to a write of a resource of this type and UUID.
#[must_use]
pub fn answer(done: &Done, kind: &str, id: Option<Uuid>) -> Answer {
    let written = match done {
        Ok(written) => written,
        Err(refusal) => return refusal.answer(),
    };
    let status = match (written.made, written.doubts.is_empty()) {
        (_, false) => 207,
        (Some(_), true) => 201,
        (None, true) => 200,
    };
    let errors: Vec<_> = written.doubts.iter().map(|doubt| json!({"description": doubt})).collect();
    let data: Vec<_> = written.made.or(id).map(|id| json!({"rid": id, "rtype": kind})).into_iter().collect();
    Answer { status, body: Bytes::from(json!({"errors": errors, "data": data}).to_string()), refused: None }
}
