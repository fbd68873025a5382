//! Which place a packet belongs to. Pure, apart from what the [`Directory`] knows.
//!
//! In this order: the id in the packet, unless it is a running frame number; the `#locid` of the connection; what the
//! operator mapped this address to, or the one device known there; the address itself.

use std::net::IpAddr;
use std::sync::Arc;

/// What a connection must be told about places.
pub trait Places {
    /// The operator's other name for this id, if one is set.
    fn alias(&self, id: &str) -> Option<Arc<str>>;
    /// Whether a device of this location is known.
    fn is_location(&self, id: &str) -> bool;
    /// What the operator mapped an address to, or the location of the one device known there.
    fn of_address(&self, address: IpAddr) -> Option<Arc<str>>;
}

/// Places as seen from one connection.
#[derive(Debug)]
pub struct Place {
    address: IpAddr,
    announced: Option<Arc<str>>,
    own: Option<Arc<str>>,
    seen_plain_readings: bool,
    numbered: bool,
    last_number: Option<u64>,
}

impl Place {
    /// A connection from `address` that said nothing yet.
    #[must_use]
    pub const fn new(address: IpAddr) -> Self {
        Self { address, announced: None, own: None, seen_plain_readings: false, numbered: false, last_number: None }
    }

    /// `#locid` came in.
    pub fn announce(&mut self, location: &str) {
        self.announced = Some(location.into());
        self.own = None;
    }

    /// Whether `#locid` came in.
    #[must_use]
    pub const fn is_announced(&self) -> bool {
        self.announced.is_some()
    }

    /// The place of the connection itself: for packets without an id. Found once, then kept.
    pub fn own(&mut self, places: &dyn Places) -> Arc<str> {
        let Self { address, announced, own, .. } = self;
        Arc::clone(own.get_or_insert_with(|| {
            let announced = announced.as_ref().map(|id| places.alias(id).unwrap_or_else(|| Arc::clone(id)));
            announced.or_else(|| places.of_address(*address)).unwrap_or_else(|| address.to_string().into())
        }))
    }

    /// The place of a line of readings or a calibration.
    pub fn of_readings(&mut self, id: Option<&str>, places: &dyn Places) -> Arc<str> {
        self.seen_plain_readings |= id.is_none();
        match id {
            Some(id) if !self.is_frame_number(id, places) => places.alias(id).unwrap_or_else(|| id.into()),
            _ => self.own(places),
        }
    }

    /// Whether a numeric id on another packet than a frame repeats the running number of the frames.
    fn is_frame_number(&self, id: &str, places: &dyn Places) -> bool {
        self.numbered && number(id).is_some() && !places.is_location(id)
    }

    /// The place of a frame. Some simulators put a running frame number where the id belongs: it counts up by one per
    /// frame and names no known location.
    pub fn of_frame(&mut self, id: Option<&str>, places: &dyn Places) -> Arc<str> {
        let Some(id) = id else { return self.own(places) };
        if let Some(alias) = places.alias(id) {
            return alias;
        }
        match number(id) {
            Some(n) if self.counts(n, id, places) => self.own(places),
            _ => id.into(),
        }
    }

    fn counts(&mut self, n: u64, id: &str, places: &dyn Places) -> bool {
        let last = self.last_number.replace(n);
        if !self.numbered && places.is_location(id) {
            return false;
        }
        self.numbered = match last {
            Some(last) => n == last.wrapping_add(1) || (self.numbered && n > last),
            // The first frame: a low number, or a place known from elsewhere, means that it is no name.
            None => n <= 1 || self.announced.is_some() || self.seen_plain_readings,
        };
        self.numbered
    }
}

fn number(id: &str) -> Option<u64> {
    if id.len() <= 18 && id.bytes().all(|b| b.is_ascii_digit()) { id.parse().ok() } else { None }
}
