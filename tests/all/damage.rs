//! Generated damage: no bytes of a sensor device make the codec panic, grow or lose count.
//!
//! The same seed gives the same cases. `HEARTHLIGHT_CASES` sets their number.

use fastrand::Rng;
use hearthlight::wire::thermal::{
    CALIBRATION_WORDS, Framed, Framer, LineEnd, MAX_CAPACITY, MAX_FRAME_PACKET, Packet, START_LEN, decode,
    encode_calibration, encode_frame, encode_location, encode_readings, encode_serial, words,
};

fn cases(default: usize) -> usize {
    std::env::var("HEARTHLIGHT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A receiver that counts.
#[derive(Default)]
struct Receiver {
    framer: Framer,
    out: Vec<u16>,
    n_framed: usize,
    n_accepted: usize,
    n_rejected: usize,
    n_parts: usize,
    /// A sum over all results, to compare two receivers.
    digest: u64,
}

impl Receiver {
    /// Feeds bytes in pieces of the sizes that `piece` gives.
    fn feed(&mut self, mut bytes: &[u8], mut piece: impl FnMut() -> usize) {
        while !bytes.is_empty() {
            let space = self.framer.space();
            assert!(!space.is_empty());
            let n = piece().max(1).min(space.len()).min(bytes.len());
            space[..n].copy_from_slice(&bytes[..n]);
            self.framer.filled(n);
            bytes = &bytes[n..];
            self.drain();
            assert!(self.framer.capacity() <= MAX_CAPACITY);
        }
    }

    fn drain(&mut self) {
        while let Some(framed) = self.framer.next() {
            self.n_framed += 1;
            let accepted = match framed {
                Framed::Packet(packet) => {
                    assert!(packet.starts_with(b"#") && packet.len() < MAX_FRAME_PACKET);
                    mix(&mut self.digest, packet);
                    judge(packet, &mut self.out, &mut self.n_parts)
                }
                Framed::Bad { reason, start, head } => {
                    assert!(start.len() <= START_LEN && head.len() <= 256);
                    mix(&mut self.digest, reason.name().as_bytes());
                    mix(&mut self.digest, start);
                    let _ = decode(head);
                    self.n_rejected += 1;
                    continue;
                }
            };
            if accepted {
                self.n_accepted += 1;
            } else {
                self.n_rejected += 1;
                self.framer.rejected();
            }
        }
    }
}

fn mix(digest: &mut u64, bytes: &[u8]) {
    let ends = [bytes.first(), bytes.get(bytes.len() / 2), bytes.last()];
    for value in ends.into_iter().flatten().map(|b| u64::from(*b)).chain([bytes.len() as u64]) {
        *digest = (digest.rotate_left(5) ^ value).wrapping_mul(0x0100_0000_01B3);
    }
}

fn judge(packet: &[u8], out: &mut Vec<u16>, n_parts: &mut usize) -> bool {
    match decode(packet) {
        Ok(Packet::Frame { payload, .. }) => words(payload, |n| [64, 768, 834].contains(&n), out).is_ok(),
        Ok(Packet::Calibration { payload, .. }) => words(payload, |n| n == CALIBRATION_WORDS, out).is_ok(),
        Ok(Packet::Readings { parts, .. }) => {
            for part in parts {
                *n_parts += 1;
                assert!(part.is_err() || part.is_ok_and(|(key, value)| !key.is_empty() && value.abs() <= 1e12));
            }
            true
        }
        Ok(Packet::Serial(text) | Packet::Location(text)) => {
            assert!((1..=64).contains(&text.chars().count()));
            true
        }
        Err(_) => false,
    }
}

/// One packet of each kind and form; the short ones more often than the long ones.
fn valid(rng: &mut Rng, out: &mut Vec<u8>) {
    let end = rng.choice([LineEnd::None, LineEnd::Lf, LineEnd::CrLf]).unwrap_or_default();
    let id = rng.choice(["", "1234", ":default room", ":", "\u{e9}tage"]).unwrap_or_default();
    let pixels = [rng.u16(..); 834];
    match rng.u32(..64) {
        0 => encode_frame(id, &pixels, end, out),
        1 => encode_frame(id, &pixels[..768], end, out),
        2 => encode_calibration(id, &pixels[..CALIBRATION_WORDS], end, out),
        3..20 => encode_frame(id, &pixels[..64], end, out),
        20..24 => out.extend_from_slice(b"#frame:1 2 ff b0 0 1 2 3!\n"),
        24..30 => encode_serial("SIM409534", end, out),
        30..36 => encode_location("default room", end, out),
        _ => {
            let readings = [("ADC1", f64::from(rng.u16(..))), ("ADC3:", 1.0), ("T", -2.5), ("DIO", 0.0)];
            encode_readings(id, &readings, end, out);
        }
    }
}

/// Damages what stands in `bytes` from `from` on.
fn damage(rng: &mut Rng, bytes: &mut Vec<u8>, from: usize) {
    for _ in 0..rng.usize(1..4) {
        if bytes.len() <= from {
            return;
        }
        let (a, b) = (rng.usize(from..bytes.len()), rng.usize(from..bytes.len()));
        let (low, high) = (a.min(b), a.max(b).min(a.min(b) + 40));
        match rng.u32(..7) {
            0 => bytes[a] ^= 1 << rng.u32(..8),
            1 => bytes.truncate(a),
            2 => drop(bytes.drain(low..high)),
            3 => drop(bytes.splice(a..a, (0..rng.usize(1..9)).map(|_| rng.u8(..)))),
            4 => bytes.extend_from_within(low..high),
            5 => bytes.swap(a, b),
            _ => bytes[a] = rng.choice(*b"#!\n\r:=,. \0").unwrap_or_default(),
        }
    }
}

/// Mutated packets, now and then with pieces of two kinds in one, through two receivers that cut differently.
fn mutated(n_cases: usize) {
    let mut rng = Rng::with_seed(0x68656172);
    let (mut left, mut right) = (Receiver::default(), Receiver::default());
    let mut bytes = Vec::new();
    for case in 0..n_cases {
        bytes.clear();
        valid(&mut rng, &mut bytes);
        if rng.u8(..8) == 0 {
            bytes.truncate(rng.usize(..bytes.len()));
            valid(&mut rng, &mut bytes);
        }
        if rng.u8(..8) != 0 {
            damage(&mut rng, &mut bytes, 0);
        }
        left.feed(&bytes, || rng.usize(1..4000));
        right.feed(&bytes, || 7);
        assert_eq!((left.digest, left.n_framed), (right.digest, right.n_framed), "case {case}");
    }
    assert_eq!(left.n_accepted + left.n_rejected, left.n_framed);
    assert!(left.n_accepted > n_cases / 4 && left.n_rejected > n_cases / 4, "both happen often");
    assert!(left.n_parts > left.n_accepted / 2, "readings are read");
}

/// Random bytes in random pieces; some letters come more often, so that packets begin and end.
fn random(n_bytes: usize) {
    let mut rng = Rng::with_seed(0x6C696768);
    let mut receiver = Receiver::default();
    let mut bytes = Vec::new();
    let mut n_fed = 0;
    while n_fed < n_bytes {
        bytes.clear();
        for _ in 0..rng.usize(1..3000) {
            match rng.u32(..100) {
                0 => bytes.extend_from_slice(
                    rng.choice(["#frame", "#Sensor", "#EEPROM", "#locid:", "#se"]).unwrap_or_default().as_bytes(),
                ),
                1 => bytes.push(rng.choice(*b"#!\n:=,").unwrap_or_default()),
                _ => bytes.push(rng.u8(..)),
            }
        }
        n_fed += bytes.len();
        receiver.feed(&bytes, || rng.usize(1..2000));
    }
    assert_eq!(receiver.n_accepted + receiver.n_rejected, receiver.n_framed);
    assert!(receiver.n_framed > 0 && receiver.framer.bytes_without_hash() <= n_fed);
}

#[test]
fn twenty_thousand_mutated_packets() {
    mutated(cases(20_000));
}

#[test]
fn random_bytes_in_random_pieces() {
    random(cases(20_000));
}

#[test]
#[ignore = "needs minutes of CPU"]
fn ten_million_mutated_packets() {
    mutated(cases(10_000_000));
}

#[test]
#[ignore = "needs minutes of CPU"]
fn ten_million_random_bytes_in_random_pieces() {
    random(cases(10_000_000));
}
