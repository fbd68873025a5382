//! Segments of a light as a strip of cells, and the stops under it between which their colours blend.
//!
//! Invariant: there are 1 to [`MOST`] stops, in the order of their places, which are shares of the strip, 0..=1.

use egui::{Color32, CornerRadius, Key, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{size, space, stroke};
use crate::ui::widgets::slider;
use crate::ui::{light_words, style, widgets};
use crate::units::color::Xy;

/// Stops, at most.
pub const MOST: usize = 16;
/// A colour between two stops may differ so much from the line between them, in xy, before it is a stop of its own.
const STRAIGHT: f32 = 0.012;

/// A place on the strip and its colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Where, 0..=1.
    pub at: f32,
    /// What.
    pub xy: Xy,
}

/// The stops of one light.
#[derive(Clone, Debug, PartialEq)]
pub struct Stops {
    all: Vec<Stop>,
    /// The one that is chosen.
    pub chosen: usize,
}

/// What was done to the strip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// The movement of the hand that it belongs to; see [`slider::gesture`].
    pub gesture: Option<u64>,
}

fn blend(a: Xy, b: Xy, share: f32) -> Xy {
    let mix = |a: f32, b: f32| a + (b - a) * share;
    Xy::new(mix(a.x(), b.x()), mix(a.y(), b.y())).unwrap_or(a)
}

impl Stops {
    /// The fewest stops that give these colours along the strip.
    #[must_use]
    pub fn of(points: &[Xy]) -> Self {
        let mut kept = Vec::new();
        if let Some(last) = points.len().checked_sub(1) {
            kept.push(0);
            straighten(points, 0, last, &mut kept);
            if last > 0 {
                kept.push(last);
            }
            // What does not fit is left out evenly; the strip still shows it until a stop is moved.
            while kept.len() > MOST {
                kept.remove(kept.len() / 2);
            }
        }
        let last = points.len().saturating_sub(1).max(1) as f32;
        let stop = |i: usize| points.get(i).map(|xy| Stop { at: i as f32 / last, xy: *xy });
        let mut all: Vec<Stop> = kept.into_iter().filter_map(stop).collect();
        if all.is_empty() {
            all.push(Stop { at: 0.0, xy: Xy::D65 });
        }
        Self { all, chosen: 0 }
    }

    /// The stops.
    #[must_use]
    pub fn all(&self) -> &[Stop] {
        &self.all
    }

    /// The colour at a place, 0..=1.
    #[must_use]
    pub fn at(&self, place: f32) -> Xy {
        let after = self.all.iter().position(|stop| stop.at >= place);
        let before = self.all.iter().rposition(|stop| stop.at <= place);
        let of = |i: Option<usize>| i.and_then(|i| self.all.get(i));
        match (of(before), of(after)) {
            (Some(a), Some(b)) => blend(a.xy, b.xy, (place - a.at) / (b.at - a.at).max(f32::EPSILON)),
            (Some(one), None) | (None, Some(one)) => one.xy,
            (None, None) => Xy::D65,
        }
    }

    /// The colours of `n` segments.
    #[must_use]
    pub fn points(&self, n: usize) -> Vec<Xy> {
        let last = n.saturating_sub(1).max(1) as f32;
        (0..n.max(1)).map(|i| self.at(i as f32 / last)).collect()
    }

    /// Gives the chosen stop another colour.
    pub fn paint(&mut self, xy: Xy) {
        if let Some(stop) = self.all.get_mut(self.chosen) {
            stop.xy = xy;
        }
    }

    /// The colour of the chosen stop.
    #[must_use]
    pub fn chosen_color(&self) -> Xy {
        self.all.get(self.chosen).map_or(Xy::D65, |stop| stop.xy)
    }

    /// Adds a stop with the colour that is there already. False if there is no room.
    pub fn add(&mut self, place: f32) -> bool {
        if self.all.len() >= MOST {
            return false;
        }
        let at = place.clamp(0.0, 1.0);
        let xy = self.at(at);
        self.chosen = self.all.iter().filter(|stop| stop.at <= at).count();
        self.all.insert(self.chosen, Stop { at, xy });
        true
    }

    /// Takes the chosen stop away; the last one stays. False then.
    pub fn remove(&mut self) -> bool {
        let more = self.all.len() > 1 && self.chosen < self.all.len();
        if more {
            self.all.remove(self.chosen);
            self.chosen = self.chosen.min(self.all.len() - 1);
        }
        more
    }

    /// Moves a stop; it does not pass its neighbours.
    pub fn shift(&mut self, i: usize, to: f32) {
        let low = i.checked_sub(1).and_then(|i| self.all.get(i)).map_or(0.0, |stop| stop.at);
        let high = self.all.get(i + 1).map_or(1.0, |stop| stop.at);
        if let Some(stop) = self.all.get_mut(i) {
            stop.at = to.max(low).min(high);
        }
    }

    /// Puts the stops at equal distances.
    pub fn spread(&mut self) {
        let last = self.all.len().saturating_sub(1).max(1) as f32;
        self.all.iter_mut().enumerate().for_each(|(i, stop)| stop.at = i as f32 / last);
    }

    /// Turns it around.
    pub fn reverse(&mut self) {
        self.all.reverse();
        self.all.iter_mut().for_each(|stop| stop.at = 1.0 - stop.at);
        self.chosen = self.all.len().saturating_sub(1).saturating_sub(self.chosen);
    }

    /// The whole pressed into the first half, and the same backwards in the second.
    pub fn mirror(&mut self) {
        let half: Vec<Stop> = self.all.iter().take(MOST / 2).map(|stop| Stop { at: stop.at / 2.0, ..*stop }).collect();
        let back = half.iter().rev().map(|stop| Stop { at: 1.0 - stop.at, ..*stop });
        self.all = half.iter().copied().chain(back).collect();
        self.all.dedup_by(|later, earlier| later == earlier);
        self.chosen = self.chosen.min(self.all.len().saturating_sub(1));
    }
}

/// Finds the points between `from` and `to` that the straight line between these does not give (Douglas and Peucker).
fn straighten(points: &[Xy], from: usize, to: usize, kept: &mut Vec<usize>) {
    let (Some(a), Some(b)) = (points.get(from), points.get(to)) else { return };
    let off = |i: usize| {
        let share = (i - from) as f32 / (to - from).max(1) as f32;
        points.get(i).map_or(0.0, |xy| xy.distance(blend(*a, *b, share)))
    };
    let worst = (from + 1..to).map(|i| (i, off(i))).max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((i, off)) = worst
        && off > STRAIGHT
    {
        straighten(points, from, i, kept);
        kept.push(i);
        straighten(points, i, to, kept);
    }
}

/// Shows the strip of `n` segments and its stops; a double click adds one, Delete takes the chosen one away.
pub fn show(ui: &mut Ui, stops: &mut Stops, n: usize) -> Option<Moved> {
    let high = size::CELLS + space::XS + size::STOP[1];
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), high), Sense::hover());
    let strip = rect.with_max_y(rect.top() + size::CELLS).shrink2(vec2(size::STOP[0] / 2.0, 0.0));
    let mut moved = None;
    let response = ui.interact(strip, ui.scope_id().with("strip"), Sense::click());
    let share = |at: Pos2| ((at.x - strip.left()) / strip.width().max(1.0)).clamp(0.0, 1.0);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.double_clicked())
        && stops.add(share(at))
    {
        moved = Some(Moved { gesture: None });
    }
    for i in 0..stops.all.len() {
        let Some(stop) = stops.all.get(i).copied() else { break };
        let x = egui::lerp(strip.x_range(), stop.at);
        let hit = Rect::from_center_size(
            pos2(x, rect.bottom() - size::STOP[1] / 2.0),
            vec2(size::STOP_HIT, size::STOP[1] + space::XS),
        );
        let handle = ui.interact(hit, ui.scope_id().with(("stop", i)), Sense::click_and_drag());
        if handle.clicked() || handle.drag_started() || handle.gained_focus() {
            stops.chosen = i;
        }
        let pulled = handle.interact_pointer_pos().filter(|_| handle.dragged()).map(share);
        let (along, _) = slider::arrows(ui, &handle);
        let to = pulled.or((along != 0.0).then_some(stop.at + along / 100.0));
        if let Some(to) = to.filter(|to| *to != stop.at) {
            stops.shift(i, to);
            moved = Some(Moved { gesture: Some(slider::gesture(ui, &handle)) });
        }
        let deleted = handle.has_focus() && ui.input(|i| i.key_pressed(Key::Delete) || i.key_pressed(Key::Backspace));
        let name = format!("Stop {} of {}", i + 1, stops.all.len());
        let value = format!("{}, {}", light_words::percent(stop.at), stop.xy.linear().srgb().hex());
        handle.widget_info(|| slider::plane(&name, &value));
        widgets::focus_ring(ui, &handle, 2);
        if deleted && stops.remove() {
            moved = Some(Moved { gesture: None });
            break;
        }
    }
    let colors: Vec<Color32> = stops.points(n).into_iter().map(light_words::paint).collect();
    paint_cells(ui, strip, &colors);
    let t = style::tokens(ui);
    for (i, stop) in stops.all.iter().enumerate() {
        let ink = if i == stops.chosen { t.ember } else { t.text1 };
        house(ui, pos2(egui::lerp(strip.x_range(), stop.at), rect.bottom() - size::STOP[1]), ink);
    }
    let sentence = format!("Segments, {} stops. Double-click adds one", stops.all.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &sentence));
    moved
}

/// The cells, as far apart as they are seen apart.
fn paint_cells(ui: &Ui, strip: Rect, colors: &[Color32]) {
    let width = strip.width() / colors.len().max(1) as f32;
    let gap = if width >= 6.0 * stroke::HAIR { 2.0 * stroke::HAIR } else { 0.0 };
    for (i, color) in colors.iter().enumerate() {
        let left = strip.left() + i as f32 * width;
        let cell = Rect::from_min_max(pos2(left, strip.top()), pos2(left + width - gap, strip.bottom()));
        ui.painter().rect_filled(cell, CornerRadius::ZERO, *color);
    }
}

/// A stop: a house with its gable at `top`.
fn house(ui: &Ui, top: Pos2, ink: Color32) {
    let (half, high) = (size::STOP[0] / 2.0, size::STOP[1]);
    let points =
        vec![top, top + vec2(half, half), top + vec2(half, high), top + vec2(-half, high), top + vec2(-half, half)];
    ui.painter().add(Shape::convex_polygon(points, ink, Stroke::NONE));
}
