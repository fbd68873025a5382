//! What LIFX packets say: one variant for each type.
//!
//! Invariant: a message has the size that its type has; its lists are never longer than their packet can hold.

use crate::wire::Error;
use crate::wire::lifx::parts::{Apply, Area, CELLS, Colors, Hsbk, Label, TILE, TILES, Tiles, Waveform, ZONES};
use crate::wire::lifx::reader::Reader;

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
                Self::SetColor { color: Hsbk::read(r)?, duration_ms: r.u32()? }
            }
            103 => Self::SetWaveform(Waveform::decode(r)?),
            107 => {
                let (color, _, power, label) = (Hsbk::read(r)?, r.u16()?, r.u16()?, Label(r.take()?));
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
                color: Hsbk::read(r)?,
                duration_ms: r.u32()?,
                apply: Apply::decode(r.u8()?)?,
            },
            502 => Self::GetColorZones { start: r.u8()?, end: r.u8()? },
            503 => Self::StateZone { count: r.u8()?, index: r.u8()?, color: Hsbk::read(r)? },
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
            707 => Self::Get64(Area::decode(r)?),
            711 => {
                let (tile, _) = (r.u8()?, r.u8()?);
                let (x, y, width) = (r.u8()?, r.u8()?, r.u8()?);
                Self::State64 { tile, x, y, width, colors: Colors::read(r, CELLS)? }
            }
            715 => Self::Set64 { area: Area::decode(r)?, duration_ms: r.u32()?, colors: Colors::read(r, CELLS)? },
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
            Self::Get64(area) => area.encode(out),
            Self::State64 { tile, x, y, width, colors } => {
                out.extend([tile, 0, x, y, width]);
                colors.encode(CELLS, out);
            }
            Self::Set64 { area, duration_ms, colors } => {
                area.encode(out);
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
