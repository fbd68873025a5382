//! Lines that are not loud: acknowledged, cleared, shelved, out of service, and all lines of the list.

use egui::{Align2, Color32, CornerRadius, Rect, Stroke, Ui, pos2, vec2};

use crate::model::alarms::alarm::Alarm;
use crate::model::alarms::rule::Level;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::acts::{Act, Choice};
use crate::ui::shell::alarm_bar::buttons::{self, Ground};
use crate::ui::shell::alarm_bar::lines::{Line, Tone};
use crate::ui::shell::alarm_bar::loud;
use crate::ui::standing::Standing;
use crate::ui::theme::{Tokens, size, space, stroke, text};
use crate::ui::widgets::alarm_shape::{self, Ink};
use crate::ui::widgets::glyph;
use crate::ui::{alarm_words, icons, style, words};

/// What a calm line says, in the order in which it is read.
struct Said {
    word: String,
    /// May be shortened.
    name: String,
    figure: String,
    /// Left out where it has no room.
    side: String,
}

impl Said {
    fn of(scene: &mut Scene<'_>, line: &Line) -> Self {
        let (now, zone) = (scene.now.wall, scene.now.zone.clone());
        match line {
            Line::Alarm(alarm) => {
                let (name, figure) = alarm_words::headline(scene, alarm);
                let limit = alarm_words::limit_of(scene, alarm);
                let figure = if limit.is_empty() { figure } else { format!("{figure} {limit}") };
                Self { word: word(alarm), name, figure, side: side(scene, alarm) }
            }
            Line::Group { first, all } => {
                let place = alarm_words::place(scene.view, first);
                let (what, figure) = alarm_words::headline(scene, first);
                let what = if alarm_words::is_silence(first) { what } else { first.name.to_string() };
                let name = format!("{} alarms from {place}, first: {what}", all.len());
                Self { word: word(first), name, figure, side: side(scene, first) }
            }
            Line::Shelved(id, shelf) => {
                scene.stage.ticking = true;
                let left = std::time::Duration::try_from(shelf.until.duration_since(now)).unwrap_or_default();
                let until = words::since(shelf.until, now, &zone);
                let side = with_reason(&format!("until {until}, by {}", shelf.by), &shelf.reason);
                let name = alarm_words::name_of(scene.view, id);
                Self { word: "Shelved".to_owned(), name, figure: alarm_words::elapsed(left), side }
            }
            Line::OutOfService(id, how) => {
                let since = words::since(how.since, now, &zone);
                let side = with_reason(&format!("since {since}, by {}", how.by), &how.reason);
                let name = alarm_words::device_name(scene.view, id).to_string();
                Self { word: "Out of service".to_owned(), name, figure: String::new(), side }
            }
        }
    }

    /// What a screen reader says: nothing that ticks.
    fn sentence(&self, line: &Line) -> String {
        let figure = if matches!(line, Line::Shelved(..)) { "" } else { &*self.figure };
        let parts = [&*self.name, figure].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        format!("{}: {parts}, {}", self.word, self.side)
    }
}

/// The sentence of a line that is shown calmly.
pub fn sentence(scene: &mut Scene<'_>, line: &Line) -> String {
    Said::of(scene, line).sentence(line)
}

fn word(alarm: &Alarm) -> String {
    let word = alarm_words::leading(alarm.level);
    if alarm.test { format!("TEST  {word}") } else { word.to_owned() }
}

fn side(scene: &Scene<'_>, alarm: &Alarm) -> String {
    let state = alarm_words::state(scene, alarm);
    if alarm.over.is_some() || alarm_words::is_silence(alarm) {
        return state;
    }
    match alarm.reasons.iter().find(|reason| reason.stale) {
        Some(stale) => format!("{state}, {}", alarm_words::reason_words(scene, alarm, stale, false)),
        None => state,
    }
}

fn with_reason(words: &str, reason: &str) -> String {
    if reason.is_empty() { words.to_owned() } else { format!("{words}: {reason}") }
}

/// Shows a line in `rect`; hands back what was clicked.
pub fn show(ui: &Ui, scene: &mut Scene<'_>, rect: Rect, line: &Line, choices: &[Choice]) -> Option<Act> {
    let t = style::tokens(ui);
    let tone = line.tone();
    ground(ui, rect, tone, t);
    let said = Said::of(scene, line);
    let y = rect.center().y;
    let shape = pos2(rect.left() + space::L + size::SHAPE / 2.0, y);
    mark(ui, shape, line, t);
    let ground = if matches!(tone, Tone::Cleared(_)) { Ground::Raised } else { Ground::Bar };
    let (left, clicked) = buttons::show(ui, rect, choices, ground, size::CONTROL);
    let end = left - space::L;
    let at = pos2(shape.x + size::SHAPE / 2.0 + space::M, y);
    let x = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &said.word, text::STRONG, t.text1).right() + space::M;
    let measure = |words: &str, role| ui.painter().layout_job(style::job(words, role, t.text1)).size().x;
    let (name, figure) = (measure(&said.name, text::BODY), measure(&said.figure, text::FIGURE) + space::S);
    let side = measure(&said.side, text::SIDE) + space::M;
    let beside = x + name.min(size::FIELD) + figure + side <= end;
    let room = end - x - figure - if beside { side } else { 0.0 };
    let mut x =
        style::paint_within(ui.painter(), pos2(x, y), Align2::LEFT_CENTER, &said.name, text::BODY, t.text1, room)
            .right();
    if !said.figure.is_empty() {
        let at = pos2(x + space::S, y);
        x = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &said.figure, text::FIGURE, t.text1).right();
    }
    if beside {
        style::paint(ui.painter(), pos2(x + space::M, y), Align2::LEFT_CENTER, &said.side, text::SIDE, t.text2);
    }
    if line.alarm().is_some_and(|alarm| alarm.test) {
        loud::outline(ui, rect, t.text2);
    }
    clicked
}

/// Cleared ones stand out from the ground; what is active carries its level's line on top.
fn ground(ui: &Ui, rect: Rect, tone: Tone, t: &Tokens) {
    let (fill, line) = match tone {
        Tone::Cleared(_) => (t.bg3, Stroke::new(stroke::HAIR, t.line)),
        Tone::New(level) | Tone::Noted(level) => (t.bg1, Stroke::new(stroke::LEVEL, color(level, t))),
        Tone::Held => (t.bg1, Stroke::new(stroke::HAIR, t.line)),
    };
    ui.painter().rect_filled(rect, CornerRadius::ZERO, fill);
    let top = Rect::from_min_size(rect.min, vec2(rect.width(), line.width));
    ui.painter().rect_filled(top, CornerRadius::ZERO, line.color);
}

const fn color(level: Level, t: &Tokens) -> Color32 {
    match level {
        Level::Danger => t.danger,
        Level::Warning => t.warning,
        Level::Notice => t.notice,
    }
}

/// Filled while active, an outline once it is over, a clock while shelved, a dash while out of service.
fn mark(ui: &Ui, at: egui::Pos2, line: &Line, t: &Tokens) {
    match (line.tone(), line) {
        (Tone::New(level) | Tone::Noted(level), _) => alarm_shape::level(ui.painter(), at, size::SHAPE, level, t),
        (Tone::Cleared(level), _) => {
            alarm_shape::inked(ui.painter(), at, size::SHAPE, level, Ink::outline(level, t));
        }
        (Tone::Held, Line::Shelved(..)) => style::icon(ui.painter(), at, icons::CLOCK, text::ICON_M, t.text2),
        (Tone::Held, _) => glyph::paint(ui.painter(), at, Standing::Off, t),
    }
}
