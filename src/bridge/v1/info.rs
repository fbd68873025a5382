//! `/info`: the zones that clocks can be set to.

use hyper::Method;
use serde_json::{Value, json};

use crate::bridge::v1::ask::{Ask, Reply};
use crate::bridge::v1::error::Error;

/// Answers a request; `rest` is the path behind `/info`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
    match (ask.method, rest) {
        (&Method::GET, []) => Ok(Reply::Shows(json!({"timezones": zones()}))),
        (&Method::GET, ["timezones"]) => Ok(Reply::Shows(zones())),
        (_, [] | ["timezones"]) => Err(ask.wrong_method()),
        _ => Err(ask.not_available()),
    }
}

/// The names of all zones of clocks.
#[must_use]
pub fn zones() -> Value {
    let mut names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    json!(names)
}
