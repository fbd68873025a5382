//! Server-sent events. Reference: the HTML standard, "Server-sent events", "Interpreting an event stream".
//!
//! ```text
//!  id: 1691:0\n
//!  data: [{"creationtime":...\n
//!  data: ...}]\n
//!  \n                             the event ends here
//!  : hi\n                         a comment
//! ```
//!
//! Invariant: a line and an event take at most [`MAX_EVENT`] bytes.

use std::time::Duration;

use crate::wire::Error;

/// Bytes of one event.
pub const MAX_EVENT: usize = 4 << 20;
/// The longest pause that a server may ask for.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// A stream as it is read.
#[derive(Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// The last line ended with a carriage return: a line feed that follows belongs to it.
    after_return: bool,
    id: String,
    retry: Option<Duration>,
}

impl Parser {
    /// Takes the next piece of the stream, cut anywhere, and tells the data of each event that ends in it.
    ///
    /// # Errors
    /// [`Error::Malformed`] if an event is longer than [`MAX_EVENT`].
    pub fn push(&mut self, bytes: &[u8], mut tell: impl FnMut(&[u8])) -> Result<(), Error> {
        for &byte in bytes {
            let ends_pair = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                _ if ends_pair => {}
                b'\r' | b'\n' => self.end_line(&mut tell),
                _ if self.line.len() + self.data.len() < MAX_EVENT => self.line.push(byte),
                _ => return Err(Error::Malformed { what: "event" }),
            }
        }
        Ok(())
    }

    /// The id of the last event that had one; empty if none had.
    #[must_use]
    pub fn last_id(&self) -> &str {
        &self.id
    }

    /// How long the server wants us to wait before we come again, a minute at most.
    #[must_use]
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Forgets what is not whole; the id stays.
    pub fn restart(&mut self) {
        self.line.clear();
        self.data.clear();
        (self.has_data, self.after_return) = (false, false);
    }

    fn end_line(&mut self, tell: &mut impl FnMut(&[u8])) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            if std::mem::take(&mut self.has_data) {
                tell(&self.data);
            }
            self.data.clear();
        } else {
            self.field(&line);
        }
        self.line = line;
        self.line.clear();
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if self.has_data {
                    self.data.push(b'\n');
                }
                self.has_data = true;
                self.data.extend_from_slice(value);
            }
            b"id" if value.len() <= 256 && !value.contains(&0) => self.id = String::from_utf8_lossy(value).into_owned(),
            b"retry" => {
                let ms = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                self.retry = ms.map(Duration::from_millis).map(|pause| pause.min(LONGEST_RETRY)).or(self.retry);
            }
            _ => {}
        }
    }
}
