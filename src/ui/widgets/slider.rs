//! Sliders: a value by pointer or keys; of one thing, of many with their spread, or along colours.
//!
//! Invariant: what is handed out lies in the range; while it is dragged, and until its command came back, a slider shows
//! what the hand did.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::ops::RangeInclusive;

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{
    Color32, CornerRadius, EventFilter, Id, Key, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind,
    Ui, WidgetInfo, pos2, vec2,
};

use crate::ui::theme::{over_heat, shade, size, stroke, time};
use crate::ui::{style, widgets};

/// What a slider lies on.
#[derive(Clone, Copy, Debug)]
pub enum Ground<'a> {
    /// A track, filled up to the knob.
    Track,
    /// A track with a band from the lowest to the highest of its members and a tick for each.
    Spread(&'a [f32]),
    /// Colours, evenly along it.
    Colors(&'a [Color32]),
}

/// How a slider is shown and moved.
#[derive(Clone, Debug)]
pub struct Slider<'a> {
    /// Its accessible name.
    pub name: &'a str,
    /// What it holds now.
    pub value: f32,
    /// What it can hold.
    pub range: RangeInclusive<f32>,
    /// What an arrow key does; ten times that with Shift.
    pub step: f32,
    /// Where a double click puts it.
    pub reset: f32,
    /// Whether it is of the selected thing.
    pub chosen: bool,
    /// What it lies on.
    pub ground: Ground<'a>,
}

/// What was done to a slider.
#[derive(Debug)]
pub struct Moved {
    /// Its response.
    pub response: Response,
    /// Where to, if it was moved.
    pub to: Option<f32>,
    /// The value that it shows.
    pub shown: f32,
}

/// What belongs to one movement of a hand: a drag from press to release, or keys pressed on one control in a row.
#[must_use]
pub fn gesture(ui: &Ui, response: &Response) -> u64 {
    let pressed = ui.input(|i| i.pointer.press_start_time()).filter(|_| response.dragged() || response.drag_stopped());
    hash(&(response.id, pressed.map(f64::to_bits)))
}

/// A movement that keys make on this.
#[must_use]
pub fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// How far arrow keys move a control that has the keyboard, in steps: right and left, up and down.
#[must_use]
pub fn arrows(ui: &Ui, response: &Response) -> (f32, f32) {
    if !response.has_focus() {
        return (0.0, 0.0);
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    ui.input(|i| {
        let far = if i.modifiers.shift { 10.0 } else { 1.0 };
        let presses = |key| i.num_presses(key) as f32;
        let along = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
        (far * along, far * (presses(Key::ArrowUp) - presses(Key::ArrowDown)))
    })
}

impl Slider<'_> {
    /// A share from 0 to 1 in steps of a hundredth.
    #[must_use]
    pub const fn share(name: &str, value: f32) -> Slider<'_> {
        Slider { name, value, range: 0.0..=1.0, step: 0.01, reset: 1.0, chosen: false, ground: Ground::Track }
    }

    /// Shows it over all the width there is.
    pub fn show(&self, ui: &mut Ui) -> Moved {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::SLIDER), Sense::hover());
        self.at(ui, rect, ui.scope_id().with(("slider", self.name)))
    }

    /// Shows it at a place that was laid out already.
    pub fn at(&self, ui: &Ui, rect: Rect, id: Id) -> Moved {
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let (from, to) = (rect.left() + size::SLIDER_KNOB / 2.0, rect.right() - size::SLIDER_KNOB / 2.0);
        let now = ui.input(|i| i.time);
        let kept: Option<(f32, f64)> = ui.data(|data| data.get_temp(id));
        let kept = kept.filter(|(_, until)| response.dragged() || now < *until).map(|(value, _)| value);
        let before = kept.unwrap_or(self.value);
        let moved = self.asked(ui, &response, before, from, to);
        if let Some(value) = moved {
            let until = now + time::HAND.as_secs_f64();
            ui.data_mut(|data| data.insert_temp(id, (value, until)));
            ui.ctx().request_repaint_after(time::HAND);
        }
        let shown = moved.unwrap_or(before);
        self.paint(ui, rect, &response, (from, to), shown);
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), f64::from(shown), self.name));
        widgets::focus_ring(ui, &response, 2);
        Moved { response, to: moved, shown }
    }

    /// Where it is to go.
    fn asked(&self, ui: &Ui, response: &Response, before: f32, from: f32, to: f32) -> Option<f32> {
        let (low, high) = (*self.range.start(), *self.range.end());
        if response.double_clicked() {
            return Some(self.reset.clamp(low, high));
        }
        if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
            let share = ((at.x - from) / (to - from).max(1.0)).clamp(0.0, 1.0);
            let value = self.rounded(low + share * (high - low));
            return (value != before || response.clicked()).then_some(value);
        }
        let (along, up) = arrows(ui, response);
        let steps = along + up;
        let value = (before + steps * self.step).clamp(low, high);
        (steps != 0.0 && value != before).then_some(value)
    }

    /// To a tenth of a step: a hand does not mean more.
    fn rounded(&self, value: f32) -> f32 {
        let grain = (self.step / 10.0).max(f32::EPSILON);
        ((value / grain).round() * grain).clamp(*self.range.start(), *self.range.end())
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response, (from, to): (f32, f32), value: f32) {
        let t = style::tokens(ui);
        let (low, high) = (*self.range.start(), *self.range.end());
        let x = |value: f32| egui::lerp(from..=to, ((value - low) / (high - low).max(f32::EPSILON)).clamp(0.0, 1.0));
        let y = rect.center().y;
        let painter = ui.painter();
        let track = |from: f32, to: f32, high: f32| {
            Rect::from_min_max(pos2(from, y - high / 2.0), pos2(to.max(from), y + high / 2.0))
        };
        if let Ground::Colors(colors) = self.ground {
            let whole = track(from, to, size::SLIDER_COLORS);
            gradient(painter, whole, colors);
            painter.rect_stroke(
                whole,
                CornerRadius::same(2),
                Stroke::new(stroke::HAIR / 2.0, t.edge),
                StrokeKind::Outside,
            );
            let at = pos2(x(value), y);
            painter.circle_stroke(at, size::RING / 2.0 - 1.0, Stroke::new(stroke::RING, over_heat::MARK));
            painter.circle_stroke(at, size::RING / 2.0 + 0.5, Stroke::new(stroke::HAIR, over_heat::HALO));
            return;
        }
        let corner = CornerRadius::same((size::SLIDER_TRACK / 2.0) as u8);
        let whole = track(from, to, size::SLIDER_TRACK);
        painter.rect(whole, corner, t.bg3, Stroke::new(stroke::HAIR / 2.0, t.edge), StrokeKind::Outside);
        let ink = if self.chosen || response.dragged() { t.ember } else { t.text2 };
        match self.ground {
            Ground::Spread(members) if members.len() > 1 => {
                let lowest = members.iter().copied().fold(f32::INFINITY, f32::min);
                let highest = members.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let band = track(x(lowest), x(highest), size::SLIDER_BAND);
                painter.rect_filled(band, CornerRadius::ZERO, t.text1.gamma_multiply(shade::BAND));
                for member in members {
                    let tick = Stroke::new(stroke::MARK, t.text1);
                    painter.vline(x(*member), y - size::SLIDER_TICK / 2.0..=y + size::SLIDER_TICK / 2.0, tick);
                }
            }
            _ => drop(painter.rect_filled(track(from, x(value), size::SLIDER_TRACK), corner, ink)),
        }
        let at = pos2(x(value), y);
        let ground = if self.chosen { t.ember_dim } else { t.bg2 };
        painter.circle_filled(at, size::SLIDER_KNOB / 2.0 + 2.0, ground);
        let knob = if ui.is_enabled() { t.text1 } else { t.text3 };
        painter.circle_filled(at, size::SLIDER_KNOB / 2.0, knob);
    }
}

/// Paints colours evenly along a rectangle, blended.
pub fn gradient(painter: &Painter, rect: Rect, colors: &[Color32]) {
    let mut mesh = Mesh::default();
    let last = colors.len().saturating_sub(1).max(1) as f32;
    for (i, color) in colors.iter().enumerate() {
        let x = egui::lerp(rect.x_range(), i as f32 / last);
        for pos in [pos2(x, rect.top()), pos2(x, rect.bottom())] {
            mesh.vertices.push(Vertex { pos, uv: WHITE_UV, color: *color });
        }
        let n = 2 * i as u32;
        if i > 0 {
            mesh.add_triangle(n - 2, n - 1, n);
            mesh.add_triangle(n - 1, n, n + 1);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// A round handle over colours: white, black outside.
pub fn handle(ui: &Ui, at: Pos2, across: f32, fill: Color32) {
    ui.painter().circle_filled(at, across / 2.0, fill);
    ui.painter().circle_stroke(at, across / 2.0 - 1.0, Stroke::new(stroke::RING, over_heat::MARK));
    ui.painter().circle_stroke(at, across / 2.0 + 1.0, Stroke::new(stroke::GLYPH, over_heat::HALO));
}

/// The role that a control has which moves in two directions.
#[must_use]
pub fn plane(name: &str, value: &str) -> WidgetInfo {
    let mut info = WidgetInfo::labeled(Role::Slider, true, name);
    info.current_text_value = Some(value.to_owned());
    info
}
