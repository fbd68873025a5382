//! Hex digits to 16-bit words and back.
//!
//! Invariant: all words or none; one lost digit would shift every later pixel.

use crate::wire::thermal::Reason;

/// Words of a calibration: the whole EEPROM of an MLX90640, addresses 0x2400..=0x273F (MLX90640 datasheet, 8).
pub const CALIBRATION_WORDS: usize = 832;

/// Stands in [`NIBBLES`] for what is no hex digit: a bit that no nibble has.
const NO_DIGIT: u8 = 0x80;
/// The value of each byte as a hex digit of either case.
const NIBBLES: [u8; 256] = nibbles();
const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Decodes the words of a frame or a calibration into `out`, whose memory is reused.
///
/// `allowed` is asked for the number of words. Digits are of either case, 4 to a word without anything between them,
/// or 1..=4 to a word with blanks between them: which of the two, the first five characters tell.
///
/// # Errors
/// [`Reason::Length`] if the number of digits makes no whole words, or a number of words that is not allowed;
/// only then [`Reason::NotHex`]. `out` is empty then.
pub fn words(payload: &[u8], allowed: impl Fn(usize) -> bool, out: &mut Vec<u16>) -> Result<(), Reason> {
    out.clear();
    let payload = payload.trim_ascii();
    let bad = if payload.iter().take(5).any(|b| is_blank(*b)) {
        blank_separated(payload, allowed, out)?
    } else {
        packed(payload, allowed, out)?
    };
    if bad & NO_DIGIT == 0 {
        return Ok(());
    }
    out.clear();
    Err(Reason::NotHex)
}

/// Appends the words as 4 digits each, upper case, most significant first.
pub(super) fn encode_words(words: &[u16], out: &mut Vec<u8>) {
    out.reserve(words.len() * 4);
    for word in words {
        let digit = |shift: u32| DIGITS[usize::from((word >> shift) & 15)];
        out.extend_from_slice(&[digit(12), digit(8), digit(4), digit(0)]);
    }
}

/// Returns all nibbles ored together.
fn packed(payload: &[u8], allowed: impl Fn(usize) -> bool, out: &mut Vec<u16>) -> Result<u8, Reason> {
    let (quads, rest) = payload.as_chunks::<4>();
    if !rest.is_empty() || !allowed(quads.len()) {
        return Err(Reason::Length);
    }
    let mut seen = 0;
    out.extend(quads.iter().map(|quad| {
        let [a, b, c, d] = quad.map(|byte| NIBBLES[usize::from(byte)]);
        seen |= a | b | c | d;
        u16::from_be_bytes([a << 4 | b, c << 4 | d])
    }));
    Ok(seen)
}

fn blank_separated(payload: &[u8], allowed: impl Fn(usize) -> bool, out: &mut Vec<u16>) -> Result<u8, Reason> {
    let tokens = || payload.split(|b| is_blank(*b)).filter(|token| !token.is_empty());
    if tokens().any(|token| token.len() > 4) || !allowed(tokens().count()) {
        return Err(Reason::Length);
    }
    let mut seen = 0;
    out.extend(tokens().map(|token| {
        token.iter().fold(0, |word, byte| {
            let nibble = NIBBLES[usize::from(*byte)];
            seen |= nibble;
            word << 4 | u16::from(nibble & 15)
        })
    }));
    Ok(seen)
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

const fn nibbles() -> [u8; 256] {
    let mut table = [NO_DIGIT; 256];
    let mut i = 0;
    while i < 16 {
        table[DIGITS[i] as usize] = i as u8;
        table[DIGITS[i].to_ascii_lowercase() as usize] = i as u8;
        i += 1;
    }
    table
}
