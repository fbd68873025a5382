//! What can be done with a line of the bar, by its buttons and by keys.
//!
//! Invariant: a key cap is shown where that key acts, and nowhere else.

use egui::Key;

use crate::model::alarms::Command;
use crate::model::alarms::alarm::{Alarm, AlarmId, State};
use crate::model::sensors::DeviceId;
use crate::ui::actions::{Action, Chord};
use crate::ui::alarm_words;
use crate::ui::icons;
use crate::ui::panels;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::lines::{self, Line};
use crate::ui::shell::alarm_bar::state::Question;

/// For how long a shelving is that was asked for without more words, minutes.
pub const SHELVE_MINUTES: u32 = 10;
/// For how long sounds are muted by one press, minutes.
pub const MUTE_MINUTES: u32 = 10;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Take note of an alarm.
    Acknowledge(AlarmId),
    /// Take note of all alarms of a device.
    AcknowledgeAll(DeviceId),
    /// Shelve for [`SHELVE_MINUTES`].
    Shelve(AlarmId),
    /// Ask for how long to shelve, and why; or no longer ask.
    AskShelve(AlarmId),
    /// End a shelving.
    Unshelve(AlarmId),
    /// Put a device back into service.
    PutBack(DeviceId),
    /// Show the device.
    Go(DeviceId),
    /// Ask whether to take back what the actions did.
    AskUndo(AlarmId),
    /// Show the other lines, or hide them.
    More,
}

/// A button for it.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it does.
    pub act: Act,
    /// Its word.
    pub word: String,
    /// Its word where there is little room.
    pub short: &'static str,
    /// Its icon.
    pub icon: Option<char>,
    /// The key that does the same now.
    pub key: Option<&'static str>,
    /// What a screen reader says.
    pub name: String,
}

/// What the keys act on now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keyed {
    /// A.
    pub acknowledge: Option<Act>,
    /// S.
    pub shelve: Option<Act>,
    /// G.
    pub go: Option<Act>,
    /// U.
    pub undo: Option<Act>,
}

impl Keyed {
    /// What keys act on: the selected device's most pressing alarm if a person selected one that has any for it, else
    /// the most pressing of all. G always goes to the most pressing of all: one is at the selected device already.
    #[must_use]
    pub fn of(scene: &Scene<'_>, lines: &[Line]) -> Self {
        Self {
            acknowledge: target(scene, |alarm| alarm.state != State::Acknowledged).map(|alarm| {
                let group = lines.iter().find(|line| matches!(line, Line::Group { all, .. } if all.contains(&alarm)));
                match group {
                    Some(_) => Act::AcknowledgeAll(alarm.device.clone()),
                    None => Act::Acknowledge(alarm.id.clone()),
                }
            }),
            shelve: target(scene, |_| true).map(|alarm| Act::Shelve(alarm.id.clone())),
            go: lines.first().and_then(|line| device(scene, line)).map(Act::Go),
            undo: target(scene, |alarm| alarm_words::undoable(alarm).next().is_some())
                .map(|alarm| Act::AskUndo(alarm.id.clone())),
        }
    }

    fn cap(&self, act: &Act) -> Option<&'static str> {
        let keys = [(&self.acknowledge, "A"), (&self.shelve, "S"), (&self.go, "G"), (&self.undo, "U")];
        keys.into_iter().find(|(keyed, _)| keyed.as_ref() == Some(act)).map(|(_, cap)| cap)
    }
}

fn target(scene: &Scene<'_>, fits: impl Fn(&Alarm) -> bool) -> Option<std::sync::Arc<Alarm>> {
    let alarms = &scene.view.alarms;
    let selected = scene.stage.selected.as_ref().filter(|_| scene.stage.touched);
    let own = selected.and_then(|id| alarms.of_device(id).into_iter().find(|alarm| fits(alarm)));
    own.or_else(|| alarms.by_urgency().into_iter().find(|alarm| fits(alarm)))
}

/// The device of a line, if it is still known.
fn device(scene: &Scene<'_>, line: &Line) -> Option<DeviceId> {
    let id = match line {
        Line::Alarm(alarm) | Line::Group { first: alarm, .. } => alarm.device.clone(),
        Line::Shelved(id, _) => scene.view.alarms.active.get(id)?.device.clone(),
        Line::OutOfService(id, _) => id.clone(),
    };
    scene.view.sensors.devices.contains_key(&id).then_some(id)
}

/// The buttons of a line, in their order. `alone` if the line has the bar for itself: then their names need not say
/// which alarm they are for.
#[must_use]
pub fn choices(scene: &Scene<'_>, line: &Line, keyed: &Keyed, alone: bool) -> Vec<Choice> {
    let of = match line {
        Line::Alarm(alarm) => alarm_words::name(scene.view, alarm),
        Line::Group { first, .. } => alarm_words::place(scene.view, first).to_string(),
        Line::Shelved(id, _) => alarm_words::name_of(scene.view, id),
        Line::OutOfService(id, _) => alarm_words::device_name(scene.view, id).to_string(),
    };
    let choice = |act: Act, word: &str, short: &'static str| {
        let name = if alone { word.to_owned() } else { format!("{word}: {of}") };
        Choice { key: keyed.cap(&act), act, word: word.to_owned(), short, icon: None, name }
    };
    let mut found = Vec::new();
    match line {
        Line::Alarm(alarm) => {
            if alarm.state != State::Acknowledged {
                found.push(choice(Act::Acknowledge(alarm.id.clone()), "Acknowledge", "Acknowledge"));
            }
            let word = format!("Shelve {SHELVE_MINUTES}\u{a0}min");
            found.push(choice(Act::Shelve(alarm.id.clone()), &word, "Shelve"));
            let mut longer = choice(Act::AskShelve(alarm.id.clone()), "Shelve for another time, or say why", "");
            longer.word.clear();
            longer.icon = Some(icons::CHEVRON_DOWN);
            found.push(longer);
        }
        Line::Group { first, all } => {
            if all.iter().any(|alarm| alarm.state != State::Acknowledged) {
                found.push(choice(Act::AcknowledgeAll(first.device.clone()), "Acknowledge all", "Acknowledge all"));
            }
        }
        Line::Shelved(id, _) => found.push(choice(Act::Unshelve(id.clone()), "End shelving", "End shelving")),
        Line::OutOfService(id, _) => found.push(choice(Act::PutBack(id.clone()), "Put back", "Put back")),
    }
    if let Some(id) = device(scene, line) {
        found.push(choice(Act::Go(id), "Go there", "Go"));
    }
    if let Some(alarm) = line.alarm().filter(|alarm| alarm_words::undoable(alarm).next().is_some()) {
        found.push(choice(Act::AskUndo(alarm.id.clone()), "Undo actions\u{2026}", "Undo\u{2026}"));
    }
    found
}

/// The button that shows the other lines.
#[must_use]
pub fn more(n: usize, open: bool) -> Choice {
    let word = format!("{n} more");
    let icon = Some(if open { icons::CHEVRON_DOWN } else { icons::CHEVRON_UP });
    Choice { act: Act::More, name: word.clone(), word, short: "", icon, key: None }
}

/// Does it.
pub fn perform(scene: &mut Scene<'_>, act: Act) {
    match act {
        Act::Acknowledge(alarm) => scene.out.alarms(Command::Acknowledge { alarm }),
        Act::AcknowledgeAll(device) => scene.out.alarms(Command::AcknowledgeAll { device: Some(device) }),
        Act::Shelve(alarm) => {
            let minutes = SHELVE_MINUTES;
            scene.out.alarms(Command::Shelve { alarm, minutes, reason: String::new() });
        }
        Act::AskShelve(alarm) => {
            let open =
                matches!(&scene.stage.bar.question, Some(Question::Shelve { alarm: asked, .. }) if *asked == alarm);
            let ask = Question::Shelve { alarm, reason: String::new() };
            scene.stage.bar.question = (!open).then_some(ask);
        }
        Act::Unshelve(alarm) => scene.out.alarms(Command::Unshelve { alarm }),
        Act::PutBack(device) => scene.out.alarms(Command::PutBackInService { device }),
        Act::Go(device) => {
            scene.stage.select(&device);
            scene.stage.page = panels::order::THERMAL;
            scene.stage.inspector = Some(true);
        }
        Act::AskUndo(alarm) => scene.stage.bar.question = Some(Question::Undo { alarm }),
        Act::More => scene.stage.bar.open = !scene.stage.bar.open,
    }
}

/// Whether any alarm waits for somebody to take note of it.
fn waits(scene: &Scene<'_>) -> bool {
    scene.view.alarms.by_urgency().iter().any(|alarm| alarm.state != State::Acknowledged)
}

/// Takes note of all alarms of all devices, if any waits for it.
pub fn acknowledge_all(scene: &mut Scene<'_>) {
    if waits(scene) {
        scene.out.alarms(Command::AcknowledgeAll { device: None });
    }
}

/// What keys and palette can do with alarms.
pub static ACTIONS: &[Action] = &[
    Action {
        name: "Acknowledge: the selected sensor's alarm, or the most pressing",
        icon: icons::CHECK,
        chords: &[Chord::plain(Key::A)],
        enabled: |scene| keyed(scene).acknowledge.is_some(),
        run: |scene| perform_keyed(scene, |keyed| keyed.acknowledge),
        ..Action::BASE
    },
    Action {
        name: "Acknowledge all",
        icon: icons::CHECK,
        chords: &[Chord::shift(Key::A)],
        enabled: waits,
        run: acknowledge_all,
        ..Action::BASE
    },
    Action {
        name: "Shelve for 10 minutes",
        icon: icons::CLOCK,
        chords: &[Chord::plain(Key::S)],
        enabled: |scene| keyed(scene).shelve.is_some(),
        run: |scene| perform_keyed(scene, |keyed| keyed.shelve),
        ..Action::BASE
    },
    Action {
        name: "Go to where the most pressing alarm is",
        icon: icons::CROSSHAIR,
        chords: &[Chord::plain(Key::G)],
        enabled: |scene| keyed(scene).go.is_some(),
        run: |scene| perform_keyed(scene, |keyed| keyed.go),
        ..Action::BASE
    },
    Action {
        name: "Take back what its actions did; asks first",
        icon: icons::ROTATE_CCW,
        chords: &[Chord::plain(Key::U)],
        enabled: |scene| keyed(scene).undo.is_some(),
        run: |scene| perform_keyed(scene, |keyed| keyed.undo),
        ..Action::BASE
    },
    Action {
        name: "Mute sounds for 10 minutes, or sound again",
        icon: icons::VOLUME_X,
        chords: &[Chord::plain(Key::M)],
        enabled: has_sound,
        run: mute,
        ..Action::BASE
    },
];

/// What the keys act on now.
fn keyed(scene: &Scene<'_>) -> Keyed {
    Keyed::of(scene, &lines::of(&scene.view.alarms))
}

fn perform_keyed(scene: &mut Scene<'_>, which: fn(Keyed) -> Option<Act>) {
    if let Some(act) = which(keyed(scene)) {
        perform(scene, act);
    }
}

/// Whether alarms are heard at all: the setting `alarms.sound`.
#[must_use]
pub fn has_sound(scene: &Scene<'_>) -> bool {
    let setting = scene.view.system.settings.iter().find(|setting| &*setting.key == "alarms.sound");
    setting.is_none_or(|setting| &*setting.value != "false")
}

/// Until when sounds are muted, if they are.
#[must_use]
pub fn muted(scene: &Scene<'_>) -> Option<jiff::Timestamp> {
    scene.view.alarms.muted_until.filter(|until| *until > scene.now.wall)
}

/// Mutes sounds for [`MUTE_MINUTES`], or no longer; nothing where they are switched off.
pub fn mute(scene: &mut Scene<'_>) {
    if has_sound(scene) {
        let minutes = if muted(scene).is_some() { None } else { Some(MUTE_MINUTES) };
        scene.out.alarms(Command::Mute { minutes });
    }
}
