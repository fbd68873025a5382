//! The lamps of a device: what is known and wanted of each.

use crate::drivers::LocalId;
use crate::drivers::light::{Said, Thing};
use crate::drivers::yeelight::lamp::{Shown, Target};
use crate::drivers::yeelight::stream::Stream;
use crate::model::lights::state::State;
use crate::units::moment::Moment;

/// The local names of the lamps of a device.
pub(super) const LAMPS: [&str; 2] = ["light", "background"];

/// The local name of a lamp.
pub(super) fn id_of(lamp: usize) -> LocalId {
    LocalId(LAMPS.get(lamp).copied().unwrap_or_default().into())
}

/// A lamp.
#[derive(Debug, Default)]
pub(super) struct Lamp {
    pub(super) shown: Shown,
    pub(super) wanted: Option<(State, u32)>,
    pub(super) restore: Option<Target>,
    /// What was sent last, with what it became.
    pub(super) last: Option<(State, Target)>,
    pub(super) stream: Option<Stream>,
    pub(super) wants_blink: bool,
    pub(super) dark_at: Option<Moment>,
    pub(super) wants_default: bool,
    pub(super) found: Option<Thing>,
    pub(super) said: Option<Said>,
}

impl Lamp {
    /// What was told last is wanted again, unless there is something newer.
    pub(super) fn want_again(&mut self) {
        if self.wanted.is_none() {
            self.wanted = self.last.as_ref().map(|(state, _)| (state.clone(), 0));
        }
    }

    /// Ends streaming; it shows again what was wanted, or else what it showed.
    pub(super) fn leave(&mut self) {
        if let Some(stream) = self.stream.take().filter(|stream| stream.sent.is_some()) {
            self.restore = stream.before;
            self.said = None;
            self.shown.forget();
        }
    }
}
