//! Recording: takes new thermal pictures out of the slots, a few times a second, and hands them to the recorder; forgets
//! what is recorded of forgotten devices; tells when the disk fails.
//!
//! Invariant: nobody waits for this service, and it does not wait for the disk: it reads the rings without a lock, at its
//! own pace; what was gone before it looked is counted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::engine::bus::Batch;
use crate::engine::services::sensors::House;
use crate::model::message::Update;
use crate::model::sensors::{self, DeviceId};
use crate::model::system::{self, Level, Notice};
use crate::model::thermal::ThermalFrame;
use crate::port::Feed;
use crate::port::slots::{DeviceSlot, Slots};
use crate::settings::current::Settings;
use crate::store::recordings::Recordings;
use crate::store::writer::Health;
use crate::units::moment::Moment;

/// Between two looks at the rings: an array may send 256 pictures a second before any is overwritten unseen.
const PASS: Duration = Duration::from_millis(250);
/// How long pictures may be held up.
const HELD_UP: Duration = Duration::from_secs(1);
/// The cause of this service's notice.
const CAUSE: &str = "recordings";

/// What recordings may take by these settings, bytes.
#[must_use]
pub fn budget(settings: &Settings) -> u64 {
    u64::from(settings.thermal.record_mb) << 20
}

/// Gathers until `stop`.
pub async fn run(house: Arc<House>, recordings: Recordings, feed: Feed, stop: CancellationToken) {
    let (mut gatherer, mut facts) = (Gatherer::default(), feed.0.subscribe());
    let mut failing = false;
    let mut ticks = interval_at(Instant::now() + PASS, PASS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut running = true;
    while running {
        tokio::select! {
            () = stop.cancelled() => running = false,
            _ = ticks.tick() => {}
            heard = facts.recv() => {
                match heard {
                    Ok(published) => {
                        for fact in published.facts.iter() {
                            if let Update::Sensors(sensors::Update::Forgotten(device)) = &fact.update {
                                recordings.forget(device.clone());
                            }
                        }
                    }
                    // What was forgotten meanwhile is missed: those that have no slot any more.
                    Err(RecvError::Lagged(_)) => {
                        let there = house.ground.slots.devices();
                        let gone = recordings.devices().into_iter().filter(|id| !there.contains_key(id));
                        gone.for_each(|device| recordings.forget(device));
                    }
                    Err(RecvError::Closed) => running = false,
                }
                if running {
                    continue;
                }
            }
        }
        let settings = house.settings.load();
        recordings.set_budget(budget(&settings));
        let fps = settings.thermal.record.then_some(settings.thermal.record_fps);
        let gathered = gatherer.frames(&house.ground.slots, fps);
        recordings.count_dropped(gathered.lost);
        recordings.record(gathered.frames);
        tell(&house, recordings.health(), &mut failing);
    }
}

/// One notice while the disk fails, taken back when it works again.
fn tell(house: &House, health: Health, failing: &mut bool) {
    let now = health != Health::Good;
    if now == std::mem::replace(failing, now) {
        return;
    }
    let cause: Arc<str> = CAUSE.into();
    let update = match health {
        Health::Failing { why } => {
            let text = format!("Thermal pictures cannot be recorded: {why}. Free space or check the data folder.");
            let notice = Notice { level: Level::Warning, text: text.into(), since: house.ground.clock.wall() };
            system::Update::Noticed { cause, notice }
        }
        Health::Good => system::Update::NoticeGone { cause },
    };
    house.bus.say(Batch::of(vec![Update::System(update)]));
}

/// What one look at the rings brought.
#[derive(Debug, Default)]
pub struct Gathered {
    /// New pictures, each device's in order.
    pub frames: Vec<(DeviceId, Arc<ThermalFrame>)>,
    /// Pictures that were gone already.
    pub lost: u64,
}

/// Remembers how far each ring was read.
#[derive(Debug, Default)]
pub struct Gatherer {
    devices: BTreeMap<DeviceId, Progress>,
    scratch: Vec<Arc<ThermalFrame>>,
}

#[derive(Debug)]
struct Progress {
    slot: Arc<DeviceSlot>,
    cursor: u64,
    /// When the next picture is due, at the pace of recording, ns since the start of the program.
    due: i64,
}

impl Gatherer {
    /// The pictures that are new since the last call, at most `fps` a second of each array; `None` takes none, and counts
    /// none as lost.
    pub fn frames(&mut self, slots: &Slots, fps: Option<f32>) -> Gathered {
        let there = slots.devices();
        self.devices.retain(|id, known| there.get(id).is_some_and(|slot| Arc::ptr_eq(slot, &known.slot)));
        let mut gathered = Gathered::default();
        for (id, slot) in there.iter() {
            let new = || Progress { slot: Arc::clone(slot), cursor: 0, due: i64::MIN };
            let progress = self.devices.entry(id.clone()).or_insert_with(new);
            let (next, lost) = slot.frames.read_since(progress.cursor, &mut self.scratch);
            progress.cursor = next;
            if let Some(fps) = fps {
                gathered.lost += lost;
                let period = Duration::from_secs_f32(1.0 / fps.max(0.01));
                let wanted = self.scratch.drain(..).filter(|frame| progress.is_due(frame.at, period));
                gathered.frames.extend(wanted.map(|frame| (id.clone(), frame)));
            }
            self.scratch.clear();
        }
        gathered
    }
}

impl Progress {
    /// Whether a picture of this moment is recorded: on average one for each period. Pictures that a network held up and
    /// brought all at once count as come in their time, within [`HELD_UP`].
    fn is_due(&mut self, at: Moment, period: Duration) -> bool {
        let ns = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
        let (at, period) = (i64::try_from(at.0).unwrap_or(i64::MAX), ns(period));
        if at < self.due {
            return false;
        }
        self.due = self.due.max(at.saturating_sub(ns(HELD_UP).max(period))).saturating_add(period);
        true
    }
}
