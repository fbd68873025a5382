//! A schedule in its list.
//!
//! ```text
//! (o) Morning              Weekdays 06:30            last 06:30   ✎ ✕
//!     schedule, Hue app    Kitchen scene Energize    next Mon 06:30
//! ```

use egui::{Align2, CornerRadius, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use jiff::Timestamp;

use crate::model::bridge::object::Object;
use crate::ui::panels::automations::plans::draft::Draft;
use crate::ui::panels::automations::plans::entries::{self, Entry, Key};
use crate::ui::panels::automations::plans::state::Desk;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::{button, toggle};
use crate::ui::{icons, style, words};

/// How high a row is.
pub(super) fn height(ui: &Ui) -> f32 {
    style::row(ui, size::PLAN_ROW)
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, entry: &Entry) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height(ui)), Sense::hover());
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink2(vec2(stroke::HAIR, 0.0)), CornerRadius::ZERO, t.bg3);
    }
    let [when_from, times_from] = size::PLAN_PARTS;
    let buttons = 2.0 * size::CONTROL + space::XS;
    let left = rect.left() + 2.0 * space::M + size::TOGGLE[0];
    let mut right = rect.right() - space::M - buttons - space::M;
    let times = if rect.width() >= times_from { times(scene, desk, entry) } else { None };
    if let Some([upper, lower]) = &times {
        let at = right - size::PLAN_TIMES;
        line(ui, rect, at, size::PLAN_TIMES, [upper, lower], [t.text2, t.text2]);
        right = at - space::M;
    }
    let side = side(entry);
    let ink = if entry.on { t.text1 } else { t.text2 };
    let does = entry.trouble.as_deref().unwrap_or(&entry.does);
    let quiet = if entry.trouble.is_some() { t.warning } else { t.text2 };
    if rect.width() >= when_from {
        let middle = left + (right - left) * 0.38;
        name(ui, rect, left, middle - space::M - left, [&entry.name, &side], [ink, t.text3]);
        line(ui, rect, middle, right - middle, [&entry.when, does], [ink, quiet]);
    } else {
        name(ui, rect, left, right - left, [&entry.name, &entry.when], [ink, quiet]);
    }
    ui.painter().hline(rect.x_range().shrink(stroke::HAIR), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
    let acted: String =
        times.into_iter().flatten().filter(|said| !said.is_empty()).map(|said| format!(", {said}")).collect();
    let state = if entry.on { "on" } else { "off" };
    let sentence = format!("{}, {side}, {state}, {}: {does}{acted}", entry.name, entry.when);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &sentence));
    response.on_hover_text(&sentence);
    switch(ui, scene, rect, entry);
    acts(ui, scene, desk, Rect::from_min_max(pos2(rect.right() - space::M - buttons, rect.top()), rect.max), entry);
}

fn name(ui: &Ui, rect: Rect, x: f32, width: f32, lines: [&str; 2], inks: [egui::Color32; 2]) {
    two(ui, rect, x, width, lines, inks, [text::BUTTON, text::SIDE]);
}

fn line(ui: &Ui, rect: Rect, x: f32, width: f32, lines: [&str; 2], inks: [egui::Color32; 2]) {
    two(ui, rect, x, width, lines, inks, [text::BODY, text::SIDE]);
}

fn two(
    ui: &Ui,
    rect: Rect,
    x: f32,
    width: f32,
    lines: [&str; 2],
    inks: [egui::Color32; 2],
    roles: [crate::ui::theme::Type; 2],
) {
    for (i, dy) in [-9.0, 9.0].into_iter().enumerate() {
        let (Some(words), Some(ink), Some(role)) = (lines.get(i), inks.get(i), roles.get(i)) else { continue };
        let at = pos2(x, rect.center().y + dy);
        style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, words, *role, *ink, width);
    }
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

/// When it acted and when it will; `None` for what acts at no time of its own.
fn times(scene: &Scene<'_>, desk: &Desk, entry: &Entry) -> Option<[String; 2]> {
    let next = desk.next(&entry.key).map(|at| format!("next {}", soon(scene, at)));
    let last = entry.fired.map(|at| format!("last {}", words::since(at, scene.now.wall, &scene.now.zone)));
    match (next, last) {
        (None, None) => None,
        (Some(next), last) => Some([next, last.unwrap_or_default()]),
        (None, Some(last)) => Some([last, String::new()]),
    }
}

/// An instant to come: the time alone today, with the day of the week within a week.
fn soon(scene: &Scene<'_>, at: Timestamp) -> String {
    let (then, now) = (at.to_zoned(scene.now.zone.clone()), scene.now.wall.to_zoned(scene.now.zone.clone()));
    let pattern = match at.duration_since(scene.now.wall).as_hours() {
        _ if then.date() == now.date() => "%H:%M",
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
