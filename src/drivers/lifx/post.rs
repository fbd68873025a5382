//! What is on its way to a LIFX device and waits for its answer: three tries each, paced.
//!
//! Invariant: packets of one batch go out in order, and again in order from the first that was not acknowledged.

use std::time::Duration;

use crate::drivers::pace::{Bucket, Patience};
use crate::units::moment::Moment;
use crate::wire::lifx::message::Message;
use crate::wire::lifx::parts::Area;
use crate::wire::lifx::{Header, Mac, encode};

/// Times that a packet is sent.
const TRIES: u8 = 3;
/// Packets at once, and a second: what devices bear.
const BURST: f64 = 5.0;
/// See [`BURST`].
pub const PER_SECOND: f64 = 20.0;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Ask {
    Version,
    Firmware,
    Light,
    Group,
    Zones,
    ExtendedZones,
    Chain,
    Cells(Area),
}

/// What a packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To know something.
    Ask(Ask),
    /// To change something; the acknowledgement is the answer.
    Change,
}

#[derive(Debug)]
struct Item {
    purpose: Purpose,
    sequence: u8,
    bytes: Vec<u8>,
    sent: Option<Moment>,
    tries: u8,
    is_done: bool,
}

/// The packets.
#[derive(Debug)]
pub struct Post {
    /// Who we are.
    pub source: u32,
    /// How often something may be sent.
    pub bucket: Bucket,
    /// How long answers take.
    pub patience: Patience,
    /// How many were sent again.
    pub n_again: u64,
    sequence: u8,
    items: Vec<Item>,
}

impl Ask {
    fn message(self) -> Message<'static> {
        match self {
            Self::Version => Message::GetVersion,
            Self::Firmware => Message::GetHostFirmware,
            Self::Light => Message::LightGet,
            Self::Group => Message::GetGroup,
            Self::Zones => Message::GetColorZones { start: 0, end: 255 },
            Self::ExtendedZones => Message::GetExtendedColorZones,
            Self::Chain => Message::GetDeviceChain,
            Self::Cells(area) => Message::Get64(area),
        }
    }
}

impl Post {
    /// Nothing on its way yet.
    #[must_use]
    pub fn new(source: u32) -> Self {
        Self {
            source,
            bucket: Bucket::new(BURST, PER_SECOND),
            patience: Patience::new(Duration::from_millis(200)..=Duration::from_secs(3)),
            n_again: 0,
            sequence: 0,
            items: Vec::new(),
        }
    }

    /// A header for the next packet; its sequence is no waiting one's.
    pub fn header(&mut self, target: Option<Mac>, wants_ack: bool, wants_answer: bool) -> Header {
        let is_taken = |sequence| self.items.iter().any(|item| item.sequence == sequence);
        let mut sequence = self.sequence.wrapping_add(1);
        for _ in 0..=u8::MAX {
            if !is_taken(sequence) {
                break;
            }
            sequence = sequence.wrapping_add(1);
        }
        self.sequence = sequence;
        let target = target.unwrap_or_default();
        Header { tagged: false, source: self.source, target, wants_answer, wants_ack, sequence }
    }

    /// Asks, unless that is asked already.
    pub fn ask(&mut self, target: Option<Mac>, ask: Ask) {
        let purpose = Purpose::Ask(ask);
        if !self.items.iter().any(|item| item.purpose == purpose) {
            let header = self.header(target, false, true);
            self.push(purpose, header, &ask.message());
        }
    }

    /// Changes something.
    pub fn change(&mut self, target: Option<Mac>, message: &Message<'_>) {
        let header = self.header(target, true, false);
        self.push(Purpose::Change, header, message);
    }

    fn push(&mut self, purpose: Purpose, header: Header, message: &Message<'_>) {
        let mut bytes = Vec::with_capacity(64);
        encode(&header, message, &mut bytes);
        let sequence = header.sequence;
        self.items.push(Item { purpose, sequence, bytes, sent: None, tries: 0, is_done: false });
    }

    /// Drops changes: there are newer ones.
    pub fn drop_changes(&mut self) {
        self.items.retain(|item| item.purpose != Purpose::Change);
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// Whether changes wait to be sent or acknowledged.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        self.items.iter().any(|item| item.purpose == Purpose::Change)
    }

    /// Whether something was not sent yet.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        self.items.iter().any(|item| item.sent.is_none())
    }

    /// Whether something is asked.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.items.iter().any(|item| item.purpose != Purpose::Change)
    }

    /// What the packet of this sequence is for, if it waits for an answer.
    #[must_use]
    pub fn purpose(&self, sequence: u8) -> Option<Purpose> {
        let waits = |item: &&Item| item.sequence == sequence && item.sent.is_some() && !item.is_done;
        self.items.iter().find(waits).map(|item| item.purpose)
    }

    /// The answer to it is whole.
    pub fn done(&mut self, now: Moment, sequence: u8) {
        if let Some(item) = self.items.iter_mut().find(|item| item.sequence == sequence && !item.is_done) {
            item.is_done = true;
            if let (1, Some(sent)) = (item.tries, item.sent) {
                self.patience.took(now.since(sent));
            }
        }
        let changes_done = self.items.iter().all(|item| item.is_done || item.purpose != Purpose::Change);
        self.items.retain(|item| !item.is_done || (item.purpose == Purpose::Change && !changes_done));
    }

    /// Sends what is due, and returns what was given up.
    pub fn pump(&mut self, now: Moment, mut send: impl FnMut(&[u8])) -> Option<Purpose> {
        let wait = self.patience.wait();
        let is_over = |item: &Item| !item.is_done && item.sent.is_some_and(|sent| now >= sent + wait);
        if let Some(at) = self.items.iter().position(|item| is_over(item) && item.tries >= TRIES) {
            let purpose = self.items.get(at).map(|item| item.purpose);
            self.items.remove(at);
            return purpose;
        }
        let mut again = false;
        for item in &mut self.items {
            let over = is_over(item);
            let follows = again && item.purpose == Purpose::Change;
            if over || follows {
                again |= item.purpose == Purpose::Change;
                self.n_again += u64::from(item.sent.take().is_some());
                item.is_done = false;
                item.tries -= u8::from(!over && item.tries > 0);
            }
        }
        for item in self.items.iter_mut().filter(|item| item.sent.is_none()) {
            if self.bucket.ready_at(now, 1.0) > now {
                break;
            }
            self.bucket.take(now, 1.0);
            send(&item.bytes);
            (item.sent, item.tries) = (Some(now), item.tries.saturating_add(1));
        }
        None
    }

    /// When to come again.
    #[must_use]
    pub fn wake_at(&mut self, now: Moment) -> Option<Moment> {
        let wait = self.patience.wait();
        let unsent = self.has_unsent().then(|| self.bucket.ready_at(now, 1.0));
        let overdue = self.items.iter().filter(|item| !item.is_done).filter_map(|item| item.sent).min();
        unsent.into_iter().chain(overdue.map(|sent| sent + wait)).min()
    }
}
