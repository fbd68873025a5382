//! What was asked of a bridge and is not answered yet.
//!
//! Invariant: answers come in order, so each is waited for behind those that were asked before it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::drivers::hub::Patience;
use crate::drivers::{LocalId, Outputs};
use crate::units::moment::Moment;
use crate::wire::{Channel, Output};

/// Requests under way, at most.
const MAX_UNDER_WAY: usize = 3;
/// Everything a bridge has takes longer to say than an answer to a command.
const READ_WITHIN: Duration = Duration::from_secs(8);
/// An answer to anything else may take this long, or longer if the bridge is known to be slow.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

/// What a request is about.
pub(super) enum About {
    /// Who the bridge is.
    Config,
    /// To get a key.
    Pair,
    /// All that it has, by the second version.
    All,
    /// Its lights, by the first version.
    Lights,
    /// Its groups and rooms, by the first version.
    Groups,
    /// To change a light.
    Light(LocalId),
    /// To change these lights at once.
    Group(BTreeSet<LocalId>),
    /// Anything else.
    Other,
}

impl About {
    /// Whether it reads what the bridge has.
    pub(super) const fn is_read(&self) -> bool {
        matches!(self, Self::All | Self::Lights | Self::Groups)
    }

    /// The lights that it changes.
    pub(super) fn lights(&self) -> impl Iterator<Item = &LocalId> {
        let (one, several) = match self {
            Self::Light(light) => (Some(light), None),
            Self::Group(lights) => (None, Some(lights)),
            _ => (None, None),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }
}

/// A request.
pub(super) struct Request {
    pub(super) about: About,
    pub(super) sent: Moment,
    until: Moment,
}

/// The requests under way.
#[derive(Default)]
pub(super) struct Requests {
    /// How long answers take.
    pub(super) patience: Patience,
    under_way: BTreeMap<u32, Request>,
    n_asked: u32,
}

impl Requests {
    /// Asks something: method and path.
    pub(super) fn ask<R>(
        &mut self,
        now: Moment,
        about: About,
        (method, path): (&'static str, String),
        out: &mut Outputs<R>,
        encode: impl FnOnce(&mut Vec<u8>),
    ) {
        // A new connection costs a slow bridge most of a second.
        let within = if about.is_read() { READ_WITHIN } else { self.patience.limit().max(ANSWERS_WITHIN) };
        let until = self.under_way.values().map(|request| request.until).max().unwrap_or(now).max(now) + within;
        self.n_asked = self.n_asked.wrapping_add(1);
        self.under_way.insert(self.n_asked, Request { about, sent: now, until });
        out.send(Channel::Http, Output::Request { request: self.n_asked, method, path }, encode);
    }

    /// The request of this number, which waits no more; `None` if nobody waits for it.
    pub(super) fn take(&mut self, number: u32) -> Option<Request> {
        self.under_way.remove(&number)
    }

    /// All of them; none waits any more.
    pub(super) fn take_all(&mut self) -> Vec<About> {
        std::mem::take(&mut self.under_way).into_values().map(|request| request.about).collect()
    }

    /// Those that were not answered in time; they wait no more.
    pub(super) fn take_overdue(&mut self, now: Moment) -> Vec<About> {
        self.under_way.extract_if(.., |_, request| now >= request.until).map(|(_, request)| request.about).collect()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.under_way.len()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Whether the bridge bears no more.
    pub(super) fn is_full(&self) -> bool {
        self.under_way.len() >= MAX_UNDER_WAY
    }

    /// Whether what the bridge has is being read.
    pub(super) fn has_read(&self) -> bool {
        self.under_way.values().any(|request| request.about.is_read())
    }

    /// When the first is overdue.
    pub(super) fn overdue_at(&self) -> Option<Moment> {
        self.under_way.values().map(|request| request.until).min()
    }
}
