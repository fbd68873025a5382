//! Which tile comes first: those in alarm, then the live ones by their margin, then those that are lost.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use egui::Context;

use crate::heat::margin::{self, Present};
use crate::model::alarms::alarm::{Alarm, State};
use crate::model::alarms::rule::{Level, Rule};
use crate::model::sensors::{Device, DeviceId};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::time;

/// A difference of margins, as shares, that is worth another order: less would shuffle tiles by the noise of sensors.
const STICKY: f64 = 0.02;

/// What decides about a tile's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    /// The worst Warning or Danger that goes on at the device, but not that it is silent.
    pub alarm: Option<Level>,
    /// Whether its newest picture is not of now.
    pub lost: bool,
    /// Its margin as a share; above 1 if no rule looks at it.
    pub share: f64,
}

impl Rank {
    /// Whether it is ahead of another one by a difference that matters.
    #[must_use]
    pub fn is_ahead(&self, other: &Self) -> bool {
        match (other.alarm.cmp(&self.alarm), self.lost.cmp(&other.lost)) {
            (Ordering::Equal, Ordering::Equal) => self.share + STICKY < other.share,
            (Ordering::Equal, lost) => lost == Ordering::Less,
            (alarm, _) => alarm == Ordering::Less,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        (other.alarm.cmp(&self.alarm)).then(self.lost.cmp(&other.lost)).then(self.share.total_cmp(&other.share))
    }
}

/// The order to be shown after `shown`, the most pressing first: `shown` itself while nothing is ahead of what stands
/// before it by a difference that matters.
#[must_use]
pub fn next(shown: &[DeviceId], ranks: &[(DeviceId, Rank)]) -> Vec<DeviceId> {
    let by_id: BTreeMap<&DeviceId, &Rank> = ranks.iter().map(|(id, rank)| (id, rank)).collect();
    let held: Vec<&Rank> = shown.iter().filter_map(|id| by_id.get(id).copied()).collect();
    let same = shown.len() == ranks.len() && held.len() == ranks.len();
    let holds = |(i, later): (usize, &&Rank)| !held.iter().take(i).any(|earlier| later.is_ahead(earlier));
    if same && held.iter().enumerate().all(holds) {
        return shown.to_vec();
    }
    let mut wanted: Vec<_> = ranks.iter().collect();
    // Stable: equals stay in the order in which they came, which is that of their names.
    wanted.sort_by(|(_, a), (_, b)| a.order(b));
    wanted.into_iter().map(|(id, _)| id.clone()).collect()
}

/// Brings tiles into their order. A new order waits while the pointer is over them, but not for long.
pub fn put_in_order(ctx: &Context, scene: &mut Scene<'_>, tiles: &mut [Arc<Device>], hovered: bool) {
    let ranks: Vec<_> = tiles.iter().map(|device| (device.id.clone(), rank(scene, device))).collect();
    let now = scene.now.moment;
    let board = &mut scene.stage.overview;
    let wanted = next(&board.order, &ranks);
    // Who came or went is shown at once: there is nothing to hold.
    let same_tiles = board.order.len() == wanted.len() && board.order.iter().all(|id| wanted.contains(id));
    if wanted == board.order {
        board.waiting = None;
    } else if hovered && same_tiles {
        let waited = now.since(*board.waiting.get_or_insert(now));
        match time::ORDER.checked_sub(waited).filter(|left| !left.is_zero()) {
            Some(left) => ctx.request_repaint_after(left),
            None => (board.order, board.waiting) = (wanted, None),
        }
    } else {
        (board.order, board.waiting) = (wanted, None);
    }
    let places: BTreeMap<_, _> = board.order.iter().enumerate().map(|(i, id)| (id, i)).collect();
    tiles.sort_by_key(|device| places.get(&device.id).copied());
}

fn rank(scene: &Scene<'_>, device: &Device) -> Rank {
    let alarms = scene.view.alarms.of_device(&device.id);
    let pressing = alarms.iter().filter(|alarm| alarm.level >= Level::Warning && is_seen(alarm));
    let standing = Standing::of(device);
    let least = scene.stage.margins.get(&device.id).and_then(|margins| margins.least.as_ref());
    Rank {
        alarm: pressing.map(|alarm| alarm.level).max(),
        lost: standing != Standing::Live,
        share: least.map_or(2.0, |margin| margin.share),
    }
}

/// Whether an alarm goes on, and is about something that was measured.
fn is_seen(alarm: &Alarm) -> bool {
    alarm.state != State::Cleared && alarm.reasons.iter().any(|reason| &*reason.unit != "s")
}

/// Measures how far each device that is live is from its limits.
pub fn measure(scene: &mut Scene<'_>) {
    scene.stage.margins.clear();
    let rules: Vec<&Rule> = scene.view.alarms.rules.values().map(|rule| &**rule).collect();
    if rules.is_empty() {
        return;
    }
    let slots = scene.port.slots.devices();
    let live = scene.view.sensors.devices.values().filter(|device| Standing::of(device) == Standing::Live);
    for device in live {
        let Some(slot) = slots.get(&device.id) else { continue };
        let frame = scene.pictures.newest(&device.id);
        let channels: Vec<_> = slot
            .channels()
            .iter()
            .filter_map(|channel| Some((Arc::clone(&channel.key), channel.readings.last()?.1)))
            .collect();
        let learned = slot.learned.load_full();
        let present = Present {
            device: &device.id,
            frame: frame.as_deref(),
            channels: &channels,
            learned: learned.as_deref(),
            rise: slot.rise.get(),
            unusual: slot.unusual.get(),
            hot_cells: slot.hot_cells.get(),
        };
        let margins = margin::margins(rules.iter().copied(), &present);
        if margins.least.is_some() {
            scene.stage.margins.insert(device.id.clone(), margins);
        }
    }
}
