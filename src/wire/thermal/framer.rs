//! Finds the borders of packets in a stream of bytes, and finds them again after damage.
//!
//! ```text
//!               '#'                       '!' or LF: Packet
//!  ┌─▶ Between ─────▶ Packet ─────────────────────────────────────┐
//!  │      │            ▲  │ '#' + known kind: Bad(Length), again  │
//!  │      │ other byte │  │ full: Bad(TooLong)                    │
//!  │      ▼            │  ▼                                       │
//!  │   Bad(UnknownKind) Forgiving ◀── rejected() ── the caller ───┤
//!  └──────────────────────────────────── otherwise ───────────────┘
//! ```
//!
//! One growable buffer: the socket is read straight into it and packets are lent from it, so no byte is copied but
//! the beginning of an unfinished packet when the buffer is full. What was looked at is not looked at again.
//!
//! Invariant: `start <= scan <= end <= buf.len()`.
//! Invariant: the results depend on the bytes and the calls of [`Framer::rejected`], never on how the bytes were cut.

use std::ops::Range;

use memchr::{memchr, memchr3};

use crate::wire::thermal::Reason;

/// Bytes of a rejected packet that are lent as evidence.
pub const START_LEN: usize = 80;
/// Bytes that a packet of any kind but a frame may have.
pub const MAX_PACKET: usize = 16 << 10;
/// Bytes that a frame may have: the 19,200 words of a 160 x 120 array, and room to spare.
pub const MAX_FRAME_PACKET: usize = 80 << 10;
/// Bytes that the buffer takes at most, if [`Framer::next`] is asked until `None` between two reads.
pub const MAX_CAPACITY: usize = 128 << 10;

/// Bytes that the buffer starts with.
const FIRST_CAPACITY: usize = 4 << 10;
/// An empty buffer that is larger than this is given back.
const KEPT_CAPACITY: usize = 16 << 10;
/// Bytes in which the colon of a rejected packet's head is looked for.
const HEAD_LEN: usize = 256;
/// What may follow a `#`. No name is the beginning of another.
const KINDS: [&[u8]; 5] = [b"Sensor", b"frame", b"serialno", b"locid", b"EEPROM"];

/// One result of framing, lent from the framer's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framed<'a> {
    /// A packet from its `#` on, without `!` and line end: for [`decode`](crate::wire::thermal::decode). If that fails,
    /// say so with [`Framer::rejected`].
    Packet(&'a [u8]),
    /// A packet that is rejected here already, or bytes that belong to none.
    Bad {
        /// Why.
        reason: Reason,
        /// Its first bytes, at most [`START_LEN`].
        start: &'a [u8],
        /// From `#` up to and including the first colon, if there is one within 256 bytes, else empty. `decode` of it
        /// tells the id, if the head is intact.
        head: &'a [u8],
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// After a packet that was accepted, or at the beginning: bytes before the next `#` are reported.
    #[default]
    Between,
    /// After a rejection: bytes before the next `#` belong to it.
    Forgiving,
    /// `buf[start]` is the `#` of an unfinished packet.
    Packet,
}

/// What a step found: a range of the buffer, with the reason if it is no packet.
struct Cut {
    range: Range<usize>,
    reason: Option<Reason>,
}

/// Cuts a stream of bytes into packets. One per connection.
///
/// Read into [`space`](Self::space), tell with [`filled`](Self::filled) how much that was, then ask
/// [`next`](Self::next) until it is `None`.
#[derive(Debug, Default)]
pub struct Framer {
    buf: Vec<u8>,
    start: usize,
    scan: usize,
    end: usize,
    phase: Phase,
    /// Bytes of the stream before `buf[0]`.
    passed: u64,
    /// Bytes of the stream up to and including the last `#`.
    hash: u64,
}

impl Framer {
    /// Room to read into; never empty. Nothing is allocated before the first call, and an empty buffer that had grown
    /// is given back here.
    pub fn space(&mut self) -> &mut [u8] {
        if self.start == self.end {
            self.compact();
            if self.buf.len() > KEPT_CAPACITY {
                self.buf = Vec::new();
            }
        }
        if self.buf.is_empty() || self.buf.len() - self.end < self.buf.len() / 4 {
            self.make_room();
        }
        self.buf.get_mut(self.end..).unwrap_or_default()
    }

    /// Says that `n` bytes were read into [`space`](Self::space).
    pub fn filled(&mut self, n: usize) {
        self.end = self.end.saturating_add(n).min(self.buf.len());
    }

    /// The last `n` bytes that were read.
    #[must_use]
    pub fn newest(&self, n: usize) -> &[u8] {
        self.buf.get(self.end.saturating_sub(n)..self.end).unwrap_or_default()
    }

    /// The next packet or rejection; `None` if more bytes are needed.
    #[expect(clippy::should_implement_trait, reason = "lends from itself, which an iterator cannot")]
    pub fn next(&mut self) -> Option<Framed<'_>> {
        let Cut { range, reason } = self.cut()?;
        let bytes = self.buf.get(range).unwrap_or_default();
        Some(match reason {
            None => Framed::Packet(bytes.trim_ascii_end()),
            Some(reason) => Framed::Bad { reason, start: first(bytes, START_LEN), head: head(bytes) },
        })
    }

    /// Says that the packet lent last was rejected after all: bytes between it and the next `#` belong to it, and are
    /// not reported.
    pub fn rejected(&mut self) {
        if self.phase == Phase::Between {
            self.phase = Phase::Forgiving;
        }
    }

    /// Whether bytes of an unfinished packet are waiting.
    #[must_use]
    pub fn mid_packet(&self) -> bool {
        self.phase == Phase::Packet
    }

    /// Bytes that came since the last `#`.
    #[must_use]
    pub fn bytes_without_hash(&self) -> usize {
        usize::try_from((self.passed + self.scan as u64).saturating_sub(self.hash)).unwrap_or(usize::MAX)
    }

    /// Bytes that the buffer takes, used or not.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.buf.capacity()
    }

    fn make_room(&mut self) {
        self.compact();
        let (len, free) = (self.buf.len(), self.buf.len() - self.end);
        if free == 0 || (free < len / 2 && len < MAX_CAPACITY) {
            self.buf.resize((len * 2).max(FIRST_CAPACITY), 0);
        }
    }

    /// Moves what is unread to the beginning of the buffer.
    fn compact(&mut self) {
        self.buf.copy_within(self.start..self.end, 0);
        self.passed += self.start as u64;
        self.scan -= self.start;
        self.end -= self.start;
        self.start = 0;
    }

    fn cut(&mut self) -> Option<Cut> {
        let junk = match self.phase {
            Phase::Between => self.between(),
            Phase::Forgiving => self.forgive(),
            Phase::Packet => None,
        };
        if junk.is_none() && self.phase == Phase::Packet { self.packet() } else { junk }
    }

    /// Passes white space. Any other byte before the next `#` begins junk, which ends like a packet, or when there is
    /// evidence enough.
    fn between(&mut self) -> Option<Cut> {
        let waiting = self.bytes(self.start, self.end);
        self.start += waiting.iter().take_while(|b| matches!(b, b'\r' | b'\n' | b' ' | b'\t')).count();
        self.scan = self.scan.max(self.start);
        match self.buf.get(self.start..self.end)?.first()? {
            b'#' => {
                self.begin(self.start);
                None
            }
            _ => self.junk(),
        }
    }

    fn junk(&mut self) -> Option<Cut> {
        let (full, from) = (self.start + START_LEN, self.scan.max(self.start + 1));
        let limit = full.min(self.end);
        if let Some(i) = memchr3(b'#', b'!', b'\n', self.bytes(from, limit)) {
            let at = from + i;
            let ends_it = self.buf.get(at) != Some(&b'#');
            return Some(self.finish(at, at + usize::from(ends_it), Some(Reason::UnknownKind)));
        }
        self.scan = limit;
        (limit == full).then(|| self.finish(full, full, Some(Reason::UnknownKind)))
    }

    /// Passes everything before the next `#`.
    fn forgive(&mut self) -> Option<Cut> {
        match memchr(b'#', self.bytes(self.scan, self.end)) {
            Some(i) => self.begin(self.scan + i),
            None => (self.start, self.scan) = (self.end, self.end),
        }
        None
    }

    fn packet(&mut self) -> Option<Cut> {
        let is_frame = self.bytes(self.start, self.end).starts_with(b"#frame");
        let full = self.start + if is_frame { MAX_FRAME_PACKET } else { MAX_PACKET };
        let limit = full.min(self.end);
        while let Some(i) = memchr3(b'#', b'!', b'\n', self.bytes(self.scan, limit)) {
            let at = self.scan + i;
            if self.buf.get(at) != Some(&b'#') {
                return Some(self.finish(at, at + 1, None));
            }
            self.scan = at;
            if is_kind(self.bytes(at + 1, self.end))? {
                let cut = self.finish(at, at, Some(Reason::Length));
                self.begin(at);
                return Some(cut);
            }
            self.pass_hash(at);
        }
        self.scan = limit;
        (limit == full).then(|| self.finish(full, full, Some(Reason::TooLong)))
    }

    /// A packet begins at the `#` at `at`.
    fn begin(&mut self, at: usize) {
        self.start = at;
        self.phase = Phase::Packet;
        self.pass_hash(at);
    }

    fn pass_hash(&mut self, at: usize) {
        self.scan = at + 1;
        self.hash = self.passed + self.scan as u64;
    }

    /// What began at `start` ends before `to`; the stream goes on at `from`.
    fn finish(&mut self, to: usize, from: usize, reason: Option<Reason>) -> Cut {
        let range = self.start..to;
        (self.start, self.scan) = (from, from);
        self.phase = if reason.is_none() { Phase::Between } else { Phase::Forgiving };
        Cut { range, reason }
    }

    fn bytes(&self, from: usize, to: usize) -> &[u8] {
        self.buf.get(from..to).unwrap_or_default()
    }
}

/// Whether what follows a `#` is the name of a kind; `None` if more bytes are needed to tell.
fn is_kind(rest: &[u8]) -> Option<bool> {
    if KINDS.iter().any(|kind| rest.starts_with(kind)) {
        return Some(true);
    }
    if KINDS.iter().any(|kind| kind.starts_with(rest)) { None } else { Some(false) }
}

fn head(bytes: &[u8]) -> &[u8] {
    let near = first(bytes, HEAD_LEN);
    match memchr(b':', near) {
        Some(at) if near.starts_with(b"#") => first(near, at + 1),
        _ => &[],
    }
}

fn first(bytes: &[u8], n: usize) -> &[u8] {
    bytes.get(..n).unwrap_or(bytes)
}
