//! Who it is: name, state, where it is; rename, accept, forget.

use egui::{Label, Ui};

use crate::model::sensors::{Command, Device};
use crate::ui::scene::Scene;
use crate::ui::standing::{self, Standing};
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::{menu, pill, section};
use crate::ui::{desk, icons, style, words};

/// Longest name a device can be given.
const NAME_LIMIT: usize = 64;

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let t = style::tokens(ui);
    section::quiet(ui, "Sensor", |ui| {
        super::close(ui, scene);
        let pictured = scene.view.thermal.arrays.contains_key(&device.id);
        pill::chip(ui, if pictured { scene.standing(device) } else { Standing::of(device) });
    });
    ui.add_space(space::S);
    name(ui, scene, device);
    let simulated = if device.simulated { ", simulated" } else { "" };
    let since = words::since(device.since, scene.now.wall, &scene.now.zone);
    let side = format!("{}, {}, since {since}{simulated}", device.location, device.address);
    ui.add(Label::new(style::job(&side, text::SIDE, t.text2)).truncate());
    let standing = Standing::of(device);
    if standing != Standing::Live {
        ui.add_space(space::S);
        let (cause, next) = standing::why(device);
        ui.label(style::job(cause, text::STRONG, t.text1));
        ui.add(Label::new(style::job(next, text::SIDE, t.text2)).wrap());
    }
    if standing == Standing::Off {
        ui.add_space(space::S);
        if ui
            .add(Button::new("Accept").ember().icon(icons::CHECK).name(&format!("Accept {} here", device.name)))
            .clicked()
        {
            scene.out.sensors(Command::Accept { device: device.id.clone() });
        }
    }
    forget(ui, scene, device);
}

fn name(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let t = style::tokens(ui);
    let Some((_, mut content)) = scene.stage.renaming.take().filter(|(id, _)| *id == device.id) else {
        ui.horizontal(|ui| {
            let room = ui.available_width() - 2.0 * (size::CONTROL + space::S);
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(Label::new(style::job(&device.name, text::NAME, t.text1)).truncate());
            });
            if button::icon(ui, icons::PENCIL, "Rename (F2)", false).clicked() {
                scene.stage.renaming = Some((device.id.clone(), device.name.to_string()));
            }
            let more = button::icon(ui, icons::ELLIPSIS, "More", false);
            menu::popup(&more, |ui| more_choices(ui, scene, device));
        });
        return;
    };
    match field::line(ui, &mut content, "Name of the sensor", ui.available_width(), NAME_LIMIT) {
        Edited::Open => scene.stage.renaming = Some((device.id.clone(), content)),
        Edited::Done if !content.trim().is_empty() && content.trim() != &*device.name => {
            scene.out.sensors(Command::Rename { device: device.id.clone(), name: content.trim().to_owned() });
        }
        Edited::Done | Edited::Left => {}
    }
}

fn more_choices(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    desk::menu::apart(ui, scene, device);
    if menu::item(ui, false, "Ask for its calibration", "").clicked() {
        scene.out.sensors(Command::AskCalibration { device: device.id.clone() });
    }
    if menu::item(ui, false, "Forget\u{2026}", "").clicked() {
        scene.stage.forgetting = Some(device.id.clone());
    }
}

/// Asks before a device is forgotten.
fn forget(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    if scene.stage.forgetting.as_ref() != Some(&device.id) {
        return;
    }
    let t = style::tokens(ui);
    ui.add_space(space::M);
    let question = format!("Forget {}? Its name and settings go; if it dials in again it is new.", device.name);
    ui.add(Label::new(style::job(&question, text::BODY, t.text1)).wrap());
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        if ui.add(Button::new("Forget it").icon(icons::TRASH_2)).clicked() {
            scene.out.sensors(Command::Forget { device: device.id.clone() });
            scene.stage.forgetting = None;
        }
        if ui.add(Button::new("Keep it")).clicked() {
            scene.stage.forgetting = None;
        }
    });
}
