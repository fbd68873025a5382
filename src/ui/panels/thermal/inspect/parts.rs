//! How an inspection page is divided: the picture as large as fits, in its own proportions.
//!
//! Invariant: no part lies over another, and none is outside of the page unless the page scrolls.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::ui::panels::thermal::inspect::tools;
use crate::ui::theme::{size, space};
use crate::units::grid::Size;

/// Share of the column beside the picture that range and histogram take.
const RANGE: f32 = 0.62;

/// Where everything is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// Tools.
    pub tools: Rect,
    /// The picture.
    pub picture: Rect,
    /// Range and histogram.
    pub range: Rect,
    /// The other arrays.
    pub others: Rect,
    /// The line of time.
    pub time: Rect,
}

impl Parts {
    /// The division of a page that shows everything at once; `None` if it is too small.
    #[must_use]
    pub fn of(page: Rect, shown: Size) -> Option<Self> {
        if page.width() < size::INSPECT_MIN[0] || page.height() < size::INSPECT_MIN[1] {
            return None;
        }
        let time = Rect::from_min_max(pos2(page.left(), page.bottom() - size::TIME), page.max);
        let height = time.top() - space::M - page.top();
        let wide = page.width() >= size::SIDE_WIDE;
        let least = if wide { size::SIDE[0] } else { size::SIDE[1] };
        let tools = size::TOOLS * tools::columns(height) as f32 + space::S;
        let well = vec2(page.width() - tools - space::M - least, height);
        let picture = Rect::from_min_size(page.min + vec2(tools, 0.0), fit(well, shown));
        // What a high picture leaves at its sides is halved: it stands in the middle of its room.
        let side = (page.right() - picture.right() - space::M).min(size::SIDE_MOST);
        let free = page.right() - side - space::M - picture.right();
        let picture = picture.translate(vec2(free / 2.0, 0.0));
        let side = Rect::from_min_max(pos2(page.right() - side, page.top()), pos2(page.right(), page.top() + height));
        let (range, others) = side.split_top_bottom_at_fraction(RANGE);
        Some(Self {
            tools: Rect::from_min_size(page.min, vec2(tools - space::S, height)),
            picture,
            range: Rect::from_min_max(range.min, range.max - vec2(0.0, space::M / 2.0)),
            others: Rect::from_min_max(others.min + vec2(0.0, space::M / 2.0), others.max),
            time,
        })
    }

    /// The division of a page that scrolls: the picture takes what is seen at first, the rest stands under it.
    #[must_use]
    pub fn stacked(page: Rect, seen: f32, shown: Size) -> Self {
        let height = seen.max(size::INSPECT_PICTURE);
        let tools = size::TOOLS * tools::columns(height) as f32 + space::S;
        let fitted = fit(vec2(page.width() - tools, height), shown);
        let picture = Rect::from_min_size(page.min + vec2(tools, 0.0), fitted);
        let tall = fitted.y.max(tools_height(height));
        let row = |top: f32, height: f32| Rect::from_min_size(pos2(page.left(), top), vec2(page.width(), height));
        let time = row(page.top() + tall + space::M, size::TIME);
        let under = row(time.bottom() + space::M, size::INSPECT_PART);
        let (range, others) = under.split_left_right_at_fraction(0.5);
        Self {
            tools: Rect::from_min_size(page.min, vec2(tools - space::S, height)),
            picture,
            range: Rect::from_min_max(range.min, range.max - vec2(space::S, 0.0)),
            others: Rect::from_min_max(others.min + vec2(space::S, 0.0), others.max),
            time,
        }
    }

    /// All of it.
    #[must_use]
    pub fn all(&self) -> Rect {
        let Self { tools, picture, range, others, time } = self;
        [*picture, *range, *others, *time].into_iter().fold(Rect::from_min_size(tools.min, Vec2::ZERO), Rect::union)
    }
}

/// How much of a height tools take.
fn tools_height(height: f32) -> f32 {
    let columns = tools::columns(height);
    let rows = tools::BUTTONS.div_ceil(columns) as f32;
    (rows * (size::TOOL + space::XS) + space::M).min(height)
}

/// The largest size of a picture's proportions in a well.
fn fit(well: Vec2, shown: Size) -> Vec2 {
    let rect = crate::ui::widgets::heat_view::fit(Rect::from_min_size(Pos2::ZERO, well), shown);
    vec2(rect.width().floor(), rect.height().floor())
}
