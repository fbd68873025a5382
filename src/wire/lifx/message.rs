//! What LIFX packets say: one variant for each type.
//!
//! Invariant: a message has the size that its type has; lists are borrowed and never longer than their packet can hold.

use crate::wire::Error;
use crate::wire::lifx::{CELLS, Hsbk, Reader, TILES, ZONES};

/// Bytes of a label.
const LABEL: usize = 32;
/// Bytes of a tile's record.
const TILE: usize = 55;

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
    fn decode(byte: u8) -> Result<Self, Error> {
        match byte {
            0 => Ok(Self::Hold),
            1 => Ok(Self::Now),
            2 => Ok(Self::WaitingOnly),
            _ => Err(Error::Malformed { what: "apply" }),
        }
    }

    fn byte(self) -> u8 {
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

    fn first(self, n: usize) -> Self {
        match self {
            Self::Packed(packed) => Self::Packed(packed.get(..n).unwrap_or(packed)),
            Self::List(list) => Self::List(list.get(..n).unwrap_or(list)),
        }
    }

    fn read(reader: &mut Reader<'a>, n: usize) -> Result<Self, Error> {
        Ok(Self::Packed(reader.slice(n * 8)?.as_chunks::<8>().0))
    }

    /// Appends `n` of them, dark ones where there are fewer.
    fn encode(self, n: usize, out: &mut Vec<u8>) {
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
    fn decode(bytes: &[u8]) -> Result<Self, Error> {
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

    fn encode(&self, out: &mut Vec<u8>) {
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
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.u8()?;
        Ok(Self {
            transient: reader.u8()? != 0,
            color: reader.hsbk()?,
            period_ms: reader.u32()?,
            cycles: f32::from_le_bytes(reader.take()?),
            skew: i16::from_le_bytes(reader.take()?),
            shape: reader.u8()?,
        })
    }

    fn encode(&self, out: &mut Vec<u8>) {
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

/// What a packet says.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the protocol's description")]
pub enum Message<'a> {
    GetService,
    StateService {
        service: u8,
        port: u32,
    },
    GetHostFirmware,
    StateHostFirmware {
        build: u64,
        minor: u16,
        major: u16,
    },
    GetPower,
    SetPower {
        level: u16,
    },
    StatePower {
        level: u16,
    },
    GetLabel,
    StateLabel(Label),
    GetVersion,
    StateVersion {
        vendor: u32,
        product: u32,
    },
    Acknowledgement,
    GetLocation,
    StateLocation {
        id: [u8; 16],
        label: Label,
        updated: u64,
    },
    GetGroup,
    StateGroup {
        id: [u8; 16],
        label: Label,
        updated: u64,
    },
    EchoRequest([u8; 64]),
    EchoResponse([u8; 64]),
    LightGet,
    SetColor {
        color: Hsbk,
        duration_ms: u32,
    },
    SetWaveform(Waveform),
    LightState {
        color: Hsbk,
        power: u16,
        label: Label,
    },
    GetLightPower,
    SetLightPower {
        level: u16,
        duration_ms: u32,
    },
    StateLightPower {
        level: u16,
    },
    /// With `set`, which of hue, saturation, brightness and kelvin it changes.
    SetWaveformOptional {
        waveform: Waveform,
        set: [bool; 4],
    },
    /// A type that the device does not know.
    StateUnhandled {
        kind: u16,
    },
    SetColorZones {
        start: u8,
        end: u8,
        color: Hsbk,
        duration_ms: u32,
        apply: Apply,
    },
    GetColorZones {
        start: u8,
        end: u8,
    },
    StateZone {
        count: u8,
        index: u8,
        color: Hsbk,
    },
    StateMultiZone {
        count: u8,
        index: u8,
        colors: Colors<'a>,
    },
    SetExtendedColorZones {
        duration_ms: u32,
        apply: Apply,
        index: u16,
        colors: Colors<'a>,
    },
    GetExtendedColorZones,
    StateExtendedColorZones {
        zones: u16,
        index: u16,
        colors: Colors<'a>,
    },
    GetDeviceChain,
    StateDeviceChain {
        start: u8,
        tiles: Tiles<'a>,
    },
    Get64(Area),
    State64 {
        tile: u8,
        x: u8,
        y: u8,
        width: u8,
        colors: Colors<'a>,
    },
    Set64 {
        area: Area,
        duration_ms: u32,
        colors: Colors<'a>,
    },
    /// From the upper left of one buffer to that of another.
    CopyFrameBuffer {
        tile: u8,
        length: u8,
        from: u8,
        to: u8,
        width: u8,
        height: u8,
        duration_ms: u32,
    },
    /// Another type.
    Unknown {
        kind: u16,
    },
}

impl<'a> Message<'a> {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> u16 {
        match self {
            Self::GetService => 2,
            Self::StateService { .. } => 3,
            Self::GetHostFirmware => 14,
            Self::StateHostFirmware { .. } => 15,
            Self::GetPower => 20,
            Self::SetPower { .. } => 21,
            Self::StatePower { .. } => 22,
            Self::GetLabel => 23,
            Self::StateLabel(_) => 25,
            Self::GetVersion => 32,
            Self::StateVersion { .. } => 33,
            Self::Acknowledgement => 45,
            Self::GetLocation => 48,
            Self::StateLocation { .. } => 50,
            Self::GetGroup => 51,
            Self::StateGroup { .. } => 53,
            Self::EchoRequest(_) => 58,
            Self::EchoResponse(_) => 59,
            Self::LightGet => 101,
            Self::SetColor { .. } => 102,
            Self::SetWaveform(_) => 103,
            Self::LightState { .. } => 107,
            Self::GetLightPower => 116,
            Self::SetLightPower { .. } => 117,
            Self::StateLightPower { .. } => 118,
            Self::SetWaveformOptional { .. } => 119,
            Self::StateUnhandled { .. } => 223,
            Self::SetColorZones { .. } => 501,
            Self::GetColorZones { .. } => 502,
            Self::StateZone { .. } => 503,
            Self::StateMultiZone { .. } => 506,
            Self::SetExtendedColorZones { .. } => 510,
            Self::GetExtendedColorZones => 511,
            Self::StateExtendedColorZones { .. } => 512,
            Self::GetDeviceChain => 701,
            Self::StateDeviceChain { .. } => 702,
            Self::Get64(_) => 707,
            Self::State64 { .. } => 711,
            Self::Set64 { .. } => 715,
            Self::CopyFrameBuffer { .. } => 716,
            Self::Unknown { kind } => *kind,
        }
    }

    /// Reads the payload of a type.
    ///
    /// # Errors
    /// [`Error::Truncated`] if it is too short, [`Error::Malformed`] if a field has no meaning.
    pub fn decode(kind: u16, payload: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader(payload);
        let r = &mut reader;
        Ok(match kind {
            2 => Self::GetService,
            3 => Self::StateService { service: r.u8()?, port: r.u32()? },
            14 => Self::GetHostFirmware,
            15 => {
                let (build, _) = (r.u64()?, r.u64()?);
                Self::StateHostFirmware { build, minor: r.u16()?, major: r.u16()? }
            }
            20 => Self::GetPower,
            21 => Self::SetPower { level: r.u16()? },
            22 => Self::StatePower { level: r.u16()? },
            23 => Self::GetLabel,
            25 => Self::StateLabel(Label(r.take()?)),
            32 => Self::GetVersion,
            33 => {
                let (vendor, product) = (r.u32()?, r.u32()?);
                r.u32()?;
                Self::StateVersion { vendor, product }
            }
            45 => Self::Acknowledgement,
            48 => Self::GetLocation,
            50 => Self::StateLocation { id: r.take()?, label: Label(r.take()?), updated: r.u64()? },
            51 => Self::GetGroup,
            53 => Self::StateGroup { id: r.take()?, label: Label(r.take()?), updated: r.u64()? },
            58 => Self::EchoRequest(r.take()?),
            59 => Self::EchoResponse(r.take()?),
            101 => Self::LightGet,
            102 => {
                r.u8()?;
                Self::SetColor { color: r.hsbk()?, duration_ms: r.u32()? }
            }
            103 => Self::SetWaveform(Waveform::decode(r)?),
            107 => {
                let (color, _, power, label) = (r.hsbk()?, r.u16()?, r.u16()?, Label(r.take()?));
                r.u64()?;
                Self::LightState { color, power, label }
            }
            116 => Self::GetLightPower,
            117 => Self::SetLightPower { level: r.u16()?, duration_ms: r.u32()? },
            118 => Self::StateLightPower { level: r.u16()? },
            119 => Self::SetWaveformOptional { waveform: Waveform::decode(r)?, set: r.take()?.map(|byte| byte != 0) },
            223 => Self::StateUnhandled { kind: r.u16()? },
            501 => Self::SetColorZones {
                start: r.u8()?,
                end: r.u8()?,
                color: r.hsbk()?,
                duration_ms: r.u32()?,
                apply: Apply::decode(r.u8()?)?,
            },
            502 => Self::GetColorZones { start: r.u8()?, end: r.u8()? },
            503 => Self::StateZone { count: r.u8()?, index: r.u8()?, color: r.hsbk()? },
            506 => Self::StateMultiZone { count: r.u8()?, index: r.u8()?, colors: Colors::read(r, 8)? },
            510 => {
                let (duration_ms, apply, index) = (r.u32()?, Apply::decode(r.u8()?)?, r.u16()?);
                let count = usize::from(r.u8()?).min(ZONES);
                Self::SetExtendedColorZones { duration_ms, apply, index, colors: Colors::read(r, ZONES)?.first(count) }
            }
            511 => Self::GetExtendedColorZones,
            512 => {
                let (zones, index, count) = (r.u16()?, r.u16()?, usize::from(r.u8()?).min(ZONES));
                Self::StateExtendedColorZones { zones, index, colors: Colors::read(r, ZONES)?.first(count) }
            }
            701 => Self::GetDeviceChain,
            702 => {
                let (start, tiles) = (r.u8()?, r.slice(TILES * TILE)?);
                let count = usize::from(r.u8()?).min(TILES);
                Self::StateDeviceChain { start, tiles: Tiles::Packed(tiles.get(..count * TILE).unwrap_or(tiles)) }
            }
            707 => Self::Get64(area(r)?),
            711 => {
                let (tile, _) = (r.u8()?, r.u8()?);
                let (x, y, width) = (r.u8()?, r.u8()?, r.u8()?);
                Self::State64 { tile, x, y, width, colors: Colors::read(r, CELLS)? }
            }
            715 => Self::Set64 { area: area(r)?, duration_ms: r.u32()?, colors: Colors::read(r, CELLS)? },
            716 => {
                let (tile, length, from, to) = (r.u8()?, r.u8()?, r.u8()?, r.u8()?);
                r.take::<4>()?;
                let (width, height, duration_ms) = (r.u8()?, r.u8()?, r.u32()?);
                r.u8()?;
                Self::CopyFrameBuffer { tile, length, from, to, width, height, duration_ms }
            }
            kind => Self::Unknown { kind },
        })
    }

    /// Appends its payload.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        match *self {
            Self::StateService { service, port } => {
                out.push(service);
                out.extend(port.to_le_bytes());
            }
            Self::StateHostFirmware { build, minor, major } => {
                out.extend(build.to_le_bytes());
                out.extend([0; 8]);
                out.extend(minor.to_le_bytes());
                out.extend(major.to_le_bytes());
            }
            Self::SetPower { level } | Self::StatePower { level } | Self::StateLightPower { level } => {
                out.extend(level.to_le_bytes());
            }
            Self::StateLabel(label) => out.extend(label.0),
            Self::StateVersion { vendor, product } => {
                out.extend(vendor.to_le_bytes());
                out.extend(product.to_le_bytes());
                out.extend([0; 4]);
            }
            Self::StateLocation { id, label, updated } | Self::StateGroup { id, label, updated } => {
                out.extend(id);
                out.extend(label.0);
                out.extend(updated.to_le_bytes());
            }
            Self::EchoRequest(bytes) | Self::EchoResponse(bytes) => out.extend(bytes),
            Self::SetColor { color, duration_ms } => {
                out.push(0);
                out.extend(color.bytes());
                out.extend(duration_ms.to_le_bytes());
            }
            Self::SetWaveform(waveform) => waveform.encode(out),
            Self::SetWaveformOptional { waveform, set } => {
                waveform.encode(out);
                out.extend(set.map(u8::from));
            }
            Self::LightState { color, power, label } => {
                out.extend(color.bytes());
                out.extend([0; 2]);
                out.extend(power.to_le_bytes());
                out.extend(label.0);
                out.extend([0; 8]);
            }
            Self::SetLightPower { level, duration_ms } => {
                out.extend(level.to_le_bytes());
                out.extend(duration_ms.to_le_bytes());
            }
            Self::StateUnhandled { kind } => out.extend(kind.to_le_bytes()),
            Self::SetColorZones { start, end, color, duration_ms, apply } => {
                out.extend([start, end]);
                out.extend(color.bytes());
                out.extend(duration_ms.to_le_bytes());
                out.push(apply.byte());
            }
            Self::GetColorZones { start, end } => out.extend([start, end]),
            Self::StateZone { count, index, color } => {
                out.extend([count, index]);
                out.extend(color.bytes());
            }
            Self::StateMultiZone { count, index, colors } => {
                out.extend([count, index]);
                colors.encode(8, out);
            }
            Self::SetExtendedColorZones { duration_ms, apply, index, colors } => {
                out.extend(duration_ms.to_le_bytes());
                out.push(apply.byte());
                out.extend(index.to_le_bytes());
                out.push(colors.len().min(ZONES) as u8);
                colors.encode(ZONES, out);
            }
            Self::StateExtendedColorZones { zones, index, colors } => {
                out.extend(zones.to_le_bytes());
                out.extend(index.to_le_bytes());
                out.push(colors.len().min(ZONES) as u8);
                colors.encode(ZONES, out);
            }
            Self::StateDeviceChain { start, tiles } => {
                out.push(start);
                let count = tiles.iter().take(TILES).inspect(|tile| tile.encode(out)).count();
                out.resize(out.len() + (TILES - count) * TILE, 0);
                out.push(count as u8);
            }
            Self::Get64(area) => encode_area(area, out),
            Self::State64 { tile, x, y, width, colors } => {
                out.extend([tile, 0, x, y, width]);
                colors.encode(CELLS, out);
            }
            Self::Set64 { area, duration_ms, colors } => {
                encode_area(area, out);
                out.extend(duration_ms.to_le_bytes());
                colors.encode(CELLS, out);
            }
            Self::CopyFrameBuffer { tile, length, from, to, width, height, duration_ms } => {
                out.extend([tile, length, from, to, 0, 0, 0, 0, width, height]);
                out.extend(duration_ms.to_le_bytes());
                out.push(0);
            }
            Self::GetService
            | Self::GetHostFirmware
            | Self::GetPower
            | Self::GetLabel
            | Self::GetVersion
            | Self::Acknowledgement
            | Self::GetLocation
            | Self::GetGroup
            | Self::LightGet
            | Self::GetLightPower
            | Self::GetExtendedColorZones
            | Self::GetDeviceChain
            | Self::Unknown { .. } => {}
        }
    }
}

fn area(reader: &mut Reader<'_>) -> Result<Area, Error> {
    let [tile, length, buffer, x, y, width] = reader.take()?;
    Ok(Area { tile, length, buffer, x, y, width })
}

fn encode_area(Area { tile, length, buffer, x, y, width }: Area, out: &mut Vec<u8>) {
    out.extend([tile, length, buffer, x, y, width]);
}
