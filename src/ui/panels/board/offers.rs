//! What can be put on a board, what it is called, and what a board begins with.

use std::sync::Arc;

use crate::model::history::HOTTEST;
use crate::model::sensors::DeviceId;
use crate::ui::icons;
use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::panes::{Axis, Panes};
use crate::ui::panels::history::legend;
use crate::ui::panels::history::picks::SPANS;
use crate::ui::scene::Scene;

/// Minutes of a new trend.
const MINUTES: u32 = 10;

/// Everything that can be shown: lists, pictures, channels of all sensors.
#[must_use]
pub fn all(scene: &Scene<'_>) -> Vec<Pane> {
    let devices: Vec<_> = scene.devices().into_iter().filter(|device| device.accepted).collect();
    let pictures = devices.iter().filter(|device| scene.array(&device.id).is_some());
    let pictures = pictures.map(|device| Pane::Picture(device.id.clone()));
    let trends = devices.iter().flat_map(|device| {
        let trend = |channel: Arc<str>| trend(&device.id, &channel);
        legend::channels(scene, &device.id).into_iter().map(trend).collect::<Vec<_>>()
    });
    pictures.chain(trends).chain([Pane::Alarms, Pane::Journal]).collect()
}

fn trend(device: &DeviceId, channel: &str) -> Pane {
    Pane::Trend { device: device.clone(), channel: channel.to_owned(), minutes: MINUTES }
}

/// The panes a board begins with: the pictures with the least margin, the trend of the first, alarms and journal.
#[must_use]
pub fn usual(scene: &Scene<'_>) -> Option<Panes> {
    let mut arrays: Vec<DeviceId> = scene.view.thermal.arrays.keys().cloned().collect();
    let margin = |id: &DeviceId| scene.stage.margins.get(id).and_then(|m| m.least.as_ref()).map_or(2.0, |m| m.share);
    arrays.sort_by(|a, b| margin(a).total_cmp(&margin(b)));
    let one = |id: &DeviceId| Panes::One(Pane::Picture(id.clone()));
    let first = arrays.first();
    let others: Vec<Panes> = arrays.iter().skip(1).take(2).map(one).collect();
    let mut pictures: Vec<(f32, Panes)> = first.iter().map(|id| (3.0, one(id))).collect();
    pictures.push((2.0, Panes::split(Axis::Row, others)));
    let lists = Panes::Tabs { open: 0, parts: vec![Panes::One(Pane::Alarms), Panes::One(Pane::Journal)] };
    let mut beside: Vec<Panes> = first.iter().map(|id| Panes::One(trend(id, HOTTEST))).collect();
    beside.push(lists);
    let (pictures, beside) = (Panes::Split(Axis::Column, pictures), Panes::split(Axis::Column, beside));
    Panes::Split(Axis::Row, vec![(3.0, pictures), (2.0, beside)]).tidy()
}

/// What a pane is called.
#[must_use]
pub fn title(scene: &Scene<'_>, pane: &Pane) -> String {
    match pane {
        Pane::Picture(device) => scene.device_name(device),
        Pane::Trend { device, channel, minutes } => {
            let span = SPANS.iter().find(|(known, _)| known == minutes).map_or("", |(_, words)| words);
            format!("{} {}, {span}", scene.device_name(device), legend::title(scene, device, channel))
        }
        Pane::Alarms => "Alarms".to_owned(),
        Pane::Journal => "Journal".to_owned(),
    }
}

/// What kind of thing it is.
#[must_use]
pub const fn kind(pane: &Pane) -> &'static str {
    match pane {
        Pane::Picture(_) => "picture",
        Pane::Trend { .. } => "trend",
        Pane::Alarms | Pane::Journal => "list",
    }
}

/// Its icon.
#[must_use]
pub const fn icon(pane: &Pane) -> char {
    match pane {
        Pane::Picture(_) => icons::FLAME,
        Pane::Trend { .. } => icons::CHART_LINE,
        Pane::Alarms => icons::BELL,
        Pane::Journal => icons::LIST,
    }
}
