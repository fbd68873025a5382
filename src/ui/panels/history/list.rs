//! A long list: only the rows in sight are drawn, from texts made once.
//!
//! Invariant: a column that has no room is left out whole; rows are one thing each, also to a screen reader.

use egui::{Align2, Color32, Key, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::panels::history::state::{Cursor, Row};
use crate::ui::style;
use crate::ui::theme::{Type, shade, size, space, stroke, text};
use crate::ui::widgets::{self, alarm_shape, ground};

/// So many rows before the end more are wanted.
const AHEAD: usize = 20;

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Header.
    pub title: &'static str,
    /// Width; 0 takes what is left.
    pub width: f32,
    /// Shown from this width of the list up.
    pub from: f32,
    /// Figures: mono.
    pub figures: bool,
    /// Aligned right.
    pub right: bool,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// The row that was clicked, or entered.
    pub opened: Option<usize>,
    /// Whether the end of the list is near.
    pub more: bool,
}

/// Draws header and rows in all the room that is left.
pub fn show(ui: &mut Ui, columns: &[Column], rows: &[Row], cursor: &mut Cursor) -> Asked {
    ui.spacing_mut().item_spacing.y = 0.0;
    let rect = ui.available_rect_before_wrap();
    ground::paint(ui, rect);
    let columns: Vec<(usize, Column)> =
        columns.iter().copied().enumerate().filter(|(_, column)| rect.width() >= column.from).collect();
    let tall = style::row(ui, size::ROW_DENSE);
    header(ui, &columns);
    let mut asked = keys(ui, rows.len(), cursor);
    let follow = std::mem::take(&mut cursor.follow);
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, tall, rows.len(), |ui, range| {
        let top = ui.max_rect().top();
        asked.more = range.end + AHEAD >= rows.len();
        if let Some(at) = cursor.at.filter(|_| follow) {
            let y = top + (at as f32 - range.start as f32) * tall;
            let row = Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), tall));
            ui.scroll_to_rect(row, None);
        }
        for i in range {
            let Some(row) = rows.get(i) else { break };
            let (place, response) = ui.allocate_exact_size(vec2(ui.available_width(), tall), Sense::click());
            let here = cursor.at == Some(i);
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, here, &row.sentence));
            let inner = place.shrink2(vec2(1.0, 0.0));
            ground::row(ui, inner, here, response.hovered());
            paint(ui, &columns, row, place);
            widgets::focus_ring(ui, &response, 0);
            if response.clicked() {
                cursor.at = Some(i);
                asked.opened = Some(i);
            }
        }
    });
    asked
}

fn header(ui: &mut Ui, columns: &[(usize, Column)]) {
    let t = style::tokens(ui);
    let tall = style::row(ui, size::ROW_DENSE);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), tall), Sense::hover());
    for ((_, column), cell) in columns.iter().zip(cells(rect, columns)) {
        put(ui, column, cell, column.title, text::COLUMN, t.text3);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
}

fn paint(ui: &Ui, columns: &[(usize, Column)], row: &Row, rect: Rect) {
    let t = style::tokens(ui);
    if let Some(level) = row.level {
        let mut painter = ui.painter().clone();
        if row.over {
            painter.multiply_opacity(shade::OVER);
        }
        alarm_shape::level(
            &painter,
            pos2(rect.left() + space::M + size::SHAPE / 2.0, rect.center().y),
            size::SHAPE,
            level,
            t,
        );
    }
    for ((i, column), cell) in columns.iter().zip(cells(rect, columns)) {
        let Some(words) = row.cells.get(*i) else { continue };
        let role = if column.figures { text::FIGURE } else { text::BODY };
        let ink = if row.over { t.text2 } else { t.text1 };
        put(ui, column, cell, words, role, ink);
    }
    ui.painter().hline(rect.x_range().shrink(1.0), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
}

fn put(ui: &Ui, column: &Column, cell: Rect, words: &str, role: Type, ink: Color32) {
    let (at, anchor) = if column.right {
        (cell.right_center(), Align2::RIGHT_CENTER)
    } else {
        (cell.left_center(), Align2::LEFT_CENTER)
    };
    style::paint_within(ui.painter(), at, anchor, words, role, ink, cell.width());
}

/// The cells of a row; the shape stands before the first.
fn cells(rect: Rect, columns: &[(usize, Column)]) -> impl Iterator<Item = Rect> {
    let inner = rect.with_min_x(rect.left() + 2.0 * space::M + size::SHAPE).with_max_x(rect.right() - space::M);
    let fixed: f32 = columns.iter().map(|(_, column)| column.width).sum();
    let gaps = space::L * columns.len().saturating_sub(1) as f32;
    let rest = (inner.width() - fixed - gaps).max(0.0);
    let mut left = inner.left();
    columns.iter().map(move |(_, column)| {
        let width = if column.width > 0.0 { column.width } else { rest };
        let cell = Rect::from_min_size(pos2(left, inner.top()), vec2(width, inner.height()));
        left = cell.right() + space::L;
        cell
    })
}

/// Arrows, Page keys, Home and End move; Enter opens.
fn keys(ui: &Ui, n: usize, cursor: &mut Cursor) -> Asked {
    cursor.at = cursor.at.filter(|at| *at < n);
    let busy = ui.ctx().text_edit_focused() || egui::Popup::is_any_open(ui.ctx());
    if busy || n == 0 || ui.memory(|m| m.focused()).is_some() {
        return Asked::default();
    }
    let pressed = |key| ui.input(|i| i.key_pressed(key));
    let step = ui.input(|i| {
        let pressed = |key| isize::from(i.key_pressed(key));
        pressed(Key::ArrowDown) - pressed(Key::ArrowUp) + 10 * (pressed(Key::PageDown) - pressed(Key::PageUp))
    });
    let next = match cursor.at {
        _ if pressed(Key::Home) => Some(0),
        _ if pressed(Key::End) => Some(n - 1),
        Some(at) if step != 0 => Some(at.saturating_add_signed(step).min(n - 1)),
        None if step != 0 => Some(0),
        _ => None,
    };
    if let Some(next) = next {
        (cursor.at, cursor.follow) = (Some(next), true);
        // egui would carry the focus on in the arrow's direction.
        ui.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
        ui.ctx().request_repaint();
    }
    Asked { opened: cursor.at.filter(|_| pressed(Key::Enter)), more: false }
}
