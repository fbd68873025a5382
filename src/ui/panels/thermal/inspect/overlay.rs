//! What lies over an inspected picture: regions with their figures, the hottest and the coldest cell, the draft, the
//! cell where the keyboard is.

use egui::text::LayoutJob;
use egui::{CornerRadius, Painter, Rect, Vec2, vec2};

use crate::heat::region::Meters;
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::region::{Cell, Figure, Region, RegionId, Regions, Shape};
use crate::ui::panels::thermal::inspect::place::Place;
use crate::ui::panels::thermal::inspect::state::{Desk, Tool};
use crate::ui::panels::thermal::inspect::tags::{self, Wanted};
use crate::ui::panels::thermal::inspect::{marks, shapes};
use crate::ui::theme::{over_heat, radius, size, space, text};
use crate::ui::{style, words};
use crate::units::temperature::Scale;

/// What is drawn.
pub struct Overlay<'a> {
    /// Where the picture is.
    pub place: Place,
    /// The frame shown.
    pub frame: &'a ThermalFrame,
    /// The regions, with the draft.
    pub regions: &'a Regions,
    /// What they read.
    pub meters: &'a Meters,
    /// What is selected and begun.
    pub desk: &'a Desk,
    /// Scale of temperatures.
    pub scale: Scale,
    /// Whether the figures are of the moment that is shown; else there are none.
    pub figures: bool,
    /// Whether the picture has the keyboard.
    pub focused: bool,
}

impl Overlay<'_> {
    /// Draws all of it.
    pub fn show(&self, painter: &Painter) {
        let painter = painter.with_clip_rect(self.place.rect.intersect(painter.clip_rect()));
        let chosen = self.chosen();
        let in_order = || self.regions.regions.iter().filter(|region| Some(&region.id) != chosen);
        // Masks first: they hide what is under them, and nothing else.
        in_order().filter(|region| region.mask).for_each(|mask| self.mark(&painter, mask));
        in_order().filter(|region| !region.mask).for_each(|region| self.mark(&painter, region));
        if let Some(region) = chosen.and_then(|id| self.regions.get(id)) {
            self.mark(&painter, region);
            if self.desk.tool == Tool::Hand {
                marks::handles(&painter, self.place, &region.shape);
            }
        }
        if self.desk.tool == Tool::Polygon && self.desk.draft.is_none() && !self.desk.corners.is_empty() {
            marks::begun(&painter, self.place, &self.desk.corners, self.desk.next);
        }
        if let Some(e) = self.frame.extremes.filter(|_| self.figures) {
            marks::coldest(&painter, self.place.of_index(e.min_at as usize));
        }
        if let Some(cursor) = self.desk.pointed().filter(|_| self.focused) {
            marks::cursor(&painter, self.place.of_cell(cursor));
        }
        self.tags(&painter, chosen);
    }

    /// What is drawn as selected: the draft, or else what is selected.
    fn chosen(&self) -> Option<&RegionId> {
        self.desk.draft.as_ref().map(|draft| &draft.id).or(self.desk.selected.as_ref())
    }

    fn mark(&self, painter: &Painter, region: &Region) {
        let chosen = self.chosen() == Some(&region.id);
        marks::region(painter, self.place, region, if chosen { over_heat::CHOSEN } else { over_heat::MARK });
    }

    fn tags(&self, painter: &Painter, chosen: Option<&RegionId>) {
        let mut all: Vec<(Rect, LayoutJob)> = Vec::new();
        let making = self.desk.tool != Tool::Hand && self.desk.draft.is_none();
        if let Some(cursor) = self.desk.pointed().filter(|_| self.focused && making) {
            all.push((self.place.of_cell(cursor), self.cursor_words(cursor)));
        }
        let mut regions: Vec<&Region> = self.regions.regions.iter().collect();
        regions.sort_by_key(|region| (Some(&region.id) != chosen, !matches!(region.shape, Shape::Spot(_))));
        all.extend(regions.iter().map(|region| (self.mark_of(region), self.words(region))));
        if let Some(e) = self.frame.extremes.filter(|_| self.figures) {
            for (word, celsius, at) in [("max", e.max, e.max_at), ("min", e.min, e.min_at)] {
                let mark = Rect::from_center_size(self.place.of_index(at as usize), Vec2::splat(size::CROSS));
                all.push((mark, plain(&format!("{word} {}", words::degrees(Some(celsius), self.scale)))));
            }
        }
        let galleys: Vec<_> = all.into_iter().map(|(mark, job)| (mark, painter.layout_job(job))).collect();
        let pad = vec2(2.0 * TAG_PAD, 2.0);
        let wanted: Vec<_> =
            galleys.iter().map(|(mark, galley)| Wanted { mark: *mark, size: galley.size() + pad }).collect();
        let places = tags::place(&wanted, self.place.rect.shrink(2.0));
        // The first wanted is on top.
        for ((_, galley), rect) in galleys.into_iter().zip(places).rev() {
            painter.rect_filled(rect, CornerRadius::same(radius::PICTURE), over_heat::TAG);
            painter.galley(rect.min + vec2(TAG_PAD, 1.0), galley, over_heat::TAG_TEXT);
        }
    }

    /// What a region's tag stands beside.
    fn mark_of(&self, region: &Region) -> Rect {
        match &region.shape {
            Shape::Spot(cell) => Rect::from_center_size(self.place.of_cell(*cell).center(), Vec2::splat(size::CROSS)),
            Shape::Line { from, to } => {
                // Beside its upper end: the middle is for what it lies over.
                let [a, b] = [*from, *to].map(|cell| self.place.of_cell(cell).center());
                Rect::from_center_size(if a.y < b.y { a } else { b }, Vec2::splat(size::HANDLE_HIT))
            }
            shape => {
                let (near, far) = shapes::bounds(shape);
                Rect::from_two_pos(self.place.on_screen(near), self.place.on_screen(far))
            }
        }
    }

    /// `S1 41.2`, `B1 max 44.0 avg 36.1`, `L1 max 34.5`, `M1`.
    fn words(&self, region: &Region) -> LayoutJob {
        let mut job = style::job(region.id.as_str(), text::KEY, over_heat::CHOSEN);
        let degrees = |figure| words::degrees(self.meters.figure(&region.id, figure), self.scale);
        let figures = match &region.shape {
            _ if region.mask || !self.figures => return job,
            Shape::Spot(_) => format!(" {}", degrees(Figure::Max)),
            Shape::Line { .. } => format!(" max {}", degrees(Figure::Max)),
            _ => format!(" max {} avg {}", degrees(Figure::Max), degrees(Figure::Mean)),
        };
        style::append(&mut job, &figures, text::KEY, over_heat::TAG_TEXT);
        job
    }

    fn cursor_words(&self, cursor: Cell) -> LayoutJob {
        let index = usize::from(cursor.row) * self.frame.size.cols() + usize::from(cursor.col);
        let figure = words::degrees(self.frame.get(index), self.scale);
        let mut job = style::job(&figure, text::KEY, over_heat::TAG_TEXT);
        let at = format!("  row {} col {}", cursor.row + 1, cursor.col + 1);
        style::append(&mut job, &at, text::AXIS_FIGURE, over_heat::TAG_SIDE);
        job
    }
}

/// Room at the sides of a tag's words.
const TAG_PAD: f32 = space::XS + 1.0;

fn plain(words: &str) -> LayoutJob {
    style::job(words, text::AXIS_FIGURE, over_heat::TAG_TEXT)
}
