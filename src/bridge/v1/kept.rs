//! What apps keep and address by a number, whatever its kind: which verb does what.
//!
//! To add one: a [`Family`] with what reads and writes its kind.

use hyper::Method;
use serde_json::{Map, Value};

use crate::bridge::v1::ask::{Ask, Reply, remove};
use crate::bridge::v1::error::Error;
use crate::bridge::v1::number;
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;

/// A family of resources: rules, schedules, resourcelinks.
pub struct Family<T: 'static> {
    /// The kind.
    pub kind: Kind,
    /// One of them, as its own type.
    pub of: fn(&Object) -> Option<&T>,
    /// How one reads.
    pub value: fn(&Ask<'_>, &T) -> Value,
    /// Makes one.
    pub create: fn(&Ask<'_>) -> Result<Reply, Error>,
    /// Changes one.
    pub put: fn(&Ask<'_>, &ObjectId, &T) -> Result<Reply, Error>,
}

impl<T> Family<T> {
    /// Answers a request; `rest` is the path behind the family's name.
    ///
    /// # Errors
    /// What is wrong with the whole of it.
    pub fn reply(&self, ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
        match (ask.method, rest) {
            (&Method::GET, []) => Ok(Reply::Shows(self.all(ask))),
            (&Method::POST, []) => (self.create)(ask),
            (_, []) => Err(ask.wrong_method()),
            (method, [number, rest @ ..]) => {
                let found = number::object(ask.view, self.kind, number);
                let found = found.and_then(|(id, object)| Some((id, (self.of)(object)?)));
                let (id, one) = found.ok_or_else(|| ask.not_available())?;
                match (method, rest) {
                    (&Method::GET, []) => Ok(Reply::Shows((self.value)(ask, one))),
                    (&Method::PUT, []) => (self.put)(ask, &id, one),
                    (&Method::DELETE, []) => Ok(Reply::deleted(ask, remove(&id))),
                    (_, []) => Err(ask.wrong_method()),
                    _ => Err(ask.not_available()),
                }
            }
        }
    }

    /// All of them by number.
    #[must_use]
    pub fn all(&self, ask: &Ask<'_>) -> Value {
        let of_it = number::objects(ask.view, self.kind).filter_map(|(number, _, object)| {
            let one = (self.of)(object)?;
            Some((number.to_string(), (self.value)(ask, one)))
        });
        Value::Object(of_it.collect::<Map<_, _>>())
    }
}
