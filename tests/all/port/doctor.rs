//! The doctor of the Hue bridge: what is found, with which cure.

use std::net::{IpAddr, Ipv4Addr};

use hearthlight::model::bridge::Identity;
use hearthlight::model::bridge::ids::BridgeId;
use hearthlight::model::message::Command;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{self, Listener, PortState, Reach};
use hearthlight::port::doctor::{Finding, Level, current, findings, low_ports_here, raise};
use hearthlight::port::visits::{Client, Visit, Visits};
use jiff::Timestamp;

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn open(at: &str) -> PortState {
    PortState::Open { at: at.to_owned() }
}

/// A bridge that everybody reaches.
fn healthy() -> Snapshot {
    let mut view = Snapshot::default();
    view.system.reach = Reach::Lan;
    view.bridge.identity.id = BridgeId::of_mac([0x00, 0x17, 0x88, 0xAA, 0xBB, 0xCC]);
    for (key, at) in [
        ("bridge.http", "0.0.0.0:80"),
        ("bridge.https", "0.0.0.0:443"),
        ("bridge.ssdp", "0.0.0.0:1900"),
        ("bridge.mdns", "0.0.0.0:5353"),
    ] {
        set(&mut view, key, open(at));
    }
    view
}

fn set(view: &mut Snapshot, key: &str, state: PortState) {
    view.system.listeners.retain(|line| &*line.key != key);
    let (purpose, wanted) = ("".into(), "".into());
    view.system.listeners.push(Listener { key: key.into(), purpose, wanted, state });
}

fn visit(at: &str, method: &str, path: &str, refused: Option<&str>) -> Visit {
    let (at, refused) = (at.parse().unwrap(), refused.map(Into::into));
    Visit { at, tls: false, method: method.into(), path: path.into(), status: 200, refused }
}

fn searched() -> Vec<Client> {
    let visits = Visits::default();
    let phone = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 20));
    visits.note(phone, None, None, visit("2026-11-21T11:00:00Z", "M-SEARCH", "ssdp:all", None));
    visits.clients()
}

/// What is not as it should be.
fn ill(view: &Snapshot, visits: &[Client]) -> Vec<Finding> {
    findings(view, visits, now()).into_iter().filter(|finding| finding.level != Level::Fine).collect()
}

fn key_and_value(command: &Command) -> (&str, &str) {
    let Command::System(system::Command::Set { key, value }) = command else { panic!("{command:?}") };
    (key, value)
}

#[test]
fn a_healthy_bridge_has_nothing_but_good_news() {
    let all = findings(&healthy(), &searched(), now());
    assert_eq!((ill(&healthy(), &searched()), all.len()), (Vec::new(), 9));
    assert!(all.iter().any(|finding| finding.what == "The bridge is 001788FFFEAABBCC, its MAC 00:17:88:aa:bb:cc."));
    assert!(all.iter().any(|finding| finding.what == "192.0.2.20 looked for the bridge by SSDP."));
}

#[test]
fn old_versions_are_raised_by_its_commands() {
    let mut view = healthy();
    view.bridge.identity.api_version = "1.40.0".into();
    let [old] = ill(&view, &searched()).try_into().unwrap();
    let usual = Identity::default();
    assert_eq!((old.level, old.deeds.len()), (Level::Broken, 2));
    assert_eq!(key_and_value(&old.deeds[0]), ("bridge.api_version", &*usual.api_version));
    assert_eq!(key_and_value(&old.deeds[1]), ("bridge.sw_version", &*usual.sw_version));
    let raised = raise(&usual);
    assert_eq!(key_and_value(&raised[0]), ("bridge.api_version", "1.68.0"));
    assert_eq!(key_and_value(&raised[1]), ("bridge.sw_version", "1968054020"));
    assert_eq!(raise(&Identity { api_version: "new".into(), ..usual }), []);
    assert!(current("1.56.0", "1956000000").is_ok() && current("1.156.0", "2056000000").is_ok());
    assert!(
        current("1.9.0", "1967054020").is_err()
            && current("1.67", "1967054020").is_err()
            && current("1.67.0", "new").is_err()
    );
}

#[test]
fn a_door_elsewhere_or_closed_comes_with_its_cure() {
    let mut view = healthy();
    set(&mut view, "bridge.http", open("0.0.0.0:8080"));
    set(&mut view, "bridge.https", PortState::Failed { why: "Port 443 is held by \"nginx\".".to_owned() });
    set(&mut view, "bridge.ssdp", PortState::Off);
    let found = ill(&view, &searched());
    let told: Vec<(Level, &str, &str)> =
        found.iter().map(|finding| (finding.level, finding.what.as_str(), finding.cure.as_str())).collect();
    assert_eq!(told[0].0, Level::Warning);
    assert!(told[0].1.contains("8080 instead of 80") && told[0].2.ends_with(low_ports_here()));
    assert_eq!((told[1].0, told[1].2), (Level::Broken, "Port 443 is held by \"nginx\"."));
    assert_eq!(told[2].2, "Set bridge.ssdp to 0.0.0.0:1900.");
    assert_eq!(key_and_value(&found[2].deeds[0]), ("bridge.ssdp", "0.0.0.0:1900"));
    assert_eq!(found.len(), 3);
}

#[test]
fn who_is_out_of_reach_is_told_so_once() {
    let mut view = healthy();
    view.system.reach = Reach::Unanswered;
    set(&mut view, "bridge.ssdp", PortState::Off);
    set(&mut view, "bridge.mdns", PortState::Off);
    let [reach] = ill(&view, &[]).try_into().unwrap();
    assert_eq!(reach.deeds, [Command::System(system::Command::AnswerReach { lan: true })]);
    view.system.demo = true;
    assert_eq!(ill(&view, &[]), [], "the demo home stays on this machine");
}

#[test]
fn silence_refusals_and_a_wrong_clock_are_noticed() {
    let view = healthy();
    let [silent] = ill(&view, &[]).try_into().unwrap();
    assert!(silent.what.starts_with("Nobody looked for the bridge") && silent.cure.contains("client isolation"));
    let visits = Visits::default();
    let phone = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 20));
    visits.note(phone, None, None, visit("2026-11-21T11:00:00Z", "mDNS", "_hue._tcp.local", None));
    let refused = visit("2026-11-21T11:00:01Z", "GET", "/api/<key>/lights", Some("unauthorized user"));
    visits.note(phone, Some(&"app#phone".into()), None, refused);
    let [told] = ill(&view, &visits.clients()).try_into().unwrap();
    assert_eq!(told.what, "192.0.2.20 (app#phone) was refused: unauthorized user (GET /api/<key>/lights).");
    let long_ago = "1970-01-01T00:00:00Z".parse().unwrap();
    assert!(
        findings(&view, &searched(), long_ago).iter().any(|finding| finding.what == "The clock shows the year 1970.")
    );
    assert!(
        findings(&Snapshot::default(), &[], now())
            .iter()
            .any(|finding| finding.what == "The bridge has no number yet.")
    );
}
