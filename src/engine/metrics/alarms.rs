//! Families about alarms.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::metrics::MAX_PLACES;
use crate::engine::metrics::page::{Page, Type, Value};
use crate::model::alarms::Alarms;
use crate::model::alarms::alarm::{Alarm, State};
use crate::model::alarms::rule::Level;
use crate::port::slots::Slots;

/// Writes them. Locations beyond [`MAX_PLACES`] share the label `other`.
pub(super) fn write(page: &mut Page, slots: &Slots, alarms: &Alarms) {
    page.family("hearthlight_alarms", Type::Counter, "Alarms raised.");
    let raised = slots.raised.counts();
    let all: BTreeSet<&str> = raised.keys().map(|(_, location, _)| &**location).collect();
    let own: BTreeSet<&str> = all.into_iter().take(MAX_PLACES).collect();
    let mut counts = BTreeMap::new();
    for ((rule, location, level), n) in &raised {
        let location = if own.contains(&**location) { &**location } else { "other" };
        *counts.entry((location, rule.as_str(), level.label())).or_insert(0) += n;
    }
    for ((location, rule, severity), n) in counts {
        page.sample(&[("location", location), ("rule", rule), ("severity", severity)], Value::Count(n));
    }
    page.family("hearthlight_alarms_active", Type::Gauge, "Alarms whose condition holds, tests left out.");
    for level in Level::ALL {
        for (acknowledged, state) in [("false", State::Unacknowledged), ("true", State::Acknowledged)] {
            let counted = |alarm: &&Alarm| alarm.level == level && alarm.state == state && !alarm.test;
            let n = alarms.active.values().map(|alarm| &**alarm).filter(counted).count();
            let labels = [("severity", level.label()), ("acknowledged", acknowledged)];
            page.sample(&labels, Value::Count(n as u64));
        }
    }
    let help = "From the last byte of a packet read to the alarm raised.";
    page.family("hearthlight_alarm_latency_seconds", Type::Histogram, help);
    page.histogram(&[], &slots.alarm_latency);
    page.family("hearthlight_fusion_seconds", Type::Histogram, "Judging the sources of one location once.");
    page.histogram(&[], &slots.fusion);
}
