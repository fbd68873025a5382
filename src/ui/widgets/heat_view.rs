//! A heat picture: cells in colours, the hottest marked, broken ones hatched, an isotherm outlined, the temperature under
//! the pointer.
//!
//! Invariant: every figure comes from a cell of the grid through the mounting, never from the picture's pixels.

use egui::{
    Align2, Color32, CornerRadius, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::ui::outline::Line;
use crate::ui::paint::Paint;
use crate::ui::pictures::{Pictures, Run, Wanted};
use crate::ui::style;
use crate::ui::theme::{dash, over_heat, radius, size, space, stroke, text};
use crate::ui::words;
use crate::units::grid::{Mounting, Size};
use crate::units::temperature::Scale;

/// From the hottest cell to the nearest corner of its figure.
const BESIDE: Vec2 = vec2(14.0, -6.0);
/// Pixels that a smooth picture may have: beyond, the screen's own filter is as good.
const MOST_PIXELS: usize = 96_000;

/// How a heat picture is shown.
pub struct HeatView<'a> {
    /// Whose.
    pub id: &'a DeviceId,
    /// How it is mounted.
    pub mounting: Mounting,
    /// Colours.
    pub lut: &'static [[u8; 3]; 256],
    /// Interpolated instead of cells.
    pub smooth: bool,
    /// Whether the picture is old news: then nothing in it is marked as if it were now.
    pub lost: bool,
    /// Scale of temperatures.
    pub scale: Scale,
    /// What a screen reader says.
    pub sentence: &'a str,
    /// How the hottest cell is marked.
    pub hottest: Hottest,
    /// Whether the cell under the pointer says its temperature here.
    pub tag: bool,
}

/// How the hottest cell is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hottest {
    /// Not at all.
    Plain,
    /// By a cross.
    Cross,
    /// By a cross with its figure.
    Figure,
}

/// The largest rectangle of a picture's own proportions in `well`, centred.
#[must_use]
pub fn fit(well: Rect, shown: Size) -> Rect {
    let cell = (well.width() / shown.cols() as f32).min(well.height() / shown.rows() as f32);
    Rect::from_center_size(well.center(), vec2(cell * shown.cols() as f32, cell * shown.rows() as f32))
}

impl HeatView<'_> {
    /// Paints the picture into `well` and senses clicks on it.
    pub fn show(&self, ui: &Ui, well: Rect, pictures: &mut Pictures, response: &Response) {
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.sentence));
        let t = style::tokens(ui);
        ui.painter().rect_filled(well, CornerRadius::ZERO, t.bg0);
        if !ui.is_rect_visible(well) {
            return;
        }
        let Some(frame) = pictures.frame(self.id) else { return };
        let shown = self.mounting.shown(frame.size);
        let rect = fit(well, shown);
        let painter = ui.painter().with_clip_rect(well.intersect(ui.clip_rect()));
        if frame.extremes.is_none() {
            hatch(&painter, well, 12.0);
            return;
        }
        let wanted = Wanted {
            mounting: self.mounting,
            lut: self.lut,
            paint: if self.lost { Paint::Heat } else { pictures.paint(self.id) },
            span: pictures.span(self.id),
            factor: if self.smooth { factor(rect.size() * ui.pixels_per_point(), frame.size) } else { 0 },
        };
        if let Some(texture) = pictures.texture(ui.ctx(), self.id, wanted) {
            let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(texture, rect, uv, Color32::WHITE);
        }
        let cell = vec2(rect.width() / shown.cols() as f32, rect.height() / shown.rows() as f32);
        if let Some(picture) = pictures.get(self.id) {
            dead_cells(&painter, rect.min, cell, &picture.dead);
        }
        if !self.lost {
            let scale = rect.width() / shown.cols() as f32;
            pictures.outline(self.id, self.mounting).iter().for_each(|line| contour(&painter, rect.min, scale, line));
        }
        if !self.lost && self.hottest != Hottest::Plain {
            self.mark_hottest(&painter, well, rect, &frame);
        }
        if let Some(pointer) = response.hover_pos().filter(|p| self.tag && rect.contains(*p)) {
            self.tag(&painter, rect, pointer, &frame);
        }
    }

    fn mark_hottest(&self, painter: &Painter, well: Rect, rect: Rect, frame: &ThermalFrame) {
        let Some(extremes) = frame.extremes else { return };
        let (col, row) = self.mounting.place_of(frame.size, extremes.max_at as usize);
        let at = cell_rect(rect, self.mounting.shown(frame.size), col, row).center();
        cross(painter, at);
        if self.hottest == Hottest::Figure {
            let words = format!("max {}", words::degrees(Some(extremes.max), self.scale));
            let galley = painter.layout_job(style::job(&words, text::AXIS_FIGURE, over_heat::TAG_TEXT));
            if let Some(place) = beside_hottest(well, at, galley.size() + vec2(12.0, 2.0)) {
                painter.rect_filled(place, CornerRadius::same(radius::PICTURE), over_heat::TAG);
                painter.galley(place.min + vec2(6.0, 1.0), galley, over_heat::TAG_TEXT);
            }
        }
    }

    /// The temperature of the cell under the pointer, where it is, and the mean of its neighbours.
    fn tag(&self, painter: &Painter, rect: Rect, pointer: Pos2, frame: &ThermalFrame) {
        let shown = self.mounting.shown(frame.size);
        let (x, y) = under(rect, shown, pointer);
        let index = self.mounting.cell_at(frame.size, x, y);
        mark_cell(painter, cell_rect(rect, shown, x, y));
        let (row, col) = (index / frame.size.cols() + 1, index % frame.size.cols() + 1);
        let value = match frame.get(index) {
            Some(celsius) => words::degrees_with_unit(Some(celsius), self.scale),
            None => "no value".to_owned(),
        };
        let place = format!("row {row} col {col}");
        let around = format!("neighbours {}", words::degrees(neighbours(frame, index), self.scale));
        tag(painter, rect, pointer, &value, [&place, &around]);
    }
}

/// Where the figure of the cell at `at` stands in a well: right of it, or else left, and whole; `None` if it has no room.
#[must_use]
pub fn beside_hottest(well: Rect, at: Pos2, size: Vec2) -> Option<Rect> {
    if size.x > well.width() || size.y > well.height() {
        return None;
    }
    let side = if at.x + BESIDE.x + size.x < well.right() { Align2::LEFT_BOTTOM } else { Align2::RIGHT_BOTTOM };
    let offset = if side == Align2::LEFT_BOTTOM { BESIDE } else { vec2(-BESIDE.x, BESIDE.y) };
    let place = side.anchor_size(at + offset, size);
    let inside = place.min.clamp(well.min, well.max - size);
    Some(Rect::from_min_size(inside, size))
}

/// The column and row of a picture in `rect` that is at `at`, or nearest to it.
#[must_use]
pub fn under(rect: Rect, shown: Size, at: Pos2) -> (usize, usize) {
    let share = (at - rect.min) / rect.size();
    let place = |share: f32, n: usize| ((share * n as f32) as usize).min(n - 1);
    (place(share.x, shown.cols()), place(share.y, shown.rows()))
}

/// Where a cell of a picture in `rect` is, by its column and row as shown.
#[must_use]
pub fn cell_rect(rect: Rect, shown: Size, x: usize, y: usize) -> Rect {
    let cell = vec2(rect.width() / shown.cols() as f32, rect.height() / shown.rows() as f32);
    Rect::from_min_size(rect.min + vec2(x as f32, y as f32) * cell, cell)
}

/// Marks a cell.
pub fn mark_cell(painter: &Painter, cell: Rect) {
    let kind = egui::StrokeKind::Outside;
    painter.rect_stroke(cell, CornerRadius::ZERO, Stroke::new(stroke::SELECTED, over_heat::HALO), kind);
    painter.rect_stroke(cell, CornerRadius::ZERO, Stroke::new(stroke::HAIR, over_heat::MARK), kind);
}

/// Paints a line of an isotherm: dashes, dark outside, white inside.
fn contour(painter: &Painter, origin: Pos2, cell: f32, line: &Line) {
    let points: Vec<Pos2> = line.iter().map(|(x, y)| origin + vec2(*x, *y) * cell).collect();
    for part in dashes(&points, dash::ISOTHERM) {
        for (side, color) in [(-0.5, over_heat::HALO), (0.5, over_heat::MARK)] {
            let path = beside(&part, side * stroke::CONTOUR);
            painter.add(Shape::line(path, Stroke::new(stroke::CONTOUR, color)));
        }
    }
}

/// The dashes of a line: each goes around its corners.
fn dashes(points: &[Pos2], (dash, gap): (f32, f32)) -> Vec<Vec<Pos2>> {
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    let (mut on, mut left) = (true, dash);
    part.extend(points.first().copied());
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut room = (to - from).length();
        while room > left {
            from += (to - from) * (left / room);
            room -= left;
            if on {
                part.push(from);
                parts.push(std::mem::take(&mut part));
            } else {
                part = vec![from];
            }
            on = !on;
            left = if on { dash } else { gap };
        }
        left -= room;
        if on {
            part.push(to);
        }
    }
    if part.len() > 1 {
        parts.push(part);
    }
    parts
}

/// A line moved to its left, seen with `y` down, by so many points.
fn beside(line: &[Pos2], by: f32) -> Vec<Pos2> {
    let normal = |i: usize| {
        let (before, after) = (line[i.saturating_sub(1)], line[(i + 1).min(line.len() - 1)]);
        let way = (after - before).normalized();
        vec2(way.y, -way.x)
    };
    (0..line.len()).map(|i| line[i] + normal(i) * by).collect()
}

/// The mean of the up to eight cells around a cell, C; `None` if none of them has a value.
#[must_use]
pub fn neighbours(frame: &ThermalFrame, index: usize) -> Option<f32> {
    let (cols, rows) = (frame.size.cols() as isize, frame.size.rows() as isize);
    let (col, row) = (index as isize % cols, index as isize / cols);
    let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (col + dx, row + dy)));
    let values = around
        .filter(|&(x, y)| (x, y) != (col, row) && x >= 0 && y >= 0 && x < cols && y < rows)
        .filter_map(|(x, y)| frame.seen((y * cols + x) as usize));
    let (sum, n) = values.fold((0.0, 0_u8), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / f32::from(n))
}

/// Smooth cells for each cell: about one for two pixels of the screen, and never more than the budget.
fn factor(pixels: Vec2, size: Size) -> usize {
    let wanted = (pixels.x.max(pixels.y) / size.cols().max(size.rows()) as f32 / 2.0).ceil() as usize;
    let most = ((MOST_PIXELS as f32 / size.cells() as f32).sqrt() as usize).max(2);
    wanted.clamp(2, 8).min(most)
}

fn cross(painter: &Painter, at: Pos2) {
    let (near, far) = (3.0, size::CROSS / 2.0);
    let arms = [vec2(1.0, 0.0), vec2(-1.0, 0.0), vec2(0.0, 1.0), vec2(0.0, -1.0)];
    for (width, color) in [(stroke::HALO, over_heat::HALO), (stroke::MARK, over_heat::MARK)] {
        let more = (width - stroke::MARK) / 2.0;
        for arm in arms {
            painter.line_segment([at + arm * (near - more), at + arm * (far + more)], Stroke::new(width, color));
        }
    }
}

fn dead_cells(painter: &Painter, origin: Pos2, cell: Vec2, dead: &[Run]) {
    for &(row, start, end) in dead {
        let min = origin + vec2(start as f32 * cell.x, row as f32 * cell.y);
        let run = Rect::from_min_size(min, vec2((end - start) as f32 * cell.x, cell.y));
        hatch(painter, run, (cell.y / 2.0).clamp(3.0, 8.0));
    }
}

/// Hatches a rectangle: what no value was measured for.
pub fn hatch(painter: &Painter, rect: Rect, gap: f32) {
    painter.rect_filled(rect, CornerRadius::ZERO, over_heat::DEAD);
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let line = Stroke::new(stroke::HAIR, over_heat::DEAD_LINE);
    let n = ((rect.width() + rect.height()) / gap) as usize;
    for i in 1..=n {
        let x = rect.left() + i as f32 * gap;
        painter.line_segment([pos2(x, rect.top()), pos2(x - rect.height(), rect.bottom())], line);
    }
}

fn tag(painter: &Painter, rect: Rect, pointer: Pos2, value: &str, side: [&str; 2]) {
    let value = painter.layout_job(style::job(value, text::TILE_FIGURE, over_heat::TAG_TEXT));
    let side = side.map(|line| painter.layout_job(style::job(line, text::AXIS_FIGURE, over_heat::TAG_SIDE)));
    let width = side.iter().map(|g| g.size().x).fold(value.size().x, f32::max) + 2.0 * space::S;
    let height = value.size().y + side.iter().map(|g| g.size().y).sum::<f32>() + 2.0 * space::XS;
    let x =
        if pointer.x + space::L + width < rect.right() { pointer.x + space::L } else { pointer.x - space::L - width };
    let y = (pointer.y - height / 2.0).clamp(rect.top(), (rect.bottom() - height).max(rect.top()));
    let place = Rect::from_min_size(pos2(x.max(rect.left()), y), vec2(width, height));
    painter.rect_filled(place, CornerRadius::same(radius::CONTROL), over_heat::TAG);
    let mut at = place.min + vec2(space::S, space::XS);
    for galley in std::iter::once(value).chain(side) {
        let down = galley.size().y;
        painter.galley(at, galley, over_heat::TAG_TEXT);
        at.y += down;
    }
}

/// Senses a picture: it can be clicked, and has the keyboard's focus.
#[must_use]
pub fn sense(ui: &Ui, rect: Rect, id: &DeviceId) -> Response {
    ui.interact(rect, ui.scope_id().with(("heat", id)), Sense::click())
}
