//! The bar of an alarm that nobody took note of: its shape, its headline, why it is on and what was done about it.
//!
//! Invariant: a figure is shown whole; a name is shortened before it, and the limit goes before the name.

use egui::{Align2, Color32, Rect, Shape, Stroke, Ui, pos2};

use crate::model::alarms::alarm::{Alarm, Done};
use crate::model::alarms::rule::Level;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::acts::{Act, Choice};
use crate::ui::shell::alarm_bar::buttons::{self, Ground, Paint};
use crate::ui::shell::alarm_bar::lines::Line;
use crate::ui::theme::{Tokens, Type, size, space, stroke, text};
use crate::ui::widgets::alarm_shape::{self, Ink};
use crate::ui::{alarm_words, icons, style};

/// Room a name should keep before the limit beside it is left out.
const NAME: f32 = 160.0;

/// The colours of a level's bar.
#[must_use]
pub const fn paint(level: Level, t: &Tokens) -> Paint {
    match level {
        Level::Danger => Paint { fill: t.danger_fill, text: t.on_danger, button: t.danger_button },
        Level::Warning => Paint { fill: t.warning_fill, text: t.on_warning, button: t.warning_button },
        Level::Notice => Paint { fill: t.notice_fill, text: t.on_notice, button: t.notice_button },
    }
}

/// What a loud line says.
struct Said {
    /// May be shortened.
    name: String,
    /// May not.
    figure: String,
    limit: String,
    elapsed: String,
    why: String,
}

impl Said {
    fn of(scene: &Scene<'_>, line: &Line, alarm: &Alarm) -> Self {
        let (name, figure) = alarm_words::headline(scene, alarm);
        let limit = alarm_words::limit_of(scene, alarm);
        let elapsed = alarm_words::elapsed(scene.now.since(alarm.raised));
        let Line::Group { all, .. } = line else {
            // The headline of a silence has its own time.
            let elapsed = if alarm_words::is_silence(alarm) { String::new() } else { elapsed };
            return Self { name, figure, limit, elapsed, why: alarm_words::why(scene, alarm) };
        };
        let recent = scene.view.alarms.flood.as_ref().map_or(0, |flood| flood.n_recent);
        let why = format!("{recent} new alarms within ten minutes, so each device has one line");
        let place = alarm_words::place(scene.view, alarm);
        let first = if alarm_words::is_silence(alarm) { name } else { alarm.name.to_string() };
        Self { name: format!("{} alarms from {place}, first: {first}", all.len()), figure, limit, elapsed, why }
    }
}

/// Shows the line in `rect`; hands back what was clicked.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect, line: &Line, alarm: &Alarm, choices: &[Choice]) -> Option<Act> {
    let t = style::tokens(ui);
    let paint = paint(alarm.level, t);
    ui.painter().rect_filled(rect, 0.0, paint.fill);
    let (across, height) = match alarm.level {
        Level::Danger => (size::SHAPE_DANGER, size::ALARM_BUTTON),
        Level::Warning => (size::SHAPE_WARNING, size::ALARM_BUTTON),
        Level::Notice => (size::SHAPE_NOTICE, size::ALARM_BUTTON_LOW),
    };
    let ink = Ink { fill: paint.text, line: paint.text, mark: paint.fill };
    let ink =
        if alarm.level == Level::Notice { Ink { fill: Color32::TRANSPARENT, mark: paint.text, ..ink } } else { ink };
    let at = pos2(rect.left() + space::XL + across / 2.0, rect.center().y);
    alarm_shape::inked(ui.painter(), at, across, alarm.level, ink);
    let (left, clicked) = buttons::show(ui, rect, choices, Ground::Loud(paint), height);
    let words =
        Rect::from_min_max(pos2(at.x + across / 2.0 + space::L, rect.top()), pos2(left - space::L, rect.bottom()));
    let said = Said::of(scene, line, alarm);
    if alarm.level == Level::Notice {
        small(ui, scene, words, alarm, &said, paint.text);
    } else {
        large(ui, scene, words, alarm, &said, paint.text);
    }
    if alarm.test {
        outline(ui, rect, paint.text);
    }
    clicked
}

/// The dashed outline of a test.
pub fn outline(ui: &Ui, rect: Rect, color: Color32) {
    let inner = rect.shrink(stroke::BORDER_DANGER + 1.0);
    let corners = [inner.left_top(), inner.right_top(), inner.right_bottom(), inner.left_bottom(), inner.left_top()];
    let line = Stroke::new(stroke::MARK, color);
    ui.painter().extend(Shape::dashed_line(&corners, line, stroke::TEST[0], stroke::TEST[1]));
}

fn level_words(alarm: &Alarm) -> String {
    let word = alarm_words::leading(alarm.level);
    if alarm.test { format!("TEST  {word}") } else { word.to_owned() }
}

/// Two or three lines: Danger and Warning.
fn large(ui: &Ui, scene: &Scene<'_>, rect: Rect, alarm: &Alarm, said: &Said, color: Color32) {
    let why = if said.why.is_empty() { String::new() } else { format!("why: {}", said.why) };
    let wide = width(ui, &why, text::LEAD);
    let free = rect.width() - headline_width(ui, alarm, said) - space::L;
    let beside = !why.is_empty() && wide <= free;
    let under = !why.is_empty() && !beside;
    let acted = !alarm.done.is_empty();
    let (y, steps) = match (alarm.level, under, acted) {
        (_, false, false) => (rect.center().y, 0.0),
        (Level::Danger, true, true) => (rect.center().y - 25.0, 25.0),
        (Level::Danger, ..) => (rect.center().y - 14.0, 28.0),
        _ => (rect.center().y - 12.0, 25.0),
    };
    let end = headline(ui, rect, y, alarm, said, color, text::TITLE);
    let at = |x: f32, row: f32| pos2(x, y + row * steps);
    if beside {
        style::paint(ui.painter(), at(end + space::L, 0.0), Align2::LEFT_CENTER, &why, text::LEAD, color);
    }
    let three = alarm.level == Level::Danger && under && acted;
    let mut left = rect.left();
    if under {
        // On two lines the reasons leave room for what was done.
        let room = if acted && !three { (rect.width() * 0.55).min(wide) } else { rect.width() };
        let role = if alarm.level == Level::Danger { text::LEAD } else { text::BODY };
        let placed = style::paint_within(ui.painter(), at(left, 1.0), Align2::LEFT_CENTER, &why, role, color, room);
        left = if three { left } else { placed.right() + space::L };
    }
    if acted {
        let row = if three { 2.0 } else { 1.0 };
        did(ui, scene, at(left, row), rect.right() - left, &alarm.done, color);
    }
}

/// One line: a Notice.
fn small(ui: &Ui, scene: &Scene<'_>, rect: Rect, alarm: &Alarm, said: &Said, color: Color32) {
    let end = headline(ui, rect, rect.center().y, alarm, said, color, text::TILE_NAME);
    let mut left = end + space::L;
    let y = rect.center().y;
    if !said.why.is_empty() && rect.right() - left > NAME {
        let why = format!("why: {}", said.why);
        let room = rect.right() - left;
        left = style::paint_within(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, &why, text::BODY, color, room)
            .right()
            + space::L;
    }
    if !alarm.done.is_empty() {
        did(ui, scene, pos2(left, y), rect.right() - left, &alarm.done, color);
    }
}

fn width(ui: &Ui, words: &str, role: Type) -> f32 {
    if words.is_empty() { 0.0 } else { ui.painter().layout_job(style::job(words, role, Color32::PLACEHOLDER)).size().x }
}

/// How wide the headline is with its limit and its whole name.
fn headline_width(ui: &Ui, alarm: &Alarm, said: &Said) -> f32 {
    let parts = [
        (level_words(alarm), text::TITLE, space::M),
        (said.name.clone(), text::TITLE, space::S),
        (said.figure.clone(), text::TITLE, space::M),
        (said.limit.clone(), text::LEAD, space::M),
        (said.elapsed.clone(), text::ELAPSED, 0.0),
    ];
    parts.iter().map(|(words, role, gap)| width(ui, words, *role) + if words.is_empty() { 0.0 } else { *gap }).sum()
}

/// Paints level, name, figure, limit and elapsed time; hands back where it ends.
fn headline(ui: &Ui, rect: Rect, y: f32, alarm: &Alarm, said: &Said, color: Color32, role: Type) -> f32 {
    let put = |x: f32, words: &str, role: Type, room: f32| {
        style::paint_within(ui.painter(), pos2(x, y), Align2::LEFT_CENTER, words, role, color, room).right()
    };
    let x = put(rect.left(), &level_words(alarm), role, f32::INFINITY) + space::M;
    let wide = |words: &str, role: Type, gap: f32| if words.is_empty() { 0.0 } else { width(ui, words, role) + gap };
    let elapsed = wide(&said.elapsed, text::ELAPSED, space::M);
    let figure = wide(&said.figure, role, space::S);
    let limit = wide(&said.limit, text::LEAD, space::M);
    let free = rect.right() - x - elapsed - figure;
    let limited = limit > 0.0 && free - limit >= NAME.min(width(ui, &said.name, role));
    let mut x = put(x, &said.name, role, if limited { free - limit } else { free });
    if figure > 0.0 {
        x = put(x + space::S, &said.figure, role, f32::INFINITY);
    }
    if limited {
        x = put(x + space::M, &said.limit, text::LEAD, f32::INFINITY);
    }
    if elapsed > 0.0 {
        x = put(x + space::M, &said.elapsed, text::ELAPSED, f32::INFINITY);
    }
    x
}

/// What was done, each with a check and its time; a refused one with a cross and why. What has no room is counted.
fn did(ui: &Ui, scene: &Scene<'_>, at: egui::Pos2, room: f32, done: &[Done], color: Color32) {
    let end = at.x + room;
    let mut x = style::paint(ui.painter(), at, Align2::LEFT_CENTER, "did:", text::BODY, color).right() + space::S;
    for (i, action) in done.iter().enumerate() {
        let words = alarm_words::done(scene, action);
        let wide = text::ICON_S.size + space::XS + width(ui, &words, text::BODY);
        let more = format!("{} more", done.len() - i);
        let reserve = if i + 1 < done.len() { width(ui, &more, text::BODY) + space::L } else { 0.0 };
        if x + wide + reserve > end && i > 0 {
            style::paint(ui.painter(), pos2(x, at.y), Align2::LEFT_CENTER, &more, text::BODY, color);
            return;
        }
        let icon = match (&action.refused, action.undone) {
            (Some(_), _) => icons::X,
            (None, true) => icons::UNDO,
            (None, false) => icons::CHECK,
        };
        style::icon(ui.painter(), pos2(x + text::ICON_S.size / 2.0, at.y), icon, text::ICON_S, color);
        x += text::ICON_S.size + space::XS;
        let here = pos2(x, at.y);
        x = style::paint_within(ui.painter(), here, Align2::LEFT_CENTER, &words, text::BODY, color, end - x).right()
            + space::L;
    }
}
