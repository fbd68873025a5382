//! One light in the list: what it shows, its switch and brightness, who drives it, what is wrong.

use egui::{Align2, CornerRadius, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::model::lights::connection::Connection;
use crate::model::lights::layers::Kind;
use crate::model::lights::{Aim, Command, Light, LightId};
use crate::ui::panels::lights::acts;
use crate::ui::panels::lights::cells::Cells;
use crate::ui::panels::lights::state::{Desk, Pick};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::slider::Slider;
use crate::ui::widgets::{self, glyph, ground, slider, swatch, toggle};
use crate::ui::{icons, light_words, style, words};

/// Lights that are dragged.
#[derive(Clone, Debug)]
pub struct Dragged(pub Vec<LightId>);

/// What a person did to a row.
#[derive(Debug)]
pub struct Done {
    /// How it was picked, if it was.
    pub pick: Option<Pick>,
    /// Whether it has the keyboard.
    pub focused: bool,
}

/// Shows a light at a place; `salt` tells apart the rows of one light in two sections.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &Desk, light: &Light, rect: Rect, salt: usize) -> Done {
    let id = ui.scope_id().with(("light", salt, &light.id));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let picked = desk.picked.contains(&light.id);
    let state = light.stack.shown();
    ground(ui, rect, picked, desk.here.as_ref() == Some(&light.id), &response);
    drag(ui, desk, light, &response);
    if response.middle_clicked() {
        scene.out.lights(Command::Identify(light.id.clone()));
    }
    let sentence = format!(
        "{}, {}, {}, by {}",
        light.name,
        light_words::state(&state),
        light_words::standing_word(light),
        light_words::controlled(light, &scene.view.system.operator)
    );
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, picked, &sentence));
    widgets::focus_ring(ui, &response, 0);
    let cells = Cells::of(rect);
    let reachable = light_words::is_reachable(light);
    let standing = light_words::standing(light);
    if standing == Standing::Pending && reachable {
        glyph::pending(ui, cells.glyph.center());
    } else {
        glyph::at(ui, Rect::from_center_size(cells.glyph.center(), vec2(size::GLYPH, size::GLYPH)), standing);
    }
    let aims = || vec![Aim::Light(light.id.clone())];
    put(ui, cells.toggle, ("on", salt, &light.id), |ui| {
        let mut on = state.on;
        if toggle::show(ui, &mut on, &format!("Switch {}", light.name)).changed() {
            acts::switch(scene, desk, aims(), on);
        }
    });
    name(ui, light, cells.name);
    let place = Rect::from_center_size(cells.swatch.center(), vec2(cells.swatch.width(), size::LIGHT_SWATCH[1]));
    swatch::paint(ui.painter(), place, &light_words::swatch(light), style::tokens(ui));
    let shown = if light.capabilities.dimming {
        let share = if state.on { state.brightness } else { 0.0 };
        let name = format!("Brightness of {}", light.name);
        let slider = Slider { chosen: picked, ..Slider::share(&name, share) };
        let place = Rect::from_center_size(cells.slider.center(), vec2(cells.slider.width(), size::SLIDER));
        let moved = slider.at(ui, place, id.with("brightness"));
        if let Some(to) = moved.to {
            let gesture = slider::gesture(ui, &moved.response);
            acts::set(scene, aims(), acts::brightness(to, state.on, moved.response.dragged()), Some(gesture));
        }
        moved.shown
    } else {
        f32::from(u8::from(state.on))
    };
    percent(ui, cells.percent, shown);
    facts(ui, scene, light, &cells);
    Done { pick: pick(ui, &response), focused: response.has_focus() }
}

/// How a click picks.
fn pick(ui: &Ui, response: &Response) -> Option<Pick> {
    let held = ui.input(|i| i.modifiers);
    response.clicked().then_some(match () {
        () if held.shift => Pick::UpTo,
        () if held.command => Pick::Too,
        () => Pick::One,
    })
}

/// Dragging a row takes it, or all that are picked with it, to a room.
fn drag(ui: &Ui, desk: &Desk, light: &Light, response: &Response) {
    let picked = desk.picked.contains(&light.id);
    let lights = if picked { desk.picked.iter().cloned().collect() } else { vec![light.id.clone()] };
    if response.dragged() {
        let n = lights.len();
        response.dnd_set_drag_payload(Dragged(lights));
        if let Some(at) = ui.input(|i| i.pointer.hover_pos()) {
            let words = if n == 1 { light.name.to_string() } else { words::many(n, "light") };
            let layer = egui::LayerId::new(egui::Order::Tooltip, ui.scope_id().with("dragged"));
            let painter = ui.painter().clone().with_layer_id(layer);
            let at = at + vec2(space::L, space::S);
            style::paint(&painter, at, Align2::LEFT_TOP, &words, text::BUTTON, style::tokens(ui).ember);
        }
    }
}

/// The ground of a row: picked ones are ember, the one that is inspected has a bar.
fn ground(ui: &Ui, rect: Rect, picked: bool, here: bool, response: &Response) {
    let t = style::tokens(ui);
    let inner = rect.shrink2(vec2(stroke::HAIR, 0.0));
    if picked {
        ui.painter().rect_filled(inner, CornerRadius::ZERO, t.ember_dim);
    } else if response.hovered() {
        ui.painter().rect_filled(inner, CornerRadius::ZERO, t.bg3);
    }
    if here {
        ground::here(ui, inner);
    }
    ui.painter().hline(inner.x_range(), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
}

fn name(ui: &Ui, light: &Light, cell: Rect) {
    let t = style::tokens(ui);
    let y = cell.center().y - 1.0;
    let mut left = cell.left();
    if light.favourite {
        let at = pos2(left + text::ICON_S.size / 2.0, y - text::BUTTON.line / 2.0);
        style::icon(ui.painter(), at, icons::BOOKMARK, text::ICON_S, t.text2);
        left += text::ICON_S.size + space::XS;
    }
    let width = cell.right() - left;
    style::paint_within(ui.painter(), pos2(left, y), Align2::LEFT_BOTTOM, &light.name, text::BUTTON, t.text1, width);
    let at = pos2(cell.left(), y);
    style::paint_within(ui.painter(), at, Align2::LEFT_TOP, &light.model, text::SIDE, t.text3, cell.width());
}

/// The brightness as a figure; 0 is off.
pub fn percent(ui: &Ui, cell: Rect, share: f32) {
    let t = style::tokens(ui);
    let words = if share <= 0.0 { "off".to_owned() } else { light_words::percent(share) };
    style::paint(ui.painter(), cell.right_center(), Align2::RIGHT_CENTER, &words, text::FIGURE, t.text1);
}

/// Who drives it, or what is wrong and why; and how fast it answers.
fn facts(ui: &Ui, scene: &Scene<'_>, light: &Light, cells: &Cells) {
    let t = style::tokens(ui);
    let trouble = light_words::trouble(&light.reach, scene.now.wall, &scene.now.zone);
    let Some(by) = cells.by else {
        // There is no room for words: the glyph says that something is wrong, the inspector what.
        return;
    };
    let mut left = by.left();
    let top = light.stack.layers.last();
    let mark = match top.map(|layer| layer.kind) {
        Some(Kind::Alarm) => Some((icons::TRIANGLE_ALERT, t.warning)),
        Some(Kind::Stream) => Some((icons::RADIO, t.text2)),
        Some(_) if top.is_some_and(|layer| layer.hold.is_some()) => Some((icons::HAND, t.text2)),
        _ => None,
    };
    if let Some((icon, ink)) = mark {
        let at = pos2(left + text::ICON_S.size / 2.0, by.center().y);
        style::icon(ui.painter(), at, icon, text::ICON_S, ink);
        left += text::ICON_S.size + space::XS;
    }
    let width = by.right() - left;
    let line = |at, anchor, words: &str, role, ink| {
        style::paint_within(ui.painter(), at, anchor, words, role, ink, width);
    };
    match &trouble {
        Some((what, why)) => {
            line(pos2(left, by.center().y - 1.0), Align2::LEFT_BOTTOM, what, text::BODY, t.text1);
            line(pos2(left, by.center().y - 1.0), Align2::LEFT_TOP, why, text::SIDE, t.text3);
        }
        None => {
            let mut words = light_words::controlled(light, &scene.view.system.operator);
            if light_words::differs(light) {
                words.push_str(", waiting for its answer");
            }
            line(pos2(left, by.center().y), Align2::LEFT_CENTER, &words, text::BODY, t.text2);
        }
    }
    if let Some(answer) = cells.answer {
        let connection = scene.view.lights.connections.get(&light.connection);
        let words = latency(connection.map(AsRef::as_ref).filter(|_| trouble.is_none()));
        style::paint(ui.painter(), answer.right_center(), Align2::RIGHT_CENTER, &words, text::FIGURE, t.text3);
    }
}

/// How fast a connection answers.
#[must_use]
pub fn latency(connection: Option<&Connection>) -> String {
    let known = connection.and_then(|connection| connection.latency_ms);
    known.map_or_else(|| words::UNKNOWN.to_owned(), |ms| words::delay(Some(f64::from(ms) / 1e3)))
}

/// Lays a control out at a place.
pub fn put<R>(ui: &mut Ui, rect: Rect, salt: impl egui::AsIdSalt, content: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    content(&mut ui.new_child(UiBuilder::new().max_rect(rect).id_salt(salt).layout(layout)))
}
