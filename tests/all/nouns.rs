//! Nouns that tests of many rooms begin with: each says what matters to it, and the rest is as here.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use hearthlight::model::alarms::alarm::{Alarm, AlarmId, State};
use hearthlight::model::alarms::rule::{Compare, Confidence, Input, Latch, Level, Rule, RuleId, Scope, Source};
use hearthlight::model::sensors::{Device, DeviceId, Phase};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::{Facts, Feed, Port, Posted, Wake};
use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, watch};

/// A simulated device that streams, at the location of its name.
pub(crate) fn device(name: &str) -> Device {
    Device {
        id: DeviceId::new(name),
        name: name.into(),
        location: name.into(),
        place: Arc::default(),
        attempts: 0,
        heard: None,
        serial: None,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        accepted: true,
        simulated: true,
        connected: true,
        phase: Phase::Streaming,
        ended: None,
        since: Timestamp::UNIX_EPOCH,
        period: None,
        line_end: None,
    }
}

/// A new alarm of a rule at the device and location of that name.
pub(crate) fn alarm(rule: &str, at: &str, level: Level) -> Alarm {
    let (name, rule) = (rule.into(), RuleId::new(rule));
    Alarm {
        id: AlarmId::of(&rule, at),
        rule,
        name,
        location: at.into(),
        device: DeviceId::new(at),
        level,
        state: State::Unacknowledged,
        test: false,
        latched: false,
        raised: Timestamp::UNIX_EPOCH,
        changed: Timestamp::UNIX_EPOCH,
        over: None,
        acknowledged: None,
        reasons: Vec::new(),
        confidence: 1.0,
        crossings: 1,
        done: Vec::new(),
    }
}

/// A source that is on from the first reading at its threshold and off at the first below, and raises a Warning alone.
pub(crate) fn source(input: Input, threshold: f64) -> Source {
    Source {
        name: "Source".into(),
        enabled: true,
        input,
        compare: Compare::AtLeast,
        threshold,
        hysteresis: 0.0,
        hold_readings: 1,
        hold_on: Duration::ZERO,
        hold_off: Duration::ZERO,
        weight: 1.0,
        alone: true,
        level: Level::Warning,
    }
}

/// A rule for everywhere, of which one source is a Warning and nothing stays.
pub(crate) fn rule(name: &str, sources: Vec<Source>) -> Rule {
    Rule {
        id: RuleId::new(name),
        name: name.into(),
        enabled: true,
        scope: Scope::Everywhere,
        sources,
        min_sources: 1,
        together: Level::Warning,
        confidence: Confidence::Independent,
        latch: Latch::Never,
        actions: Vec::new(),
        note: String::new(),
    }
}

/// A port with a mailbox and a state, and else nothing: no facts come, and nobody answers questions.
pub(crate) fn plug(commands: mpsc::Sender<Posted>, snapshot: Snapshot) -> Port {
    Port {
        commands,
        questions: crossbeam_channel::bounded(1).0,
        snapshot: Arc::new(ArcSwap::from_pointee(snapshot)),
        published: watch::channel(0).1,
        feed: Feed(broadcast::channel(4).0),
        facts: Facts { receiver: crossbeam_channel::bounded(1).1, lagged: Arc::default() },
        slots: Arc::default(),
        wake: Wake::default(),
        outcomes: Arc::default(),
        tickets: Arc::default(),
        quit: watch::channel(false).0,
    }
}
