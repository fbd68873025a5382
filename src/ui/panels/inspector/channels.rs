//! The channels of a device: what each measures, and its newest reading.

use egui::Ui;

use crate::heat::gas::{self, ChannelMeaning};
use crate::model::sensors::Device;
use crate::port::slots::DeviceSlot;
use crate::ui::standing::Standing;
use crate::ui::theme::{space, text};
use crate::ui::widgets::{fact, section};
use crate::ui::{style, words};

/// Bits of the converters of the sensor boards.
const ADC_BITS: u8 = 12;

/// What a channel is called: its meaning, or its key where that says more.
#[must_use]
pub fn title(meaning: ChannelMeaning, key: &str) -> String {
    if meaning == ChannelMeaning::Plain { key.to_owned() } else { meaning.name().to_lowercase() }
}

/// A reading as people read it.
#[must_use]
pub fn figure(meaning: ChannelMeaning, value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return words::UNKNOWN.to_owned() };
    match meaning {
        ChannelMeaning::FlameDigital if is_flame(meaning, Some(value)) => "FLAME".to_owned(),
        ChannelMeaning::FlameDigital => "none".to_owned(),
        _ if meaning.is_analogue() => words::minus(&format!("{:.1}\u{a0}%", gas::percent(value, ADC_BITS))),
        _ if value.fract() == 0.0 => words::minus(&format!("{value:.0}")),
        _ => words::minus(&format!("{value:.2}")),
    }
}

/// Whether a reading is a flame seen by a detector.
#[must_use]
pub fn is_flame(meaning: ChannelMeaning, value: Option<f64>) -> bool {
    meaning == ChannelMeaning::FlameDigital && value.is_some_and(|value| value >= 0.5)
}

/// Draws the section.
pub fn show(ui: &mut Ui, device: &Device, slot: &DeviceSlot) {
    let t = style::tokens(ui);
    section::quiet(ui, "Channels", |_| {});
    ui.add_space(space::S);
    let live = Standing::of(device) == Standing::Live;
    let channels = slot.channels();
    for channel in channels.iter() {
        let meaning = ChannelMeaning::of(&channel.key);
        let value = channel.readings.last().map(|(_, value)| value).filter(|_| live);
        let name = match meaning {
            ChannelMeaning::Plain => channel.key.to_string(),
            _ => format!("{} ({})", meaning.name(), channel.key),
        };
        fact::figure(ui, &name, &figure(meaning, value));
    }
    if channels.iter().any(|channel| ChannelMeaning::of(&channel.key).is_analogue()) {
        ui.label(style::job("Percent of full scale. ppm: uncalibrated", text::SIDE, t.text3));
    }
}
