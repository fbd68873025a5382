//! Pictures in windows of their own: name, figure, picture, and the border of an alarm.
//!
//! Invariant: such a window is a second view of what the main one shows; it asks nothing and changes nothing.

use egui::{
    Align2, CentralPanel, Context, CornerRadius, Frame, Id, Key, Modifiers, Rect, Sense, Stroke, Ui, ViewportBuilder,
    ViewportId, pos2, vec2,
};

use crate::model::sensors::Device;
use crate::ui::desk::layout::Apart;
use crate::ui::desk::place::Place;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::tile;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::{self, Alarmed};
use crate::ui::widgets::{glyph, past};
use crate::ui::{style, words};

/// Draws the windows.
pub fn show(ctx: &Context, scene: &mut Scene<'_>) {
    let zoom = ctx.zoom_factor();
    for (i, apart) in scene.stage.desk.apart.clone().into_iter().enumerate() {
        let Some(device) = scene.view.sensors.devices.get(&apart.device).cloned() else { continue };
        let id = ViewportId::from_hash_of(("apart", &apart.device));
        let (closed, place) = ctx.show_viewport_immediate(id, builder(&device, &apart, zoom), |ui, _| {
            let background = Frame::NONE.fill(style::tokens(ui).bg2);
            CentralPanel::default().frame(background).show(ui, |ui| content(ui, scene, &device));
            let keys = [(Modifiers::NONE, Key::Escape), (Modifiers::COMMAND, Key::W)];
            let own = ui.ctx().viewport_id() == id;
            let pressed = own && keys.iter().any(|(held, key)| ui.input_mut(|i| i.consume_key(*held, *key)));
            let place = ui.input(|i| Place::of(i.viewport(), i.content_rect(), zoom, false));
            (pressed || ui.input(|i| own && i.viewport().close_requested()), place.filter(|_| own))
        });
        if let Some(now) = scene.stage.desk.apart_now.get_mut(i) {
            *now = place.or(*now);
        }
        if closed {
            scene.stage.desk.close_apart(&device.id);
            ctx.request_repaint();
            return;
        }
    }
}

fn builder(device: &Device, apart: &Apart, zoom: f32) -> ViewportBuilder {
    let place = apart.place.unwrap_or(Place { size: size::APART, ..Place::default() });
    let wanted = place.fitting(&[], size::APART_MIN) / zoom;
    let builder = ViewportBuilder::default()
        .with_title(format!("{} \u{2013} Hearthlight", device.name))
        .with_app_id("hearthlight")
        .with_inner_size(wanted)
        .with_min_inner_size(egui::Vec2::from(size::APART_MIN) / zoom);
    match place.at.filter(|at| at.iter().all(|v| v.is_finite() && *v >= 0.0)) {
        Some([x, y]) => builder.with_position(pos2(x / zoom, y / zoom)),
        None => builder,
    }
}

fn content(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let t = style::tokens(ui);
    let wanted = ui.available_size().max(vec2(size::APART_MIN[0], size::APART_MIN[1]) - vec2(space::L, space::XL));
    let (rect, _) = ui.allocate_exact_size(wanted, Sense::hover());
    let frame = scene.pictures.frame(&device.id);
    let array = scene.array(&device.id).as_deref().cloned();
    let facts = Facts { device, standing: scene.standing(device), frame: frame.as_deref(), array };
    let (top, well) = rect.split_top_bottom_at_y(rect.top() + size::TILE_HEAD);
    head(ui, scene, &facts, top);
    let response = ui.interact(well, Id::unique(("apart", &device.id)), Sense::click());
    tile::picture(ui, scene, &facts, past::inside(well, facts.standing), &response, true);
    if let Some(border) = Alarmed::of(&scene.view.alarms, &device.id).and_then(|alarmed| alarmed.border(t)) {
        alarmed::frame(ui.painter(), rect, border);
    }
    if response.has_focus() {
        let ring = Stroke::new(stroke::FOCUS, t.focus);
        let inner = well.shrink(stroke::FOCUS);
        ui.painter().rect_stroke(inner, CornerRadius::same(radius::PICTURE), ring, egui::StrokeKind::Inside);
    }
}

fn head(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let mut left = rect.left() + space::M;
    if let Some(alarmed) = Alarmed::of(&scene.view.alarms, &facts.device.id) {
        alarmed.paint(ui.painter(), pos2(left + alarmed.across() / 2.0, y), alarmed.across(), t);
        left += alarmed.across() + space::S;
    }
    glyph::paint(ui.painter(), pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
    left += size::GLYPH + space::S;
    let figure = if facts.is_now() {
        words::degrees_with_unit(facts.hottest(), scene.choices.scale)
    } else if facts.standing == Standing::Past {
        words::UNKNOWN.to_owned()
    } else {
        scene.stage.ticking |= facts.standing.is_lost();
        let since = facts.frame.map_or(facts.device.since, |frame| frame.wall);
        format!("no data {}", words::age(scene.now.since(since)))
    };
    let role = if facts.is_now() { text::TILE_FIGURE } else { text::FIGURE };
    let ink = if facts.is_now() { t.text1 } else { t.text3 };
    let at = pos2(rect.right() - space::M, y);
    let figure = style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &figure, role, ink);
    let room = figure.left() - space::S - left;
    let name = match scene.stage.past.shown() {
        Some(at) => {
            format!("{}, PAST {}", facts.device.name, words::instant(at, scene.now.wall, &scene.now.zone))
        }
        None => facts.device.name.to_string(),
    };
    style::paint_within(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, &name, text::TILE_NAME, t.text1, room);
}
