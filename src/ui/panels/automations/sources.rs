//! The sources of a rule: a row each with its threshold and what it shows now; a click opens its details.

use std::sync::Arc;
use std::time::Duration;

use egui::{Align2, CornerRadius, Frame, Margin, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::model::alarms::rule::{Compare, Level, Rule, Source};
use crate::ui::panels::automations::faults::Faults;
use crate::ui::panels::automations::live::Live;
use crate::ui::panels::automations::units::Unit;
use crate::ui::panels::automations::{editor, inputs, list, recipes, tuning};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{self, input, segment, toggle};
use crate::ui::{icons, style, words};
use crate::units::temperature::Scale;

/// Most sources of a rule.
const MOST: usize = 32;
/// Longest name.
const NAME_LIMIT: usize = 64;

/// What is done to the list.
enum Change {
    Up,
    Down,
    Duplicate,
    Remove,
}

/// What a source needs to be drawn.
struct Given<'a> {
    now: &'a Live,
    channels: Vec<Arc<str>>,
    scale: Scale,
}

/// Draws all sources.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, rule: &mut Rule, now: &Live, faults: &Faults) {
    let channels = channels(scene, rule);
    let given = Given { now, channels, scale: scene.choices.scale };
    let places = Places::of(ui.available_width());
    header(ui, places);
    let mut change = None;
    let last = rule.sources.len().saturating_sub(1);
    for (i, source) in rule.sources.iter_mut().enumerate() {
        let open = scene.stage.rules.open == Some(i);
        if row(ui, source, i, open, places, &given) {
            scene.stage.rules.open = (!open).then_some(i);
        }
        if let Some(why) = faults.sources.get(&i) {
            Frame::NONE
                .inner_margin(Margin::symmetric(space::M as i8, space::XS as i8))
                .show(ui, |ui| editor::fault(ui, why));
        }
        if open {
            let done = details(ui, scene, source, i, last, &given);
            change = change.or(done.map(|done| (i, done)));
        }
    }
    Frame::NONE.inner_margin(Margin::same(space::M as i8)).show(ui, |ui| {
        let add = ui.add_enabled(rule.sources.len() < MOST, Button::new("Add source").icon(icons::PLUS));
        if add.clicked() {
            let input = crate::model::alarms::rule::Input::Hottest { area: None };
            rule.sources.push(recipes::source("Hottest cell", input, 60.0, 3.0, Level::Warning));
            scene.stage.rules.open = Some(rule.sources.len() - 1);
        }
    });
    if let Some((i, change)) = change {
        scene.stage.rules.open = apply(rule, i, &change);
    }
}

/// Changes the list; hands back which source is open then.
fn apply(rule: &mut Rule, i: usize, change: &Change) -> Option<usize> {
    let last = rule.sources.len().checked_sub(1)?;
    let (before, behind) = (i.saturating_sub(1), (i + 1).min(last));
    match change {
        Change::Up => {
            rule.sources.swap(i, before);
            Some(before)
        }
        Change::Down => {
            rule.sources.swap(i, behind);
            Some(behind)
        }
        Change::Duplicate => {
            let copy = rule.sources.get(i).cloned()?;
            rule.sources.insert(i + 1, copy);
            Some(i + 1)
        }
        Change::Remove => {
            rule.sources.remove(i);
            None
        }
    }
}

/// Channels that exist, or that the rule names.
fn channels(scene: &Scene<'_>, rule: &Rule) -> Vec<Arc<str>> {
    use crate::model::alarms::rule::Input;
    let named = rule.sources.iter().filter_map(|source| match &source.input {
        Input::Channel { key, .. } | Input::AboveRest { key } => Some(Arc::clone(key)),
        _ => None,
    });
    let slots = scene.port.slots.devices();
    let seen = slots.values().flat_map(|slot| slot.channels().iter().map(|c| Arc::clone(&c.key)).collect::<Vec<_>>());
    let mut all: Vec<_> = named.chain(seen).collect();
    all.sort();
    all.dedup();
    all
}

/// Where the parts of a row are, from its left edge.
#[derive(Clone, Copy, Debug)]
struct Places {
    name: f32,
    threshold: f32,
    bar: f32,
    bar_width: f32,
    value: f32,
    status: f32,
    end: f32,
}

const THRESHOLD: f32 = 108.0;
const VALUE: f32 = 84.0;
const STATUS: f32 = 124.0;

impl Places {
    fn of(width: f32) -> Self {
        let end = width - space::S - size::CONTROL;
        let status = end - space::S - STATUS;
        let bar_width = (width * 0.2).clamp(96.0, 320.0);
        let bar = status - space::L - bar_width;
        let value = bar - space::M - VALUE;
        let threshold = value - space::S - THRESHOLD;
        let name = 3.0 * space::M + size::TOGGLE[0] + size::SHAPE;
        Self { name, threshold, bar, bar_width, value, status, end }
    }
}

fn header(ui: &mut Ui, places: Places) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::hover());
    let y = rect.center().y;
    let put = |x: f32, anchor, word: &str| {
        style::paint(ui.painter(), pos2(rect.left() + x, y), anchor, word, text::COLUMN, t.text3);
    };
    put(places.name, Align2::LEFT_CENTER, "Source");
    put(places.threshold, Align2::LEFT_CENTER, "Threshold");
    put(places.value + VALUE, Align2::RIGHT_CENTER, "Now");
    put(places.bar, Align2::LEFT_CENTER, "Against the threshold");
    put(places.status, Align2::LEFT_CENTER, "Nearest at");
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
}

/// One row; true if it is to be opened or closed.
fn row(ui: &mut Ui, source: &mut Source, i: usize, open: bool, places: Places, given: &Given<'_>) -> bool {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::SOURCE_ROW), Sense::click());
    if open || response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::ZERO, t.bg3);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
    let y = rect.center().y;
    let left = rect.left();
    let shape = pos2(left + 2.0 * space::M + size::TOGGLE[0] + size::SHAPE / 2.0, y);
    list::shape(ui.painter(), shape, size::SHAPE, source.level, t);
    let room = places.threshold - places.name - space::M;
    let ink = if source.enabled { t.text1 } else { t.text2 };
    let summary = summary(source, given.scale);
    let (upper, lower) = (pos2(left + places.name, y - 9.0), pos2(left + places.name, y + 9.0));
    style::paint_within(ui.painter(), upper, Align2::LEFT_CENTER, &source.name, text::BUTTON, ink, room);
    style::paint_within(ui.painter(), lower, Align2::LEFT_CENTER, &summary, text::SIDE, t.text3, room);
    let told = told(ui, source, i, rect, places, given);
    let icon = if open { icons::CHEVRON_UP } else { icons::CHEVRON_DOWN };
    style::icon(ui.painter(), pos2(left + places.end + size::CONTROL / 2.0, y), icon, text::ICON_M, t.text2);
    let sentence = format!("{}, {}, {summary}, {told}", source.name, source.level.word());
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, open, &sentence));
    widgets::focus_ring(ui, &response, 0);
    let at = Rect::from_min_size(pos2(left + space::M, y - size::CONTROL / 2.0), vec2(size::TOGGLE[0], size::CONTROL));
    let mut place = ui.new_child(UiBuilder::new().max_rect(at).id_salt(("on", i)));
    toggle::show(&mut place, &mut source.enabled, &format!("{} counts", source.name));
    let at =
        Rect::from_min_size(pos2(left + places.threshold, y - size::CONTROL / 2.0), vec2(THRESHOLD, size::CONTROL));
    let mut place = ui.new_child(UiBuilder::new().max_rect(at).id_salt(("threshold", i)));
    let name = format!("Threshold of {}", source.name);
    inputs::threshold(&mut place, source, given.scale, &name, THRESHOLD);
    response.clicked()
}

/// What the source shows where it is nearest to its threshold; hands back the same in words.
fn told(ui: &Ui, source: &Source, i: usize, rect: Rect, places: Places, given: &Given<'_>) -> String {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let at = |x: f32| pos2(rect.left() + x, y);
    if !source.enabled {
        style::paint(ui.painter(), at(places.status), Align2::LEFT_CENTER, "does not count", text::SIDE, t.text3);
        return "does not count".to_owned();
    }
    let unit = Unit::of_input(&source.input);
    let Some((place, reading)) = given.now.nearest_of(i) else {
        let why = given.now.why_none(i);
        let room = places.end - places.value - space::S;
        style::paint_within(ui.painter(), at(places.value), Align2::LEFT_CENTER, &why, text::SIDE, t.text2, room);
        return why;
    };
    let bar = Rect::from_min_size(pos2(rect.left() + places.bar, y - 10.0), vec2(places.bar_width, 20.0));
    tuning::bar(ui, bar, source, reading, given.now.ends(i));
    let value = reading.value.map_or_else(|| words::UNKNOWN.to_owned(), |value| unit.words(value, given.scale));
    style::paint(ui.painter(), at(places.value + VALUE), Align2::RIGHT_CENTER, &value, text::FIGURE, t.text1);
    let word = reading.word();
    let upper = at(places.status) - vec2(0.0, 9.0);
    let ink = if reading.on { t.text1 } else { t.text2 };
    style::paint_within(ui.painter(), upper, Align2::LEFT_CENTER, &place.name, text::SIDE, t.text2, STATUS);
    let role = if reading.on { text::STRONG } else { text::SIDE };
    let lower = at(places.status) + vec2(0.0, 9.0);
    style::paint_within(ui.painter(), lower, Align2::LEFT_CENTER, &word, role, ink, STATUS);
    format!("{value} at {}, {word}", place.name)
}

/// A source in a few words.
fn summary(source: &Source, scale: Scale) -> String {
    let raises = if source.alone {
        "raises alone".to_owned()
    } else {
        format!("weight {}", words::trimmed(f64::from(source.weight), 2))
    };
    format!("{} \u{b7} {raises}", inputs::words(&source.input, scale))
}

/// All there is to set in a source, and what it shows at each device.
fn details(
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
                    if input::line(ui, &mut name, "Name of the source", "Name", 160.0, NAME_LIMIT).changed() {
                        source.name = name.into();
                    }
                });
                inputs::choose(ui, source, &given.channels, given.scale);
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
            if let Some(level) = segment::show(ui, "How bad it is", source.level, &editor::LEVELS) {
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
        ui.with_layout(egui::Layout::right_to_left(egui::Align::BOTTOM), |ui| {
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
