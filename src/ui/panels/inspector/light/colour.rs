//! The colour of a light: wheel, hex and xy, white, colours used lately, how long a change takes.

use egui::{Label, TextEdit, Ui, vec2};

use crate::model::lights::state::Color;
use crate::model::lights::{Aim, Light};
use crate::ui::panels::lights::acts;
use crate::ui::panels::lights::state::{Desk, Field, Strip};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::slider::{Ground, Slider};
use crate::ui::widgets::{button, menu, section, slider, swatch};
use crate::ui::{icons, light_words, style};
use crate::units::color::{Gamut, Mirek, Srgb8, Xy};

/// Colours under the slider of white.
const WHITES: u16 = 9;
/// How long a change may take, ms, with its words.
const TRANSITIONS: [(Option<u32>, &str); 8] = [
    (None, "As usual"),
    (Some(0), "At once"),
    (Some(200), "200\u{a0}ms"),
    (Some(400), "400\u{a0}ms"),
    (Some(1_000), "1\u{a0}s"),
    (Some(2_000), "2\u{a0}s"),
    (Some(5_000), "5\u{a0}s"),
    (Some(30_000), "30\u{a0}s"),
];

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light) {
    let t = style::tokens(ui);
    let shown = light.stack.shown().color;
    let can = &light.capabilities;
    let strip = strip(desk, light, &shown);
    let title = match &strip {
        Some(strip) => format!("stop {} of {}", strip.stops.chosen + 1, strip.stops.all().len()),
        None => String::new(),
    };
    section::quiet(ui, "Colour", |ui| ui.label(style::job(&title, text::SIDE, t.text2)));
    ui.add_space(space::S);
    let now = strip.as_ref().map_or_else(|| shown.xy(), |strip| strip.stops.chosen_color());
    if let Some(gamut) = can.color {
        ui.horizontal_top(|ui| {
            let across = (ui.available_width() - size::WHEEL_SIDE - space::L).clamp(size::WHEEL / 2.0, size::WHEEL);
            if let Some(picked) = desk.wheel.show(ui, across, gamut, now, "Colour") {
                give(scene, desk, light, picked.xy, Some(picked.gesture));
            }
            ui.add_space(space::S);
            ui.vertical(|ui| fields(ui, scene, desk, light, gamut, now));
        });
        ui.add_space(space::S);
    }
    if let Some(range) = &can.mirek {
        white(ui, scene, desk, light, &shown, range);
    }
    recent(ui, scene, desk, light, &shown);
}

/// The stops of a light that shows a gradient.
fn strip(desk: &mut Desk, light: &Light, shown: &Color) -> Option<Strip> {
    let banded = light.capabilities.segments > 1 && matches!(shown, Color::Gradient(_));
    desk.strip = Some(Strip::of(desk.strip.take(), &light.id, shown));
    desk.strip.clone().filter(|_| banded)
}

/// Gives the light a colour, or its chosen stop.
fn give(scene: &mut Scene<'_>, desk: &mut Desk, light: &Light, xy: Xy, gesture: Option<u64>) {
    let shown = light.stack.shown().color;
    let color = match &mut desk.strip {
        Some(strip) if light.capabilities.segments > 1 && matches!(shown, Color::Gradient(_)) => {
            strip.stops.paint(xy);
            strip.send(&shown, usize::from(light.capabilities.segments))
        }
        _ => Color::Xy(xy),
    };
    if gesture.is_none() {
        desk.used(&Color::Xy(xy));
    }
    acts::paint(scene, desk, vec![Aim::Light(light.id.clone())], color, gesture);
}

/// Hex and xy as fields, and what the light can mix.
fn fields(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light, gamut: Gamut, now: Xy) {
    let hex = now.linear().srgb().hex();
    let xy = format!("{:.3} {:.3}", now.x(), now.y());
    for (field, label, name, value) in
        [(Field::Hex, "Hex", "Colour as hex", &hex), (Field::Xy, "xy", "Colour as x and y", &xy)]
    {
        let t = style::tokens(ui);
        ui.label(style::job(label, text::SIDE, t.text2));
        if let Some(typed) = typed(ui, desk, field, name, value) {
            match read(field, &typed) {
                Some(xy) => give(scene, desk, light, gamut.clamp(xy), None),
                None => scene.stage.saying = Some(format!("{typed} is no colour: write {}", example(field))),
            }
        }
        ui.add_space(space::XS);
    }
    let t = style::tokens(ui);
    ui.label(style::job(gamut_words(&gamut), text::SIDE, t.text2));
    if button::icon(ui, icons::COPY, "Copy the hex", false).clicked() {
        ui.ctx().copy_text(hex);
    }
}

/// A field; hands back what was typed when it is done.
fn typed(ui: &mut Ui, desk: &mut Desk, field: Field, name: &str, value: &str) -> Option<String> {
    let t = style::tokens(ui);
    let mut content = match &desk.typed {
        Some((of, typed)) if *of == field => typed.clone(),
        _ => value.to_owned(),
    };
    let edit = TextEdit::singleline(&mut content)
        .id(ui.scope_id().with(("colour", name)))
        .font(style::font(text::FIGURE))
        .text_color(t.text1)
        .desired_width(size::WHEEL_SIDE - 2.0 * space::S)
        .char_limit(24)
        .min_size(vec2(0.0, size::CONTROL))
        .align(egui::Align2::LEFT_CENTER);
    let response = ui.add(edit).accessible_name(name);
    if response.changed() {
        desk.typed = Some((field, content));
    }
    let done = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    let left = response.lost_focus();
    let typed = desk.typed.take_if(|(of, _)| left && *of == field);
    typed.filter(|_| done).map(|(_, typed)| typed)
}

/// A colour as it was typed.
fn read(field: Field, typed: &str) -> Option<Xy> {
    match field {
        Field::Hex => typed.parse().ok().map(|color: Srgb8| color.linear().xy()),
        Field::Xy => {
            let mut parts = typed.split([' ', ';', '/']).filter(|part| !part.is_empty());
            let mut part = || parts.next()?.trim_end_matches(',').replace(',', ".").parse::<f32>().ok();
            Xy::new(part()?, part()?)
        }
    }
}

const fn example(field: Field) -> &'static str {
    match field {
        Field::Hex => "#FF8A3D",
        Field::Xy => "0.55 0.39",
    }
}

fn gamut_words(gamut: &Gamut) -> &'static str {
    let known = [
        (Gamut::A, "Gamut A"),
        (Gamut::B, "Gamut B"),
        (Gamut::C, "Gamut C"),
        (Gamut::SRGB, "Gamut of sRGB"),
        (Gamut::ALL, "Gamut unknown"),
    ];
    known.iter().find(|(of, _)| of == gamut).map_or("Gamut of its own", |(_, words)| words)
}

/// The slider of white, warm at the left.
fn white(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    desk: &mut Desk,
    light: &Light,
    shown: &Color,
    range: &std::ops::RangeInclusive<u16>,
) {
    let t = style::tokens(ui);
    let (low, high) = (f32::from(*range.start()), f32::from(*range.end()));
    let mirek = match shown {
        Color::Mirek(mirek) => *mirek,
        other => other.xy().mirek().within(range),
    };
    let at = |i: u16| Mirek::new((high - (high - low) * f32::from(i) / f32::from(WHITES - 1)) as u16);
    let colors: Vec<egui::Color32> = (0..WHITES).map(|i| light_words::paint(at(i).xy())).collect();
    ui.horizontal(|ui| {
        ui.label(style::job("White", text::BODY, t.text2));
        let width = ui.available_width() - size::PERCENT - space::S;
        let (rect, _) = ui.allocate_exact_size(vec2(width, size::CONTROL), egui::Sense::hover());
        // Warm, which is a high mirek, stands at the left.
        let slider = Slider {
            name: "White, warm to cold",
            value: high + low - f32::from(mirek.get()),
            range: low..=high,
            step: ((high - low) / 100.0).max(1.0),
            reset: (high + low - 366.0).clamp(low, high),
            chosen: true,
            ground: Ground::Colors(&colors),
        };
        let moved = slider.at(ui, rect, ui.scope_id().with("white"));
        let chosen = moved.to.map(|to| Mirek::new((high + low - to).round() as u16).within(range));
        if let Some(mirek) = chosen {
            let gesture = slider::gesture(ui, &moved.response);
            let color = Color::Mirek(mirek);
            acts::paint(scene, desk, vec![Aim::Light(light.id.clone())], color, Some(gesture));
        }
        let words = light_words::kelvin(chosen.unwrap_or(mirek).kelvin());
        ui.label(style::job(&words, text::FIGURE, t.text1));
    });
}

/// Whether a light can show a colour: one that mixes only whites shows those that it reaches.
fn can_show(light: &Light, color: &Color) -> bool {
    let can = &light.capabilities;
    match color {
        _ if can.color.is_some() => true,
        Color::Mirek(mirek) => can.mirek.as_ref().is_some_and(|range| range.contains(&mirek.get())),
        _ => false,
    }
}

/// Colours used lately, and how long changes take.
fn recent(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light, shown: &Color) {
    let t = style::tokens(ui);
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        let recent: Vec<&Color> = desk.recent.iter().filter(|color| can_show(light, color)).collect();
        if !recent.is_empty() {
            ui.add(Label::new(style::job("Recent", text::BODY, t.text2)).extend());
            for color in recent {
                let name = format!("Recent colour {}", light_words::color(color));
                if swatch::dot(ui, light_words::paint(color.xy()), color == shown, &name).clicked() {
                    chosen = Some(color.clone());
                }
            }
        }
        let words = TRANSITIONS.iter().find(|(of, _)| *of == desk.transition_ms).map_or("As usual", |(_, words)| words);
        menu::drop_down(ui, &format!("Transition: {words}"), "Transition", words, |ui| {
            for (transition, words) in TRANSITIONS {
                if menu::item(ui, transition == desk.transition_ms, words, "").clicked() {
                    desk.transition_ms = transition;
                }
            }
        });
    });
    if let Some(color) = chosen {
        desk.used(&color);
        match color {
            Color::Xy(xy) => give(scene, desk, light, xy, None),
            other => acts::paint(scene, desk, vec![Aim::Light(light.id.clone())], other, None),
        }
    }
    // What the hand let go of is worth keeping.
    let let_go = ui.input(|i| i.pointer.any_released());
    if let_go && light.stack.shown().on {
        desk.used(shown);
    }
}
