//! The health figures: delay, pictures a second and what was lost, over the last second that had any.

use crate::port::meter;
use crate::port::slots::{Kind, Slots};
use crate::ui::theme::time;
use crate::units::moment::Moment;

/// Health figures, taken once a second while the window is drawn.
#[derive(Debug, Default)]
pub struct Pulse {
    /// Delay from the last byte to the evaluated reading that 99 of 100 packets stay below, seconds.
    pub delay: Option<f64>,
    /// Pictures a second.
    pub frames: f64,
    /// Packets rejected since the start.
    pub lost: u64,
    taken: Option<Moment>,
    frames_before: u64,
    counts_before: Vec<u64>,
}

impl Pulse {
    /// Takes the figures if a second has passed. Returns true if they should be taken again although nothing arrives.
    pub fn take(&mut self, slots: &Slots, now: Moment) -> bool {
        let passed = self.taken.map(|before| now.since(before));
        if passed.is_some_and(|passed| passed < time::PULSE) {
            return self.frames > 0.0;
        }
        let devices = slots.devices();
        let frames: u64 =
            devices.values().filter_map(|slot| slot.accepted.get(Kind::Frame as usize)).map(meter::Counter::get).sum();
        let unknown: u64 = slots.rejected_unknown.iter().map(meter::Counter::get).sum();
        self.lost = unknown + devices.values().map(|slot| slot.n_rejected()).sum::<u64>();
        if let Some(passed) = passed {
            self.frames = frames.saturating_sub(self.frames_before) as f64 / passed.as_secs_f64();
        }
        self.take_delay(slots);
        (self.taken, self.frames_before) = (Some(now), frames);
        self.frames > 0.0
    }

    fn take_delay(&mut self, slots: &Slots) {
        let Some(first) = slots.ingest.first() else { return };
        let mut counts = vec![0; first.bounds().len() + 1];
        for histogram in &slots.ingest {
            counts.iter_mut().zip(histogram.counts()).for_each(|(sum, n)| *sum += n);
        }
        let before = std::mem::replace(&mut self.counts_before, counts.clone());
        counts.iter_mut().zip(before).for_each(|(n, old)| *n = n.saturating_sub(old));
        let longest = slots.ingest.iter().map(meter::Histogram::max).fold(0.0, f64::max);
        if let Some(delay) = meter::quantile(first.bounds(), &counts, 0.99, longest) {
            self.delay = Some(delay);
        }
    }
}
