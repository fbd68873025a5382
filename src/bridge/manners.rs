//! Who asked how often: who asks too often is not answered for a while, or the bridge would be used to flood others.
//!
//! Invariant: at most [`MAX_KNOWN`] addresses are remembered.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::units::moment::Moment;

/// Addresses that are remembered.
pub const MAX_KNOWN: usize = 256;

/// Who asked how often.
#[derive(Debug)]
pub struct Manners {
    times: u32,
    within: Duration,
    known: HashMap<IpAddr, (Moment, u32)>,
}

impl Manners {
    /// Allows each address to ask so many times within so long.
    #[must_use]
    pub fn new(times: u32, within: Duration) -> Self {
        Self { times, within, known: HashMap::new() }
    }

    /// Whether somebody who asks now may.
    pub fn allow(&mut self, from: IpAddr, now: Moment) -> bool {
        let within = self.within;
        if !self.known.contains_key(&from) && self.known.len() >= MAX_KNOWN {
            self.known.retain(|_, (since, _)| now.since(*since) < within);
            if self.known.len() >= MAX_KNOWN {
                return false;
            }
        }
        let (since, n) = self.known.entry(from).or_insert((now, 0));
        if now.since(*since) >= within {
            (*since, *n) = (now, 0);
        }
        *n = n.saturating_add(1);
        *n <= self.times
    }
}
