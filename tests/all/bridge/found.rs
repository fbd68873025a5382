//! How the bridge is found: its description, its words in SSDP, questions of multicast DNS.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::bridge::about;
use hearthlight::bridge::announce::mdns::service;
use hearthlight::bridge::manners::{MAX_KNOWN, Manners};
use hearthlight::bridge::ssdp::{Beacon, Search};
use hearthlight::io::multicast::own_address_for;
use hearthlight::io::networks::Network;
use hearthlight::model::bridge::Identity;
use hearthlight::model::bridge::ids::BridgeId;
use hearthlight::units::moment::Moment;
use hearthlight::wire::mdns::asks_for;
use proptest::prelude::*;

const OWN: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 10);
const HUE: &str = "_hue._tcp.local";

fn identity() -> Identity {
    Identity { id: BridgeId::of_mac([0x00, 0x17, 0x88, 0xAA, 0xBB, 0xCC]), ..Identity::default() }
}

fn search(target: &str) -> String {
    format!(
        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 3\r\nST: {target}\r\n\r\n"
    )
}

fn answers(target: &str) -> Vec<String> {
    let search = Search::read(search(target).as_bytes()).expect("a search");
    Beacon::new(&identity(), 80).answers(&search, OWN)
}

#[test]
fn the_description_has_what_clients_test() {
    let identity = Identity { name: "Tom & \"Jerry\" <1>\u{7}".into(), ..identity() };
    let text = about::description(&identity, "http://192.0.2.10:8080/");
    for (tag, value) in [
        ("URLBase", "http://192.0.2.10:8080/"),
        ("deviceType", "urn:schemas-upnp-org:device:Basic:1"),
        ("friendlyName", "Tom &amp; &quot;Jerry&quot; &lt;1&gt; (192.0.2.10)"),
        ("manufacturer", "Signify"),
        ("modelName", "Philips hue bridge 2015"),
        ("modelNumber", "BSB002"),
        ("serialNumber", "001788aabbcc"),
        ("UDN", "uuid:2f402f80-da50-11e1-9b23-001788aabbcc"),
        ("url", about::ICON_PATH),
    ] {
        assert!(text.contains(&format!("<{tag}>{value}</{tag}>")), "{tag}: {text}");
    }
    assert!(text.contains("xmlns=\"urn:schemas-upnp-org:device-1-0\""));
    assert!(about::ICON.starts_with(b"\x89PNG"));
}

#[test]
fn the_short_config_is_that_of_the_sheet() {
    let expected = serde_json::json!({
        "name": "Hearthlight", "datastoreversion": "163", "swversion": "1967054020", "apiversion": "1.67.0",
        "mac": "00:17:88:aa:bb:cc", "bridgeid": "001788FFFEAABBCC", "factorynew": false, "replacesbridgeid": null,
        "modelid": "BSB002", "starterkitid": "",
    });
    assert_eq!(about::short_config(&identity()), expected);
}

#[test]
fn a_search_for_a_bridge_is_answered_three_times_to_the_letter() {
    let udn = "uuid:2f402f80-da50-11e1-9b23-001788aabbcc";
    for target in ["ssdp:all", "upnp:rootdevice", udn, "urn:schemas-upnp-org:device:basic:1", "URN:any:device:Basic:1"]
    {
        let answers = answers(target);
        assert_eq!(answers.len(), 3, "{target}");
        assert_eq!(
            answers[0],
            "HTTP/1.1 200 OK\r\nHOST: 239.255.255.250:1900\r\nEXT:\r\nCACHE-CONTROL: max-age=100\r\n\
             LOCATION: http://192.0.2.10:80/description.xml\r\nSERVER: Hue/1.0 UPnP/1.0 IpBridge/1.67.0\r\n\
             hue-bridgeid: 001788FFFEAABBCC\r\nST: upnp:rootdevice\r\n\
             USN: uuid:2f402f80-da50-11e1-9b23-001788aabbcc::upnp:rootdevice\r\n\r\n"
        );
        assert!(answers[1].ends_with(&format!("ST: {udn}\r\nUSN: {udn}\r\n\r\n")));
        assert!(answers[2].ends_with(&format!("ST: urn:schemas-upnp-org:device:basic:1\r\nUSN: {udn}\r\n\r\n")));
    }
    for target in ["urn:schemas-upnp-org:device:MediaRenderer:1", "uuid:2f402f80-da50-11e1-9b23-001788aabbcd", ""] {
        assert_eq!(answers(target), Vec::<String>::new(), "{target} is not for us");
    }
}

#[test]
fn what_is_no_search_is_not_read_as_one() {
    let beacon = Beacon::new(&identity(), 80);
    let own: Vec<String> = beacon.alive(OWN).into_iter().chain(beacon.byebye()).collect();
    for text in own.iter().map(String::as_str).chain([
        "",
        "M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nMAN: ssdp:discover\r\nST: ssdp:all\r\n\r\n",
        "GET / HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nST: ssdp:all\r\n\r\n",
    ]) {
        assert_eq!(Search::read(text.as_bytes()), None, "{text}");
    }
    let mut damaged = search("ssdp:all").into_bytes();
    damaged.extend([0xFF, 0xFE]);
    assert_eq!(Search::read(&damaged), None, "no UTF-8");
}

#[test]
fn announcements_name_the_address_and_farewells_do_not() {
    let beacon = Beacon::new(&identity(), 8080);
    let [root, uuid, basic] = beacon.alive(OWN);
    assert_eq!(
        root,
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=100\r\n\
         LOCATION: http://192.0.2.10:8080/description.xml\r\nSERVER: Hue/1.0 UPnP/1.0 IpBridge/1.67.0\r\n\
         NTS: ssdp:alive\r\nhue-bridgeid: 001788FFFEAABBCC\r\nNT: upnp:rootdevice\r\n\
         USN: uuid:2f402f80-da50-11e1-9b23-001788aabbcc::upnp:rootdevice\r\n\r\n"
    );
    assert!(uuid.contains("NT: uuid:2f402f80") && basic.contains("NT: urn:schemas-upnp-org:device:basic:1"));
    for text in beacon.byebye() {
        assert!(text.contains("NTS: ssdp:byebye\r\n") && !text.contains("LOCATION"), "{text}");
    }
}

#[test]
fn an_answer_waits_a_second_at_most() {
    let read = |mx: &str| Search::read(search("ssdp:all").replace("MX: 3", mx).as_bytes()).expect("a search");
    assert_eq!(read("MX: 3").delay(1.0), Duration::from_secs(1));
    assert_eq!(read("MX: 3").delay(0.5), Duration::from_millis(500));
    assert_eq!(read("MX: 0").delay(1.0), Duration::ZERO);
    assert_eq!(read("MX: many").delay(f32::NAN), Duration::ZERO);
    assert_eq!(read("X: 1").delay(7.0), Duration::from_secs(1));
}

#[test]
fn who_asks_too_often_is_not_answered_for_a_while() {
    let mut manners = Manners::new(3, Duration::from_secs(10));
    let (one, other) = (IpAddr::V4(OWN), IpAddr::V4(Ipv4Addr::new(192, 0, 2, 11)));
    let at = |s: u64| Moment::from_millis(s * 1000);
    assert!((0..3).all(|_| manners.allow(one, at(0))) && !manners.allow(one, at(5)));
    assert!(manners.allow(other, at(5)), "others are not held up");
    assert!(manners.allow(one, at(10)));
    let many = |n: usize| IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(n).unwrap()));
    assert_eq!((0..2 * MAX_KNOWN).filter(|n| manners.allow(many(*n), at(11))).count(), MAX_KNOWN - 2, "bounded");
    assert!(manners.allow(many(3 * MAX_KNOWN), at(30)), "those of before are forgotten");
}

#[test]
fn each_is_told_the_address_of_ours_that_he_shares_a_network_with() {
    let network = |text: &str| {
        let own: ipnet::Ipv4Net = text.parse().unwrap();
        Network { interface: text.to_owned(), own, everybody: own.broadcast() }
    };
    let networks = [network("192.168.1.5/24"), network("10.0.0.7/16")];
    let told = |asker: &str| own_address_for(asker.parse().unwrap(), &networks).map(|own| own.to_string());
    assert_eq!(told("192.168.1.200").as_deref(), Some("192.168.1.5"));
    assert_eq!(told("10.0.9.9").as_deref(), Some("10.0.0.7"));
    assert_eq!(told("127.0.0.1").as_deref(), Some("127.0.0.1"));
    assert_eq!(told("8.8.8.8"), None, "strangers are not answered, or they could have others flooded");
}

#[test]
fn the_service_is_that_of_the_sheet() {
    let service = service(identity().id, 443);
    assert_eq!((service.kind, service.port), ("_hue._tcp", 443));
    assert_eq!((service.instance.as_str(), service.host.as_str()), ("Hue Bridge - AABBCC", "001788aabbcc"));
    let properties = [("bridgeid", "001788fffeaabbcc".to_owned()), ("modelid", "BSB002".to_owned())];
    assert_eq!(service.properties, properties);
}

/// A packet that asks for these names.
fn question(names: &[&[u8]], kind: u8) -> Vec<u8> {
    let mut packet = vec![0, 0, 0, 0, 0, u8::try_from(names.len()).unwrap(), 0, 0, 0, 0, 0, 0];
    for name in names {
        packet.extend_from_slice(name);
        packet.extend_from_slice(&[0, kind, 0x80, 1]);
    }
    packet
}

#[test]
fn a_question_for_bridges_is_seen_among_others() {
    let hue = b"\x04_hue\x04_tcp\x05local\0";
    assert!(asks_for(&question(&[hue], 12), HUE));
    assert!(asks_for(&question(&[b"\x04_HUE\x04_tcp\x05LOCAL\0"], 255), HUE));
    // The second name ends with a pointer to the end of the first.
    assert!(asks_for(&question(&[b"\x05_wled\x04_tcp\x05local\0", b"\x04_hue\xC0\x12"], 12), HUE));
    assert!(!asks_for(&question(&[hue], 1), HUE), "an address is asked for");
    assert!(!asks_for(&question(&[b"\x04_hue\x04_tcp\0"], 12), HUE));
    assert!(!asks_for(&question(&[b"\x01x\x04_hue\x04_tcp\x05local\0"], 12), HUE));
    assert!(!asks_for(&question(&[b"\xC0\x0C"], 12), HUE), "a pointer to itself");
    let mut answer = question(&[hue], 12);
    answer[2] = 0x84;
    assert!(!asks_for(&answer, HUE), "an answer is no question");
}

proptest! {
    #[test]
    fn no_packet_breaks_the_reader(packet: Vec<u8>, questions in 0_u8..20) {
        prop_assert!(!asks_for(&packet, "no such service"));
        let mut packet = packet;
        packet.splice(0..packet.len().min(12), [0, 0, 0, 0, 0, questions, 0, 0, 0, 0, 0, 0]);
        prop_assert!(!asks_for(&packet, "no such service"));
    }

    #[test]
    fn no_text_breaks_the_search_or_the_description(text: String) {
        drop(Search::read(text.as_bytes()));
        drop(Search::read(search(&text).as_bytes()));
        let name: Arc<str> = text.into();
        let told = about::description(&Identity { name, ..identity() }, "http://192.0.2.10:80/");
        prop_assert_eq!(told.matches('<').count(), told.matches('>').count());
    }
}
