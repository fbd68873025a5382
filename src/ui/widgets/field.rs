//! Fields: a line of text, a figure with its range.

use egui::{DragValue, Key, Response, Ui, Widget as _, vec2};

use crate::ui::theme::size;
use crate::ui::widgets::input;
use crate::ui::words;

/// What became of a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// Still being edited.
    Open,
    /// Enter was pressed.
    Done,
    /// Escape was pressed, or the keyboard went elsewhere.
    Left,
}

/// A line of text that has the keyboard from the start.
pub fn line(ui: &mut Ui, content: &mut String, name: &str, width: f32, limit: usize) -> Edited {
    let id = ui.scope_id().with(("line", name));
    let fresh = ui.ctx().read_response(id).is_none();
    let edit = input::edit(ui, content, "", width, limit).id(id);
    let response = ui.add(edit).accessible_name(name);
    if fresh {
        response.request_focus();
    }
    match (response.lost_focus(), ui.input(|i| i.key_pressed(Key::Enter))) {
        (true, true) => Edited::Done,
        (true, false) => Edited::Left,
        (false, _) => Edited::Open,
    }
}

/// A figure to drag or type, within `range`, with its unit.
pub fn figure(ui: &mut Ui, value: &mut f32, range: std::ops::RangeInclusive<f32>, figure: Figure<'_>) -> Response {
    let drag = DragValue::new(value)
        .range(range)
        .speed(figure.step)
        .fixed_decimals(figure.decimals)
        .custom_formatter(|value, decimals| words::minus(&format!("{value:.*}", *decimals.end())))
        .custom_parser(input::read)
        .suffix(figure.unit.to_owned())
        .update_while_editing(false)
        .min_size(vec2(size::FIGURE, size::CONTROL));
    drag.ui(ui).accessible_name(figure.name)
}

/// How a figure is shown and changed.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// Its accessible name.
    pub name: &'a str,
    /// Its unit, with the space before it.
    pub unit: &'a str,
    /// Change for each point of dragging.
    pub step: f32,
    /// Decimals shown.
    pub decimals: usize,
}
