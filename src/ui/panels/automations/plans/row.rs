//! A schedule in its list.
//!
//! ```text
//! (o) Morning              Weekdays 06:30            last 06:30   ✎ ✕
//!     schedule, Hue app    Kitchen scene Energize    next Mon 06:30
//! ```

use egui::{Align2, Color32, CornerRadius, Pos2, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::bridge::object::Object;
use crate::ui::panels::automations::plans::draft::Draft;
use crate::ui::panels::automations::plans::entries::{self, Entry, Key};
use crate::ui::panels::automations::plans::state::Desk;
use crate::ui::scene::Scene;
use crate::ui::theme::{Type, size, space, stroke, text};
use crate::ui::widgets::{button, toggle};
use crate::ui::{icons, style, words};

/// How high a row is.
pub(super) fn height(ui: &Ui) -> f32 {
    style::row(ui, size::PLAN_ROW)
}

/// Draws it; times are those of a clock in `zone`.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, entry: &Entry, zone: &TimeZone) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height(ui)), Sense::hover());
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink2(vec2(stroke::HAIR, 0.0)), CornerRadius::ZERO, t.bg3);
    }
    let [when_from, times_from] = size::PLAN_PARTS;
    let buttons = 2.0 * size::CONTROL + space::XS;
    let left = rect.left() + 2.0 * space::M + size::TOGGLE[0];
    let mut right = rect.right() - 2.0 * space::M - buttons;
    let [upper, lower] = times(scene, desk, entry, zone);
    if rect.width() >= times_from {
        let at = right - size::PLAN_TIMES;
        let lines = [(&*upper, text::BODY, t.text2), (&*lower, text::SIDE, t.text3)];
        cell(ui, pos2(at, rect.center().y), size::PLAN_TIMES, lines);
        right = at - space::M;
    }
    let side = side(entry);
    let ink = if entry.on { t.text1 } else { t.text2 };
    let does = entry.trouble.as_deref().unwrap_or(&entry.does);
    let quiet = if entry.trouble.is_some() { t.warning } else { t.text2 };
    let at = pos2(left, rect.center().y);
    let cut = if rect.width() >= when_from {
        let middle = left + (right - left) * 0.38;
        let lines = [(&*entry.name, text::BUTTON, ink), (&*side, text::SIDE, t.text3)];
        let named = cell(ui, at, middle - space::M - left, lines);
        let lines = [(&*entry.when, text::BODY, ink), (does, text::SIDE, quiet)];
        named | cell(ui, pos2(middle, at.y), right - middle, lines)
    } else {
        cell(ui, at, right - left, [(&*entry.name, text::BUTTON, ink), (&*entry.when, text::SIDE, quiet)]);
        true
    };
    ui.painter().hline(rect.x_range().shrink(stroke::HAIR), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
    let acted: String = [upper, lower].iter().filter(|said| !said.is_empty()).map(|said| format!(", {said}")).collect();
    let state = if entry.on { "on" } else { "off" };
    let sentence = format!("{}, {side}, {state}, {}: {does}{acted}", entry.name, entry.when);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &sentence));
    if cut {
        response.on_hover_text(&sentence);
    }
    switch(ui, scene, rect, entry);
    let place = Rect::from_min_size(pos2(rect.right() - space::M - buttons, rect.top()), vec2(buttons, rect.height()));
    acts(ui, scene, desk, place, entry);
}

/// Two lines around a height; true if one of them had to be cut.
fn cell(ui: &Ui, at: Pos2, width: f32, lines: [(&str, Type, Color32); 2]) -> bool {
    let mut cut = false;
    for ((words, role, ink), dy) in lines.into_iter().zip([-9.0, 9.0]) {
        let at = at + vec2(0.0, dy);
        let shown = style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, words, role, ink, width);
        cut |= shown.width() + 1.0 >= width;
    }
    cut
}

/// What it is and whose.
fn side(entry: &Entry) -> String {
    let same = entry.name.eq_ignore_ascii_case(entry.kind);
    match (&entry.owner, same) {
        (Some(owner), true) => owner.clone(),
        (Some(owner), false) => format!("{}, {owner}", entry.kind),
        (None, _) => entry.kind.to_owned(),
    }
}

/// When it will act, and when it did.
fn times(scene: &Scene<'_>, desk: &Desk, entry: &Entry, zone: &TimeZone) -> [String; 2] {
    let now = scene.now.wall;
    let next = desk.next(&entry.key).filter(|_| entry.on).map(|at| format!("next {}", soon(at, now, zone)));
    let last = entry.fired.map(|at| format!("last {}", words::since(at, now, zone)));
    match (next, last) {
        (Some(next), last) => [next, last.unwrap_or_default()],
        (None, last) => [last.unwrap_or_default(), String::new()],
    }
}

/// An instant to come: the time alone today, with the day of the week within a week.
fn soon(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let pattern = match at.duration_since(now).as_hours() {
        _ if then.date() == today.date() => "%H:%M",
        hours if hours < 6 * 24 => "%a %H:%M",
        _ => "%-d %b %H:%M",
    };
    then.strftime(pattern).to_string()
}

fn switch(ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect, entry: &Entry) {
    let at = pos2(rect.left() + space::M + size::TOGGLE[0] / 2.0, rect.center().y);
    let place = Rect::from_center_size(at, vec2(size::TOGGLE[0], size::CONTROL));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).id_salt(("switch", word(&entry.key))));
    let mut on = entry.on;
    if toggle::show(&mut ui, &mut on, &format!("Turn {} on, {}", entry.name, entry.kind)).changed() {
        scene.out.again(entries::turn(&entry.key, on));
    }
}

fn acts(ui: &mut Ui, scene: &Scene<'_>, desk: &mut Desk, rect: Rect, entry: &Entry) {
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let place = UiBuilder::new().max_rect(rect).layout(layout).id_salt(("acts", word(&entry.key)));
    let mut ui = ui.new_child(place);
    ui.spacing_mut().item_spacing.x = space::XS;
    let delete = format!("Delete {}, {}\u{2026}", entry.name, entry.kind);
    if button::icon(&mut ui, icons::TRASH_2, &delete, false).clicked() {
        desk.removing = Some(entry.key.clone());
    }
    let edit = format!("Edit {}, {}\u{2026}", entry.name, entry.kind);
    if entry.editable && button::icon(&mut ui, icons::PENCIL, &edit, false).clicked() {
        desk.draft = draft(scene, &entry.key);
    }
}

fn draft(scene: &Scene<'_>, key: &Key) -> Option<Box<Draft>> {
    let Key::Object(id) = key else { return None };
    match &**scene.view.bridge.objects.get(id)? {
        Object::Behavior(behavior) => Draft::of(&id.id, behavior).map(Box::new),
        _ => None,
    }
}

/// A key as text, for the ids of controls.
fn word(key: &Key) -> String {
    match key {
        Key::Object(id) => String::from(id.clone()),
        Key::Scene(id) => format!("scene/{}", id.0),
    }
}
