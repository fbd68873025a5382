//! Discovery: looks for devices of every family at once, and hears what they announce.
//!
//! Invariant: each question goes out once per network, from a socket bound to that network's address; nothing asks every
//! address but a sweep that a person asked for.

mod ask;
mod hear;
mod ports;
mod services;
mod sightings;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::drivers::light::LightDriver;
use crate::drivers::{Claim, Family, Search};
use crate::engine::discovery::sightings::Sightings;
use crate::io::mdns::Reach;
use crate::io::networks::{self, Network};

/// Networks come and go: how often that is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This machine only: the demo home.
    Loopback,
    /// The networks of this machine.
    Lan,
}

/// What discovery says.
#[derive(Clone, Debug)]
pub enum Seen {
    /// A device, again and again for as long as it is there.
    Device(&'static Family<LightDriver>, Claim),
    /// Where it looks, for people.
    Looking(Vec<String>),
    /// What does not work, for people; once.
    Trouble(String),
    /// How much of a sweep is done, percent; `None` when it ended.
    Swept(Option<u8>),
    /// The questions were asked; announcements are heard on.
    Asked,
}

/// A running discovery.
#[derive(Clone, Debug)]
pub struct Discovery {
    orders: mpsc::UnboundedSender<Order>,
}

#[derive(Debug)]
enum Order {
    Ask,
    Pause,
    Sweep(Vec<String>),
}

impl Discovery {
    /// Begins to hear announcements of these families; questions are asked when [`ask`](Self::ask) says so. Multicast
    /// DNS has no announcements without questions: its services are asked for at once, then at its own slow pace.
    /// Called within the runtime.
    #[must_use]
    pub fn start(
        families: &'static [&'static Family<LightDriver>],
        scope: Scope,
        seen: mpsc::UnboundedSender<Seen>,
        stop: CancellationToken,
    ) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        let reach = match scope {
            Scope::Loopback => Reach::Loopback,
            Scope::Lan => Reach::Lan,
        };
        let search = Searching::start(Sightings::new(families, seen), reach);
        tokio::spawn(async move { stop.run_until_cancelled(search.run(inbox)).await });
        Self { orders }
    }

    /// Asks everybody now, for a few seconds.
    pub fn ask(&self) {
        drop(self.orders.send(Order::Ask));
    }

    /// Asks nobody any more; announcements are heard on.
    pub fn pause(&self) {
        drop(self.orders.send(Order::Pause));
    }

    /// Asks each address of these networks, in CIDR.
    pub fn sweep(&self, networks: Vec<String>) {
        drop(self.orders.send(Order::Sweep(networks)));
    }
}

/// A discovery at work.
struct Searching {
    sightings: Arc<Sightings>,
    reach: Reach,
    networks: watch::Sender<Vec<Network>>,
    rounds: watch::Sender<u64>,
    questions: JoinSet<()>,
    sweep: Option<AbortOnDropHandle<()>>,
    /// What hears for ever.
    _ears: JoinSet<()>,
}

impl Searching {
    fn start(sightings: Arc<Sightings>, reach: Reach) -> Self {
        let networks = watch::Sender::new(Vec::new());
        let rounds = watch::Sender::new(0);
        let mut ears = JoinSet::new();
        for search in sightings.searches() {
            let sightings = Arc::clone(&sightings);
            match search {
                Search::Mdns(_) => drop(ears.spawn(services::browse(sightings, search, reach, rounds.subscribe()))),
                Search::Hear { .. } => drop(ears.spawn(hear::hear(sightings, search, reach, networks.subscribe()))),
                Search::Serial => drop(ears.spawn(ports::list(sightings))),
                Search::Ask { .. } | Search::Sweep { .. } => {}
            }
        }
        Self { sightings, reach, networks, rounds, questions: JoinSet::new(), sweep: None, _ears: ears }
    }

    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Order>) {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return,
                },
                _ = look.tick() => self.look(),
                Some(_) = self.questions.join_next() => {
                    if self.questions.is_empty() {
                        self.sightings.say(Seen::Asked);
                    }
                }
            }
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Ask => self.ask(),
            Order::Pause => self.questions.abort_all(),
            Order::Sweep(cidrs) => {
                let swept = sweep::sweep(Arc::clone(&self.sightings), self.reach, cidrs);
                self.sweep = Some(AbortOnDropHandle::new(tokio::spawn(swept)));
            }
        }
    }

    /// Asks every question on every network. A round that still runs begins anew.
    fn ask(&mut self) {
        self.look();
        self.rounds.send_modify(|round| *round += 1);
        self.questions = JoinSet::new();
        for search in self.sightings.searches().into_iter().filter(|search| matches!(search, Search::Ask { .. })) {
            for network in self.networks.borrow().iter() {
                self.questions.spawn(ask::ask(Arc::clone(&self.sightings), search, network.clone()));
            }
        }
        // Services are asked for as well, and sweeping has its own end: a round lasts this long without any question.
        self.questions.spawn(tokio::time::sleep(ask::ROUND));
    }

    /// Looks which networks there are, and says so if that changed.
    fn look(&mut self) {
        let now = match networks::list(self.reach) {
            Ok(now) => now,
            Err(error) => return self.sightings.trouble(format!("The networks cannot be listed: {error}.")),
        };
        if self.networks.send_if_modified(|before| {
            *before != now && {
                before.clone_from(&now);
                true
            }
        }) {
            let services = self.sightings.searches().into_iter().filter_map(|search| match search {
                Search::Mdns(service) => Some(service.to_owned()),
                _ => None,
            });
            self.sightings.say(Seen::Looking(now.iter().map(ToString::to_string).chain(services).collect()));
        }
    }
}
