//! Frames to a device: the newest one as its colours, and when it is to be sent.
//!
//! Invariant: a stream that brings nothing for [`ENDS_AFTER`] is over; a still picture is sent again after [`REPEAT`].

use std::time::Duration;

use crate::drivers::lifx::color::Mix;
use crate::drivers::lifx::look::Look;
use crate::model::frame::Frame;
use crate::units::color::Linear;
use crate::units::moment::Moment;
use crate::wire::lifx::parts::Hsbk;

/// A stream without frames for so long is over.
const ENDS_AFTER: Duration = Duration::from_millis(2500);
/// A still picture is sent again after this.
const REPEAT: Duration = Duration::from_secs(1);

/// A stream.
#[derive(Debug)]
pub(super) struct Stream {
    /// How the device was without it.
    before: Option<Look>,
    heard: Moment,
    sent: Option<Moment>,
    is_new: bool,
    pixels: Vec<Linear>,
    /// The colours of the newest frame, once [mixed](Self::mix).
    pub(super) colors: Vec<Hsbk>,
    /// The colours that were sent last; none if the device may have missed them.
    pub(super) shown: Vec<Hsbk>,
}

impl Stream {
    /// A stream without frames yet, to a device that was so before.
    pub(super) fn new(now: Moment, before: Option<Look>) -> Self {
        let (pixels, colors, shown) = (Vec::new(), Vec::new(), Vec::new());
        Self { before, heard: now, sent: None, is_new: true, pixels, colors, shown }
    }

    /// Takes a frame.
    pub(super) fn frame(&mut self, now: Moment, frame: &Frame) {
        (self.heard, self.is_new) = (now, true);
        self.pixels.clear();
        self.pixels.extend_from_slice(frame.pixels());
    }

    /// The connection begins anew: what the device shows is not known.
    pub(super) const fn restart(&mut self) {
        (self.is_new, self.sent) = (true, None);
    }

    /// Whether nothing went out yet.
    pub(super) const fn is_unsent(&self) -> bool {
        self.sent.is_none()
    }

    /// Whether a frame, or the same one again, is to be sent.
    pub(super) fn is_due(&self, now: Moment) -> bool {
        self.is_new || self.is_stale(now)
    }

    fn is_stale(&self, now: Moment) -> bool {
        self.sent.is_none_or(|sent| now >= sent + REPEAT)
    }

    /// Makes the newest frame the colours of so many pixels; whether they are others than the device shows.
    pub(super) fn mix(&mut self, now: Moment, mix: &Mix, n_pixels: usize) -> bool {
        if self.is_stale(now) {
            self.shown.clear();
        }
        self.is_new = false;
        self.colors.clear();
        self.colors.extend(self.pixels.iter().map(|pixel| mix.pixel(*pixel)));
        let last = self.colors.last().copied().unwrap_or_default();
        self.colors.resize(n_pixels, last);
        self.colors != self.shown
    }

    /// The mixed colours were sent.
    pub(super) const fn sent(&mut self, now: Moment) {
        std::mem::swap(&mut self.colors, &mut self.shown);
        self.sent = Some(now);
    }

    /// When something is to be sent, if packets may go out from `slot` on.
    pub(super) fn due_at(&self, now: Moment, slot: Moment) -> Moment {
        let repeat = self.sent.map_or(now, |sent| sent + REPEAT).min(self.ends_at());
        if self.is_new { slot.min(repeat) } else { repeat.max(slot) }
    }

    /// When it is over if no frame comes.
    pub(super) fn ends_at(&self) -> Moment {
        self.heard + ENDS_AFTER
    }

    /// Ends it: how the device is to be again, if anything of it went out.
    pub(super) fn end(self) -> Option<Look> {
        self.before.filter(|_| self.sent.is_some())
    }
}
