//! The sources of a rule: a row each with its threshold and what it shows now; a click opens its details.

use std::sync::Arc;

use egui::{Align2, CornerRadius, Frame, Margin, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::model::alarms::rule::{Input, Level, Rule, Source};
use crate::model::thermal::region::RegionId;
use crate::ui::panels::automations::details::{self, Change};
use crate::ui::panels::automations::faults::Faults;
use crate::ui::panels::automations::given::{Given, MOST};
use crate::ui::panels::automations::live::Live;
use crate::ui::panels::automations::units::Unit;
use crate::ui::panels::automations::{given, inputs, recipes, tuning};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{self, alarm_shape, toggle};
use crate::ui::{icons, style, words};
use crate::units::temperature::Scale;

/// Draws all sources.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, rule: &mut Rule, now: &Live, faults: &Faults) {
    let channels = channels(scene, rule);
    let given = Given { now, channels, regions: regions(scene, rule), scale: scene.choices.scale };
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
                .show(ui, |ui| given::fault(ui, why));
        }
        if open {
            let done = details::show(ui, scene, source, i, last, &given);
            change = change.or(done.map(|done| (i, done)));
        }
    }
    Frame::NONE.inner_margin(Margin::same(space::M as i8)).show(ui, |ui| {
        let add = ui.add_enabled(rule.sources.len() < MOST, Button::new("Add source").icon(icons::PLUS));
        if add.clicked() {
            let input = Input::Hottest { area: None };
            rule.sources.push(recipes::source("Hottest cell", input, 60.0, 3.0, Level::Warning));
            scene.stage.rules.open = Some(rule.sources.len() - 1);
        }
    });
    if let Some((i, change)) = change {
        scene.stage.rules.open = apply(rule, i, change);
    }
}

/// Changes the list; hands back which source is open then.
fn apply(rule: &mut Rule, i: usize, change: Change) -> Option<usize> {
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

/// Labels of regions and deltas of the arrays in the rule's scope, or that the rule names.
fn regions(scene: &Scene<'_>, rule: &Rule) -> Vec<RegionId> {
    let named = rule.sources.iter().filter_map(|source| match &source.input {
        Input::Region { region, .. } => Some(region.clone()),
        _ => None,
    });
    let arrays = scene.view.thermal.arrays.values().filter(|array| rule.scope.holds(&array.device));
    let drawn = arrays.flat_map(|array| {
        let measured = array.regions.regions.iter().filter(|region| !region.mask).map(|region| &region.id);
        measured.chain(array.regions.deltas.iter().map(|delta| &delta.id)).cloned()
    });
    let mut all: Vec<_> = named.chain(drawn).collect();
    all.sort_by(|a, b| (a.as_str().len(), a).cmp(&(b.as_str().len(), b)));
    all.dedup();
    all
}

/// Where the parts of a row are, from its left edge. What a narrow row has no room for is left out.
#[derive(Clone, Copy, Debug)]
struct Places {
    name: f32,
    threshold: f32,
    value: f32,
    /// Where it begins and how wide it is.
    bar: Option<(f32, f32)>,
    status: Option<f32>,
    end: f32,
}

const THRESHOLD: f32 = 108.0;
const VALUE: f32 = 84.0;
const STATUS: f32 = 124.0;
/// The least room for the name of a source.
const NAME: f32 = 130.0;

impl Places {
    /// The bar goes before the nearest place does; threshold and value stay.
    fn of(width: f32) -> Self {
        let all = [(true, true), (false, true)].map(|(bar, status)| Self::with(width, bar, status));
        all.into_iter().find(|places| places.room() >= NAME).unwrap_or_else(|| Self::with(width, false, false))
    }

    fn with(width: f32, bar: bool, status: bool) -> Self {
        let end = width - space::S - size::CONTROL;
        let status = status.then_some(end - space::S - STATUS);
        let right = status.unwrap_or(end);
        let bar_width = (width * 0.2).clamp(96.0, 320.0);
        let bar = bar.then_some((right - space::L - bar_width, bar_width));
        let value = bar.map_or(right, |(bar, _)| bar) - space::M - VALUE;
        let threshold = value - space::S - THRESHOLD;
        let name = 3.0 * space::M + size::TOGGLE[0] + size::SHAPE;
        Self { name, threshold, value, bar, status, end }
    }

    /// How wide a name may be.
    fn room(&self) -> f32 {
        self.threshold - self.name - space::M
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
    if let Some((bar, _)) = places.bar {
        put(bar, Align2::LEFT_CENTER, "Against the threshold");
    }
    if let Some(status) = places.status {
        put(status, Align2::LEFT_CENTER, "Nearest at");
    }
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
    alarm_shape::level(ui.painter(), shape, size::SHAPE, source.level, t);
    let room = places.room();
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
        let (x, word) = (places.status.unwrap_or(places.value), "does not count");
        style::paint(ui.painter(), at(x), Align2::LEFT_CENTER, word, text::SIDE, t.text3);
        return word.to_owned();
    }
    let unit = Unit::of_input(&source.input);
    let Some((place, reading)) = given.now.nearest_of(i) else {
        let why = given.now.why_none(i);
        let room = places.end - places.value - space::S;
        style::paint_within(ui.painter(), at(places.value), Align2::LEFT_CENTER, &why, text::SIDE, t.text2, room);
        return why;
    };
    if let Some((bar, width)) = places.bar {
        let bar = Rect::from_min_size(pos2(rect.left() + bar, y - 10.0), vec2(width, 20.0));
        tuning::bar(ui, bar, source, reading, given.now.ends(i));
    }
    let value = reading.value.map_or_else(|| words::UNKNOWN.to_owned(), |value| unit.words(value, given.scale));
    style::paint(ui.painter(), at(places.value + VALUE), Align2::RIGHT_CENTER, &value, text::FIGURE, t.text1);
    let word = reading.word();
    if let Some(status) = places.status.map(at) {
        let ink = if reading.on { t.text1 } else { t.text2 };
        let (upper, lower) = (status - vec2(0.0, 9.0), status + vec2(0.0, 9.0));
        style::paint_within(ui.painter(), upper, Align2::LEFT_CENTER, &place.name, text::SIDE, t.text2, STATUS);
        let role = if reading.on { text::STRONG } else { text::SIDE };
        style::paint_within(ui.painter(), lower, Align2::LEFT_CENTER, &word, role, ink, STATUS);
    }
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

#[cfg(test)]
mod tests {
    use super::{NAME, Places, THRESHOLD, VALUE};

    #[test]
    fn a_row_has_room_for_its_name_also_in_a_narrow_page() {
        for width in (480..2_000).map(|width| width as f32) {
            let places = Places::of(width);
            assert!(places.room() >= NAME, "{width}: {places:?}");
            assert!(places.threshold + THRESHOLD <= places.value, "{width}");
            let right = places.bar.map_or(places.status.unwrap_or(places.end), |(bar, _)| bar);
            assert!(places.value + VALUE <= right, "{width}");
            assert!(places.bar.is_none_or(|(bar, width)| bar + width <= places.status.unwrap_or(places.end)));
        }
        let wide = Places::of(900.0);
        assert!(wide.bar.is_some() && wide.status.is_some());
    }
}
