//! The fold: one truth, in order, published before tickets are answered; a lagging face heals.

use std::sync::Arc;
use std::time::Duration;

use hearthlight::engine::bus::{Answered, Batch, Bus, Ends, WINDOW_QUEUE};
use hearthlight::io::clock::Clock;
use hearthlight::model::message::{Origin, Outcome, Ticket, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system;
use hearthlight::port::slots::Slots;
use proptest::prelude::*;
use tokio::sync::oneshot;

fn bus() -> (Bus, Ends, Arc<Slots>) {
    let slots = Arc::new(Slots::default());
    let (bus, ends) = Bus::new(Clock::default(), Arc::clone(&slots), Default::default(), true);
    (bus, ends, slots)
}

fn asked() -> Update {
    Update::System(system::Update::WindowAsked)
}

fn fold(bus: &mut Bus, batch: Batch) {
    bus.fold(&mut vec![batch]);
}

#[test]
fn a_ticket_is_answered_after_the_snapshot_shows_it() {
    let (mut bus, ends, _) = bus();
    let (reply, mut outcome) = oneshot::channel();
    let answer = Some(Answered { ticket: Ticket(1), refused: None, made: None, reply: Some(reply) });
    fold(&mut bus, Batch { answer, ..Batch::of(vec![asked(), asked()]) });
    assert_eq!(outcome.try_recv().unwrap(), Outcome::Done { seq: 2, made: None });
    assert_eq!(ends.snapshot.load().system.shown, 2);
    assert_eq!(*ends.published.borrow(), 2);
}

#[test]
fn a_refusal_changes_nothing_and_says_why() {
    let (mut bus, ends, _) = bus();
    let answer = Some(Answered { ticket: Ticket(7), refused: Some("no".to_owned()), made: None, reply: None });
    fold(&mut bus, Batch { updates: Vec::new(), origin: Origin::Api, cause: None, answer });
    assert_eq!(ends.snapshot.load().seq, 0);
    assert_eq!(*ends.outcomes.lock(), [(Ticket(7), Outcome::Refused { why: "no".to_owned() })]);
}

#[test]
fn a_window_that_lags_reloads_and_the_lag_is_counted() {
    let (mut bus, ends, slots) = bus();
    for _ in 0..WINDOW_QUEUE + 10 {
        fold(&mut bus, Batch::of(vec![asked()]));
    }
    assert_eq!(slots.facts_lagged.get(), 10);
    let mut view = Arc::new(Snapshot::default());
    while ends.facts.drain(&mut view, &ends.snapshot, Duration::from_secs(1), |_| {}) {}
    assert_eq!(view.seq as usize, WINDOW_QUEUE + 10);
    assert_eq!(*view, **ends.snapshot.load());
}

proptest! {
    /// Faces that drain at different moments all end with the one truth, and nothing is lost unseen.
    #[test]
    fn any_story_folds_to_one_truth(story in prop::collection::vec((0..4_usize, any::<bool>()), 0..200)) {
        let (mut bus, ends, _) = bus();
        let mut feed = ends.feed.0.subscribe();
        let mut lazy = Arc::new(Snapshot::default());
        let mut seen = Vec::new();
        let mut replayed = Snapshot::default();
        for (n, drain) in story {
            fold(&mut bus, Batch::of((0..n).map(|_| asked()).collect()));
            while let Ok(published) = feed.try_recv() {
                for fact in published.facts.iter() {
                    prop_assert!(replayed.apply(fact), "each fact comes once, in order");
                }
            }
            if drain {
                while ends.facts.drain(&mut lazy, &ends.snapshot, Duration::from_secs(1), |fact| seen.push(fact.seq)) {}
                prop_assert_eq!(&*lazy, &**ends.snapshot.load());
            }
        }
        while ends.facts.drain(&mut lazy, &ends.snapshot, Duration::from_secs(1), |fact| seen.push(fact.seq)) {}
        prop_assert_eq!(&*lazy, &**ends.snapshot.load());
        prop_assert_eq!(&replayed, &**ends.snapshot.load());
        prop_assert_eq!(seen, (1..=replayed.seq).collect::<Vec<_>>());
    }
}
