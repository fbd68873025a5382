//! Bookmarks: making one, and the list of all, to go there or to take one away.

use egui::{ScrollArea, Ui, vec2};

use crate::ui::panels::thermal::inspect::scrub::state::Room;
use crate::ui::panels::thermal::time;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{blank, menu};
use crate::ui::{icons, words};

/// The two buttons, laid out from the right.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, room: Room) {
    let n = scene.view.thermal.bookmarks.len();
    let response = button::icon(ui, icons::LIST, &format!("All bookmarks, {n}"), false);
    menu::popup(&response, |ui| list(ui, scene));
    const NAME: &str = "Bookmark (B)";
    let clicked = match room {
        Room::All => ui.add(Button::new("Bookmark").icon(icons::BOOKMARK).name(NAME)).clicked(),
        _ => button::icon(ui, icons::BOOKMARK, NAME, false).clicked(),
    };
    if clicked {
        time::begin_bookmark(scene);
        ui.ctx().request_repaint();
    }
}

fn list(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut all: Vec<_> = scene.view.thermal.bookmarks.values().cloned().collect();
    all.sort_by_key(|bookmark| std::cmp::Reverse(bookmark.at));
    if all.is_empty() {
        blank::line(ui, "No bookmark yet; B makes one");
    }
    ScrollArea::vertical().max_height(size::MENU_TALL).show(ui, |ui| {
        for bookmark in &all {
            let time = words::instant(bookmark.at, scene.now.wall, &scene.now.zone);
            let (words, side) = match &*bookmark.words {
                "" => (time.as_str(), ""),
                words => (words, time.as_str()),
            };
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let here = scene.stage.past.at == Some(bookmark.at);
                let width = ui.available_width() - size::CONTROL - space::XS;
                let go = ui.allocate_ui(vec2(width, size::CONTROL), |ui| {
                    ui.set_min_width(width);
                    menu::item(ui, here, words, side).clicked()
                });
                if go.inner {
                    scene.stage.past.pause();
                    scene.stage.past.seek(bookmark.at, scene.now);
                }
                if button::icon(ui, icons::X, &format!("Remove the bookmark {words}"), false).clicked() {
                    scene.stage.past.marks.remove(bookmark, scene.out, &mut scene.stage.undo);
                }
            });
        }
    });
}
