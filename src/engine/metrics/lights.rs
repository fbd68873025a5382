//! Families about lights and their links.

use crate::engine::metrics::MAX_PLACES;
use crate::engine::metrics::page::{Page, Type, Value};
use crate::model::lights::Lights;
use crate::model::lights::connection::Reach;
use crate::port::slots::Slots;

/// Writes them. Links beyond [`MAX_PLACES`] are left out.
pub(super) fn write(page: &mut Page, slots: &Slots, lights: &Lights) {
    page.family("hearthlight_link_up", Type::Gauge, "1 while a device or hub of lights answers, else 0.");
    for (id, connection) in lights.connections.iter().take(MAX_PLACES) {
        let up = connection.reach == Reach::Online;
        page.sample(&[("link", &id.0)], Value::Count(u64::from(up)));
    }
    let help = "From a wish for a light handed to its link to its bytes handed on.";
    page.family("hearthlight_light_send_seconds", Type::Histogram, help);
    for (family, histogram) in slots.light_sends.all() {
        page.histogram(&[("family", family)], &histogram);
    }
}
