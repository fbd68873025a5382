//! What simulated lights share: fading, troubles, figures, the plan of the demo home.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use hearthlight::drivers::LIGHTS;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::fleet::{Spread, address, stream};
use hearthlight::sim::lights::lamp::{Lamp, LampFaults, Troubles};
use hearthlight::sim::lights::{FAMILIES, home};
use hearthlight::units::color::Xy;
use hearthlight::units::moment::Moment;
use tokio_util::sync::CancellationToken;

fn state(on: bool, brightness: f32) -> State {
    State { on, brightness, color: Color::Xy(Xy::D65), effect: None }
}

#[test]
fn a_lamp_fades_from_where_it_is() {
    let mut lamp = Lamp::new(state(false, 1.0));
    let at = |ms: u64| Moment::from_millis(1000 + ms);
    lamp.tell(at(0), state(true, 1.0), Duration::from_secs(1));
    assert!((lamp.at(at(500)).brightness - 0.5).abs() < 1e-6 && lamp.at(at(500)).on);
    lamp.tell(at(500), state(false, 1.0), Duration::from_secs(1));
    assert!((lamp.at(at(1000)).brightness - 0.25).abs() < 1e-6, "half of what was half");
    assert!(lamp.at(at(1499)).on && !lamp.at(at(1500)).on);
    assert_eq!(lamp.told(), &state(false, 1.0));
}

#[test]
fn one_of_so_many_datagrams_is_lost() {
    let mut troubles = Troubles::new(LampFaults { loses: Some(4), ..LampFaults::default() });
    assert_eq!((0..8).map(|_| troubles.loses()).filter(|lost| *lost).count(), 2);
    let mut none = Troubles::new(LampFaults::default());
    assert!((0..8).all(|_| !none.loses()) && !none.is_mute());
}

#[test]
fn frames_are_measured_by_rate_gap_and_skew() {
    let start = Instant::now();
    let at = |us: u64| start + Duration::from_micros(us);
    let strip = |late_us: u64| (0..100).map(|n| at(n * 20_000 + late_us)).collect::<Vec<_>>();
    let told = stream(&[strip(0), strip(1000), strip(3000)]).unwrap();
    assert!((told.fps - 50.0).abs() < 1e-6);
    assert_eq!(told.gap_ms, Spread { p50: 20.0, p99: 20.0, max: 20.0 });
    assert_eq!((told.whole_rounds, told.broken_rounds), (100, 0));
    assert_eq!(told.skew_ms, Some(Spread { p50: 3.0, p99: 3.0, max: 3.0 }));
    let mut holey = strip(1000);
    holey.remove(50);
    let told = stream(&[strip(0), holey]).unwrap();
    assert_eq!((told.whole_rounds, told.broken_rounds, told.gap_ms.max), (99, 1, 40.0));
    assert_eq!(stream(&[strip(0)]).unwrap().skew_ms, None);
    assert_eq!(stream(&[vec![], vec![at(0)]]), None);
}

#[test]
fn each_light_of_a_fleet_has_its_address() {
    let first: IpAddr = "127.0.0.1".parse().unwrap();
    let third = if cfg!(target_os = "linux") { "127.0.0.3" } else { "127.0.0.1" };
    assert_eq!(address(first, 2), third.parse::<IpAddr>().unwrap());
    let lan: IpAddr = "192.168.1.5".parse().unwrap();
    assert_eq!(address(lan, 2), lan);
}

#[test]
fn each_simulated_family_has_a_driver() {
    for family in FAMILIES {
        assert!(LIGHTS.iter().any(|known| known.id == family.id), "{}", family.id);
    }
}

#[test]
fn the_demo_home_has_six_rooms_and_no_two_names_alike() {
    let residents = home::residents();
    let rooms: BTreeSet<_> = residents.iter().map(|resident| resident.room).collect();
    let names: BTreeSet<_> = residents.iter().map(|resident| resident.name).collect();
    assert_eq!((rooms.len(), names.len()), (6, residents.len()));
    assert_eq!(residents.iter().filter(|resident| resident.away.is_some()).count(), 1);
    assert_eq!(residents.iter().filter(|resident| resident.faults.late.is_some()).count(), 1);
    for family in LIGHTS {
        assert!(residents.iter().any(|resident| resident.family == family.id), "{}", family.id);
    }
    let stop = CancellationToken::new();
    let opts: Vec<_> = (0..).zip(&residents).map(|(n, resident)| home::opts(resident, n, &stop)).collect();
    if cfg!(target_os = "linux") {
        assert_eq!(opts.iter().map(|opts| opts.at).collect::<BTreeSet<_>>().len(), opts.len());
    }
    assert!(opts.iter().all(|opts| opts.at.is_loopback()));
}
