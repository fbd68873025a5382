//! Frames to a lamp: the newest one, and when it is to be sent.
//!
//! Invariant: a stream that brings nothing for [`ENDS_AFTER`] is over; a still picture is sent again after [`REPEAT`].

use std::time::Duration;

use crate::drivers::yeelight::lamp::Target;
use crate::units::color::Linear;
use crate::units::moment::Moment;

/// Between frames in music mode.
const GAP: Duration = Duration::from_millis(50);
/// A still picture is sent again after this.
const REPEAT: Duration = Duration::from_secs(1);
/// A stream without frames for so long is over.
const ENDS_AFTER: Duration = Duration::from_millis(2500);

/// Whether the device dials us to be streamed to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Music {
    /// It does not; it may be told to from then on.
    Off { again_at: Moment },
    /// It was told to.
    Asked { at: Moment },
    /// It did.
    On,
}

/// A stream.
#[derive(Debug)]
pub(super) struct Stream {
    /// How the lamp was without it.
    pub(super) before: Option<Target>,
    pub(super) heard: Moment,
    pub(super) sent: Option<Moment>,
    /// There is a frame that was not sent.
    pub(super) is_new: bool,
    pub(super) pixel: Linear,
    /// What was sent last.
    pub(super) shown: Option<Target>,
}

impl Stream {
    /// A stream that begins with this pixel, to a lamp that was so before.
    pub(super) const fn new(now: Moment, before: Option<Target>, pixel: Linear) -> Self {
        Self { before, heard: now, sent: None, is_new: true, pixel, shown: None }
    }

    /// When it is over if no frame comes.
    pub(super) fn ends_at(&self) -> Moment {
        self.heard + ENDS_AFTER
    }

    /// Whether the lamp may have forgotten what was sent last.
    pub(super) fn is_stale(&self, now: Moment) -> bool {
        self.sent.is_none_or(|sent| now >= sent + REPEAT)
    }

    /// Whether a frame, or the same one again, is to be sent.
    pub(super) fn is_due(&self, now: Moment) -> bool {
        self.is_new || self.is_stale(now)
    }

    /// Whether the one before is long enough ago for music mode.
    pub(super) fn has_slot(&self, now: Moment) -> bool {
        self.sent.is_none_or(|sent| now >= sent + GAP)
    }

    /// When the next is to be sent.
    pub(super) fn next_at(&self, now: Moment) -> Moment {
        self.sent.map_or(now, |sent| sent + if self.is_new { GAP } else { REPEAT })
    }
}
