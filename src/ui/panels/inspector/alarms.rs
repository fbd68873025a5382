//! The alarms of a device: each with its reasons and what can be done, and what the device has learned to compare with.

use std::time::Duration;

use egui::{Label, Rect, ScrollArea, Ui, vec2};

use crate::heat::gas::ChannelMeaning;
use crate::model::alarms::Command;
use crate::model::alarms::alarm::{Alarm, AlarmId};
use crate::model::alarms::rule::{Level, Rule};
use crate::model::learned::{Learned, Rest};
use crate::model::sensors::{Device, DeviceId};
use crate::model::thermal::Calibration;
use crate::port::slots::DeviceSlot;
use crate::ui::panels::inspector::channels;
use crate::ui::panels::thermal::time;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::acts::{self, Keyed};
use crate::ui::shell::alarm_bar::lines::{self, Line};
use crate::ui::shell::alarm_bar::question::REASON_LIMIT;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::alarm_button::{self, AlarmButton};
use crate::ui::widgets::alarm_shape::{self, Ink};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::{blank, fact, menu, section};
use crate::ui::{alarm_words, icons, style, words};

/// Whether the section has something pressing: an alarm, or none because the device is out of service.
#[must_use]
pub fn matters(scene: &Scene<'_>, device: &Device) -> bool {
    let alarms = &scene.view.alarms;
    alarms.out_of_service.contains_key(&device.id) || alarms.active.values().any(|alarm| alarm.device == device.id)
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, slot: Option<&DeviceSlot>) {
    let all: Vec<_> = scene.view.alarms.active.values().filter(|alarm| alarm.device == device.id).cloned().collect();
    section::quiet(ui, "Alarms", |ui| {
        if !all.is_empty() {
            ui.label(style::job(&all.len().to_string(), text::AXIS_FIGURE, style::tokens(ui).text3));
        }
        time::live(ui, scene);
    });
    ui.add_space(space::S);
    let service = scene.view.alarms.out_of_service.get(&device.id).cloned();
    if let Some(how) = &service {
        let since = words::since(how.since, scene.now.wall, &scene.now.zone);
        paragraph(ui, &format!("Out of service since {since}, by {}: {}", how.by, how.reason), true);
        ui.add_space(space::S);
    } else if all.is_empty() {
        blank::line(ui, "No alarm");
        ui.add_space(space::S);
    }
    let keyed = Keyed::of(scene, &lines::of(&scene.view.alarms));
    for alarm in &all {
        one(ui, scene, alarm, &keyed);
    }
    learned(ui, scene, device, slot);
    ui.add_space(space::S);
    buttons(ui, scene, device, slot, service.is_some());
    retire(ui, scene, device);
}

fn paragraph(ui: &mut Ui, sentence: &str, strong: bool) {
    let t = style::tokens(ui);
    let (role, color) = if strong { (text::BODY, t.text1) } else { (text::SIDE, t.text2) };
    ui.add(Label::new(style::job(sentence, role, color)).wrap());
}

/// One alarm: shape and word, its reasons, what was done, its buttons.
fn one(ui: &mut Ui, scene: &mut Scene<'_>, alarm: &Alarm, keyed: &Keyed) {
    let t = style::tokens(ui);
    let shelf = scene.view.alarms.shelved.get(&alarm.id).cloned();
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(size::SHAPE, size::SECTION), egui::Sense::hover());
        let over = alarm.state == crate::model::alarms::alarm::State::Cleared;
        let ink = if over { Ink::outline(alarm.level, t) } else { Ink::of(alarm.level, t) };
        alarm_shape::inked(ui.painter(), rect.center(), size::SHAPE, alarm.level, ink);
        let test = if alarm.test { "TEST  " } else { "" };
        let words = format!("{test}{}  {}", alarm_words::leading(alarm.level), alarm.name);
        ui.add(Label::new(style::job(&words, text::STRONG, t.text1)).truncate());
    });
    let state = match &shelf {
        Some(shelf) => {
            let until = words::since(shelf.until, scene.now.wall, &scene.now.zone);
            format!("shelved until {until} by {}", shelf.by)
        }
        None => alarm_words::state(scene, alarm),
    };
    scene.stage.ticking |= alarm_words::ticks(alarm);
    let raised = words::clock(alarm.raised, &scene.now.zone);
    paragraph(ui, &format!("since {raised}, {state}"), false);
    for reason in &alarm.reasons {
        let since = words::clock(reason.since, &scene.now.zone);
        paragraph(ui, &format!("{}, since {since}", alarm_words::reason_words(scene, alarm, reason, true)), true);
    }
    let did = alarm_words::did(scene, alarm);
    if !did.is_empty() {
        paragraph(ui, &did, false);
    }
    ui.add_space(space::S);
    let line = match shelf {
        Some(shelf) => Line::Shelved(alarm.id.clone(), shelf),
        None => Line::Alarm(alarm.clone().into()),
    };
    own_buttons(ui, scene, &line, keyed, &alarm.id);
    ui.add_space(space::M);
}

fn own_buttons(ui: &mut Ui, scene: &mut Scene<'_>, line: &Line, keyed: &Keyed, id: &AlarmId) {
    let ink = alarm_button::plain(ui);
    let mut clicked = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        for choice in acts::choices(scene, line, keyed, false) {
            if matches!(choice.act, acts::Act::Go(_)) {
                continue;
            }
            let button =
                AlarmButton { word: &choice.word, icon: choice.icon, key: choice.key, name: &choice.name, ink };
            let wanted = vec2(button.width(ui, size::CONTROL), size::CONTROL);
            let (rect, _) = ui.allocate_exact_size(wanted, egui::Sense::hover());
            let at = ui.scope_id().with(("own", id, format!("{:?}", choice.act)));
            if button.show(ui, at, rect, Rect::from_center_size(rect.center(), wanted)).clicked() {
                clicked = Some(choice.act.clone());
            }
        }
    });
    if let Some(act) = clicked {
        acts::perform(scene, act);
    }
}

/// Rest levels and the usual picture, or plainly that there are none.
fn learned(ui: &mut Ui, scene: &Scene<'_>, device: &Device, slot: Option<&DeviceSlot>) {
    let learned = slot.and_then(|slot| slot.learned.load_full());
    let channels = slot.map(|slot| slot.channels());
    for channel in channels.iter().flat_map(|channels| channels.iter()) {
        let meaning = ChannelMeaning::of(&channel.key);
        if !meaning.is_analogue() {
            continue;
        }
        let rest = learned.as_deref().and_then(|learned: &Learned| learned.rests.get(&channel.key));
        let name = format!("Rest of {} ({})", channels::title(meaning, &channel.key), channel.key);
        fact::figure(ui, &name, &rest_words(rest));
    }
    let Some(array) = scene.array(&device.id) else { return };
    if array.calibration == Calibration::Missing {
        fact::word(ui, "Usual picture", "none, uncalibrated");
        paragraph(ui, "Without its calibration there are no temperatures: no heat alarm can be raised here.", false);
        return;
    }
    let baseline = learned.and_then(|learned| learned.baseline.clone());
    let words = match baseline.as_deref() {
        None => "not learned yet".to_owned(),
        Some(base) if base.learning => format!("learning, {} so far", seconds(base.seconds)),
        Some(base) => format!("learned over {}", seconds(base.seconds)),
    };
    fact::word(ui, "Usual picture", &words);
}

fn rest_words(rest: Option<&Rest>) -> String {
    match rest {
        None => "not learned yet".to_owned(),
        Some(rest) if rest.learning => "learning".to_owned(),
        Some(rest) => format!("{:.1}\u{a0}% \u{b1}\u{a0}{:.1}", rest.median, rest.mad),
    }
}

fn seconds(seconds: f32) -> String {
    words::age(Duration::try_from_secs_f32(seconds.max(0.0)).unwrap_or_default())
}

/// What can be done with the device's alarms as a whole.
fn buttons(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, slot: Option<&DeviceSlot>, out_of_service: bool) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        let learns = slot.is_some_and(|slot| !slot.channels().is_empty()) || scene.array(&device.id).is_some();
        if learns && ui.add(Button::new("Learn anew").name("Learn rest levels and the usual picture anew")).clicked() {
            scene.out.alarms(Command::Relearn { device: device.id.clone() });
        }
        let test = ui.add(Button::new("Test alarm").icon(icons::BELL));
        menu::popup(&test, |ui| tests(ui, scene, &device.id));
        if out_of_service {
            if ui.add(Button::new("Put back into service")).clicked() {
                scene.out.alarms(Command::PutBackInService { device: device.id.clone() });
            }
        } else if ui.add(Button::new("Take out of service\u{2026}")).clicked() {
            scene.stage.retiring = Some((device.id.clone(), String::new()));
        }
    });
}

/// The rules that hold for a device, each with the levels it can reach.
fn tests(ui: &mut Ui, scene: &mut Scene<'_>, device: &DeviceId) {
    let rules: Vec<_> =
        scene.view.alarms.rules.values().filter(|rule| rule.enabled && rule.scope.holds(device)).cloned().collect();
    if rules.is_empty() {
        blank::line(ui, "No rule watches this device");
    }
    ScrollArea::vertical().max_height(size::MENU_TALL).show(ui, |ui| {
        for rule in rules {
            menu::heading(ui, &rule.name);
            for level in levels(&rule) {
                if menu::item(ui, false, level.word(), "test").clicked() {
                    scene.out.alarms(Command::Test { rule: rule.id.clone(), device: device.clone(), level });
                    ui.close();
                }
            }
        }
    });
}

/// The levels that an alarm of a rule can have, the worst first.
fn levels(rule: &Rule) -> Vec<Level> {
    let enabled = || rule.sources.iter().filter(|source| source.enabled);
    let together = enabled().filter(|source| !source.alone).count() >= usize::from(rule.min_sources);
    let can = |level: Level| enabled().any(|source| source.level == level) || (together && rule.together == level);
    let found: Vec<_> = Level::ALL.into_iter().rev().filter(|level| can(*level)).collect();
    if found.is_empty() { vec![Level::Notice] } else { found }
}

/// Asks why before a device goes out of service.
fn retire(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let Some((_, mut reason)) = scene.stage.retiring.take().filter(|(id, _)| *id == device.id) else { return };
    let t = style::tokens(ui);
    ui.add_space(space::M);
    let question = format!("Why does {} go out of service? Its alarms are closed and none is raised.", device.name);
    ui.add(Label::new(style::job(&question, text::BODY, t.text1)).wrap());
    ui.add_space(space::S);
    let edited = field::line(ui, &mut reason, "Why it goes out of service", ui.available_width(), REASON_LIMIT);
    ui.add_space(space::S);
    let said = !reason.trim().is_empty();
    let (mut sure, mut keep) = (said && edited == Edited::Done, false);
    ui.horizontal(|ui| {
        sure |= ui.add_enabled(said, Button::new("Take out of service")).clicked();
        keep = ui.add(Button::new("Keep watching it")).clicked();
    });
    if sure {
        let reason = reason.trim().to_owned();
        scene.out.alarms(Command::TakeOutOfService { device: device.id.clone(), reason });
    } else if !keep {
        scene.stage.retiring = Some((device.id.clone(), reason));
    }
}
