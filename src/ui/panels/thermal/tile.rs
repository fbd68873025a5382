//! A tile: name, side fact and figure; the picture with its palette bar; range and rate.

use egui::{Align2, CornerRadius, Id, Painter, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::model::sensors::{self, Device, DeviceId};
use crate::model::thermal::{Array, Calibration, ThermalFrame};
use crate::ui::scene::Scene;
use crate::ui::standing::{self, Standing};
use crate::ui::theme::{Tokens, over_heat, radius, size, space, stroke, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::heat_view::HeatView;
use crate::ui::widgets::{self, blank, glyph, palette_bar};
use crate::ui::{icons, style, words};
use crate::units::temperature::Scale;

/// The height of a tile of this width: its picture has 4:3.
#[must_use]
pub fn height(width: f32) -> f32 {
    let picture = ((width - size::SCALE) * 0.75).round();
    let tall = size::TILE_HEAD + picture + size::TILE_FOOT;
    if tall > size::TILE_DENSE { tall } else { size::TILE_HEAD_DENSE + picture + size::TILE_FOOT_DENSE }
}

/// The picture of 4:3 that a tile of this size has.
#[must_use]
pub fn picture_size(width: f32, height: f32) -> Vec2 {
    let (head, foot) = bars(height);
    let tall = (height - head - foot).min((width - size::SCALE) * 0.75);
    vec2(tall / 0.75, tall)
}

/// The heights of header and footer of a tile of this height.
const fn bars(height: f32) -> (f32, f32) {
    if height > size::TILE_DENSE {
        (size::TILE_HEAD, size::TILE_FOOT)
    } else {
        (size::TILE_HEAD_DENSE, size::TILE_FOOT_DENSE)
    }
}

/// The id under which a device's tile has the keyboard.
#[must_use]
pub fn id(device: &DeviceId) -> Id {
    Id::unique(("tile", device))
}

/// Shows a device's tile in `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, rect: Rect) {
    if !ui.is_rect_visible(rect) {
        // Still a place for Tab and for screen readers.
        drop(ui.interact(rect, id(&device.id), Sense::click()));
        return;
    }
    let t = style::tokens(ui);
    let selected = scene.stage.selected.as_ref() == Some(&device.id);
    ui.painter().rect_filled(rect, CornerRadius::same(radius::TILE), t.bg2);
    let response = ui.interact(rect, id(&device.id), Sense::click());
    let standing = Standing::of(device);
    let frame = scene.pictures.frame(&device.id);
    let facts = Facts { device, standing, frame: frame.as_deref(), array: scene.array(&device.id).as_deref().cloned() };
    let (above, below) = bars(rect.height());
    head(ui, scene, &facts, Rect::from_min_size(rect.min, vec2(rect.width(), above)));
    // Without temperatures there is no palette bar, and its room belongs to the words.
    let scale = if facts.has_temperatures() { size::SCALE } else { 1.0 };
    let well = Rect::from_min_max(rect.min + vec2(1.0, above), pos2(rect.right() - scale, rect.bottom() - below));
    picture(ui, scene, &facts, well, &response, false);
    scale_bar(ui, scene, &facts, Rect::from_min_max(pos2(well.right(), well.top()), pos2(rect.right(), well.bottom())));
    foot(ui, scene, &facts, Rect::from_min_max(pos2(rect.left(), well.bottom()), rect.max));
    let border = if selected { Stroke::new(stroke::SELECTED, t.ember) } else { Stroke::new(stroke::HAIR, t.line) };
    ui.painter().rect_stroke(rect, CornerRadius::same(radius::TILE), border, StrokeKind::Inside);
    widgets::focus_ring(ui, &response, radius::TILE);
    if response.clicked() {
        scene.stage.select(&device.id);
    }
    if response.double_clicked() {
        scene.stage.enlarged = true;
    }
    if !device.accepted {
        accept(ui, scene, device, well);
    }
}

/// What a tile shows.
pub struct Facts<'a> {
    /// The device.
    pub device: &'a Device,
    /// How it stands.
    pub standing: Standing,
    /// Its newest frame.
    pub frame: Option<&'a ThermalFrame>,
    /// Its array.
    pub array: Option<Array>,
}

impl Facts<'_> {
    /// Whether there is a picture with temperatures, of now or of before.
    #[must_use]
    pub fn has_temperatures(&self) -> bool {
        self.frame.is_some_and(|frame| frame.extremes.is_some())
    }

    /// Whether the numbers are temperatures of now.
    #[must_use]
    pub fn is_now(&self) -> bool {
        self.standing == Standing::Live && self.has_temperatures()
    }

    /// The hottest cell of now, C.
    #[must_use]
    pub fn hottest(&self) -> Option<f32> {
        self.frame.filter(|_| self.is_now()).and_then(|frame| frame.extremes).map(|e| e.max)
    }

    /// Size, rate and what else is worth a side fact.
    #[must_use]
    pub fn side(&self) -> String {
        let size = self.frame.map(|frame| format!("{}\u{d7}{}", frame.size.cols(), frame.size.rows()));
        let period = self.device.period.map(|period| words::period(Some(period)));
        [size, period].into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ")
    }

    /// Why a frame shows no temperatures: the cause, and what happens next.
    fn no_temperatures(&self) -> (&'static str, &'static str) {
        const SOON: &str = "Temperatures with the next frame";
        match self.array.as_ref().map(|array| array.calibration) {
            Some(Calibration::Missing) => ("Not calibrated", "No temperatures until its calibration comes"),
            _ if self.frame.is_some_and(|frame| frame.calibrated) => {
                ("No cell has a value", "The array sends frames, but every cell is broken")
            }
            Some(Calibration::Stored | Calibration::Received | Calibration::Changed) => ("Calibration has come", SOON),
            Some(Calibration::NotNeeded) | None => ("No temperatures yet", SOON),
        }
    }

    /// The sentence a screen reader says.
    #[must_use]
    pub fn sentence(&self, scale: Scale) -> String {
        let (name, word) = (&self.device.name, self.standing.word());
        match self.frame.and_then(|frame| frame.extremes.map(|e| (frame, e))) {
            Some((frame, e)) => {
                let (row, col) = (e.max_at as usize / frame.size.cols() + 1, e.max_at as usize % frame.size.cols() + 1);
                let hottest = words::degrees(Some(e.max), scale);
                format!("{name}, hottest {hottest} degrees at row {row} column {col}, {word}")
            }
            None if self.frame.is_some() => {
                format!("{name}, no temperatures: {}, {word}", self.no_temperatures().0.to_lowercase())
            }
            None => format!("{name}, no picture yet, {word}"),
        }
    }
}

fn head(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let y = rect.center().y;
    let right = if facts.is_now() {
        figure(&painter, pos2(rect.right() - space::M, y), facts.hottest(), scene.choices.scale, t)
    } else {
        let words = state_words(scene, facts);
        style::paint(&painter, pos2(rect.right() - space::M, y), Align2::RIGHT_CENTER, &words, text::FIGURE, t.text3)
            .left()
    };
    let mut left = rect.left() + space::M;
    if facts.standing != Standing::Live {
        glyph::paint(&painter, pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
        left += size::GLYPH + space::S;
    }
    let room = right - space::S - left;
    let name = style::paint_within(
        &painter,
        pos2(left, y),
        Align2::LEFT_CENTER,
        &facts.device.name,
        text::TILE_NAME,
        t.text1,
        room,
    );
    let side = side_fact(scene, facts);
    let galley = painter.layout_job(style::job(&side, text::SIDE, t.text3));
    // A side fact goes before a name is shortened, and is never cut itself.
    if name.right() + space::S + galley.size().x <= right - space::S {
        painter.galley(pos2(name.right() + space::S, y - galley.size().y / 2.0 + 1.0), galley, t.text3);
    }
}

fn side_fact(scene: &Scene<'_>, facts: &Facts<'_>) -> String {
    match facts.frame {
        Some(frame) if facts.standing.is_lost() => format!("last {}", words::clock(frame.wall, &scene.now.zone)),
        _ if !facts.device.accepted => facts.device.address.to_string(),
        _ => facts.side(),
    }
}

/// What stands where the figure would: how long there was no data, or the state.
fn state_words(scene: &mut Scene<'_>, facts: &Facts<'_>) -> String {
    match facts.standing {
        Standing::Live if facts.frame.is_some() => "no \u{b0}C yet".to_owned(),
        Standing::Live => words::UNKNOWN.to_owned(),
        Standing::Stale | Standing::Offline => {
            scene.stage.ticking = true;
            let since = facts.frame.map_or(facts.device.since, |frame| frame.wall);
            format!("no data {}", words::age(scene.now.since(since)))
        }
        other => other.word().to_owned(),
    }
}

/// Paints a figure with its unit, from the right; hands back its left edge.
fn figure(painter: &Painter, at: egui::Pos2, celsius: Option<f32>, scale: Scale, t: &Tokens) -> f32 {
    let unit =
        style::paint(painter, at + vec2(0.0, -3.0), Align2::RIGHT_CENTER, scale.unit(), text::TILE_UNIT, t.text2);
    let at = pos2(unit.left() - 3.0, at.y);
    let words = words::degrees(celsius, scale);
    style::paint(painter, at, Align2::RIGHT_CENTER, &words, text::TILE_FIGURE, t.text1).left()
}

/// Shows the picture in its well, and over it why there is none.
pub fn picture(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, well: Rect, sensed: &egui::Response, figure: bool) {
    let t = style::tokens(ui);
    let id = &facts.device.id;
    let lost = facts.standing.is_lost();
    let mounting = facts.array.as_ref().map(|array| scene.choice(array).mounting).unwrap_or_default();
    HeatView {
        id,
        mounting,
        lut: if lost { &over_heat::LOST } else { scene.choices.palette.lut() },
        span: scene.pictures.span(id, scene.choices.range),
        smooth: scene.choices.smooth,
        lost,
        scale: scene.choices.scale,
        sentence: &facts.sentence(scene.choices.scale),
        figure,
    }
    .show(ui, well, scene.pictures, sensed);
    if !facts.device.accepted {
        return;
    }
    if sensed.hovered() && facts.frame.is_some_and(|frame| frame.extremes.is_some()) {
        // The pointer asks for temperatures: words would lie over them.
        return;
    }
    let (cause, next) = standing::why(facts.device);
    let pictured = facts.frame.is_some();
    let over = (over_heat::TAG_TEXT, over_heat::TAG_TEXT);
    match (facts.standing, facts.frame) {
        (Standing::Live, Some(frame)) if frame.extremes.is_none() => {
            let (cause, next) = facts.no_temperatures();
            ui.painter().rect_filled(well.shrink2(vec2(0.0, well.height() * 0.22)), CornerRadius::ZERO, over_heat::TAG);
            blank::over(ui, well, icons::THERMOMETER, cause, next, over);
        }
        (Standing::Live, Some(_)) => {}
        (Standing::Live, None) => {
            blank::over(ui, well, icons::CLOCK, "No picture yet", "Waiting for its first frame", blank::inks(t));
        }
        (Standing::Pending, _) => blank::over(ui, well, icons::PLUG, cause, next, blank::inks(t)),
        _ => blank::over(ui, well, icons::UNPLUG, cause, next, if pictured { over } else { blank::inks(t) }),
    }
}

/// The palette bar with its own ends as figures above and below.
fn scale_bar(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    if !facts.has_temperatures() {
        return;
    }
    let lut = if facts.standing.is_lost() { &over_heat::LOST } else { scene.choices.palette.lut() };
    bar(ui, rect, lut, scene.pictures.span(&facts.device.id, scene.choices.range), scene.choices.scale, size::PALETTE);
}

/// Paints a palette bar `width` wide in the middle of `rect`, with the ends of its span.
pub fn bar(ui: &Ui, rect: Rect, lut: &[[u8; 3]; 256], span: (f32, f32), scale: Scale, width: f32) {
    let t = style::tokens(ui);
    let x = rect.center().x;
    let strip =
        Rect::from_min_max(pos2(x - width / 2.0, rect.top() + 20.0), pos2(x + width / 2.0, rect.bottom() - 20.0));
    palette_bar::paint(ui.painter(), strip, lut);
    let ends = [(span.1, rect.top() + 2.0, Align2::CENTER_TOP), (span.0, rect.bottom() - 2.0, Align2::CENTER_BOTTOM)];
    for (celsius, y, anchor) in ends {
        let words = words::degrees(Some(celsius), scale);
        style::paint(ui.painter(), pos2(x, y), anchor, &words, text::AXIS_FIGURE, t.text2);
    }
}

fn foot(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let (left, right) = (pos2(rect.left() + space::M, y), pos2(rect.right() - space::M, y));
    if let Some(e) = facts.frame.filter(|_| facts.is_now()).and_then(|frame| frame.extremes) {
        let scale = scene.choices.scale;
        let rate = scene.pictures.get(&facts.device.id).and_then(|picture| picture.rate);
        let ink = |words: &str| ui.painter().layout_job(style::job(words, text::FIGURE, t.text2));
        let (range, rate) = (ink(&words::range(e.min, e.max, scale)), ink(&words::rate(rate, scale)));
        let room = right.x - left.x;
        let both = range.size().x + space::S + rate.size().x <= room;
        if range.size().x <= room {
            ui.painter().galley(left - vec2(0.0, range.size().y / 2.0), range, t.text2);
        }
        if both {
            ui.painter().galley(right - rate.size() * vec2(1.0, 0.5), rate, t.text2);
        }
        return;
    }
    let note = match facts.standing {
        Standing::Off => format!("says it is {}", facts.device.location),
        Standing::Live => facts.array.as_ref().map(|array| words::meaning(array.meaning)).unwrap_or_default(),
        _ => facts.device.address.to_string(),
    };
    style::paint_within(
        ui.painter(),
        left,
        Align2::LEFT_CENTER,
        &note,
        text::SIDE,
        t.text3,
        rect.width() - 2.0 * space::M,
    );
}

/// What can be done with a device that waits.
fn accept(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, well: Rect) {
    let t = style::tokens(ui);
    let upper = Rect::from_min_max(well.min, pos2(well.right(), well.bottom() - size::CONTROL - space::M));
    let from = format!("dialled in from {}", device.address);
    blank::over(ui, upper, icons::PLUG_ZAP, "New device", &from, blank::inks(t));
    let width = size::TWO_BUTTONS.min(well.width() - space::S);
    let row = Rect::from_center_size(
        pos2(well.center().x, well.bottom() - space::L - size::CONTROL / 2.0),
        vec2(width, size::CONTROL),
    );
    let mut row = ui.new_child(UiBuilder::new().max_rect(row).id_salt(("accept", &device.id)));
    row.horizontal(|ui| {
        if ui.add(Button::new("Accept").icon(icons::CHECK).name(&format!("Accept {}", device.name))).clicked() {
            scene.out.sensors(sensors::Command::Accept { device: device.id.clone() });
        }
        if width >= size::TWO_BUTTONS
            && ui.add(Button::new("Refuse").name(&format!("Refuse {}", device.name))).clicked()
        {
            scene.out.sensors(sensors::Command::Forget { device: device.id.clone() });
        }
    });
}
