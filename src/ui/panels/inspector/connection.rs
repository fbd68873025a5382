//! How the connection fares: phase, period, packets, bytes, commands.

use std::sync::atomic::Ordering;

use egui::Ui;

use crate::model::sensors::{Device, Phase};
use crate::port::meter::Counter;
use crate::port::slots::{COMMAND_RESULTS, DeviceSlot};
use crate::ui::scene::Scene;
use crate::ui::theme::space;
use crate::ui::widgets::{fact, section};
use crate::ui::words;

const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Identify => "identifying",
        Phase::Start => "starting",
        Phase::Streaming => "streaming",
        Phase::Late => "late",
        Phase::Offline => "offline",
    }
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, slot: &DeviceSlot) {
    section::quiet(ui, "Connection", |_| {});
    ui.add_space(space::S);
    let since = words::since(device.since, scene.now.wall, &scene.now.zone);
    fact::word(ui, "Phase", &format!("{}, since {since}", phase(device.phase)));
    fact::figure(ui, "Address", &device.address.to_string());
    if let Some(serial) = &device.serial {
        fact::figure(ui, "Serial number", serial);
    }
    fact::figure(ui, "Period", &words::period(device.period));
    if device.phase != Phase::Streaming
        && let Some(heard) = slot.last_heard()
    {
        scene.stage.ticking = true;
        fact::figure(ui, "Last heard", &format!("{} ago", words::age(scene.now.moment.since(heard))));
    }
    fact::figure(ui, "Packets accepted", &words::count(slot.n_accepted()));
    fact::figure(ui, "Packets rejected", &words::count(slot.n_rejected()));
    if slot.parts_rejected.get() > 0 {
        fact::figure(ui, "Parts dropped", &words::count(slot.parts_rejected.get()));
    }
    fact::figure(ui, "Frame packets", &words::count(slot.frame_packets.load(Ordering::Relaxed)));
    fact::figure(ui, "Received", &words::bytes(slot.bytes.get()));
    let commands = |result: usize| slot.commands.iter().filter_map(|by| by.get(result)).map(Counter::get).sum();
    let results: Vec<_> =
        COMMAND_RESULTS.iter().enumerate().map(|(i, name)| format!("{} {name}", words::count(commands(i)))).collect();
    fact::word(ui, "Commands", &results.join(", "));
    if let Some(ended) = device.ended {
        fact::word(ui, "Last ended", ended.words());
    }
}
