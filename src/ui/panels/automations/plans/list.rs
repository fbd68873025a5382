//! The list of schedules: by heading, each with its switch, when it acts, what it does, when it did.

use egui::{Frame, Margin, ScrollArea, Ui, UiBuilder, vec2};
use jiff::tz::TimeZone;

use crate::ui::icons;
use crate::ui::panels::automations::plans::entries::{self, Key, Part};
use crate::ui::panels::automations::plans::row;
use crate::ui::panels::automations::plans::state::Desk;
use crate::ui::panels::history;
use crate::ui::scene::Scene;
use crate::ui::theme::{space, stroke, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{ask, ground, section};
use crate::ui::{style, words};

/// Draws it in all the room that is left.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    let all = desk.entries();
    if all.is_empty() {
        let side = "Apps keep theirs here, too: timers, wake-up lights, rules of switches";
        history::said(ui, icons::CLOCK, "Nothing acts by the clock yet", side);
        ui.vertical_centered(|ui| {
            ui.add_space(space::S);
            if desk.draft.is_none() && ui.add(Button::new("New schedule\u{2026}").icon(icons::PLUS).ember()).clicked() {
                desk.draft = Some(Box::new(super::draft::Draft::new(scene.view)));
            }
        });
        return;
    }
    // As the words of the schedules mean them, wherever the window is.
    let zone = TimeZone::get(&scene.view.bridge.identity.zone).unwrap_or(TimeZone::UTC);
    let rect = ui.available_rect_before_wrap();
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("list"));
    ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
    ScrollArea::vertical().auto_shrink(false).show(&mut ui, |ui| {
        for (part, heading) in Part::ALL {
            let own: Vec<_> = all.iter().filter(|entry| entry.part == part).collect();
            if own.is_empty() {
                continue;
            }
            let on = own.iter().filter(|entry| entry.on).count();
            let t = style::tokens(ui);
            section::show(ui, heading, |ui| {
                ui.label(style::job(&format!("{}, {on} on", own.len()), text::SIDE, t.text3));
            });
            ui.add_space(space::S);
            let asked = own.iter().any(|entry| desk.removing.as_ref() == Some(&entry.key));
            if !asked {
                let tall = row::height(ui) * own.len() as f32 + 2.0 * stroke::HAIR;
                let at = egui::Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), tall));
                ground::paint(ui, at);
            }
            ui.add_space(stroke::HAIR);
            for entry in own {
                row::show(ui, scene, desk, entry, &zone);
                if desk.removing.as_ref() == Some(&entry.key) {
                    question(ui, scene, desk, &entry.name, &entry.key);
                }
            }
            ui.add_space(space::XL);
        }
    });
}

fn question(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, name: &str, key: &Key) {
    let t = style::tokens(ui);
    let more = match key {
        Key::Object(_) => "Apps no longer see it, and this cannot be undone.",
        Key::Scene(_) => "The scenes that it shows stay.",
    };
    let words = words::capital(&format!("delete {name}? {more}"));
    let frame = Frame::NONE.fill(t.bg3).inner_margin(Margin::same(space::M as i8));
    let answer = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ask::show(ui, &words, "Delete it", "Keep it")
    });
    if let Some(yes) = answer.inner {
        desk.removing = None;
        if yes {
            scene.out.again(entries::remove(key));
        }
    }
}
