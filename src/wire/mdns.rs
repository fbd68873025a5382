//! Questions of multicast DNS, as far as one must read them to see what is asked for. Reference: RFC 1035 4.1, RFC 6762.
//!
//! ```text
//!  0    2       4         6         8         10        12
//!  | id | flags | n asked | n told  | n auth. | n more  | name, type (2), class (2); again …
//! ```
//!
//! Invariant: a name is followed through at most [`MAX_LABELS`] labels and pointers, and a pointer leads back only.

use std::ops::Range;

/// Labels and pointers of one name.
const MAX_LABELS: usize = 128;
/// Questions of one packet that are looked at.
const MAX_QUESTIONS: u16 = 64;
/// Set in answers.
const ANSWER: u8 = 0x80;
/// The two bits of a length that is a pointer.
const POINTER: u8 = 0xC0;
/// Who has this service?
const PTR: u16 = 12;
/// What is there of this name?
const ANY: u16 = 255;

mod field {
    use super::Range;

    pub(super) const FLAGS: usize = 2;
    pub(super) const ASKED: Range<usize> = 4..6;
    pub(super) const BODY: usize = 12;
}

/// Whether a packet asks who has a service such as `_hue._tcp.local`.
#[must_use]
pub fn asks_for(packet: &[u8], service: &str) -> bool {
    questions(packet, service).unwrap_or(false)
}

/// `None` if the packet is cut short or malformed before the service was asked for.
fn questions(packet: &[u8], service: &str) -> Option<bool> {
    if packet.get(field::FLAGS)? & ANSWER != 0 {
        return Some(false);
    }
    let asked = u16::from_be_bytes(packet.get(field::ASKED)?.try_into().ok()?).min(MAX_QUESTIONS);
    let mut at = field::BODY;
    for _ in 0..asked {
        let (is_it, end) = name(packet, at, service)?;
        let kind = u16::from_be_bytes(packet.get(end..end + 2)?.try_into().ok()?);
        if is_it && (kind == PTR || kind == ANY) {
            return Some(true);
        }
        at = end + 4;
    }
    Some(false)
}

/// Reads the name at `at`: whether it is `wanted`, whatever its case, and where it ends.
fn name(packet: &[u8], mut at: usize, wanted: &str) -> Option<(bool, usize)> {
    let mut rest = wanted.split('.').filter(|label| !label.is_empty());
    let (mut is_it, mut end) = (true, None);
    for _ in 0..MAX_LABELS {
        let length = *packet.get(at)?;
        if length & POINTER == POINTER {
            let low = *packet.get(at + 1)?;
            let to = usize::from(u16::from_be_bytes([length & !POINTER, low]));
            end = end.or(Some(at + 2));
            if to >= at {
                return None;
            }
            at = to;
        } else if length == 0 {
            return Some((is_it && rest.next().is_none(), end.unwrap_or(at + 1)));
        } else {
            let label = packet.get(at + 1..at + 1 + usize::from(length))?;
            is_it = is_it && rest.next().is_some_and(|wanted| wanted.as_bytes().eq_ignore_ascii_case(label));
            at += 1 + usize::from(length);
        }
    }
    None
}
