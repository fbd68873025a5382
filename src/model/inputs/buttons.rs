//! What a button does, by the names that hubs have for it.
//!
//! ```text
//!  pressed ──▶ Pressed ──┬─ let go ─────────────────────────▶ ShortRelease
//!                        └─ held ──▶ LongPress ─▶ Repeat … ──▶ LongRelease
//! ```

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What happened at a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It went down.
    Pressed,
    /// It is still down.
    Repeat,
    /// It was let go at once.
    ShortRelease,
    /// It is held.
    LongPress,
    /// It was held and let go.
    LongRelease,
    /// It was pressed twice and let go.
    DoubleRelease,
}

/// Something at one of a switch's buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Press {
    /// Its number, from 1.
    pub button: u8,
    /// What happened.
    pub event: Event,
}

/// Words that stand for a button, with its number: those of dimmers and of rockers.
const BUTTONS: [(&str, u8); 8] = [
    ("on", 1),
    ("toggle", 1),
    ("up", 2),
    ("brightness_up", 2),
    ("down", 3),
    ("brightness_down", 3),
    ("off", 4),
    ("dial", 1),
];

/// Words that stand for what happened.
const EVENTS: [(&str, Event); 15] = [
    ("press_release", Event::ShortRelease),
    ("hold_release", Event::LongRelease),
    ("initial_press", Event::Pressed),
    ("short_release", Event::ShortRelease),
    ("long_release", Event::LongRelease),
    ("long_press", Event::LongPress),
    ("double_short_release", Event::DoubleRelease),
    ("press", Event::Pressed),
    ("single", Event::ShortRelease),
    ("double", Event::DoubleRelease),
    ("click", Event::ShortRelease),
    ("hold", Event::LongPress),
    ("repeat", Event::Repeat),
    ("release", Event::ShortRelease),
    ("long", Event::LongPress),
];

impl Press {
    /// Reads the name of what a button says: `on_press`, `1_single`, `button_2_hold_release`, `single`, `off`. `None` for
    /// names that are no button's.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name = name.strip_prefix("button_").unwrap_or(name);
        let ends = EVENTS.iter().filter(|(word, _)| name == *word || name.ends_with(&format!("_{word}")));
        let found = ends.max_by_key(|(word, _)| word.len());
        let (button, event) = match found {
            Some((word, event)) => (name[..name.len() - word.len()].trim_end_matches('_'), *event),
            None => (name, Event::ShortRelease),
        };
        let button = match button {
            "" => 1,
            word => match BUTTONS.iter().find(|(known, _)| *known == word) {
                Some((_, n)) => *n,
                None => word.parse().ok().filter(|n| (1..=16).contains(n))?,
            },
        };
        Some(Self { button, event })
    }

    /// Its number in version 1 of the Hue API (`buttonevent`): thousands for the button, the rest for what happened.
    #[must_use]
    pub const fn code(self) -> i64 {
        let what = match self.event {
            Event::Pressed => 0,
            Event::Repeat => 1,
            Event::ShortRelease => 2,
            Event::LongRelease => 3,
            Event::DoubleRelease => 4,
            Event::LongPress => 10,
        };
        self.button as i64 * 1000 + what
    }

    /// Every button of these names, from the lowest number, each with what it can say.
    #[must_use]
    pub fn all(names: &[Arc<str>]) -> Vec<(u8, Vec<Event>)> {
        let mut presses: Vec<Self> = names.iter().filter_map(|name| Self::of(name)).collect();
        presses.sort();
        presses.dedup();
        let mut buttons: Vec<(u8, Vec<Event>)> = Vec::new();
        for Self { button, event } in presses {
            match buttons.last_mut() {
                Some((last, events)) if *last == button => events.push(event),
                _ => buttons.push((button, vec![event])),
            }
        }
        buttons
    }
}

/// A dial that was turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which way.
    pub clockwise: bool,
    /// How far: 15 for each click of the dial.
    pub steps: u16,
}

/// Words in names of dials that were turned, with whether that is clockwise.
const TURNS: [(&str, bool); 6] = [
    ("rotate_right", true),
    ("rotate_left", false),
    ("counter_clock_wise", false),
    ("clock_wise", true),
    ("brightness_step_up", true),
    ("brightness_step_down", false),
];

impl Turn {
    /// Reads the name of what a dial says: `dial_rotate_right_fast`, `rotary_clock_wise`. `None` for names that are no
    /// dial's.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let (_, clockwise) = TURNS.iter().find(|(word, _)| name.contains(word))?;
        let clicks = match name {
            name if name.ends_with("_fast") => 4,
            name if name.ends_with("_slow") => 2,
            _ => 1,
        };
        Some(Self { clockwise: *clockwise, steps: 15 * clicks })
    }
}

/// The part of a switch that says this: `button/1`, `relative_rotary`; what it said last is kept under that, too.
#[must_use]
pub fn part(name: &str) -> Option<Arc<str>> {
    match Turn::of(name) {
        Some(_) => Some("relative_rotary".into()),
        None => Press::of(name).map(|press| format!("button/{}", press.button).into()),
    }
}
