//! History: alarms that were, the journal of all that happened, trends of any channel.
//!
//! Invariant: everything that is not in the snapshot is asked of the engine and shown when it comes; what could not be
//! read is said in place, with its cause.

pub mod alarms;
pub mod entry;
pub mod filter;
pub mod journal;
pub mod legend;
pub mod limit_lines;
pub mod list;
pub mod pages;
pub mod picks;
pub mod state;
pub mod trends;
pub mod wanted;

use egui::{Key, Modifiers, Rect, Ui, UiBuilder, pos2};

use crate::ui::panels::history::state::{Part, Story};
use crate::ui::panels::history::wanted::Wanted;
use crate::ui::panels::page::PagePart;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{page_head, segment};
use crate::ui::{icons, style};

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut story = std::mem::take(&mut scene.stage.history);
    head(ui, &mut story);
    ui.add_space(space::S);
    match story.part {
        Part::Trends => trends::show(ui, scene, &mut story.trends),
        part => lists(ui, scene, &mut story, part),
    }
    scene.stage.history = story;
}

/// What can be gone to by name.
pub static PARTS: &[PagePart] = &[
    PagePart { name: "Past alarms", also: "alarm list", turn: |scene| scene.stage.history.part = Part::Alarms },
    PagePart { name: "Journal", also: "log events", turn: |scene| scene.stage.history.part = Part::Journal },
    PagePart { name: "Trends", also: "plots curves graphs", turn: |scene| scene.stage.history.part = Part::Trends },
];

fn head(ui: &mut Ui, story: &mut Story) {
    page_head::show(ui, "History", |ui| {
        let parts = [(Part::Alarms, "Alarms"), (Part::Journal, "Journal"), (Part::Trends, "Trends")];
        if let Some(part) = segment::show(ui, "History", story.part, &parts) {
            story.part = part;
        }
    });
}

/// The filters, the list, and the opened entry beside it.
fn lists(ui: &mut Ui, scene: &mut Scene<'_>, story: &mut Story, part: Part) {
    let asked = ui.ctx().input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::F));
    ui.horizontal_wrapped(|ui| {
        filter::show(ui, scene, &mut story.wanted, part == Part::Journal, asked);
        if part == Part::Journal {
            journal::export(ui, scene, &mut story.journal, &story.wanted);
        }
    });
    ui.add_space(space::S);
    let rect = ui.available_rect_before_wrap();
    let beside = if story.opened.is_open() { size::ENTRY.min(rect.width() * 0.5) + space::L } else { 0.0 };
    let left = rect.with_max_x(rect.right() - beside);
    let mut place = ui.new_child(UiBuilder::new().max_rect(left).id_salt("list"));
    match part {
        Part::Alarms => alarms::show(&mut place, scene, &mut story.alarms, &mut story.wanted, &mut story.opened),
        _ => journal::show(&mut place, scene, &mut story.journal, &mut story.wanted, &mut story.opened),
    }
    if story.opened.is_open() {
        let right = Rect::from_min_max(pos2(left.right() + space::L, rect.top()), rect.max);
        entry::show(ui, scene, &mut story.opened, right);
    }
    ui.advance_cursor_after_rect(rect);
}

/// Why a list cannot be shown, in the place of the list.
pub(crate) fn failed(ui: &mut Ui, cause: &str, evidence: &str) {
    said(ui, icons::CIRCLE_ALERT, cause, evidence);
}

/// An empty list, in its place.
pub(crate) fn said(ui: &mut Ui, icon: char, sentence: &str, side: &str) {
    let t = style::tokens(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.22).max(space::L));
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(text::ICON_XL.size), egui::Sense::hover());
        style::icon(ui.painter(), rect.center(), icon, text::ICON_XL, t.text3);
        ui.add_space(space::S);
        ui.label(style::job(sentence, text::TILE_NAME, t.text1));
        if !side.is_empty() {
            ui.add(egui::Label::new(style::job(side, text::BODY, t.text2)).wrap().selectable(true));
        }
    });
}

/// An empty list because of the filter, and the way out of it.
pub(crate) fn nothing_matches(ui: &mut Ui, wanted: &mut Wanted) {
    said(ui, icons::FILTER, "Nothing matches the filter", "");
    ui.vertical_centered(|ui| {
        ui.add_space(space::S);
        if ui.add(Button::new("Clear the filter").icon(icons::X)).clicked() {
            *wanted = Wanted::default();
        }
    });
}
