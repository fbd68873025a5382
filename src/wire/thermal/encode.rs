//! The sending side: packets as simulated devices write them, and the commands of the server.

use std::io::Write as _;

use crate::wire::thermal::hex;

/// What a sender puts behind a packet's `!`, or behind a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineEnd {
    /// Nothing. Real devices answer commands without a line end, and left one with CR LF unanswered.
    #[default]
    None,
    /// LF: simulators.
    Lf,
    /// CR LF: packets of real devices.
    CrLf,
}

impl LineEnd {
    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::None => b"",
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }
}

/// Appends a frame. An empty `id` leaves it out; `":room"`, with a colon before it, sends it as first field. It must
/// hold no `!`, no `#` and no line end; so in all encoders.
pub fn encode_frame(id: &str, words: &[u16], end: LineEnd, out: &mut Vec<u8>) {
    head("#frame", id, out);
    hex::encode_words(words, out);
    finish(end, out);
}

/// Appends a calibration.
pub fn encode_calibration(id: &str, words: &[u16], end: LineEnd, out: &mut Vec<u8>) {
    head("#EEPROM", id, out);
    hex::encode_words(words, out);
    finish(end, out);
}

/// Appends a line of readings. Keys are written as they are, so `"ADC3:"` gives `ADC3:=`; whole numbers get no point.
pub fn encode_readings(id: &str, readings: &[(&str, f64)], end: LineEnd, out: &mut Vec<u8>) {
    head("#Sensor", id, out);
    for (i, (key, value)) in readings.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let written = write!(out, "{comma}{key}={value}");
        debug_assert!(written.is_ok(), "a Vec takes all bytes");
    }
    finish(end, out);
}

/// Appends a serial number.
pub fn encode_serial(serial: &str, end: LineEnd, out: &mut Vec<u8>) {
    head("#serialno", "", out);
    out.extend_from_slice(serial.as_bytes());
    finish(end, out);
}

/// Appends a location.
pub fn encode_location(location: &str, end: LineEnd, out: &mut Vec<u8>) {
    head("#locid", "", out);
    out.extend_from_slice(location.as_bytes());
    finish(end, out);
}

fn head(kind: &str, id: &str, out: &mut Vec<u8>) {
    for bytes in [kind, id, ":"] {
        out.extend_from_slice(bytes.as_bytes());
    }
}

fn finish(end: LineEnd, out: &mut Vec<u8>) {
    out.push(b'!');
    out.extend_from_slice(end.bytes());
}

/// A command of the server to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `PERIOD_ON`: a frame and a line of readings each cycle from now on.
    Stream,
    /// `REQUEST1`: one frame and one line of readings now.
    Once,
    /// `EEPROM1`: the calibration.
    Calibration,
}

impl Order {
    /// Every spelling that devices understand; the first of each order is the one sent. Some older devices know the
    /// other spelling of [`Order::Stream`] only.
    const SPELLINGS: [(Self, &'static [u8]); 4] = [
        (Self::Stream, b"PERIOD_ON"),
        (Self::Stream, b"PERIODIC_ON"),
        (Self::Once, b"REQUEST1"),
        (Self::Calibration, b"EEPROM1"),
    ];

    /// The bytes to send.
    #[must_use]
    pub const fn bytes(self, end: LineEnd) -> &'static [u8] {
        match (self, end) {
            (Self::Stream, LineEnd::None) => b"PERIOD_ON",
            (Self::Stream, LineEnd::Lf) => b"PERIOD_ON\n",
            (Self::Stream, LineEnd::CrLf) => b"PERIOD_ON\r\n",
            (Self::Once, LineEnd::None) => b"REQUEST1",
            (Self::Once, LineEnd::Lf) => b"REQUEST1\n",
            (Self::Once, LineEnd::CrLf) => b"REQUEST1\r\n",
            (Self::Calibration, LineEnd::None) => b"EEPROM1",
            (Self::Calibration, LineEnd::Lf) => b"EEPROM1\n",
            (Self::Calibration, LineEnd::CrLf) => b"EEPROM1\r\n",
        }
    }

    /// The first order in what a simulated device received, and the number of bytes up to its end. Orders need no line
    /// end, so several may stand one behind the other; bytes before the first are passed over.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        (0..bytes.len()).find_map(|from| {
            let rest = bytes.get(from..)?;
            let (order, spelling) = Self::SPELLINGS.into_iter().find(|(_, spelling)| rest.starts_with(spelling))?;
            Some((order, from + spelling.len()))
        })
    }
}
