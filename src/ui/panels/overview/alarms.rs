//! The alarms that are not normal, the most pressing first; under them what is shelved or out of service.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Align2, CornerRadius, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::model::alarms::alarm::{Alarm, AlarmId, OutOfService, Shelf, State};
use crate::model::alarms::rule::{Level, RuleId};
use crate::model::sensors::DeviceId;
use crate::ui::panels::thermal;
use crate::ui::scene::Scene;
use crate::ui::theme::{Density, shade, size, space, stroke, text};
use crate::ui::widgets::{self, alarm_shape, ground, section};
use crate::ui::{icons, reasons, style, words};

/// In a flood, so many alarms of one device become one line.
const GROUPED: usize = 3;
/// From this width up a line says its state in full.
const WORDY: f32 = 560.0;

/// A line of the list.
#[derive(Clone, Debug)]
pub enum Line {
    /// No alarm.
    Quiet,
    /// An alarm.
    Alarm(Arc<Alarm>),
    /// Many alarms of one device, the most pressing first.
    Group(Vec<Arc<Alarm>>),
    /// The heading of the quiet part.
    Heading,
    /// Something shelved.
    Shelved(AlarmId, Shelf),
    /// A device out of service.
    Out(DeviceId, OutOfService),
}

impl Line {
    fn height(&self, density: Density) -> f32 {
        density.row(match self {
            Self::Quiet => size::ROW,
            Self::Alarm(_) | Self::Group(_) => size::ROW_TWO + space::XS,
            Self::Heading => size::ROW_DENSE,
            Self::Shelved(..) | Self::Out(..) => size::ROW_TWO,
        })
    }
}

/// All lines.
#[must_use]
pub fn lines(scene: &Scene<'_>) -> Vec<Line> {
    let alarms = &scene.view.alarms;
    let mut lines = grouped(&alarms.by_urgency(), alarms.flood.is_some());
    if lines.is_empty() {
        lines.push(Line::Quiet);
    }
    if !alarms.shelved.is_empty() || !alarms.out_of_service.is_empty() {
        lines.push(Line::Heading);
    }
    lines.extend(alarms.shelved.iter().map(|(id, shelf)| Line::Shelved(id.clone(), shelf.clone())));
    lines.extend(alarms.out_of_service.iter().map(|(id, how)| Line::Out(id.clone(), how.clone())));
    lines
}

/// In a flood many alarms of one device stand in one line, where the first of them would.
fn grouped(alarms: &[Arc<Alarm>], flood: bool) -> Vec<Line> {
    let mut by_device: BTreeMap<&DeviceId, Vec<Arc<Alarm>>> = BTreeMap::new();
    if flood {
        for alarm in alarms {
            by_device.entry(&alarm.device).or_default().push(Arc::clone(alarm));
        }
    }
    let group_of = |alarm: &Arc<Alarm>| by_device.get(&alarm.device).filter(|group| group.len() > GROUPED);
    let line = |alarm: &Arc<Alarm>| match group_of(alarm) {
        Some(group) if group.first().is_some_and(|first| Arc::ptr_eq(first, alarm)) => Some(Line::Group(group.clone())),
        Some(_) => None,
        None => Some(Line::Alarm(Arc::clone(alarm))),
    };
    alarms.iter().filter_map(line).collect()
}

/// The height of the block with its header.
#[must_use]
pub fn height(lines: &[Line], density: Density) -> f32 {
    size::SECTION + space::S + rows_height(lines, density)
}

/// The height of the lines alone.
#[must_use]
pub fn rows_height(lines: &[Line], density: Density) -> f32 {
    lines.iter().map(|line| line.height(density)).sum()
}

/// Draws the block in `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, lines: &[Line], rect: Rect) {
    let t = style::tokens(ui);
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), size::SECTION));
    let count = count(scene);
    let mut place = ui.new_child(UiBuilder::new().max_rect(head).id_salt("alarms"));
    section::show(&mut place, "Alarms", |ui| {
        ui.label(style::job(&count, text::SIDE, t.text3));
        thermal::time::live(ui, scene);
    });
    let under = rect.with_min_y(head.bottom() + space::S);
    ground::paint(ui, under);
    rows(ui, scene, lines, under);
}

/// Draws the lines alone from the top of `rect` on.
pub fn rows(ui: &mut Ui, scene: &mut Scene<'_>, lines: &[Line], rect: Rect) {
    let t = style::tokens(ui);
    let mut top = rect.top();
    for (i, line) in lines.iter().enumerate() {
        let row = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), line.height(scene.choices.density)));
        top = row.bottom();
        if ui.is_rect_visible(row) {
            if i > 0 {
                ui.painter().hline(row.x_range().shrink(1.0), row.top(), Stroke::new(stroke::HAIR, t.line));
            }
            draw(ui, scene, line, row, i);
        }
    }
}

/// How many alarms there are, in words; nothing if there are none.
#[must_use]
pub fn count(scene: &Scene<'_>) -> String {
    let alarms = scene.view.alarms.by_urgency();
    let new = alarms.iter().filter(|alarm| alarm.is_new()).count();
    match (alarms.len(), new) {
        (0, _) => String::new(),
        (all, 0) => format!("{all}, none new"),
        (all, new) => format!("{new} new of {all}"),
    }
}

fn draw(ui: &mut Ui, scene: &mut Scene<'_>, line: &Line, rect: Rect, place: usize) {
    match line {
        Line::Quiet => quiet(ui, scene, rect),
        Line::Alarm(alarm) => one(ui, scene, alarm, rect),
        Line::Group(group) => many(ui, scene, group, rect),
        Line::Heading => {
            let at = rect.left_center() + vec2(space::M, 0.0);
            let t = style::tokens(ui);
            let title = "SHELVED AND OUT OF SERVICE";
            style::paint(ui.painter(), at, Align2::LEFT_CENTER, title, text::SECTION, t.text3);
        }
        Line::Shelved(id, shelf) => shelved(ui, scene, id, shelf, rect, place),
        Line::Out(id, how) => out_of_service(ui, scene, id, how, rect),
    }
}

fn quiet(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let at = pos2(rect.left() + space::M + size::SHAPE / 2.0, y);
    style::icon(ui.painter(), at, icons::CHECK, text::ICON_M, t.ok);
    let at = pos2(rect.left() + space::M + size::SHAPE + space::S, y);
    style::paint(ui.painter(), at, Align2::LEFT_CENTER, "No alarm", text::BUTTON, t.text1);
    let last = scene
        .view
        .alarms
        .last
        .as_ref()
        .map(|(_, at)| format!("last one {}", words::since(*at, scene.now.wall, &scene.now.zone)));
    let right = pos2(rect.right() - space::M, y);
    let last = last.unwrap_or_default();
    style::paint(ui.painter(), right, Align2::RIGHT_CENTER, &last, text::SIDE, t.text3);
    let response = ui.interact(rect, ui.scope_id().with("no alarm"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, "No alarm"));
}

/// What a row of two lines says.
struct Row<'a> {
    title: &'a str,
    side: &'a str,
    under: &'a str,
    figure: &'a str,
    state: &'a str,
    loud: bool,
}

fn one(ui: &Ui, scene: &mut Scene<'_>, alarm: &Alarm, rect: Rect) {
    let scale = scene.choices.scale;
    let name = scene.device_name(&alarm.device);
    let why = alarm.first_reason().map(|reason| reasons::reason(reason, scale)).unwrap_or_default();
    let more = alarm.reasons.len().saturating_sub(1);
    let under = if more > 0 { format!("{why} +{more}") } else { why };
    let state = reasons::state(alarm, scene.now.wall, &scene.now.zone);
    let short = match (alarm.state, &alarm.acknowledged) {
        (State::Acknowledged, Some(noted)) => noted.by.to_string(),
        (State::Acknowledged, None) => "acknowledged".to_owned(),
        (State::Unacknowledged, _) if alarm.over.is_some() => "over".to_owned(),
        (State::Unacknowledged, _) => "new".to_owned(),
        (State::Cleared, _) => "cleared".to_owned(),
    };
    let until = alarm.over.unwrap_or(scene.now.wall);
    scene.stage.ticking |= alarm.over.is_none();
    let elapsed = reasons::elapsed(reasons::between(alarm.raised, until));
    let test = if alarm.test { "TEST \u{b7} " } else { "" };
    let side = format!("{test}{name}");
    let row = Row {
        title: &alarm.name,
        side: &side,
        under: &under,
        figure: &elapsed,
        state: if rect.width() >= WORDY { &state } else { &short },
        loud: alarm.is_new(),
    };
    let sentence = format!("{}: {}, {name}, {under}, {state}", alarm_shape::word(alarm.level), alarm.name);
    let response = two_lines(ui, rect, &row, (&alarm.id, "alarm"), &sentence, scene, &alarm.device);
    let t = style::tokens(ui);
    level(ui, rect, alarm.level, alarm.state == State::Cleared);
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() {
        scene.stage.select(&alarm.device);
    }
    if alarm.is_new() && alarm.level > Level::Notice {
        let bar = Rect::from_min_size(rect.min + vec2(1.0, 1.0), vec2(size::HERE[0], rect.height() - 1.0));
        ui.painter().rect_filled(bar, CornerRadius::ZERO, alarm_shape::ink(alarm.level, t));
    }
}

fn many(ui: &Ui, scene: &mut Scene<'_>, group: &[Arc<Alarm>], rect: Rect) {
    let Some(first) = group.first() else { return };
    let name = scene.device_name(&first.device);
    let title = format!("{} from {name}", words::many(group.len(), "alarm"));
    let why = first.first_reason().map(|reason| reasons::reason(reason, scene.choices.scale)).unwrap_or_default();
    let under = format!("first: {}, {why}", first.name);
    let new = group.iter().filter(|alarm| alarm.is_new()).count();
    let state = if new > 0 { format!("{new} new") } else { "none new".to_owned() };
    let raised = group.iter().map(|alarm| alarm.raised).min().unwrap_or(first.raised);
    scene.stage.ticking = true;
    let elapsed = reasons::elapsed(scene.now.since(raised));
    let row = Row { title: &title, side: "", under: &under, figure: &elapsed, state: &state, loud: new > 0 };
    let worst = group.iter().map(|alarm| alarm.level).max().unwrap_or(first.level);
    let sentence = format!("{}: {title}, {under}, {state}", alarm_shape::word(worst));
    let response = two_lines(ui, rect, &row, (&first.id, "group"), &sentence, scene, &first.device);
    level(ui, rect, worst, false);
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() {
        scene.stage.select(&first.device);
    }
}

/// The shape before a row; of what is over only its shadow.
fn level(ui: &Ui, rect: Rect, level: Level, over: bool) {
    let mut painter = ui.painter().clone();
    if over {
        painter.multiply_opacity(shade::OVER);
    }
    let at = pos2(rect.left() + space::L + size::SECTION / 2.0, rect.center().y);
    alarm_shape::level(&painter, at, size::SECTION, level, style::tokens(ui));
}

fn two_lines(
    ui: &Ui,
    rect: Rect,
    row: &Row<'_>,
    id: (&AlarmId, &str),
    sentence: &str,
    scene: &Scene<'_>,
    device: &DeviceId,
) -> Response {
    let t = style::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, sentence));
    let inner = rect.shrink(1.0);
    if scene.stage.selected.as_ref() == Some(device) || response.hovered() {
        ui.painter().rect_filled(inner, CornerRadius::ZERO, t.bg3);
    }
    let (upper, lower) = (rect.center().y - 9.0, rect.center().y + 10.0);
    let right = rect.right() - space::M;
    let left = rect.left() + space::L + size::SECTION + space::M;
    let put = |at, anchor, words: &str, role, ink, room| {
        style::paint_within(ui.painter(), at, anchor, words, role, ink, room)
    };
    let figure =
        style::paint(ui.painter(), pos2(right, upper), Align2::RIGHT_CENTER, row.figure, text::FIGURE, t.text1);
    let room = figure.left() - space::M - left;
    let (role, ink) = if row.loud { (text::STRONG, t.text1) } else { (text::BUTTON, t.text2) };
    let title = put(pos2(left, upper), Align2::LEFT_CENTER, row.title, role, ink, room);
    let at = pos2(title.right() + space::S, upper);
    put(at, Align2::LEFT_CENTER, row.side, text::SIDE, t.text2, figure.left() - space::M - at.x);
    let ink = if row.loud { t.text1 } else { t.text3 };
    let state = style::paint(ui.painter(), pos2(right, lower), Align2::RIGHT_CENTER, row.state, text::SIDE, ink);
    let room = state.left() - space::M - left;
    put(pos2(left, lower), Align2::LEFT_CENTER, row.under, text::SIDE, t.text2, room);
    response
}

fn shelved(ui: &Ui, scene: &mut Scene<'_>, id: &AlarmId, shelf: &Shelf, rect: Rect, place: usize) {
    scene.stage.ticking = true;
    let left = reasons::between(scene.now.wall, shelf.until);
    let alarm = scene.view.alarms.active.get(id).cloned();
    // An alarm that is normal now is known by its slug only: its rule and its place.
    let (rule, location) = id.as_str().split_once("--").unwrap_or((id.as_str(), ""));
    let rule = scene.view.alarms.rules.get(&RuleId(rule.into())).map_or(rule, |rule| &rule.name);
    let title = match &alarm {
        Some(alarm) => format!("{} \u{b7} {}", alarm.name, scene.device_name(&alarm.device)),
        None => format!("{rule} \u{b7} {location}"),
    };
    let reason = if shelf.reason.is_empty() { String::new() } else { format!(": {}", shelf.reason) };
    let under = format!("shelved by {}{reason}", shelf.by);
    let figure = format!("{} left", words::age(left));
    let response = still(ui, rect, icons::CLOCK, (&title, &under, &figure), ("shelved", place));
    if let (true, Some(alarm)) = (response.clicked(), alarm) {
        scene.stage.select(&alarm.device);
    }
}

fn out_of_service(ui: &Ui, scene: &mut Scene<'_>, id: &DeviceId, how: &OutOfService, rect: Rect) {
    let title = scene.device_name(id);
    let under = format!("out of service by {}: {}", how.by, how.reason);
    let since = format!("since {}", words::since(how.since, scene.now.wall, &scene.now.zone));
    let response = still(ui, rect, icons::MINUS, (&title, &under, &since), ("out", id));
    if response.clicked() {
        scene.stage.select(id);
    }
}

/// A row of the quiet part: an icon, two lines, a figure.
fn still(
    ui: &Ui,
    rect: Rect,
    icon: char,
    (title, under, figure): (&str, &str, &str),
    id: impl std::hash::Hash + std::fmt::Debug,
) -> Response {
    let t = style::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{title}, {under}, {figure}")));
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink(1.0), CornerRadius::ZERO, t.bg3);
    }
    let at = pos2(rect.left() + space::L + size::SECTION / 2.0, rect.center().y);
    style::icon(ui.painter(), at, icon, text::ICON_M, t.text3);
    let left = rect.left() + space::L + size::SECTION + space::M;
    let right = pos2(rect.right() - space::M, rect.center().y - 8.0);
    let placed = style::paint(ui.painter(), right, Align2::RIGHT_CENTER, figure, text::SIDE, t.text2);
    let at = pos2(left, rect.center().y - 8.0);
    let room = placed.left() - space::S - left;
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, title, text::BODY, t.text2, room);
    let at = pos2(left, rect.center().y + 9.0);
    let room = rect.right() - space::M - left;
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, under, text::SIDE, t.text3, room);
    widgets::focus_ring(ui, &response, 0);
    response
}
