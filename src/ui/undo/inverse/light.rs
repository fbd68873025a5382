//! What takes commands to lights back.
//!
//! Invariant: a change of lights is taken back by putting their bases back, all at once; a touch above layers by releasing
//! it. Where one command does both there is no exact inverse.

use std::collections::BTreeMap;

use crate::model::lights::group::Group;
use crate::model::lights::layers::{Attribute, Kind};
use crate::model::lights::scene::Content;
use crate::model::lights::state::{Change, State};
use crate::model::lights::{Aim, Command, Light, LightId, Lights};

/// What a command does, in words, and what takes it back.
pub(super) fn of(view: &Lights, command: &Command) -> Option<(String, Command)> {
    match command {
        Command::Set { aims, change } => {
            Some((format!("{} of {}", attribute(change), whose(view, aims)), touched(view, aims, change)?))
        }
        Command::Step { aims, by } => {
            let change = Change { brightness: Some(*by), ..Change::default() };
            Some((format!("brightness of {}", whose(view, aims)), touched(view, aims, &change)?))
        }
        Command::Restore { bases } => {
            let known = bases.iter().filter_map(|(id, _)| view.lights.get(id));
            let back = Command::Restore { bases: known.map(|light| base(light)).collect() };
            (back != *command).then(|| ("put lights back".to_owned(), back))
        }
        Command::Recall { scene, .. } => {
            let scene = view.scenes.get(scene)?;
            let Content::Still(states) = &scene.content else { return None };
            let aims: Vec<Aim> = states.keys().cloned().map(Aim::Light).collect();
            let all = states.values().fold(Change::default(), |all, change| all.then(change));
            Some((format!("show the scene {}", scene.name), touched(view, &aims, &all)?))
        }
        Command::SetMaster(share) => {
            (view.master != *share).then(|| ("master brightness".to_owned(), Command::SetMaster(view.master)))
        }
        Command::SetPowerOn { light, .. } => {
            let known = view.lights.get(light)?;
            let back = Command::SetPowerOn { light: light.clone(), power_on: known.power_on? };
            (back != *command).then(|| (format!("power-on of {}", known.name), back))
        }
        Command::Rename { light, name } => {
            let before = &view.lights.get(light)?.name;
            let back = Command::Rename { light: light.clone(), name: before.to_string() };
            (**before != **name).then(|| (format!("rename {before} to {name}"), back))
        }
        Command::SetFavourite { light, favourite } => {
            let known = view.lights.get(light)?;
            let back = Command::SetFavourite { light: light.clone(), favourite: known.favourite };
            (known.favourite != *favourite).then(|| (format!("favourite {}", known.name), back))
        }
        Command::RenameConnection { connection, name } => {
            let before = &view.connections.get(connection)?.name;
            let back = Command::RenameConnection { connection: connection.clone(), name: before.to_string() };
            (**before != **name).then(|| (format!("rename {before} to {name}"), back))
        }
        command => places(view, command),
    }
}

/// Rooms, zones and scenes.
fn places(view: &Lights, command: &Command) -> Option<(String, Command)> {
    match command {
        Command::PutGroup { group: Some(id), .. } => {
            let before = view.groups.get(id)?;
            let back = put_group(before, true);
            (back != *command).then(|| (format!("change {}", before.name), back))
        }
        Command::RemoveGroup(id) => {
            let before = view.groups.get(id)?;
            let scenes = view.scenes.values().any(|scene| scene.group.as_ref() == Some(id));
            (!scenes).then(|| (format!("delete {}", before.name), put_group(before, false)))
        }
        Command::PutScene { scene: Some(id), .. } => {
            let before = view.scenes.get(id)?;
            let back = Command::PutScene {
                scene: Some(id.clone()),
                name: before.name.to_string(),
                group: before.group.clone(),
                transition_ms: before.transition_ms,
                content: Some(before.content.clone()),
            };
            (back != *command).then(|| (format!("change the scene {}", before.name), back))
        }
        Command::RemoveScene(id) => {
            let before = view.scenes.get(id)?;
            let back = Command::PutScene {
                scene: None,
                name: before.name.to_string(),
                group: before.group.clone(),
                transition_ms: before.transition_ms,
                content: Some(before.content.clone()),
            };
            Some((format!("delete the scene {}", before.name), back))
        }
        _ => None,
    }
}

fn put_group(group: &Group, known: bool) -> Command {
    let Group { id, name, kind, lights, .. } = group;
    Command::PutGroup { group: known.then(|| id.clone()), name: name.to_string(), kind: *kind, lights: lights.clone() }
}

/// Two steps of one movement as one.
pub(super) fn join(
    (again, back): (&Command, &Command),
    (later, later_back): (&Command, &Command),
) -> Option<(Command, Command)> {
    match (again, later, back, later_back) {
        (Command::SetMaster(_), Command::SetMaster(_), ..) => Some((later.clone(), back.clone())),
        (Command::Set { aims: a, change: first }, Command::Set { aims: b, change: then }, back, _)
            if a == b && matches!(back, Command::Restore { .. } | Command::Release { .. }) =>
        {
            Some((Command::Set { aims: a.clone(), change: first.then(then) }, back.clone()))
        }
        (_, _, Command::Restore { bases: before }, Command::Restore { bases: between }) => {
            let mut after = applied(again, before)?;
            after.extend(applied(later, between)?);
            let mut whole: BTreeMap<LightId, State> = between.iter().cloned().collect();
            whole.extend(before.iter().cloned());
            let put = |bases: BTreeMap<LightId, State>| Command::Restore { bases: bases.into_iter().collect() };
            Some((put(after), put(whole)))
        }
        _ => None,
    }
}

/// The bases that a command leads to from these.
fn applied(command: &Command, bases: &[(LightId, State)]) -> Option<BTreeMap<LightId, State>> {
    match command {
        Command::Set { change, .. } => {
            Some(bases.iter().map(|(id, base)| (id.clone(), change.on_top_of(base))).collect())
        }
        Command::Step { by, .. } => {
            let stepped = |base: &State| {
                let brightness = (base.brightness + by).clamp(0.0, 1.0);
                let out = base.on && brightness <= 0.0;
                State {
                    on: base.on && !out,
                    brightness: if out || !base.on { base.brightness } else { brightness },
                    ..base.clone()
                }
            };
            Some(bases.iter().map(|(id, base)| (id.clone(), stepped(base))).collect())
        }
        Command::Restore { bases } => Some(bases.iter().cloned().collect()),
        _ => None,
    }
}

/// What takes a touch of these lights back. What no layer but an alarm's masks went to the bases, the rest into holds.
fn touched(view: &Lights, aims: &[Aim], change: &Change) -> Option<Command> {
    let lights: Vec<&Light> = view.aimed(aims).iter().filter_map(|id| view.lights.get(id)).map(AsRef::as_ref).collect();
    let said: Vec<Attribute> = Attribute::ALL.into_iter().filter(|attribute| attribute.is_in(change)).collect();
    let masks = |light: &Light, attribute: Attribute| {
        light.stack.layers.iter().any(|layer| layer.kind != Kind::Alarm && layer.masks(attribute))
    };
    if lights.is_empty() {
        return None;
    }
    if lights.iter().all(|light| said.iter().all(|attribute| !masks(light, *attribute))) {
        return Some(Command::Restore { bases: lights.into_iter().map(base).collect() });
    }
    let held = |light: &Light| light.stack.layers.iter().any(|layer| layer.hold.is_some());
    let fresh = lights.iter().all(|light| said.iter().all(|attribute| masks(light, *attribute)) && !held(light));
    fresh.then(|| Command::Release { aims: aims.to_vec() })
}

fn base(light: &Light) -> (LightId, State) {
    (light.id.clone(), light.stack.base.clone())
}

/// What a change is mostly about.
const fn attribute(change: &Change) -> &'static str {
    match change {
        Change { color: Some(_), .. } => "colour",
        Change { effect: Some(_), .. } => "effect",
        Change { brightness: Some(_), .. } => "brightness",
        _ => "switch",
    }
}

/// Whose lights these are, in words.
fn whose(view: &Lights, aims: &[Aim]) -> String {
    match aims {
        [Aim::Light(id)] => view.lights.get(id).map_or_else(|| id.0.to_string(), |light| light.name.to_string()),
        [Aim::Group(id)] => view.groups.get(id).map_or_else(|| id.0.to_string(), |group| group.name.to_string()),
        [Aim::All] => "all lights".to_owned(),
        _ => format!("{} lights", view.aimed(aims).len()),
    }
}
