//! LIFX packets: the maker's examples, every packet there and back, every way to cut one, and nonsense.

use hearthlight::wire::Error;
use hearthlight::wire::lifx::message::Message;
use hearthlight::wire::lifx::parts::{Apply, Area, Colors, Hsbk, Label, Tile, Tiles, Waveform};
use hearthlight::wire::lifx::{DISCOVER, Header, decode, encode, mac_of, mac_text};
use proptest::prelude::*;

const HSBK: Hsbk = Hsbk { hue: 1, saturation: 2, brightness: 3, kelvin: 3500 };

fn header() -> Header {
    let target = [0xD0, 0x73, 0xD5, 1, 2, 3];
    Header { tagged: false, source: 7, target, wants_answer: true, wants_ack: true, sequence: 9 }
}

/// One of each kind.
fn with_each(mut take: impl FnMut(&Message<'_>)) {
    let colors = vec![HSBK; 82];
    let tiles = vec![Tile { position: [1.5, -2.0], width: 8, height: 8, product: 55, ..Tile::default() }; 5];
    let area = Area { tile: 1, length: 1, buffer: 0, x: 0, y: 4, width: 8 };
    let label = Label::new("Desk lamp");
    let waveform = Waveform { transient: true, color: HSBK, period_ms: 500, cycles: 2.5, skew: -3, shape: 4 };
    let list = |n: usize| Colors::List(&colors[..n]);
    let all = [
        Message::GetService,
        Message::StateService { service: 1, port: 56_700 },
        Message::GetHostFirmware,
        Message::StateHostFirmware { build: 5, minor: 77, major: 2 },
        Message::GetPower,
        Message::SetPower { level: 65_535 },
        Message::StatePower { level: 0 },
        Message::GetLabel,
        Message::StateLabel(label),
        Message::GetVersion,
        Message::StateVersion { vendor: 1, product: 97 },
        Message::Acknowledgement,
        Message::GetLocation,
        Message::StateLocation { id: [1; 16], label, updated: 3 },
        Message::GetGroup,
        Message::StateGroup { id: [2; 16], label, updated: 4 },
        Message::EchoRequest([3; 64]),
        Message::EchoResponse([4; 64]),
        Message::LightGet,
        Message::SetColor { color: HSBK, duration_ms: 1000 },
        Message::SetWaveform(waveform),
        Message::LightState { color: HSBK, power: 65_535, label },
        Message::GetLightPower,
        Message::SetLightPower { level: 65_535, duration_ms: 10 },
        Message::StateLightPower { level: 65_535 },
        Message::SetWaveformOptional { waveform, set: [true, false, true, false] },
        Message::StateUnhandled { kind: 510 },
        Message::SetColorZones { start: 0, end: 7, color: HSBK, duration_ms: 5, apply: Apply::Hold },
        Message::GetColorZones { start: 0, end: 255 },
        Message::StateZone { count: 1, index: 0, color: HSBK },
        Message::StateMultiZone { count: 16, index: 8, colors: list(8) },
        Message::SetExtendedColorZones { duration_ms: 5, apply: Apply::Now, index: 82, colors: list(38) },
        Message::GetExtendedColorZones,
        Message::StateExtendedColorZones { zones: 120, index: 82, colors: list(38) },
        Message::GetDeviceChain,
        Message::StateDeviceChain { start: 0, tiles: Tiles::List(&tiles) },
        Message::Get64(area),
        Message::State64 { tile: 1, x: 0, y: 4, width: 8, colors: list(64) },
        Message::Set64 { area, duration_ms: 5, colors: list(64) },
        Message::CopyFrameBuffer { tile: 0, length: 1, from: 1, to: 0, width: 16, height: 8, duration_ms: 3 },
        Message::Unknown { kind: 9999 },
    ];
    all.iter().for_each(&mut take);
}

fn bytes(message: &Message<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    encode(&header(), message, &mut out);
    out
}

#[test]
fn the_makers_examples() {
    let mut out = Vec::new();
    let asks_all = Header { tagged: true, source: 2, wants_answer: true, ..Header::default() };
    encode(&asks_all, &Message::GetService, &mut out);
    assert_eq!(out, DISCOVER);
    let color = bytes(&Message::SetColor { color: HSBK, duration_ms: 0 });
    assert_eq!((&color[0..2], &color[2..4], &color[32..34]), (&[0x31, 0][..], &[0, 0x14][..], &[0x66, 0][..]));
}

#[test]
fn sizes_are_those_of_the_protocol() {
    with_each(|message| {
        let payload = bytes(message).len() - 36;
        let right = match message.kind() {
            102 => 13,
            103 => 21,
            107 => 52,
            117 => 6,
            119 => 25,
            501 | 716 => 15,
            506 => 66,
            510 => 664,
            512 => 661,
            702 => 882,
            711 => 517,
            715 => 522,
            _ => return,
        };
        assert_eq!(payload, right, "{}", message.kind());
    });
}

#[test]
fn every_packet_comes_back_and_every_cut_is_an_error() {
    with_each(|message| {
        let whole = bytes(message);
        let packet = decode(&whole).unwrap();
        assert_eq!((packet.header, packet.message), (header(), *message));
        for end in 0..whole.len() {
            assert_eq!(decode(&whole[..end]), Err(Error::Truncated), "{} cut to {end}", message.kind());
        }
        // Cut, with a size that says so.
        for end in 36..whole.len() {
            let mut short = whole[..end].to_vec();
            short[0..2].copy_from_slice(&(end as u16).to_le_bytes());
            assert!(decode(&short).is_err(), "{} shortened to {end}", message.kind());
        }
    });
}

#[test]
fn macs_are_read_and_written() {
    assert_eq!(mac_of("D0:73:D5:01:02:03"), Some(header().target));
    assert_eq!(mac_text(header().target), "d073d5010203");
    assert_eq!((mac_of("d073d50102"), mac_of("d073d501020")), (None, None));
}

/// `HEARTHLIGHT_CASES` says how many.
#[test]
fn generated_input_never_panics() {
    let n_cases = std::env::var("HEARTHLIGHT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let mut chance = fastrand::Rng::with_seed(12);
    let mut fixtures = Vec::new();
    with_each(|message| fixtures.push(bytes(message)));
    for _ in 0..n_cases {
        let mut packet = fixtures[chance.usize(..fixtures.len())].clone();
        for _ in 0..chance.usize(1..8) {
            let at = chance.usize(..packet.len());
            packet[at] = chance.u8(..);
        }
        packet.truncate(chance.usize(..=packet.len()));
        if let Ok(packet) = decode(&packet) {
            let mut again = Vec::new();
            encode(&packet.header, &packet.message, &mut again);
            assert!(decode(&again).is_ok());
        }
    }
}

proptest! {
    #[test]
    fn nonsense_is_no_packet(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }
}
