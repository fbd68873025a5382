//! Commands on a device's ordinary connection: paced, and kept until they are answered.
//!
//! Invariant: never more than a device bears: 60 in a minute, and none for a while after it said that it was too much.

use std::collections::VecDeque;
use std::time::Duration;

use crate::drivers::Outputs;
use crate::drivers::pace::{Bucket, Patience};
use crate::units::moment::Moment;
use crate::wire::{Channel, Output};

/// Commands at once, and a second: together never more than 60 in a minute.
const BURST: f64 = 20.0;
/// See [`BURST`].
const PER_SECOND: f64 = 0.65;

/// What a command was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// To know all properties.
    Props,
    /// To have the device dial us.
    Music,
    /// One of the orders for a wish of that lamp; `true` for the last of them.
    Wish(usize, bool),
    /// Anything else of a lamp.
    Other,
}

/// The commands.
#[derive(Debug)]
pub(super) struct Calls {
    /// How long answers take.
    pub(super) patience: Patience,
    /// Nothing is sent before.
    pub(super) quiet_until: Moment,
    /// The number of the next command.
    pub(super) next_id: u32,
    bucket: Bucket,
    /// Commands without answer yet, in order.
    pending: VecDeque<(u32, Moment, Errand)>,
    /// How often in a row it was too much.
    n_quota: u32,
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            patience: Patience::new(Duration::from_secs(1)..=Duration::from_secs(3)),
            quiet_until: Moment::ZERO,
            next_id: 1,
            bucket: Bucket::new(BURST, PER_SECOND),
            pending: VecDeque::new(),
            n_quota: 0,
        }
    }
}

impl Calls {
    /// Sends a command.
    pub(super) fn send<R>(
        &mut self,
        now: Moment,
        errand: Errand,
        out: &mut Outputs<R>,
        encode: impl FnOnce(u32, &mut Vec<u8>),
    ) {
        let id = self.next_id;
        self.next_id = (self.next_id % 1_000_000) + 1;
        self.bucket.take(now, 1.0);
        self.pending.push_back((id, now, errand));
        out.send(Channel::Tcp, Output::Bytes, |bytes| encode(id, bytes));
    }

    /// When the next command may go out.
    pub(super) fn slot(&mut self, now: Moment) -> Moment {
        self.bucket.ready_at(now, 1.0).max(self.quiet_until)
    }

    /// What the command of this number was for, which is answered now.
    pub(super) fn answered(&mut self, now: Moment, id: u32) -> Option<Errand> {
        let at = self.pending.iter().position(|(known, _, _)| *known == id)?;
        let (_, sent, errand) = self.pending.remove(at)?;
        self.patience.took(now.since(sent));
        Some(errand)
    }

    /// It did what it was told: no more is too much.
    pub(super) const fn accepted(&mut self) {
        self.n_quota = 0;
    }

    /// It was too much: leaves the device alone, longer each time in a row.
    pub(super) fn too_much(&mut self, now: Moment) {
        self.n_quota = (self.n_quota + 1).min(4);
        self.quiet_until = now + Duration::from_secs(5 << self.n_quota).min(Duration::from_secs(60));
        self.bucket.drain(now);
    }

    /// Leaves a gap after a wish: it grows as the bucket empties, so that it lasts for a slider that is dragged.
    pub(super) fn pause(&mut self, now: Moment) {
        let gap = match self.bucket.level(now) {
            12.0.. => 100,
            6.0.. => 300,
            _ => 1000,
        };
        self.quiet_until = self.quiet_until.max(now + Duration::from_millis(gap));
    }

    /// Whether the properties are asked for.
    pub(super) fn has_props(&self) -> bool {
        self.pending.iter().any(|(_, _, errand)| *errand == Errand::Props)
    }

    /// Whether orders for a wish of a lamp wait for their answers.
    pub(super) fn has_wish(&self, lamp: usize) -> bool {
        self.pending.iter().any(|(_, _, errand)| is_wish(*errand, lamp))
    }

    /// Waits no more for the orders for a lamp's wish.
    pub(super) fn drop_wish(&mut self, lamp: usize) {
        self.pending.retain(|(_, _, errand)| !is_wish(*errand, lamp));
    }

    /// What is not answered yet, and waits no more for that.
    pub(super) fn drop_all(&mut self) -> impl Iterator<Item = Errand> {
        std::mem::take(&mut self.pending).into_iter().map(|(_, _, errand)| errand)
    }

    /// How many are not answered yet.
    pub(super) fn n_pending(&self) -> usize {
        self.pending.len()
    }

    /// Until when the oldest is waited for.
    pub(super) fn overdue_at(&self) -> Option<Moment> {
        self.pending.front().map(|(_, sent, _)| *sent + self.patience.wait())
    }
}

fn is_wish(errand: Errand, lamp: usize) -> bool {
    matches!(errand, Errand::Wish(of, _) if of == lamp)
}
