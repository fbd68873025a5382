//! The hot paths of lights: a frame from linear pixels to datagrams, and a node's state from JSON.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use hearthlight::drivers::{Dial, LocalId, Outputs, ddp};
use hearthlight::model::frame::Frame;
use hearthlight::sim::lights::SimOpts;
use hearthlight::sim::lights::wled::firmware::Firmware;
use hearthlight::units::color::Linear;
use hearthlight::units::moment::Moment;
use hearthlight::wire::wled::message;
use tokio_util::sync::CancellationToken;

const PIXELS: usize = 1000;

fn main() {
    divan::main();
}

/// A frame through the driver of a strip of 1000 pixels: taken, painted, encoded in three datagrams.
#[divan::bench]
fn ddp_frame_of_1000_pixels(bencher: Bencher) {
    let (options, secrets) = ([("pixels".into(), "1000".into())].into(), BTreeMap::new());
    let dial = Dial { address: "127.0.0.1", options: &options, secrets: &secrets };
    let mut driver = (ddp::FAMILY.open)(&dial).expect("an address").driver;
    let (mut out, mut now, strip) = (Outputs::default(), Moment::ZERO, LocalId("pixels".into()));
    let mut frame = Frame::dark(PIXELS);
    for (n, pixel) in frame.pixels_mut().iter_mut().enumerate() {
        *pixel = Linear::new(n as f32 / PIXELS as f32, 0.5, 0.25);
    }
    bencher.counter(ItemsCount::new(PIXELS)).bench_local(|| {
        now = now + Duration::from_millis(17);
        driver.frame(now, &strip, black_box(&frame));
        out.clear();
        driver.poll(now, &mut out);
        out.sends().map(|(.., payload)| payload.len()).sum::<usize>()
    });
}

/// What a node pushes after each change.
#[divan::bench]
fn wled_state_decoded(bencher: Bencher) {
    let opts = SimOpts::new(std::net::Ipv4Addr::LOCALHOST.into(), 0, CancellationToken::new());
    let text = Firmware::new(&opts).both(Moment::ZERO).to_string();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| message::decode(black_box(text.as_bytes())));
}
