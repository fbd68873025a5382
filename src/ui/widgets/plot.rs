//! Plots: lines over time with their band from lowest to highest, limits, and the times of alarms.
//!
//! Invariant: a line is broken where nothing was heard; a series is known by its name and its dashes, not by hue alone.
//! Invariant: nothing here thins or sorts: what is painted was prepared by [`crate::report::chart`] when it arrived.

use std::ops::Range;

use egui::{
    Align2, Color32, CornerRadius, CursorIcon, EventFilter, Id, Key, Mesh, Modifiers, Painter, Pos2, Rect, Response,
    Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::alarms::rule::Level;
use crate::model::history::Point;
use crate::report::chart::{self, Axis};
use crate::ui::theme::{Tokens, dash, radius, shade as tint, size, space, stroke, text};
use crate::ui::widgets::{self, alarm_shape};
use crate::ui::{style, words};

/// What one notch of the wheel leaves of the span.
const NOTCH: f64 = 0.8;
/// The shortest span one can zoom to, ms.
const SHORTEST: i64 = 2_000;

/// A line, ready to be painted.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Its name; empty if it goes without saying.
    pub name: &'a str,
    /// Its points in the unit shown, ascending by time.
    pub points: &'a [Point],
    /// Where it is whole.
    pub runs: &'a [Range<usize>],
    /// Its place among the series colours, 0..=5.
    pub series: usize,
}

/// A dashed line across the plot.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Where, in the unit shown.
    pub value: f64,
    /// What it is called.
    pub name: String,
}

/// The time of an alarm.
#[derive(Clone, Copy, Debug)]
pub struct Shade {
    /// When it begins, ms since 1970.
    pub from_ms: i64,
    /// When it ends.
    pub to_ms: i64,
    /// How bad it was.
    pub level: Level,
}

/// What was asked for with the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Another span of time.
    Zoom {
        /// From, ms since 1970.
        from_ms: i64,
        /// To.
        to_ms: i64,
    },
    /// Back to the whole.
    Reset,
    /// A time was clicked at.
    Mark {
        /// Which, ms since 1970.
        at_ms: i64,
    },
    /// An arrow was pressed: the marked time a little later or earlier.
    Nudge {
        /// Later.
        forward: bool,
    },
}

/// A plot.
pub struct Plot<'a> {
    /// What a screen reader says, and what tells this plot from others on the page.
    pub name: &'a str,
    /// Lines.
    pub lines: &'a [Line<'a>],
    /// Limits.
    pub limits: &'a [Limit],
    /// Times of alarms.
    pub shades: &'a [Shade],
    /// The span of time, ms since 1970.
    pub span: (i64, i64),
    /// The unit behind values.
    pub unit: &'a str,
    /// Where people read the time.
    pub zone: &'a TimeZone,
    /// The least height of the axis of values, in the unit shown.
    pub least: f64,
}

impl Plot<'_> {
    /// Paints the plot and senses the pointer: dragging and the wheel zoom, a click marks a time, a double click goes
    /// back. Left and Right move the mark while it has the keyboard.
    pub fn show(&self, ui: &Ui, rect: Rect) -> Option<Wish> {
        let area = inside(rect);
        let response = ui.interact(area, ui.scope_id().with(("plot", self.name)), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, self.name));
        let response = response.on_hover_cursor(CursorIcon::Crosshair);
        let axis = self.axis()?;
        let t = style::tokens(ui);
        self.grid(ui, area, axis, t);
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        self.paint(&painter, area, axis, t);
        self.names(ui.painter(), area, rect.right(), axis, t);
        widgets::focus_ring(ui, &response, radius::PICTURE);
        if let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) {
            self.tell(&painter, area, axis, pointer, t);
        }
        if response.has_focus()
            && let Some(forward) = arrow(ui, &response)
        {
            return Some(Wish::Nudge { forward });
        }
        self.zoom(ui, area, &response, t)
    }

    /// Paints a marked time into the same rectangle.
    pub fn mark(&self, ui: &Ui, rect: Rect, at_ms: i64) {
        let area = inside(rect);
        let color = style::tokens(ui).text1;
        let x = self.x(area, at_ms);
        ui.painter().vline(x, area.y_range(), Stroke::new(stroke::HEAD, color));
        ui.painter().circle_filled(pos2(x, area.bottom()), size::KNOB / 2.0, color);
    }

    /// Paints lines, limits and alarm times without figures around them.
    pub fn paint_bare(&self, ui: &Ui, area: Rect) {
        let Some(axis) = self.axis() else { return };
        let painter = ui.painter().with_clip_rect(area.expand(stroke::MARK).intersect(ui.clip_rect()));
        self.paint(&painter, area, axis, style::tokens(ui));
    }

    fn axis(&self) -> Option<Axis> {
        let ends = self.lines.iter().flat_map(|line| line.points).flat_map(|p| [f64::from(p.min), f64::from(p.max)]);
        let measured = chart::bounds(ends)?;
        // A limit far away would press the line flat: it is shown once the values come near.
        let reach = 3.0 * (measured.1 - measured.0).max(self.least) + 0.5 * measured.1.abs();
        let near = self.limits.iter().map(|limit| limit.value);
        let near = near.filter(|value| (measured.0 - reach..=measured.1 + reach).contains(value));
        Axis::around(near.chain([measured.0, measured.1]), self.least)
    }

    fn x(&self, area: Rect, at_ms: i64) -> f32 {
        let width = (self.span.1 - self.span.0).max(1) as f64;
        area.left() + ((at_ms - self.span.0) as f64 / width) as f32 * area.width()
    }

    fn time(&self, area: Rect, x: f32) -> i64 {
        let share = f64::from((x - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0);
        self.span.0 + (share * (self.span.1 - self.span.0) as f64) as i64
    }

    fn grid(&self, ui: &Ui, area: Rect, axis: Axis, t: &Tokens) {
        let line = Stroke::new(stroke::HAIR, t.line);
        let ticks = chart::value_ticks(axis, (area.height() / size::PLOT_LINE) as usize);
        for value in ticks.at {
            let y = y(area, axis, value);
            ui.painter().hline(area.x_range(), y, line);
            let words = words::minus(&format!("{value:.*}", ticks.decimals));
            let at = pos2(area.left() - space::S, y);
            style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &words, text::AXIS_FIGURE, t.text3);
        }
        let at = area.left_bottom() + vec2(-space::S, space::XS);
        style::paint(ui.painter(), at, Align2::RIGHT_TOP, self.unit, text::COLUMN, t.text3);
        let most = (area.width() / size::PLOT_TICK) as usize;
        let ticks = chart::time_ticks(self.span.0, self.span.1, most, |at| offset_ms(at, self.zone));
        let pattern = ticks.pattern();
        for at in ticks.at {
            let x = self.x(area, at);
            ui.painter().vline(x, area.y_range(), line);
            let words = style::job(&written(at, pattern, self.zone), text::AXIS_FIGURE, t.text3);
            let words = ui.painter().layout_job(words);
            let left = x - words.size().x / 2.0;
            // The unit stands there already.
            if left >= area.left() {
                ui.painter().galley(pos2(left, area.bottom() + space::XS), words, t.text3);
            }
        }
    }

    fn paint(&self, painter: &Painter, area: Rect, axis: Axis, t: &Tokens) {
        for shade in self.shades {
            self.shade(painter, area, *shade, t);
        }
        for limit in self.limits {
            let y = y(area, axis, limit.value);
            let line = [pos2(area.left(), y), pos2(area.right(), y)];
            dashed(painter, &line, Stroke::new(t.chart, t.danger), dash::LIMIT);
        }
        for line in self.lines {
            let color = t.series.get(line.series).copied().unwrap_or(t.text2);
            let pattern = dash::SERIES.get(line.series).copied().unwrap_or_default();
            for run in line.runs {
                let points = line.points.get(run.clone()).unwrap_or_default();
                painter.add(Shape::mesh(self.band(area, axis, points, color.gamma_multiply(tint::BAND))));
                let mean: Vec<Pos2> =
                    points.iter().map(|p| pos2(self.x(area, p.at_ms), y(area, axis, f64::from(p.mean)))).collect();
                match mean.as_slice() {
                    [alone] => drop(painter.circle_filled(*alone, t.chart, color)),
                    _ => dashed(painter, &mean, Stroke::new(t.chart, color), pattern),
                }
            }
        }
    }

    fn band(&self, area: Rect, axis: Axis, points: &[Point], color: Color32) -> Mesh {
        let mut mesh = Mesh::default();
        for (i, point) in points.iter().enumerate() {
            let x = self.x(area, point.at_ms);
            mesh.colored_vertex(pos2(x, y(area, axis, f64::from(point.max))), color);
            mesh.colored_vertex(pos2(x, y(area, axis, f64::from(point.min))), color);
            if i > 0 {
                let i = 2 * i as u32;
                mesh.add_triangle(i - 2, i - 1, i);
                mesh.add_triangle(i - 1, i, i + 1);
            }
        }
        mesh
    }

    fn shade(&self, painter: &Painter, area: Rect, shade: Shade, t: &Tokens) {
        let x = |at| self.x(area, at).clamp(area.left(), area.right());
        let (left, right) = (x(shade.from_ms), x(shade.to_ms));
        if shade.to_ms < self.span.0 || shade.from_ms > self.span.1 {
            return;
        }
        let color = alarm_shape::ink(shade.level, t);
        let rect = Rect::from_min_max(pos2(left, area.top()), pos2(right, area.bottom()));
        painter.rect_filled(rect, CornerRadius::ZERO, color.gamma_multiply(tint::SPAN));
        for x in [left, right] {
            dashed(
                painter,
                &[pos2(x, area.top()), pos2(x, area.bottom())],
                Stroke::new(stroke::HAIR, color),
                dash::DOTS,
            );
        }
        let middle = f32::midpoint(left, right).clamp(area.left() + size::SHAPE, area.right() - size::SHAPE);
        alarm_shape::level(painter, pos2(middle, area.top() + space::M), size::SHAPE, shade.level, t);
    }

    /// The names of lines at their ends, and of limits, none over another.
    fn names(&self, painter: &Painter, area: Rect, right: f32, axis: Axis, t: &Tokens) {
        let mut names: Vec<(f32, &str, Color32)> = Vec::new();
        for line in self.lines.iter().filter(|line| !line.name.is_empty()) {
            if let Some(last) = line.points.last() {
                let color = t.series.get(line.series).copied().unwrap_or(t.text2);
                names.push((y(area, axis, f64::from(last.mean)), line.name, color));
            }
        }
        for limit in self.limits.iter().filter(|limit| (0.0..=1.0).contains(&axis.share(limit.value))) {
            names.push((y(area, axis, limit.value), &limit.name, t.danger));
        }
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = area.top();
        for (wanted, name, color) in names {
            let y = wanted.max(free + text::AXIS_FIGURE.line / 2.0).min(area.bottom());
            free = y + text::AXIS_FIGURE.line / 2.0;
            let at = pos2(area.right() + space::S, y);
            let room = right - at.x;
            let wide = |words: &str| painter.layout_job(style::job(words, text::SIDE, color)).size().x;
            // Of a limit the figure is left at least.
            let name = match name.rsplit_once(' ') {
                Some((_, figure)) if color == t.danger && wide(name) > room => figure,
                _ => name,
            };
            style::paint_within(painter, at, Align2::LEFT_CENTER, name, text::SIDE, color, room);
        }
    }

    /// The time under the pointer, and what each line shows there.
    fn tell(&self, painter: &Painter, area: Rect, axis: Axis, pointer: Pos2, t: &Tokens) {
        let at_ms = self.time(area, pointer.x);
        let near = self.lines.iter().filter_map(|line| {
            let point = line.points.get(chart::nearest(line.points, at_ms)?)?;
            Some((line, point)).filter(|(_, point)| (self.x(area, point.at_ms) - pointer.x).abs() < 12.0)
        });
        let near: Vec<_> = near.collect();
        let shown = near.first().map_or(at_ms, |(_, point)| point.at_ms);
        let x = self.x(area, shown);
        painter.vline(x, area.y_range(), Stroke::new(stroke::HAIR, t.text3));
        let mut rows = vec![(written(shown, "%d %b %H:%M:%S", self.zone), t.text2)];
        for (line, point) in near {
            let color = t.series.get(line.series).copied().unwrap_or(t.text2);
            painter.circle_filled(pos2(x, y(area, axis, f64::from(point.mean))), 3.0, color);
            rows.push((format!("{}  {}", figures(point, self.unit), line.name).trim_end().to_owned(), t.text1));
        }
        tag(painter, area, pos2(x, pointer.y), &rows, t);
    }

    fn zoom(&self, ui: &Ui, area: Rect, response: &Response, t: &Tokens) -> Option<Wish> {
        if response.double_clicked() {
            return Some(Wish::Reset);
        }
        if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.clicked()) {
            return Some(Wish::Mark { at_ms: self.time(area, pointer.x) });
        }
        let id: Id = response.id.with("from");
        if response.drag_started()
            && let Some(pointer) = ui.input(|i| i.pointer.press_origin())
        {
            ui.data_mut(|data| data.insert_temp(id, pointer.x));
        }
        let start: Option<f32> = ui.data(|data| data.get_temp(id));
        if let (Some(start), Some(pointer)) = (start, response.interact_pointer_pos()) {
            let x = pointer.x.clamp(area.left(), area.right());
            let chosen = Rect::from_x_y_ranges(start.min(x)..=start.max(x), area.y_range());
            if response.dragged() {
                let border = Stroke::new(stroke::HAIR, t.ember);
                let kind = egui::StrokeKind::Inside;
                ui.painter().rect(chosen, CornerRadius::ZERO, t.ember.gamma_multiply(tint::SPAN), border, kind);
            }
            if response.drag_stopped() {
                ui.data_mut(|data| data.remove::<f32>(id));
                let (from_ms, to_ms) = (self.time(area, chosen.left()), self.time(area, chosen.right()));
                return (chosen.width() > 4.0).then_some(Wish::Zoom { from_ms, to_ms });
            }
        }
        self.wheel(ui, area, response)
    }

    fn wheel(&self, ui: &Ui, area: Rect, response: &Response) -> Option<Wish> {
        let pointer = response.hover_pos()?;
        // Taken away, or the page would scroll as well.
        let turned = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta.y));
        if turned == 0.0 {
            return None;
        }
        let factor = NOTCH.powf(f64::from(turned / 50.0).clamp(-4.0, 4.0));
        let at = self.time(area, pointer.x);
        let scaled = |end: i64| at + ((end - at) as f64 * factor) as i64;
        let (from_ms, to_ms) = (scaled(self.span.0), scaled(self.span.1));
        (to_ms - from_ms >= SHORTEST).then_some(Wish::Zoom { from_ms, to_ms })
    }
}

/// Where lines are drawn in the rectangle of a plot.
fn inside(rect: Rect) -> Rect {
    let right = (rect.width() / 5.0).clamp(size::PLOT_RIGHT[0].min(rect.width() / 3.0), size::PLOT_RIGHT[1]);
    Rect::from_min_max(rect.min + vec2(size::PLOT_LEFT, 0.0), rect.max - vec2(right, size::PLOT_FOOT))
}

/// Whether Right or Left was pressed; both stay with what has the keyboard.
fn arrow(ui: &Ui, response: &Response) -> Option<bool> {
    let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    [(Key::ArrowRight, true), (Key::ArrowLeft, false)].into_iter().find(|(key, _)| pressed(*key)).map(|(_, on)| on)
}

fn y(area: Rect, axis: Axis, value: f64) -> f32 {
    area.bottom() - axis.share(value) as f32 * area.height()
}

/// One value, or the range of a stretch of time.
fn figures(point: &Point, unit: &str) -> String {
    let figure = |value: f32| words::minus(&format!("{value:.1}"));
    let range = if point.max - point.min >= 0.05 {
        format!(" ({}\u{2013}{})", figure(point.min), figure(point.max))
    } else {
        String::new()
    };
    let space = if unit.is_empty() { "" } else { "\u{a0}" };
    format!("{}{space}{unit}{range}", figure(point.mean))
}

/// Paints a line in dashes; a pattern without dashes is a whole line.
pub fn dashed(painter: &Painter, points: &[Pos2], stroke: Stroke, pattern: (&[f32], &[f32])) {
    if pattern.0.is_empty() {
        painter.add(Shape::line(points.to_vec(), stroke));
    } else {
        painter.extend(Shape::dashed_line_with_offset(points, stroke, pattern.0, pattern.1, 0.0));
    }
}

/// Paints some lines of text beside a point, within `area`.
pub fn tag(painter: &Painter, area: Rect, at: Pos2, rows: &[(String, Color32)], t: &Tokens) {
    let galleys: Vec<_> =
        rows.iter().map(|(words, color)| painter.layout_job(style::job(words, text::AXIS_FIGURE, *color))).collect();
    let width = galleys.iter().map(|galley| galley.size().x).fold(0.0, f32::max) + 2.0 * space::S;
    let height = galleys.iter().map(|galley| galley.size().y).sum::<f32>() + 2.0 * space::XS;
    let left = if at.x + space::M + width < area.right() { at.x + space::M } else { at.x - space::M - width };
    let top = (at.y - height - space::S).clamp(area.top(), (area.bottom() - height).max(area.top()));
    let place = Rect::from_min_size(pos2(left.max(area.left()), top), vec2(width, height));
    let border = Stroke::new(stroke::HAIR, t.edge);
    painter.rect(place, CornerRadius::same(radius::CONTROL), t.bg3, border, egui::StrokeKind::Inside);
    let mut at = place.min + vec2(space::S, space::XS);
    for galley in galleys {
        let down = galley.size().y;
        painter.galley(at, galley, t.text1);
        at.y += down;
    }
}

fn offset_ms(at_ms: i64, zone: &TimeZone) -> i64 {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    i64::from(zone.to_offset(at).seconds()) * 1_000
}

fn written(at_ms: i64, pattern: &str, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or_default().to_zoned(zone.clone()).strftime(pattern).to_string()
}
