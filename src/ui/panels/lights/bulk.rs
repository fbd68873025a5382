//! The bar of several picked lights: what is done here is done to all of them.

use std::sync::Arc;

use egui::{CornerRadius, Frame, Label, Margin, Ui, vec2};

use crate::model::lights::Light;
use crate::model::lights::group::GroupKind;
use crate::model::lights::state::Color;
use crate::ui::panels::lights::draft::{Draft, GroupDraft, SceneDraft};
use crate::ui::panels::lights::rows::Section;
use crate::ui::panels::lights::state::Desk;
use crate::ui::panels::lights::{acts, head};
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::slider::{Ground, Slider};
use crate::ui::widgets::{menu, slider, swatch};
use crate::ui::{light_words, style};
use crate::units::color::{Mirek, Srgb8};

/// Colours that are always offered, with their names.
const COLORS: [(&str, Srgb8); 6] = [
    ("Red", Srgb8::new(255, 30, 30)),
    ("Amber", Srgb8::new(255, 150, 30)),
    ("Green", Srgb8::new(60, 230, 90)),
    ("Cyan", Srgb8::new(40, 210, 240)),
    ("Blue", Srgb8::new(60, 90, 255)),
    ("Magenta", Srgb8::new(230, 60, 220)),
];
/// Whites that are always offered, K.
const WHITES: [f32; 4] = [2200.0, 2700.0, 4000.0, 6500.0];

/// Draws the bar, if several lights are picked.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    if desk.picked.len() < 2 {
        return;
    }
    let t = style::tokens(ui);
    let lights = desk.lights(&scene.view.lights);
    let margin = Margin::symmetric(space::M as i8, space::S as i8);
    Frame::NONE.fill(t.bg3).corner_radius(CornerRadius::same(radius::TILE)).inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            // In a line that wraps, only a label that does not stands in its middle.
            let words = format!("{} selected", lights.len());
            ui.add(Label::new(style::job(&words, text::STRONG, t.text1)).extend());
            switches(ui, scene, desk);
            brightness(ui, scene, desk, &lights);
            colors(ui, scene, desk);
            whites(ui, scene, desk);
            rooms(ui, scene, desk);
            if ui.add(Button::new("Scene from these\u{2026}")).clicked() {
                let only = Some(desk.picked.clone());
                let room = common_room(scene, &lights);
                acts::edit(scene, desk, Draft::Scene(SceneDraft::new(room, only)));
            }
            if head::close(ui, "Select none") {
                desk.let_go();
            }
        });
    });
    ui.add_space(space::S);
}

fn switches(ui: &mut Ui, scene: &mut Scene<'_>, desk: &Desk) {
    if ui.add(Button::new("On").name("Selected lights on")).clicked() {
        acts::switch(scene, desk, acts::aims(desk), true);
    }
    if ui.add(Button::new("Off").name("Selected lights off")).clicked() {
        acts::switch(scene, desk, acts::aims(desk), false);
    }
}

fn brightness(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, lights: &[Arc<Light>]) {
    let shown = lights.iter().map(|light| light.stack.shown());
    let spread: Vec<f32> = shown.filter(|state| state.on).map(|state| state.brightness).collect();
    let section = Section {
        key: "selected".into(),
        name: "selected lights".into(),
        aim: None,
        group: None,
        lights: lights.to_vec(),
        on: spread.len(),
        spread,
        scenes: Vec::new(),
        open: false,
    };
    let slider = Slider {
        ground: Ground::Spread(&section.spread),
        chosen: true,
        ..Slider::share("Brightness of the selected lights", section.mean())
    };
    let (rect, _) = ui.allocate_exact_size(vec2(size::MASTER[0], size::CONTROL), egui::Sense::hover());
    let place = egui::Rect::from_center_size(rect.center(), vec2(rect.width(), size::SLIDER));
    let moved = slider.at(ui, place, ui.scope_id().with("selected brightness"));
    if let Some(to) = moved.to {
        let gesture = slider::gesture(ui, &moved.response);
        acts::dim(scene, &mut desk.hand, &section, to, gesture, moved.response.dragged());
    }
}

fn colors(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    let mut chosen = None;
    for (name, color) in COLORS {
        let color = Color::Xy(color.linear().xy());
        if swatch::dot(ui, light_words::paint(color.xy()), false, &format!("{name}, selected lights")).clicked() {
            chosen = Some(color);
        }
    }
    if let Some(color) = chosen {
        desk.used(&color);
        acts::paint(scene, desk, acts::aims(desk), color, None);
    }
}

fn whites(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    let mut chosen = None;
    menu::drop_down(ui, "White of the selected lights", "White", "", |ui| {
        for kelvin in WHITES {
            if menu::item(ui, false, &light_words::kelvin(kelvin), "").clicked() {
                chosen = Some(Color::Mirek(Mirek::from_kelvin(kelvin)));
            }
        }
    });
    if let Some(color) = chosen {
        desk.used(&color);
        acts::paint(scene, desk, acts::aims(desk), color, None);
    }
}

fn rooms(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    let mut made = None;
    menu::drop_down(ui, "Room of the selected lights", "Room", "", |ui| {
        for group in scene.view.lights.groups.values() {
            let side = super::room::kind(group.kind);
            if menu::item(ui, false, &group.name, side).clicked() {
                acts::put_into(scene, group, desk.picked.iter().cloned());
            }
        }
        if menu::item(ui, false, "In no room", "").clicked() {
            acts::take_out(scene, &desk.picked);
        }
        for (kind, words) in [(GroupKind::Room, "New room\u{2026}"), (GroupKind::Zone, "New zone\u{2026}")] {
            if menu::item(ui, false, words, "").clicked() {
                made = Some(GroupDraft::new(kind, desk.picked.clone()));
            }
        }
    });
    if let Some(draft) = made {
        acts::edit(scene, desk, Draft::Group(draft));
    }
}

/// The room that all of them are in.
fn common_room(scene: &Scene<'_>, lights: &[Arc<Light>]) -> Option<crate::model::lights::group::GroupId> {
    let mut rooms = lights.iter().map(|light| scene.view.lights.room_of(&light.id).map(|room| &room.id));
    let first = rooms.next().flatten()?;
    rooms.all(|room| room == Some(first)).then(|| first.clone())
}
