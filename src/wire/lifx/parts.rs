//! What LIFX messages are made of: colours, names, tiles, and what is done with them.
//!
//! Invariant: lists are borrowed; of what does not fit in a packet nothing is sent.

use crate::wire::Error;
use crate::wire::lifx::reader::Reader;

/// Zones of one extended packet.
pub const ZONES: usize = 82;
/// Cells of one matrix packet.
pub const CELLS: usize = 64;
/// Tiles of a chain, at most.
pub const TILES: usize = 16;
/// Bytes of a label.
const LABEL: usize = 32;
/// Bytes of a tile's record.
pub(super) const TILE: usize = 55;

/// A colour as the device has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hsbk {
    /// A share of the circle.
    pub hue: u16,
    /// A share.
    pub saturation: u16,
    /// A share.
    pub brightness: u16,
    /// K; counts where saturation is 0.
    pub kelvin: u16,
}

impl Hsbk {
    /// From its eight bytes.
    #[must_use]
    pub fn from_bytes([a, b, c, d, e, f, g, h]: [u8; 8]) -> Self {
        let [hue, saturation, brightness, kelvin] = [[a, b], [c, d], [e, f], [g, h]].map(u16::from_le_bytes);
        Self { hue, saturation, brightness, kelvin }
    }

    /// Its eight bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; 8] {
        let [[a, b], [c, d], [e, f], [g, h]] =
            [self.hue, self.saturation, self.brightness, self.kelvin].map(u16::to_le_bytes);
        [a, b, c, d, e, f, g, h]
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.take().map(Self::from_bytes)
    }
}

/// A name of up to 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(pub [u8; LABEL]);

impl Label {
    /// Of a text, cut to what fits.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut bytes = [0; LABEL];
        let end = (0..=LABEL.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        bytes.iter_mut().zip(text.as_bytes().iter().take(end)).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    /// Its text up to its first zero; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(LABEL);
        String::from_utf8_lossy(self.0.get(..end).unwrap_or_default()).trim().to_owned()
    }
}

/// What a change of zones does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apply {
    /// It waits for one that applies.
    Hold,
    /// It and all that wait are shown.
    Now,
    /// Only what waits is shown.
    WaitingOnly,
}

impl Apply {
    pub(super) fn decode(byte: u8) -> Result<Self, Error> {
        match byte {
            0 => Ok(Self::Hold),
            1 => Ok(Self::Now),
            2 => Ok(Self::WaitingOnly),
            _ => Err(Error::Malformed { what: "apply" }),
        }
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Hold => 0,
            Self::Now => 1,
            Self::WaitingOnly => 2,
        }
    }
}

/// Colours in a row: as they came, or as they shall go.
#[derive(Clone, Copy, Debug)]
pub enum Colors<'a> {
    /// From a packet.
    Packed(&'a [[u8; 8]]),
    /// To be sent.
    List(&'a [Hsbk]),
}

impl<'a> Colors<'a> {
    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Hsbk> + 'a {
        let (packed, list) = match self {
            Self::Packed(packed) => (packed, &[][..]),
            Self::List(list) => (&[][..], list),
        };
        packed.iter().map(|bytes| Hsbk::from_bytes(*bytes)).chain(list.iter().copied())
    }

    /// How many.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::Packed(packed) => packed.len(),
            Self::List(list) => list.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    pub(super) fn first(self, n: usize) -> Self {
        match self {
            Self::Packed(packed) => Self::Packed(packed.get(..n).unwrap_or(packed)),
            Self::List(list) => Self::List(list.get(..n).unwrap_or(list)),
        }
    }

    pub(super) fn read(reader: &mut Reader<'a>, n: usize) -> Result<Self, Error> {
        Ok(Self::Packed(reader.slice(n * 8)?.as_chunks::<8>().0))
    }

    /// Appends `n` of them, dark ones where there are fewer.
    pub(super) fn encode(self, n: usize, out: &mut Vec<u8>) {
        self.iter().chain(std::iter::repeat(Hsbk::default())).take(n).for_each(|color| out.extend(color.bytes()));
    }
}

impl PartialEq for Colors<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// One tile of a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tile {
    /// Which way is down.
    pub acceleration: [i16; 3],
    /// Where a person put its middle, in tile widths: to the right, and up.
    pub position: [f32; 2],
    /// Cells in a row.
    pub width: u8,
    /// Rows.
    pub height: u8,
    /// Whose.
    pub vendor: u32,
    /// What it is.
    pub product: u32,
    /// Its firmware: major and minor.
    pub firmware: (u16, u16),
}

impl Tile {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader(bytes);
        let acceleration = [reader.take()?, reader.take()?, reader.take()?].map(i16::from_le_bytes);
        reader.take::<2>()?;
        let position = [reader.take()?, reader.take()?].map(f32::from_le_bytes);
        let (width, height) = (reader.u8()?, reader.u8()?);
        reader.take::<1>()?;
        let (vendor, product) = (reader.u32()?, reader.u32()?);
        reader.take::<20>()?;
        let (minor, major) = (reader.u16()?, reader.u16()?);
        Ok(Self { acceleration, position, width, height, vendor, product, firmware: (major, minor) })
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        self.acceleration.iter().for_each(|axis| out.extend(axis.to_le_bytes()));
        out.extend([0; 2]);
        self.position.iter().for_each(|axis| out.extend(axis.to_le_bytes()));
        out.extend([self.width, self.height, 0]);
        out.extend(self.vendor.to_le_bytes());
        out.extend(self.product.to_le_bytes());
        out.extend([0; 20]);
        out.extend(self.firmware.1.to_le_bytes());
        out.extend(self.firmware.0.to_le_bytes());
        out.extend([0; 4]);
    }
}

/// Tiles of a chain: as they came, or as they shall go.
#[derive(Clone, Copy, Debug)]
pub enum Tiles<'a> {
    /// From a packet.
    Packed(&'a [u8]),
    /// To be sent.
    List(&'a [Tile]),
}

impl<'a> Tiles<'a> {
    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Tile> + 'a {
        let (packed, list) = match self {
            Self::Packed(packed) => (packed, &[][..]),
            Self::List(list) => (&[][..], list),
        };
        packed.chunks(TILE).filter_map(|bytes| Tile::decode(bytes).ok()).chain(list.iter().copied())
    }
}

impl PartialEq for Tiles<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// How a light swings between what it shows and another colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waveform {
    /// It goes back to what it showed.
    pub transient: bool,
    /// The other colour.
    pub color: Hsbk,
    /// Of one swing, ms.
    pub period_ms: u32,
    /// How many swings.
    pub cycles: f32,
    /// For a pulse: the share of a swing that shows the first colour, -32768..=32767 for 0..=1.
    pub skew: i16,
    /// 0 saw, 1 sine, 2 half sine, 3 triangle, 4 pulse.
    pub shape: u8,
}

impl Waveform {
    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.u8()?;
        Ok(Self {
            transient: reader.u8()? != 0,
            color: Hsbk::read(reader)?,
            period_ms: reader.u32()?,
            cycles: f32::from_le_bytes(reader.take()?),
            skew: i16::from_le_bytes(reader.take()?),
            shape: reader.u8()?,
        })
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend([0, u8::from(self.transient)]);
        out.extend(self.color.bytes());
        out.extend(self.period_ms.to_le_bytes());
        out.extend(self.cycles.to_le_bytes());
        out.extend(self.skew.to_le_bytes());
        out.push(self.shape);
    }
}

/// Where on a chain cells are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The first tile.
    pub tile: u8,
    /// How many tiles.
    pub length: u8,
    /// The buffer: 0 is shown.
    pub buffer: u8,
    /// Column of the first cell.
    pub x: u8,
    /// Row of the first cell.
    pub y: u8,
    /// Cells in a row.
    pub width: u8,
}

impl Area {
    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let [tile, length, buffer, x, y, width] = reader.take()?;
        Ok(Self { tile, length, buffer, x, y, width })
    }

    pub(super) fn encode(self, out: &mut Vec<u8>) {
        let Self { tile, length, buffer, x, y, width } = self;
        out.extend([tile, length, buffer, x, y, width]);
    }
}
