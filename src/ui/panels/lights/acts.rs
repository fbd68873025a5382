//! What a person does to lights, as commands; and the actions with keys.
//!
//! Invariant: a movement of the hand is one step to be taken back, whatever it sends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::Key;

use crate::model::lights::group::{Group, GroupKind};
use crate::model::lights::state::{Change, Color};
use crate::model::lights::{Aim, Command, Light, LightId};
use crate::ui::actions::{Action, Chord, Line};
use crate::ui::icons;
use crate::ui::panels::lights::draft::{Draft, GroupDraft, SceneDraft};
use crate::ui::panels::lights::rows::Section;
use crate::ui::panels::lights::state::{Desk, Hand};
use crate::ui::panels::order::LIGHTS;
use crate::ui::scene::Scene;

/// The least brightness that a slider gives: what is lower is off.
const LEAST: f32 = 0.005;
/// Steps of a brightness: what no light tells apart is one.
const STEPS: f32 = 254.0;
/// How long a change takes while a hand moves, ms.
const DRAG_MS: u32 = 100;

/// Changes lights; `gesture` says of which movement it is a part.
pub fn set(scene: &mut Scene<'_>, aims: Vec<Aim>, change: Change, gesture: Option<u64>) {
    scene.stage.undo.gesture = gesture;
    scene.out.lights(Command::Set { aims, change });
}

/// Switches lights.
pub fn switch(scene: &mut Scene<'_>, desk: &Desk, aims: Vec<Aim>, on: bool) {
    set(scene, aims, Change { on: Some(on), transition_ms: desk.transition_ms, ..Change::default() }, None);
}

/// Gives lights a colour; those that are off go on.
pub fn paint(scene: &mut Scene<'_>, desk: &Desk, aims: Vec<Aim>, color: Color, gesture: Option<u64>) {
    let transition_ms = if gesture.is_some() { Some(DRAG_MS) } else { desk.transition_ms };
    let lit = scene
        .view
        .lights
        .aimed(&aims)
        .iter()
        .all(|id| scene.view.lights.lights.get(id).is_some_and(|light| light.stack.shown().on));
    let change = Change { on: (!lit).then_some(true), color: Some(color), transition_ms, ..Change::default() };
    set(scene, aims, change, gesture);
}

/// What a slider asks for of lights that are on, or off: at 0 they go off, from 0 up they go on.
#[must_use]
pub fn brightness(to: f32, on: bool, dragged: bool) -> Change {
    let transition_ms = dragged.then_some(DRAG_MS);
    if to < LEAST {
        return Change { on: Some(false), transition_ms, ..Change::default() };
    }
    Change { on: (!on).then_some(true), brightness: Some(to), transition_ms, ..Change::default() }
}

/// Dims many lights to a mean, each in proportion to what it was when the hand came; lights that are off stay so, unless
/// all are.
pub fn dim(scene: &mut Scene<'_>, hand: &mut Option<Hand>, section: &Section, to: f32, gesture: u64, dragged: bool) {
    if hand.as_ref().is_none_or(|hand| hand.gesture != gesture || !dragged) {
        *hand = Some(Hand { gesture, from: bright(&section.lights) });
    }
    let from = hand.as_ref().map_or(&[][..], |hand| &hand.from);
    let all_on = from.len() == section.lights.len();
    for (aims, change) in dimmed(from, to, dragged) {
        let aims = match aims {
            // One command for the room as a whole where that says the same.
            Some(aims) if aims.len() < from.len() || !all_on => aims,
            _ => section.aims(),
        };
        set(scene, aims, change, Some(gesture));
    }
}

/// The lights that are on, and how bright.
fn bright(lights: &[Arc<Light>]) -> Vec<(LightId, f32)> {
    let shown = lights.iter().map(|light| (light, light.stack.shown()));
    shown.filter(|(_, state)| state.on).map(|(light, state)| (light.id.clone(), state.brightness)).collect()
}

/// What brings lights of these brightnesses to a mean: a change for each different one. `None` aims at all of them.
#[must_use]
pub fn dimmed(from: &[(LightId, f32)], to: f32, dragged: bool) -> Vec<(Option<Vec<Aim>>, Change)> {
    let whole = brightness(to, !from.is_empty(), dragged);
    let mean = from.iter().map(|(_, share)| share).sum::<f32>() / from.len().max(1) as f32;
    if to < LEAST || from.is_empty() || mean < LEAST {
        return vec![(None, whole)];
    }
    let mut by_share: BTreeMap<u32, Vec<Aim>> = BTreeMap::new();
    for (id, share) in from {
        let step = (share * to / mean * STEPS).round().clamp(1.0, STEPS) as u32;
        by_share.entry(step).or_default().push(Aim::Light(id.clone()));
    }
    let transition_ms = dragged.then_some(DRAG_MS);
    let change = |step: u32| {
        let share = ((step as f32 / STEPS) * 1e3).round() / 1e3;
        Change { brightness: Some(share), transition_ms, ..Change::default() }
    };
    by_share.into_iter().map(|(step, aims)| (Some(aims), change(step))).collect()
}

/// Puts lights into a room or zone; what is there stays.
pub fn put_into(scene: &mut Scene<'_>, group: &Group, lights: impl IntoIterator<Item = LightId>) {
    let mut all = group.lights.clone();
    all.extend(lights);
    if all != group.lights {
        put(scene, group, all);
    }
}

/// Takes lights out of their rooms.
pub fn take_out(scene: &mut Scene<'_>, lights: &BTreeSet<LightId>) {
    let view = scene.view;
    let rooms = view.lights.groups.values().filter(|group| group.kind == GroupKind::Room);
    for room in rooms.filter(|room| !room.lights.is_disjoint(lights)) {
        put(scene, room, room.lights.difference(lights).cloned().collect());
    }
}

fn put(scene: &mut Scene<'_>, group: &Group, lights: BTreeSet<LightId>) {
    let Group { id, name, kind, .. } = group;
    scene.out.lights(Command::PutGroup { group: Some(id.clone()), name: name.to_string(), kind: *kind, lights });
}

/// The picked lights as aims.
#[must_use]
pub fn aims(desk: &Desk) -> Vec<Aim> {
    desk.picked.iter().cloned().map(Aim::Light).collect()
}

/// Opens an editor in the inspector.
pub fn edit(scene: &mut Scene<'_>, desk: &mut Desk, draft: Draft) {
    desk.draft = Some(Box::new(draft));
    scene.stage.inspector = Some(true);
}

/// Switches the picked lights: off if one of them is on.
pub fn switch_picked(scene: &mut Scene<'_>, desk: &Desk) {
    let lit = desk.lights(&scene.view.lights).iter().any(|light| light.stack.shown().on);
    if !desk.picked.is_empty() {
        switch(scene, desk, aims(desk), !lit);
    }
}

/// Whether a light is selected on this page.
#[must_use]
pub fn has_light(scene: &Scene<'_>) -> bool {
    scene.stage.page == LIGHTS && scene.stage.lights.here.is_some()
}

fn has_lights(scene: &Scene<'_>) -> bool {
    !scene.view.lights.lights.is_empty()
}

fn here(scene: &Scene<'_>) -> bool {
    scene.stage.page == LIGHTS && has_lights(scene)
}

fn with_desk(scene: &mut Scene<'_>, deed: impl FnOnce(&mut Scene<'_>, &mut Desk)) {
    let mut desk = std::mem::take(&mut scene.stage.lights);
    deed(scene, &mut desk);
    scene.stage.lights = desk;
}

fn all(scene: &mut Scene<'_>, on: bool) {
    with_desk(scene, |scene, desk| switch(scene, desk, vec![Aim::All], on));
}

fn new_group(scene: &mut Scene<'_>, kind: GroupKind) {
    scene.stage.page = LIGHTS;
    with_desk(scene, |scene, desk| {
        let lights = desk.picked.clone();
        edit(scene, desk, Draft::Group(GroupDraft::new(kind, lights)));
    });
}

fn new_scene(scene: &mut Scene<'_>) {
    scene.stage.page = LIGHTS;
    with_desk(scene, |scene, desk| {
        let room = desk.here.as_ref().and_then(|id| scene.view.lights.room_of(id)).map(|room| room.id.clone());
        edit(scene, desk, Draft::Scene(SceneDraft::new(room, None)));
    });
}

fn identify(scene: &mut Scene<'_>) {
    if let Some(id) = scene.stage.lights.here.clone() {
        scene.out.lights(Command::Identify(id));
    }
}

fn favourite(scene: &mut Scene<'_>) {
    let known = scene.stage.lights.here.as_ref().and_then(|id| scene.view.lights.lights.get(id));
    if let Some(light) = known {
        scene.out.lights(Command::SetFavourite { light: light.id.clone(), favourite: !light.favourite });
    }
}

fn rename(scene: &mut Scene<'_>) {
    let known = scene.stage.lights.here.as_ref().and_then(|id| scene.view.lights.lights.get(id));
    if let Some(light) = known {
        scene.stage.lights.renaming = Some((light.id.clone(), light.name.to_string()));
        scene.stage.inspector = Some(true);
    }
}

/// Actions of lights.
pub static ACTIONS: &[Action] = &[
    Action { name: "All lights off", icon: icons::POWER, enabled: has_lights, run: |s| all(s, false), ..Action::BASE },
    Action {
        name: "All lights on",
        icon: icons::LIGHTBULB,
        enabled: has_lights,
        run: |s| all(s, true),
        ..Action::BASE
    },
    Action {
        name: "Switch the selected lights",
        icon: icons::POWER,
        chords: &[Chord::plain(Key::Space)],
        enabled: |scene| here(scene) && !scene.stage.lights.picked.is_empty() && scene.stage.lights.row_focused,
        run: |scene| with_desk(scene, |scene, desk| switch_picked(scene, desk)),
        ..Action::BASE
    },
    Action {
        name: "Identify the selected light",
        icon: icons::ZAP,
        chords: &[Chord::plain(Key::I)],
        enabled: has_light,
        run: identify,
        ..Action::BASE
    },
    Action {
        name: "Rename the selected light",
        icon: icons::PENCIL,
        chords: &[Chord::plain(Key::F2)],
        enabled: has_light,
        run: rename,
        ..Action::BASE
    },
    Action {
        name: "Favourite, or no longer",
        icon: icons::BOOKMARK,
        chords: &[Chord::plain(Key::B)],
        enabled: has_light,
        run: favourite,
        ..Action::BASE
    },
    Action {
        name: "Select all lights of the list",
        icon: icons::LIST,
        chords: &[Chord::ctrl(Key::A)],
        enabled: here,
        run: |scene| scene.stage.lights.pick_all(),
        ..Action::BASE
    },
    Action { name: "New scene\u{2026}", icon: icons::SPARKLES, enabled: has_lights, run: new_scene, ..Action::BASE },
    Action {
        name: "New room\u{2026}",
        icon: icons::HOUSE,
        enabled: has_lights,
        run: |scene| new_group(scene, GroupKind::Room),
        ..Action::BASE
    },
    Action {
        name: "New zone\u{2026}",
        icon: icons::LAYERS,
        enabled: has_lights,
        run: |scene| new_group(scene, GroupKind::Zone),
        ..Action::BASE
    },
];

/// Keys of the list of lights.
pub static KEYS: &[Line] = &[
    (&["Ctrl", "F"], "Filter the list of lights"),
    (&["Down"], "Next light; with Shift select it too"),
    (&["Right"], "Selected lights 1 % brighter; with Shift 10 %"),
    (&["Left"], "Selected lights 1 % darker; with Shift 10 %"),
];
