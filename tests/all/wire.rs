//! The sensor protocol: every form of every packet, every way to cut and to damage it, and real recordings.

use hearthlight::wire::thermal::{
    BadPart, CALIBRATION_WORDS, Framed, Framer, LineEnd, MAX_CAPACITY, MAX_FRAME_PACKET, MAX_PACKET, Order, Packet,
    Parts, Reason, START_LEN, decode, encode_calibration, encode_frame, encode_location, encode_readings,
    encode_serial, words,
};
use proptest::prelude::*;

const CAPTURE_A: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/fixtures/thermal/capture-a-quiet.rx.bin"));
const CAPTURE_B: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/fixtures/thermal/capture-b-commands.rx.bin"));

/// What one framed thing came to.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Good(Vec<u8>),
    Rejected { reason: Reason, start: Vec<u8>, head: Vec<u8> },
}

fn mlx90640(n_words: usize) -> bool {
    n_words == 768 || n_words == 834
}

/// Everything a receiver does with a packet.
fn take(packet: &[u8], out: &mut Vec<u16>) -> Result<(), Reason> {
    match decode(packet)? {
        Packet::Frame { payload, .. } => words(payload, mlx90640, out),
        Packet::Calibration { payload, .. } => words(payload, |n| n == CALIBRATION_WORDS, out),
        Packet::Readings { .. } | Packet::Serial(_) | Packet::Location(_) => Ok(()),
    }
}

fn see(framer: &mut Framer, seen: &mut Vec<Seen>) {
    let mut out = Vec::new();
    while let Some(framed) = framer.next() {
        match framed {
            Framed::Packet(packet) => match take(packet, &mut out) {
                Ok(()) => seen.push(Seen::Good(packet.to_vec())),
                Err(reason) => {
                    seen.push(Seen::Rejected { reason, start: packet.to_vec(), head: Vec::new() });
                    framer.rejected();
                }
            },
            Framed::Bad { reason, start, head } => {
                seen.push(Seen::Rejected { reason, start: start.to_vec(), head: head.to_vec() });
            }
        }
    }
}

fn feed(framer: &mut Framer, mut bytes: &[u8], piece: usize, seen: &mut Vec<Seen>) {
    while !bytes.is_empty() {
        let space = framer.space();
        let n = piece.min(bytes.len()).min(space.len());
        space[..n].copy_from_slice(&bytes[..n]);
        framer.filled(n);
        bytes = &bytes[n..];
        see(framer, seen);
    }
}

/// What a stream comes to when it arrives `piece` bytes at a time.
fn play(bytes: &[u8], piece: usize) -> Vec<Seen> {
    let (mut framer, mut seen) = (Framer::default(), Vec::new());
    feed(&mut framer, bytes, piece, &mut seen);
    seen
}

/// The same, in words: good packets as they are, rejected ones as their reason.
fn story(bytes: &[u8]) -> Vec<String> {
    let all = play(bytes, 65_536);
    for piece in [1, 2, 7] {
        assert_eq!(play(bytes, piece), all, "in pieces of {piece}");
    }
    let words = |seen: Seen| match seen {
        Seen::Good(packet) => String::from_utf8(packet).unwrap(),
        Seen::Rejected { reason, .. } => format!("<{}>", reason.name()),
    };
    all.into_iter().map(words).collect()
}

fn frame(id: &str, n_words: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let pixels: Vec<u16> = (0..n_words).map(|i| (i * 79 + 0xFFB0) as u16).collect();
    encode_frame(id, &pixels, LineEnd::CrLf, &mut out);
    out
}

fn bare(mut packet: Vec<u8>) -> Vec<u8> {
    packet.truncate(packet.len() - 3);
    packet
}

fn parts(payload: &str) -> Vec<Result<(String, f64), BadPart>> {
    let line = format!("#Sensor1:{payload}");
    let Ok(Packet::Readings { parts, .. }) = decode(line.as_bytes()) else { panic!("{line} is no line of readings") };
    parts.map(|part| part.map(|(key, value)| (key.to_owned(), value))).collect()
}

fn value(text: &str) -> Option<f64> {
    match parts(&format!("K={text}")).as_slice() {
        [Ok((_, value))] => Some(*value),
        [Err(BadPart::Value)] => None,
        other => panic!("{other:?}"),
    }
}

fn id_of(packet: &str) -> Option<String> {
    match decode(packet.as_bytes()) {
        Ok(Packet::Readings { id, .. } | Packet::Frame { id, .. } | Packet::Calibration { id, .. }) => {
            id.map(str::to_owned)
        }
        other => panic!("{packet}: {other:?}"),
    }
}

mod recordings {
    use super::*;

    fn count(seen: &[Seen], kind: &str) -> usize {
        seen.iter().filter(|s| matches!(s, Seen::Good(packet) if packet.starts_with(kind.as_bytes()))).count()
    }

    #[test]
    fn a_quiet_room_is_taken_whole() {
        for piece in [1, 7, 65_536] {
            let seen = play(CAPTURE_A, piece);
            assert_eq!((count(&seen, "#frame"), count(&seen, "#Sensor"), seen.len()), (40, 40, 80), "{piece}");
        }
    }

    #[test]
    fn two_frames_were_hit_by_commands_and_cost_two_rejections() {
        for piece in [1, 7, 65_536] {
            let seen = play(CAPTURE_B, piece);
            assert_eq!((count(&seen, "#frame"), count(&seen, "#Sensor"), count(&seen, "#EEPROM")), (14, 16, 7));
            assert_eq!(seen.len(), 14 + 16 + 7 + 2, "{piece}");
        }
    }

    #[test]
    fn the_first_frame_says_what_the_device_measured() {
        let Some(Seen::Good(packet)) = play(CAPTURE_A, 65_536).into_iter().next() else { panic!("no packet") };
        let Ok(Packet::Frame { id, payload }) = decode(&packet) else { panic!("no frame") };
        let mut out = Vec::new();
        words(payload, mlx90640, &mut out).unwrap();
        assert_eq!((id, out.len()), (Some("1234"), 834));
        assert_eq!(out[..6].iter().map(|w| *w as i16).collect::<Vec<_>>(), [-80, -86, -81, -95, -92, -96]);
        assert_eq!(out[768..772], [0x4CD0, 0x19A5, 0x7FFF, 0x19A5]);
    }

    #[test]
    fn a_recorded_packet_is_encoded_to_the_same_bytes() {
        for seen in play(CAPTURE_B, 65_536) {
            let Seen::Good(packet) = seen else { continue };
            let (mut again, mut out) = (Vec::new(), Vec::new());
            match decode(&packet).unwrap() {
                Packet::Frame { id, payload } => {
                    words(payload, mlx90640, &mut out).unwrap();
                    encode_frame(id.unwrap(), &out, LineEnd::CrLf, &mut again);
                }
                Packet::Calibration { id, payload } => {
                    words(payload, |n| n == CALIBRATION_WORDS, &mut out).unwrap();
                    encode_calibration(id.unwrap(), &out, LineEnd::CrLf, &mut again);
                }
                Packet::Readings { id, parts } => {
                    let read: Vec<_> = parts.map(Result::unwrap).collect();
                    assert_eq!(read.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["ADC1", "ADC2", "ADC3", "DIO"]);
                    let odd: Vec<_> =
                        read.iter().map(|(key, v)| (if *key == "ADC3" { "ADC3:" } else { key }, *v)).collect();
                    encode_readings(id.unwrap(), &odd, LineEnd::CrLf, &mut again);
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(bare(again), packet);
        }
    }

    #[test]
    fn every_truncation_of_a_packet_is_judged_and_none_panics() {
        let mut out = Vec::new();
        for seen in play(&CAPTURE_B[..12_000], 65_536) {
            let Seen::Good(packet) = seen else { continue };
            for end in 0..packet.len() {
                let judged = take(&packet[..end], &mut out);
                let may_pass = packet.starts_with(b"#Sensor") || end == 11 + 768 * 4;
                assert!(judged.is_err() || may_pass, "{} of {}", end, packet.len());
            }
        }
    }
}

mod framing {
    use super::*;

    #[test]
    fn ends_with_mark_or_line_end_or_both() {
        let expected = ["#locid:a", "#locid:b", "#locid:c", "#locid:d", "#locid:e", "#locid:f"];
        assert_eq!(story(b"#locid:a!\r\n#locid:b!\n#locid:c!#locid:d\n#locid:e \r\n\r\n\t #locid:f!"), expected);
    }

    #[test]
    fn nothing_and_white_space_are_no_packets() {
        assert!(story(b"").is_empty());
        assert!(story(b"\r\n \t\n").is_empty());
        assert_eq!(story(b"#!"), ["<unknown_kind>"]);
    }

    #[test]
    fn junk_is_one_rejection_until_the_next_hash() {
        assert_eq!(story(b"hello\nworld! again\n#locid:a!"), ["<unknown_kind>", "#locid:a"]);
        assert_eq!(story(b"#locid:a!\r\nxyz#locid:b!"), ["#locid:a", "<unknown_kind>", "#locid:b"]);
        assert_eq!(story(b"\0#locid:b!"), ["<unknown_kind>", "#locid:b"]);
        assert_eq!(story(b"#locid:a!!#locid:b!"), ["#locid:a", "<unknown_kind>", "#locid:b"]);
        assert_eq!(story(&[b'x'; 100_000]), ["<unknown_kind>"]);
    }

    #[test]
    fn evidence_is_short_and_does_not_wait_for_more() {
        let seen = play(&[b'x'; START_LEN], 1);
        assert_eq!(seen, [Seen::Rejected { reason: Reason::UnknownKind, start: vec![b'x'; 80], head: Vec::new() }]);
        let seen = play(b"xyz\n", 1);
        assert_eq!(seen, [Seen::Rejected { reason: Reason::UnknownKind, start: b"xyz".to_vec(), head: Vec::new() }]);
    }

    #[test]
    fn a_cut_short_packet_costs_itself_only() {
        assert_eq!(story(b"#frame1234:FFB0FF#Sensor1234:ADC1=1!\r\n"), ["<length>", "#Sensor1234:ADC1=1"]);
        let seen = play(b"#frame1234:FFB0FF#Sensor1234:ADC1=1!\r\n", 7);
        let head = b"#frame1234:".to_vec();
        assert_eq!(seen[0], Seen::Rejected { reason: Reason::Length, start: b"#frame1234:FFB0FF".to_vec(), head });
        assert_eq!(id_of("#frame1234:").as_deref(), Some("1234"));
    }

    #[test]
    fn a_foreign_hash_begins_nothing() {
        let mut packet = frame("1234", 834);
        packet[700] = b'#';
        packet.extend_from_slice(b"#locid:a!");
        assert_eq!(story(&packet), ["<not_hex>", "#locid:a"]);
        packet[701..704].copy_from_slice(b"fra");
        assert_eq!(story(&packet), ["<not_hex>", "#locid:a"]);
    }

    #[test]
    fn a_foreign_end_costs_one_rejection() {
        for foreign in [b'!', b'\n'] {
            let mut packet = frame("1234", 834);
            packet[700] = foreign;
            packet.extend_from_slice(b"#locid:a!");
            assert_eq!(story(&packet), ["<length>", "#locid:a"]);
        }
    }

    #[test]
    fn half_a_kind_waits_for_the_rest() {
        let (mut framer, mut seen) = (Framer::default(), Vec::new());
        feed(&mut framer, b"#locid:a#fr", 64, &mut seen);
        assert!(seen.is_empty() && framer.mid_packet());
        feed(&mut framer, b"ame1:", 64, &mut seen);
        assert_eq!(seen.len(), 1);
        feed(&mut framer, b"00!", 64, &mut seen);
        assert!(seen.len() == 2 && !framer.mid_packet());
    }

    #[test]
    fn too_long_is_one_rejection() {
        let long =
            |kind: &str, n: usize| [kind.as_bytes(), &vec![b'0'; n - kind.len()], b"!00!\r\n00\n#locid:a!"].concat();
        assert_eq!(story(&long("#Sensor:", MAX_PACKET)), ["<too_long>", "#locid:a"]);
        assert_eq!(story(&long("#Sensor:", 300_000)), ["<too_long>", "#locid:a"]);
        assert_eq!(story(&long("#frame:", MAX_FRAME_PACKET)), ["<too_long>", "#locid:a"]);
        assert_eq!(story(&long("#frame:", MAX_FRAME_PACKET - 1)), ["<length>", "#locid:a"]);
        assert_eq!(story(&long("#frame:", MAX_PACKET)), ["<length>", "#locid:a"]);
    }

    #[test]
    fn the_largest_frame_fits() {
        let packet = bare(frame("a", 19_266));
        let seen = play(&[packet.as_slice(), b"!\r\n"].concat(), 999);
        let Seen::Rejected { reason: Reason::Length, start, .. } = &seen[0] else { panic!("{seen:?}") };
        assert_eq!(start.len(), packet.len());
    }

    #[test]
    fn memory_is_taken_late_and_given_back() {
        let (mut framer, mut seen) = (Framer::default(), Vec::new());
        assert_eq!(framer.capacity(), 0);
        feed(&mut framer, &frame("1", 834), 1300, &mut seen);
        assert_eq!(framer.capacity(), 4096);
        feed(&mut framer, &frame("1", 19_266)[..77_000], 65_536, &mut seen);
        assert!((77_000..=MAX_CAPACITY).contains(&framer.capacity()));
        feed(&mut framer, b"!", 1, &mut seen);
        assert!(!framer.space().is_empty());
        assert_eq!(framer.capacity(), 4096);
    }

    #[test]
    fn bytes_without_a_hash_are_counted() {
        let (mut framer, mut seen) = (Framer::default(), Vec::new());
        feed(&mut framer, b"#locid:a!", 3, &mut seen);
        assert_eq!(framer.bytes_without_hash(), 8);
        feed(&mut framer, &vec![0; 1 << 20], 4000, &mut seen);
        assert_eq!(framer.bytes_without_hash(), 8 + (1 << 20));
        feed(&mut framer, b"#", 1, &mut seen);
        assert_eq!(framer.bytes_without_hash(), 0);
        assert_eq!(framer.capacity(), 4096);
    }

    /// A packet, and how many of it are accepted.
    fn item() -> impl Strategy<Value = (Vec<u8>, usize)> {
        let good = prop_oneof![
            Just(frame("1234", 834)),
            Just(frame(":default room", 768)),
            Just(b"#Sensor1234:ADC1=269,ADC2=1296,ADC3:=1,DIO=0!\r\n".to_vec()),
            Just(b"#serialno:SIM409534!".to_vec()),
            Just(b"#locid:default room!\n".to_vec()),
        ];
        // Foreign bytes somewhere in the digits, as a lost command leaves them: never a '#', which may begin a packet.
        let foreign = prop::collection::vec(any::<u8>().prop_filter("foreign", |b| *b != b'#'), 1..8);
        let damaged = (20_usize..3300, 0_usize..8, foreign).prop_map(|(at, lost, foreign)| {
            let mut packet = frame("1234", 834);
            packet.splice(at..at + lost, [b"~".as_slice(), &foreign].concat());
            packet
        });
        prop_oneof![good.prop_map(|packet| (packet, 1)), damaged.prop_map(|packet| (packet, 0))]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn one_damaged_packet_costs_one_packet(items in prop::collection::vec(item(), 1..12), piece in 1_usize..5000) {
            let bytes: Vec<u8> = items.iter().flat_map(|(packet, _)| packet.clone()).collect();
            let seen = play(&bytes, piece);
            let n_good = seen.iter().filter(|s| matches!(s, Seen::Good(_))).count();
            prop_assert_eq!(n_good, items.iter().map(|(_, good)| good).sum::<usize>());
            prop_assert_eq!(seen.len(), items.len());
        }

        #[test]
        fn pieces_do_not_matter(
            items in prop::collection::vec(item(), 1..6),
            cuts in prop::collection::vec((0_usize..20_000, 0_usize..9, prop::collection::vec(b' '..b'~', 0..12)), 0..8),
        ) {
            let mut bytes: Vec<u8> = items.into_iter().flat_map(|(packet, _)| packet).collect();
            for (at, lost, put) in cuts {
                let at = at.min(bytes.len());
                bytes.splice(at..(at + lost).min(bytes.len()), put);
            }
            let whole = play(&bytes, usize::MAX);
            for piece in [1, 7, 1300, 65_536] {
                prop_assert_eq!(&play(&bytes, piece), &whole);
            }
        }
    }
}

mod decoding {
    use super::*;

    #[test]
    fn every_form_of_a_packet() {
        assert_eq!(decode(b"#serialno:SIM409534"), Ok(Packet::Serial("SIM409534")));
        assert_eq!(decode(b"#locid: default room "), Ok(Packet::Location("default room")));
        assert_eq!(decode(b"#frame:FFB0"), Ok(Packet::Frame { id: None, payload: b"FFB0" }));
        assert_eq!(decode(b"#frame7:FFB0"), Ok(Packet::Frame { id: Some("7"), payload: b"FFB0" }));
        assert_eq!(decode(b"#frame:the den:FFB0"), Ok(Packet::Frame { id: Some("the den"), payload: b"FFB0" }));
        assert_eq!(decode(b"#EEPROM1234:00AE"), Ok(Packet::Calibration { id: Some("1234"), payload: b"00AE" }));
        assert_eq!(id_of("#Sensor:ADC1=592,ADC2=894"), None);
        assert_eq!(id_of("#Sensor1234:ADC1=269,ADC3:=1").as_deref(), Some("1234"));
        assert_eq!(id_of("#Sensor:default room:ADC1=1000").as_deref(), Some("default room"));
    }

    #[test]
    fn a_colon_behind_a_key_makes_no_id() {
        assert_eq!(id_of("#Sensor:ADC1=5,ADC3:=1"), None);
        assert_eq!(id_of("#Sensor:ADC3:=1"), None);
        assert_eq!(id_of("#Sensor1234:ADC3:=1,x:y").as_deref(), Some("1234"));
    }

    #[test]
    fn reasons_in_their_order() {
        for (packet, reason) in [
            (b"".as_slice(), Reason::UnknownKind),
            (b"#", Reason::UnknownKind),
            (b"frame1:00", Reason::UnknownKind),
            (b"#Frame1:00", Reason::UnknownKind),
            (b"#sensor\xFF", Reason::UnknownKind),
            (b"#locid7:x", Reason::UnknownKind),
            (b"#frame1234\xFF", Reason::NoColon),
            (b"#Sensor", Reason::NoColon),
            (b"#frame12\xFF4:00", Reason::NotUtf8),
            (b"#Sensor1\x004:K=1", Reason::NotUtf8),
            (b"#locid:\x07bell", Reason::NotUtf8),
            (b"#serialno:", Reason::Length),
            (b"#locid:  ", Reason::Length),
        ] {
            assert_eq!(decode(packet), Err(reason), "{}", packet.escape_ascii());
        }
    }

    #[test]
    fn ids_have_64_characters_at_most() {
        for (n, sound) in [(64, true), (65, false), (200, false), (9000, false)] {
            for c in ["x", "\u{e9}", "\u{1f525}"] {
                let packet = format!("#Sensor{}:K=1", c.repeat(n));
                assert_eq!(decode(packet.as_bytes()).err(), (!sound).then_some(Reason::Length), "{n} {c}");
            }
        }
    }

    #[test]
    fn readings_of_a_real_line() {
        let read: Vec<_> = parts("ADC1=269,ADC2=1296,ADC3:=1,DIO=0").into_iter().map(Result::unwrap).collect();
        let expected = [("ADC1", 269.0), ("ADC2", 1296.0), ("ADC3", 1.0), ("DIO", 0.0)];
        assert_eq!(read, expected.map(|(key, value)| (key.to_owned(), value)));
    }

    #[test]
    fn one_bad_part_leaves_the_others() {
        let read = parts(" ADC1 = 5 ,,ADC2=999abc,nothing,=7,\u{7}=1,K\u{0}=1, T : =1.5,K=1,K=2,");
        let good = |key: &str, value| Ok((key.to_owned(), value));
        let bad_key = || Err(BadPart::Key);
        assert_eq!(
            read,
            [
                good("ADC1", 5.0),
                Err(BadPart::Value),
                bad_key(),
                bad_key(),
                bad_key(),
                good("T", 1.5),
                good("K", 1.0),
                good("K", 2.0)
            ]
        );
    }

    #[test]
    fn values_are_decimal_finite_and_bounded() {
        for (text, expected) in [
            ("-5", -5.0),
            ("+5", 5.0),
            ("-0", 0.0),
            ("1e5", 1e5),
            ("2.5", 2.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("-1E-3", -0.001),
            ("999999999999", 999_999_999_999.0),
            ("00000000000000000012", 12.0),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        let long = "1".repeat(33);
        for text in [
            "",
            "-",
            "+",
            ".",
            "e",
            "nan",
            "inf",
            "-inf",
            "infinity",
            "1e400",
            "1e13",
            "9999999999999",
            "0x10",
            "1 2",
            "--1",
            "+-1",
            "1_0",
            &long,
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn keys_and_parts_are_bounded() {
        assert_eq!(parts(&format!("{}=1", "k".repeat(24))).len(), 1);
        assert_eq!(parts(&format!("{}=1", "k".repeat(25))), [Err(BadPart::Key)]);
        assert!(parts(&format!("{}=1", "\u{e9}".repeat(24)))[0].is_ok());
        let many = parts(&"K=1,".repeat(500));
        assert_eq!((many.len(), many.last()), (65, Some(&Err(BadPart::TooMany))));
        assert_eq!(parts(&",".repeat(16_000)), []);
    }

    #[test]
    fn bytes_that_are_no_text_spoil_their_part_only() {
        let Ok(Packet::Readings { parts, .. }) = decode(b"#Sensor1:A=1,\xFF\xFE=2,C=3\xFF,D=4") else { panic!() };
        let read: Vec<_> = Parts::collect(parts);
        assert_eq!(read, [Ok(("A", 1.0)), Err(BadPart::Key), Err(BadPart::Value), Ok(("D", 4.0))]);
    }
}

mod hex {
    use super::*;

    fn decoded(payload: &[u8]) -> Result<Vec<u16>, Reason> {
        let mut out = vec![1, 2, 3];
        let judged = words(payload, |n| n == 4, &mut out);
        assert!(judged.is_ok() || out.is_empty(), "never a part of the words");
        judged.map(|()| out)
    }

    #[test]
    fn either_case_and_blanks() {
        assert_eq!(decoded(b"FFB0ffaA00017FFF"), Ok(vec![0xFFB0, 0xFFAA, 1, 0x7FFF]));
        assert_eq!(decoded(b"0102 0103  a \tFff"), Ok(vec![0x0102, 0x0103, 0xA, 0xFFF]));
        assert_eq!(decoded(b" 1 2 3 4 "), Ok(vec![1, 2, 3, 4]));
    }

    #[test]
    fn length_is_judged_before_digits() {
        for payload in [b"".as_slice(), b"FFB0ffaA00017FF", b"zzzz", b"00 01 02", b"00001 1 2 3", b"1 00002 2 3"] {
            assert_eq!(decoded(payload), Err(Reason::Length), "{}", payload.escape_ascii());
        }
        for payload in [b"zFB0ffaA00017FFF".as_slice(), b"FFB0ffaA#0017FFF", b"FFB0ffaA00017FF\xFF", b"1 2 g 4"] {
            assert_eq!(decoded(payload), Err(Reason::NotHex), "{}", payload.escape_ascii());
        }
    }

    #[test]
    fn only_two_lengths_of_a_frame_pass() {
        let mut out = Vec::new();
        for n_digits in [0, 1, 3071, 3072, 3073, 3328, 3335, 3336, 3337, 3340] {
            let judged = words(&vec![b'a'; n_digits], mlx90640, &mut out);
            assert_eq!(judged.is_ok(), n_digits == 3072 || n_digits == 3336, "{n_digits}");
        }
    }

    #[test]
    fn each_byte_is_a_digit_or_none() {
        for byte in 0..=u8::MAX {
            for at in [0, 7, 15] {
                let mut payload = *b"0000000000000000";
                payload[at] = byte;
                let expected = (byte as char).to_digit(16).map(|digit| {
                    let mut words = vec![0; 4];
                    words[at / 4] = (digit as u16) << (12 - at % 4 * 4);
                    words
                });
                let blank = byte.is_ascii_whitespace();
                if !blank {
                    assert_eq!(decoded(&payload).ok(), expected, "{byte} at {at}");
                } else {
                    assert!(decoded(&payload).is_err());
                }
            }
        }
    }

    proptest! {
        #[test]
        fn words_come_back(sent: Vec<u16>) {
            let (mut packet, mut out) = (Vec::new(), Vec::new());
            encode_frame("here", &sent, LineEnd::CrLf, &mut packet);
            let packet = bare(packet);
            let Ok(Packet::Frame { id, payload }) = decode(&packet) else { panic!() };
            words(payload, |n| n == sent.len(), &mut out).unwrap();
            prop_assert_eq!((id, out), (Some("here"), sent));
        }
    }
}

mod encoding {
    use super::*;

    fn encoded(encode: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        encode(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn all_kinds_and_line_ends() {
        assert_eq!(encoded(|out| encode_serial("SIM409534", LineEnd::Lf, out)), "#serialno:SIM409534!\n");
        assert_eq!(encoded(|out| encode_location("default room", LineEnd::None, out)), "#locid:default room!");
        assert_eq!(encoded(|out| encode_frame("7", &[0xFFB0, 1], LineEnd::CrLf, out)), "#frame7:FFB00001!\r\n");
        assert_eq!(encoded(|out| encode_frame(":the den", &[], LineEnd::Lf, out)), "#frame:the den:!\n");
        assert_eq!(encoded(|out| encode_calibration("", &[0xAE], LineEnd::Lf, out)), "#EEPROM:00AE!\n");
        let readings = [("ADC1", 269.0), ("ADC3:", 1.0), ("T", 21.5)];
        assert_eq!(
            encoded(|out| encode_readings("1234", &readings, LineEnd::CrLf, out)),
            "#Sensor1234:ADC1=269,ADC3:=1,T=21.5!\r\n"
        );
    }

    #[test]
    fn orders_come_back_without_line_ends_too() {
        for order in [Order::Stream, Order::Once, Order::Calibration] {
            for end in [LineEnd::None, LineEnd::Lf, LineEnd::CrLf] {
                assert!(matches!(Order::parse(order.bytes(end)), Some((same, _)) if same == order));
            }
        }
        assert_eq!(Order::parse(b"PERIODIC_ON\n"), Some((Order::Stream, 11)));
        assert_eq!(Order::parse(b"\r\nEEPROM1PERIOD_ON"), Some((Order::Calibration, 9)));
        assert_eq!(Order::parse(b"PERIOD_O"), None);
        assert_eq!(Order::parse(b""), None);
    }
}
