//! The serial line behind a device's TCP bridge: packets go out in pieces, and may be hit on their way.
//!
//! Invariant: a collision damages the packet that is being sent and no other, and never so that it could pass for
//! a whole one.

use std::collections::VecDeque;

use crate::units::moment::Moment;

/// What a piece belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A frame.
    Frame,
    /// A calibration.
    Calibration,
    /// A packet so short that nothing can hit it.
    Short,
}

/// A piece that goes out at `at`; the line is busy with it from `from` on.
struct Piece {
    from: Moment,
    at: Moment,
    bytes: Vec<u8>,
    part: Part,
    last: bool,
}

/// A packet whose last piece has gone out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What it was.
    pub part: Part,
    /// Whether an order hit it.
    pub hit: bool,
}

/// Pieces on their way, in order.
#[derive(Default)]
pub struct Line {
    pieces: VecDeque<Piece>,
    hit: bool,
}

impl Line {
    /// Forgets everything that is on its way.
    pub fn clear(&mut self) {
        self.pieces.clear();
        self.hit = false;
    }

    /// When the next piece goes out.
    #[must_use]
    pub fn next_at(&self) -> Option<Moment> {
        self.pieces.front().map(|piece| piece.at)
    }

    /// Sends a short packet in one piece.
    pub fn send(&mut self, at: Moment, bytes: Vec<u8>) {
        self.pieces.push_back(Piece { from: at, at, bytes, part: Part::Short, last: true });
    }

    /// Sends a long packet in three pieces, cut as the recorded device's bridge cuts it: 1300, 701 and the rest of
    /// about 3350 bytes, in proportion if it is of another length.
    pub fn send_in_three(&mut self, [a, b, c]: [Moment; 3], packet: &[u8], part: Part) {
        let (first, second) = match packet.len() {
            2100..=3600 => (1300, 2001),
            n => (n * 1300 / 3350, n * 2001 / 3350),
        };
        for (from, at, range) in [(a, a, 0..first), (a, b, first..second), (b, c, second..packet.len())] {
            let last = range.end == packet.len();
            let bytes = packet.get(range).unwrap_or_default().to_vec();
            self.pieces.push_back(Piece { from, at, bytes, part, last });
        }
    }

    /// Something was sent the other way at `now`: if the line was busy, the piece is damaged at the place it had got
    /// to. Returns whether it was.
    pub fn collide(&mut self, now: Moment, random: &mut fastrand::Rng) -> bool {
        let Some(piece) = self.pieces.iter_mut().find(|piece| piece.from <= now && now < piece.at) else {
            return false;
        };
        let share = now.since(piece.from).as_secs_f64() / piece.at.since(piece.from).as_secs_f64().max(1e-9);
        let place = (piece.bytes.len() as f64 * share) as usize;
        damage(&mut piece.bytes, place, random);
        self.hit = true;
        true
    }

    /// Appends the next piece to `out` if it is due. If that was the last of its packet, says which.
    pub fn take(&mut self, now: Moment, out: &mut Vec<u8>) -> Option<Sent> {
        let piece = self.pieces.pop_front_if(|piece| piece.at <= now)?;
        out.extend_from_slice(&piece.bytes);
        piece.last.then(|| Sent { part: piece.part, hit: std::mem::take(&mut self.hit) })
    }
}

/// Replaces 1 to 8 bytes at `place` by 1 to 8 random ones. At least one digit is hit, and by no other digit, so that the
/// packet never passes for a whole one.
pub fn damage(packet: &mut Vec<u8>, place: usize, random: &mut fastrand::Rng) {
    let from = place.min(packet.len().saturating_sub(4));
    let to = (from + random.usize(1..=8)).min(packet.len());
    let n_noise = random.usize(1..=8);
    let mut noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(n_noise).collect();
    if let Some(first) = noise.first_mut().filter(|byte| byte.is_ascii_hexdigit()) {
        *first ^= 0x80;
    }
    packet.splice(from..to, noise);
}
