//! Orders as a device hears them: words in a stream of bytes, often without a line end.
//!
//! Invariant: never holds more than [`MAX_HELD`] bytes; what makes no order within [`PATIENCE`] is forgotten.

use std::time::Duration;

use crate::units::moment::Moment;
use crate::wire::thermal::Order;

/// Bytes of an unfinished order that are kept.
pub const MAX_HELD: usize = 64;
/// How long the rest of an order is waited for.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// Which spellings a device understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spelling {
    /// Every known one, with or without a line end.
    #[default]
    Any,
    /// `PERIOD_ON`, not `PERIODIC_ON`.
    Strict,
    /// Every known one, but only with LF behind it.
    LineEnd,
}

/// Finds orders in what a device receives.
#[derive(Debug)]
pub struct Orders {
    spelling: Spelling,
    held: Vec<u8>,
    since: Moment,
}

impl Orders {
    /// Listens for orders spelled so.
    #[must_use]
    pub fn new(spelling: Spelling) -> Self {
        Self { spelling, held: Vec::with_capacity(MAX_HELD), since: Moment::ZERO }
    }

    /// Takes bytes in, hands every order out; returns how many order words it heard but did not understand.
    pub fn take(&mut self, now: Moment, bytes: &[u8], mut each: impl FnMut(Order)) -> u64 {
        let (mut from, mut ignored) = (0, 0);
        if now.since(self.since) > PATIENCE {
            ignored += u64::from(Order::parse(&self.held).is_some());
            self.held.clear();
        }
        self.since = now;
        self.held.extend_from_slice(bytes);
        while let Some((order, len)) = self.held.get(from..).and_then(Order::parse) {
            let end = from + len;
            match self.understood(end) {
                Some(true) => each(order),
                Some(false) => ignored += 1,
                None => break,
            }
            from = end;
        }
        self.held.drain(..from);
        let excess = self.held.len().saturating_sub(MAX_HELD);
        self.held.drain(..excess);
        ignored
    }

    /// Forgets an unfinished order.
    pub fn forget(&mut self) {
        self.held.clear();
    }

    /// Whether the order that ends at `end` is spelled as this device wants it; `None` if that is not yet known.
    fn understood(&self, end: usize) -> Option<bool> {
        let (before, after) = self.held.split_at_checked(end)?;
        match self.spelling {
            Spelling::Any => Some(true),
            Spelling::Strict => Some(!before.ends_with(b"PERIODIC_ON")),
            Spelling::LineEnd => match after {
                [b'\n', ..] | [b'\r', b'\n', ..] => Some(true),
                [] | [b'\r'] => None,
                _ => Some(false),
            },
        }
    }
}
