//! Edges on their way into the book.
//!
//! Invariant: an edge of a source that cannot be (its rule is off, it is not in it, it does not hold there) changes
//! nothing. One that says more of a source that is not known to be on turns it on: nothing hot is missed.

use std::cell::LazyCell;
use std::sync::Arc;

use crate::engine::services::alarms::book::{Book, Picture};
use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::spot::{self, Spot};
use crate::heat::watch::{Edge, Turn};
use crate::model::alarms::alarm::{AlarmId, Reason};
use crate::model::alarms::journal::Still;
use crate::model::alarms::rule::Input;
use crate::model::sensors::DeviceId;

impl Book {
    /// Sources of a device turned. `still` gives its newest picture; it is asked at most once.
    pub fn on_edges(
        &mut self,
        device: &DeviceId,
        location: &Arc<str>,
        edges: &[Edge],
        still: impl FnOnce() -> Option<Arc<Still>>,
        now: Now,
    ) -> Effects {
        let mut fx = Effects::default();
        let still = LazyCell::new(still);
        let fresh = if edges.iter().any(|edge| self.is_data(edge)) { self.freshen(device) } else { Vec::new() };
        for edge in edges {
            let before = fx.n_raised();
            self.on_edge(device, location, edge, &|| (*still).clone(), now, &mut fx);
            if fx.n_raised() > before {
                fx.raised_by.push(edge.at);
            }
        }
        for id in fresh {
            self.settle(&id, false, &|| None, now, &mut fx);
        }
        fx
    }

    fn on_edge(
        &mut self,
        device: &DeviceId,
        location: &Arc<str>,
        edge: &Edge,
        still: Picture<'_>,
        now: Now,
        fx: &mut Effects,
    ) {
        let Some(rule) = self.state.rules.get(&edge.rule).filter(|rule| rule.enabled).cloned() else { return };
        let Some(source) = rule.sources.get(usize::from(edge.source)) else { return };
        if !source.enabled || !rule.scope.holds(device) {
            return;
        }
        let id = AlarmId::of(&rule.id, location);
        let spot = self.spots.entry(id.clone()).or_insert_with(|| Spot::new(&rule.id, location));
        let key = (edge.source, device.clone());
        let news = spot::reason(edge, source, device, now.wall);
        let crossing = match (edge.turn, spot.on.get_mut(&key)) {
            (Turn::Off, _) => {
                spot.on.remove(&key);
                false
            }
            (turn, Some(lit)) => {
                *lit = Reason { since: lit.since, ..spot::joined(lit, &news, source.compare) };
                turn == Turn::Again
            }
            (_, None) => {
                let had = self.state.active.get(&id).map_or(&[][..], |alarm| &alarm.reasons);
                let returns = had.iter().any(|known| spot::is_same(known, &news));
                spot.on.insert(key, news);
                returns
            }
        };
        let crossing = crossing && !self.state.out_of_service.contains_key(device);
        self.settle(&id, crossing, still, now, fx);
    }

    /// Whether an edge comes from data, not from its absence.
    fn is_data(&self, edge: &Edge) -> bool {
        let rule = self.state.rules.get(&edge.rule);
        let source = rule.and_then(|rule| rule.sources.get(usize::from(edge.source)));
        source.is_some_and(|source| source.input != Input::Silent)
    }

    /// Data came from a device: none of what is on there is stale. Returns the spots where something was.
    fn freshen(&mut self, device: &DeviceId) -> Vec<AlarmId> {
        let mut fresh = Vec::new();
        for (id, spot) in &mut self.spots {
            let mut stale = spot.on.values_mut().filter(|reason| reason.device == *device && reason.stale).peekable();
            if stale.peek().is_some() {
                fresh.push(id.clone());
                stale.for_each(|reason| reason.stale = false);
            }
        }
        fresh
    }
}
