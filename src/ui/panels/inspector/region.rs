//! A region or delta of the selected array: who it is, what it reads, how it is set up, its alarm.

use egui::{Label, Ui};

use crate::model::sensors::Device;
use crate::model::thermal::region::{Figure, MAX_NAME, RegionId, Shape};
use crate::model::thermal::{Array, PixelMeaning};
use crate::ui::panels::inspector::region_subject::{Subject, figure};
use crate::ui::panels::inspector::{
    heat, part, region_alarm, region_line, region_meters, region_setup, region_trend, rule,
};
use crate::ui::panels::thermal::inspect::{acts, keys, shapes};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button;
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::{fact, pill, section};
use crate::ui::{icons, style, words};
use crate::units::grid::Size;

/// Width of one cell of a 55-degree MLX90640 in the distance of a metre, cm: twice the tangent of half of its 1.7 degrees.
const CELL_CM: f32 = 2.967;

/// Draws the sections of the selected region; false if none is selected.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, array: &Array) -> bool {
    let Some(id) = scene.stage.inspect.selected.clone() else { return false };
    let regions = scene.stage.inspect.drawn(array);
    if regions.get(&id).is_none() && regions.delta(&id).is_none() {
        return false;
    }
    region_meters::read(scene, device, &regions);
    let subject = Subject { device, array, regions: &regions, id: &id };
    let mask = subject.region().is_some_and(|region| region.mask);
    part(ui, |ui| identity(ui, scene, &subject));
    if !mask {
        rule(ui);
        part(ui, |ui| now(ui, scene, &subject));
    }
    rule(ui);
    part(ui, |ui| region_meters::show(ui, scene, device, array));
    if !mask {
        if let Some(line) = region_line::of(&subject) {
            rule(ui);
            part(ui, |ui| region_line::show(ui, scene, line));
        }
        rule(ui);
        part(ui, |ui| region_trend::show(ui, scene, &subject));
        if let Some(region) = subject.region() {
            rule(ui);
            part(ui, |ui| region_setup::show(ui, scene, array, region));
        }
        rule(ui);
        part(ui, |ui| region_alarm::show(ui, scene, &subject));
    }
    true
}

fn identity(ui: &mut Ui, scene: &mut Scene<'_>, subject: &Subject<'_>) {
    let t = style::tokens(ui);
    section::quiet(ui, acts::kind(subject.regions, subject.id), |ui| {
        super::close(ui, scene);
        pill::chip(ui, scene.standing(subject.device));
        let array = format!("All of {}", subject.device.name);
        if button::icon(ui, icons::ARROW_LEFT, &array, false).clicked() {
            scene.stage.inspect.select(None);
        }
    });
    ui.add_space(space::S);
    name(ui, scene, subject);
    ui.add(Label::new(style::job(&extent(subject), text::SIDE, t.text2)).wrap());
}

fn name(ui: &mut Ui, scene: &mut Scene<'_>, subject: &Subject<'_>) {
    let t = style::tokens(ui);
    let Some((_, mut content)) = scene.stage.inspect.naming.take().filter(|(id, _)| id == subject.id) else {
        ui.horizontal(|ui| {
            let room = ui.available_width() - 2.0 * (size::CONTROL + space::S);
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(Label::new(style::job(&subject.title(), text::NAME, t.text1)).truncate());
            });
            if button::icon(ui, icons::PENCIL, "Rename (F2)", false).clicked() {
                keys::begin_name(scene, subject.array, subject.id);
            }
            if button::icon(ui, icons::TRASH_2, "Remove (Delete)", false).clicked() {
                acts::remove(scene, subject.array, subject.id);
            }
        });
        return;
    };
    let label = format!("Name of {}", subject.id);
    match field::line(ui, &mut content, &label, ui.available_width(), MAX_NAME) {
        Edited::Open => scene.stage.inspect.naming = Some((subject.id.clone(), content)),
        Edited::Done => acts::rename(scene, subject.array, subject.id, content.trim()),
        Edited::Left => {}
    }
}

/// `8 × 6 cells, about 24 × 18 cm at 1 m`; of a delta, what it is the difference of.
fn extent(subject: &Subject<'_>) -> String {
    let Some(region) = subject.region() else {
        let word = |(id, figure): &(RegionId, Figure)| {
            if id.is_spot() { id.to_string() } else { format!("{id} {}", figure.word()) }
        };
        return subject
            .regions
            .delta(subject.id)
            .map_or_else(String::new, |delta| format!("{} \u{2212} {}", word(&delta.of), word(&delta.minus)));
    };
    let known = subject.array.size == Size::MLX90640 && subject.array.meaning == PixelMeaning::Mlx90640Raw;
    let about = |cells: &[f32]| {
        let cm: Vec<String> = cells.iter().map(|n| format!("{:.0}", n * CELL_CM)).collect();
        if known { format!(", about {}\u{a0}cm at 1\u{a0}m", cm.join("\u{a0}\u{d7}\u{a0}")) } else { String::new() }
    };
    let (near, far) = shapes::bounds(&region.shape);
    let (wide, high) = (far.x - near.x, far.y - near.y);
    match &region.shape {
        Shape::Spot(cell) => format!("row {}, column {}{}", cell.row + 1, cell.col + 1, about(&[1.0])),
        Shape::Box(_) => format!("{wide:.0}\u{a0}\u{d7}\u{a0}{high:.0} cells{}", about(&[wide, high])),
        Shape::Circle { radius, .. } => {
            let across = words::trimmed(f64::from(radius * 2.0), 1);
            format!("{across} cells across{}", about(&[radius * 2.0]))
        }
        Shape::Polygon(corners) => format!("{} corners{}", corners.len(), about(&[wide, high])),
        Shape::Line { from, to } => {
            let steps = from.row.abs_diff(to.row).max(from.col.abs_diff(to.col));
            let (dx, dy) = (f32::from(from.col.abs_diff(to.col)), f32::from(from.row.abs_diff(to.row)));
            format!("{} cells{}", steps + 1, about(&[dx.hypot(dy)]))
        }
    }
}

fn now(ui: &mut Ui, scene: &mut Scene<'_>, subject: &Subject<'_>) {
    let scale = scene.choices.scale;
    let live = subject.is_now(scene);
    let id = subject.id;
    let read = |figure| scene.stage.inspect.reading.figure(id, figure);
    section::quiet(ui, if live { "Now" } else { "Then" }, |_| {});
    ui.add_space(space::S);
    let word = if id.is_delta() { "difference" } else { "max" };
    heat::hero(ui, &figure(id, read(Figure::Max), scale), scale.unit(), word, live);
    ui.add_space(space::XS);
    if !id.is_spot() && !id.is_delta() {
        fact::figure(ui, "Average", &words::degrees_with_unit(read(Figure::Mean), scale));
        fact::figure(ui, "Minimum", &words::degrees_with_unit(read(Figure::Min), scale));
    }
    let rate = region_trend::rate(scene, subject).filter(|_| live);
    fact::figure(ui, "Rate", &words::rate(rate, scale));
    if let Some((limit, left)) = region_alarm::margin(scene, subject) {
        let unit = scale.unit();
        fact::figure(ui, &format!("Margin to {limit}"), &format!("{left}\u{a0}{unit}"));
    }
    if let Some(region) = subject.region()
        && scene.stage.inspect.reading.cells(id) == 0
        && !region.mask
    {
        let color = style::tokens(ui).text3;
        ui.add(Label::new(style::job("All of its cells are masked.", text::SIDE, color)).wrap());
    }
}
