//! Taking over what another program knows of devices, and giving away what we know.
//!
//! The window reads no files: a file that is dropped is taken over by a command that is shown to be copied, and text
//! that is pasted is looked through by the engine before anything changes.

use std::sync::Arc;

use egui::{Frame, Label, Margin, RichText, ScrollArea, Ui};

use crate::model::export::Export;
use crate::model::system::{Command, ImportPreview};
use crate::port::Query;
use crate::ui::panels::system::devices::state::Form;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::input;
use crate::ui::{icons, style, words};

/// Longest text that can be imported.
const TEXT_LIMIT: usize = 4 << 20;
/// Sentences of a preview that are shown.
const SHOWN: usize = 12;

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    scene.stage.devices.import.take();
    let dropped = ui.input(|i| i.raw.dropped_files.last().map(|file| file.path().display().to_string()));
    if dropped.is_some() {
        scene.stage.devices.import.dropped = dropped;
    }
    clear_when_done(scene);
    super::super::part(ui, "Import and export", "EmberEye's settings, an address list, or an export of ours", |ui| {
        Frame::NONE.inner_margin(Margin::same(space::M as i8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            file(ui, scene);
            form(ui, scene);
            found(ui, scene);
            result(ui, scene);
            export(ui, scene);
        });
    });
}

/// Empties the form once what it sent was taken over.
fn clear_when_done(scene: &mut Scene<'_>) {
    let form = &mut scene.stage.devices.import;
    let now = scene.view.system.imported.as_ref();
    let done = form.sent.as_ref().is_some_and(|before| match (before, now) {
        (Some(before), Some(now)) => !Arc::ptr_eq(before, now),
        (before, now) => before.is_some() != now.is_some(),
    });
    if done {
        *form = Form::default();
    }
}

fn file(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
    let Some(path) = scene.stage.devices.import.dropped.clone() else {
        let words = if hovering { "Drop the file" } else { "Drop a file onto the window, or paste what is in it" };
        ui.label(style::job(words, text::BODY, if hovering { t.text1 } else { t.text2 }));
        return;
    };
    ui.horizontal(|ui| {
        ui.label(style::job("To import this file, run", text::BODY, t.text2));
        command(ui, &format!("hearthlight import {}", quoted(&path)), "Copy the import command");
        if button::icon(ui, icons::X, "Leave this file", false).clicked() {
            scene.stage.devices.import.dropped = None;
        }
        ui.label(style::job("It tells what would change; with --yes it is done", text::SIDE, t.text3));
    });
}

fn form(ui: &mut Ui, scene: &mut Scene<'_>) {
    let form = &mut scene.stage.devices.import;
    let mut changed = input::under(ui, "File name", |ui| {
        let hint = "stream_config.json, ip_loc_map.json, devices.csv";
        input::line(ui, &mut form.name, "Name of the file to import", hint, size::TOAST, 200).changed()
    });
    ScrollArea::vertical().max_height(160.0).id_salt("text").show(ui, |ui| {
        let hint = "Paste what is in the file";
        changed |= input::lines(ui, &mut form.text, "What is in the file to import", hint, 4, TEXT_LIMIT).changed();
    });
    if changed {
        form.changed();
    }
    let whole = !form.name.trim().is_empty() && !form.text.trim().is_empty();
    ui.horizontal(|ui| {
        let preview = Button::new("Preview").icon(icons::EYE).name("Preview the import");
        if ui.add_enabled(whole && !form.asked, preview).clicked() {
            let query = Query::ImportPreview { name: form.name.trim().to_owned(), text: form.text.as_str().into() };
            form.asked = true;
            form.found = None;
            scene.port.ask(query, &form.answer);
        }
        let good = matches!(&form.found, Some(Ok(preview)) if !preview.changes.is_empty());
        let import = Button::new("Import").ember().icon(icons::DOWNLOAD).name("Import what was previewed");
        if good && ui.add(import).clicked() {
            let (name, text) = (form.name.trim().to_owned(), form.text.clone());
            form.sent = Some(scene.view.system.imported.clone());
            scene.out.system(Command::Import { name, text });
        }
        let t = style::tokens(ui);
        let words = match (whole, form.asked) {
            (false, _) => "A name and a text are needed; the name tells what is in it",
            (true, true) => "Looking through it\u{2026}",
            (true, false) if form.found.is_none() => "Nothing changes before you have seen what would",
            _ => "",
        };
        ui.label(style::job(words, text::SIDE, t.text3));
    });
}

fn found(ui: &mut Ui, scene: &Scene<'_>) {
    let t = style::tokens(ui);
    match &scene.stage.devices.import.found {
        None => {}
        Some(Err(why)) => {
            ui.label(style::job("This cannot be imported", text::STRONG, t.text1));
            ui.add(Label::new(RichText::new(why).font(style::font(text::FIGURE)).color(t.text1)).wrap());
        }
        Some(Ok(preview)) => {
            let n = words::many(preview.changes.len(), "change");
            ui.label(style::job(&format!("{}: {n}", preview.kind), text::STRONG, t.text1));
            sentences(ui, preview);
        }
    }
}

fn sentences(ui: &mut Ui, preview: &ImportPreview) {
    let t = style::tokens(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    if preview.changes.is_empty() {
        ui.label(style::job("Nothing would change", text::BODY, t.text2));
    }
    for (icon, color, list) in
        [(icons::CHECK, t.text2, &preview.changes), (icons::TRIANGLE_ALERT, t.warning, &preview.warnings)]
    {
        for sentence in list.iter().take(SHOWN) {
            ui.horizontal(|ui| {
                let (place, _) = ui.allocate_exact_size(egui::vec2(size::SHAPE, size::SECTION), egui::Sense::hover());
                style::icon(ui.painter(), place.center(), icon, text::ICON_S, color);
                ui.add(Label::new(style::job(sentence, text::BODY, t.text1)).wrap());
            });
        }
        if list.len() > SHOWN {
            ui.label(style::job(&format!("and {} more", list.len() - SHOWN), text::SIDE, t.text2));
        }
    }
}

/// What was imported last.
fn result(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(done) = scene.view.system.imported.as_ref() else { return };
    if scene.stage.devices.import.found.is_some() {
        return;
    }
    let t = style::tokens(ui);
    let n = words::many(done.changes.len(), "change");
    ui.label(style::job(&format!("Imported {}: {n}", done.kind), text::STRONG, t.text1));
    sentences(ui, done);
}

fn export(ui: &mut Ui, scene: &Scene<'_>) {
    let t = style::tokens(ui);
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.label(style::job("To export all devices", text::BODY, t.text2));
        let copy = Button::new("Copy as CSV").icon(icons::COPY).name("Copy all devices as CSV");
        if ui.add(copy).clicked() {
            ui.copy_text(Export::of(scene.view).devices_csv());
        }
        ui.label(style::job("or run", text::BODY, t.text2));
        command(ui, "hearthlight export devices devices.json", "Copy the export command");
    });
}

/// A command for a terminal, and a button that copies it.
fn command(ui: &mut Ui, line: &str, name: &str) {
    let t = style::tokens(ui);
    let margin = Margin::symmetric(space::S as i8, space::XS as i8);
    Frame::NONE.fill(t.bg0).corner_radius(radius::CONTROL).inner_margin(margin).show(ui, |ui| {
        ui.set_max_width((ui.available_width() - 3.0 * size::CONTROL).max(0.0));
        ui.add(Label::new(style::job(line, text::FIGURE, t.text1)).truncate());
    });
    if button::icon(ui, icons::COPY, name, false).clicked() {
        ui.copy_text(line.to_owned());
    }
}

/// A path as a shell takes it.
#[must_use]
pub fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./\\:".contains(c);
    if cfg!(windows) {
        if path.chars().all(plain) { path.to_owned() } else { format!("\"{path}\"") }
    } else if path.chars().all(|c| plain(c) && c != '\\') {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
