//! The upper part of the line of time: what one reads and drags.

use egui::accesskit::Action;
use egui::{
    Align2, CornerRadius, CursorIcon, EventFilter, Key, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};
use jiff::Timestamp;

use crate::model::alarms::rule::Level;
use crate::model::sensors::Device;
use crate::model::thermal::Bookmark;
use crate::report::chart as arithmetic;
use crate::report::limits::Unit;
use crate::ui::panels::history::limit_lines;
use crate::ui::panels::history::picks::Pick;
use crate::ui::panels::thermal::inspect::scrub::state::{self, Line};
use crate::ui::panels::thermal::time;
use crate::ui::past::Trouble;
use crate::ui::scene::Scene;
use crate::ui::theme::{Tokens, dash, radius, shade, size, space, stroke, text};
use crate::ui::widgets::plot::{self, Line as Drawn, Plot, Shade};
use crate::ui::widgets::{self, alarm_shape};
use crate::ui::{style, words};

/// The least height of the axis of values, in the unit shown.
const LEAST: f64 = 4.0;
/// A flag is hit within so many points of its pole.
const REACH: f32 = 8.0;

/// How times lie on the line.
#[derive(Clone, Copy)]
struct Across {
    area: Rect,
    span: (i64, i64),
}

impl Across {
    fn x(self, at_ms: i64) -> f32 {
        let share = (at_ms - self.span.0) as f64 / (self.span.1 - self.span.0).max(1) as f64;
        self.area.left() + share as f32 * self.area.width()
    }

    fn time(self, x: f32) -> Timestamp {
        let share = f64::from((x - self.area.left()) / self.area.width().max(1.0)).clamp(0.0, 1.0);
        let ms = self.span.0 + (share * (self.span.1 - self.span.0) as f64) as i64;
        Timestamp::from_millisecond(ms).unwrap_or_default()
    }

    fn has(self, at_ms: i64) -> bool {
        (self.span.0..=self.span.1).contains(&at_ms)
    }
}

/// Draws it into `rect` and goes where it is pressed or dragged.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, line: &Line, device: &Device, rect: Rect) {
    let t = style::tokens(ui);
    let response = ui.interact(rect, state::id(), Sense::click_and_drag()).on_hover_cursor(CursorIcon::ResizeColumn);
    let across = Across { area: rect, span: line.span() };
    let painter = ui.painter().with_clip_rect(rect.expand(stroke::HEAD).intersect(ui.clip_rect()));
    let well = Rect::from_min_max(rect.min + vec2(0.0, size::FLAGS), rect.max - vec2(0.0, size::KNOB));
    for pick in &line.trends.picks {
        trend(ui, scene, line, pick, well);
    }
    let picks: Vec<&Pick> = line.trends.picks.iter().collect();
    let mut taken = Vec::new();
    let peak = |shade: &Shade| peak(line, shade);
    for (shade, _) in line.trends.alarms_at(&scene.view.alarms, &picks) {
        span(&painter, across, shade, peak(&shade), &mut taken, t);
    }
    let marks: Vec<_> = scene.view.thermal.bookmarks.values().cloned().collect();
    let marks: Vec<_> = marks.iter().filter(|mark| across.has(mark.at.as_millisecond())).collect();
    for mark in &marks {
        flag(&painter, across, mark, &mut taken, t);
    }
    said(ui, scene, line, well);
    let at = scene.stage.past.at.map_or(rect.right(), |at| across.x(at.as_millisecond()));
    head(&painter, rect, at, t);
    widgets::focus_ring(ui, &response, radius::PICTURE);
    if let Some(pointer) = response.hover_pos().filter(|_| !response.is_pointer_button_down_on()) {
        tell(&painter, scene, line, across, &marks, pointer, t);
    }
    speak(ui, scene, device, &response);
    pressed(ui, scene, across, &marks, &response);
    if response.has_focus() {
        keyed(ui, scene, line, &response);
    }
}

fn trend(ui: &Ui, scene: &Scene<'_>, line: &Line, pick: &Pick, well: Rect) {
    let mut limits = limit_lines::of(scene, &[pick], Unit::Degrees);
    let ends = pick.points.iter().flat_map(|point| [f64::from(point.min), f64::from(point.max)]);
    if let Some((low, high)) = arithmetic::bounds(ends) {
        // The line is low: a limit that is not near would press it flat.
        let near = 2.0 * (high - low).max(LEAST);
        limits.retain(|limit| (low - near..=high + near).contains(&limit.value));
    }
    Plot {
        name: "Line of time",
        lines: &[Drawn { name: "hottest", points: &pick.points, runs: &pick.runs, series: pick.series }],
        limits: &limits,
        shades: &[],
        span: line.span(),
        unit: scene.choices.scale.unit(),
        zone: &scene.now.zone,
        least: LEAST,
    }
    .paint_bare(ui, well);
}

/// The highest value while an alarm went on, in the unit shown.
fn peak(line: &Line, shade: &Shade) -> Option<f32> {
    let points = line.trends.picks.iter().flat_map(|pick| &pick.points);
    let during = points.filter(|point| (shade.from_ms..=shade.to_ms).contains(&point.at_ms));
    during.map(|point| point.max).reduce(f32::max)
}

/// The time of an alarm: a bar whose height repeats the level, dotted sides, shape, word and peak.
fn span(painter: &Painter, across: Across, shade: Shade, peak: Option<f32>, taken: &mut Vec<Rect>, t: &Tokens) {
    let rect = across.area;
    let inside = |at| across.x(at).clamp(rect.left(), rect.right());
    let (left, right) = (inside(shade.from_ms), inside(shade.to_ms).max(inside(shade.from_ms) + stroke::HEAD));
    let color = alarm_shape::ink(shade.level, t);
    let [danger, warning, notice] = size::SPAN;
    let height = match shade.level {
        Level::Danger => danger,
        Level::Warning => warning,
        Level::Notice => notice,
    };
    let ground = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
    painter.rect_filled(ground, CornerRadius::ZERO, color.gamma_multiply(shade::SPAN));
    painter.rect_filled(ground.with_max_y(rect.top() + height), CornerRadius::ZERO, color);
    for x in [left, right] {
        let side = [pos2(x, rect.top()), pos2(x, rect.bottom())];
        plot::dashed(painter, &side, Stroke::new(stroke::HAIR, color), dash::DOTS);
    }
    let mut words = alarm_shape::word(shade.level).to_owned();
    if let Some(peak) = peak {
        words = format!("{words} {}", words::minus(&format!("{peak:.1}")));
    }
    let galley = painter.layout_job(style::job(&words, text::SIDE, t.text1));
    let wide = vec2(size::SHAPE + space::XS + galley.size().x, size::SHAPE);
    let start = if right + space::S + wide.x < rect.right() { right + space::S } else { left - space::S - wide.x };
    let place = Rect::from_min_size(pos2(start, rect.top() + space::XS), wide);
    if free(rect, place, taken) {
        let middle = pos2(place.left() + size::SHAPE / 2.0, place.center().y);
        alarm_shape::level(painter, middle, size::SHAPE, shade.level, t);
        let at = Align2::RIGHT_CENTER.anchor_size(place.right_center(), galley.size());
        painter.galley(at.min, galley, t.text1);
    }
}

/// A bookmark: a flag, and its words where they have room.
fn flag(painter: &Painter, across: Across, mark: &Bookmark, taken: &mut Vec<Rect>, t: &Tokens) {
    let x = across.x(mark.at.as_millisecond());
    let [width, height] = size::FLAG;
    let (left, right, top, low) = (x - width / 2.0, x + width / 2.0, across.area.top() + 2.0, height);
    // A ribbon: its lower edge is cut inwards, so it is two convex halves.
    for (outer, inner) in [(left, x), (right, x)] {
        let half = [pos2(outer, top), pos2(inner, top), pos2(inner, top + low - 3.0), pos2(outer, top + low)];
        painter.add(Shape::convex_polygon(half.to_vec(), t.notice, Stroke::NONE));
    }
    let galley = painter.layout_job(style::job(&mark.words, text::SIDE, t.text2));
    let wide = galley.size().x + space::XS;
    let start = if right + wide < across.area.right() { right + space::XS } else { left - wide };
    let place = Rect::from_min_size(pos2(start, top - 1.0), galley.size());
    if !mark.words.is_empty() && free(across.area, place, taken) {
        painter.galley(place.min, galley, t.text2);
    }
}

/// Whether words have room; if so, it is theirs.
fn free(area: Rect, place: Rect, taken: &mut Vec<Rect>) -> bool {
    let free = area.x_range().contains(place.left())
        && area.x_range().contains(place.right())
        && taken.iter().all(|other| !other.intersects(place.expand(space::XS)));
    if free {
        taken.push(place);
    }
    free
}

fn head(painter: &Painter, rect: Rect, x: f32, t: &Tokens) {
    let x = x.clamp(rect.left() + stroke::HEAD / 2.0, rect.right() - stroke::HEAD / 2.0);
    painter.vline(x, rect.y_range(), Stroke::new(stroke::HEAD, t.text1));
    painter.circle_filled(pos2(x, rect.bottom() - size::KNOB / 2.0), size::KNOB / 2.0, t.text1);
}

/// What cannot be shown, in its place.
fn said(ui: &Ui, scene: &Scene<'_>, line: &Line, well: Rect) {
    let t = style::tokens(ui);
    let trends = &line.trends;
    let failed =
        trends.picks.iter().find_map(|pick| pick.failed().map(|why| format!("The trend cannot be read: {why}")));
    let empty = trends.picks.iter().all(|pick| pick.answered.is_some() && pick.points.is_empty());
    let past = match scene.stage.past.trouble() {
        Some(Trouble::Failed(why)) => Some(format!("The pictures of then cannot be read: {why}")),
        _ => None,
    };
    let (words, ink) = match (past, failed) {
        (Some(why), _) | (None, Some(why)) => (why, t.warning),
        (None, None) if empty => ("Nothing was recorded in this time".to_owned(), t.text3),
        (None, None) => return,
    };
    let galley = ui.painter().layout(words, style::font(text::BODY), ink, well.width() - 2.0 * space::L);
    let place = Rect::from_center_size(well.center(), galley.size());
    ui.painter().rect_filled(place.expand(space::S), CornerRadius::same(radius::CONTROL), t.bg2);
    let node = ui.interact(place, state::id().with("said"), Sense::hover());
    node.widget_info(|| WidgetInfo::labeled(Role::Label, true, galley.text()));
    ui.painter().galley(place.min, galley, ink);
}

/// The time under the pointer and the highest value there, or the bookmark.
fn tell(
    painter: &Painter,
    scene: &Scene<'_>,
    line: &Line,
    across: Across,
    marks: &[&std::sync::Arc<Bookmark>],
    pointer: Pos2,
    t: &Tokens,
) {
    let mark = hit(across, marks, pointer);
    let at = mark.map_or_else(|| across.time(pointer.x), |mark| mark.at);
    painter.vline(across.x(at.as_millisecond()), across.area.y_range(), Stroke::new(stroke::HAIR, t.text3));
    let mut rows = vec![(words::instant(at, scene.now.wall, &scene.now.zone), t.text2)];
    if let Some(mark) = mark.filter(|mark| !mark.words.is_empty()) {
        rows.push((mark.words.to_string(), t.text1));
    }
    for pick in &line.trends.picks {
        let near = arithmetic::nearest(&pick.points, at.as_millisecond()).and_then(|i| pick.points.get(i));
        let near = near.filter(|point| (across.x(point.at_ms) - pointer.x).abs() < 12.0);
        if let Some(point) = near {
            let unit = scene.choices.scale.unit();
            rows.push((format!("{}\u{a0}{unit}", words::minus(&format!("{:.1}", point.max))), t.text1));
        }
    }
    plot::tag(painter, across.area, pos2(pointer.x, across.area.bottom()), &rows, t);
}

fn hit<'a>(across: Across, marks: &[&'a std::sync::Arc<Bookmark>], pointer: Pos2) -> Option<&'a Bookmark> {
    let high = pointer.y <= across.area.top() + size::FLAGS;
    let away = |mark: &Bookmark| (across.x(mark.at.as_millisecond()) - pointer.x).abs();
    let near = marks.iter().filter(|mark| high && away(mark) <= REACH);
    near.min_by(|a, b| away(a).total_cmp(&away(b))).map(|mark| &***mark)
}

/// Goes where the line is pressed or dragged; its right end is the present, where it reaches so far.
fn pressed(ui: &Ui, scene: &mut Scene<'_>, across: Across, marks: &[&std::sync::Arc<Bookmark>], response: &Response) {
    // A quick click is pressed and let go between two frames of the window.
    if !response.is_pointer_button_down_on() && !response.clicked() {
        return;
    }
    let Some(pointer) = response.interact_pointer_pos() else { return };
    let began = ui.input(|i| i.pointer.any_pressed());
    let mark = hit(across, marks, pointer).filter(|_| began);
    let at = mark.map_or_else(|| across.time(pointer.x), |mark| mark.at);
    let end = pointer.x >= across.area.right() - stroke::HEAD;
    let present = end && scene.now.wall.as_millisecond() - across.span.1 < 2_000;
    if began {
        // Left and Right step from now on, whatever had the keyboard.
        ui.memory_mut(|m| m.focused().into_iter().for_each(|id| m.surrender_focus(id)));
        scene.stage.past.pause();
    }
    if present {
        scene.stage.past.back_to_live();
    } else if scene.stage.past.at != Some(at) {
        scene.stage.past.seek(at, scene.now);
    }
    ui.ctx().request_repaint();
}

/// What a screen reader says: a slider whose value is the time.
fn speak(ui: &Ui, scene: &Scene<'_>, device: &Device, response: &Response) {
    let name = format!("Time of {}", device.name);
    let value = match scene.stage.past.at {
        Some(at) => format!("{}, past", words::instant(at, scene.now.wall, &scene.now.zone)),
        None => "now".to_owned(),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(value);
        node.add_action(Action::Increment);
        node.add_action(Action::Decrement);
    });
}

/// Keys that only the line of time has; those of frames and seconds are the page's.
fn keyed(ui: &Ui, scene: &mut Scene<'_>, line: &Line, response: &Response) {
    let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    for (action, forward) in [(Action::Increment, true), (Action::Decrement, false)] {
        if ui.input(|i| i.has_accesskit_action_request(response.id, action)) {
            time::step(ui.ctx(), scene, forward);
        }
    }
    let pressed = |key| ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, key));
    let (from, _) = line.ends();
    let window = i64::from(line.minutes) * 60;
    if pressed(Key::Home) {
        scene.stage.past.seek(from, scene.now);
    } else if pressed(Key::End) {
        scene.stage.past.back_to_live();
    } else if pressed(Key::PageUp) {
        scene.stage.past.skip(-window, scene.now);
    } else if pressed(Key::PageDown) {
        scene.stage.past.skip(window, scene.now);
    } else {
        return;
    }
    ui.ctx().request_repaint();
}
