//! Who drives a light: its base, the layers above it, and what follows from them.
//!
//! ```text
//!  alarm                 on top of everything
//!  hold                  an operator's touch while the layer below it was active; ends with that layer
//!  stream                frames from other programs
//!  automation, effect, schedule      masks, attribute by attribute
//!  base                  the last write of a person, a Hue app, the API or a scene
//! ```
//!
//! Invariant: what is shown is always computed from the base and the layers; nothing is ever saved to be put back.
//! Invariant: layers lie in the order of [`Kind`], those of one kind by age; holds right above the layer that they
//! answer to, and never above an alarm.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::lights::state::{Change, Color, State};

/// The kinds of layers, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A schedule.
    Schedule,
    /// An effect that is painted.
    Effect,
    /// An automation.
    Automation,
    /// Frames from another program.
    Stream,
    /// An alarm.
    Alarm,
}

/// One layer over one light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// What it is told apart by among the layers of its kind: an alarm's id, a scene's, an effect's.
    pub key: Arc<str>,
    /// Its kind.
    pub kind: Kind,
    /// What people call it.
    pub name: Arc<str>,
    /// Who put it there, in words.
    pub by: Arc<str>,
    /// Since when.
    pub since: Timestamp,
    /// What it masks.
    pub change: Change,
    /// What a person did since, above it.
    pub hold: Option<Hold>,
}

/// What a person changed while a layer was active.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// The attributes that were touched.
    pub change: Change,
    /// Who, in words.
    pub by: Arc<str>,
    /// When it ends by itself, if it does.
    pub until: Option<Timestamp>,
}

/// The base of one light and what lies above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// The last write that persists.
    pub base: State,
    /// Who made it, in words; empty for the light itself.
    pub by: Arc<str>,
    /// What lies above, the lowest first.
    pub layers: Vec<Layer>,
}

impl Default for Stack {
    fn default() -> Self {
        Self { base: State::default(), by: "".into(), layers: Vec::new() }
    }
}

/// What of a light is masked and driven by itself. An effect of its own goes with the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// Whether it is on.
    On,
    /// Its brightness.
    Brightness,
    /// What it shows: colour, and effect of its own.
    Color,
}

/// Where something about a light comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Its base.
    Base,
    /// A layer of this kind.
    Layer(Kind),
    /// What a person did above a layer of this kind.
    Hold(Kind),
}

/// One of those who say something about a light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Where it comes from.
    pub source: Source,
    /// What people call it: the layer's name; empty for the base.
    pub name: Arc<str>,
    /// What the layer is told apart by; empty for the base.
    pub key: Arc<str>,
    /// Who, in words; empty for the light itself.
    pub by: Arc<str>,
    /// Since when the layer is there; `None` for the base and for holds.
    pub since: Option<Timestamp>,
    /// When it ends by itself, if it does.
    pub until: Option<Timestamp>,
    /// What it says.
    pub change: Change,
    /// What of that is seen: nothing above says otherwise.
    pub drives: Vec<Attribute>,
}

impl Attribute {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::On, Self::Brightness, Self::Color];

    /// Whether a change says something about it.
    #[must_use]
    pub fn is_in(self, change: &Change) -> bool {
        match self {
            Self::On => change.on.is_some(),
            Self::Brightness => change.brightness.is_some(),
            Self::Color => change.color.is_some() || change.effect.is_some(),
        }
    }

    /// What a change says about it, and nothing else of it.
    #[must_use]
    pub fn of(self, change: &Change) -> Change {
        match self {
            Self::On => Change { on: change.on, ..Change::default() },
            Self::Brightness => Change { brightness: change.brightness, ..Change::default() },
            Self::Color => Change { color: change.color.clone(), effect: change.effect.clone(), ..Change::default() },
        }
    }
}

impl Layer {
    /// Whether it, or what a person did above it, says something about an attribute.
    #[must_use]
    pub fn masks(&self, attribute: Attribute) -> bool {
        attribute.is_in(&self.change) || self.hold.as_ref().is_some_and(|hold| attribute.is_in(&hold.change))
    }

    fn on_top_of(&self, below: &State) -> State {
        let shown = self.change.on_top_of(below);
        self.hold.as_ref().map_or_else(|| shown.clone(), |hold| hold.change.on_top_of(&shown))
    }
}

impl Stack {
    /// What follows from all of it.
    #[must_use]
    pub fn shown(&self) -> State {
        self.layers.iter().fold(self.base.clone(), |below, layer| layer.on_top_of(&below))
    }

    /// What would follow from it without alarms.
    #[must_use]
    pub fn shown_without_alarms(&self) -> State {
        let layers = self.layers.iter().filter(|layer| layer.kind != Kind::Alarm);
        layers.fold(self.base.clone(), |below, layer| layer.on_top_of(&below))
    }

    /// Whether any layer says something about an attribute.
    #[must_use]
    pub fn masks(&self, attribute: Attribute) -> bool {
        self.layers.iter().any(|layer| layer.masks(attribute))
    }

    /// Whether an alarm says something about an attribute.
    #[must_use]
    pub fn alarm_masks(&self, attribute: Attribute) -> bool {
        self.layers.iter().any(|layer| layer.kind == Kind::Alarm && layer.masks(attribute))
    }

    /// A person, an app or a scene changes the light. What no layer masks goes to the base; the rest becomes a hold above
    /// the topmost layer that masks it, or joins the one that is there. Alarms cannot be held over: it goes below them.
    pub fn touch(&mut self, change: &Change, by: &Arc<str>, until: Option<Timestamp>) {
        self.take_in(change, by, until, |layer, attribute| layer.masks(attribute));
    }

    /// What goes on by itself after a touch, such as a moving scene, changes the light: in the base, and in the holds that
    /// it made, but it never makes one.
    pub fn follow(&mut self, change: &Change, by: &Arc<str>) {
        self.take_in(change, by, None, |layer, attribute| {
            layer.hold.as_ref().is_some_and(|hold| hold.by == *by && attribute.is_in(&hold.change))
        });
    }

    /// Writes each attribute of a change above the topmost layer that is `right` for it, or to the base.
    fn take_in(
        &mut self,
        change: &Change,
        by: &Arc<str>,
        until: Option<Timestamp>,
        right: impl Fn(&Layer, Attribute) -> bool,
    ) {
        for attribute in Attribute::ALL.into_iter().filter(|attribute| attribute.is_in(change)) {
            let part = attribute.of(change);
            let mut below_alarms = self.layers.iter_mut().rev().skip_while(|layer| layer.kind == Kind::Alarm);
            match below_alarms.find(|layer| right(layer, attribute)) {
                Some(layer) => layer.hold_more(&part, by, until),
                None => {
                    self.base = part.on_top_of(&self.base);
                    self.by = Arc::clone(by);
                }
            }
        }
    }

    /// Lays a layer over the light, above all that are not higher. One of its kind and key is replaced where it lies; what a
    /// person did above it stays.
    pub fn put(&mut self, mut layer: Layer) {
        layer.change.transition_ms = None;
        match self.layers.iter_mut().find(|known| known.kind == layer.kind && known.key == layer.key) {
            Some(known) => {
                let (since, hold) = (known.since, known.hold.take());
                *known = Layer { since, hold, ..layer };
            }
            None => {
                let at = self.layers.partition_point(|known| known.kind <= layer.kind);
                layer.hold = None;
                self.layers.insert(at, layer);
            }
        }
    }

    /// Takes a layer away, with what a person did above it. Says whether it was there.
    pub fn remove(&mut self, kind: Kind, key: &str) -> bool {
        let before = self.layers.len();
        self.layers.retain(|layer| layer.kind != kind || *layer.key != *key);
        self.layers.len() != before
    }

    /// Ends all that people did above layers. Says whether there was any.
    pub fn release(&mut self) -> bool {
        self.end_holds(|_| true)
    }

    /// Ends holds whose time is up. Says whether there were any.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        self.end_holds(|hold| hold.until.is_some_and(|until| until <= now))
    }

    /// When the first hold ends by itself, if one does.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.layers.iter().filter_map(|layer| layer.hold.as_ref()?.until).min()
    }

    fn end_holds(&mut self, over: impl Fn(&Hold) -> bool) -> bool {
        let mut ended = false;
        for layer in &mut self.layers {
            ended |= layer.hold.take_if(|hold| over(hold)).is_some();
        }
        ended
    }

    /// Who says what about the light and what of it is seen, from the top down to the base.
    #[must_use]
    pub fn explain(&self) -> Vec<Line> {
        let mut left = Attribute::ALL.to_vec();
        let mut drives = |change: &Change| left.extract_if(.., |attribute| attribute.is_in(change)).collect();
        let mut lines = Vec::with_capacity(2 * self.layers.len() + 1);
        for Layer { key, kind, name, by, since, change, hold } in self.layers.iter().rev() {
            let (key, name) = (Arc::clone(key), Arc::clone(name));
            if let Some(Hold { change, by, until }) = hold {
                lines.push(Line {
                    source: Source::Hold(*kind),
                    name: Arc::clone(&name),
                    key: Arc::clone(&key),
                    by: Arc::clone(by),
                    since: None,
                    until: *until,
                    change: change.clone(),
                    drives: drives(change),
                });
            }
            let (source, by, change) = (Source::Layer(*kind), Arc::clone(by), change.clone());
            let drives = drives(&change);
            lines.push(Line { source, name, key, by, since: Some(*since), until: None, change, drives });
        }
        let change = Change::from(&self.base);
        lines.push(Line {
            source: Source::Base,
            name: "".into(),
            key: "".into(),
            by: Arc::clone(&self.by),
            since: None,
            until: None,
            drives: drives(&change),
            change,
        });
        lines
    }

    /// Checks what must always be so.
    ///
    /// # Panics
    /// If it is not.
    pub fn verify_invariants(&self) {
        let share = |brightness: f32| (0.0..=1.0).contains(&brightness);
        let right = |color: &Color| !matches!(color, Color::Gradient(points) if points.is_empty());
        assert!(share(self.base.brightness) && right(&self.base.color), "the base is out of range: {:?}", self.base);
        assert!(self.layers.is_sorted_by_key(|layer| layer.kind), "layers lie in the order of their kinds");
        for (n, layer) in self.layers.iter().enumerate() {
            let same = |other: &Layer| other.kind == layer.kind && other.key == layer.key;
            assert!(!self.layers.iter().skip(n + 1).any(same), "two layers of one kind and key: {}", layer.key);
            assert!(layer.change.brightness.is_none_or(share), "a brightness is out of range: {:?}", layer.change);
            let Some(hold) = &layer.hold else { continue };
            assert!(layer.kind != Kind::Alarm, "an alarm is held over");
            assert!(!hold.change.is_empty() && hold.change.brightness.is_none_or(share), "not right: {hold:?}");
        }
    }
}

impl Layer {
    fn hold_more(&mut self, change: &Change, by: &Arc<str>, until: Option<Timestamp>) {
        let before = self.hold.take();
        let until = until.or_else(|| before.as_ref().filter(|hold| hold.by == *by).and_then(|hold| hold.until));
        let change = before.map_or_else(|| change.clone(), |hold| hold.change.then(change));
        self.hold = Some(Hold { change, by: Arc::clone(by), until });
    }
}
