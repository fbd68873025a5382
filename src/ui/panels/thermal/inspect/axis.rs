//! The axis of an inspected picture: the palette bar, the histogram that lies on it, the handles of the range and the
//! isotherm across both.
//!
//! Invariant: the axis holds the whole picture and the whole range; while a handle is dragged it stands still.

use egui::accesskit::{Action, ActionData};
use egui::{
    Align2, CornerRadius, EventFilter, Id, Key, Modifiers, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::heat::histogram::Histogram;
use crate::heat::isotherm::Isotherm;
use crate::heat::picture::Span;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::ui::paint::Paint;
use crate::ui::scene::Scene;
use crate::ui::theme::{Tokens, dash, over_heat, radius, size, space, stroke, text};
use crate::ui::views::LEAST_HELD;
use crate::ui::widgets::palette_bar;
use crate::ui::{style, words};
use crate::units::temperature::Scale;

/// A step of the arrow keys, K; with Shift.
const STEP: (f32, f32) = (0.1, 1.0);

/// Values along the bar.
#[derive(Clone, Copy)]
struct Axis {
    bar: Rect,
    low: f32,
    high: f32,
}

impl Axis {
    fn y(&self, value: f32) -> f32 {
        self.bar.bottom() - (value - self.low) / (self.high - self.low) * self.bar.height()
    }

    fn at(&self, y: f32) -> f32 {
        self.low + (self.bar.bottom() - y) / self.bar.height() * (self.high - self.low)
    }
}

/// Draws it `height` high; a handle that is moved holds the range.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, id: &DeviceId, frame: &ThermalFrame, height: f32) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let (span, paint, scale) = (scene.pictures.span(id), scene.pictures.paint(id), scene.choices.scale);
    let bar = Rect::from_min_size(
        rect.min + vec2(size::AXIS, space::S),
        vec2(size::PALETTE_LARGE, rect.height() - 2.0 * space::S),
    );
    let held = ui.scope_id().with("axis");
    let (low, high) = ui.data(|data| data.get_temp(held)).unwrap_or_else(|| ends(&paint, frame, span));
    let axis = Axis { bar, low, high };
    palette_bar::paint(ui.painter(), bar, &paint.along(scene.choices.palette.lut(), span, (low, high)));
    figures(ui.painter(), &axis, &paint, scale, t);
    let isotherm = scene.stage.views.of(id).isotherm.filter(|_| !paint.is_difference());
    histogram(ui, &axis, &paint, frame, isotherm, rect.right());
    if let Some(isotherm) = isotherm {
        outline(ui, &axis, frame, isotherm, scale, rect);
    }
    let handles = Handles { axis, paint: &paint, scale };
    let (bottom, to_low) = handles.show(ui, "Low end of the range", span.0);
    let (top, to_high) = handles.show(ui, "High end of the range", span.1);
    let low_to = to_low.map(|to| (to.min(span.1 - LEAST_HELD), span.1));
    let high_to = to_high.map(|to| (span.0, to.max(span.0 + LEAST_HELD)));
    if let Some(to) = low_to.or(high_to) {
        scene.stage.views.hold(id, paint.held(to, span));
        ui.ctx().request_repaint();
    }
    ui.data_mut(|data| {
        if bottom.dragged() || top.dragged() {
            data.insert_temp(held, (low, high));
        } else {
            data.remove::<(f32, f32)>(held);
        }
    });
}

/// The ends of the axis: of the picture and of the range.
fn ends(paint: &Paint, frame: &ThermalFrame, span: (f32, f32)) -> (f32, f32) {
    match frame.extremes.filter(|_| !paint.is_difference()) {
        Some(e) => (span.0.min(e.min), span.1.max(e.max)),
        None => paint.values(frame).fold(span, |(low, high), value| (low.min(value), high.max(value))),
    }
}

/// The ends as figures, and round figures between them where they have room.
fn figures(painter: &Painter, axis: &Axis, paint: &Paint, scale: Scale, t: &Tokens) {
    let right = axis.bar.left() - space::S;
    let write = |y: f32, words: &str, color| {
        style::paint(painter, pos2(right, y), Align2::RIGHT_CENTER, words, text::AXIS_FIGURE, color);
    };
    write(axis.bar.top() + 2.0, &paint.words(axis.high, scale), t.text2);
    write(axis.bar.bottom() - 2.0, &paint.words(axis.low, scale), t.text2);
    let (low, high) = (paint.shown(axis.low, scale), paint.shown(axis.high, scale));
    for tick in ticks(low, high, axis.bar.height() / size::AXIS_STEP) {
        let y = axis.bar.bottom() - (tick - low) / (high - low) * axis.bar.height();
        if (axis.bar.top() + size::AXIS_STEP..axis.bar.bottom() - size::AXIS_STEP).contains(&y) {
            let sign = if paint.is_difference() && tick > 0.0 { "+" } else { "" };
            write(y, &format!("{sign}{}", words::minus(&format!("{tick:.1}"))), t.text3);
        }
    }
}

/// Round figures between two: three where there is room for them, fewer where not.
fn ticks(low: f32, high: f32, room: f32) -> Vec<f32> {
    let most = room.clamp(1.0, 4.0);
    let width = (high - low).max(f32::EPSILON);
    let steps = (-1..5).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10.0_f32.powi(power)));
    let Some(step) = steps.into_iter().find(|step| width / step <= most) else { return Vec::new() };
    let first = (low / step).ceil();
    (0..=most as usize).map(|i| (first + i as f32) * step).filter(|tick| *tick <= high).collect()
}

/// How many cells have each temperature, as the root of their number: a small hot spot is seen beside a large cold wall.
fn histogram(ui: &Ui, axis: &Axis, paint: &Paint, frame: &ThermalFrame, isotherm: Option<Isotherm>, right: f32) {
    let t = style::tokens(ui);
    let [bin, gap] = size::BIN;
    let n = (axis.bar.height() / bin) as usize;
    let mut histogram = Histogram::default();
    histogram.count_values(paint.values(frame), Span { low: axis.low, high: axis.high }, n);
    let most = (histogram.highest().max(1) as f32).sqrt();
    let left = axis.bar.right() + space::S + size::RANGE_HANDLE[0];
    let room = (right - left) * size::HISTOGRAM_SHARE;
    let step = axis.bar.height() / n.max(1) as f32;
    for (i, count) in histogram.bins().iter().enumerate().filter(|(_, count)| **count > 0) {
        let bottom = axis.bar.bottom() - i as f32 * step;
        let length = ((*count as f32).sqrt() / most * room).max(1.0);
        let rect = Rect::from_min_max(pos2(left, bottom - step + gap), pos2(left + length, bottom));
        let inside = isotherm.is_some_and(|isotherm| isotherm.holds(axis.at(rect.center().y)));
        ui.painter().rect_filled(rect, CornerRadius::ZERO, if inside { t.text1 } else { t.edge });
    }
}

/// The isotherm across bar and histogram, and how much of the picture it holds.
fn outline(ui: &Ui, axis: &Axis, frame: &ThermalFrame, isotherm: Isotherm, scale: Scale, rect: Rect) {
    let t = style::tokens(ui);
    let line = |from: f32, to: f32, y: f32, color| {
        let (on, off) = dash::LEVEL;
        let path = [pos2(from, y), pos2(to, y)];
        ui.painter().extend(Shape::dashed_line(&path, Stroke::new(stroke::SELECTED, color), on, off));
    };
    for y in isotherm.levels().map(|level| axis.y(level)).filter(|y| axis.bar.y_range().contains(*y)) {
        ui.painter().hline(axis.bar.x_range(), y, Stroke::new(stroke::HALO, over_heat::HALO));
        line(axis.bar.left(), axis.bar.right(), y, over_heat::MARK);
        line(axis.bar.right() + 2.0, rect.right(), y, t.text1);
    }
    let top = isotherm.levels().map(|level| axis.y(level)).fold(f32::MAX, f32::min);
    let lines = text::AXIS_FIGURE.line;
    // Above the line where there is room, the share under it.
    let y = top.clamp(axis.bar.top() + lines, (axis.bar.bottom() - lines).max(axis.bar.top() + lines));
    let value = format!("isotherm {}", isotherm_words(isotherm, scale));
    let share = share_words(isotherm, frame);
    style::paint(ui.painter(), pos2(rect.right(), y - 1.0), Align2::RIGHT_BOTTOM, &value, text::AXIS_FIGURE, t.text1);
    let under = style::paint(ui.painter(), pos2(rect.right(), y + 2.0), Align2::RIGHT_TOP, &share, text::SIDE, t.text2);
    let label = ui.interact(under, ui.scope_id().with("share"), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{value}: {share}")));
}

fn isotherm_words(isotherm: Isotherm, scale: Scale) -> String {
    match isotherm {
        Isotherm::Above(level) | Isotherm::Below(level) => words::degrees(Some(level), scale),
        Isotherm::Between(low, high) => words::range(low, high, scale),
    }
}

/// `6 cells, 0.8 %`.
fn share_words(isotherm: Isotherm, frame: &ThermalFrame) -> String {
    let (inside, all) = frame
        .seen_cells()
        .flatten()
        .fold((0_usize, 0_usize), |(inside, all), celsius| (inside + usize::from(isotherm.holds(celsius)), all + 1));
    let percent = inside as f32 / all.max(1) as f32 * 100.0;
    format!("{}, {percent:.1}\u{a0}%", words::many(inside, "cell"))
}

/// The handles of the range.
struct Handles<'a> {
    axis: Axis,
    paint: &'a Paint,
    scale: Scale,
}

impl Handles<'_> {
    /// One end of the range, to be dragged or moved by keys; hands back where it is wanted, if it was moved.
    fn show(&self, ui: &Ui, name: &str, value: f32) -> (Response, Option<f32>) {
        let id = ui.scope_id().with(name);
        let tip = pos2(self.axis.bar.right() + 2.0, self.axis.y(value));
        let reach = Rect::from_center_size(tip + vec2(size::RANGE_HANDLE[0] / 2.0, 0.0), Vec2::splat(size::CONTROL));
        let response = ui.interact(reach.intersect(ui.clip_rect()), id, Sense::click_and_drag());
        if response.clicked() || response.drag_started() {
            response.request_focus();
        }
        let pulled = response.interact_pointer_pos().filter(|_| response.dragged()).map(|at| self.axis.at(at.y));
        let moved = pulled.or_else(|| self.asked(ui, &response, value)).map(round);
        paint_handle(ui, &response, tip);
        let words = format!("{name}, {}", self.paint.words(value, self.scale));
        let shown = f64::from(self.paint.shown(value, self.scale));
        response.widget_info(|| WidgetInfo::slider(true, shown, &words));
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_numeric_value_step(f64::from(STEP.0));
            [Action::SetValue, Action::Increment, Action::Decrement]
                .into_iter()
                .for_each(|action| node.add_action(action));
        });
        (response, moved)
    }

    /// What keys or a screen reader ask for.
    fn asked(&self, ui: &Ui, response: &Response, value: f32) -> Option<f32> {
        let id = response.id;
        let steps = if response.has_focus() { arrows(ui, id) } else { 0.0 };
        let (by, to) = ui.input(|input| {
            let count = |action| input.num_accesskit_action_requests(id, action) as f32;
            let to = input.accesskit_action_requests(id, Action::SetValue).filter_map(|request| match request.data {
                Some(ActionData::NumericValue(value)) => Some(value as f32),
                _ => None,
            });
            (STEP.0 * (count(Action::Increment) - count(Action::Decrement)), to.last())
        });
        let by = by + steps;
        to.map(|shown| self.paint.value(shown, self.scale)).or_else(|| (by != 0.0).then_some(value + by))
    }
}

/// How far the arrow keys move a handle that has the keyboard, K.
fn arrows(ui: &Ui, id: Id) -> f32 {
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let ways = [(Key::ArrowUp, 1.0), (Key::ArrowRight, 1.0), (Key::ArrowDown, -1.0), (Key::ArrowLeft, -1.0)];
    ui.input_mut(|input| {
        let count = |(key, way): (Key, f32)| {
            let far = input.count_and_consume_key(Modifiers::SHIFT, key) as f32;
            let near = input.count_and_consume_key(Modifiers::NONE, key) as f32;
            way * (far * STEP.1 + near * STEP.0)
        };
        ways.map(count).iter().sum()
    })
}

fn paint_handle(ui: &Ui, response: &Response, tip: Pos2) {
    let t = style::tokens(ui);
    let [long, wide] = size::RANGE_HANDLE;
    let corners = vec![tip, tip + vec2(long, -wide / 2.0), tip + vec2(long, wide / 2.0)];
    let grown = response.hovered() || response.dragged() || response.has_focus();
    let ink = if grown { t.ember } else { t.text1 };
    ui.painter().add(Shape::convex_polygon(corners, ink, Stroke::new(stroke::HAIR, t.bg2)));
    if response.has_focus() {
        let around = Rect::from_min_max(tip - vec2(2.0, wide / 2.0 + 2.0), tip + vec2(long + 2.0, wide / 2.0 + 2.0));
        let ring = Stroke::new(stroke::FOCUS, t.focus);
        ui.painter().rect_stroke(around, CornerRadius::same(radius::CONTROL), ring, StrokeKind::Outside);
    }
}

/// To a tenth of a kelvin: what is shown is what is held.
fn round(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}
