//! Inputs of a form: a label over a control, a line or some lines of text, a figure with its unit.

use std::ops::RangeInclusive;

use egui::{DragValue, Id, Key, Response, TextEdit, Ui, Widget as _, vec2};

use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::words;

/// A label over a control; the controls of a row stand on one line.
pub fn under<R>(ui: &mut Ui, label: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let color = style::tokens(ui).text3;
        ui.label(style::job(label, text::COLUMN, color));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            content(ui)
        })
        .inner
    })
    .inner
}

/// One line of text, still without a name.
pub fn edit<'a>(ui: &Ui, content: &'a mut String, hint: &str, width: f32, limit: usize) -> TextEdit<'a> {
    let t = style::tokens(ui);
    TextEdit::singleline(content)
        .font(style::font(text::BODY))
        .text_color(t.text1)
        .hint_text(style::job(hint, text::BODY, t.text3))
        .desired_width(width)
        .char_limit(limit)
        .min_size(vec2(0.0, size::CONTROL))
        .align(egui::Align2::LEFT_CENTER)
}

/// A line of text, as it is typed.
pub fn line(ui: &mut Ui, content: &mut String, name: &str, hint: &str, width: f32, limit: usize) -> Response {
    let edit = edit(ui, content, hint, width, limit);
    ui.add(edit).accessible_name(name)
}

/// The first line of a form: it has the keyboard from the start. True when Enter is pressed in it.
pub fn first(ui: &mut Ui, content: &mut String, name: &str, hint: &str, width: f32, limit: usize) -> bool {
    let id = ui.scope_id().with(("first", name));
    let fresh = ui.ctx().read_response(id).is_none();
    let edit = edit(ui, content, hint, width, limit).id(id);
    let response = ui.add(edit).accessible_name(name);
    if fresh {
        response.request_focus();
    }
    response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter))
}

/// What a list is filtered for. `focus` puts the keyboard into it.
pub fn filter(ui: &mut Ui, content: &mut String, id: &str, name: &str, focus: bool) {
    let edit = edit(ui, content, "Filter (Ctrl+F)", size::FIELD, 100).id(Id::unique(id));
    let response = ui.add(edit).accessible_name(name);
    if focus {
        response.request_focus();
    }
}

/// A secret, as it is typed: only dots are shown.
pub fn secret(ui: &mut Ui, content: &mut String, name: &str, hint: &str, width: f32, limit: usize) -> Response {
    let edit = edit(ui, content, hint, width, limit).password(true);
    ui.add(edit).accessible_name(name)
}

/// Some lines of text, as they are typed.
pub fn lines(ui: &mut Ui, content: &mut String, name: &str, hint: &str, rows: usize, limit: usize) -> Response {
    let t = style::tokens(ui);
    let edit = TextEdit::multiline(content)
        .font(style::font(text::BODY))
        .text_color(t.text1)
        .hint_text(style::job(hint, text::BODY, t.text3))
        .desired_width(f32::INFINITY)
        .desired_rows(rows)
        .char_limit(limit);
    ui.add(edit).accessible_name(name)
}

/// How a figure is shown and changed.
#[derive(Clone, Debug)]
pub struct Number<'a> {
    /// Its accessible name.
    pub name: &'a str,
    /// What stands before it.
    pub before: &'a str,
    /// Its unit, with the space before it.
    pub unit: &'a str,
    /// Its width at least.
    pub width: f32,
    /// What can be set.
    pub range: RangeInclusive<f64>,
    /// Change for each point of dragging.
    pub step: f64,
    /// Decimals shown at most.
    pub decimals: usize,
}

/// A figure to drag or type; what is there already is not forced into the range.
pub fn number(ui: &mut Ui, value: &mut f64, number: &Number<'_>) -> Response {
    DragValue::new(value)
        .range(number.range.clone())
        .clamp_existing_to_range(false)
        .speed(number.step)
        .max_decimals(number.decimals)
        .custom_formatter(|value, _| words::trimmed(value, number.decimals))
        .custom_parser(read)
        .prefix(number.before.to_owned())
        .suffix(number.unit.to_owned())
        .min_size(vec2(number.width, size::CONTROL))
        .ui(ui)
        .accessible_name(number.name)
}

/// A figure as people type it: with a comma or a point, with either minus, with its unit or without.
pub(crate) fn read(typed: &str) -> Option<f64> {
    let plain = typed.replace('\u{2212}', "-").replace(',', ".");
    let figure = plain.trim_start_matches(['\u{2264}', '\u{2265}', '\u{a0}', ' ']);
    let end = figure.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(figure.len());
    figure.get(..end)?.parse().ok()
}

/// A whole number to drag or type.
pub fn count(ui: &mut Ui, value: &mut u32, name: &str, unit: &str, range: RangeInclusive<u32>) -> Response {
    DragValue::new(value)
        .range(range)
        .speed(0.1)
        .suffix(unit.to_owned())
        .min_size(vec2(size::FIGURE_SHORT, size::CONTROL))
        .ui(ui)
        .accessible_name(name)
}
