//! The readings of a sensor line: `KEY=VALUE` parts with commas between them.

/// Readings taken from one line; past it one [`BadPart::TooMany`].
pub const MAX_PARTS: usize = 64;
/// The longest key, in characters.
pub const MAX_KEY: usize = 24;
/// The longest value, in characters.
pub const MAX_VALUE: usize = 32;

/// The largest amount a value may have.
const MAX_AMOUNT: f64 = 1e12;

/// Why a part was dropped. The other parts of its line are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPart {
    /// No key, or one that is too long or not printable.
    Key,
    /// No decimal number, or one beyond a million millions.
    Value,
    /// More parts than a line may have; the rest was not looked at.
    TooMany,
}

/// The readings of a line, in its order; a key may come more than once.
///
/// Blanks around key and value, and a `:` behind the key, do not count. A part without `=` is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    rest: &'a [u8],
    n_left: usize,
}

impl<'a> Parts<'a> {
    pub(super) fn new(payload: &'a [u8]) -> Self {
        Self { rest: payload, n_left: MAX_PARTS }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Result<(&'a str, f64), BadPart>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let (part, rest) = split(self.rest, b',').unwrap_or((self.rest, &[]));
            self.rest = rest;
            let Some((key, value)) = split(part, b'=') else { continue };
            if self.n_left == 0 {
                self.rest = &[];
                return Some(Err(BadPart::TooMany));
            }
            self.n_left -= 1;
            return Some(reading(key, value));
        }
        None
    }
}

/// What stands before the first `mark`, and after it. A plain loop: parts are shorter than a search takes to set up.
fn split(bytes: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let (left, right) = bytes.split_at(bytes.iter().position(|b| *b == mark)?);
    Some((left, right.get(1..)?))
}

fn reading<'a>(key: &'a [u8], value: &[u8]) -> Result<(&'a str, f64), BadPart> {
    let key = key.trim_ascii();
    let key = key.strip_suffix(b":").unwrap_or(key).trim_ascii_end();
    let key = std::str::from_utf8(key).map_err(|_| BadPart::Key)?;
    if key.is_empty() || !is_printable(key) {
        return Err(BadPart::Key);
    }
    Ok((key, number(value.trim_ascii()).ok_or(BadPart::Value)?))
}

fn is_printable(key: &str) -> bool {
    let is_plain = key.len() <= MAX_KEY && key.bytes().all(|b| matches!(b, b' '..=b'~'));
    is_plain || (key.chars().count() <= MAX_KEY && !key.chars().any(char::is_control))
}

/// A decimal number: an integer, or with a point or an exponent a float.
fn number(text: &[u8]) -> Option<f64> {
    let value = match text {
        [b'-', digits @ ..] => integer(digits).map(|n| 0.0 - n),
        [b'+', digits @ ..] | digits => integer(digits),
    };
    let value = value.or_else(|| float(text))?;
    (value.abs() <= MAX_AMOUNT).then_some(value)
}

/// 1..=15 digits and nothing else: always exact.
fn integer(digits: &[u8]) -> Option<f64> {
    if !(1..=15).contains(&digits.len()) {
        return None;
    }
    let mut n = 0_u64;
    for digit in digits {
        let value = digit.wrapping_sub(b'0');
        if value > 9 {
            return None;
        }
        n = n * 10 + u64::from(value);
    }
    Some(n as f64)
}

fn float(text: &[u8]) -> Option<f64> {
    let allowed = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E');
    if text.len() > MAX_VALUE || !text.iter().all(allowed) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}
