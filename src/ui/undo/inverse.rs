//! What takes a command back, read off the state before it: for commands that set a thing as a whole.
//!
//! Invariant: what is handed out puts exactly what was there before; commands that do more than the state shows (forget,
//! accept, acknowledge, ask) have no inverse here.

mod bridge;
mod light;

use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::model::{alarms, layouts, sensors, system, thermal};

/// What a command does, in words, and what takes it back; `None` if nothing does so exactly, or nothing changes.
#[must_use]
pub fn of(view: &Snapshot, command: &Command) -> Option<(String, Command)> {
    match command {
        Command::Sensors(command) => device(view, command).map(|(words, back)| (words, Command::Sensors(back))),
        Command::Thermal(command) => array(view, command).map(|(words, back)| (words, Command::Thermal(back))),
        Command::Alarms(command) => rule(view, command).map(|(words, back)| (words, Command::Alarms(back))),
        Command::Layouts(command) => layout(view, command).map(|(words, back)| (words, Command::Layouts(back))),
        Command::System(command) => setting(view, command).map(|(words, back)| (words, Command::System(back))),
        Command::Lights(command) => {
            light::of(&view.lights, command).map(|(words, back)| (words, Command::Lights(back)))
        }
        Command::Bridge(command) => {
            bridge::of(&view.bridge, command).map(|(words, back)| (words, Command::Bridge(back)))
        }
        Command::Exports(_) => None,
    }
}

/// Two steps of one movement as one: what does both again, and what takes both back.
#[must_use]
pub fn join(first: (&Command, &Command), then: (&Command, &Command)) -> Option<(Command, Command)> {
    match (first, then) {
        (
            (Command::Lights(again), Command::Lights(back)),
            (Command::Lights(later_again), Command::Lights(later_back)),
        ) => light::join((again, back), (later_again, later_back))
            .map(|(again, back)| (Command::Lights(again), Command::Lights(back))),
        _ => None,
    }
}

fn device(view: &Snapshot, command: &sensors::Command) -> Option<(String, sensors::Command)> {
    match command {
        sensors::Command::Rename { device, name } => {
            let before = &view.sensors.devices.get(device)?.name;
            let back = sensors::Command::Rename { device: device.clone(), name: before.to_string() };
            (**before != **name).then(|| (format!("rename {before} to {name}"), back))
        }
        sensors::Command::SetPlace { device, place } => {
            let known = view.sensors.devices.get(device)?;
            let back = sensors::Command::SetPlace { device: device.clone(), place: known.place.to_string() };
            (*known.place != **place).then(|| (format!("move {} to another place", known.name), back))
        }
        _ => None,
    }
}

fn array(view: &Snapshot, command: &thermal::Command) -> Option<(String, thermal::Command)> {
    let thermal::Command::Choose { device, choice } = command else { return None };
    let before = view.thermal.arrays.get(device)?.choice;
    let name = view.sensors.devices.get(device).map_or_else(|| device.to_string(), |device| device.name.to_string());
    let what = if choice.optics != before.optics {
        "emissivity"
    } else if choice.mounting != before.mounting {
        "mounting"
    } else {
        "meaning"
    };
    let back = thermal::Command::Choose { device: device.clone(), choice: before };
    (*choice != before).then(|| (format!("{what} of {name}"), back))
}

fn rule(view: &Snapshot, command: &alarms::Command) -> Option<(String, alarms::Command)> {
    match command {
        alarms::Command::PutRule(rule) => Some(match view.alarms.rules.get(&rule.id) {
            Some(before) if **before == **rule => return None,
            Some(before) => {
                let back = alarms::Command::PutRule(Box::new(alarms::rule::Rule::clone(before)));
                (format!("change the rule {}", rule.name), back)
            }
            None => (format!("add the rule {}", rule.name), alarms::Command::RemoveRule { rule: rule.id.clone() }),
        }),
        alarms::Command::RemoveRule { rule } => {
            let before = view.alarms.rules.get(rule)?;
            let back = alarms::Command::PutRule(Box::new(alarms::rule::Rule::clone(before)));
            Some((format!("delete the rule {}", before.name), back))
        }
        _ => None,
    }
}

fn layout(view: &Snapshot, command: &layouts::Command) -> Option<(String, layouts::Command)> {
    let saved = |name: &str| view.layouts.saved.get(name).map(ToString::to_string);
    match command {
        layouts::Command::Put { name, .. } if name == layouts::LEFT => None,
        layouts::Command::Put { name, .. } => {
            let back = match saved(name) {
                Some(body) => layouts::Command::Put { name: name.clone(), body },
                None => layouts::Command::Remove { name: name.clone() },
            };
            Some((format!("save the layout {name}"), back))
        }
        layouts::Command::Remove { name } => {
            let back = layouts::Command::Put { name: name.clone(), body: saved(name)? };
            Some((format!("remove the layout {name}"), back))
        }
    }
}

/// A setting goes back to the value it had; from then on it counts as set in the window.
fn setting(view: &Snapshot, command: &system::Command) -> Option<(String, system::Command)> {
    let system::Command::Set { key, value } = command else { return None };
    let before = view.system.settings.iter().find(|setting| *setting.key == **key)?;
    let back = system::Command::Set { key: key.clone(), value: before.value.to_string() };
    (*before.value != **value).then(|| (format!("change {key}"), back))
}
