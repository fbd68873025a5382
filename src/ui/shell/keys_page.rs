//! The page of keys: what every key does, from the actions themselves.

use egui::{Align, Align2, Area, Id, Label, Layout, Order, ScrollArea, Ui, vec2};

use crate::ui::actions::Group;
use crate::ui::panels::PAGES;
use crate::ui::scene::Scene;
use crate::ui::shell::keys::PLACES;
use crate::ui::shell::registry::GROUPS;
use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{ground, key_cap, section};

/// Draws the page of keys over the others.
pub fn show(ui: &Ui, scene: &Scene<'_>) {
    if !scene.stage.keys {
        return;
    }
    let t = style::tokens(ui);
    let room = ui.ctx().content_rect().size() - 2.0 * vec2(space::XXL, space::XXL);
    let area = Area::new(Id::unique("keys")).order(Order::Foreground).anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0));
    area.default_size(room).fade_in(false).accessible_name("Keys").show(ui.ctx(), |ui| {
        ground::sheet(t, space::XL).show(ui, |ui| {
            let columns = if room.x >= 2.0 * size::KEY_LINES + 3.0 * space::XL { 2 } else { 1 };
            ui.set_width(columns as f32 * (size::KEY_LINES + space::XL) - space::XL);
            let tall = room.y - 2.0 * space::XL;
            ScrollArea::vertical().max_height(tall).min_scrolled_height(tall).show(ui, |ui| content(ui, columns));
        });
    });
}

/// Groups with keys, the longer half in the first column.
fn content(ui: &mut Ui, columns: usize) {
    let groups: Vec<&Group> = GROUPS.iter().filter(|group| lines(group) > 0).collect();
    let all = groups.iter().map(|group| lines(group)).sum::<usize>() + PLACES.len().min(PAGES.len());
    let mut counted = 0;
    let first = groups.iter().take_while(|group| {
        let fits = columns == 1 || counted * 2 < all;
        counted += lines(group);
        fits
    });
    let split = first.count();
    let (left, right) = groups.split_at(split.min(groups.len()));
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XL;
        column(ui, |ui| {
            left.iter().for_each(|of| group(ui, of));
            if columns == 1 {
                places(ui);
            }
        });
        if columns > 1 {
            column(ui, |ui| {
                places(ui);
                right.iter().for_each(|of| group(ui, of));
            });
        }
    });
}

fn lines(group: &Group) -> usize {
    group.actions.iter().filter(|action| !action.chords.is_empty()).count() + group.lines.len()
}

fn group(ui: &mut Ui, group: &Group) {
    section::show(ui, group.title, |_| {});
    ui.add_space(space::XS);
    for action in group.actions {
        if let Some(chord) = action.chords.first() {
            line(ui, &chord.caps().collect::<Vec<_>>(), action.name);
        }
    }
    group.lines.iter().for_each(|(keys, words)| line(ui, keys, words));
    ui.add_space(space::L);
}

fn places(ui: &mut Ui) {
    section::show(ui, "Places", |_| {});
    ui.add_space(space::XS);
    for (i, page) in PAGES.iter().enumerate().take(PLACES.len()) {
        line(ui, &["Ctrl", &(i + 1).to_string()], page.name);
    }
    ui.add_space(space::L);
}

fn column(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.set_width(size::KEY_LINES);
        content(ui);
    });
}

fn line(ui: &mut Ui, keys: &[&str], words: &str) {
    let t = style::tokens(ui);
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(vec2(size::KEYS, size::KEY_LINE), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(size::KEYS);
            ui.spacing_mut().item_spacing.x = space::XS;
            for key in keys {
                key_cap::show(ui, key);
            }
        });
        ui.add(Label::new(style::job(words, text::BODY, t.text1)).wrap());
    });
}
