//! Devices and connections: replacing, twins, limits, phases; and random stories of all of it.

use std::net::IpAddr;
use std::sync::Arc;

use hearthlight::engine::services::sensors::directory::Claim;
use hearthlight::engine::services::sensors::registry::{Limits, Registry};
use hearthlight::model::message::Update;
use hearthlight::model::sensors::{Command, Device, DeviceId, Ended, Introduced, Phase, Sensors};
use hearthlight::port::slots::Slots;
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use proptest::prelude::*;

use super::{HERE, ROOMY};

const WALL: Timestamp = Timestamp::UNIX_EPOCH;

fn ms(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

fn registry() -> (Registry, Arc<Slots>) {
    let slots = Arc::new(Slots::default());
    (Registry::new(Arc::clone(&slots)), slots)
}

fn claim(connection: u64, opened: Moment, serial: Option<&str>, location: &str) -> Claim {
    Claim { connection, address: HERE, opened, serial: serial.map(Into::into), location: location.into() }
}

fn open(registry: &mut Registry) -> u64 {
    registry.open(HERE, ROOMY).unwrap().0
}

#[test]
fn a_newer_connection_of_the_same_device_replaces_a_half_open_one() {
    let (mut registry, _) = registry();
    let first = open(&mut registry);
    let (slot, _) = registry.claim(&claim(first, ms(0), None, "1234"), true, WALL).unwrap();
    slot.heard(ms(10));
    let second = open(&mut registry);
    let (again, _) = registry.claim(&claim(second, ms(5000), None, "1234"), true, WALL).unwrap();
    assert_eq!(again.id, slot.id);
    registry.close(first, Ended::Replaced, ms(5000), WALL);
    assert!(registry.state().devices[&slot.id].connected, "the older connection's end does not touch the device");
}

#[test]
fn two_living_devices_behind_one_address_are_told_apart() {
    let (mut registry, _) = registry();
    let (first, second) = (open(&mut registry), open(&mut registry));
    let (a, _) = registry.claim(&claim(first, ms(0), None, "1234"), true, WALL).unwrap();
    a.heard(ms(100));
    let (b, _) = registry.claim(&claim(second, ms(1), None, "1234"), true, WALL).unwrap();
    assert_eq!((a.id.as_str(), b.id.as_str()), ("1234", "1234-2"));
    assert_ne!(a.location, b.location, "their metrics do not run into one");
}

#[test]
fn a_serial_number_survives_a_new_address() {
    let (mut registry, _) = registry();
    let first = open(&mut registry);
    let (a, _) = registry.claim(&claim(first, ms(0), Some("SN1"), "bench"), true, WALL).unwrap();
    registry.close(first, Ended::ClosedByDevice, ms(8), WALL);
    let elsewhere: IpAddr = "10.0.0.9".parse().unwrap();
    let (second, _) = registry.open(elsewhere, ROOMY).unwrap();
    let moved = Claim { address: elsewhere, ..claim(second, ms(9), Some("SN1"), "bench") };
    let (b, _) = registry.claim(&moved, false, WALL).unwrap();
    assert_eq!(a.id, b.id);
    assert!(registry.state().devices[&a.id].accepted, "it was let in before");
}

#[test]
fn a_stranger_waits_and_is_forgotten_when_it_leaves() {
    let (mut registry, slots) = registry();
    let stranger: IpAddr = "10.0.0.9".parse().unwrap();
    let (connection, _) = registry.open(stranger, ROOMY).unwrap();
    let claim = Claim { address: stranger, ..claim(connection, ms(0), None, "x") };
    let (slot, _) = registry.claim(&claim, false, WALL).unwrap();
    assert!(!registry.state().devices[&slot.id].accepted);
    registry.close(connection, Ended::ClosedByDevice, ms(8), WALL);
    assert!(registry.state().devices.is_empty());
    assert!(slots.devices().is_empty());
}

#[test]
fn limits_hold_per_address_and_in_all_and_loopback_only_in_all() {
    let (mut registry, slots) = registry();
    let limits = Limits { total: 4, per_address: 2 };
    let other: IpAddr = "10.0.0.9".parse().unwrap();
    for expected in [None, None, Some(Ended::TooManyFromAddress)] {
        assert_eq!(registry.open(other, limits).err(), expected);
    }
    for expected in [None, None, Some(Ended::ServerFull)] {
        assert_eq!(registry.open(HERE, limits).err(), expected);
    }
    assert_eq!(slots.connections.refused.get(), 2);
}

#[test]
fn a_device_is_late_after_two_and_a_half_periods_and_offline_after_three_or_thirty_seconds() {
    let (mut registry, _) = registry();
    let connection = open(&mut registry);
    let (slot, _) = registry.claim(&claim(connection, ms(0), None, "a"), true, WALL).unwrap();
    slot.set_period(std::time::Duration::from_secs(4));
    slot.heard(ms(1000));
    let mut phase_at = |at| {
        registry.tick(ms(at), WALL);
        registry.state().devices[&slot.id].phase
    };
    assert_eq!(phase_at(1100), Phase::Streaming);
    assert_eq!(phase_at(10_900), Phase::Streaming);
    assert_eq!(phase_at(11_000), Phase::Late);
    assert_eq!(phase_at(30_900), Phase::Late);
    assert_eq!(phase_at(31_000), Phase::Offline);
    slot.heard(ms(32_000));
    assert_eq!(phase_at(32_100), Phase::Streaming);
}

#[test]
fn a_pause_of_the_demo_makes_nobody_late() {
    let (mut registry, _) = registry();
    let connection = open(&mut registry);
    let (slot, _) = registry.claim(&claim(connection, ms(0), None, "a"), true, WALL).unwrap();
    slot.heard(ms(10));
    registry.tick(ms(20), WALL);
    registry.pause(true, ms(30));
    assert!(registry.tick(ms(100_000), WALL).is_empty());
    registry.pause(false, ms(100_000));
    assert!(registry.tick(ms(100_100), WALL).is_empty());
}

fn only(registry: &Registry) -> Arc<Device> {
    let devices = registry.state().devices;
    assert_eq!(devices.len(), 1, "{devices:?}");
    devices.into_values().next().unwrap()
}

fn introduce(registry: &mut Registry, location: &str, name: &str, place: &str) -> Result<Vec<Update>, String> {
    let as_what = Introduced { name: name.into(), place: place.into() };
    registry.on_command(Command::Introduce { location: location.to_owned(), as_what })
}

#[test]
fn attempts_are_counted_until_a_valid_packet_comes() {
    let (mut registry, _) = registry();
    for n in 1..=3 {
        let connection = open(&mut registry);
        registry.claim(&claim(connection, ms(n * 1000), None, "a"), true, WALL).unwrap();
        assert_eq!(only(&registry).attempts, n as u32);
        registry.close(connection, Ended::Reset, ms(n * 1000 + 10), WALL);
    }
    assert_eq!((only(&registry).attempts, only(&registry).heard), (3, None));
    let connection = open(&mut registry);
    let (slot, _) = registry.claim(&claim(connection, ms(5000), None, "a"), true, WALL).unwrap();
    slot.heard(ms(5100));
    registry.tick(ms(5350), WALL);
    let device = only(&registry);
    assert_eq!((device.attempts, device.phase), (0, Phase::Streaming));
    assert_eq!(device.heard, Some(Timestamp::from_millisecond(-250).unwrap()));
    slot.heard(ms(6000));
    registry.close(connection, Ended::ClosedByDevice, ms(8000), WALL);
    assert_eq!(only(&registry).heard, Some(Timestamp::from_millisecond(-2000).unwrap()), "the end tells the newest");
}

#[test]
fn a_connection_that_says_nothing_valid_counts_for_the_one_device_missed_at_its_address() {
    let (mut registry, _) = registry();
    let away: IpAddr = "10.0.0.9".parse().unwrap();
    let (first, _) = registry.open(away, ROOMY).unwrap();
    let (slot, _) = registry.claim(&Claim { address: away, ..claim(first, ms(0), None, "a") }, true, WALL).unwrap();
    slot.heard(ms(1));
    let (stray, _) = registry.open(away, ROOMY).unwrap();
    assert!(registry.close(stray, Ended::WrongProtocol, ms(2), WALL).is_empty(), "it is connected, not missed");
    registry.close(first, Ended::ClosedByDevice, ms(3), WALL);
    for (n, why) in [(1, Ended::WrongProtocol), (2, Ended::OnlyBadPackets)] {
        let (stray, _) = registry.open(away, ROOMY).unwrap();
        assert_eq!(registry.close(stray, why, ms(4), WALL).len(), 1);
        assert_eq!((only(&registry).attempts, only(&registry).ended), (n, Some(why)));
    }
    let (stray, _) = registry.open(away, ROOMY).unwrap();
    assert!(registry.close(stray, Ended::Stopped, ms(5), WALL).is_empty(), "that was not its doing");
}

#[test]
fn a_device_in_trouble_says_so_in_words() {
    let (mut registry, _) = registry();
    let connection = open(&mut registry);
    let (slot, _) = registry.claim(&claim(connection, ms(0), None, "a"), true, WALL).unwrap();
    registry.tick(ms(10), WALL);
    assert_eq!(only(&registry).trouble(None).as_deref(), Some("connected, but nothing valid came from it yet"));
    slot.heard(ms(20));
    registry.tick(ms(30), WALL);
    assert_eq!(only(&registry).trouble(Some(std::time::Duration::ZERO)), None);
    registry.tick(ms(45_020), WALL);
    let silence = std::time::Duration::from_secs(45);
    assert_eq!(only(&registry).trouble(Some(silence)).as_deref(), Some("silent for 45 s"));
    registry.close(connection, Ended::WrongProtocol, ms(46_000), WALL);
    assert!(only(&registry).trouble(Some(silence)).unwrap().contains("another protocol"));
    let stored = Device { ended: None, heard: None, ..Device::clone(&only(&registry)) };
    assert_eq!(stored.trouble(None).as_deref(), Some("never connected"));
}

#[test]
fn reconnecting_closes_the_connection_and_needs_one() {
    let (mut registry, _) = registry();
    let (connection, closer) = registry.open(HERE, ROOMY).unwrap();
    let (slot, _) = registry.claim(&claim(connection, ms(0), None, "a"), true, WALL).unwrap();
    let ask = || Command::Reconnect { device: slot.id.clone() };
    registry.on_command(ask()).unwrap();
    let why = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(closer.closed());
    assert_eq!(why, Ended::Reconnect);
    registry.close(connection, why, ms(10), WALL);
    let refused = registry.on_command(ask()).unwrap_err();
    assert!(refused.contains("Devices dial in; it cannot be dialled"), "{refused}");
}

#[test]
fn a_place_is_set_and_taken_away() {
    let (mut registry, _) = registry();
    let connection = open(&mut registry);
    let (slot, _) = registry.claim(&claim(connection, ms(0), None, "a"), true, WALL).unwrap();
    for place in ["Basement", ""] {
        let command = Command::SetPlace { device: slot.id.clone(), place: format!(" {place} ") };
        registry.on_command(command).unwrap();
        assert_eq!(&*only(&registry).place, place);
    }
    let long = Command::SetPlace { device: slot.id.clone(), place: "x".repeat(65) };
    assert!(registry.on_command(long).is_err());
}

#[test]
fn a_newcomer_takes_its_introduction_and_a_known_device_is_called_so_at_once() {
    let (mut registry, _) = registry();
    assert_eq!(introduce(&mut registry, "boiler", "Boiler", "Basement").unwrap().len(), 1);
    assert!(introduce(&mut registry, "boiler", "Boiler", "Basement").unwrap().is_empty(), "it is so already");
    assert!(registry.is_location("boiler"));
    let connection = open(&mut registry);
    let (_, updates) = registry.claim(&claim(connection, ms(0), None, "boiler"), true, WALL).unwrap();
    assert_eq!(updates.len(), 2, "the device, and that nobody waits for it any more");
    assert_eq!((&*only(&registry).name, &*only(&registry).place), ("Boiler", "Basement"));
    assert!(registry.state().introduced.is_empty());
    introduce(&mut registry, "boiler", "", "Attic").unwrap();
    assert_eq!((&*only(&registry).name, &*only(&registry).place), ("Boiler", "Attic"), "what is empty stays");
    assert!(introduce(&mut registry, "", "x", "").is_err());
    assert!(introduce(&mut registry, "a", "x\ny", "").is_err());
}

#[test]
fn an_introduction_is_not_for_strangers_until_they_are_taken_in() {
    let (mut registry, _) = registry();
    introduce(&mut registry, "boiler", "Boiler", "").unwrap();
    let stranger: IpAddr = "10.0.0.9".parse().unwrap();
    for _ in 0..2 {
        let (connection, _) = registry.open(stranger, ROOMY).unwrap();
        let claim = Claim { address: stranger, ..claim(connection, ms(0), None, "boiler") };
        registry.claim(&claim, false, WALL).unwrap();
        assert_eq!(&*only(&registry).name, "boiler");
        registry.close(connection, Ended::ClosedByDevice, ms(1), WALL);
        assert_eq!(registry.state().introduced.len(), 1, "it leaves, the introduction stays");
    }
    let (connection, _) = registry.open(stranger, ROOMY).unwrap();
    let claim = Claim { address: stranger, ..claim(connection, ms(0), None, "boiler") };
    let (slot, _) = registry.claim(&claim, false, WALL).unwrap();
    introduce(&mut registry, "boiler", "Kettle", "").unwrap();
    registry.on_command(Command::Accept { device: slot.id.clone() }).unwrap();
    assert_eq!((&*only(&registry).name, registry.state().introduced.len()), ("Kettle", 0));
}

#[derive(Clone, Debug)]
enum Op {
    Introduce(u8, bool),
    Accept(u8),
    Open(u8),
    Claim(u8, u8, bool),
    Heard(u8),
    Close(u8),
    Tick(u16),
    Forget(u8),
    Rename(u8),
    Pause(bool),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        any::<u8>().prop_map(Op::Open),
        (any::<u8>(), 0..4_u8, any::<bool>()).prop_map(|(c, l, s)| Op::Claim(c, l, s)),
        any::<u8>().prop_map(Op::Heard),
        any::<u8>().prop_map(Op::Close),
        (0..40_000_u16).prop_map(Op::Tick),
        any::<u8>().prop_map(Op::Forget),
        any::<u8>().prop_map(Op::Rename),
        any::<bool>().prop_map(Op::Pause),
        (0..4_u8, any::<bool>()).prop_map(|(location, named)| Op::Introduce(location, named)),
        any::<u8>().prop_map(Op::Accept),
    ]
}

fn pick<T: Clone>(from: &[T], by: u8) -> Option<T> {
    from.get(usize::from(by) % from.len().max(1)).cloned()
}

proptest! {
    /// Whatever happens, facts fold to what the registry holds, slots match devices, and connections add up.
    #[test]
    fn any_story_keeps_devices_and_facts_one(ops in prop::collection::vec(op(), 0..120)) {
        let (mut registry, slots) = registry();
        let mut folded = Sensors::default();
        let mut open: Vec<(u64, IpAddr, Moment)> = Vec::new();
        let mut now = ms(1);
        for op in ops {
            now = now + std::time::Duration::from_millis(7);
            let updates = match op {
                Op::Open(from) => {
                    let address = if from % 2 == 0 { HERE } else { IpAddr::from([10, 0, 0, from % 4]) };
                    let (connection, _) = registry.open(address, ROOMY).unwrap();
                    open.push((connection, address, now));
                    Vec::new()
                }
                Op::Claim(by, location, serial) => pick(&open, by).map_or_else(Vec::new, |(connection, address, opened)| {
                    let serial = serial.then(|| "SN".into());
                    let location = format!("room {location}").into();
                    let claim = Claim { connection, address, opened, serial, location };
                    registry.claim(&claim, address.is_loopback(), WALL).unwrap().1
                }),
                Op::Heard(by) => {
                    let known: Vec<_> = slots.devices().values().cloned().collect();
                    if let Some(slot) = pick(&known, by) { slot.heard(now) }
                    Vec::new()
                }
                Op::Close(by) => {
                    if open.is_empty() { Vec::new() } else {
                        let (connection, ..) = open.remove(usize::from(by) % open.len());
                        registry.close(connection, Ended::Reset, now, WALL)
                    }
                }
                Op::Tick(ahead) => {
                    now = now + std::time::Duration::from_millis(ahead.into());
                    registry.tick(now, WALL)
                }
                Op::Forget(by) => {
                    let ids: Vec<DeviceId> = folded.devices.keys().cloned().collect();
                    pick(&ids, by).map_or_else(Vec::new, |device| registry.on_command(Command::Forget { device }).unwrap())
                }
                Op::Rename(by) => {
                    let ids: Vec<DeviceId> = folded.devices.keys().cloned().collect();
                    let mut renamed = |device| registry.on_command(Command::Rename { device, name: "n".to_owned() });
                    pick(&ids, by).map_or_else(Vec::new, |device| renamed(device).unwrap())
                }
                Op::Introduce(location, named) => {
                    let name = if named { "named" } else { "" };
                    introduce(&mut registry, &format!("room {location}"), name, "").unwrap()
                }
                Op::Accept(by) => {
                    let ids: Vec<DeviceId> = folded.devices.keys().cloned().collect();
                    pick(&ids, by).map_or_else(Vec::new, |device| registry.on_command(Command::Accept { device }).unwrap())
                }
                Op::Pause(paused) => {
                    registry.pause(paused, now);
                    Vec::new()
                }
            };
            for update in updates {
                if let Update::Sensors(update) = update { folded.apply(&update) }
            }
            prop_assert_eq!(&folded, &registry.state());
            prop_assert_eq!(registry.n_open(), open.len());
            let slot_ids: Vec<_> = slots.devices().keys().cloned().collect();
            let ids: Vec<_> = folded.devices.keys().cloned().collect();
            prop_assert_eq!(slot_ids, ids);
        }
    }
}
