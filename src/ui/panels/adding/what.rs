//! The first step: what is to be added.

use std::sync::Arc;

use egui::{Align2, CornerRadius, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::model::system::PortState;
use crate::ui::panels;
use crate::ui::panels::adding;
use crate::ui::panels::system::part::Part;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{self, section};
use crate::ui::{icons, style};

/// A choice: what it is, and what it takes.
struct Choice {
    icon: char,
    name: Arc<str>,
    about: Arc<str>,
    chosen: bool,
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    section::show(ui, "Lights and hubs", |_| {});
    ui.add_space(space::S);
    let any = Choice {
        icon: icons::SEARCH,
        name: "Any light".into(),
        about: "Look for all families at once. The usual choice.".into(),
        chosen: scene.stage.adding.family.is_none(),
    };
    let mut choices = vec![(None, any)];
    for family in &*scene.view.lights.families {
        let choice = Choice {
            icon: icons::LIGHTBULB,
            name: Arc::clone(&family.name),
            about: Arc::clone(&family.about),
            chosen: scene.stage.adding.family.as_ref() == Some(&family.id),
        };
        choices.push((Some(Arc::clone(&family.id)), choice));
    }
    let columns = ((ui.available_width() / size::FAMILY[0]) as usize).clamp(1, 3);
    let width = (ui.available_width() - space::S * (columns as f32 - 1.0)) / columns as f32;
    for row in choices.chunks(columns) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            for (family, choice) in row {
                if card(ui, choice, width) {
                    scene.stage.adding.family.clone_from(family);
                }
            }
        });
        ui.add_space(space::S);
    }
    ui.add_space(space::L);
    sensors(ui, scene);
    ui.add_space(space::L);
    app(ui, scene);
}

/// The reverse: an app finds this house.
fn app(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    section::show(ui, "An app, or another program", |_| {});
    ui.add_space(space::S);
    let words = "The reverse: apps for Hue bridges find this house and use its lights and sensors.";
    ui.add(egui::Label::new(style::job(words, text::BODY, t.text2)).wrap());
    ui.add_space(space::S);
    if ui.add(Button::new("Pair an app\u{2026}").icon(icons::LINK)).clicked() {
        adding::cancel(scene);
        (scene.stage.page, scene.stage.system) = (panels::order::SYSTEM, Part::Bridge);
    }
}

/// Sensors are not looked for: they dial in.
fn sensors(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    section::show(ui, "Thermal arrays and sensors", |_| {});
    ui.add_space(space::S);
    let listener = scene.view.system.listeners.iter().find(|listener| &*listener.key == "sensors.listen");
    let at = match listener.map(|listener| &listener.state) {
        Some(PortState::Open { at }) => format!("They dial in by themselves: point them at this computer, {at}."),
        _ => "They dial in by themselves, but the sensor server is not open. See System, Network.".to_owned(),
    };
    ui.add(egui::Label::new(style::job(&at, text::BODY, t.text2)).wrap());
    ui.add_space(space::S);
    if ui.add(Button::new("How to set up a sensor").icon(icons::FLAME)).clicked() {
        adding::cancel(scene);
        scene.stage.page = panels::order::THERMAL;
    }
}

fn card(ui: &mut Ui, choice: &Choice, width: f32) -> bool {
    let t = style::tokens(ui);
    let room = width - 3.0 * space::M - text::ICON_L.size;
    let mut about = style::job(&choice.about, text::SIDE, t.text2);
    about.wrap.max_width = room;
    about.wrap.max_rows = 3;
    let about = ui.painter().layout_job(about);
    let line = text::BUTTON.line;
    let height = (line + about.size().y + 2.0 * space::M + space::XS).max(size::FAMILY[1]);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    let corner = CornerRadius::same(radius::TILE);
    let (fill, edge) = match (choice.chosen, response.hovered()) {
        (true, _) => (t.ember_dim, Stroke::new(stroke::SELECTED, t.ember)),
        (false, true) => (t.bg3, Stroke::new(stroke::HAIR, t.line)),
        (false, false) => (t.bg2, Stroke::new(stroke::HAIR, t.line)),
    };
    ui.painter().rect(rect, corner, fill, edge, StrokeKind::Inside);
    let icon = rect.min + vec2(space::M + text::ICON_L.size / 2.0, space::M + line / 2.0);
    style::icon(ui.painter(), icon, choice.icon, text::ICON_L, if choice.chosen { t.ember } else { t.text2 });
    let at = rect.min + vec2(2.0 * space::M + text::ICON_L.size, space::M + line / 2.0);
    style::paint(ui.painter(), at, Align2::LEFT_CENTER, &choice.name, text::BUTTON, t.text1);
    ui.painter().galley(at + vec2(0.0, line / 2.0 + space::XS), about, t.text2);
    let sentence = format!("{}: {}", choice.name, choice.about);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, choice.chosen, &sentence));
    widgets::focus_ring(ui, &response, radius::TILE);
    response.clicked()
}

/// The way on.
pub fn next(ui: &mut Ui, scene: &mut Scene<'_>) {
    if ui.add(Button::new("Find it").ember().tall()).clicked() {
        adding::to_find(scene);
    }
}
