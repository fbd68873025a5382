//! One entry of the journal, opened: what happened, why, and the picture of that time.

use egui::{
    Align2, Color32, ColorImage, CornerRadius, Label, Pos2, Rect, ScrollArea, Sense, TextureOptions, Ui, UiBuilder,
    pos2, vec2,
};

use crate::heat::picture::{Painter, Span};
use crate::model::alarms::alarm::Reason;
use crate::model::alarms::journal::{Entry, Still};
use crate::model::thermal::ThermalFrame;
use crate::ui::panels::history::state::{Opened, Shown};
use crate::ui::panels::thermal;
use crate::ui::panels::thermal::around;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{alarm_shape, fact, ground, heat_view, past, section};
use crate::ui::{icons, reasons, style, words};
use crate::units::grid::Size;

/// Pixels of the still for each cell of the array along an edge.
const FACTOR: usize = 8;

/// Draws the opened entry in `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, opened: &mut Opened, rect: Rect) {
    opened.refresh(scene.port, scene.now.moment);
    opened.asking.wake_up(ui.ctx());
    ground::paint(ui, rect);
    let inner = rect.shrink2(vec2(space::L, space::SECTION));
    let mut place = ui.new_child(UiBuilder::new().max_rect(inner).id_salt("entry"));
    let ui = &mut place;
    let title = opened.seq.map_or_else(String::new, |seq| format!("Entry {}", words::count(seq)));
    let close = section::tall(ui, &title, |ui| button::icon(ui, icons::X, "Close the entry", false).clicked());
    if close {
        *opened = Opened::default();
        ui.ctx().request_repaint();
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| match (opened.entry.take(), &opened.failed) {
        (Some(entry), _) => {
            told(ui, scene, &entry);
            picture(ui, scene, opened, &entry);
            opened.entry = Some(entry);
        }
        (None, Some(why)) => super::failed(ui, "The entry cannot be shown", why),
        (None, None) => {}
    });
}

fn told(ui: &mut Ui, scene: &mut Scene<'_>, entry: &Entry) {
    let t = style::tokens(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.horizontal(|ui| {
        if let Some(level) = entry.level {
            let (rect, _) = ui.allocate_exact_size(vec2(size::SECTION, size::SECTION), Sense::hover());
            alarm_shape::level(ui.painter(), rect.center(), size::SECTION, level, t);
            ui.label(style::job(alarm_shape::word(level), text::STRONG, t.text1));
        }
        ui.label(style::job(reasons::happened(entry.what), text::STRONG, t.text2));
        if entry.test {
            ui.label(style::job("TEST", text::SECTION, t.text2));
        }
    });
    ui.add(Label::new(style::job(&entry.text, text::LEAD, t.text1)).wrap().selectable(true));
    ui.add_space(space::S);
    let at = entry.at.to_zoned(scene.now.zone.clone()).strftime("%d %b %Y %H:%M:%S%.3f").to_string();
    fact::figure(ui, "When", &at);
    if let Some(id) = &entry.device {
        fact::word(ui, "Device", &scene.device_name(id));
    }
    if let Some(location) = &entry.location {
        fact::word(ui, "Location", location);
    }
    if let Some(rule) = &entry.rule {
        fact::word(ui, "Rule", scene.view.alarms.rules.get(rule).map_or(rule.as_str(), |rule| &rule.name));
    }
    fact::word(ui, "By", &entry.by);
    if !scene.view.thermal.arrays.is_empty() {
        ui.add_space(space::S);
        if ui.add(Button::new("Show pictures of then").icon(icons::FLAME)).clicked() {
            thermal::time::go(scene, entry.device.as_ref(), entry.at);
            ui.ctx().request_repaint();
        }
    }
    if !entry.reasons.is_empty() {
        ui.add_space(space::M);
        section::quiet(ui, "Why", |_| {});
    }
    for reason in &entry.reasons {
        why(ui, scene, reason);
    }
}

fn why(ui: &mut Ui, scene: &Scene<'_>, reason: &Reason) {
    let t = style::tokens(ui);
    ui.spacing_mut().interact_size.y = text::BODY.line;
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(size::SHAPE, size::SHAPE), Sense::hover());
        alarm_shape::level(ui.painter(), rect.center(), size::SHAPE, reason.level, t);
        let words = reasons::reason(reason, scene.choices.scale);
        ui.add(Label::new(style::job(&words, text::BODY, t.text1)).wrap());
    });
    let cell = reason.cell.map(|(row, col)| format!("row {} column {}", row + 1, col + 1));
    let since = format!("since {}", words::clock(reason.since, &scene.now.zone));
    let off = (!reason.on).then(|| "over".to_owned());
    let stale = reason.stale.then(|| "nothing came from it".to_owned());
    let side = [Some(since), cell, off, stale].into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ");
    ui.horizontal(|ui| {
        ui.add_space(size::SHAPE + space::S);
        ui.label(style::job(&side, text::SIDE, t.text3));
    });
}

/// The picture of that time, with a dashed border: nobody takes it for a live one.
fn picture(ui: &mut Ui, scene: &Scene<'_>, opened: &mut Opened, entry: &Entry) {
    let Some(still) = &entry.still else { return };
    ui.add_space(space::M);
    section::quiet(ui, "Picture", |ui| {
        let t = style::tokens(ui);
        let time = words::clock(entry.at, &scene.now.zone);
        ui.label(style::job(&time, text::AXIS_FIGURE, t.text2));
        ui.label(style::job("PAST", text::SECTION, t.text1));
    });
    ui.add_space(space::XS);
    let device = entry.device.as_ref().and_then(|id| scene.array(id));
    let mounting = device.map(|array| scene.choice(&array).mounting).unwrap_or_default();
    let lut = scene.choices.palette.lut();
    let painted = (mounting, std::ptr::from_ref(lut));
    if opened.picture.as_ref().is_none_or(|shown| shown.painted != painted) {
        opened.picture = frame_of(still).map(|frame| {
            let mut bytes = Vec::new();
            let span = Span::auto(&frame);
            let size = Painter::default().paint_smooth(&frame, mounting, lut, span, FACTOR, &mut bytes);
            let pixels = bytes.chunks_exact(4).map(|p| Color32::from_rgba_premultiplied(p[0], p[1], p[2], p[3]));
            let image = ColorImage::new([size.cols(), size.rows()], pixels.collect());
            let texture = ui.ctx().load_texture("still", image, TextureOptions::LINEAR);
            Shown { texture, frame, painted }
        });
    }
    let Some(shown) = &opened.picture else { return };
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, (width - size::SCALE) * 0.75), Sense::hover());
    let well = past::inside(rect.with_max_x(rect.right() - size::SCALE), Standing::Past);
    let fitted = heat_view::fit(well, mounting.shown(shown.frame.size));
    let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    ui.painter().image(shown.texture.id(), fitted, uv, Color32::WHITE);
    past::border(ui.painter(), fitted, stroke::PAST_SMALL, style::tokens(ui));
    let span = Span::auto(&shown.frame);
    let side = Rect::from_min_max(well.right_top(), rect.max);
    around::bar(ui, side, lut, (span.low, span.high), scene.choices.scale, size::PALETTE);
    let hottest = shown.frame.extremes.map(|e| e.max);
    let said = format!("Picture of {}", words::clock(entry.at, &scene.now.zone));
    let said = format!("{said}, hottest {}", words::degrees_with_unit(hottest, scene.choices.scale));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &said));
    let at = pos2(fitted.left() + space::S, fitted.bottom() - space::S);
    tag(ui, at, &format!("max {}", words::degrees(hottest, scene.choices.scale)));
}

fn tag(ui: &Ui, at: Pos2, words: &str) {
    use crate::ui::theme::over_heat;
    let galley = ui.painter().layout_job(style::job(words, text::AXIS_FIGURE, over_heat::TAG_TEXT));
    let place = Align2::LEFT_BOTTOM.anchor_size(at, galley.size() + vec2(space::M, 2.0));
    ui.painter().rect_filled(place, CornerRadius::same(crate::ui::theme::radius::PICTURE), over_heat::TAG);
    ui.painter().galley(place.min + vec2(space::M / 2.0, 1.0), galley, over_heat::TAG_TEXT);
}

/// The still as a frame again; `None` if its size is impossible or does not fit its cells.
#[must_use]
pub fn frame_of(still: &Still) -> Option<ThermalFrame> {
    let size = Size::new(still.columns, still.rows).filter(|size| size.cells() == still.centi.len())?;
    let mut frame = ThermalFrame::blank();
    for (cell, centi) in frame.begin(size).iter_mut().zip(&still.centi) {
        *cell = f32::from(*centi) / 100.0;
    }
    let broken = still.centi.iter().enumerate().filter(|(_, centi)| **centi == i16::MIN);
    broken.for_each(|(cell, _)| frame.set_broken(cell));
    frame.calibrated = true;
    frame.measure();
    Some(frame)
}
