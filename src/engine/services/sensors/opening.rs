//! The first bytes of a connection: whether somebody looks for a web server here.

/// Bytes that are looked at.
const LOOKED_AT: usize = 4;
/// How others begin, and what they are called.
const OTHERS: [(&[u8], &str); 4] = [(b"GET ", "HTTP"), (b"POST", "HTTP"), (b"HEAD", "HTTP"), (&[0x16, 0x03], "TLS")];

/// What a connection began with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    bytes: [u8; LOOKED_AT],
    n: usize,
}

impl Opening {
    /// Takes what was read; only the first bytes of a connection count.
    pub fn take(&mut self, read: &[u8]) {
        for (slot, byte) in self.bytes.iter_mut().skip(self.n).zip(read) {
            *slot = *byte;
            self.n += 1;
        }
    }

    /// The protocol that begins like this, if it is none of ours.
    #[must_use]
    pub fn foreign(&self) -> Option<&'static str> {
        let begun = self.bytes.get(..self.n).unwrap_or_default();
        OTHERS.iter().find(|(start, _)| begun.starts_with(start)).map(|(_, name)| *name)
    }
}
