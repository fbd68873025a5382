//! Trends: up to six channels of any devices over time, with their limits and the times of alarms.

use egui::{Key, Label, Rect, Sense, Ui, pos2, vec2};
use jiff::Timestamp;

use crate::report::limits::Unit;
use crate::ui::panels::history::picks::{Pick, SPANS, Trends, View};
use crate::ui::panels::history::{legend, limit_lines};
use crate::ui::panels::thermal::time;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::plot::{Line, Plot, Wish};
use crate::ui::widgets::segment;
use crate::ui::widgets::{blank, ground};
use crate::ui::{icons, style, words};
use crate::units::moment::Moment;

/// The first time something is shown: the selected device, or the first one.
fn begin(scene: &Scene<'_>, trends: &mut Trends) {
    if !trends.begins() {
        return;
    }
    let devices = scene.devices();
    let first = scene.selected().or_else(|| devices.iter().find(|d| scene.array(&d.id).is_some()).cloned());
    if let Some(device) = first.or_else(|| devices.first().cloned())
        && let Some(channel) = legend::channels(scene, &device.id).into_iter().next()
    {
        trends.add(&device.id, &channel);
    }
}

/// Draws the part.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, trends: &mut Trends) {
    begin(scene, trends);
    controls(ui, scene, trends);
    ui.add_space(space::S);
    legend::show(ui, scene, trends);
    ui.add_space(space::S);
    refresh(ui, scene, trends, ui.available_width());
    if trends.picks.is_empty() {
        super::said(ui, icons::CHART_LINE, "No channel is chosen", "Add up to six channels of any sensors");
        return;
    }
    if let Some(why) = nothing(trends) {
        super::failed(ui, "The history cannot be read", &why);
        return;
    }
    if let Some(sentence) = silent(scene, trends) {
        super::said(ui, icons::CHART_LINE, &sentence, "");
        return;
    }
    plots(ui, scene, trends);
}

/// Draws a plot alone in `rect`, without names: who draws it says what it is.
pub(crate) fn alone(ui: &Ui, scene: &Scene<'_>, trends: &mut Trends, rect: Rect) {
    refresh(ui, scene, trends, rect.width());
    let ink = blank::inks(style::tokens(ui));
    if let Some(why) = nothing(trends) {
        blank::over(ui, rect, icons::CIRCLE_ALERT, "The history cannot be read", &why, ink);
    } else if let Some(sentence) = silent(scene, trends) {
        blank::over(ui, rect, icons::CHART_LINE, &sentence, "", ink);
    } else if let Some(unit) = trends.picks.first().map(Pick::unit)
        && let Some(wish) = plot(ui, scene, trends, unit, rect, false)
    {
        obey(ui, scene, trends, wish);
    }
}

fn refresh(ui: &Ui, scene: &Scene<'_>, trends: &mut Trends, width: f32) {
    let points = (width - size::PLOT_LEFT).clamp(100.0, 2_000.0) as u16;
    trends.refresh(scene.port, scene.now, scene.choices.scale, points);
    trends.wake_up(ui.ctx());
    trends.refresh_alarms(scene.port, scene.now.moment, scene.view.alarms.journaled);
}

/// That there is nothing to be drawn, if so.
fn silent(scene: &Scene<'_>, trends: &Trends) -> Option<String> {
    let empty = trends.picks.iter().all(|pick| pick.answered.is_some() && pick.points.is_empty());
    empty.then(|| {
        let since = words::since(scene.now.wall_of(Moment::ZERO), scene.now.wall, &scene.now.zone);
        if trends.is_live() {
            format!("No history yet, recording since {since}")
        } else {
            "Nothing was recorded in this time".to_owned()
        }
    })
}

/// Why nothing at all can be shown.
fn nothing(trends: &Trends) -> Option<String> {
    let all_failed = trends.picks.iter().all(|pick| pick.points.is_empty() && pick.failed.is_some());
    trends.picks.first().filter(|_| all_failed).and_then(|pick| pick.failed.clone())
}

fn controls(ui: &mut Ui, scene: &mut Scene<'_>, trends: &mut Trends) {
    if !ui.ctx().text_edit_focused() && ui.input(|i| i.modifiers.is_none() && i.key_pressed(Key::L)) {
        trends.back_to_live();
    }
    ui.horizontal_wrapped(|ui| {
        legend::add(ui, scene, trends);
        let chosen = match trends.view {
            View::Live(minutes) => minutes,
            View::Held(..) => 0,
        };
        if let Some(minutes) = segment::show(ui, "Span", chosen, &SPANS) {
            (trends.view, trends.minutes) = (View::Live(minutes), minutes);
        }
        let t = style::tokens(ui);
        if let View::Held(from, to) = trends.view {
            if ui.add(Button::new("Back to live").icon(icons::HISTORY).ember().name("Back to live (L)")).clicked() {
                trends.back_to_live();
            }
            let at = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
            let (from, to) = (super::journal::time(at(from), scene), super::journal::time(at(to), scene));
            ui.label(style::job(&format!("{from} \u{2013} {to}"), text::FIGURE, t.text1));
        } else {
            let hint = style::job("Drag or turn the wheel to zoom, click to mark a time", text::SIDE, t.text3);
            let hint = ui.painter().layout_job(hint);
            // It is shown whole or not at all.
            if hint.size().x <= ui.available_size_before_wrap().x {
                ui.add_sized(vec2(hint.size().x, size::CONTROL), Label::new(hint));
            }
        }
        if let Some(at) = trends.marked() {
            if ui.add(Button::new("Show pictures of then").icon(icons::FLAME)).clicked() {
                let pictured = trends.picks.iter().find(|pick| scene.array(&pick.device).is_some());
                time::go(scene, pictured.map(|pick| &pick.device), at);
                ui.ctx().request_repaint();
            }
            ui.label(style::job(&super::journal::time(at, scene), text::FIGURE, t.text1));
        }
    });
}

/// A plot for each unit, one time axis under each.
fn plots(ui: &mut Ui, scene: &Scene<'_>, trends: &mut Trends) {
    let rect = ui.available_rect_before_wrap();
    let mut units: Vec<Unit> = trends.picks.iter().map(Pick::unit).collect();
    units.sort_unstable();
    units.dedup();
    let gap = space::L * units.len().saturating_sub(1) as f32;
    let each = (rect.height() - gap) / units.len().max(1) as f32;
    let mut wish = None;
    for (i, unit) in units.iter().enumerate() {
        let top = rect.top() + i as f32 * (each + space::L);
        let place = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), each));
        ground::paint(ui, place);
        wish = wish.or(plot(ui, scene, trends, *unit, place.shrink(space::M), true));
    }
    ui.allocate_rect(rect, Sense::hover());
    if let Some(wish) = wish {
        obey(ui, scene, trends, wish);
    }
}

fn obey(ui: &Ui, scene: &Scene<'_>, trends: &mut Trends, wish: Wish) {
    match wish {
        Wish::Zoom { from_ms, to_ms } => {
            let now = scene.now.wall.as_millisecond();
            trends.view = View::Held(from_ms, to_ms.min(now));
        }
        Wish::Reset => trends.back_to_live(),
        Wish::Mark { at_ms } => trends.mark = Some(at_ms),
        Wish::Nudge { forward } => trends.nudge(forward),
    }
    ui.ctx().request_repaint();
}

fn plot(ui: &Ui, scene: &Scene<'_>, trends: &Trends, unit: Unit, rect: Rect, named: bool) -> Option<Wish> {
    let scale = scene.choices.scale;
    let picks: Vec<&Pick> = trends.picks.iter().filter(|pick| pick.unit() == unit).collect();
    let names: Vec<String> = picks.iter().map(|pick| legend::name(scene, pick)).collect();
    let word = |name: &String| if named { name.clone() } else { String::new() };
    let line = |(pick, name): (&&'_ Pick, &'_ String)| (pick.series, word(name));
    let named: Vec<(usize, String)> = picks.iter().zip(&names).map(line).collect();
    let lines: Vec<Line<'_>> = picks
        .iter()
        .zip(&named)
        .map(|(pick, (series, name))| Line { name, points: &pick.points, runs: &pick.runs, series: *series })
        .collect();
    let name = format!("Trend of {}", names.join(", "));
    let limits = limit_lines::of(scene, &picks, unit);
    let shades = trends.shades(&scene.view.alarms, &picks);
    let plot = Plot {
        name: &name,
        lines: &lines,
        limits: &limits,
        shades: &shades,
        span: trends.span,
        unit: unit.word(scale),
        zone: &scene.now.zone,
        least: 1.0,
    };
    if let Some(at) = trends.marked() {
        plot.mark(ui, rect, at.as_millisecond());
    }
    plot.show(ui, rect)
}
