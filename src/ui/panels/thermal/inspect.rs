//! Inspection: one array fills the page.
//!
//! ```text
//!  header: name, facts, controls
//!  tools | picture with regions                | range and histogram
//!        |                                     | the other arrays
//!  line of time: trend, alarms, bookmarks, transport
//! ```

pub mod axis;
pub mod compare;
pub mod hover;
pub mod others;
pub mod range;
pub mod scrub;
pub mod state;
pub mod tools;
pub mod watched;

use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::model::sensors::Device;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::tile;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::{self, Alarmed};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{glyph, past, section};
use crate::ui::{icons, style, words};

/// Draws the page for one device.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    section::tall(ui, "Heat", |ui| {
        super::controls(ui, scene, "");
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            if ui.add(Button::new("All arrays").icon(icons::ARROW_LEFT)).clicked() {
                scene.stage.enlarged = false;
            }
        });
    });
    ui.add_space(space::S);
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click());
    ui.painter().rect_filled(rect, CornerRadius::same(radius::TILE), t.bg2);
    let frame = scene.pictures.frame(&device.id);
    let array = scene.array(&device.id).as_deref().cloned();
    let facts = Facts { device, standing: scene.standing(device), frame: frame.as_deref(), array };
    head(ui, scene, &facts, Rect::from_min_size(rect.min, vec2(rect.width(), size::MAIN_HEAD)));
    let parts = Parts::of(rect);
    tools::show(ui, scene, device, parts.tools);
    let halves = compare::halves(scene, &device.id, parts.picture);
    let picture = past::inside(halves.map_or(parts.picture, |halves| halves.first), facts.standing);
    tile::picture(ui, scene, &facts, picture, &response, true);
    hover::pointed(ui, scene, device, picture, &response);
    if let Some(halves) = &halves {
        compare::show(ui, scene, device, halves);
    }
    range::show(ui, scene, device, parts.range);
    others::show(ui, scene, device, parts.others);
    scrub::show(ui, scene, device, parts.time);
    let border = (Stroke::new(stroke::HAIR, t.line), false);
    let alarmed = Alarmed::of(&scene.view.alarms, &device.id).and_then(|alarmed| alarmed.border(t));
    alarmed::frame(ui.painter(), rect, alarmed.unwrap_or(border));
    if response.double_clicked() {
        scene.stage.enlarged = false;
    }
}

/// How the page is divided.
struct Parts {
    tools: Rect,
    picture: Rect,
    range: Rect,
    others: Rect,
    time: Rect,
}

impl Parts {
    fn of(rect: Rect) -> Self {
        let body = Rect::from_min_max(rect.min + vec2(0.0, size::MAIN_HEAD), rect.max);
        let time = Rect::from_min_max(pos2(body.left(), body.bottom() - size::TIME), body.max);
        let side = Rect::from_min_max(pos2(body.right() - size::SIDE, body.top()), pos2(body.right(), time.top()));
        let tools = Rect::from_min_max(body.min, pos2(body.left() + size::TOOLS, time.top()));
        let (range, others) = side.split_top_bottom_at_fraction(0.6);
        Self {
            tools,
            picture: Rect::from_min_max(tools.right_top(), side.left_bottom()),
            range: range.shrink(space::XS),
            others: others.shrink(space::XS),
            time,
        }
    }
}

fn head(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let mut left = rect.left() + space::L;
    let alarmed = Alarmed::of(&scene.view.alarms, &facts.device.id);
    if let Some(alarmed) = &alarmed {
        let across = alarmed.across();
        alarmed.paint(ui.painter(), pos2(left + across / 2.0, y), across, t);
        left += across + space::M;
    }
    glyph::paint(ui.painter(), pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
    let at = pos2(left + size::GLYPH + space::S, y);
    let name = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &facts.device.name, text::TITLE, t.text1);
    let mut side = facts.side();
    if let Some(array) = &facts.array {
        let choice = scene.choice(array);
        side = format!(
            "{side} \u{b7} {} \u{b7} emissivity {:.2}",
            words::meaning(array.meaning),
            choice.optics.emissivity
        );
    }
    if let Some(alarmed) = &alarmed {
        side = format!("{} \u{b7} {side}", alarmed.word());
    }
    style::paint(ui.painter(), pos2(name.right() + space::M, y + 1.0), Align2::LEFT_CENTER, &side, text::BODY, t.text3);
    let right = pos2(rect.right() - space::L, y);
    if facts.is_now() {
        let scale = scene.choices.scale;
        let unit = style::paint(
            ui.painter(),
            right - vec2(0.0, 5.0),
            Align2::RIGHT_CENTER,
            scale.unit(),
            text::MAIN_UNIT,
            t.text2,
        );
        let words = words::degrees(facts.hottest(), scale);
        let at = pos2(unit.left() - space::XS, y);
        style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &words, text::MAIN_FIGURE, t.text1);
    } else if facts.standing.is_lost() {
        scene.stage.ticking = true;
        let since = facts.frame.map_or(facts.device.since, |frame| frame.wall);
        let words = format!("no data {}", words::age(scene.now.since(since)));
        style::paint(ui.painter(), right, Align2::RIGHT_CENTER, &words, text::TILE_FIGURE, t.text3);
    }
}
