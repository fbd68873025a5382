//! Version 1 of the API: `/api/<key>/…`.
//!
//! ```text
//!  Request ─▶ Ask ─▶ lights, groups, scenes, sensors, rules, schedules, resourcelinks, config, capabilities, info
//!                      │ Shows    what is read off the state
//!                      │ Writes   commands, and an entry for each attribute
//!                      └ Makes    a command, and the number of what it made
//! ```
//!
//! Invariant: every answer is JSON with status 200; what is wrong stands in it.
//! Invariant: families decide from the state and wait for nothing; what they decide is carried out here.
//!
//! To add one: a file with `reply`, and its line in [`reply`].

pub mod areas;
pub mod ask;
pub mod body;
pub mod capabilities;
pub mod clip;
pub mod conditions;
pub mod config;
pub mod daylight;
pub mod error;
pub mod groups;
pub mod info;
pub mod kept;
pub mod lights;
pub mod links;
pub mod number;
pub mod orders;
pub mod recall;
pub mod rules;
pub mod scenes;
pub mod schedules;
pub mod sensors;
pub mod shown;
pub mod state;
pub mod time;
pub mod when;
pub mod words;

use std::sync::Arc;

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use crate::bridge::face::Face;
use crate::bridge::request::{Answer, Request};
use crate::bridge::v1::ask::{Ask, Entry, New, Reply, Written};
use crate::bridge::v1::error::{Error, What};
use crate::io::{mdns, networks};
use crate::model::bridge::Command as BridgeCommand;
use crate::model::bridge::ids::Thing;
use crate::model::message::Command;
use crate::model::system::Reach;

/// Answers a request of version 1.
pub async fn answer(face: &Face, request: &Request) -> Answer {
    let path = request.parts();
    let at = format!("/{}", path.join("/"));
    let entries = match decide(face, request, &path) {
        Ok(Reply::Shows(value)) => return Answer::ok(&value),
        Ok(Reply::Writes(written)) => write(face, request, &at, written).await,
        Ok(Reply::Makes(new)) => vec![make(face, request, &at, *new).await],
        Err(error) => vec![Entry::Failed(error)],
    };
    listed(&entries)
}

/// What a request comes to, from the state alone.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>) -> Result<Reply, Error> {
    match ask.path {
        [] if *ask.method == hyper::Method::GET => Ok(Reply::Shows(everything(ask))),
        [] => Err(ask.wrong_method()),
        ["lights", rest @ ..] => lights::reply(ask, rest),
        ["groups", rest @ ..] => groups::reply(ask, rest),
        ["scenes", rest @ ..] => scenes::reply(ask, rest),
        ["sensors", rest @ ..] => sensors::reply(ask, rest),
        ["rules", rest @ ..] => rules::FAMILY.reply(ask, rest),
        ["schedules", rest @ ..] => schedules::FAMILY.reply(ask, rest),
        ["resourcelinks", rest @ ..] => links::FAMILY.reply(ask, rest),
        ["config", rest @ ..] => config::reply(ask, rest),
        ["capabilities", rest @ ..] => capabilities::reply(ask, rest),
        ["info", rest @ ..] => info::reply(ask, rest),
        _ => Err(ask.not_available()),
    }
}

fn everything(ask: &Ask<'_>) -> Value {
    json!({
        "lights": lights::all(ask.view),
        "groups": groups::all(ask.view),
        "config": config::value(ask),
        "schedules": schedules::FAMILY.all(ask),
        "scenes": scenes::all(ask),
        "rules": rules::FAMILY.all(ask),
        "sensors": sensors::all(ask),
        "resourcelinks": links::FAMILY.all(ask),
    })
}

fn decide(face: &Face, request: &Request, path: &[&str]) -> Result<Reply, Error> {
    let view = face.view();
    let says_where = matches!(path, [] | ["config"]);
    let network = says_where.then(|| own_network(view.system.reach)).flatten();
    reply(&Ask {
        view: &view,
        ring: &face.port.slots.bridge.ring.load(),
        slots: &face.port.slots,
        key: &request.key,
        now: (face.wall)(),
        network,
        method: &request.method,
        path,
        body: &request.body,
    })
}

/// The network that apps find us on: the first within reach.
fn own_network(reach: Reach) -> Option<Ipv4Net> {
    let reach = if reach == Reach::Lan { mdns::Reach::Lan } else { mdns::Reach::Loopback };
    Some(networks::list(reach).ok()?.first()?.own)
}

/// Carries a write out. What is refused then ends it, and is answered in place of the successes.
async fn write(face: &Face, request: &Request, at: &str, written: Written) -> Vec<Entry> {
    let Written { commands, mut entries } = written;
    for command in commands {
        if let Err(why) = face.carry_out(&request.key, command).await {
            entries.retain(|entry| matches!(entry, Entry::Failed(_)));
            entries.push(Entry::Failed(Error::new(at, What::Refused(why))));
            break;
        }
    }
    entries
}

/// Makes something; it is answered with its number.
async fn make(face: &Face, request: &Request, at: &str, new: New) -> Entry {
    let New { command, kind, extra } = new;
    let refused = |why: String| Entry::Failed(Error::new(at, What::Refused(why)));
    let thing = match face.carry_out(&request.key, command).await {
        Ok(Some(made)) => Thing::new(kind, made),
        Ok(None) => return refused("nothing was made".to_owned()),
        Err(why) => return refused(why),
    };
    let named = face.named(&thing).await;
    let Some(number) = named.as_ref().and_then(|ids| ids.number()) else {
        return refused(format!("{thing} got no number in time"));
    };
    if let Some(extra) = extra {
        let command = Command::Bridge(BridgeCommand::PutExtra { thing, extra });
        if let Err(why) = face.carry_out(&request.key, command).await {
            return refused(why);
        }
    }
    Entry::Success(json!({"id": number}))
}

/// An answer of these parts; the first that failed is what the doctor hears.
fn listed(entries: &[Entry]) -> Answer {
    let refused = entries.iter().find_map(|entry| match entry {
        Entry::Failed(error) => Some(Arc::from(error.description())),
        Entry::Success(_) => None,
    });
    let part = |entry: &Entry| match entry {
        Entry::Success(value) => json!({"success": value}),
        Entry::Failed(error) => error.json(),
    };
    let body = Value::Array(entries.iter().map(part).collect());
    Answer { refused, ..Answer::ok(&body) }
}
