//! The sensor protocol's hot path: a line of readings and a frame, from bytes to values.

use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
use hearthlight::wire::thermal::{Framed, Framer, LineEnd, Packet, decode, encode_frame, words};

const LINE: &[u8] = b"#Sensor1234:ADC1=269,ADC2=1296,ADC3:=1,DIO=0!\r\n";

fn main() {
    divan::main();
}

fn frame() -> Vec<u8> {
    let (mut out, pixels) = (Vec::new(), (0..834).map(|i| 0xFF60 + i % 160).collect::<Vec<u16>>());
    encode_frame("1234", &pixels, LineEnd::CrLf, &mut out);
    out
}

/// Frames and decodes everything that `bytes` holds; the sum of all values.
fn receive(framer: &mut Framer, bytes: &[u8], out: &mut Vec<u16>) -> f64 {
    let space = framer.space();
    space[..bytes.len()].copy_from_slice(bytes);
    framer.filled(bytes.len());
    let mut sum = 0.0;
    while let Some(framed) = framer.next() {
        let Framed::Packet(packet) = framed else { continue };
        match decode(packet) {
            Ok(Packet::Readings { parts, .. }) => sum += parts.flatten().map(|(_, value)| value).sum::<f64>(),
            Ok(Packet::Frame { payload, .. }) if words(payload, |n| n == 834, out).is_ok() => sum += f64::from(out[0]),
            _ => {}
        }
    }
    sum
}

#[divan::bench]
fn line_framed_and_decoded(bencher: Bencher) {
    let (mut framer, mut out) = (Framer::default(), Vec::new());
    bencher.counter(BytesCount::of_slice(LINE)).bench_local(|| receive(&mut framer, black_box(LINE), &mut out));
}

#[divan::bench]
fn frame_framed_and_decoded(bencher: Bencher) {
    let (mut framer, mut out, frame) = (Framer::default(), Vec::new(), frame());
    bencher.counter(BytesCount::of_slice(&frame)).bench_local(|| receive(&mut framer, black_box(&frame), &mut out));
}

#[divan::bench]
fn frame_hex_decoded(bencher: Bencher) {
    let (frame, mut out) = (frame(), Vec::new());
    let digits = &frame[11..11 + 3336];
    bencher.counter(BytesCount::of_slice(digits)).bench_local(|| words(black_box(digits), |n| n == 834, &mut out));
}
