//! What people call a deed that was done.
//!
//! Invariant: a deed is always called the same, whatever the house looks like meanwhile: by its name an action is
//! known to be done.

use std::sync::Arc;

use crate::model::deed::{Deed, Lights, Thermal, Until};
use crate::model::lights::Aim;
use crate::model::lights::state::{Change, Color};
use crate::model::{sensors, system, thermal};

/// A deed as something that was done: `set thermal.emissivity to 0.9`.
#[must_use]
pub fn of(deed: &Deed) -> Arc<str> {
    match deed {
        Deed::Sensors(command) => of_sensors(command),
        Deed::Thermal(Thermal::Choose { device, choice }) => {
            let thermal::Choice { meaning, size, optics, mounting } = choice;
            let meaning = meaning.map_or_else(|| "recognised meaning".to_owned(), |meaning| meaning.name());
            let size = size.map_or_else(|| "recognised size".to_owned(), |s| format!("{} x {}", s.cols(), s.rows()));
            let reflected = optics.reflected.map(|celsius| format!(", reflected {celsius} C")).unwrap_or_default();
            let mirror = if mounting.mirror { ", mirrored" } else { "" };
            format!(
                "settled the array of {device}: {meaning}, {size}, emissivity {}{reflected}, turned by {} quarters{mirror}",
                optics.emissivity, mounting.quarter_turns
            )
        }
        Deed::Thermal(Thermal::Bookmark { words }) if words.is_empty() => "bookmarked the moment".to_owned(),
        Deed::Thermal(Thermal::Bookmark { words }) => format!("bookmarked the moment as \"{words}\""),
        Deed::Lights(Lights::Alert { aims, change, until }) => {
            let until = if *until == Until::Acknowledged { ", until acknowledged" } else { "" };
            format!("lit up {}: {}{until}", of_aims(aims), of_change(change))
        }
        Deed::Lights(Lights::EndAlert { aims }) => format!("let go of {}", of_aims(aims)),
        Deed::System(command) => of_system(command),
    }
    .into()
}

fn of_aims(aims: &[Aim]) -> String {
    let words = aims.iter().map(|aim| match aim {
        Aim::Light(id) => id.0.to_string(),
        Aim::Group(id) => format!("the lights of {}", id.0),
        Aim::All => "all lights".to_owned(),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn of_change(change: &Change) -> String {
    let Change { on, brightness, color, effect, transition_ms } = change;
    let words = [
        on.map(|on| if on { "on" } else { "off" }.to_owned()),
        brightness.map(|share| format!("{:.0} %", share * 100.0)),
        color.as_ref().map(of_color),
        effect.as_ref().map(|name| if name.is_empty() { "no effect".to_owned() } else { format!("effect {name}") }),
        transition_ms.map(|ms| format!("within {ms} ms")),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn of_color(color: &Color) -> String {
    match color {
        Color::Xy(xy) => xy.linear().srgb().hex(),
        Color::Mirek(mirek) => format!("{} mirek", mirek.get()),
        Color::Gradient(points) => {
            let points: Vec<_> = points.iter().map(|xy| xy.linear().srgb().hex()).collect();
            format!("from {}", points.join(" to "))
        }
    }
}

fn of_sensors(command: &sensors::Command) -> String {
    match command {
        sensors::Command::Accept { device } => format!("took {device} in"),
        sensors::Command::Rename { device, name } => format!("renamed {device} to {name}"),
        sensors::Command::SetPlace { device, place } if place.is_empty() => format!("took {device} out of its place"),
        sensors::Command::SetPlace { device, place } => format!("put {device} into {place}"),
        sensors::Command::Reconnect { device } => format!("let {device} dial in anew"),
        sensors::Command::Introduce { location, as_what } => {
            format!("introduced {location} as \"{}\" in \"{}\"", as_what.name, as_what.place)
        }
        sensors::Command::Forget { device } => format!("forgot {device}"),
        sensors::Command::AskCalibration { device } => format!("asked {device} for its calibration"),
    }
}

fn of_system(command: &system::Command) -> String {
    match command {
        system::Command::AnswerReach { lan: true } => "let the local network reach Hearthlight".to_owned(),
        system::Command::AnswerReach { lan: false } => "let only this machine reach Hearthlight".to_owned(),
        system::Command::Set { key, value } => format!("set {key} to {value}"),
        system::Command::ShowWindow => "brought the window forward".to_owned(),
        system::Command::Stop => "pressed the master stop".to_owned(),
        system::Command::Resume => "let rules act again".to_owned(),
        system::Command::PauseDemo(true) => "let the demo hold still".to_owned(),
        system::Command::PauseDemo(false) => "let the demo go on".to_owned(),
        system::Command::Import { name, text } => format!("imported {name} ({} bytes)", text.len()),
    }
}
