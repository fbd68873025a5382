//! Discovery on this machine's own loopback: questions, announcements, services and a sweep.

use std::time::Duration;

use hearthlight::drivers::light::LightDriver;
use hearthlight::drivers::{Claim, Family, Search, Sighting, Wrong};
use hearthlight::engine::discovery::{Discovery, Scope, Seen};
use hearthlight::sim::lights::ether;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::{Mutex, MutexGuard};
use tokio_util::sync::CancellationToken;

use super::PATIENCE;

/// A family that takes everything it looks for as its own.
static LAMPS: Family<LightDriver> = Family {
    id: "lamps",
    name: "Lamps",
    about: "Lamps for tests.",
    searches: &[
        Search::Mdns("_hltest._tcp"),
        Search::Ask { group: None, port: 47_811, payload: b"who is there?" },
        Search::Hear { group: None, port: 47_812 },
        Search::Sweep { port: 47_813, path: "/lamp" },
    ],
    claim,
    address_hint: "",
    fields: &[],
    open: |_| Err(Wrong("never opened".to_owned())),
};

static FAMILIES: &[&Family<LightDriver>] = &[&LAMPS];

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let text = String::from_utf8_lossy(seen.payload).into_owned();
    let property = seen.properties.iter().find(|(key, _)| key == "mac").map(|(_, mac)| mac.clone());
    let name = if seen.name.is_empty() { text } else { seen.name.to_owned() };
    let address = seen.from.map(|from| from.to_string()).unwrap_or_default();
    Some(Claim { identity: property, name, model: "Lamp".to_owned(), address, options: Vec::new() })
}

pub(super) struct World {
    pub(super) discovery: Discovery,
    seen: UnboundedReceiver<Seen>,
    stop: CancellationToken,
    _turn: MutexGuard<'static, ()>,
}

/// One discovery at a time, as in the program: multicast DNS has one listener for each service.
static TURN: Mutex<()> = Mutex::const_new(());

impl World {
    pub(super) async fn new(scope: Scope) -> Self {
        let turn = TURN.lock().await;
        let (tell, seen) = unbounded_channel();
        let stop = CancellationToken::new();
        let discovery = Discovery::start(FAMILIES, scope, tell, stop.clone());
        Self { discovery, seen, stop, _turn: turn }
    }

    /// The next thing seen that `wanted` makes something of.
    pub(super) async fn sees<T>(&mut self, mut wanted: impl FnMut(&Seen) -> Option<T>) -> T {
        let seen = async {
            loop {
                let seen = self.seen.recv().await.expect("discovery goes on");
                if let Seen::Trouble(why) = &seen {
                    panic!("trouble: {why}");
                }
                if let Some(found) = wanted(&seen) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, seen).await.expect("never seen")
    }

    pub(super) async fn finds(&mut self, name: &str) -> Claim {
        self.sees(|seen| match seen {
            Seen::Device(family, claim) if family.id == "lamps" && claim.name == name => Some(claim.clone()),
            _ => None,
        })
        .await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn every_device_that_is_asked_answers_from_its_own_address() {
    for lamp in ["127.0.9.11", "127.0.9.12"] {
        let (mut questions, own) = (ether::questions(47_811).unwrap(), UdpSocket::bind((lamp, 47_811)).await.unwrap());
        tokio::spawn(async move {
            loop {
                let (from, question) = questions.next().await;
                assert_eq!(&question[..], b"who is there?");
                own.send_to(format!("lamp {lamp}").as_bytes(), from).await.unwrap();
            }
        });
    }
    let mut world = World::new(Scope::Loopback).await;
    let on = world.sees(|seen| if let Seen::Looking(on) = seen { Some(on.clone()) } else { None }).await;
    assert_eq!(on, ["127.0.0.0/8 on this machine", "_hltest._tcp"]);
    world.discovery.ask();
    let mut found = Vec::new();
    while !world
        .sees(|seen| match seen {
            Seen::Device(_, claim) if claim.name.starts_with("lamp ") => {
                found.push(claim.address.clone());
                Some(false)
            }
            Seen::Asked => Some(true),
            _ => None,
        })
        .await
    {}
    found.sort();
    assert_eq!(found, ["127.0.9.11:47811", "127.0.9.12:47811"], "each once, though asked three times");
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn announcements_are_heard_without_asking() {
    let mut world = World::new(Scope::Loopback).await;
    let shouting = tokio::spawn(async {
        loop {
            ether::shout("127.0.9.13".parse().unwrap(), 47_812, b"here I am").await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let claim = world.finds("here I am").await;
    shouting.abort();
    assert!(claim.address.starts_with("127.0.9.13:"), "{claim:?}");
}

#[tokio::test]
async fn services_announced_on_loopback_are_found() {
    let at = "127.0.0.1:80".parse().unwrap();
    let announced = ether::announce("_hltest._tcp", "Test Strip (1)", at, &[("mac", "aabbccddeeff")]).unwrap();
    let mut world = World::new(Scope::Loopback).await;
    let claim = world.finds("Test Strip (1)").await;
    assert_eq!((claim.identity.as_deref(), claim.address.as_str()), (Some("aabbccddeeff"), "127.0.0.1:80"));
    drop(announced);
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_sweep_asks_each_address_and_says_when_it_is_done() {
    let app = axum::Router::new().route("/lamp", axum::routing::get(|| async { "swept" }));
    let listener = TcpListener::bind("127.0.9.18:47813").await.unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut world = World::new(Scope::Loopback).await;
    world.discovery.sweep(vec!["127.0.9.16/29".to_owned()]);
    assert_eq!(world.finds("swept").await.address, "127.0.9.18:47813");
    let mut last = 0;
    while let Some(percent) = world.sees(|seen| if let Seen::Swept(done) = seen { Some(*done) } else { None }).await {
        assert!(percent > last && percent <= 100);
        last = percent;
    }
}

#[tokio::test]
async fn a_sweep_that_is_too_large_or_not_allowed_is_refused_with_a_word() {
    for (cidr, why) in [("127.0.0.0/8", "too large"), ("192.168.1.0/24", "not on this machine"), ("lamp", "no network")]
    {
        let mut world = World::new(Scope::Loopback).await;
        world.discovery.sweep(vec![cidr.to_owned()]);
        let told = async {
            loop {
                if let Some(Seen::Trouble(told)) = world.seen.recv().await {
                    return told;
                }
            }
        };
        let told = tokio::time::timeout(PATIENCE, told).await.unwrap();
        assert!(told.contains(why), "{told}");
    }
}
