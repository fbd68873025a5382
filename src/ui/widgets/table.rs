//! Tables: columns of one width, rows that are one thing each, also to a screen reader.

use egui::{Align2, Color32, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::standing::Standing;
use crate::ui::style;
use crate::ui::theme::{Type, size, space, stroke, text};
use crate::ui::widgets::{self, glyph, ground};

/// A column: its header, its share of the width, and whether it holds figures.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Header.
    pub title: &'static str,
    /// Share of the width, in any unit; 0 leaves the column out.
    pub share: f32,
    /// Figures: mono, aligned right.
    pub figures: bool,
}

/// A column of words.
#[must_use]
pub const fn words(title: &'static str, share: f32) -> Column {
    Column { title, share, figures: false }
}

/// A column of figures.
#[must_use]
pub const fn figures(title: &'static str, share: f32) -> Column {
    Column { title, share, figures: true }
}

/// The columns of a table in a page of any width: a narrow one leaves some out.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// Where there is room for all.
    pub all: &'static [Column],
    /// Where there is little room: as many, some without a share.
    pub few: &'static [Column],
    /// From this width on there is room for all.
    pub from: f32,
}

impl Columns {
    /// Those that have room now.
    #[must_use]
    pub fn now(&self, ui: &Ui) -> &'static [Column] {
        if ui.available_width() < self.from { self.few } else { self.all }
    }
}

/// A row to be shown.
#[derive(Debug, Default)]
pub struct Row<'a> {
    /// A state glyph before the first cell.
    pub standing: Option<Standing>,
    /// Texts of the cells, in the order of the columns.
    pub cells: &'a [String],
    /// A second line under the cells.
    pub note: Option<(&'a str, Color32)>,
    /// Whether it is the selected one.
    pub selected: bool,
    /// Whether a click does something.
    pub clickable: bool,
}

/// Shows the headers.
pub fn header(ui: &mut Ui, columns: &[Column]) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::hover());
    for (column, cell) in columns.iter().zip(cells(rect, columns)) {
        put(ui, cell, column, column.title, text::COLUMN, t.text3);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
}

/// Shows a row; hands back its response and the rectangles of its cells.
pub fn row(ui: &mut Ui, columns: &[Column], row: &Row<'_>) -> (Response, Vec<Rect>) {
    let t = style::tokens(ui);
    let width = ui.available_width();
    let note = row.note.map(|(note, color)| {
        let mut job = style::job(note, text::SIDE, color);
        job.wrap.max_width = width - 2.0 * space::M - size::GLYPH - space::S;
        ui.painter().layout_job(job)
    });
    let more = note.as_ref().map_or(0.0, |galley| galley.size().y + space::S);
    let tall = style::row(ui, size::TABLE_ROW + space::XS);
    let sense = if row.clickable { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(width, tall + more), sense);
    ground::row(ui, rect, row.selected, row.clickable && response.hovered());
    let line = Rect::from_min_size(rect.min, vec2(width, tall));
    let places = cells(line, columns);
    for (i, (column, (cell, content))) in columns.iter().zip(places.iter().zip(row.cells)).enumerate() {
        let color = if i == 0 { t.text1 } else { t.text2 };
        let role = match (column.figures, i) {
            (true, _) => text::FIGURE,
            (false, 0) => text::BUTTON,
            (false, _) => text::BODY,
        };
        let indent = if i == 0 && row.standing.is_some() { size::GLYPH + space::S } else { 0.0 };
        let cell = Rect::from_min_max(cell.min + vec2(indent, 0.0), cell.max);
        put(ui, cell, column, content, role, color);
    }
    if let Some(standing) = row.standing {
        let at = pos2(line.left() + space::M + size::GLYPH / 2.0, line.center().y);
        glyph::paint(ui.painter(), at, standing, t);
    }
    if let Some(galley) = note {
        let left = line.left() + space::M + if row.standing.is_some() { size::GLYPH + space::S } else { 0.0 };
        ui.painter().galley(pos2(left, line.bottom() - 2.0), galley, t.text2);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(stroke::HAIR, t.line));
    let state = row.standing.map_or("", Standing::word);
    let sentence = format!("{} {state} {}", row.cells.join(", "), row.note.map_or("", |(note, _)| note));
    let role = if row.clickable { Role::Button } else { Role::Row };
    response.widget_info(|| WidgetInfo::labeled(role, true, sentence.trim()));
    if row.clickable {
        widgets::focus_ring(ui, &response, 0);
    }
    (response, places)
}

fn cells(rect: Rect, columns: &[Column]) -> Vec<Rect> {
    let inner = rect.shrink2(vec2(space::M, 0.0));
    let shown = columns.iter().filter(|column| column.share > 0.0).count();
    let gaps = space::L * shown.saturating_sub(1) as f32;
    let unit = (inner.width() - gaps) / columns.iter().map(|column| column.share).sum::<f32>().max(f32::EPSILON);
    let mut left = inner.left();
    columns
        .iter()
        .map(|column| {
            let cell = Rect::from_min_size(pos2(left, inner.top()), vec2(unit * column.share, inner.height()));
            left = cell.right() + if column.share > 0.0 { space::L } else { 0.0 };
            cell
        })
        .collect()
}

fn put(ui: &Ui, cell: Rect, column: &Column, content: &str, role: Type, color: Color32) {
    if column.share <= 0.0 {
        return;
    }
    let (at, anchor) = if column.figures {
        (cell.right_center(), Align2::RIGHT_CENTER)
    } else {
        (cell.left_center(), Align2::LEFT_CENTER)
    };
    style::paint_within(ui.painter(), at, anchor, content, role, color, cell.width());
}
