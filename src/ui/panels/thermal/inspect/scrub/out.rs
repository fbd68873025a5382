//! What leaves the line of time as a file: a clip, a snapshot, a chart, the report of an alarm.

use std::sync::Arc;

use egui::{Label, Popup, PopupCloseBehavior, Response, Ui};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::heat::isotherm::Isotherm;
use crate::model::exports::{ChartForm, Colours, Command, Export, Look, PictureForm};
use crate::model::history::HOTTEST;
use crate::model::sensors::{Device, DeviceId};
use crate::ui::choices::palette_word;
use crate::ui::paint::Paint;
use crate::ui::panels::thermal::inspect::scrub::state::{Line, Room};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{input, menu};
use crate::ui::{icons, style, words};

/// The button with the clip's times under it.
pub fn clip(ui: &mut Ui, scene: &mut Scene<'_>, line: &mut Line, device: &Device, room: Room) {
    let response = opener(ui, icons::DOWNLOAD, "Clip\u{2026}", room);
    let popup = Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let shown = popup.gap(space::XS).width(size::MENU).show(|ui| {
        ui.set_min_width(size::MENU);
        ui.spacing_mut().item_spacing.y = space::S;
        form(ui, scene, line, device);
    });
    if shown.is_none() {
        line.clip = None;
    }
}

fn opener(ui: &mut Ui, icon: char, words: &str, room: Room) -> Response {
    match room {
        Room::All => ui.add(Button::new(words).icon(icon)),
        _ => button::icon(ui, icon, words, false),
    }
}

/// From and to, at first the stretch of time in sight.
fn form(ui: &mut Ui, scene: &mut Scene<'_>, line: &mut Line, device: &Device) {
    let t = style::tokens(ui);
    let zone = &scene.now.zone;
    let ends = line.ends();
    let mut typed = line.clip.take().unwrap_or_else(|| [words::clock(ends.0, zone), words::clock(ends.1, zone)]);
    let at = scene.stage.past.at.unwrap_or(scene.now.wall);
    menu::heading(ui, "Clip");
    for (name, words) in ["From", "To"].into_iter().zip(&mut typed) {
        ui.horizontal(|ui| {
            ui.set_min_width(size::MENU);
            ui.allocate_ui(egui::vec2(size::CONTROL + space::S, size::CONTROL), |ui| {
                ui.set_min_width(size::CONTROL + space::S);
                ui.label(style::job(name, text::BODY, t.text2));
            });
            input::line(ui, words, &format!("Clip, {}", name.to_lowercase()), "10:02:14", size::CLOCK, 19);
            let here = format!("Clip, {} the play head", name.to_lowercase());
            if ui.add(Button::new("Here").name(&here)).clicked() {
                *words = words::clock(at, zone);
            }
        });
    }
    let (from, to) = (time(&typed[0], ends.0, zone), time(&typed[1], ends.1, zone));
    let whole = from.zip(to).filter(|(from, to)| from < to);
    let sentence = match (from.is_some() && to.is_some(), whole) {
        (_, Some(_)) => "All frames of this sensor as CSV",
        (true, None) => "It must end after it begins",
        (false, None) => "A time is 10:02:14, or 2026-09-21 10:02:14",
    };
    ui.add(Label::new(style::job(sentence, text::SIDE, if whole.is_some() { t.text2 } else { t.warning })).wrap());
    let write = ui.add_enabled_ui(whole.is_some(), |ui| ui.add(Button::new("Write the clip")).clicked()).inner;
    line.clip = Some(typed);
    if let Some((from, to)) = whole.filter(|_| write) {
        scene.out.exports(Command::Start(Export::Clip { device: device.id.clone(), from, to }));
        Popup::close_all(ui.ctx());
    }
}

/// A time as people type it: of the day of `near`, or with its own day.
#[must_use]
pub fn time(typed: &str, near: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let typed = typed.trim();
    let of_day = || {
        let time = Time::strptime("%H:%M:%S", typed).or_else(|_| Time::strptime("%H:%M", typed)).ok()?;
        Some(near.to_zoned(zone.clone()).date().to_datetime(time))
    };
    let then = of_day().or_else(|| typed.parse().ok())?;
    Some(then.to_zoned(zone.clone()).ok()?.timestamp())
}

/// The button with the files that can be made of what is shown.
pub fn report(ui: &mut Ui, scene: &mut Scene<'_>, line: &Line, device: &Device, room: Room) {
    let response = opener(ui, icons::FILE_TEXT, "Report\u{2026}", room);
    menu::popup(&response, |ui| files(ui, scene, line, device));
}

fn files(ui: &mut Ui, scene: &mut Scene<'_>, line: &Line, device: &Device) {
    let mut wanted = None;
    menu::heading(ui, "This picture");
    let pictures = [
        (PictureForm::Png, "Snapshot PNG", "as on screen"),
        (PictureForm::Csv, "Snapshot CSV", "temperatures"),
        (PictureForm::Json, "Snapshot JSON", "temperatures"),
    ];
    for (form, words, side) in pictures {
        if menu::item(ui, false, words, side).clicked() {
            let (device, look) = (device.id.clone(), look(scene, &device.id));
            wanted = Some(Export::Snapshot { device, at: scene.stage.past.at, form, look });
        }
    }
    menu::heading(ui, "This stretch of time");
    let charts = [
        (ChartForm::Png, "Chart PNG"),
        (ChartForm::Svg, "Chart SVG"),
        (ChartForm::Html, "Chart HTML"),
        (ChartForm::Csv, "Chart CSV"),
    ];
    for (form, words) in charts {
        if menu::item(ui, false, words, "").clicked() {
            let (from, to) = line.ends();
            let channels = vec![(device.id.clone(), Arc::from(HOTTEST))];
            wanted = Some(Export::History { channels, from, to, form, scale: scene.choices.scale });
        }
    }
    menu::heading(ui, "The alarm at this time");
    match alarm(scene, line) {
        Some(entry) if menu::item(ui, false, "Incident report", "HTML").clicked() => {
            wanted = Some(Export::Incident { entry, scale: scene.choices.scale });
        }
        Some(_) => {}
        None => drop(ui.label(style::job("No alarm went on here", text::SIDE, style::tokens(ui).text3))),
    }
    if let Some(export) = wanted {
        scene.out.exports(Command::Start(export));
    }
}

/// The journal entry that raised the alarm under the play head.
fn alarm(scene: &Scene<'_>, line: &Line) -> Option<u64> {
    let at = scene.stage.past.at.map_or(line.span().1, Timestamp::as_millisecond);
    let picks: Vec<_> = line.trends.picks.iter().collect();
    let all = line.trends.alarms_at(&scene.view.alarms, &picks);
    let here = all.iter().filter(|(shade, episode)| (shade.from_ms..=shade.to_ms).contains(&at) && episode.seq > 0);
    here.max_by_key(|(shade, _)| shade.level).map(|(_, episode)| episode.seq)
}

/// How a picture looks on screen.
fn look(scene: &Scene<'_>, id: &DeviceId) -> Look {
    let isotherm = match scene.stage.views.of(id).isotherm {
        Some(Isotherm::Above(celsius)) => Some(celsius),
        _ => None,
    };
    Look {
        palette: palette_word(scene.choices.palette).into(),
        smooth: scene.choices.smooth,
        colours: match scene.pictures.paint(id) {
            Paint::Heat => Colours::Heat,
            Paint::AboveLimit(limit) => Colours::AboveLimit(limit),
            Paint::Difference(_) => Colours::Difference,
        },
        span: Some(scene.pictures.span(id)),
        isotherm,
        mounting: scene.array(id).map(|array| scene.choice(&array).mounting).unwrap_or_default(),
        scale: scene.choices.scale,
    }
}
