//! What a source looks at: a choice of inputs, each with its parameters.

use std::sync::Arc;

use egui::Ui;

use crate::heat::gas::ChannelMeaning;
use crate::heat::watch::measure;
use crate::model::alarms::rule::{ChannelUnit, Compare, Input, Source};
use crate::model::thermal::region::{Figure, RegionId};
use crate::ui::panels::automations::units::Unit;
use crate::ui::style;
use crate::ui::theme::{size, text};
use crate::ui::widgets::{input, menu, segment};
use crate::units::grid::Patch;
use crate::units::temperature::Scale;

/// One kind of input.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// What it is, one sentence.
    pub what: &'static str,
    /// Threshold and hysteresis to begin with.
    pub begin: (f64, f64),
    /// A fresh input of this kind, given a channel that exists.
    pub fresh: fn(&Arc<str>) -> Input,
}

/// All kinds, in the order of [`Input`].
pub static KINDS: [Kind; 9] = [
    Kind {
        name: "Hottest cell",
        what: "The hottest cell of the picture, or of an area",
        begin: (60.0, 3.0),
        fresh: |_| Input::Hottest { area: None },
    },
    Kind {
        name: "Hot cells",
        what: "How many cells at or above a temperature touch each other",
        begin: (4.0, 1.0),
        fresh: |_| Input::HotCells { at_least: 45.0 },
    },
    Kind {
        name: "Rate of rise",
        what: "How fast the hottest block of 2 \u{d7} 2 cells warms, over one minute",
        begin: (8.0, 1.0),
        fresh: |_| Input::Rise { floor: 30.0 },
    },
    Kind {
        name: "Area against area",
        what: "By how much the hottest cell of one area exceeds the mean of another",
        begin: (15.0, 2.0),
        fresh: |_| Input::Difference { area: CORNER, against: None },
    },
    Kind {
        name: "Unusual cells",
        what: "How many cells that touch are far above the learned picture",
        begin: (6.0, 2.0),
        fresh: |_| Input::Unusual,
    },
    Kind {
        name: "Channel",
        what: "A channel of a sensor line",
        begin: (25.0, 2.5),
        fresh: |key| Input::Channel { key: Arc::clone(key), unit: ChannelUnit::Percent },
    },
    Kind {
        name: "Channel above rest",
        what: "By how much a channel exceeds its learned rest level",
        begin: (10.0, 1.0),
        fresh: |key| Input::AboveRest { key: Arc::clone(key) },
    },
    Kind {
        name: "Silence",
        what: "For how long nothing came from the device",
        begin: (60.0, 0.0),
        fresh: |_| Input::Silent,
    },
    Kind {
        name: "Region",
        what: "A spot, box, circle, polygon, line or delta of a picture, by its label",
        begin: (60.0, 1.0),
        fresh: |_| Input::Region { region: RegionId::new('S', 1), figure: Figure::Max },
    },
];

const CORNER: Patch = Patch { top: 0, left: 0, bottom: 7, right: 7 };

/// Place of an input's kind in [`KINDS`].
#[must_use]
pub const fn kind_of(input: &Input) -> usize {
    match input {
        Input::Hottest { .. } => 0,
        Input::HotCells { .. } => 1,
        Input::Rise { .. } => 2,
        Input::Difference { .. } => 3,
        Input::Unusual => 4,
        Input::Channel { .. } => 5,
        Input::AboveRest { .. } => 6,
        Input::Silent => 7,
        Input::Region { .. } => 8,
    }
}

/// The name of an input's kind.
#[must_use]
pub fn name(input: &Input) -> &'static str {
    KINDS.get(kind_of(input)).map_or("", |kind| kind.name)
}

/// An input in a few words.
#[must_use]
pub fn words(input: &Input, scale: Scale) -> String {
    let area = |patch: &Patch| {
        let range = |first: u16, last: u16| format!("{}\u{2013}{}", u32::from(first) + 1, u32::from(last) + 1);
        format!("rows {}, columns {}", range(patch.top, patch.bottom), range(patch.left, patch.right))
    };
    let degrees = |celsius: f32| Unit::Celsius.words(f64::from(celsius), scale);
    match input {
        Input::Hottest { area: None } => "hottest cell".to_owned(),
        Input::Hottest { area: Some(patch) } => format!("hottest cell of {}", area(patch)),
        Input::HotCells { at_least } => format!("cells together from {} up", degrees(*at_least)),
        Input::Rise { floor } => format!("rise of the hottest block, from {} up", degrees(*floor)),
        Input::Difference { area: patch, against: None } => format!("{} above the rest", area(patch)),
        Input::Difference { area: patch, against: Some(other) } => format!("{} above {}", area(patch), area(other)),
        Input::Region { .. } => measure::words(input),
        Input::Unusual => "unusual cells together".to_owned(),
        Input::Channel { key, .. } => channel(key),
        Input::AboveRest { key } => format!("{} above its rest", channel(key)),
        Input::Silent => "time without a valid packet".to_owned(),
    }
}

/// Whether two keys name the same input: `DIO` and `MPY30` do.
#[must_use]
pub fn same_channel(one: &str, other: &str) -> bool {
    let digital = |key| ChannelMeaning::of(key) == ChannelMeaning::FlameDigital;
    one == other || (digital(one) && digital(other))
}

/// A channel as people know it.
#[must_use]
pub fn channel(key: &str) -> String {
    match ChannelMeaning::of(key) {
        ChannelMeaning::Plain => key.to_owned(),
        meaning => format!("{} ({key})", meaning.name()),
    }
}

/// The drop-down of kinds, and the parameters that fit beside it. `regions` are the labels that can be chosen.
pub fn choose(ui: &mut Ui, source: &mut Source, channels: &[Arc<str>], regions: &[RegionId], scale: Scale) {
    let here = kind_of(&source.input);
    let label = format!("What {} looks at", source.name);
    let picked = input::under(ui, "Looks at", |ui| {
        let mut picked = None;
        menu::drop_down(ui, &label, "", name(&source.input), |ui| {
            for (i, kind) in KINDS.iter().enumerate() {
                if menu::item(ui, i == here, kind.name, "").on_hover_text(kind.what).clicked() {
                    picked = Some(i);
                }
            }
        });
        picked
    });
    if let Some(kind) = picked.filter(|&kind| kind != here).and_then(|kind| KINDS.get(kind)) {
        source.input = (kind.fresh)(&first_channel(&source.input, channels));
        (source.threshold, source.hysteresis) = kind.begin;
        if let (Input::Region { region, .. }, Some(first)) = (&mut source.input, regions.first()) {
            *region = first.clone();
        }
    }
    match &mut source.input {
        Input::HotCells { at_least } => temperature(ui, at_least, "That have at least", scale),
        Input::Rise { floor } => temperature(ui, floor, "Only blocks from", scale),
        Input::Channel { key, unit } => {
            pick_channel(ui, key, channels);
            input::under(ui, "Read as", |ui| {
                let options = [(ChannelUnit::Percent, "Percent"), (ChannelUnit::Raw, "As it came")];
                if let Some(chosen) = segment::show(ui, "Read as", *unit, &options) {
                    *unit = chosen;
                }
            });
        }
        Input::AboveRest { key } => pick_channel(ui, key, channels),
        Input::Region { region, figure } => pick_region(ui, region, figure, regions),
        Input::Hottest { .. } | Input::Difference { .. } | Input::Unusual | Input::Silent => {}
    }
}

/// The channel to begin with: the one looked at, smoke if there is one, or any.
fn first_channel(input: &Input, channels: &[Arc<str>]) -> Arc<str> {
    match input {
        Input::Channel { key, .. } | Input::AboveRest { key } => Arc::clone(key),
        _ => {
            channels.iter().find(|key| ***key == *"ADC1").or(channels.first()).map_or_else(|| "ADC1".into(), Arc::clone)
        }
    }
}

fn temperature(ui: &mut Ui, celsius: &mut f32, label: &str, scale: Scale) {
    input::under(ui, label, |ui| {
        let mut value = f64::from(*celsius);
        figure(ui, &mut value, Unit::Celsius, scale, label);
        // Only a change is taken over: rounding alone is none.
        if value != f64::from(*celsius) {
            *celsius = value as f32;
        }
    });
}

/// A threshold: with the side on which it is on before it.
pub fn threshold(ui: &mut Ui, source: &mut Source, scale: Scale, name: &str, width: f32) {
    let before = match source.compare {
        Compare::AtLeast => "\u{2265}\u{a0}",
        Compare::AtMost => "\u{2264}\u{a0}",
    };
    let unit = Unit::of_input(&source.input);
    set(ui, &mut source.threshold, unit, scale, (name, before, width));
}

/// A figure of a rule, in its unit and in the scale that was chosen.
pub fn figure(ui: &mut Ui, value: &mut f64, unit: Unit, scale: Scale, name: &str) {
    set(ui, value, unit, scale, (name, "", size::FIGURE));
}

fn set(ui: &mut Ui, value: &mut f64, unit: Unit, scale: Scale, (name, before, width): (&str, &str, f32)) {
    let mut shown = unit.shown(*value, scale);
    let suffix = unit.suffix(scale);
    let range = -1e9..=1e9;
    let (step, decimals) = (unit.step(), unit.decimals().max(1));
    let number = input::Number { name, before, unit: &suffix, width, range, step, decimals };
    if input::number(ui, &mut shown, &number).changed() {
        *value = unit.typed(shown, scale);
    }
}

fn pick_channel(ui: &mut Ui, key: &mut Arc<str>, channels: &[Arc<str>]) {
    input::under(ui, "Channel", |ui| {
        let mut picked = None;
        menu::drop_down(ui, "Channel", "", &channel(key), |ui| {
            if channels.is_empty() {
                menu::heading(ui, "No channel was seen yet");
            }
            for known in channels {
                if menu::item(ui, known == key, &channel(known), "").clicked() {
                    picked = Some(Arc::clone(known));
                }
            }
        });
        if let Some(picked) = picked {
            *key = picked;
        }
    });
}

/// A region or delta by its label, and which of its figures.
fn pick_region(ui: &mut Ui, region: &mut RegionId, figure: &mut Figure, regions: &[RegionId]) {
    input::under(ui, "Region", |ui| {
        let mut picked = None;
        menu::drop_down(ui, &format!("Region: {region}"), "", region.as_str(), |ui| {
            if regions.is_empty() {
                menu::heading(ui, "No region is drawn there yet");
            }
            for known in regions {
                if menu::item(ui, known == region, known.as_str(), "").clicked() {
                    picked = Some(known.clone());
                }
            }
        });
        if let Some(picked) = picked {
            *region = picked;
        }
    });
    if region.is_spot() || region.is_delta() {
        return;
    }
    input::under(ui, "Its", |ui| {
        let words = Figure::ALL.map(|figure| (figure, figure.word()));
        if let Some(chosen) = segment::show(ui, "Figure of the region", *figure, &words) {
            *figure = chosen;
        }
    });
}

/// The areas of inputs that have them: a row of their own.
pub fn areas(ui: &mut Ui, source: &mut Source) {
    match &mut source.input {
        Input::Hottest { area } => {
            ui.horizontal(|ui| optional(ui, area, "Area", "Whole picture", "An area"));
        }
        Input::Difference { area, against } => {
            ui.horizontal(|ui| patch(ui, area, "Area"));
            ui.horizontal(|ui| optional(ui, against, "Against", "The rest", "An area"));
        }
        _ => {}
    }
}

fn optional(ui: &mut Ui, area: &mut Option<Patch>, label: &str, none: &str, some: &str) {
    input::under(ui, label, |ui| {
        if let Some(wanted) = segment::show(ui, label, area.is_some(), &[(false, none), (true, some)]) {
            *area = wanted.then_some(CORNER);
        }
    });
    if let Some(area) = area {
        patch(ui, area, label);
    }
}

/// The four sides of an area; people count from 1.
fn patch(ui: &mut Ui, patch: &mut Patch, label: &str) {
    let side = |ui: &mut Ui, side: &mut u16, word: &str| {
        input::under(ui, word, |ui| {
            let mut value = u32::from(*side) + 1;
            input::count(ui, &mut value, &format!("{label}, {}", word.to_lowercase()), "", 1..=1024);
            *side = u16::try_from(value.saturating_sub(1)).unwrap_or(u16::MAX);
        });
    };
    side(ui, &mut patch.top, "First row");
    side(ui, &mut patch.bottom, "Last row");
    side(ui, &mut patch.left, "First column");
    side(ui, &mut patch.right, "Last column");
    let color = style::tokens(ui).text3;
    input::under(ui, "", |ui| ui.label(style::job("as the sensor counts, from 1", text::SIDE, color)));
}
