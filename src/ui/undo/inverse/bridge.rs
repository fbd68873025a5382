//! What takes commands to the Hue bridge back.
//!
//! Invariant: a key that was taken back, and what was forgotten, have no inverse: an app must pair again, an id is never
//! given out twice.

use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::Status;
use crate::model::bridge::{Bridge, Command};

/// What a command does, in words, and what takes it back.
pub(super) fn of(view: &Bridge, command: &Command) -> Option<(String, Command)> {
    let identity = &view.identity;
    let (words, back) = match command {
        Command::Rename(name) => (format!("rename the bridge to {name}"), Command::Rename(identity.name.to_string())),
        Command::SetZone(zone) => (format!("time zone {zone}"), Command::SetZone(identity.zone.to_string())),
        Command::SetPlace(..) => {
            let (latitude, longitude) = identity.place?;
            ("place of the bridge".to_owned(), Command::SetPlace(latitude, longitude))
        }
        Command::Put { id: Some(id), object } => {
            let known = view.objects.get(&ObjectId { kind: object.kind(), id: id.clone() })?;
            let back = Command::Put { id: Some(id.clone()), object: Box::new(Object::clone(known)) };
            (format!("change {}", object.name()), back)
        }
        Command::Enable { id, on } => {
            let known = view.objects.get(id)?;
            let words = format!("turn {} {}", known.name(), if *on { "on" } else { "off" });
            if works(known) == *on {
                return None;
            }
            (words, Command::Enable { id: id.clone(), on: !on })
        }
        _ => return None,
    };
    (back != *command).then_some((words, back))
}

/// Whether it works.
fn works(object: &Object) -> bool {
    match object {
        Object::Rule(rule) => rule.status == Status::Enabled,
        Object::Schedule(schedule) => schedule.enabled,
        Object::Behavior(behavior) => behavior.enabled,
        Object::SmartScene(scene) => scene.active,
        Object::Clip(_) | Object::Link(_) | Object::Client(_) | Object::Area(_) => true,
    }
}
