//! The protocols of strips at serial ports: published vectors, and whatever else may come down a line.

use hearthlight::wire::adalight::Count;
use hearthlight::wire::{Error, adalight, awa, tpm2};

const RED_BLUE: [[u8; 3]; 2] = [[255, 0, 0], [0, 0, 255]];

fn made(encode: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    encode(&mut out);
    out
}

#[test]
fn adalight_is_as_published() {
    let bytes = made(|out| adalight::encode(Count::MinusOne, RED_BLUE.into_iter(), out));
    assert_eq!(bytes, [0x41, 0x64, 0x61, 0x00, 0x01, 0x54, 0xFF, 0, 0, 0, 0, 0xFF]);
    assert_eq!(adalight::decode(Count::MinusOne, &bytes), Ok((RED_BLUE.as_flattened(), 12)));
    let plain = made(|out| adalight::encode(Count::Plain, RED_BLUE.into_iter(), out));
    assert_eq!(plain[3..6], [0x00, 0x02, 0x57]);
    assert_eq!(adalight::decode(Count::Plain, &plain), Ok((RED_BLUE.as_flattened(), 12)));
}

#[test]
fn tpm2_is_as_published() {
    let bytes = made(|out| tpm2::encode([[255; 3]].into_iter(), out));
    assert_eq!(bytes, [0xC9, 0xDA, 0x00, 0x03, 0xFF, 0xFF, 0xFF, 0x36]);
    assert_eq!(tpm2::decode(&bytes), Ok(([255; 3].as_slice(), 8)));
    assert_eq!(tpm2::decode(&[0xC9, 0xAA]), Err(Error::Unsupported));
}

#[test]
fn awa_is_as_published() {
    let bytes = made(|out| awa::encode([[1, 2, 3]].into_iter(), out));
    assert_eq!(bytes, [0x41, 0x77, 0x61, 0x00, 0x00, 0x55, 0x01, 0x02, 0x03, 0x06, 0x0A, 0x05]);
    assert_eq!(awa::decode(&bytes), Ok(([1, 2, 3].as_slice(), 12)));
    assert_eq!(awa::check(&[0x41])[2], 0xAA, "the letter A must not stand in the check");
}

#[test]
fn nothing_is_no_frame_and_too_much_is_cut() {
    assert!(made(|out| adalight::encode(Count::Plain, std::iter::empty(), out)).is_empty());
    assert!(made(|out| awa::encode(std::iter::empty(), out)).is_empty());
    let many = || vec![[7; 3]; 70_000].into_iter();
    assert_eq!(made(|out| adalight::encode(Count::MinusOne, many(), out)).len(), 6 + 3 * adalight::MAX_PIXELS);
    assert_eq!(made(|out| awa::encode(many(), out)).len(), 9 + 3 * awa::MAX_PIXELS);
    let long = made(|out| tpm2::encode(many(), out));
    assert_eq!(tpm2::decode(&long).map(|(payload, _)| payload.len()), Ok(3 * tpm2::MAX_PIXELS));
}

type Decode = fn(&[u8]) -> Result<(&[u8], usize), Error>;

/// Each decoder with a whole frame for it.
fn all() -> [(Decode, Vec<u8>); 4] {
    let pixels = || [[1, 2, 3], [4, 5, 6], [0xC9, 0xDA, 0x41]].into_iter();
    [
        (
            |bytes| adalight::decode(Count::MinusOne, bytes),
            made(|out| adalight::encode(Count::MinusOne, pixels(), out)),
        ),
        (|bytes| adalight::decode(Count::Plain, bytes), made(|out| adalight::encode(Count::Plain, pixels(), out))),
        (tpm2::decode, made(|out| tpm2::encode(pixels(), out))),
        (awa::decode, made(|out| awa::encode(pixels(), out))),
    ]
}

#[test]
fn every_truncation_is_an_error() {
    for (decode, whole) in all() {
        for n in 0..whole.len() {
            assert_eq!(decode(&whole[..n]), Err(Error::Truncated), "{n} of {whole:02X?}");
        }
        assert_eq!(decode(&whole).map(|(_, taken)| taken), Ok(whole.len()));
    }
}

#[test]
fn a_damaged_head_or_check_is_no_frame() {
    for (decode, whole) in all() {
        for place in [0, 1] {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x80;
            assert!(decode(&bytes).is_err(), "byte {place} of {whole:02X?}");
        }
    }
    let [.., (_, mut awa_frame)] = all();
    awa_frame[7] ^= 1;
    assert_eq!(awa::decode(&awa_frame), Err(Error::Malformed { what: "check bytes of a frame" }));
}

#[test]
fn generated_input_never_panics() {
    let n: u64 = std::env::var("HEARTHLIGHT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let mut chance = fastrand::Rng::with_seed(5);
    let frames = all();
    for _ in 0..n {
        let (decode, whole) = &frames[chance.usize(..frames.len())];
        let mut bytes = whole.clone();
        for _ in 0..chance.usize(..4) {
            let place = chance.usize(..bytes.len());
            bytes[place] = chance.u8(..);
        }
        bytes.truncate(chance.usize(..=bytes.len()));
        if let Ok((pixels, taken)) = decode(&bytes) {
            assert!(pixels.len() < taken && taken <= bytes.len());
        }
    }
}
