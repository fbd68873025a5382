//! Range and histogram of an inspected picture: the axis with its handles, how the range is found, its ends as figures,
//! the isotherm, and what the colours mean.

use egui::{Align, Label, Layout, Rect, Ui, UiBuilder};

use crate::heat::isotherm::Isotherm;
use crate::model::sensors::{Device, DeviceId};
use crate::model::thermal::ThermalFrame;
use crate::ui::choices;
use crate::ui::paint::Paint;
use crate::ui::panels::thermal::inspect::axis;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::views::{HELD, LEAST_HELD, Mode, Range};
use crate::ui::widgets::{blank, button, fact, field, ground, menu, scroll, section, segment};
use crate::ui::{icons, style};
use crate::units::temperature::Scale;

/// Draws it into `rect`; what has no room is scrolled to.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, rect: Rect) {
    ground::paint(ui, rect);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect.shrink(space::M)).id_salt("range"));
    child.shrink_clip_rect(rect);
    let ui = &mut child;
    section::show(ui, "Range and histogram", |ui| lock(ui, scene, &device.id));
    ui.add_space(space::S);
    let frame = scene.pictures.frame(&device.id).filter(|frame| frame.extremes.is_some());
    let Some(frame) = frame else {
        blank::line(ui, "No temperatures to spread");
        return;
    };
    let height = ui.available_height() - CONTROLS * (size::CONTROL + space::S);
    scroll::page(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        axis::show(ui, scene, &device.id, &frame, height.max(size::AXIS_MIN));
        kinds(ui, scene, &device.id);
        ends(ui, scene, &device.id);
        isotherm(ui, scene, &device.id);
        mode(ui, scene, &device.id, &frame);
    });
}

/// Rows of controls under the axis.
const CONTROLS: f32 = 4.0;

fn lock(ui: &mut Ui, scene: &mut Scene<'_>, id: &DeviceId) {
    let held = scene.stage.views.is_locked(id);
    let (icon, words) =
        if held { (icons::LOCK, "Let the range go (R)") } else { (icons::LOCK_OPEN, "Hold the range (R)") };
    if button::icon(ui, icon, words, held).clicked() {
        super::super::toggle_lock(scene);
    }
    if scene.choices.range == choices::Range::Shared && !held {
        ui.label(style::job("shared by all arrays", text::SIDE, style::tokens(ui).text3));
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Auto,
    Slow,
    Percentile,
    Lock,
    /// That of all arrays.
    Shared,
}

fn kinds(ui: &mut Ui, scene: &mut Scene<'_>, id: &DeviceId) {
    const ALL: [(Kind, &str); 4] =
        [(Kind::Auto, "Auto"), (Kind::Slow, "Slow"), (Kind::Percentile, "2\u{2013}98\u{a0}%"), (Kind::Lock, "Lock")];
    let now = match scene.stage.views.of(id).range {
        Range::Locked(..) => Kind::Lock,
        _ if scene.choices.range == choices::Range::Shared => Kind::Shared,
        Range::Auto => Kind::Auto,
        Range::Slow => Kind::Slow,
        Range::Percentile => Kind::Percentile,
    };
    let Some(picked) = segment::wide(ui, "Range of this picture", now, &ALL) else { return };
    let range = match picked {
        Kind::Auto | Kind::Shared => Range::Auto,
        Kind::Slow => Range::Slow,
        Kind::Percentile => Range::Percentile,
        Kind::Lock => {
            scene.stage.views.hold(id, scene.pictures.span(id));
            return;
        }
    };
    scene.stage.views.edit(id).range = range;
    // Whoever wants a range for this picture wants no longer that of all.
    scene.choices.range = choices::Range::Auto;
}

/// The ends as figures; to type one holds the range.
fn ends(ui: &mut Ui, scene: &mut Scene<'_>, id: &DeviceId) {
    let (span, paint, scale) = (scene.pictures.span(id), scene.pictures.paint(id), scene.choices.scale);
    let mut typed = None;
    fact::with(ui, "Low", |ui| {
        let (mut low, mut high) = span;
        if figure(ui, "High", &mut high, &paint, scale) {
            typed = Some(with_high(span, high));
        }
        ui.label(style::job("High", text::BODY, style::tokens(ui).text2));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if figure(ui, "Low", &mut low, &paint, scale) {
                typed = Some(with_low(span, low));
            }
        });
    });
    if let Some(ends) = typed {
        scene.stage.views.hold(id, paint.held(ends, span));
    }
}

/// A lower end beyond the upper one takes it along.
fn with_low((low, high): (f32, f32), to: f32) -> (f32, f32) {
    if to + LEAST_HELD <= high { (to, high) } else { (to, to + (high - low)) }
}

fn with_high((low, high): (f32, f32), to: f32) -> (f32, f32) {
    if low + LEAST_HELD <= to { (low, to) } else { (to - (high - low), to) }
}

/// A value in the chosen scale; true if it was changed.
fn figure(ui: &mut Ui, name: &str, value: &mut f32, paint: &Paint, scale: Scale) -> bool {
    let limits = if paint.is_difference() { -HELD.1..=HELD.1 } else { scale.of(HELD.0)..=scale.of(HELD.1) };
    let mut shown = paint.shown(*value, scale);
    let changed =
        field::figure(ui, &mut shown, limits, field::Figure { name, unit: "", step: 0.1, decimals: 1 }).changed();
    if changed {
        *value = paint.value(shown, scale);
    }
    changed
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Off,
    Above,
    Below,
    Between,
}

const SIDES: [(Side, &str); 4] =
    [(Side::Off, "Off"), (Side::Above, "Above"), (Side::Below, "Below"), (Side::Between, "Between")];

fn isotherm(ui: &mut Ui, scene: &mut Scene<'_>, id: &DeviceId) {
    let mut isotherm = scene.stage.views.of(id).isotherm;
    let before = isotherm;
    let span = if scene.pictures.paint(id).is_difference() { ends_of(scene, id) } else { scene.pictures.span(id) };
    let scale = scene.choices.scale;
    ui.horizontal_wrapped(|ui| {
        let now = match isotherm {
            None => Side::Off,
            Some(Isotherm::Above(_)) => Side::Above,
            Some(Isotherm::Below(_)) => Side::Below,
            Some(Isotherm::Between(..)) => Side::Between,
        };
        let word = SIDES.iter().find(|(side, _)| *side == now).map_or("", |(_, word)| word);
        menu::drop_down(ui, &format!("Isotherm: {word}"), "Isotherm", word, |ui| {
            for (side, word) in SIDES {
                if menu::item(ui, side == now, word, "").clicked() {
                    isotherm = turned(isotherm, side, span);
                }
            }
        });
        match &mut isotherm {
            None => {}
            Some(Isotherm::Above(level) | Isotherm::Below(level)) => {
                figure(ui, "Isotherm", level, &Paint::Heat, scale);
            }
            Some(Isotherm::Between(low, high)) => {
                figure(ui, "Isotherm from", low, &Paint::Heat, scale);
                figure(ui, "Isotherm to", high, &Paint::Heat, scale);
            }
        }
    });
    if isotherm != before {
        if let Some(Isotherm::Between(low, high)) = &mut isotherm
            && low > high
        {
            std::mem::swap(low, high);
        }
        scene.stage.views.edit(id).isotherm = isotherm;
    }
}

fn ends_of(scene: &Scene<'_>, id: &DeviceId) -> (f32, f32) {
    let extremes = scene.pictures.frame(id).and_then(|frame| frame.extremes);
    extremes.map_or((0.0, 0.0), |e| (e.min, e.max))
}

/// The isotherm on another side: at the level it had, or high up in the span.
fn turned(now: Option<Isotherm>, side: Side, span: (f32, f32)) -> Option<Isotherm> {
    let at = |share| high_up(span, share);
    let (low, high) = match now {
        Some(Isotherm::Above(level) | Isotherm::Below(level)) => (level, level.max(at(0.9))),
        Some(Isotherm::Between(low, high)) => (low, high),
        None => (at(0.75), at(0.9)),
    };
    match side {
        Side::Off => None,
        Side::Above => Some(Isotherm::Above(low)),
        Side::Below => Some(Isotherm::Below(low)),
        Side::Between => Some(Isotherm::Between(low, high)),
    }
}

/// A level so far up in a span, to half a kelvin.
fn high_up((low, high): (f32, f32), share: f32) -> f32 {
    (egui::lerp(low..=high, share) * 2.0).round() / 2.0
}

/// What the colours mean, and the limit if there is one.
fn mode(ui: &mut Ui, scene: &mut Scene<'_>, id: &DeviceId, frame: &ThermalFrame) {
    let before = scene.stage.views.of(id).mode;
    let mut mode = before;
    let scale = scene.choices.scale;
    let wanting = why_no_difference(scene, id, frame);
    ui.horizontal(|ui| {
        let word = match mode {
            Mode::Heat => "Heat",
            Mode::AboveLimit(_) => "Above limit",
            Mode::Difference => "Difference to usual",
        };
        menu::drop_down(ui, &format!("Colours: {word}"), "Colours", word, |ui| {
            if menu::item(ui, mode == Mode::Heat, "Heat", "").clicked() {
                mode = Mode::Heat;
            }
            let (limited, limit) = match mode {
                Mode::AboveLimit(limit) => (true, limit),
                _ => (false, high_up(ends_of(scene, id), 0.75)),
            };
            if menu::item(ui, limited, "Above limit", "").clicked() {
                mode = Mode::AboveLimit(limit);
            }
            let different = mode == Mode::Difference;
            match wanting {
                None if menu::item(ui, different, "Difference to usual", "").clicked() => mode = Mode::Difference,
                None => {}
                Some(why) => menu::closed(ui, different, "Difference to usual", why),
            }
        });
        if let Mode::AboveLimit(limit) = &mut mode {
            figure(ui, "Limit", limit, &Paint::Heat, scale);
        }
    });
    if let Some(why) = wanting.filter(|_| mode == Mode::Difference) {
        ui.add(Label::new(style::job(why, text::SIDE, style::tokens(ui).text3)).wrap());
    }
    if mode != before {
        // Ends of temperatures mean nothing for differences.
        if (mode == Mode::Difference) != (before == Mode::Difference) {
            scene.stage.views.let_go(id);
        }
        scene.stage.views.edit(id).mode = mode;
    }
}

/// Why differences cannot be shown, if they cannot.
fn why_no_difference(scene: &Scene<'_>, id: &DeviceId, frame: &ThermalFrame) -> Option<&'static str> {
    let learned = scene.port.slots.device(id).and_then(|slot| slot.learned.load_full());
    match learned.as_ref().and_then(|learned| learned.baseline.as_ref()) {
        None => Some("Its usual picture is not known yet"),
        Some(usual) if usual.learning => Some("Its usual picture is still being learned"),
        Some(usual) if usual.size != frame.size => Some("Its usual picture has another size"),
        Some(_) => None,
    }
}
