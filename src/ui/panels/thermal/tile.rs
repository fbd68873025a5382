//! A tile: name, side fact and figure; the picture with its palette bar; margin and rate.

use egui::{Align2, CornerRadius, Id, Painter, Rect, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::model::sensors::{self, Device, DeviceId};
use crate::ui::panels::thermal::around;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::inspect::marks;
use crate::ui::panels::thermal::inspect::place::Place;
use crate::ui::scene::Scene;
use crate::ui::standing::{self, Standing};
use crate::ui::theme::{Tokens, over_heat, radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::{self, Alarmed};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::heat_view::{self, HeatView, Hottest};
use crate::ui::widgets::{self, blank, glyph, past};
use crate::ui::{desk, icons, style, words};
use crate::units::grid::Mounting;
use crate::units::temperature::Scale;

/// How a tile is divided, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// Height of the header.
    pub head: f32,
    /// Height of the footer.
    pub foot: f32,
    /// The picture, 4:3.
    pub picture: Vec2,
    /// Whether the figures stand right of the palette bar instead of in a footer.
    pub beside: bool,
}

impl Parts {
    /// The division of a tile of this size that has the larger picture.
    #[must_use]
    pub fn of(width: f32, height: f32) -> Self {
        let (head, foot) = bars(height);
        let fit = |width: f32, height: f32| {
            let tall = height.min(width * 0.75);
            vec2(tall / 0.75, tall)
        };
        let over = fit(width - size::SCALE, height - head - foot);
        let left = fit(width - size::SCALE - size::TILE_FIGURES, height - head - space::S);
        if left.x > over.x {
            Self { head, foot: space::S, picture: left, beside: true }
        } else {
            Self { head, foot, picture: over, beside: false }
        }
    }
}

/// The height of a tile of this width with a footer: its picture has 4:3.
#[must_use]
pub fn height(width: f32) -> f32 {
    let picture = ((width - size::SCALE) * 0.75).round();
    let tall = size::TILE_HEAD + picture + size::TILE_FOOT;
    if tall > size::TILE_DENSE { tall } else { size::TILE_HEAD_DENSE + picture + size::TILE_FOOT_DENSE }
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
    let standing = scene.standing(device);
    let frame = scene.pictures.frame(&device.id);
    let facts = Facts { device, standing, frame: frame.as_deref(), array: scene.array(&device.id).as_deref().cloned() };
    let parts = Parts::of(rect.width(), rect.height());
    head(ui, scene, &facts, Rect::from_min_size(rect.min, vec2(rect.width(), parts.head)));
    let well = if facts.is_now() { live(ui, scene, &facts, rect, parts) } else { quiet(ui, scene, &facts, rect) };
    picture(ui, scene, &facts, past::inside(well, standing), &response, false);
    let border = if selected { Stroke::new(stroke::SELECTED, t.ember) } else { Stroke::new(stroke::HAIR, t.line) };
    let alarmed = Alarmed::of(&scene.view.alarms, &device.id).and_then(|alarmed| alarmed.border(t));
    alarmed::frame(ui.painter(), rect, alarmed.unwrap_or((border, false)));
    widgets::focus_ring(ui, &response, radius::TILE);
    if response.clicked() {
        scene.stage.select(&device.id);
    }
    if response.double_clicked() {
        scene.stage.enlarged = true;
    }
    desk::menu::of_picture(&response, scene, device);
    if !device.accepted {
        accept(ui, scene, device, well);
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
    let alarmed = Alarmed::of(&scene.view.alarms, &facts.device.id);
    if let Some(alarmed) = &alarmed {
        let across = alarmed.across();
        alarmed.paint(&painter, pos2(left + across / 2.0, y), across, t);
        left += across + space::S;
    }
    if facts.standing != Standing::Live {
        glyph::paint(&painter, pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
        left += size::GLYPH + space::S;
    }
    if scene.stage.views.is_locked(&facts.device.id) {
        style::icon(&painter, pos2(left + text::ICON_S.size / 2.0, y), icons::LOCK, text::ICON_S, t.text2);
        left += text::ICON_S.size + space::S;
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
    let mut left = name.right() + space::S;
    let mut fits = |words: &str, role, color| {
        // A side fact goes before a name is shortened, and is never cut itself.
        let galley = painter.layout_job(style::job(words, role, color));
        let wide = galley.size();
        if !words.is_empty() && left + wide.x <= right - space::S {
            painter.galley(pos2(left, y - wide.y / 2.0 + 1.0), galley, color);
            left += wide.x + space::S;
        }
    };
    if let Some(alarmed) = &alarmed {
        // An alarm is always one of now.
        let now = if facts.standing == Standing::Past { " now" } else { "" };
        fits(&format!("{}{now}", alarmed.word()), text::SIDE, t.text1);
    }
    fits(&side_fact(scene, facts), text::SIDE, t.text3);
}

fn side_fact(scene: &Scene<'_>, facts: &Facts<'_>) -> String {
    match facts.frame {
        Some(frame) if facts.standing.is_lost() => format!("last {}", words::clock(frame.wall, &scene.now.zone)),
        Some(frame) if facts.standing == Standing::Past => words::clock(frame.wall, &scene.now.zone),
        _ if !facts.device.accepted => facts.device.address.to_string(),
        _ => facts.side(),
    }
}

/// What stands where the figure would: how long there was no data, or the state.
fn state_words(scene: &mut Scene<'_>, facts: &Facts<'_>) -> String {
    match facts.standing {
        Standing::Live | Standing::Past if facts.frame.is_some() => "no \u{b0}C yet".to_owned(),
        Standing::Live | Standing::Past => words::UNKNOWN.to_owned(),
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
    let alarmed = Alarmed::of(&scene.view.alarms, id).map(|alarmed| format!(", {}", alarmed.words()));
    let held = if scene.stage.views.is_locked(id) { ", range held" } else { "" };
    let sentence = facts.sentence(scene.choices.scale) + &alarmed.unwrap_or_default() + held;
    HeatView {
        id,
        mounting,
        lut: if lost { &over_heat::LOST } else { scene.choices.palette.lut() },
        smooth: scene.choices.smooth,
        lost,
        scale: scene.choices.scale,
        sentence: &sentence,
        hottest: if figure { Hottest::Figure } else { Hottest::Cross },
        // Inspection has a tag of its own.
        tag: !scene.stage.enlarged,
    }
    .show(ui, well, scene.pictures, sensed);
    let inspected = scene.stage.enlarged && scene.stage.selected.as_ref() == Some(id);
    if !inspected && !lost {
        regions(ui, facts, well, mounting);
    }
    if facts.standing == Standing::Past {
        let large = scene.stage.enlarged && scene.stage.selected.as_ref() == Some(id);
        let shown = facts.frame.map_or(well, |frame| heat_view::fit(well, mounting.shown(frame.size)));
        past::border(ui.painter(), shown, if figure || large { stroke::PAST } else { stroke::PAST_SMALL }, t);
    }
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
        (Standing::Live | Standing::Past, Some(frame)) if frame.extremes.is_none() => {
            let (cause, next) = facts.no_temperatures();
            ui.painter().rect_filled(well.shrink2(vec2(0.0, well.height() * 0.22)), CornerRadius::ZERO, over_heat::TAG);
            blank::over(ui, well, icons::THERMOMETER, cause, next, over);
        }
        (Standing::Live | Standing::Past, Some(_)) => {}
        (Standing::Past, None) => {
            let cause = format!("Nothing recorded at {}", then(scene));
            blank::over(ui, well, icons::HISTORY, &cause, "Other arrays may have pictures of then", blank::inks(t));
        }
        (Standing::Live, None) => {
            blank::over(ui, well, icons::CLOCK, "No picture yet", "Waiting for its first frame", blank::inks(t));
        }
        (Standing::Pending, _) => blank::over(ui, well, icons::PLUG, cause, next, blank::inks(t)),
        _ => blank::over(ui, well, icons::UNPLUG, cause, next, if pictured { over } else { blank::inks(t) }),
    }
}

/// The regions of a picture that is not inspected: where they are, and nothing more.
fn regions(ui: &Ui, facts: &Facts<'_>, well: Rect, mounting: Mounting) {
    let (Some(frame), Some(array)) = (facts.frame.filter(|frame| frame.extremes.is_some()), &facts.array) else {
        return;
    };
    let place = Place::of(well, frame.size, mounting);
    let painter = ui.painter().with_clip_rect(place.rect.intersect(ui.clip_rect()));
    let all = &array.regions.regions;
    all.iter().filter(|region| region.mask).for_each(|mask| marks::small(&painter, place, mask));
    all.iter().filter(|region| !region.mask).for_each(|region| marks::small(&painter, place, region));
}

/// The instant that is shown, as people read it.
fn then(scene: &Scene<'_>) -> String {
    words::instant(scene.stage.past.shown().unwrap_or(scene.now.wall), scene.now.wall, &scene.now.zone)
}

/// What is around a picture of now; hands back the well of the picture, flush left.
fn live(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect, parts: Parts) -> Rect {
    let well = Rect::from_min_size(rect.min + vec2(1.0, parts.head), parts.picture - vec2(1.0, 0.0));
    around::scale_bar(ui, scene, facts, Rect::from_min_size(well.right_top(), vec2(size::SCALE, well.height())));
    if parts.beside {
        let min = pos2(well.right() + size::SCALE, well.top());
        around::figures(ui, scene, facts, Rect::from_min_max(min, pos2(rect.right() - space::M, well.bottom())));
    } else {
        around::foot(ui, scene, facts, Rect::from_min_max(pos2(rect.left(), rect.bottom() - parts.foot), rect.max));
    }
    well
}

/// What is around a picture that is not of now: its well is wide, for the words in it.
fn quiet(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) -> Rect {
    let (above, below) = bars(rect.height());
    // Without temperatures there is no palette bar, and its room belongs to the words.
    let scale = if facts.has_temperatures() { size::SCALE } else { 1.0 };
    let bottom = rect.bottom() - below;
    let well = Rect::from_min_max(rect.min + vec2(1.0, above), pos2(rect.right() - scale, bottom));
    around::scale_bar(ui, scene, facts, Rect::from_min_max(well.right_top(), pos2(rect.right(), bottom)));
    around::note(ui, facts, Rect::from_min_max(pos2(rect.left(), bottom), rect.max));
    well
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
