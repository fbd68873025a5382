//! System > Hue bridge: pairing an app, who is paired, what each app asked, who the bridge is and where it stands.
//!
//! ```text
//! link button | what apps ask, live | address and code
//!             |                     | checks
//! paired apps
//! apps that asked, each with its requests
//! identity, ports, what ports need, place
//! ```
//!
//! Invariant: nothing secret is shown: keys stay in the ring.

pub mod acts;
mod address;
mod apps;
mod checks;
mod clients;
mod help;
mod identity;
mod log;
mod parts;
mod place;
mod press;
pub mod state;
pub mod told;

use egui::{Rect, Ui, UiBuilder, pos2, vec2};

use crate::ui::panels::system::bridge::parts::tile;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, time};
use crate::ui::widgets::ground;

/// Draws the part.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let every = if press::left(scene).is_some() { time::VISITS[0] } else { time::VISITS[1] };
    scene.stage.bridge.kept.refresh(&scene.port.slots.bridge.visits, scene.view, scene.now, every);
    ui.ctx().request_repaint_after(every);
    pairing(ui, scene);
    ui.add_space(space::XL);
    apps::show(ui, scene);
    clients::show(ui, scene);
    identity::show(ui, scene);
    place::show(ui, scene);
    help::show(ui);
}

/// The link button, the log, the address and the checks: beside each other as far as there is room.
fn pairing(ui: &mut Ui, scene: &mut Scene<'_>) {
    let width = ui.available_width();
    let [all, two] = size::PAIRING;
    if width < two {
        tile(ui, |ui| press::show(ui, scene));
        ui.add_space(space::L);
        sides(ui, scene);
        ui.add_space(space::L);
        return log_tile(ui, scene, size::LOG);
    }
    let [first, last] = size::PAIRING_SIDES;
    let top = ui.available_rect_before_wrap().min;
    // As high as the highest of the outer two was when it was drawn last.
    let tall = scene.stage.bridge.tall.max(size::LINK + 3.0 * space::XXL);
    let edges = 2.0 * space::L + 2.0;
    let mut pressed = 0.0;
    let at = |x: f32, width: f32| Rect::from_min_size(pos2(x, top.y), vec2(width, tall));
    column(ui, at(top.x, first), "press", |ui| {
        tile(ui, |ui| {
            ui.set_min_height(tall - edges);
            pressed = ui.scope(|ui| press::show(ui, scene)).response.rect.height() + edges;
        });
    });
    let mut x = top.x + first + space::L;
    if width >= all {
        let middle = width - first - last - 2.0 * space::L;
        column(ui, at(x, middle), "log", |ui| log_tile(ui, scene, tall));
        x += middle + space::L;
    }
    let high = column(ui, at(x, top.x + width - x), "sides", |ui| sides(ui, scene)).max(pressed);
    if (high - scene.stage.bridge.tall).abs() > 0.5 {
        scene.stage.bridge.tall = high;
        ui.ctx().request_repaint();
    }
    ui.advance_cursor_after_rect(Rect::from_min_size(top, vec2(width, tall.max(high))));
    if width < all {
        ui.add_space(space::L);
        log_tile(ui, scene, size::LOG);
    }
}

fn sides(ui: &mut Ui, scene: &mut Scene<'_>) {
    tile(ui, |ui| address::show(ui, scene));
    ui.add_space(space::L);
    tile(ui, |ui| checks::show(ui, scene));
}

fn log_tile(ui: &mut Ui, scene: &Scene<'_>, tall: f32) {
    let rect = Rect::from_min_size(ui.available_rect_before_wrap().min, vec2(ui.available_width(), tall));
    ground::paint(ui, rect);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(1.0, space::L))).id_salt("log"));
    log::show(&mut child, scene);
    ui.advance_cursor_after_rect(rect);
}

/// A column at a place; hands back how high it became.
fn column(ui: &mut Ui, rect: Rect, name: &str, content: impl FnOnce(&mut Ui)) -> f32 {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    child.spacing_mut().item_spacing.y = 0.0;
    content(&mut child);
    child.min_rect().height()
}
