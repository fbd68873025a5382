//! LIFX: the driver and simulated devices, without a socket. `foreign_peer` starts `lifx-emulator` (PyPI) from PATH.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hearthlight::drivers::lifx::FAMILY;
use hearthlight::drivers::lifx::products::{PRODUCTS, find};
use hearthlight::drivers::light::{Thing, Wish};
use hearthlight::drivers::{LocalId, Report};
use hearthlight::engine::link::Told;
use hearthlight::engine::links::{Heard, Net, start};
use hearthlight::model::lights::connection::ConnectionId;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::SimOpts;
use hearthlight::sim::lights::lifx::Device;
use hearthlight::units::color::{Linear, Mirek, Xy};
use hearthlight::units::moment::Moment;
use hearthlight::wire::Channel;
use hearthlight::wire::lifx::message::Message;
use hearthlight::wire::lifx::parts::{Hsbk, Label};
use hearthlight::wire::lifx::{DISCOVER, Header, decode, encode};
use tokio_util::sync::CancellationToken;

use crate::drivers_bench::{Bench, In, Peer, claimed, on};

impl Peer for Device {
    fn open(&mut self, _: Moment, channel: Channel, back: &mut Vec<(Channel, In)>) {
        back.push((channel, In::Opened));
    }

    fn hear(&mut self, now: Moment, channel: Channel, payload: &[u8], back: &mut Vec<(Channel, In)>) {
        self.receive(now, payload, |answer| back.push((channel, In::Datagram(answer.to_vec()))));
    }
}

fn device(kind: &str, pixels: u16) -> Device {
    let opts = SimOpts::new([127, 0, 0, 1].into(), 7, CancellationToken::new());
    Device::new(&SimOpts { kind: kind.to_owned(), pixels, room: Some("Study".to_owned()), ..opts }, 56_700)
}

fn bench(kind: &str, pixels: u16) -> Bench<Device> {
    let mut bench = Bench::new(&FAMILY, &[], device(kind, pixels));
    bench.pass(3000);
    bench
}

fn red() -> Color {
    Color::Xy(Linear::new(1.0, 0.0, 0.0).xy())
}

fn shown(bench: &Bench<Device>) -> Vec<Hsbk> {
    bench.world.peer.colors(bench.world.now)
}

fn answer_to_discovery() -> Vec<u8> {
    let mut answer = Vec::new();
    device("", 0).receive(Moment::ZERO, DISCOVER, |bytes| answer = bytes.to_vec());
    answer
}

#[test]
fn discovery() {
    let claim = claimed(&FAMILY, "10.0.0.9:56700", &answer_to_discovery()).unwrap();
    assert_eq!(claim.identity.as_deref(), Some("d073d5000007"));
    assert_eq!(claim.address, "10.0.0.9:56700");
    assert_eq!(claimed(&FAMILY, "10.0.0.9:56700", DISCOVER), None, "our own question is no device");
    assert_eq!(claimed(&FAMILY, "10.0.0.9:56700", b"HTTP/1.1 200 OK"), None);
}

#[test]
fn identity_survives_address_change() {
    let claim = claimed(&FAMILY, "10.0.9.77:56700", &answer_to_discovery()).unwrap();
    let bench = bench("", 0);
    assert_eq!(bench.identity(), claim.identity.as_deref());
    let named = bench.told.iter().any(|told| match told {
        Told::Report(Report::Found(_, Thing::Light { name, room, .. })) => {
            &**name == "LIFX 8" && room.as_deref() == Some("Study")
        }
        _ => false,
    });
    assert!(named);
}

#[test]
fn another_device_at_its_address_is_not_taken_for_it() {
    let mut bench = Bench::new(&FAMILY, &[("mac", "d073d5999999")], device("", 0));
    bench.pass(5000);
    assert_eq!(bench.identity(), None);
    assert_eq!(bench.healths(), [false]);
}

#[test]
fn colour() {
    let mut bench = bench("", 0);
    assert!(bench.capabilities("light").color.is_some());
    bench.wish("light", &on(0.5, red(), 0));
    bench.pass(100);
    let color = shown(&bench)[0];
    assert_eq!((color.hue, color.saturation, color.kelvin), (0, u16::MAX, 3500));
    assert!(color.brightness.abs_diff(u16::MAX / 2) < 2);
    let reported = bench.reported("light");
    assert_eq!((reported.on, reported.brightness, reported.color), (Some(true), Some(0.5), Some(red())));
    bench.wish(
        "light",
        &Wish::State { state: State { on: false, brightness: 0.5, color: red(), effect: None }, transition_ms: 0 },
    );
    bench.pass(100);
    assert!(!bench.world.peer.is_on());
    assert_eq!(bench.reported("light").on, Some(false));
    assert_eq!(shown(&bench)[0], color, "a light that is off keeps its colour");
}

#[test]
fn white() {
    let mut bench = bench("white", 0);
    let capabilities = bench.capabilities("light");
    assert_eq!((capabilities.color, capabilities.mirek), (None, Some(111..=667)));
    bench.wish("light", &on(1.0, Color::Mirek(Mirek::new(400)), 0));
    bench.pass(100);
    assert_eq!(shown(&bench)[0], Hsbk { hue: 0, saturation: 0, brightness: u16::MAX, kelvin: 2500 });
    assert_eq!(bench.reported("light").color, Some(Color::Mirek(Mirek::new(400))));
}

#[test]
fn transition() {
    let mut bench = bench("", 0);
    bench.wish("light", &on(0.5, Color::Mirek(Mirek::new(370)), 1000));
    bench.pass(500);
    let half = shown(&bench)[0].brightness;
    assert!(half.abs_diff(u16::MAX / 4 * 3) < 700, "{half}");
    bench.pass(700);
    assert!(shown(&bench)[0].brightness.abs_diff(u16::MAX / 2) < 2);
}

#[test]
fn segments() {
    for (kind, pixels, packet) in [("strip", 120, 510), ("old-strip", 16, 501)] {
        let mut bench = bench(kind, pixels);
        assert_eq!(bench.capabilities("light").segments, pixels);
        let blue = Linear::new(0.0, 0.0, 1.0).xy();
        let points: Vec<Xy> = (0..pixels).map(|n| if n < pixels / 2 { red().xy() } else { blue }).collect();
        let gradient = Color::Gradient(points.into());
        bench.wish("light", &on(1.0, gradient.clone(), 0));
        bench.pass(1000);
        let zones = shown(&bench);
        assert_eq!((zones[0].hue, zones[usize::from(pixels) - 1].hue), (0, 43_690));
        assert_eq!(bench.reported("light").color, Some(gradient));
        assert!(bench.world.sent.iter().any(|(_, _, bytes)| decode(bytes).unwrap().message.kind() == packet));
        bench.wish("light", &on(1.0, red(), 0));
        bench.pass(1000);
        assert!(shown(&bench).iter().all(|zone| zone.hue == 0));
    }
}

#[test]
fn pixels() {
    for (kind, n_pixels) in [("", 1), ("strip", 120), ("old-strip", 16), ("tiles", 320), ("ceiling", 128)] {
        let mut bench = bench(kind, 0);
        assert_eq!(bench.capabilities("light").pixels, n_pixels, "{kind}");
        let half = usize::from(n_pixels) / 2;
        let pixels: Vec<Linear> = (0..usize::from(n_pixels))
            .map(|n| if n < half { Linear::new(1.0, 0.0, 0.0) } else { Linear::new(0.0, 0.25, 0.0) })
            .collect();
        bench.frame("light", &pixels);
        bench.pass(2000);
        let cells = shown(&bench);
        let last = cells[cells.len() - 1];
        assert_eq!((last.hue, last.brightness), (21_845, 16_384), "{kind}");
        assert!(n_pixels == 1 || (cells[0].hue, cells[0].brightness) == (0, u16::MAX), "{kind}");
    }
}

#[test]
fn push_or_poll() {
    let mut bench = bench("strip", 0);
    let mut packet = Vec::new();
    let color = Hsbk { hue: 21_845, saturation: u16::MAX, brightness: u16::MAX / 2, kelvin: 3500 };
    let header = Header { source: 99, sequence: 1, ..Header::default() };
    encode(&header, &Message::SetColor { color, duration_ms: 0 }, &mut packet);
    let now = bench.world.now;
    bench.world.peer.receive(now, &packet, |_| {});
    bench.pass(11_000);
    let reported = bench.reported("light");
    assert!(reported.color.unwrap().xy().distance(Linear::new(0.0, 1.0, 0.0).xy()) < 0.01);
    assert!((reported.brightness.unwrap() - 0.5).abs() < 0.01);
    bench.pass(60_000);
    let per_minute = bench.n_sent(Channel::Udp, 60_000);
    assert!((10..=30).contains(&per_minute), "{per_minute} questions a minute");
}

#[test]
fn streaming() {
    let mut bench = bench("tiles", 0);
    let dark = State { on: false, brightness: 1.0, color: red(), effect: None };
    bench.wish("light", &Wish::State { state: dark, transition_ms: 0 });
    bench.pass(500);
    let before = shown(&bench);
    for n in 0..60 {
        bench.frame("light", &vec![Linear::new(0.0, 0.0, n as f32 / 60.0); 320]);
        bench.pass(50);
    }
    assert!(bench.world.peer.is_on());
    assert_eq!(shown(&bench)[319].hue, 43_690);
    let acknowledged = |(at, _, bytes): &(Moment, Channel, Vec<u8>)| {
        *at > bench.world.now - Duration::from_secs(2) && decode(bytes).unwrap().header.wants_ack
    };
    assert!(!bench.world.sent.iter().any(acknowledged), "frames are not acknowledged");
    bench.wish("light", &Wish::Leave);
    bench.pass(1000);
    assert_eq!((bench.world.peer.is_on(), bench.reported("light").on), (false, Some(false)));
    assert_eq!(shown(&bench), before, "it shows again what it showed");
    bench.frame("light", &[Linear::new(1.0, 1.0, 1.0); 320]);
    bench.pass(100);
    assert!(bench.world.peer.is_on());
    bench.pass(4000);
    assert!(!bench.world.peer.is_on(), "a stream that falls silent is over");
    assert_eq!(bench.world.peer.n_too_many(), 0);
}

#[test]
fn pacing() {
    for kind in ["", "strip", "old-strip", "tiles"] {
        let mut bench = bench(kind, 0);
        for n in 0..600_u16 {
            bench.wish("light", &on(f32::from(n + 1) / 600.0, red(), 0));
            bench.pass(16);
        }
        bench.pass(3000);
        assert_eq!(bench.world.peer.n_too_many(), 0, "{kind}");
        assert_eq!(shown(&bench)[0].brightness, u16::MAX, "{kind}: the last one counts");
        assert_eq!(bench.reported("light").brightness, Some(1.0), "{kind}");
        assert!(bench.n_sent(Channel::Udp, 12_600) <= 262, "{kind}");
    }
}

#[test]
fn a_slider_ends_exactly() {
    let mut bench = bench("", 0);
    for round in 0..400 {
        for step in 0..40 + round % 37 {
            bench.wish("light", &on(0.2 + (step % 50) as f32 * 0.016, red(), 100));
            bench.pass(16);
        }
        bench.wish("light", &on(0.37, red(), 100));
        bench.pass(1000);
        assert_eq!(bench.reported("light").brightness, Some(0.37), "not from the middle of its fade, round {round}");
        bench.pass(617 + round % 13);
        assert_eq!(bench.reported("light").brightness, Some(0.37));
    }
}

#[test]
fn losses_are_made_good() {
    for kind in ["", "strip", "tiles"] {
        let mut bench = Bench::new(&FAMILY, &[], device(kind, 0));
        bench.world.loses = 5;
        bench.pass(20_000);
        for n in 1..=40_u16 {
            bench.wish("light", &on(f32::from(n) / 40.0, red(), 0));
            bench.pass(1500);
        }
        bench.pass(20_000);
        assert_eq!(shown(&bench)[0].brightness, u16::MAX, "{kind}");
        assert_eq!(bench.reported("light").brightness, Some(1.0), "{kind}");
    }
}

#[test]
fn unreachable_and_back_once() {
    let mut bench = bench("strip", 0);
    assert_eq!(bench.healths(), [true]);
    bench.world.is_away = true;
    bench.pass(60_000);
    assert_eq!(bench.healths(), [true, false], "one line down");
    bench.wish("light", &on(0.25, red(), 0));
    bench.pass(60_000);
    bench.world.is_away = false;
    bench.pass(120_000);
    assert_eq!(bench.healths(), [true, false, true], "one line up");
    assert_eq!(shown(&bench)[0].brightness, 16_384, "what was wanted meanwhile is sent");
    assert_eq!(bench.reported("light").brightness, Some(0.25));
}

#[test]
fn a_product_that_is_not_known_is_asked_what_it_is() {
    struct New(Device);
    impl Peer for New {
        fn open(&mut self, now: Moment, channel: Channel, back: &mut Vec<(Channel, In)>) {
            self.0.open(now, channel, back);
        }
        fn hear(&mut self, now: Moment, channel: Channel, payload: &[u8], back: &mut Vec<(Channel, In)>) {
            let start = back.len();
            self.0.hear(now, channel, payload, back);
            for (_, answer) in &mut back[start..] {
                let In::Datagram(bytes) = answer else { continue };
                let packet = decode(bytes).unwrap();
                if let Message::StateVersion { .. } = packet.message {
                    let mut other = Vec::new();
                    encode(&packet.header, &Message::StateVersion { vendor: 1, product: 99_999 }, &mut other);
                    *bytes = other;
                }
            }
        }
    }
    for (kind, segments, pixels) in [("", 0, 1), ("strip", 120, 120), ("old-strip", 16, 16), ("tiles", 0, 320)] {
        let mut bench = Bench::new(&FAMILY, &[], New(device(kind, 0)));
        bench.pass(5000);
        let capabilities = bench.capabilities("light");
        assert_eq!((capabilities.segments, capabilities.pixels), (segments, pixels), "{kind}");
    }
}

#[test]
fn it_makes_itself_known_and_is_as_before() {
    for is_on in [true, false] {
        let mut bench = bench("", 0);
        let state = State { on: is_on, brightness: 1.0, color: red(), effect: None };
        bench.wish("light", &Wish::State { state, transition_ms: 0 });
        bench.pass(1000);
        bench.wish("light", &Wish::Identify);
        bench.pass(1000);
        assert!(bench.world.sent.iter().any(|(_, _, bytes)| decode(bytes).unwrap().message.kind() == 103));
        assert!(bench.world.peer.is_on());
        bench.pass(20_000);
        assert_eq!(bench.world.peer.is_on(), is_on);
    }
}

#[test]
fn diagnostics() {
    let dial =
        hearthlight::drivers::Dial { address: "10.0.0.7", options: &Default::default(), secrets: &Default::default() };
    let names: Vec<_> = (FAMILY.open)(&dial).unwrap().driver.diagnostics().iter().map(|(name, _)| *name).collect();
    assert!(names.contains(&"mac") && names.contains(&"sent again"), "{names:?}");
}

#[test]
fn products_are_in_order() {
    assert!(PRODUCTS.is_sorted_by(|a, b| a.id < b.id));
    assert!(PRODUCTS.iter().all(|product| product.warmest <= product.coldest));
    assert_eq!(find(55).map(|product| product.name), Some("LIFX Tile"));
    assert_eq!(Label::new("Bücherregal über dem Schreibtisch").text(), "Bücherregal über dem Schreibti");
}

/// A process that ends with its test.
struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
#[ignore = "needs lifx-emulator"]
async fn foreign_peer() {
    for (n, (flag, segments, pixels)) in
        [("--color", 0, 1), ("--multizone", 16, 16), ("--tile", 0, 320)].into_iter().enumerate()
    {
        let port = 56_790 + n as u16;
        let args = ["--bind", "127.0.0.1", "--port", &port.to_string(), flag, "1"];
        let others = ["--color", "--multizone", "--tile"].into_iter().filter(|other| *other != flag);
        let none: Vec<&str> = others.flat_map(|other| [other, "0"]).collect();
        let mut command = Command::new("lifx-emulator");
        command.args(args).args(none).stdout(Stdio::null()).stderr(Stdio::null());
        let _emulator = Emulator(command.spawn().unwrap());
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let (options, secrets) = (Default::default(), Default::default());
        let address = format!("127.0.0.1:{port}");
        let dial = hearthlight::drivers::Dial { address: &address, options: &options, secrets: &secrets };
        let handle = start(ConnectionId("lamp".into()), (FAMILY.open)(&dial).unwrap(), &Net::default(), told);
        let light = LocalId("light".into());
        let mut has_wished = false;
        loop {
            // Only so that a hang ends; nothing here is timed.
            let said = tokio::time::timeout(Duration::from_secs(60), heard.recv()).await;
            let Heard::Told(_, Told::Report(report)) = said.expect("the emulator answers").unwrap() else { continue };
            match report {
                Report::Found(_, Thing::Light { capabilities, .. }) => {
                    if segments > 0 {
                        assert!(capabilities.segments > 0);
                    }
                    assert!(capabilities.pixels >= pixels, "{flag}: {}", capabilities.pixels);
                    handle.wish(&light, on(0.5, red(), 0));
                    handle.go();
                    has_wished = true;
                }
                Report::State(_, said) if has_wished && format!("{said:?}").contains("brightness: Some(0.5)") => break,
                _ => {}
            }
        }
        handle.stop();
    }
}
