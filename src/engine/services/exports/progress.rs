//! How far a job is, and whether it is still wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::io::clock::Clock;
use crate::model::exports::Standing;
use crate::units::moment::Moment;

/// Between two words about how far a job is.
const PAUSE: Duration = Duration::from_millis(250);

/// What a job tells the service.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A share of it is done, 0..=1.
    Reached(u64, f32),
    /// It ended.
    Ended(u64, Standing),
}

/// Why a job wrote no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Somebody cancelled it.
    Cancelled,
    /// It cannot be done: cause and cure.
    Failed(String),
}

impl Stopped {
    /// Cause and cure.
    #[must_use]
    pub fn failed(why: impl Into<Box<dyn std::error::Error>>) -> Self {
        Self::Failed(why.into().to_string())
    }
}

/// A job's line to the service.
#[derive(Debug)]
pub struct Progress {
    id: u64,
    cancelled: Arc<AtomicBool>,
    clock: Clock,
    events: mpsc::UnboundedSender<Event>,
    told: Moment,
}

impl Progress {
    /// The line of job `id`; it is not wanted any more once `cancelled` is set.
    #[must_use]
    pub fn new(id: u64, cancelled: Arc<AtomicBool>, clock: Clock, events: mpsc::UnboundedSender<Event>) -> Self {
        let told = clock.now();
        Self { id, cancelled, clock, events, told }
    }

    /// The job's number.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Tells, a few times a second at most, that a share is done. Call between chunks of work.
    ///
    /// # Errors
    /// If the job was cancelled: it must end.
    pub fn reached(&mut self, share: f32) -> Result<(), Stopped> {
        if self.cancelled.load(Ordering::Acquire) {
            return Err(Stopped::Cancelled);
        }
        let now = self.clock.now();
        if now.since(self.told) >= PAUSE {
            self.told = now;
            // After the service has ended nobody listens.
            drop(self.events.send(Event::Reached(self.id, share.clamp(0.0, 1.0))));
        }
        Ok(())
    }
}
