//! The text protocol of thermal and gas sensor devices, which dial in over TCP and stay connected.
//!
//! ```text
//!  '#' kind  [id] ':' payload '!' [CR] LF        device to server; the line end, or the '!', may be missing
//!
//!  #serialno:SIM409534!                          once after connecting
//!  #locid:default room!                          once after connecting: the place this connection reports for
//!  #Sensor:ADC1=592,ADC2=894!                    readings, KEY=VALUE with commas between them
//!  #Sensor1234:ADC1=269,ADC3:=1!                 the same, id embedded; a key may drag a ':' behind it
//!  #Sensor:default room:ADC1=1000!               the same, id as first field
//!  #frame1234:FFB0FFAA...!                       thermal frame: words of 4 hex digits, most significant first
//!  #frame:1 2 ff b0 ...!                         the same from the oldest senders: words of 1..=4 digits, blanks between
//!  #EEPROM1234:00AE499A...!                      calibration: 832 words of 4 hex digits
//!
//!  PERIOD_ON   REQUEST1   EEPROM1                server to device: stream, one reading now, send the calibration
//! ```
//!
//! There is no length, no checksum and no number in it, and the serial link behind a device's TCP bridge is half
//! duplex: a command that arrives while a frame is on its way leaves foreign bytes in that frame. So [`Framer`] finds
//! the borders again after any damage, and [`decode`] and [`words`] take a packet whole or not at all.
//!
//! Invariant: no bytes make anything here panic; after the first packets of a stream nothing allocates.
//! Invariant: one damaged packet costs one packet and is rejected once, however the bytes were cut into pieces.
//!
//! To add a packet kind: its name in `framer::KINDS`, a variant of [`Packet`] and its arm in [`decode`].

mod encode;
mod framer;
mod hex;
mod packet;
mod parts;

pub use encode::{LineEnd, Order, encode_calibration, encode_frame, encode_location, encode_readings, encode_serial};
pub use framer::{Framed, Framer, MAX_CAPACITY, MAX_FRAME_PACKET, MAX_PACKET, START_LEN};
pub use hex::{CALIBRATION_WORDS, words};
pub use packet::{MAX_ID, Packet, decode};
pub use parts::{BadPart, MAX_KEY, MAX_PARTS, MAX_VALUE, Parts};

/// Why a packet was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Not as long as its kind must be, cut short by the next packet, or an id that is too long.
    Length,
    /// A character that is no hex digit.
    NotHex,
    /// No colon after the kind.
    NoColon,
    /// None of the known kinds, or bytes that belong to no packet.
    UnknownKind,
    /// No end within the bytes a packet may have.
    TooLong,
    /// An id that is no text.
    NotUtf8,
}

impl Reason {
    /// The reason as a label.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::NotHex => "not_hex",
            Self::NoColon => "no_colon",
            Self::UnknownKind => "unknown_kind",
            Self::TooLong => "too_long",
            Self::NotUtf8 => "not_utf8",
        }
    }
}
