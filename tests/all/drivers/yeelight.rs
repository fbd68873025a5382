//! Yeelight: the driver and simulated devices, without a socket.

use std::net::SocketAddr;

use hearthlight::drivers::light::Wish;
use hearthlight::drivers::yeelight::FAMILY;
use hearthlight::model::lights::capabilities::PowerOn;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::SimOpts;
use hearthlight::sim::lights::yeelight::Device;
use hearthlight::units::color::{Linear, Mirek};
use hearthlight::units::moment::Moment;
use hearthlight::wire::Channel;
use tokio_util::sync::CancellationToken;

use crate::drivers_bench::{Bench, In, Peer, claimed, on};

/// A device with its connections.
struct Home {
    device: Device,
    is_silent: bool,
    /// It drops its ordinary connection when it dials for music.
    drops: bool,
    here: SocketAddr,
}

impl Peer for Home {
    fn open(&mut self, _: Moment, channel: Channel, back: &mut Vec<(Channel, In)>) {
        back.push((channel, In::Opened));
        if channel == Channel::Listen {
            back.push((channel, In::Listening(([10, 0, 0, 2], 40_000).into())));
        }
    }

    fn hear(&mut self, now: Moment, channel: Channel, payload: &[u8], back: &mut Vec<(Channel, In)>) {
        if self.is_silent {
            return;
        }
        if channel == Channel::Udp {
            if Device::is_asked(payload) {
                back.push((channel, In::Datagram(self.device.advert(self.here).into_bytes())));
            }
            return;
        }
        for line in payload.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let outcome = self.device.line(now, (channel == Channel::Tcp).then_some(1), line);
            let mut bytes = outcome.answer.into_bytes();
            bytes.extend(outcome.notice.into_bytes());
            // Cut somewhere, as streams are.
            let rest = bytes.split_off(bytes.len() / 3);
            back.extend([(Channel::Tcp, In::Bytes(bytes)), (Channel::Tcp, In::Bytes(rest))]);
            if outcome.dials.is_some() {
                assert_eq!(outcome.dials, Some(([10, 0, 0, 2], 40_000).into()));
                back.push((Channel::Listen, In::Accepted(([10, 0, 0, 7], 5000).into())));
                if self.drops {
                    back.push((Channel::Tcp, In::Closed("it hung up")));
                }
            }
            if outcome.ends_music {
                back.push((Channel::Listen, In::Hung));
            }
        }
    }
}

fn home(kind: &str) -> Home {
    let opts = SimOpts::new([127, 0, 0, 1].into(), 7, CancellationToken::new());
    let device = Device::new(&SimOpts { kind: kind.to_owned(), name: Some("Shelf".to_owned()), ..opts });
    Home { device, is_silent: false, drops: false, here: ([10, 0, 0, 7], 55_443).into() }
}

fn bench(kind: &str) -> Bench<Home> {
    let mut bench = Bench::new(&FAMILY, &[], home(kind));
    bench.pass(3500);
    bench
}

fn prop<'a>(bench: &'a Bench<Home>, name: &str) -> &'a str {
    bench.world.peer.device.prop(name)
}

fn red() -> Color {
    Color::Xy(Linear::new(1.0, 0.0, 0.0).xy())
}

fn off() -> Wish {
    Wish::State { state: State { on: false, brightness: 1.0, color: red(), effect: None }, transition_ms: 0 }
}

#[test]
fn discovery() {
    let advert = home("color").device.advert(home("color").here);
    let claim = claimed(&FAMILY, "10.0.0.7:1982", advert.as_bytes()).unwrap();
    assert_eq!(claim.identity.as_deref(), Some("0000000000152407"));
    assert_eq!((claim.name.as_str(), claim.address.as_str()), ("Shelf", "10.0.0.7:55443"));
    let announced = advert.replacen("HTTP/1.1 200 OK", "NOTIFY * HTTP/1.1", 1);
    assert_eq!(claimed(&FAMILY, "10.0.0.7:1982", announced.as_bytes()), Some(claim));
    assert_eq!(claimed(&FAMILY, "10.0.0.66:1982", advert.as_bytes()), None, "said by somebody else");
    assert_eq!(claimed(&FAMILY, "10.0.0.7:1982", hearthlight::wire::yeelight::SEARCH), None);
}

#[test]
fn identity_survives_address_change() {
    let moved = home("color").device.advert(([10, 0, 9, 77], 55_443).into());
    let claim = claimed(&FAMILY, "10.0.9.77:1982", moved.as_bytes()).unwrap();
    assert_eq!(bench("color").identity(), claim.identity.as_deref());
}

#[test]
fn another_device_at_its_address_is_not_taken_for_it() {
    let mut bench = Bench::new(&FAMILY, &[("id", "0x9")], home("color"));
    bench.pass(5000);
    assert_eq!(bench.identity(), None);
    assert!(bench.told.iter().any(|told| format!("{told:?}").contains("another device has its address")));
}

#[test]
fn colour() {
    let mut bench = bench("color");
    assert!(bench.capabilities("light").color.is_some());
    bench.wish("light", &on(0.504, red(), 0));
    bench.pass(500);
    assert_eq!((prop(&bench, "rgb"), prop(&bench, "bright"), prop(&bench, "color_mode")), ("16711680", "50", "1"));
    let reported = bench.reported("light");
    assert_eq!((reported.on, reported.brightness, reported.color), (Some(true), Some(0.504), Some(red())));
    bench.wish("light", &off());
    bench.pass(500);
    assert_eq!((prop(&bench, "power"), bench.reported("light").on), ("off", Some(false)));
    bench.wish("light", &on(1.0, red(), 0));
    bench.pass(500);
    assert_eq!((prop(&bench, "power"), prop(&bench, "bright")), ("on", "100"));
    assert_eq!(bench.world.peer.device.n_refused(), 0);
}

#[test]
fn white() {
    let mut bench = bench("ct");
    let capabilities = bench.capabilities("light");
    assert_eq!((capabilities.color, capabilities.mirek), (None, Some(154..=370)));
    bench.wish("light", &on(1.0, Color::Mirek(Mirek::new(300)), 400));
    bench.pass(500);
    assert_eq!((prop(&bench, "ct"), prop(&bench, "color_mode")), ("3333", "2"));
    assert_eq!(bench.reported("light").color, Some(Color::Mirek(Mirek::new(300))));
}

#[test]
fn transition() {
    let mut bench = bench("color");
    bench.wish("light", &on(0.3, red(), 800));
    bench.pass(500);
    let sent: String = bench.world.sent.iter().map(|(_, _, bytes)| String::from_utf8_lossy(bytes)).collect();
    assert!(sent.contains("[16711680,\"smooth\",800]") && sent.contains("[30,\"smooth\",800]"), "{sent}");
}

#[test]
fn a_background_is_a_light_of_its_own() {
    let mut bench = bench("ceiling");
    assert!(bench.capabilities("light").color.is_none());
    assert!(bench.capabilities("background").color.is_some());
    bench.wish("background", &on(0.2, red(), 0));
    bench.pass(500);
    assert_eq!((prop(&bench, "bg_power"), prop(&bench, "bg_rgb"), prop(&bench, "bg_bright")), ("on", "16711680", "20"));
    assert_eq!((prop(&bench, "main_power"), prop(&bench, "bright")), ("on", "100"));
    assert_eq!(bench.reported("background").brightness, Some(0.2));
    bench.wish("light", &off());
    bench.pass(500);
    assert_eq!((prop(&bench, "main_power"), prop(&bench, "bg_power")), ("off", "on"));
    assert_eq!(bench.reported("light").on, Some(false));
}

#[test]
fn push_or_poll() {
    let mut bench = bench("color");
    let now = bench.world.now;
    let call = br#"{"id":1,"method":"set_hsv","params":[240,100,"smooth",500]}"#;
    let notice = bench.world.peer.device.line(now, Some(2), call).notice;
    bench.world.push((Channel::Tcp, In::Bytes(notice.into_bytes())));
    bench.pass(10);
    let reported = bench.reported("light");
    assert!(reported.color.unwrap().xy().distance(Linear::new(0.0, 0.0, 1.0).xy()) < 0.01);
    bench.pass(600_000);
    assert!(bench.n_sent(Channel::Tcp, 60_000) <= 2, "it is asked only so that silence is noticed");
    let flow = br#"{"id":1,"method":"start_cf","params":[0,0,"500,1,255,100"]}"#;
    let now = bench.world.now;
    let notice = bench.world.peer.device.line(now, Some(2), flow).notice;
    bench.world.push((Channel::Tcp, In::Bytes(notice.into_bytes())));
    bench.pass(10);
    assert_eq!(bench.reported("light").effect.as_deref(), Some("flow"));
}

#[test]
fn pixels() {
    streams("color", false);
}

#[test]
fn streaming() {
    streams("ceiling", false);
    streams("strip", true);
}

/// Plays a stream to a device, that goes back to what it showed.
fn streams(kind: &str, drops: bool) {
    let mut bench = bench(kind);
    bench.world.peer.drops = drops;
    let thing = if kind == "ceiling" { "background" } else { "light" };
    let (power, rgb) = if kind == "ceiling" { ("bg_power", "bg_rgb") } else { ("power", "rgb") };
    assert_eq!(bench.capabilities(thing).pixels, 1);
    bench.wish(thing, &on(0.4, red(), 0));
    bench.pass(1000);
    for n in 0..200_u16 {
        bench.frame(thing, &[Linear::new(0.0, f32::from(n % 50) / 50.0, 0.0)]);
        bench.pass(16);
    }
    let n_frames = bench.n_sent(Channel::Listen, 2000);
    assert!((30..=41).contains(&n_frames), "{n_frames} frames in two seconds");
    assert_eq!(prop(&bench, rgb), "65280");
    bench.frame(thing, &[Linear::BLACK]);
    bench.pass(100);
    assert_eq!(prop(&bench, power), "off");
    bench.wish(thing, &Wish::Leave);
    bench.pass(3000);
    assert_eq!((prop(&bench, power), prop(&bench, rgb)), ("on", "16711680"), "{kind}");
    let reported = bench.reported(thing);
    assert_eq!((reported.brightness, reported.color), (Some(0.4), Some(red())));
    assert_eq!(bench.healths(), [true], "{kind}");
    assert_eq!(bench.world.peer.device.n_refused(), 0);
    bench.frame(thing, &[Linear::new(0.0, 0.0, 1.0)]);
    bench.pass(1000);
    assert_eq!(prop(&bench, rgb), "255");
    bench.pass(5000);
    assert_eq!(prop(&bench, rgb), "16711680", "a stream that falls silent is over");
}

#[test]
fn pacing() {
    let mut bench = bench("color");
    for n in 0..1200_u16 {
        bench.wish("light", &on(f32::from(n + 1) / 1200.0, red(), 100));
        bench.pass(16);
    }
    bench.pass(10_000);
    assert_eq!(prop(&bench, "bright"), "100", "the last one counts");
    assert_eq!(bench.reported("light").brightness, Some(1.0));
    assert_eq!(bench.world.peer.device.n_refused(), 0);
    assert!(bench.n_sent(Channel::Tcp, 60_000) <= 60);
}

#[test]
fn another_program_that_uses_the_quota_up_delays_and_no_more() {
    let mut bench = bench("color");
    let now = bench.world.now;
    for connection in 5..8 {
        for _ in 0..60 {
            let call = br#"{"id":1,"method":"get_prop","params":["power"]}"#;
            bench.world.peer.device.line(now, Some(connection), call);
        }
    }
    let n_refused = bench.world.peer.device.n_refused();
    bench.wish("light", &on(0.7, red(), 0));
    bench.pass(5000);
    assert!(bench.world.peer.device.n_refused() > n_refused);
    bench.pass(120_000);
    assert_eq!((prop(&bench, "bright"), prop(&bench, "rgb")), ("70", "16711680"));
    assert_eq!(bench.reported("light").brightness, Some(0.7));
    assert!(bench.world.peer.device.n_refused() < n_refused + 8);
    assert_eq!(bench.healths(), [true]);
}

#[test]
fn unreachable_and_back_once() {
    let mut bench = bench("color");
    assert_eq!(bench.healths(), [true]);
    bench.world.is_away = true;
    bench.wish("light", &on(0.25, red(), 0));
    bench.pass(90_000);
    assert_eq!(bench.healths(), [true, false], "one line down");
    bench.world.is_away = false;
    bench.pass(120_000);
    assert_eq!(bench.healths(), [true, false, true], "one line up");
    assert_eq!((prop(&bench, "bright"), bench.reported("light").brightness), ("25", Some(0.25)));
}

#[test]
fn a_device_that_never_answers_is_not_there() {
    let mut bench = Bench::new(&FAMILY, &[], Home { is_silent: true, ..home("color") });
    bench.pass(120_000);
    assert_eq!(bench.healths().iter().filter(|is_up| **is_up).count(), bench.healths().len() - 1);
    assert_eq!(bench.healths().last(), Some(&false));
}

#[test]
fn it_makes_itself_known_and_keeps_its_default() {
    let mut bench = bench("color");
    assert_eq!(&*bench.capabilities("light").power_on, [PowerOn::On]);
    bench.wish("light", &off());
    bench.pass(500);
    bench.wish("light", &Wish::PowerOn(PowerOn::On));
    bench.wish("light", &Wish::Identify);
    bench.pass(1000);
    assert_eq!((prop(&bench, "power"), prop(&bench, "flowing")), ("on", "1"));
    bench.pass(4000);
    assert_eq!(prop(&bench, "power"), "off");
    let told = |bench: &Bench<Home>, word: &str| {
        bench.world.sent.iter().any(|(_, _, bytes)| String::from_utf8_lossy(bytes).contains(word))
    };
    bench.wish("light", &on(1.0, red(), 0));
    bench.pass(1000);
    assert!(told(&bench, "set_default") && told(&bench, "\"cf\",6,0,"));
    assert_eq!(bench.world.peer.device.n_refused(), 0);
}

#[test]
fn diagnostics() {
    let (options, secrets) = (Default::default(), Default::default());
    let dial = hearthlight::drivers::Dial { address: "10.0.0.7", options: &options, secrets: &secrets };
    let names: Vec<_> = (FAMILY.open)(&dial).unwrap().driver.diagnostics().iter().map(|(name, _)| *name).collect();
    assert!(names.contains(&"music mode") && names.contains(&"refused"), "{names:?}");
}
