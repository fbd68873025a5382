//! A strip at a serial port, end to end: driver, link and port, with a simulated board at the other end of a
//! pseudo-terminal.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::Wish;
use hearthlight::drivers::{Dial, LocalId, Report, serial};
use hearthlight::engine::link::Told;
use hearthlight::engine::links::{Heard, Net, start};
use hearthlight::model::lights::connection::ConnectionId;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::SimOpts;
use hearthlight::sim::lights::serial as board;
use hearthlight::units::color::Srgb8;
use tokio_util::sync::CancellationToken;

/// Only so that a hang ends; nothing here is timed.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_strip_shows_over_a_pseudo_terminal_what_is_wished() {
    for (n, protocol) in [(9000, "adalight"), (9001, "tpm2"), (9002, "awa@2000000")] {
        tokio::time::timeout(PATIENCE, shows(n + std::process::id(), protocol)).await.expect(protocol);
    }
}

async fn shows(index: u32, protocol: &str) {
    let stop = CancellationToken::new();
    let mut opts = SimOpts::new(IpAddr::V4(Ipv4Addr::LOCALHOST), index, stop.clone());
    opts.kind = protocol.to_owned();
    let tally = Arc::clone(&opts.tally);
    let simulated = tokio::spawn((board::FAMILY.run)(opts));
    let address = board::address(index);
    while !address.exists() {
        tokio::task::yield_now().await;
    }
    let word: &str = protocol.split('@').next().unwrap();
    let options: BTreeMap<Arc<str>, Arc<str>> =
        [("protocol", word), ("pixels", "4")].map(|(key, value)| (key.into(), value.into())).into();
    let dial = Dial { address: address.to_str().unwrap(), options: &options, secrets: &BTreeMap::new() };
    let opening = (serial::FAMILY.open)(&dial).unwrap();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let link = start(ConnectionId("strip".into()), opening, &Net::default(), told);
    let found = loop {
        if let Heard::Told(_, Told::Report(Report::Found(id, _))) = heard.recv().await.unwrap() {
            break id;
        }
    };
    assert_eq!(found, LocalId("strip".into()));
    let color = Color::Xy(Srgb8::new(255, 0, 0).linear().xy());
    let state = State { on: true, brightness: 1.0, color, effect: None };
    link.wish(&found, Wish::State { state, transition_ms: 0 });
    link.go();
    while tally.last()["first"] != "FF0000" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(tally.last()["pixels"], 4);
    link.stop();
    stop.cancel();
    simulated.await.unwrap().unwrap();
    assert!(!address.is_symlink(), "what it made it takes away");
}
