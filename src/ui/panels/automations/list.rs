//! The list of rules: how bad, where, whether watched, how many alarms, and whether it would fire now.

use std::sync::Arc;

use egui::{
    Align2, CornerRadius, Frame, Margin, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::model::alarms::Command;
use crate::model::alarms::rule::{Level, Rule, Scope};
use crate::ui::panels::automations::draft::Asking;
use crate::ui::panels::automations::live::Around;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::{alarm_shape, ask, blank, glyph, ground, toggle};
use crate::ui::{standing, widgets, words};

/// How bad a rule's alarms can become.
#[must_use]
pub fn worst(rule: &Rule) -> Option<Level> {
    let sources = || rule.sources.iter().filter(|source| source.enabled);
    let enough = sources().count() >= usize::from(rule.min_sources.max(1));
    sources().map(|source| source.level).chain(enough.then_some(rule.together)).max()
}

/// Draws the list.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    if scene.stage.rules.asking == Some(Asking::Restore) {
        restore(ui, scene);
    }
    let rules = scene.stage.rules.in_order(&scene.view.alarms);
    let around = Around { view: scene.view, port: scene.port, now: scene.now.moment, scale: scene.choices.scale };
    scene.stage.ticking |= scene.stage.rules.live.mark(around, &rules);
    let rect = ui.available_rect_before_wrap();
    let tall = style::row(ui, size::RULE_ROW);
    let full = rules.len() as f32 * tall + 2.0 * space::XS;
    let panel = Rect::from_min_size(rect.min, vec2(rect.width(), full.clamp(tall, rect.height())));
    let border = Stroke::new(stroke::HAIR, t.line);
    ui.painter().rect(panel, CornerRadius::same(radius::TILE), t.bg2, border, egui::StrokeKind::Inside);
    let inner = panel.shrink2(vec2(stroke::HAIR, space::XS));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).id_salt("list"));
    ui.spacing_mut().item_spacing.y = 0.0;
    if rules.is_empty() {
        Frame::NONE.inner_margin(Margin::same(space::M as i8)).show(&mut ui, |ui| blank::line(ui, "No rules yet"));
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(&mut ui, |ui| {
        for rule in &rules {
            row(ui, scene, rule);
        }
    });
}

fn restore(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let question =
        "Put the rules that come with Hearthlight back as they were? Changes to them are lost; your own rules stay.";
    let answer = Frame::NONE
        .fill(t.bg2)
        .stroke(Stroke::new(stroke::HAIR, t.edge))
        .corner_radius(radius::TILE)
        .inner_margin(Margin::same(space::M as i8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ask::show(ui, question, "Restore them", "Leave them")
        });
    ui.add_space(space::M);
    match answer.inner {
        Some(true) => scene.out.alarms(Command::RestoreRules),
        Some(false) => {}
        None => return,
    }
    scene.stage.rules.asking = None;
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, rule: &Arc<Rule>) {
    let t = style::tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), style::row(ui, size::RULE_ROW)), Sense::click());
    let selected = scene.stage.rules.selected.as_ref() == Some(&rule.id);
    ground::row(ui, rect, selected, response.hovered());
    let middle = pos2(rect.left() + space::M + size::SHAPE / 2.0, rect.center().y);
    match worst(rule) {
        Some(level) if rule.enabled => alarm_shape::level(ui.painter(), middle, size::SHAPE, level, t),
        _ => glyph::paint(ui.painter(), middle, standing::Standing::Off, t),
    }
    let side = side(scene, rule);
    let left = rect.left() + 2.0 * space::M + size::SHAPE;
    let room = rect.right() - 2.0 * space::M - size::TOGGLE[0] - left;
    let ink = if rule.enabled { t.text1 } else { t.text2 };
    let upper = pos2(left, rect.center().y - 9.0);
    style::paint_within(ui.painter(), upper, Align2::LEFT_CENTER, &rule.name, text::BUTTON, ink, room);
    let lower = pos2(left, rect.center().y + 9.0);
    let quiet = if selected { t.text2 } else { t.text3 };
    style::paint_within(ui.painter(), lower, Align2::LEFT_CENTER, &side, text::SIDE, quiet, room);
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
    let level = worst(rule).map_or("", Level::word);
    response.widget_info(|| {
        WidgetInfo::selected(Role::ListItem, true, selected, format!("{}, {level}, {side}", rule.name))
    });
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() {
        scene.stage.rules.select(&rule.id);
    }
    let at = pos2(rect.right() - space::M - size::TOGGLE[0] / 2.0, rect.center().y);
    let place = Rect::from_center_size(at, vec2(size::TOGGLE[0], size::CONTROL));
    let mut place = ui.new_child(UiBuilder::new().max_rect(place).id_salt(rule.id.as_str()));
    let mut on = rule.enabled;
    if toggle::show(&mut place, &mut on, &format!("Watch {}", rule.name)).changed()
        && let Some(command) = scene.stage.rules.enable(&rule.id, on, &scene.view.alarms)
    {
        scene.out.alarms(command);
    }
}

/// What is special about a rule, the most pressing first.
fn side(scene: &Scene<'_>, rule: &Rule) -> String {
    let mut parts = Vec::new();
    if scene.stage.rules.drafts.contains_key(&rule.id) {
        parts.push("unsaved".to_owned());
    }
    if !rule.enabled {
        parts.push("off".to_owned());
    }
    let active = scene.view.alarms.active.values().filter(|alarm| alarm.rule == rule.id).count();
    if active > 0 {
        parts.push(format!("{active} active"));
    }
    if rule.enabled && scene.stage.rules.live.fires(&rule.id) {
        parts.push("fires now".to_owned());
    }
    parts.push(match &rule.scope {
        Scope::Everywhere => "everywhere".to_owned(),
        Scope::Devices(devices) => words::many(devices.len(), "device"),
    });
    parts.join(" \u{b7} ")
}
