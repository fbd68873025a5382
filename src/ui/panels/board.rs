//! The board: Overview as a person arranges it. Pictures, trends and lists stand side by side, under each other, or one
//! behind the other as tabs; they are dragged by their tabs, resized at their edges, and all of it by keys.
//!
//! A [`panes::Panes`] is how they are arranged, and what layouts keep; [`tree`] makes of it what is dragged on the
//! screen, and back; [`acts`] change it; [`offers`] names what can be put there, [`content`] draws what is in it, and
//! [`frame`] what is around it.
//!
//! Invariant: a thing is on the board once.

pub mod acts;
pub mod beside;
pub mod content;
pub mod deeds;
pub mod frame;
pub mod offers;
pub mod pane;
pub mod panes;
pub mod state;
pub mod tree;

use egui::{Shape, Stroke, Ui};
use egui_tiles::Tree;

use crate::ui::panels;
use crate::ui::panels::board::frame::{Ask, Frame};
use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::state::Board;
use crate::ui::panels::overview::order;
use crate::ui::panels::thermal::{self, time};
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::{self, Alarmed};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{key_button, page_head};
use crate::ui::{icons, style, words};

/// The heading of what can be added.
pub const ADD: &str = "Add to the board";

/// Whether the board is on the screen.
#[must_use]
pub fn is_shown(scene: &Scene<'_>) -> bool {
    scene.stage.board.on && scene.stage.page == panels::order::OVERVIEW && !scene.stage.desk.small
}

/// The button between the board and what is hottest first.
pub fn switch(ui: &mut Ui, scene: &mut Scene<'_>) {
    let on = scene.stage.board.on;
    let name = if on { "Hottest first (Ctrl+B)" } else { "Board of your own panes (Ctrl+B)" };
    if button::icon(ui, icons::LAYOUT_DASHBOARD, name, on).clicked() {
        scene.stage.board.on = !on;
        ui.ctx().request_repaint();
    }
}

/// Draws the board.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    order::measure(scene);
    if !scene.stage.board.begun {
        acts::begin(scene);
    }
    time::keys(ui, scene);
    deeds::keys(ui.ctx(), scene);
    let panes = scene.stage.board.panes();
    let count = panes.as_ref().map_or(0, |panes| panes.all().len());
    page_head::with_controls(ui, "Board", |ui| {
        switch(ui, scene);
        if key_button::show(ui, "Add a pane", "N", "Add a pane\u{2026}").clicked() {
            acts::ask(scene, None);
        }
        thermal::controls(ui, scene, &words::many(count, "pane"));
    });
    ui.add_space(space::S);
    if count == 0 {
        empty(ui, scene);
    } else {
        tiles(ui, scene);
    }
    time::naming(ui, scene);
}

fn empty(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.22).max(space::L));
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(text::ICON_XL.size), egui::Sense::hover());
        style::icon(ui.painter(), rect.center(), icons::LAYOUT_DASHBOARD, text::ICON_XL, t.text3);
        ui.add_space(space::S);
        ui.label(style::job("The board is empty", text::TILE_NAME, t.text1));
        ui.label(style::job("Add pictures, trends and lists, and drag them where you want them", text::BODY, t.text2));
        ui.add_space(space::S);
        if ui.add(Button::new("Put the usual panes on it").icon(icons::LAYOUT_DASHBOARD)).clicked() {
            acts::begin(scene);
        }
    });
}

fn tiles(ui: &mut Ui, scene: &mut Scene<'_>) {
    let before = scene.stage.board.panes();
    let mut board = std::mem::take(&mut scene.stage.board);
    let mut tree = std::mem::replace(&mut board.tree, tree::empty());
    let grounds = ui.painter().add(Shape::Noop);
    let (scene_of, board_of) = (&mut *scene, &mut board);
    let (asked, spots) = (Vec::new(), Vec::new());
    let mut frame =
        Frame { scene: scene_of, board: board_of, asked, dropped: false, spots, room: 0.0, n: 1.0, tab: 0.0 };
    tree.ui(&mut frame, ui);
    let Frame { asked, dropped, mut spots, .. } = frame;
    // In reading order, for the way to the next one.
    spots.sort_by_key(|(_, rect)| (rect.top() as i32, rect.left() as i32));
    board.spots = spots;
    let shapes = borders(ui, scene, &board, &tree);
    ui.painter().set(grounds, Shape::Vec(shapes));
    board.tree = tree;
    let now = board.panes();
    board.trends.retain(|pane, _| now.as_ref().is_some_and(|now| now.holds(pane)));
    scene.stage.board = board;
    if dropped {
        acts::dragged(scene, before);
    }
    for ask in asked {
        obey(scene, ask);
        ui.ctx().request_repaint();
    }
}

/// Paints the borders of all places; hands back their grounds.
fn borders(ui: &Ui, scene: &Scene<'_>, board: &Board, tree: &Tree<Pane>) -> Vec<Shape> {
    let t = style::tokens(ui);
    let mut grounds = Vec::new();
    for (id, pane) in tree::groups(tree) {
        let Some(rect) = tree.tiles.rect(id) else { continue };
        grounds.push(frame::ground(rect, t.bg2));
        let here = pane.is_some() && board.here == pane;
        let border = if here { Stroke::new(stroke::SELECTED, t.ember) } else { Stroke::new(stroke::HAIR, t.line) };
        let alarmed = match &pane {
            Some(Pane::Picture(device)) => Alarmed::of(&scene.view.alarms, device).and_then(|of| of.border(t)),
            _ => None,
        };
        alarmed::frame(ui.painter(), rect, alarmed.unwrap_or((border, false)));
        if tree.tiles.rect(id).is_some_and(|rect| rect.height() > size::TABS) {
            let line = Stroke::new(stroke::HAIR, t.line);
            let x = rect.x_range().shrink(f32::from(radius::TILE) / 2.0);
            ui.painter().hline(x, rect.top() + size::TABS - stroke::HAIR, line);
        }
    }
    grounds
}

fn obey(scene: &mut Scene<'_>, ask: Ask) {
    match ask {
        Ask::Here(pane) => {
            if let Pane::Picture(device) | Pane::Trend { device, .. } = &pane
                && scene.view.sensors.devices.contains_key(device)
            {
                scene.stage.select(device);
            }
            scene.stage.board.here = Some(pane);
        }
        Ask::Close(pane) => acts::close(scene, &pane),
        Ask::Add(pane, side) => {
            scene.stage.board.here = Some(pane);
            acts::ask(scene, Some(side));
        }
        Ask::Span(pane, minutes) => acts::span(scene, &pane, minutes),
        Ask::Open(pane) => acts::open(scene, &pane),
    }
}
