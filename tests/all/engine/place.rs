//! Which place a packet belongs to, in the order of precedence.

use std::net::IpAddr;
use std::sync::Arc;

use hearthlight::engine::services::sensors::place::{Place, Places};

use super::HERE;

#[derive(Default)]
struct Map {
    aliases: Vec<(&'static str, &'static str)>,
    known: Vec<&'static str>,
    here: Option<&'static str>,
}

impl Places for Map {
    fn alias(&self, id: &str) -> Option<Arc<str>> {
        self.aliases.iter().find(|(from, _)| *from == id).map(|(_, to)| (*to).into())
    }

    fn is_location(&self, id: &str) -> bool {
        self.known.contains(&id)
    }

    fn of_address(&self, _: IpAddr) -> Option<Arc<str>> {
        self.here.map(Into::into)
    }
}

#[test]
fn the_id_in_the_packet_comes_first_then_locid_then_the_map_then_the_address() {
    let map = Map { here: Some("mapped"), ..Map::default() };
    let mut place = Place::new(HERE);
    assert_eq!(&*Place::new(HERE).of_readings(None, &Map::default()), "127.0.0.1");
    assert_eq!(&*place.of_readings(None, &map), "mapped");
    place.announce("cam01");
    assert_eq!(&*place.of_readings(None, &map), "cam01");
    assert_eq!(&*place.of_readings(Some("bench"), &map), "bench");
    assert_eq!(&*place.of_frame(Some("bench"), &map), "bench");
}

#[test]
fn an_alias_renames_an_id_wherever_it_stands() {
    let map = Map { aliases: vec![("1234", "Bench")], ..Map::default() };
    let mut place = Place::new(HERE);
    assert_eq!(&*place.of_readings(Some("1234"), &map), "Bench");
    assert_eq!(&*place.of_frame(Some("1234"), &map), "Bench");
    place.announce("1234");
    assert_eq!(&*place.of_readings(None, &map), "Bench");
}

#[test]
fn the_real_device_s_number_is_its_name() {
    let mut place = Place::new(HERE);
    for _ in 0..3 {
        assert_eq!(&*place.of_frame(Some("1234"), &Map::default()), "1234");
        assert_eq!(&*place.of_readings(Some("1234"), &Map::default()), "1234");
    }
}

#[test]
fn a_running_frame_number_is_no_name() {
    let mut place = Place::new(HERE);
    place.announce("room");
    for n in 57..70 {
        assert_eq!(&*place.of_frame(Some(&n.to_string()), &Map::default()), "room");
    }
    let mut place = Place::new(HERE);
    for n in 1..5 {
        assert_eq!(&*place.of_frame(Some(&n.to_string()), &Map::default()), "127.0.0.1");
        assert_eq!(&*place.of_readings(Some(&n.to_string()), &Map::default()), "127.0.0.1");
    }
}

#[test]
fn a_number_that_names_a_known_location_is_that_location() {
    let map = Map { known: vec!["7"], ..Map::default() };
    let mut place = Place::new(HERE);
    place.announce("room");
    assert_eq!(&*place.of_frame(Some("7"), &map), "7");
}
