//! Families about the Hue bridge.

use std::sync::atomic::Ordering;

use crate::engine::metrics::page::{Page, Type, Value};
use crate::model::bridge::Bridge;
use crate::port::slots::BridgeSlots;

/// Writes them.
pub(super) fn write(page: &mut Page, slots: &BridgeSlots, bridge: &Bridge) {
    page.family("hearthlight_bridge_apps", Type::Gauge, "Apps that hold a key to the Hue bridge.");
    page.sample(&[], Value::Count(bridge.apps.len() as u64));
    let help = "From the last byte of a request of a Hue app to its answer.";
    page.family("hearthlight_bridge_request_seconds", Type::Histogram, help);
    for ((route, code), histogram) in slots.requests.all() {
        page.histogram(&[("route", route), ("code", &code.to_string())], &histogram);
    }
    let help = "Requests of Hue apps that were refused, those with status 200 included.";
    page.family("hearthlight_bridge_refused", Type::Counter, help);
    page.sample(&[], Value::Count(slots.refused.get()));
    let help = "From a fact to its event handed to a Hue app.";
    page.family("hearthlight_event_delay_seconds", Type::Histogram, help);
    page.histogram(&[], &slots.events);
    page.family("hearthlight_event_listeners", Type::Gauge, "Hue apps that listen to events.");
    page.sample(&[], Value::Count(slots.listeners.load(Ordering::Relaxed) as u64));
    let help = "Hue apps that took events too slowly and were sent away.";
    page.family("hearthlight_event_listeners_too_slow", Type::Counter, help);
    page.sample(&[], Value::Count(slots.too_slow.get()));
}
