//! What waits for the recorder.
//!
//! Invariant: pictures that wait take [`ROOM`] at most; what finds no room is counted.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::store::writer::Health;

/// Bytes of pictures that may wait.
pub const ROOM: usize = 16 << 20;

/// One thing to do.
#[derive(Debug)]
pub(super) enum Job {
    /// Record a picture.
    Frame(DeviceId, Arc<ThermalFrame>),
    /// Delete what is recorded of a device.
    Forget(DeviceId),
}

/// What waits, and what the recorder is told and tells.
#[derive(Debug)]
pub(super) struct Queue {
    jobs: VecDeque<Job>,
    bytes: usize,
    /// Bytes that recordings may take.
    pub(super) budget: u64,
    /// Whether the budget has changed.
    pub(super) trim: bool,
    pub(super) flushes: u64,
    pub(super) flushed: u64,
    pub(super) closing: bool,
    pub(super) closed: bool,
    pub(super) health: Health,
}

impl Queue {
    pub(super) fn new(budget: u64) -> Self {
        Self {
            jobs: VecDeque::new(),
            bytes: 0,
            budget,
            trim: true,
            flushes: 0,
            flushed: 0,
            closing: false,
            closed: false,
            health: Health::Good,
        }
    }

    /// Lets pictures in, in their order. Returns how many found no room.
    pub(super) fn record(&mut self, frames: Vec<(DeviceId, Arc<ThermalFrame>)>) -> u64 {
        let mut dropped = 0;
        for (device, frame) in frames {
            let size = size_of::<ThermalFrame>() + frame.size.cells() * size_of::<f32>();
            if self.closed || self.bytes + size > ROOM {
                dropped += 1;
                continue;
            }
            self.bytes += size;
            self.jobs.push_back(Job::Frame(device, frame));
        }
        dropped
    }

    pub(super) fn forget(&mut self, device: DeviceId) {
        if !self.closed {
            self.jobs.push_back(Job::Forget(device));
        }
    }

    /// Whether the recorder has something to do now.
    pub(super) fn asks(&self) -> bool {
        !self.jobs.is_empty() || self.trim || self.closing || self.flushes != self.flushed
    }

    pub(super) fn take(&mut self) -> VecDeque<Job> {
        (self.bytes, self.trim) = (0, false);
        std::mem::take(&mut self.jobs)
    }
}
