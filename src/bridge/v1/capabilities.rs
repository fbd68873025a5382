//! `/capabilities`: how much there is room for; the totals are those of a real bridge, since apps know no others.
//!
//! Invariant: where we hold more than a real bridge could, nothing is available, and never less than that.

use hyper::Method;
use serde_json::{Value, json};

use crate::bridge::v1::ask::{Ask, Reply};
use crate::bridge::v1::error::Error;
use crate::bridge::v1::{info, number};
use crate::model::bridge::ids::Kind;
use crate::model::bridge::kept::Kind as ObjectKind;
use crate::model::bridge::object::Object;
use crate::model::lights::scene::Content;
use crate::model::snapshot::Snapshot;

/// Answers a request; `rest` is the path behind `/capabilities`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
    match (ask.method, rest) {
        (&Method::GET, []) => Ok(Reply::Shows(value(ask.view))),
        (&Method::GET, ["timezones"]) => Ok(Reply::Shows(json!({"values": info::zones()}))),
        (&Method::GET, [part]) => {
            let part = value(ask.view).get(part).cloned();
            part.map(Reply::Shows).ok_or_else(|| ask.not_available())
        }
        (_, [] | [_]) => Err(ask.wrong_method()),
        _ => Err(ask.not_available()),
    }
}

fn value(view: &Snapshot) -> Value {
    let count = |kind| number::all(view, kind).count();
    let parts = |kind| number::all(view, kind).map(|(_, ids)| ids.v1.len()).sum::<usize>();
    let (clip, zll) = (count(Kind::Object(ObjectKind::Clip)), parts(Kind::Input) + parts(Kind::Sensor));
    let states = view.lights.scenes.values().map(|scene| match &scene.content {
        Content::Still(states) => states.len(),
        Content::Moving(_) | Content::OfDay(_) => 0,
    });
    let (mut conditions, mut actions) = (0, 0);
    for object in view.bridge.objects.values() {
        if let Object::Rule(rule) = &**object {
            conditions += rule.conditions.len();
            actions += rule.acts.len();
        }
    }
    let with = |mut of: Value, parts: Value| {
        if let (Some(of), Value::Object(parts)) = (of.as_object_mut(), parts) {
            of.extend(parts);
        }
        of
    };
    json!({
        "lights": room(count(Kind::Light), 63),
        "sensors": with(
            room(clip + zll, 250),
            json!({"clip": room(clip, 250), "zll": room(zll, 64), "zgp": room(0, 64)}),
        ),
        "groups": room(count(Kind::Group) + count(Kind::Object(ObjectKind::Area)), 64),
        "scenes": with(room(count(Kind::Scene), 200), json!({"lightstates": room(states.sum(), 12_600)})),
        "schedules": room(count(Kind::Object(ObjectKind::Schedule)), 100),
        "rules": with(
            room(count(Kind::Object(ObjectKind::Rule)), 250),
            json!({"conditions": room(conditions, 1500), "actions": room(actions, 1000)}),
        ),
        "resourcelinks": room(count(Kind::Object(ObjectKind::Link)), 64),
        "streaming": {"available": 1, "total": 1, "channels": 20},
        "timezones": {"values": info::zones()},
    })
}

fn room(taken: usize, total: usize) -> Value {
    json!({"available": total.saturating_sub(taken), "total": total})
}
