//! Automations: the rules that raise alarms, and an editor that shows what each would do now; schedules, and what apps
//! have the bridge do by itself.
//!
//! Invariant: the editor works on a draft; nothing is in force before it is saved, and a draft is kept until it is
//! saved or given up.

pub mod actions;
mod alert;
pub mod details;
pub mod draft;
pub mod editor;
pub mod faults;
pub mod given;
pub mod inputs;
pub mod list;
pub mod live;
pub mod plans;
pub mod reading;
pub mod recipes;
pub mod sources;
pub mod tuning;
pub mod units;

use egui::{Align, Key, Layout, Modifiers, Rect, Ui, UiBuilder};

use crate::ui::panels::automations::draft::Asking;
use crate::ui::panels::page::PagePart;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{menu, segment};
use crate::ui::{icons, words};

/// From this width of the page up the list of rules is wide.
const WIDE: f32 = 1200.0;

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    if scene.stage.plans.shown {
        head(ui, scene);
        ui.add_space(space::M);
        return plans::show(ui, scene);
    }
    scene.stage.rules.settle(&scene.view.alarms);
    if ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::S)) {
        save(scene);
    }
    head(ui, scene);
    ui.add_space(space::M);
    let page = ui.available_rect_before_wrap();
    let (narrow, share) = size::RULES_OVER;
    if page.width() < narrow {
        let (upper, lower) = page.split_top_bottom_at_fraction(share);
        list::show(&mut ui.new_child(UiBuilder::new().max_rect(upper).id_salt("rules")), scene);
        let lower = lower.with_min_y(lower.top() + space::M);
        editor::show(&mut ui.new_child(UiBuilder::new().max_rect(lower).id_salt("editor")), scene);
        ui.advance_cursor_after_rect(page);
        return;
    }
    let width = if page.width() >= WIDE { size::RULES[0] } else { size::RULES[1] };
    let left = Rect::from_min_max(page.min, egui::pos2(page.left() + width, page.bottom()));
    let right = Rect::from_min_max(egui::pos2(left.right() + space::L, page.top()), page.max);
    list::show(&mut ui.new_child(UiBuilder::new().max_rect(left).id_salt("rules")), scene);
    editor::show(&mut ui.new_child(UiBuilder::new().max_rect(right).id_salt("editor")), scene);
    ui.advance_cursor_after_rect(page);
}

/// Sends the selected rule to be saved, if it can be.
fn save(scene: &mut Scene<'_>) {
    if let Some(command) = scene.stage.rules.save(&scene.view.alarms) {
        scene.out.alarms(command);
    }
}

fn head(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let one_line = ui.available_width() >= size::AUTOMATIONS_HEAD;
    ui.horizontal(|ui| {
        ui.label(style::job("Automations", text::TITLE, t.text1));
        if one_line {
            ui.add_space(space::S);
            part(ui, scene);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let side = if scene.stage.plans.shown { plans_head(ui, scene) } else { rules_head(ui, scene) };
            let galley = ui.painter().layout_job(style::job(&side, text::SIDE, t.text3));
            // A side fact is shown whole or not at all.
            if galley.size().x + space::S <= ui.available_width() {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.label(galley));
            }
        });
    });
    if !one_line {
        ui.add_space(space::XS);
        part(ui, scene);
    }
}

/// What can be gone to by name.
pub static PARTS: &[PagePart] = &[
    PagePart { name: "Rules of alarms", also: "limits", turn: |scene| scene.stage.plans.shown = false },
    PagePart { name: "Schedules and apps", also: "timers behaviours", turn: |scene| scene.stage.plans.shown = true },
];

/// The choice between what raises alarms and what acts by the clock.
fn part(ui: &mut Ui, scene: &mut Scene<'_>) {
    let parts = [(false, "Rules of alarms"), (true, "Schedules and apps")];
    if let Some(shown) = segment::show(ui, "Automations", scene.stage.plans.shown, &parts) {
        scene.stage.plans.shown = shown;
    }
}

/// What can be done about rules; how many there are.
fn rules_head(ui: &mut Ui, scene: &mut Scene<'_>) -> String {
    let new = ui.add(Button::new("New rule\u{2026}").icon(icons::PLUS));
    menu::popup(&new, |ui| recipes(ui, scene));
    if ui.add(Button::new("Restore standard rules\u{2026}").icon(icons::ROTATE_CCW)).clicked() {
        scene.stage.rules.asking = Some(Asking::Restore);
    }
    let rules = &scene.view.alarms.rules;
    let on = rules.values().filter(|rule| rule.enabled).count();
    format!("{}, {on} watched", words::many(rules.len(), "rule"))
}

/// What can be done about schedules; by which clock they go.
fn plans_head(ui: &mut Ui, scene: &mut Scene<'_>) -> String {
    let some = !scene.stage.plans.entries().is_empty();
    if some && ui.add(Button::new("New schedule\u{2026}").icon(icons::PLUS)).clicked() {
        plans::begin(scene);
    }
    let zone = &scene.view.bridge.identity.zone;
    if some { format!("times of {zone}") } else { String::new() }
}

fn recipes(ui: &mut Ui, scene: &mut Scene<'_>) {
    menu::heading(ui, "Begin with");
    for recipe in recipes::ALL {
        if menu::item(ui, false, recipe.name, "").on_hover_text(recipe.what).clicked() {
            scene.stage.rules.begin((recipe.rule)(), &scene.view.alarms);
        }
    }
}
