//! A link with a hub behind a network in a box, with a hand-turned clock, and what tests ask of what the link told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{LightDriver, Said, Thing, Wish};
use hearthlight::drivers::{LocalId, Report};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::model::inputs;
use hearthlight::model::lights::Reported;
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::units::color::{Mirek, Xy};

/// A network in a box, with a hub in it.
pub trait Net: Transport {
    /// The hub does what is due.
    fn run(&mut self);
    /// Turns the clock on.
    fn wait(&mut self, time: Duration);
}

/// The world of one link.
pub struct World<N> {
    pub net: N,
    pub link: Link<LightDriver>,
    pub told: Vec<Told<Thing, Said>>,
}

pub fn state(on: bool, brightness: f32, color: Color) -> State {
    State { on, brightness, color, effect: None }
}

pub fn mirek(mirek: u16) -> Color {
    Color::Mirek(Mirek::new(mirek))
}

pub fn red() -> Color {
    Color::Xy(Xy::new(0.64, 0.33).unwrap())
}

impl<N: Net> World<N> {
    /// Lets so much time pass.
    pub fn pass(&mut self, ms: u64) {
        let end = self.net.now() + Duration::from_millis(ms);
        while self.net.now() < end {
            self.net.run();
            let Self { net, link, told } = self;
            let wake_at = link.turn(net, &mut |say| told.push(say));
            assert!(wake_at > self.net.now(), "a link that wakes at once never sleeps");
            self.net.wait(Duration::from_millis(10));
        }
    }

    pub fn want(&mut self, id: &LocalId, state: State, transition_ms: u32) {
        self.link.wish(self.net.now(), id, &Wish::State { state, transition_ms }).unwrap();
    }

    /// What there is now.
    pub fn things(&self) -> BTreeMap<LocalId, Thing> {
        let mut things = BTreeMap::new();
        for say in &self.told {
            match say {
                Told::Report(Report::Found(id, thing)) => drop(things.insert(id.clone(), thing.clone())),
                Told::Report(Report::Gone(id)) => drop(things.remove(id)),
                _ => {}
            }
        }
        things
    }

    pub fn can(&self, id: &LocalId) -> Arc<Capabilities> {
        match self.things().remove(id) {
            Some(Thing::Light { capabilities, .. }) => capabilities,
            other => panic!("{other:?}"),
        }
    }

    /// What a light said last.
    pub fn reported(&self, id: &LocalId) -> Reported {
        let last = self.states(id).rev().find_map(|said| match said {
            Said::Light(reported) => Some(reported.clone()),
            _ => None,
        });
        last.unwrap()
    }

    /// Each time that something came within reach or went out of it.
    pub fn reach(&self, id: &LocalId) -> Vec<bool> {
        self.states(id)
            .filter_map(|said| if let Said::Reach(reach) = said { Some(reach.is_ok()) } else { None })
            .collect()
    }

    /// All that a switch or sensor said.
    pub fn said(&self, id: &LocalId) -> Vec<inputs::Said> {
        self.states(id)
            .filter_map(|said| if let Said::Input(said) = said { Some(said.clone()) } else { None })
            .collect()
    }

    pub fn health(&self) -> Vec<Health> {
        let of = |say: &Told<Thing, Said>| if let Told::Health(health) = say { Some(health.clone()) } else { None };
        self.told.iter().filter_map(of).collect()
    }

    /// All that was told of how a thing is.
    fn states<'a>(&'a self, id: &'a LocalId) -> impl DoubleEndedIterator<Item = &'a Said> {
        self.told.iter().filter_map(move |say| match say {
            Told::Report(Report::State(of, said)) if of == id => Some(said),
            _ => None,
        })
    }
}
