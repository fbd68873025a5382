//! What an array sees now, what its numbers mean, and how it is set up.

use egui::{Align2, Label, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::heat::profile::ARRAYS;
use crate::model::sensors::Device;
use crate::model::thermal::{Array, Calibration, Choice, Command, PixelMeaning};
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{button, fact, field, glyph, menu, section, spark, toggle};
use crate::ui::{icons, style, words};

/// The meanings one can choose, beside the automatic one.
const MEANINGS: [(PixelMeaning, &str); 6] = [
    (PixelMeaning::Mlx90640Raw, "MLX90640, raw counts"),
    (PixelMeaning::CentiOffset27, "0.01 \u{b0}C around 27 \u{b0}C"),
    (PixelMeaning::CentiKelvin, "0.01 K (Lepton)"),
    (PixelMeaning::DeciKelvin, "0.1 K (HTPA)"),
    (PixelMeaning::DeciCelsius, "0.1 \u{b0}C"),
    (PixelMeaning::QuarterCelsius, "0.25 \u{b0}C (Grid-EYE)"),
];

/// The figures of now, and their trend.
pub fn now(ui: &mut Ui, scene: &Scene<'_>, device: &Device, array: &Array) {
    let frame = scene.pictures.frame(&device.id);
    let facts = Facts { device, standing: scene.standing(device), frame: frame.as_deref(), array: Some(array.clone()) };
    let scale = scene.choices.scale;
    let title = match (facts.standing, scene.stage.past.shown()) {
        (Standing::Past, Some(at)) => format!("Then, {}", words::instant(at, scene.now.wall, &scene.now.zone)),
        _ if facts.is_now() => "Now".to_owned(),
        _ => "Last".to_owned(),
    };
    section::quiet(ui, &title, |_| {});
    ui.add_space(space::S);
    let extremes = facts.frame.and_then(|frame| frame.extremes);
    hero(ui, &words::degrees(extremes.map(|e| e.max), scale), scale.unit(), "max", facts.is_now());
    ui.add_space(space::XS);
    fact::figure(ui, "Average", &words::degrees_with_unit(extremes.map(|e| e.mean), scale));
    fact::figure(ui, "Minimum", &words::degrees_with_unit(extremes.map(|e| e.min), scale));
    let rate = scene.pictures.get(&device.id).and_then(|picture| picture.rate).filter(|_| facts.is_now());
    fact::figure(ui, "Rate", &words::rate(rate, scale));
    fact::figure(ui, "Chip", &words::degrees_with_unit(facts.frame.and_then(|frame| frame.ambient), scale));
    if let Some(frame) = facts.frame.filter(|frame| frame.n_broken() > 0 && frame.extremes.is_some()) {
        fact::figure(ui, "Cells without a value", &format!("{} of {}", frame.n_broken(), frame.size.cells()));
    }
    if facts.standing == Standing::Past {
        // The short trend here is that of now; that of then is on the line of time.
        return;
    }
    ui.add_space(space::M);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TREND), Sense::hover());
    trend(ui, scene, device, rect);
}

/// The figure that matters most, with its unit and which figure it is.
pub fn hero(ui: &mut Ui, figure: &str, unit: &str, word: &str, live: bool) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), text::HERO.line), Sense::hover());
    let color = if live { t.text1 } else { t.text3 };
    let at = style::paint(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, figure, text::HERO, color);
    let unit_at = pos2(at.right() + space::XS, rect.center().y + 3.0);
    style::paint(ui.painter(), unit_at, Align2::LEFT_CENTER, unit, text::HERO_UNIT, t.text2);
    let right = pos2(rect.right(), rect.bottom() - 12.0);
    style::paint(ui.painter(), right, Align2::RIGHT_CENTER, word, text::BODY, t.text2);
    let words = format!("{word} {figure} {unit}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
}

fn trend(ui: &Ui, scene: &Scene<'_>, device: &Device, rect: Rect) {
    let t = style::tokens(ui);
    let Some(slot) = scene.port.slots.device(&device.id) else { return };
    let mut series = Vec::new();
    slot.hottest.read(&mut series);
    let chart = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - 18.0));
    spark::trend(ui.painter(), chart, &series, 2.0, Stroke::new(t.chart, t.series[0]));
    ui.painter().hline(chart.x_range(), chart.bottom(), Stroke::new(1.0, t.line));
    if let (Some(first), Some(last)) = (series.first(), series.last()) {
        let zone = &scene.now.zone;
        let ends =
            [(first.0, rect.left_bottom(), Align2::LEFT_BOTTOM), (last.0, rect.right_bottom(), Align2::RIGHT_BOTTOM)];
        for (at, place, anchor) in ends {
            let words = words::clock(scene.now.wall_of(at), zone);
            style::paint(ui.painter(), place, anchor, &words, text::AXIS_FIGURE, t.text3);
        }
    }
}

/// What the numbers mean, who said so, and whether they are temperatures.
pub fn meaning(ui: &mut Ui, array: &Array) {
    let t = style::tokens(ui);
    section::quiet(ui, "What the numbers mean", |_| {});
    ui.add_space(space::S);
    let from = if array.choice.meaning.is_some() { "chosen" } else { "automatic" };
    fact::word(ui, "Meaning", &format!("{}, {from}", words::meaning(array.meaning)));
    let from = if array.choice.size.is_some() { "chosen" } else { "automatic" };
    let size = format!("{} \u{d7} {}", array.size.cols(), array.size.rows());
    fact::word(ui, "Columns \u{d7} rows", &format!("{size}, {from}"));
    let (word, sentence) = calibration(array.calibration);
    fact::word(ui, "Calibration", word);
    if !sentence.is_empty() {
        let color = if array.calibration == Calibration::Missing { t.warning } else { t.text3 };
        ui.add(Label::new(style::job(sentence, text::SIDE, color)).wrap());
    }
}

const fn calibration(state: Calibration) -> (&'static str, &'static str) {
    match state {
        Calibration::NotNeeded => ("not needed", ""),
        Calibration::Missing => ("uncalibrated", "There are no temperatures until the device sends its calibration."),
        Calibration::Stored => {
            ("from an earlier connection", "The device has not confirmed it in this connection yet.")
        }
        Calibration::Received => ("from the device", ""),
        Calibration::Changed => ("changed", "The device sent another calibration than before. Was the sensor swapped?"),
    }
}

/// Emissivity, reflected temperature, mounting, meaning, size.
pub fn controls(ui: &mut Ui, scene: &mut Scene<'_>, array: &Array) {
    let before = scene.choice(array);
    let mut choice = before;
    section::quiet(ui, "Set up", |ui| {
        if scene.stage.wish.as_ref().is_some_and(|(id, _)| *id == array.device) {
            let (rect, _) = ui.allocate_exact_size(vec2(size::GLYPH, size::GLYPH), Sense::hover());
            glyph::pending(ui, rect.center());
        }
    });
    ui.add_space(space::XS);
    ui.spacing_mut().item_spacing.y = space::XS;
    let settled = optics(ui, &mut choice);
    mounting(ui, &mut choice);
    fact::with(ui, "Numbers", |ui| meanings(ui, &mut choice));
    fact::with(ui, "Size", |ui| sizes(ui, &mut choice));
    let dragged = choice.optics != before.optics && !settled;
    if choice != before {
        // While a figure is dragged the wish is only shown; it is sent when the figure is let go.
        scene.stage.wish = Some((array.device.clone(), choice));
    }
    if (choice != before && !dragged) || (settled && choice != array.choice) {
        scene.out.thermal(Command::Choose { device: array.device.clone(), choice });
    }
}

/// Emissivity and reflected temperature. True when a figure was let go.
fn optics(ui: &mut Ui, choice: &mut Choice) -> bool {
    let let_go = |response: &egui::Response| {
        response.drag_stopped() || response.lost_focus() || (response.changed() && !response.dragged())
    };
    let figure = field::Figure { name: "Emissivity", unit: "", step: 0.005, decimals: 2 };
    let response =
        fact::with(ui, "Emissivity", |ui| field::figure(ui, &mut choice.optics.emissivity, 0.05..=1.0, figure));
    let mut settled = let_go(&response);
    fact::with(ui, "Reflected temperature", |ui| match &mut choice.optics.reflected {
        Some(celsius) => {
            if button::icon(ui, icons::X, "Reflected temperature: back to automatic", false).clicked() {
                choice.optics.reflected = None;
                settled = true;
                return;
            }
            let figure = field::Figure { name: "Reflected temperature", unit: " \u{b0}C", step: 0.2, decimals: 1 };
            settled |= let_go(&field::figure(ui, celsius, -40.0..=300.0, figure));
        }
        None => {
            if ui.add(button::Button::new("Set").name("Set the reflected temperature")).clicked() {
                choice.optics.reflected = Some(20.0);
                settled = true;
            }
            ui.label(style::job("automatic", text::BODY, style::tokens(ui).text1));
        }
    });
    settled
}

fn mounting(ui: &mut Ui, choice: &mut Choice) {
    let mounting = &mut choice.mounting;
    fact::with(ui, "Turned", |ui| {
        if button::icon(ui, icons::ROTATE_CW, "Turn the picture by 90\u{b0}", false).clicked() {
            mounting.quarter_turns = (mounting.quarter_turns + 1) % 4;
        }
        if button::icon(ui, icons::ROTATE_CCW, "Turn the picture back by 90\u{b0}", false).clicked() {
            mounting.quarter_turns = (mounting.quarter_turns + 3) % 4;
        }
        let degrees = format!("{}\u{b0}", u16::from(mounting.quarter_turns % 4) * 90);
        ui.label(style::job(&degrees, text::FIGURE, style::tokens(ui).text1));
    });
    fact::with(ui, "Mirrored", |ui| toggle::show(ui, &mut mounting.mirror, "Mirror the picture"));
}

fn meanings(ui: &mut Ui, choice: &mut Choice) {
    let word = choice.meaning.map_or_else(|| "automatic".to_owned(), words::meaning);
    menu::drop_down(ui, &format!("Meaning of the numbers: {word}"), "", &word, |ui| {
        if menu::item(ui, choice.meaning.is_none(), "Automatic", "").clicked() {
            choice.meaning = None;
        }
        for (meaning, words) in MEANINGS {
            if menu::item(ui, choice.meaning == Some(meaning), words, "").clicked() {
                choice.meaning = Some(meaning);
            }
        }
    });
}

fn sizes(ui: &mut Ui, choice: &mut Choice) {
    let word = choice.size.map_or_else(|| "automatic".to_owned(), |s| format!("{} \u{d7} {}", s.cols(), s.rows()));
    menu::drop_down(ui, &format!("Columns and rows: {word}"), "", &word, |ui| {
        if menu::item(ui, choice.size.is_none(), "Automatic", "").clicked() {
            choice.size = None;
        }
        let mut known: Vec<_> = ARRAYS.iter().map(|array| array.size).collect();
        known.dedup();
        for size in known {
            let words = format!("{} \u{d7} {}", size.cols(), size.rows());
            if menu::item(ui, choice.size == Some(size), &words, "").clicked() {
                choice.size = Some(size);
            }
        }
    });
}
