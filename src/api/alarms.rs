//! Alarms and the rules behind them, as people's scripts read them.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::api::commands;
use crate::api::problem::Problem;
use crate::api::{Face, Now, to_millis};
use crate::model::alarms::alarm::{self, Alarm, AlarmId, Reason};
use crate::model::alarms::rule::{ChannelUnit, Compare, Confidence, Input, Latch, Level, Rule, RuleId, Scope, Source};
use crate::model::alarms::{self, Alarms};
use crate::model::message::Command;
use crate::model::sensors::DeviceId;
use crate::units::grid::Patch;

#[derive(Serialize)]
struct AlarmLine<'a> {
    id: &'a str,
    name: &'a str,
    rule: &'a str,
    device: &'a str,
    location: &'a str,
    level: Level,
    state: alarm::State,
    test: bool,
    latched: bool,
    shelved_until: Option<Timestamp>,
    raised: Timestamp,
    changed: Timestamp,
    over: Option<Timestamp>,
    acknowledged_by: Option<&'a str>,
    acknowledged_at: Option<Timestamp>,
    confidence: f64,
    crossings: u32,
    reasons: Vec<ReasonLine<'a>>,
    actions: Vec<DoneLine<'a>>,
}

/// One reason of an alarm.
#[derive(Serialize)]
pub(super) struct ReasonLine<'a> {
    name: &'a str,
    device: &'a str,
    level: Level,
    on: bool,
    stale: bool,
    value: f64,
    threshold: f64,
    unit: &'a str,
    since: Timestamp,
    age_s: f64,
    cell: Option<(u16, u16)>,
}

#[derive(Serialize)]
struct DoneLine<'a> {
    what: &'a str,
    at: Timestamp,
    refused: Option<&'a str>,
    undone: bool,
}

#[derive(Serialize)]
struct RuleLine<'a> {
    id: &'a str,
    name: &'a str,
    enabled: bool,
    /// Where it holds; `None` = everywhere.
    devices: Option<&'a BTreeSet<DeviceId>>,
    min_sources: u8,
    together: Level,
    confidence: Confidence,
    latch: Latch,
    note: &'a str,
    actions: usize,
    sources: Vec<SourceLine<'a>>,
}

#[derive(Serialize)]
struct SourceLine<'a> {
    name: &'a str,
    enabled: bool,
    input: InputLine<'a>,
    compare: Compare,
    threshold: f64,
    hysteresis: f64,
    hold_readings: u32,
    hold_on_s: f64,
    hold_off_s: f64,
    weight: f64,
    alone: bool,
    level: Level,
}

/// What a source looks at; what does not belong to its kind is `None`.
#[derive(Default, Serialize)]
struct InputLine<'a> {
    kind: &'static str,
    key: Option<&'a str>,
    unit: &'static str,
    at_least: Option<f32>,
    area: Option<Patch>,
    against: Option<Patch>,
}

/// `GET /api/v1/alarms`: the most pressing first, shelved ones last.
pub(super) async fn list(State(face): State<Arc<Face>>) -> Response {
    let (view, now) = (face.port.view(), face.now());
    let mut all = view.alarms.by_urgency();
    let shelved = view.alarms.active.values().filter(|alarm| view.alarms.shelved.contains_key(&alarm.id));
    all.extend(shelved.cloned());
    Json(all.iter().map(|alarm| AlarmLine::of(&view.alarms, alarm, now)).collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/alarms/{id}`.
pub(super) async fn one(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let view = face.port.view();
    Ok(Json(AlarmLine::of(&view.alarms, known(&view.alarms, id)?, face.now())).into_response())
}

/// `POST /api/v1/alarms/{id}/acknowledge`.
pub(super) async fn acknowledge(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let alarm = known(&face.port.view().alarms, id)?.id.clone();
    commands::run(&face, Command::Alarms(alarms::Command::Acknowledge { alarm })).await
}

/// `GET /api/v1/rules`.
pub(super) async fn rules(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    Json(view.alarms.rules.values().map(|rule| RuleLine::of(rule)).collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/rules/{id}`.
pub(super) async fn rule(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let (view, id) = (face.port.view(), RuleId(id.into()));
    let rule = view.alarms.rules.get(&id);
    let missing = || Problem::unknown(format!("There is no rule {id}. GET /api/v1/rules lists those there are."));
    Ok(Json(RuleLine::of(rule.ok_or_else(missing)?)).into_response())
}

fn known(alarms: &Alarms, id: String) -> Result<&Arc<Alarm>, Problem> {
    let id = AlarmId(id.into());
    alarms.active.get(&id).ok_or_else(|| {
        let detail = format!("There is no alarm {id} that is not normal. GET /api/v1/alarms lists those there are.");
        Problem::unknown(detail)
    })
}

impl<'a> AlarmLine<'a> {
    fn of(alarms: &Alarms, alarm: &'a Alarm, now: Now) -> Self {
        Self {
            id: alarm.id.as_str(),
            name: &alarm.name,
            rule: alarm.rule.as_str(),
            device: alarm.device.as_str(),
            location: &alarm.location,
            level: alarm.level,
            state: alarm.state,
            test: alarm.test,
            latched: alarm.latched,
            shelved_until: alarms.shelved.get(&alarm.id).map(|shelf| shelf.until),
            raised: alarm.raised,
            changed: alarm.changed,
            over: alarm.over,
            acknowledged_by: alarm.acknowledged.as_ref().map(|noted| &*noted.by),
            acknowledged_at: alarm.acknowledged.as_ref().map(|noted| noted.at),
            confidence: to_millis(alarm.confidence.into()),
            crossings: alarm.crossings,
            reasons: alarm.reasons.iter().map(|reason| ReasonLine::of(reason, now.wall)).collect(),
            actions: alarm.done.iter().map(DoneLine::of).collect(),
        }
    }
}

impl<'a> ReasonLine<'a> {
    /// A reason as it is served; `now` is the time that its age is counted to.
    pub(super) fn of(reason: &'a Reason, now: Timestamp) -> Self {
        Self {
            name: &reason.name,
            device: reason.device.as_str(),
            level: reason.level,
            on: reason.on,
            stale: reason.stale,
            value: reason.value,
            threshold: reason.threshold,
            unit: &reason.unit,
            since: reason.since,
            age_s: to_millis(now.duration_since(reason.since).as_secs_f64().max(0.0)),
            cell: reason.cell,
        }
    }
}

impl<'a> DoneLine<'a> {
    fn of(done: &'a alarm::Done) -> Self {
        Self { what: &done.what, at: done.at, refused: done.refused.as_deref(), undone: done.undone }
    }
}

impl<'a> RuleLine<'a> {
    fn of(rule: &'a Rule) -> Self {
        Self {
            id: rule.id.as_str(),
            name: &rule.name,
            enabled: rule.enabled,
            devices: match &rule.scope {
                Scope::Everywhere => None,
                Scope::Devices(devices) => Some(devices),
            },
            min_sources: rule.min_sources,
            together: rule.together,
            confidence: rule.confidence,
            latch: rule.latch,
            note: &rule.note,
            actions: rule.actions.len(),
            sources: rule.sources.iter().map(SourceLine::of).collect(),
        }
    }
}

impl<'a> SourceLine<'a> {
    fn of(source: &'a Source) -> Self {
        Self {
            name: &source.name,
            enabled: source.enabled,
            input: InputLine::of(&source.input),
            compare: source.compare,
            threshold: source.threshold,
            hysteresis: source.hysteresis,
            hold_readings: source.hold_readings,
            hold_on_s: source.hold_on.as_secs_f64(),
            hold_off_s: source.hold_off.as_secs_f64(),
            weight: to_millis(source.weight.into()),
            alone: source.alone,
            level: source.level,
        }
    }
}

impl<'a> InputLine<'a> {
    fn of(input: &'a Input) -> Self {
        let of = |kind, unit| Self { kind, unit, ..Self::default() };
        match input {
            Input::Hottest { area } => Self { area: *area, ..of("hottest", "C") },
            Input::HotCells { at_least } => Self { at_least: Some(*at_least), ..of("hot_cells", "cells") },
            Input::Rise { floor } => Self { at_least: Some(*floor), ..of("rise", "K/min") },
            Input::Difference { area, against } => {
                Self { area: Some(*area), against: *against, ..of("difference", "K") }
            }
            Input::Region { region, .. } => {
                let unit = if region.is_delta() { "K" } else { "C" };
                Self { key: Some(&region.0), ..of("region", unit) }
            }
            Input::Unusual => of("unusual", "cells"),
            Input::Channel { key, unit: ChannelUnit::Raw } => Self { key: Some(key), ..of("channel", "") },
            Input::Channel { key, unit: ChannelUnit::Percent } => Self { key: Some(key), ..of("channel", "%") },
            Input::AboveRest { key } => Self { key: Some(key), ..of("above_rest", "points") },
            Input::Silent => of("silent", "s"),
        }
    }
}
