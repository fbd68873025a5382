//! The details of a source: what it looks at, when it is on, what it counts for, and what it shows at each device.

use std::time::Duration;

use egui::{Align, Frame, Layout, Margin, Stroke, Ui, vec2};

use crate::model::alarms::rule::{Compare, Source};
use crate::ui::panels::automations::given::{Given, LEVELS, MOST};
use crate::ui::panels::automations::units::Unit;
use crate::ui::panels::automations::{inputs, tuning};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::{button, input, segment, toggle};
use crate::ui::{icons, style, words};
use crate::units::temperature::Scale;

/// Longest name.
const NAME_LIMIT: usize = 64;

/// What is done to a source in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// Once more, behind it.
    Duplicate,
    /// Away with it.
    Remove,
}

/// All there is to set in a source, and what it shows at each device.
pub fn show(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    source: &mut Source,
    i: usize,
    last: usize,
    given: &Given<'_>,
) -> Option<Change> {
    let t = style::tokens(ui);
    let mut change = None;
    Frame::NONE.fill(t.bg1).inner_margin(Margin::same(space::M as i8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(space::M, space::S);
        ui.push_id(("source", i), |ui| {
            ui.horizontal(|ui| {
                input::under(ui, "Name", |ui| {
                    let mut name = source.name.to_string();
                    if input::line(ui, &mut name, "Name of the source", "Name", size::FIELD, NAME_LIMIT).changed() {
                        source.name = name.into();
                    }
                });
                inputs::choose(ui, source, &given.channels, &given.regions, given.scale);
            });
            inputs::areas(ui, source);
            when(ui, source, given.scale);
            change = counts(ui, source, i, last);
            tuning::places(ui, scene, source, i, given.now);
        });
    });
    ui.painter().hline(ui.min_rect().x_range(), ui.min_rect().bottom(), Stroke::new(stroke::HAIR, t.line));
    change
}

/// From when to when the source is on.
fn when(ui: &mut Ui, source: &mut Source, scale: Scale) {
    let unit = Unit::of_input(&source.input);
    ui.horizontal(|ui| {
        input::under(ui, "On if it is", |ui| {
            let sides = [(Compare::AtLeast, "at least"), (Compare::AtMost, "at most")];
            if let Some(side) = segment::show(ui, "On if it is", source.compare, &sides) {
                source.compare = side;
            }
        });
        input::under(ui, "Hysteresis", |ui| {
            let unit = unit.of_difference();
            let name = format!("Hysteresis of {}", source.name);
            inputs::figure(ui, &mut source.hysteresis, unit, scale, &name);
        });
        input::under(ui, "For readings", |ui| {
            input::count(ui, &mut source.hold_readings, "For so many readings", "", 1..=1000);
        });
        input::under(ui, "And for", |ui| seconds(ui, &mut source.hold_on, "And for so long"));
        input::under(ui, "Off after", |ui| seconds(ui, &mut source.hold_off, "Off after so long"));
    });
    let t = style::tokens(ui);
    ui.label(style::job(&sentence(source, scale), text::SIDE, t.text3));
}

/// When the source comes on and goes off, as a sentence.
fn sentence(source: &Source, scale: Scale) -> String {
    let unit = Unit::of_input(&source.input);
    let back = match source.compare {
        Compare::AtLeast => format!("below {}", unit.words(source.threshold - source.hysteresis, scale)),
        Compare::AtMost => format!("above {}", unit.words(source.threshold + source.hysteresis, scale)),
    };
    let readings = words::many(source.hold_readings as usize, "reading");
    let lasting = |duration: Duration| match duration.as_secs_f64() {
        s if s < 1e-3 => "at once".to_owned(),
        s => format!("after {}\u{a0}s", words::trimmed(s, 1)),
    };
    format!("On with {readings} in a row, {}; off {back}, {}", lasting(source.hold_on), lasting(source.hold_off),)
}

fn seconds(ui: &mut Ui, duration: &mut Duration, name: &str) {
    let mut value = duration.as_secs_f64();
    let number = input::Number {
        name,
        before: "",
        unit: "\u{a0}s",
        width: size::FIGURE,
        range: 0.0..=86_400.0,
        step: 0.1,
        decimals: 1,
    };
    if input::number(ui, &mut value, &number).changed() {
        *duration = Duration::try_from_secs_f64(value.max(0.0)).unwrap_or_default();
    }
}

/// What it counts for, and its place among the others.
fn counts(ui: &mut Ui, source: &mut Source, i: usize, last: usize) -> Option<Change> {
    let mut change = None;
    ui.horizontal(|ui| {
        input::under(ui, "How bad it is", |ui| {
            if let Some(level) = segment::show(ui, "How bad it is", source.level, &LEVELS) {
                source.level = level;
            }
        });
        input::under(ui, "Raises alone", |ui| toggle::show(ui, &mut source.alone, "Raises an alarm alone"));
        input::under(ui, "Weight", |ui| {
            let mut weight = f64::from(source.weight);
            let number = input::Number {
                name: "Weight",
                before: "",
                unit: "",
                width: size::FIGURE,
                range: 0.0..=1.0,
                step: 0.01,
                decimals: 2,
            };
            if input::number(ui, &mut weight, &number).changed() {
                source.weight = ((weight * 100.0).round() / 100.0) as f32;
            }
        });
        ui.with_layout(Layout::right_to_left(Align::BOTTOM), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let mut put = |icon, words: &str, enabled: bool, what: Change| {
                let name = format!("{words} {}", source.name);
                if ui.add_enabled_ui(enabled, |ui| button::icon(ui, icon, &name, false)).inner.clicked() {
                    change = Some(what);
                }
            };
            put(icons::TRASH_2, "Remove", last > 0, Change::Remove);
            put(icons::COPY, "Duplicate", last + 1 < MOST, Change::Duplicate);
            put(icons::ARROW_DOWN, "Move down", i < last, Change::Down);
            put(icons::ARROW_UP, "Move up", i > 0, Change::Up);
        });
    });
    change
}
