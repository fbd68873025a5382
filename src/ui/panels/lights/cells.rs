//! Where things stand in a row of lights: the same for lights and for rooms, so that sliders stand under each other.

use egui::{Rect, pos2};

use crate::ui::theme::{size, space};

/// The cells of a row.
#[derive(Clone, Copy, Debug)]
pub struct Cells {
    /// State glyph.
    pub glyph: Rect,
    /// Switch.
    pub toggle: Rect,
    /// Name.
    pub name: Rect,
    /// What it shows.
    pub swatch: Rect,
    /// Brightness.
    pub slider: Rect,
    /// The same as a figure.
    pub percent: Rect,
    /// Who drives it; not in a narrow list.
    pub by: Option<Rect>,
    /// How fast it answers; only in a wide list.
    pub answer: Option<Rect>,
}

impl Cells {
    /// The cells of a row that lies there.
    #[must_use]
    pub fn of(row: Rect) -> Self {
        let wide = |least: f32, width: f32| if row.width() >= least { Some(width) } else { None };
        let by = wide(size::LIGHT_BY[0], size::LIGHT_BY[1]);
        let answer = wide(size::LIGHT_ANSWER[0], size::LIGHT_ANSWER[1]);
        let swatch = if by.is_some() { size::LIGHT_SWATCH[0] } else { size::LIGHT_SWATCH[0] / 2.0 };
        let mut left = row.left() + space::M;
        let mut take = |width: f32| {
            let cell = Rect::from_min_max(pos2(left, row.top()), pos2(left + width, row.bottom()));
            left = cell.right() + space::M;
            cell
        };
        let fixed = size::GLYPH + size::TOGGLE[0] + swatch + size::PERCENT;
        // Without a cell behind the figure, the button of a room stands there.
        let button = if by.is_none() { size::CONTROL } else { 0.0 };
        let sides: f32 = [by, answer].into_iter().flatten().map(|width| width + space::M).sum::<f32>() + button;
        // A figure and the words behind it are two things.
        let apart = space::S;
        let free = (row.width() - fixed - sides - apart - 7.0 * space::M).max(0.0);
        let name = free * size::LIGHT_NAME;
        Self {
            glyph: take(size::GLYPH),
            toggle: take(size::TOGGLE[0]),
            name: take(name),
            swatch: take(swatch),
            slider: take(free - name),
            percent: take(size::PERCENT),
            by: by.map(|width| take(apart + width)).map(|cell| cell.with_min_x(cell.left() + apart)),
            answer: answer.map(take),
        }
    }
}
