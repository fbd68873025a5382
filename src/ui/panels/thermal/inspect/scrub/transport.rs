//! The lower part of the line of time: its buttons. Words give way to icons where there is little room; none goes.

use egui::{Align, Label, Layout, Rect, Ui, UiBuilder};

use crate::model::sensors::Device;
use crate::ui::panels::thermal::inspect::scrub::state::{Line, Room, WINDOWS};
use crate::ui::panels::thermal::inspect::scrub::{bookmarks, out};
use crate::ui::panels::thermal::time;
use crate::ui::past::{SPEEDS, Trouble};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{button, menu};
use crate::ui::{icons, style, words};

/// Draws it into `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, line: &mut Line, device: &Device, rect: Rect) {
    let [least, all] = size::TRANSPORT_WORDS;
    let room = match rect.width() {
        width if width < least => Room::Least,
        width if width < all => Room::Some,
        _ => Room::All,
    };
    let layout = Layout::left_to_right(Align::Center);
    let mut row = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt("transport"));
    buttons(&mut row, scene);
    let rest = row.available_rect_before_wrap();
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(rest).layout(layout).id_salt("transport, right"));
    if scene.stage.past.is_past() && time::back_to_live(&mut right, room > Room::Least) {
        scene.stage.past.back_to_live();
        right.ctx().request_repaint();
    }
    out::report(&mut right, scene, line, device, room);
    out::clip(&mut right, scene, line, device, room);
    bookmarks::show(&mut right, scene, room);
    speeds(&mut right, scene);
    windows(&mut right, scene, line, room);
    let left = right.min_rect().left() - space::S;
    readout(&mut row, scene, device, left);
}

/// Step, play or stand still, step.
fn buttons(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.spacing_mut().item_spacing.x = space::XS;
    if button::icon(ui, icons::STEP_BACK, "One frame back (\u{2190})", false).clicked() {
        time::step(ui.ctx(), scene, false);
    }
    let goes_on = !scene.stage.past.is_past() || scene.stage.past.is_playing();
    let (icon, name) = if goes_on { (icons::PAUSE, "Hold (Space)") } else { (icons::PLAY, "Play (Space)") };
    if button::icon(ui, icon, name, false).clicked() {
        scene.stage.past.toggle(scene.now);
        ui.ctx().request_repaint();
    }
    if button::icon(ui, icons::STEP_FORWARD, "One frame forward (\u{2192})", false).clicked() {
        time::step(ui.ctx(), scene, true);
    }
    ui.add_space(space::S);
}

/// The time to the tenth, and which frame that is.
fn readout(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, right: f32) {
    let t = style::tokens(ui);
    let frame = scene.pictures.frame(&device.id);
    let at = scene.stage.past.at.or(frame.as_ref().map(|frame| frame.wall));
    let time = at.map_or_else(|| words::UNKNOWN.to_owned(), |at| words::tenths(at, &scene.now.zone));
    ui.label(style::job(&time, text::FIGURE_STRONG, t.text1));
    let side = match (scene.stage.past.at, scene.stage.past.trouble(), &frame) {
        (None, _, Some(_)) => format!("newest frame, {}", words::period(device.period)),
        (None, _, None) => "no frame yet".to_owned(),
        (Some(_), Some(Trouble::First), _) => "no earlier frame is recorded".to_owned(),
        (Some(_), Some(Trouble::Last), _) => "no later frame is recorded".to_owned(),
        (Some(at), _, frame) => {
            scene.stage.ticking = true;
            let ago = words::ago(scene.now.since(at));
            let frame = frame.as_ref().map(|frame| format!("frame {}", words::count(frame.sequence)));
            format!("{}, {ago} ago", frame.unwrap_or_else(|| "nothing recorded".to_owned()))
        }
    };
    ui.add_space(space::XS);
    let room = right - ui.cursor().left();
    let galley = ui.painter().layout_job(style::job(&side, text::BODY, t.text2));
    // A side fact is shown whole or not at all.
    if galley.size().x <= room {
        ui.add(Label::new(galley));
    }
}

fn speeds(ui: &mut Ui, scene: &mut Scene<'_>) {
    let word = |speed: f32| format!("{speed:.0}\u{d7}");
    let chosen = scene.stage.past.chosen();
    menu::drop_down(ui, &format!("Speed: {}", word(chosen)), "", &word(chosen), |ui| {
        for speed in SPEEDS {
            if menu::item(ui, speed == chosen, &word(speed), "").clicked() {
                scene.stage.past.choose(speed, scene.now.moment);
            }
        }
    });
}

fn windows(ui: &mut Ui, scene: &Scene<'_>, line: &mut Line, room: Room) {
    let words = WINDOWS.iter().find(|(minutes, _)| *minutes == line.minutes).map_or("", |(_, words)| *words);
    let (from, to) = line.ends();
    let since = |at| words::since(at, scene.now.wall, &scene.now.zone);
    let shown = if room == Room::Least { words.to_owned() } else { format!("{} to {}", since(from), since(to)) };
    menu::drop_down(ui, &format!("Line of time: {words}"), "", &shown, |ui| {
        for (minutes, words) in WINDOWS {
            if menu::item(ui, minutes == line.minutes, words, "").clicked() {
                line.minutes = minutes;
            }
        }
    });
}
