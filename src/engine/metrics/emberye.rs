//! The same figures under the names that EmberEye's dashboards ask for, spelt as there (`emberye`, one e missing).
//! Families of cameras are left out.

use crate::engine::metrics::Input;
use crate::engine::metrics::page::{Page, Type, Value};
use crate::engine::metrics::places::Place;
use crate::port::meter::Histogram;

/// Writes them.
pub(super) fn write(page: &mut Page, input: &Input<'_>, places: &[Place<'_>]) {
    page.family("emberye_uptime_seconds", Type::Gauge, "Time since the program was started.");
    page.sample(&[], Value::Float(input.now.seconds()));
    packets(page, input, places);
    let counts = &input.slots.connections;
    let gone = counts.closed.get() + counts.replaced.get();
    page.family("emberye_tcp_queue_depth", Type::Gauge, "Facts that wait on the bus; packets themselves never queue.");
    let depth = input.channels.iter().find(|(name, ..)| *name == "bus").map_or(0, |(_, depth, _)| *depth);
    page.sample(&[], Value::Count(depth as u64));
    page.family("emberye_tcp_connections_active", Type::Gauge, "Open connections of sensor devices.");
    page.sample(&[], Value::Count(counts.opened.get().saturating_sub(gone)));
    page.family("emberye_fusion_invocations", Type::Counter, "How often the sources of a location were judged.");
    page.sample(&[], Value::Count(total(&input.slots.fusion)));
    page.family("emberye_fusion_alarms", Type::Counter, "Alarms raised.");
    page.sample(&[], Value::Count(input.slots.raised.counts().values().sum()));
    let help = "Mean time of judging since the start, in milliseconds.";
    page.family("emberye_fusion_latency_avg_ms", Type::Gauge, help);
    page.sample(&[], Value::Float(mean_ms([&input.slots.fusion])));
}

fn packets(page: &mut Page, input: &Input<'_>, places: &[Place<'_>]) {
    page.family("emberye_tcp_packets_received", Type::Counter, "Packets received, rejected ones included.");
    for place in places {
        let n = place.slots().map(|slot| slot.n_accepted() + slot.n_rejected()).sum();
        page.sample(&[("location_id", &place.label)], Value::Count(n));
    }
    page.family("emberye_tcp_packets_error", Type::Counter, "Packets rejected.");
    for place in places {
        let n = place.slots().map(|slot| slot.n_rejected()).sum();
        page.sample(&[("location_id", &place.label)], Value::Count(n));
    }
    let help = "Mean time from a packet read to evaluated, in milliseconds; measured for all locations together.";
    page.family("emberye_tcp_packet_latency_avg_ms", Type::Gauge, help);
    let latency = mean_ms(&input.slots.ingest);
    for place in places {
        page.sample(&[("location_id", &place.label)], Value::Float(latency));
    }
}

fn total(histogram: &Histogram) -> u64 {
    histogram.counts().iter().sum()
}

/// The mean of everything in these histograms, ms; 0 if there is nothing.
fn mean_ms<'a>(histograms: impl IntoIterator<Item = &'a Histogram> + Clone) -> f64 {
    let n: u64 = histograms.clone().into_iter().map(total).sum();
    let sum: f64 = histograms.into_iter().map(Histogram::sum).sum();
    if n == 0 { 0.0 } else { sum * 1e3 / n as f64 }
}
