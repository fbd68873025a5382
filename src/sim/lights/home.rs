//! The demo home: some forty lights of every family in six rooms, each at an address of its own where the system has
//! them, one of them slow and one now and then out of reach.
//!
//! Invariant: a light of the home is only what its simulator is; nothing here speaks a protocol.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::sim::lights::lamp::LampFaults;
use crate::sim::lights::{self, Running, SimOpts};

/// A device of the home: a light, or a hub with several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resident {
    /// Its family's id.
    pub family: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// The room it says it is in, where its protocol has one.
    pub room: &'static str,
    /// What it is, by words of its family.
    pub kind: &'static str,
    /// Pixels or segments, where it has any; 0 for the usual number.
    pub pixels: u16,
    /// Its troubles.
    pub faults: LampFaults,
    /// When it is out of reach.
    pub away: Option<Away>,
}

/// A light that somebody switches off at the wall now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// It is there for so long,
    pub after: Duration,
    /// then not for so long, and so on.
    pub lasts: Duration,
}

const LIVING: &str = "Living room";
const KITCHEN: &str = "Kitchen";
const BEDROOM: &str = "Bedroom";
const STUDY: &str = "Study";
const HALL: &str = "Hall";
const WORKSHOP: &str = "Workshop";

/// A light that answers as one at the edge of its Wi-Fi does.
const SLOW: LampFaults = LampFaults { late: Some(Duration::from_millis(350)), mute: false, loses: None };
/// A light at a switch that people use.
const SWITCHED: Away = Away { after: Duration::from_secs(240), lasts: Duration::from_secs(35) };

/// The devices of the home.
#[must_use]
pub fn residents() -> Vec<Resident> {
    let of = |family, name, room, kind, pixels| {
        let (faults, away) = (LampFaults::default(), None);
        Resident { family, name, room, kind, pixels, faults, away }
    };
    vec![
        of("wled", "TV backlight", LIVING, "strip", 144),
        of("wled", "Bookshelf", LIVING, "segments", 90),
        of("wled", "Worktop", KITCHEN, "cct", 120),
        of("wled", "Bed frame", BEDROOM, "rgbw", 100),
        of("wled", "Desk edge", STUDY, "strip", 60),
        Resident { faults: SLOW, ..of("wled", "Staircase", HALL, "strip", 180) },
        of("wled", "Workbench", WORKSHOP, "old", 120),
        of("ddp", "Ceiling cove", LIVING, "rgb", 300),
        of("ddp", "Monitor wall", STUDY, "rgb", 256),
        of("ddp", "Tool wall", WORKSHOP, "rgbw", 150),
        of("lifx", "Floor lamp", LIVING, "bulb", 0),
        of("lifx", "Window strip", LIVING, "strip", 82),
        of("lifx", "Wall tiles", STUDY, "tiles", 0),
        of("lifx", "Reading lamp", BEDROOM, "bulb", 0),
        of("lifx", "Vanity", BEDROOM, "white", 0),
        of("lifx", "Dining lamp", KITCHEN, "bulb", 0),
        of("lifx", "Skylight", KITCHEN, "ceiling", 0),
        of("lifx", "Coat rack", HALL, "white", 0),
        of("zigbee2mqtt", "Zigbee", HALL, "", 0),
        of("hue", "Hue bridge", LIVING, "", 0),
        of("yeelight", "Study ceiling", STUDY, "ceiling", 0),
        Resident { away: Some(SWITCHED), ..of("yeelight", "Mirror", HALL, "color", 0) },
        of("yeelight", "Vice lamp", WORKSHOP, "ct", 0),
        of("serial", "Shelf strip", WORKSHOP, "adalight", 60),
    ]
}

/// What resident `n` of the home is started with. On Linux it has its own address, by family and number.
#[must_use]
pub fn opts(resident: &Resident, n: u32, stop: &CancellationToken) -> SimOpts {
    SimOpts {
        name: Some(resident.name.to_owned()),
        room: Some(resident.room.to_owned()),
        kind: resident.kind.to_owned(),
        pixels: resident.pixels,
        faults: resident.faults,
        ..SimOpts::new(address(n), n, stop.clone())
    }
}

fn address(n: u32) -> IpAddr {
    let first = Ipv4Addr::new(127, 0, 20, 1);
    if cfg!(target_os = "linux") { Ipv4Addr::from_bits(first.to_bits() + n).into() } else { Ipv4Addr::LOCALHOST.into() }
}

/// Runs the home until `stop`.
pub async fn run(stop: CancellationToken) {
    let mut home = JoinSet::new();
    for (n, resident) in (0..).zip(residents()) {
        home.spawn(live(resident, n, stop.clone()));
    }
    while home.join_next().await.is_some() {}
}

/// Runs one device, again and again if it is away now and then.
async fn live(resident: Resident, n: u32, stop: CancellationToken) {
    let Some(family) = lights::family(resident.family) else { return };
    loop {
        let here = stop.child_token();
        let running = (family.run)(opts(&resident, n, &here));
        let ended = match resident.away {
            Some(away) => leave(running, away.after, &here).await,
            None => running.await,
        };
        if let Err(error) = ended {
            tracing::warn!(name = resident.name, family = resident.family, %error, "a simulated light could not start");
            return;
        }
        let Some(away) = resident.away.filter(|_| !stop.is_cancelled()) else { return };
        if stop.run_until_cancelled(tokio::time::sleep(away.lasts)).await.is_none() {
            return;
        }
    }
}

/// Runs a device for so long, then ends it.
async fn leave(mut running: Running, after: Duration, here: &CancellationToken) -> std::io::Result<()> {
    tokio::select! {
        ended = &mut running => ended,
        () = tokio::time::sleep(after) => {
            here.cancel();
            running.await
        }
    }
}
