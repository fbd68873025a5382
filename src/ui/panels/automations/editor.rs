//! The editor of the selected rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Align, CornerRadius, Frame, Label, Layout, Margin, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::model::alarms::Command;
use crate::model::alarms::rule::{Confidence, Latch, Level, Rule, Scope};
use crate::model::sensors::{Device, DeviceId};
use crate::ui::panels::automations::draft::Asking;
use crate::ui::panels::automations::faults::Faults;
use crate::ui::panels::automations::given::{LEVELS, fault};
use crate::ui::panels::automations::live::Around;
use crate::ui::panels::automations::{actions, sources, tuning};
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{self, ask, blank, input, menu, scroll, section, segment, toggle};
use crate::ui::{icons, style, words};

/// Longest name and note.
const NAME_LIMIT: usize = 64;
const NOTE_LIMIT: usize = 500;

/// Room for the label of a setting.
const LABEL: f32 = 248.0;

/// Draws the editor.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let alarms = &scene.view.alarms;
    let Some(mut rule) = scene.stage.rules.edited(alarms) else {
        return blank::line(ui, "Begin with a new rule, or restore the standard ones");
    };
    let faults = Faults::of(&rule);
    head(ui, scene, &mut rule, &faults);
    state(ui, scene, &rule, &faults);
    question(ui, scene, &rule);
    let around = Around { view: scene.view, port: scene.port, now: scene.now.moment, scale: scene.choices.scale };
    let now = scene.stage.rules.live.look(around, &rule);
    if let Some(due) = scene.stage.rules.live.due {
        ui.ctx().request_repaint_after(due);
    }
    ui.add_space(space::S);
    tuning::banner(ui, scene, &rule, &now);
    ui.add_space(space::L);
    scroll::page(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        part(ui, "Sources", &sources_side(&rule), |ui| sources::show(ui, scene, &mut rule, &now, &faults));
        part(ui, "Together", "", |ui| padded(ui, |ui| together(ui, &mut rule)));
        part(ui, "Where it holds", "", |ui| padded(ui, |ui| scope(ui, scene, &mut rule)));
        let side = "run without the window too; a test alarm runs none";
        part(ui, "What is done", side, |ui| padded(ui, |ui| actions::show(ui, scene, &mut rule)));
        part(ui, "Note", "", |ui| {
            padded(ui, |ui| {
                input::lines(ui, &mut rule.note, "Note", "Why this rule is as it is", 2, NOTE_LIMIT);
            });
        });
    });
    scene.stage.rules.note(rule, &scene.view.alarms);
}

fn sources_side(rule: &Rule) -> String {
    let alone = rule.sources.iter().filter(|source| source.enabled && source.alone).count();
    let on = rule.sources.iter().filter(|source| source.enabled).count();
    format!("{on} enabled, {alone} of them may raise an alarm alone")
}

fn part(ui: &mut Ui, title: &str, side: &str, content: impl FnOnce(&mut Ui)) {
    let t = style::tokens(ui);
    section::show(ui, title, |ui| ui.label(style::job(side, text::SIDE, t.text3)));
    ui.add_space(space::S);
    Frame::NONE
        .fill(t.bg2)
        .stroke(Stroke::new(stroke::HAIR, t.line))
        .corner_radius(radius::TILE)
        .inner_margin(Margin::same(1))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            content(ui);
        });
    ui.add_space(space::XL);
}

fn padded(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    Frame::NONE.inner_margin(Margin::same(space::M as i8)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        ui.set_width(ui.available_width());
        content(ui);
    });
}

/// Name, whether it is watched, and what can be done with it.
fn head(ui: &mut Ui, scene: &mut Scene<'_>, rule: &mut Rule, faults: &Faults) {
    let t = style::tokens(ui);
    // Where there is little room the name has a line of its own, and what can be done as many as it needs.
    let below = ui.available_width() < size::RULE_HEAD;
    if below {
        name(ui, rule);
        ui.add_space(space::XS);
    }
    let layout = if below { Layout::left_to_right(Align::Center) } else { Layout::right_to_left(Align::Center) };
    ui.horizontal(|ui| {
        let unsaved = scene.stage.rules.drafts.contains_key(&rule.id);
        ui.with_layout(layout.with_main_wrap(below), |ui| {
            let save = Button::new("Save").icon(icons::SAVE);
            let save = if unsaved && faults.none() { save.ember() } else { save };
            if ui.add_enabled(unsaved && faults.none(), save).on_hover_text("Save (Ctrl+S)").clicked()
                && let Some(command) = scene.stage.rules.save(&scene.view.alarms)
            {
                scene.out.alarms(command);
            }
            if ui.add_enabled(unsaved, Button::new("Revert").icon(icons::UNDO)).clicked() {
                scene.stage.rules.revert();
                *rule = scene.stage.rules.edited(&scene.view.alarms).unwrap_or_else(|| rule.clone());
            }
            if ui.add(Button::new("Test\u{2026}").icon(icons::BELL)).clicked() {
                let fits = |device: &&Arc<Device>| device.accepted && rule.scope.holds(&device.id);
                let device = scene.devices().iter().find(fits).map(|device| device.id.clone());
                scene.stage.rules.asking = Some(Asking::Test { device, level: Level::Warning });
            }
            if button::icon(ui, icons::TRASH_2, "Delete this rule", false).clicked() {
                scene.stage.rules.asking = Some(Asking::Delete);
            }
            if button::icon(ui, icons::COPY, "Duplicate this rule", false).clicked() {
                scene.stage.rules.duplicate(rule, &scene.view.alarms);
            }
            ui.label(style::job("Watched", text::BODY, t.text2));
            toggle::show(ui, &mut rule.enabled, "This rule is watched");
            if !below {
                name(ui, rule);
            }
        });
    });
}

fn name(ui: &mut Ui, rule: &mut Rule) {
    let mut name = rule.name.to_string();
    let width = ui.available_width();
    if input::line(ui, &mut name, "Name of the rule", "Name", width, NAME_LIMIT).changed() {
        rule.name = name.into();
    }
}

/// Whether it is saved, and why it cannot be.
fn state(ui: &mut Ui, scene: &Scene<'_>, rule: &Rule, faults: &Faults) {
    let t = style::tokens(ui);
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let desk = &scene.stage.rules;
        let saved = scene.view.alarms.rules.get(&rule.id);
        let words = match (desk.drafts.get(&rule.id), saved) {
            (None, _) => "Saved",
            (Some(draft), _) if draft.sent => "Being saved\u{2026}",
            (Some(draft), _) if draft.base.is_none() => "New, not saved yet",
            (Some(draft), now) if draft.overtaken(now.map(|rule| &**rule)) => {
                "Unsaved changes; the rule was changed elsewhere meanwhile, and saving replaces that"
            }
            (Some(_), _) => "Unsaved changes",
        };
        let ink = if desk.drafts.contains_key(&rule.id) { t.text1 } else { t.text3 };
        ui.label(style::job(words, text::SIDE, ink));
        ui.label(style::job(&format!("id {}", rule.id), text::SIDE, t.text3));
    });
    if let Some(why) = faults.first(rule) {
        fault(ui, &format!("Cannot be saved. {why}"));
    }
}

/// The question that is open, in place.
fn question(ui: &mut Ui, scene: &mut Scene<'_>, rule: &Rule) {
    let Some(asking) = scene.stage.rules.asking.clone().filter(|asking| *asking != Asking::Restore) else { return };
    let t = style::tokens(ui);
    ui.add_space(space::S);
    let frame = Frame::NONE
        .fill(t.bg2)
        .stroke(Stroke::new(stroke::HAIR, t.edge))
        .corner_radius(radius::TILE)
        .inner_margin(Margin::same(space::M as i8));
    let next = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        match asking {
            Asking::Test { device, level } => test(ui, scene, rule, device, level),
            _ => delete(ui, scene, rule),
        }
    });
    scene.stage.rules.asking = next.inner;
}

fn delete(ui: &mut Ui, scene: &mut Scene<'_>, rule: &Rule) -> Option<Asking> {
    let active = scene.view.alarms.active.values().filter(|alarm| alarm.rule == rule.id).count();
    let closed = match active {
        0 => String::new(),
        n => format!(" {} of it will be closed.", words::many(n, "active alarm")),
    };
    let words = format!("Delete the rule {}?{closed}", rule.name);
    let answer = ask::show(ui, &words, "Delete it", "Keep it");
    if answer == Some(true) {
        scene.stage.rules.revert();
        if scene.view.alarms.rules.contains_key(&rule.id) {
            scene.out.alarms(Command::RemoveRule { rule: rule.id.clone() });
        }
    }
    answer.is_none().then_some(Asking::Delete)
}

fn test(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    rule: &Rule,
    mut device: Option<DeviceId>,
    mut level: Level,
) -> Option<Asking> {
    let t = style::tokens(ui);
    let saved = scene.view.alarms.rules.contains_key(&rule.id);
    let side = match (saved, scene.stage.rules.drafts.contains_key(&rule.id)) {
        (false, _) => "Save the rule first",
        (true, true) => "The rule is tested as it was saved. A test is seen, heard and journaled; no action is run",
        (true, false) => "A test is seen, heard and journaled; no action is run",
    };
    ui.horizontal(|ui| {
        ui.label(style::job("Raise a test alarm at", text::BODY, t.text1));
        let name =
            |id: &DeviceId| scene.view.sensors.devices.get(id).map_or_else(|| id.to_string(), |d| d.name.to_string());
        let shown = device.as_ref().map_or_else(|| "no device".to_owned(), name);
        menu::drop_down(ui, "Device of the test", "", &shown, |ui| {
            egui::ScrollArea::vertical().max_height(size::MENU_HIGH).show(ui, |ui| {
                for known in scene.devices().iter().filter(|known| rule.scope.holds(&known.id)) {
                    if menu::item(ui, device.as_ref() == Some(&known.id), &known.name, "").clicked() {
                        device = Some(known.id.clone());
                    }
                }
            });
        });
        if let Some(chosen) = segment::show(ui, "Level of the test", level, &LEVELS) {
            level = chosen;
        }
    });
    ui.add_space(space::XS);
    ui.label(style::job(side, text::SIDE, t.text2));
    ui.add_space(space::S);
    let mut open = true;
    ui.horizontal(|ui| {
        let raise = ui.add_enabled(saved && device.is_some(), Button::new("Raise test alarm").icon(icons::BELL));
        if raise.clicked()
            && let Some(device) = device.clone()
        {
            scene.out.alarms(Command::Test { rule: rule.id.clone(), device, level });
            open = false;
        }
        open &= !ui.add(Button::new("Cancel")).clicked();
    });
    open.then_some(Asking::Test { device, level })
}

/// What several sources make together, how sure that is, and what stays.
fn together(ui: &mut Ui, rule: &mut Rule) {
    let t = style::tokens(ui);
    let sentence = |ui: &mut Ui, words: &str| ui.add(Label::new(style::job(words, text::SIDE, t.text3)).wrap());
    setting(ui, "Sources that must be on together", |ui| {
        let most = u32::try_from(rule.sources.len()).unwrap_or(32).max(u32::from(rule.min_sources)).max(1);
        let mut n = u32::from(rule.min_sources);
        input::count(ui, &mut n, "Sources that must be on together", "", 1..=most.min(32));
        rule.min_sources = u8::try_from(n).unwrap_or(32);
    });
    setting(ui, "Together they are at least a", |ui| {
        if let Some(level) = segment::show(ui, "Together", rule.together, &LEVELS) {
            rule.together = level;
        }
    });
    sentence(ui, "A source that may raise an alarm alone does so at its own level, whatever the others say.");
    ui.add_space(space::S);
    setting(ui, "Confidence", |ui| {
        let kinds = [(Confidence::Independent, "Independent"), (Confidence::Sum, "EmberEye sum")];
        if let Some(kind) = segment::show(ui, "Confidence", rule.confidence, &kinds) {
            rule.confidence = kind;
        }
    });
    sentence(
        ui,
        match rule.confidence {
            Confidence::Independent => {
                "Each source that is on takes its weight off the doubt that is left: two of 50 % make 75 %."
            }
            Confidence::Sum => "Weights are added up to 100 %, as EmberEye does: two of 50 % make 100 %.",
        },
    );
    ui.add_space(space::S);
    setting(ui, "Stays until somebody acknowledges it", |ui| {
        let kinds = [(Latch::Never, "Never"), (Latch::Danger, "If it was a Danger"), (Latch::Always, "Always")];
        if let Some(latch) = segment::show(ui, "Stays until acknowledged", rule.latch, &kinds) {
            rule.latch = latch;
        }
    });
}

/// A label and its control, all controls under each other; where there is little room each under its label.
fn setting(ui: &mut Ui, label: &str, content: impl FnOnce(&mut Ui)) {
    let t = style::tokens(ui);
    if ui.available_width() < LABEL + size::RULE_CHOICE {
        ui.label(style::job(label, text::BODY, t.text2));
        ui.horizontal_wrapped(content);
        return;
    }
    ui.horizontal(|ui| {
        let (place, _) = ui.allocate_exact_size(vec2(LABEL, size::CONTROL), Sense::hover());
        let at = place.left_center();
        style::paint_within(ui.painter(), at, egui::Align2::LEFT_CENTER, label, text::BODY, t.text2, LABEL);
        content(ui);
    });
}

/// Everywhere, or at chosen devices.
fn scope(ui: &mut Ui, scene: &Scene<'_>, rule: &mut Rule) {
    let chosen = matches!(rule.scope, Scope::Devices(_));
    if let Some(wanted) =
        segment::show(ui, "Where it holds", chosen, &[(false, "Everywhere"), (true, "Chosen devices")])
    {
        rule.scope = if wanted { Scope::Devices(BTreeSet::new()) } else { Scope::Everywhere };
    }
    let Scope::Devices(devices) = &mut rule.scope else { return };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        for device in scene.devices() {
            flip(ui, devices, &device.id, &device.name);
        }
        let gone: Vec<_> = devices.iter().filter(|id| !scene.view.sensors.devices.contains_key(id)).cloned().collect();
        for id in gone {
            flip(ui, devices, &id, &format!("{id} (removed)"));
        }
    });
}

/// A device that is chosen or not.
fn flip(ui: &mut Ui, devices: &mut BTreeSet<DeviceId>, id: &DeviceId, name: &str) {
    let t = style::tokens(ui);
    let on = devices.contains(id);
    let ink = if on { t.text1 } else { t.text2 };
    let galley = ui.painter().layout_job(style::job(name, text::BUTTON, ink));
    let wanted = vec2(galley.size().x + text::ICON_S.size + space::S + 2.0 * space::M, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let fill = if on { t.ember_dim } else { t.bg3 };
    let corner = CornerRadius::same(radius::CONTROL);
    ui.painter().rect(rect, corner, fill, button::border(ui, false), StrokeKind::Inside);
    let icon = egui::pos2(rect.left() + space::M + text::ICON_S.size / 2.0, rect.center().y);
    let (mark, color) = if on { (icons::CHECK, t.ember) } else { (icons::PLUS, t.text3) };
    style::icon(ui.painter(), icon, mark, text::ICON_S, color);
    let at = egui::pos2(icon.x + text::ICON_S.size / 2.0 + space::S, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
    response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, on, format!("Holds at {name}")));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    if response.clicked() && !devices.remove(id) {
        devices.insert(id.clone());
    }
}
