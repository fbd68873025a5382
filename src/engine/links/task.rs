//! The task of one link: sleeps until there is something to do, and does it in one turn.
//!
//! Invariant: all that lies in the mailbox comes to the driver before its one poll, so that it can say it in one command.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::drivers::light::{LightDriver, Wish};
use crate::drivers::{LocalId, Opening};
use crate::engine::link::{Health, Link, Transport as _};
use crate::engine::links::channels::Channels;
use crate::engine::links::net::Net;
use crate::engine::links::{FrameSlot, Heard, Mailbox};
use crate::model::lights::connection::{ConnectionId, Counts};
use crate::units::moment::Moment;

/// Counts are told at most this often.
const COUNTS_EVERY: Duration = Duration::from_secs(1);
/// A driver that is in a hurry is asked again after this, not at once.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);
/// How long lights have that are left as the link ends.
const PARTING: Duration = Duration::from_millis(300);

/// One link at work.
pub(super) struct Task {
    connection: ConnectionId,
    link: Link<LightDriver>,
    channels: Channels,
    net: Net,
    mailbox: Arc<Mailbox>,
    told: mpsc::UnboundedSender<Heard>,
    streams: Arc<Vec<(LocalId, FrameSlot)>>,
    counted: (Moment, Counts),
}

impl Task {
    pub(super) fn new(
        connection: ConnectionId,
        opening: Opening<LightDriver>,
        net: &Net,
        mailbox: Arc<Mailbox>,
        told: mpsc::UnboundedSender<Heard>,
    ) -> Self {
        Self {
            connection,
            link: Link::new(opening, fastrand::u64(..)),
            channels: Channels::new(net.clone()),
            net: net.clone(),
            mailbox,
            told,
            streams: Arc::default(),
            counted: (Moment::ZERO, Counts::default()),
        }
    }

    /// Works until it is stopped; then leaves what it streams to and closes.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let wake_at = self.turn();
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.sleep(wake_at) => {}
            }
        }
        if !self.streams.is_empty() && self.link.health() == &Health::Online {
            self.mailbox.streams.store(Arc::default());
            let end = self.net.clock.now() + PARTING;
            while self.net.clock.now() < end {
                let wake_at = self.turn().min(end);
                self.sleep(wake_at).await;
            }
        }
        self.channels.close();
    }

    /// Sleeps until there is something to do, at the latest until `wake_at`.
    async fn sleep(&mut self, wake_at: Moment) {
        let pause = wake_at.since(self.net.clock.now()).max(SHORTEST_SLEEP);
        let woken = async {
            match wake_at {
                Moment(u64::MAX) => std::future::pending().await,
                _ => tokio::time::sleep(pause).await,
            }
        };
        tokio::select! {
            () = self.mailbox.news.notified() => {}
            () = self.mailbox.retry.notified() => self.link.hurry(),
            () = self.channels.wait() => {}
            () = woken => {}
        }
    }

    /// Takes what lies ready, has the link take one turn, and tells what came of it.
    fn turn(&mut self) -> Moment {
        let now = self.net.clock.now();
        let asked_at = Moment(self.mailbox.asked_at.swap(0, Ordering::AcqRel));
        self.take_wishes(now);
        self.take_frames(now);
        let n_sent = self.link.n_sent;
        let (mut said, told, connection) = (false, &self.told, &self.connection);
        let mut tell = |say| {
            said = true;
            // Nobody who listens is nobody who misses it.
            let _ = told.send(Heard::Told(connection.clone(), say));
        };
        let wake_at = self.link.turn(&mut self.channels, &mut tell);
        if asked_at != Moment::ZERO
            && self.link.n_sent > n_sent
            && let Some(sending) = &self.net.sending
        {
            sending.note(self.net.clock.now().since(asked_at));
        }
        self.tell_counts(now, said);
        wake_at
    }

    fn take_wishes(&mut self, now: Moment) {
        let states: BTreeMap<LocalId, Wish> = std::mem::take(&mut *self.mailbox.states.lock());
        let others: Vec<(LocalId, Wish)> = std::mem::take(&mut *self.mailbox.others.lock());
        for (thing, wish) in states.into_iter().chain(others) {
            self.wish(now, &thing, &wish);
        }
    }

    fn wish(&mut self, now: Moment, thing: &LocalId, wish: &Wish) {
        if self.link.wish(now, thing, wish).is_err() {
            let _ = self.told.send(Heard::Unsupported(self.connection.clone(), thing.clone()));
        }
    }

    fn take_frames(&mut self, now: Moment) {
        let streams = self.mailbox.streams.load_full();
        if !Arc::ptr_eq(&streams, &self.streams) {
            let before = std::mem::replace(&mut self.streams, Arc::clone(&streams));
            for (thing, _) in before.iter().filter(|(thing, _)| !streams.iter().any(|(other, _)| other == thing)) {
                self.wish(now, thing, &Wish::Leave);
            }
        }
        for (thing, slot) in streams.iter() {
            if let Some(frame) = slot.take() {
                self.link.frame(now, thing, &frame);
            }
        }
    }

    /// Tells what was counted if anything else was told, at most once a second.
    fn tell_counts(&mut self, now: Moment, said: bool) {
        let counts = self.link.counts();
        let (at, before) = self.counted;
        if said && counts != before && (at == Moment::ZERO || now.since(at) >= COUNTS_EVERY) {
            self.counted = (now, counts);
            let _ = self.told.send(Heard::Counts(self.connection.clone(), counts));
        }
    }
}
