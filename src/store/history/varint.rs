//! Whole numbers in as few bytes as they need: LEB128, seven bits a byte, the lowest first; signed ones folded by
//! zigzag (0, -1, 1, -2, ... become 0, 1, 2, 3, ...), so that small ones are short.
//!
//! Invariant: reading never panics and never reads beyond its bytes, whatever they are.

/// Packed bytes that nothing here could have written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("packed readings are damaged")]
pub struct Damaged;

/// Appends a number: 1..=10 bytes.
pub fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a signed number: 1..=10 bytes.
pub fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, zigzag(number));
}

/// Folds a signed number.
#[must_use]
pub const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// Unfolds it.
#[must_use]
pub const fn unzigzag(folded: u64) -> i64 {
    (folded >> 1) as i64 ^ -((folded & 1) as i64)
}

/// Bytes being read.
#[derive(Clone, Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads from the first byte.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all was read.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes are left.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.0.len()
    }

    /// The next byte.
    ///
    /// # Errors
    /// There is none.
    pub fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.0.split_first().ok_or(Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    /// The next `n` bytes.
    ///
    /// # Errors
    /// There are fewer.
    pub fn bytes(&mut self, n: usize) -> Result<&'a [u8], Damaged> {
        let (first, rest) = self.0.split_at_checked(n).ok_or(Damaged)?;
        self.0 = rest;
        Ok(first)
    }

    /// The next number.
    ///
    /// # Errors
    /// The bytes end in the middle of it, or it does not fit into 64 bits.
    pub fn number(&mut self) -> Result<u64, Damaged> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(Damaged);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damaged)
    }

    /// The next signed number.
    ///
    /// # Errors
    /// As [`Self::number`].
    pub fn signed(&mut self) -> Result<i64, Damaged> {
        self.number().map(unzigzag)
    }
}
