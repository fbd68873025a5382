//! What rules and schedules do, in terms of the house: an address, a verb and a body become acts.
//!
//! Invariant: what cannot be done is refused when it is written, not when its time comes.

use hyper::Method;
use serde_json::{Map, Value};

use crate::bridge::v1::ask::{Ask, Entry};
use crate::bridge::v1::body::Members;
use crate::bridge::v1::state::{self, Can};
use crate::bridge::v1::{clip, groups, number};
use crate::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::Act;
use crate::model::lights::{Aim, Command};
use crate::model::snapshot::Snapshot;

/// What one action of a rule, or the command of a schedule, does; `None` if nothing here can do it. Addresses may carry
/// the key of an app.
#[must_use]
pub fn compile(ask: &Ask<'_>, order: &Map<String, Value>) -> Option<Vec<Act>> {
    let known = |name: &String| matches!(name.as_str(), "address" | "method" | "body");
    let text = |name: &str| order.get(name).and_then(Value::as_str);
    let (address, method) = (text("address")?, text("method")?);
    let parts: Vec<&str> = path(ask, address)?.split('/').filter(|part| !part.is_empty()).collect();
    let nothing = Map::new();
    let body = order.get("body").map_or(Some(&nothing), Value::as_object)?;
    let acts = order.keys().all(known).then(|| acts(ask.view, method, &parts, &Members::of(body)))?;
    acts.filter(|acts| !acts.is_empty())
}

/// What of an address is behind the key, if there is one.
fn path<'a>(ask: &Ask<'_>, address: &'a str) -> Option<&'a str> {
    let Some(behind) = address.strip_prefix("/api/") else { return Some(address) };
    let (key, path) = behind.split_once('/')?;
    ask.ring.find(key).map(|_| path)
}

fn acts(view: &Snapshot, method: &str, path: &[&str], members: &Members) -> Option<Vec<Act>> {
    match (method.parse::<Method>().ok()?, path) {
        (Method::PUT, ["groups", number, "action"]) => {
            let commands = groups::standing(view, number, members)?;
            Some(commands.into_iter().map(Act::Lights).collect())
        }
        (Method::PUT, ["lights", number, "state"]) => light(view, number, members),
        (Method::PUT, ["sensors", number, "state"]) => {
            let (id, object) = number::object(view, ObjectKind::Clip, number)?;
            let Object::Clip(kept) = &**object else { return None };
            Some(vec![Act::Write(id, clip::standing(kept, members)?.into())])
        }
        (Method::PUT, [family @ ("rules" | "schedules"), number]) => {
            let (id, _) = number::object(view, kind(family)?, number)?;
            let enabled = match &members.0[..] {
                [(name, value)] if name == "status" => value.as_str()?,
                _ => return None,
            };
            matches!(enabled, "enabled" | "disabled").then(|| vec![Act::Enable(id, enabled == "enabled")])
        }
        (Method::DELETE, [family, number]) => {
            let (id, _): (ObjectId, _) = number::object(view, kind(family)?, number)?;
            Some(vec![Act::Remove(id)])
        }
        _ => None,
    }
}

fn kind(family: &str) -> Option<ObjectKind> {
    match family {
        "rules" => Some(ObjectKind::Rule),
        "schedules" => Some(ObjectKind::Schedule),
        "sensors" => Some(ObjectKind::Clip),
        "resourcelinks" => Some(ObjectKind::Link),
        _ => None,
    }
}

fn light(view: &Snapshot, number: &str, members: &Members) -> Option<Vec<Act>> {
    let light = number::light(view, number)?;
    let (wish, entries) = state::read(members, "", Can::of(&light.capabilities), false);
    if wish.is_relative() || entries.iter().any(|entry| matches!(entry, Entry::Failed(_))) {
        return None;
    }
    let aims = || vec![Aim::Light(light.id.clone())];
    let mut acts = Vec::new();
    acts.extend(wish.step().map(|by| Act::Lights(Command::Step { aims: aims(), by })));
    let change = wish.absolute().change(&light.capabilities, &light.stack.shown());
    if !change.is_empty() {
        acts.push(Act::Lights(Command::Set { aims: aims(), change }));
    }
    if wish.identify && light.capabilities.identify {
        acts.push(Act::Lights(Command::Identify(light.id.clone())));
    }
    Some(acts)
}
