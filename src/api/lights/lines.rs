//! Lights, groups, scenes, connections and findings as they are served.
//!
//! Invariant: a name here is a promise to scripts; the golden files hold it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::lights::capabilities::{Capabilities, PowerOn};
use crate::model::lights::connection::{Connection, Finding, Reach};
use crate::model::lights::group::{Group, GroupKind};
use crate::model::lights::layers::{Attribute, Kind, Line, Source, Stack};
use crate::model::lights::scene::{Content, Scene};
use crate::model::lights::state::{self, State};
use crate::model::lights::{Light, LightId, Lights, Reported};
use crate::units::color::{Gamut, Xy};

/// A light.
#[derive(Serialize)]
pub(super) struct LightLine<'a> {
    id: &'a str,
    name: &'a str,
    model: &'a str,
    room: Option<&'a str>,
    family: Option<&'a str>,
    connection: &'a str,
    favourite: bool,
    #[serde(flatten)]
    reach: ReachLine<'a>,
    latency_ms: Option<f32>,
    streaming_fps: f32,
    power_on: Option<PowerOn>,
    wanted: StateLine<'a>,
    reported: ReportedLine<'a>,
    capabilities: CapabilitiesLine<'a>,
    controlled_by: Vec<HandLine>,
}

/// How something fares that can be out of reach.
#[derive(Serialize)]
struct ReachLine<'a> {
    reach: &'static str,
    reachable: bool,
    why: Option<&'a str>,
    unreachable_since: Option<Timestamp>,
}

/// How a light shall be.
#[derive(Serialize)]
struct StateLine<'a> {
    on: bool,
    brightness: f32,
    color: ColorLine,
    effect: Option<&'a str>,
}

/// How a light says it is; what it does not say is null.
#[derive(Serialize)]
struct ReportedLine<'a> {
    on: Option<bool>,
    brightness: Option<f32>,
    color: Option<ColorLine>,
    effect: Option<&'a str>,
}

/// What a light shows, in every way that people say it.
#[derive(Serialize)]
struct ColorLine {
    x: f32,
    y: f32,
    hex: String,
    mirek: Option<u16>,
    gradient: Option<Vec<String>>,
}

#[derive(Serialize)]
struct CapabilitiesLine<'a> {
    dimming: bool,
    gamut: Option<[Xy; 3]>,
    mirek_min: Option<u16>,
    mirek_max: Option<u16>,
    segments: u16,
    pixels: u16,
    transition: bool,
    effects: &'a [Arc<str>],
    power_on: &'a [PowerOn],
    identify: bool,
    changes_hz: f32,
    frames_hz: f32,
}

/// Who says something about a light.
#[derive(Serialize)]
struct HandLine {
    kind: &'static str,
    /// Above which kind of layer a hold lies.
    above: Option<&'static str>,
    name: Arc<str>,
    by: Arc<str>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    /// What it says something about.
    says: Vec<&'static str>,
    /// What of that is seen.
    drives: Vec<&'static str>,
}

/// A room or zone.
#[derive(Serialize)]
pub(super) struct GroupLine<'a> {
    id: &'a str,
    name: &'a str,
    kind: GroupKind,
    lights: Vec<&'a str>,
    on: usize,
    reachable: usize,
    /// The mean of those that are on.
    brightness: Option<f32>,
}

/// A scene.
#[derive(Serialize)]
pub(super) struct SceneLine<'a> {
    id: &'a str,
    name: &'a str,
    group: Option<&'a str>,
    kind: &'static str,
    transition_ms: u32,
    active: bool,
}

/// A connection.
#[derive(Serialize)]
pub(super) struct ConnectionLine<'a> {
    id: &'a str,
    name: &'a str,
    model: &'a str,
    family: &'a str,
    address: &'a str,
    options: &'a BTreeMap<Arc<str>, Arc<str>>,
    identity: Option<&'a str>,
    #[serde(flatten)]
    reach: ReachLine<'a>,
    latency_ms: Option<f32>,
    sent: u64,
    received: u64,
    malformed: u64,
    outages: u64,
    simulated: bool,
    lights: Vec<&'a str>,
}

/// What discovery sees.
#[derive(Serialize)]
pub(super) struct FindingLine<'a> {
    key: &'a str,
    name: &'a str,
    model: &'a str,
    family: &'a str,
    address: &'a str,
    options: &'a BTreeMap<Arc<str>, Arc<str>>,
    identity: Option<&'a str>,
    seen: Timestamp,
}

impl<'a> LightLine<'a> {
    pub(super) fn of(all: &'a Lights, light: &'a Light) -> Self {
        let connection = all.connections.get(&light.connection);
        Self {
            id: &light.id.0,
            name: &light.name,
            model: &light.model,
            room: all.room_of(&light.id).map(|room| &*room.id.0),
            family: connection.map(|known| &*known.target.family),
            connection: &light.connection.0,
            favourite: light.favourite,
            reach: ReachLine::of(&light.reach),
            latency_ms: connection.and_then(|known| known.latency_ms),
            streaming_fps: light.streaming_fps,
            power_on: light.power_on,
            wanted: StateLine::of(&light.wanted),
            reported: ReportedLine::of(&light.reported),
            capabilities: CapabilitiesLine::of(&light.capabilities),
            controlled_by: hands(&light.stack),
        }
    }
}

impl<'a> ReachLine<'a> {
    fn of(reach: &'a Reach) -> Self {
        let of = |reach, why, since| Self { reach, reachable: reach == "online", why, unreachable_since: since };
        match reach {
            Reach::Starting => of("starting", None, None),
            Reach::Online => of("online", None, None),
            Reach::Waiting { what } => of("waiting", Some(&**what), None),
            Reach::Unreachable { since, why } => of("unreachable", Some(&**why), Some(*since)),
            Reach::Refused { why } => of("refused", Some(&**why), None),
        }
    }
}

impl<'a> StateLine<'a> {
    fn of(state: &'a State) -> Self {
        let State { on, brightness, color, effect } = state;
        Self { on: *on, brightness: rounded(*brightness), color: ColorLine::of(color), effect: effect.as_deref() }
    }
}

impl<'a> ReportedLine<'a> {
    fn of(reported: &'a Reported) -> Self {
        let Reported { on, brightness, color, effect } = reported;
        let effect = effect.as_deref().filter(|name| !name.is_empty());
        Self { on: *on, brightness: brightness.map(rounded), color: color.as_ref().map(ColorLine::of), effect }
    }
}

impl ColorLine {
    fn of(color: &state::Color) -> Self {
        let xy = color.xy();
        let hex = |xy: &Xy| xy.linear().srgb().hex();
        Self {
            x: rounded(xy.x()),
            y: rounded(xy.y()),
            hex: hex(&xy),
            mirek: if let state::Color::Mirek(mirek) = color { Some(mirek.get()) } else { None },
            gradient: if let state::Color::Gradient(points) = color {
                Some(points.iter().map(hex).collect())
            } else {
                None
            },
        }
    }
}

/// Four decimals: finer than anybody sees, and the same on every machine.
fn rounded(x: f32) -> f32 {
    (x * 1e4).round() / 1e4
}

impl<'a> CapabilitiesLine<'a> {
    fn of(capabilities: &'a Capabilities) -> Self {
        let mirek = capabilities.mirek.as_ref();
        Self {
            dimming: capabilities.dimming,
            gamut: capabilities.color.map(|Gamut { red, green, blue }| [red, green, blue]),
            mirek_min: mirek.map(|range| *range.start()),
            mirek_max: mirek.map(|range| *range.end()),
            segments: capabilities.segments,
            pixels: capabilities.pixels,
            transition: capabilities.transition,
            effects: &capabilities.effects,
            power_on: &capabilities.power_on,
            identify: capabilities.identify,
            changes_hz: capabilities.rates.changes_hz,
            frames_hz: capabilities.rates.frames_hz,
        }
    }
}

/// Who says something about a light, from the top down to its base.
fn hands(stack: &Stack) -> Vec<HandLine> {
    let lines = stack.explain().into_iter().map(|Line { source, name, key: _, by, since, until, change, drives }| {
        let (kind, above) = match source {
            Source::Base => ("base", None),
            Source::Layer(kind) => (word(kind), None),
            Source::Hold(kind) => ("hold", Some(word(kind))),
        };
        let named = |attribute: &Attribute| match attribute {
            Attribute::On => "on",
            Attribute::Brightness => "brightness",
            Attribute::Color => "color",
        };
        let says = Attribute::ALL.iter().filter(|attribute| attribute.is_in(&change)).map(named).collect();
        HandLine { kind, above, name, by, since, until, says, drives: drives.iter().map(named).collect() }
    });
    lines.collect()
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Schedule => "schedule",
        Kind::Effect => "effect",
        Kind::Automation => "automation",
        Kind::Stream => "stream",
        Kind::Alarm => "alarm",
    }
}

impl<'a> GroupLine<'a> {
    pub(super) fn of(all: &'a Lights, group: &'a Group) -> Self {
        let lights: Vec<&Light> = group.lights.iter().filter_map(|id| all.lights.get(id)).map(|one| &**one).collect();
        let lit: Vec<f32> = lights.iter().map(|light| &light.wanted).filter(|w| w.on).map(|w| w.brightness).collect();
        Self {
            id: &group.id.0,
            name: &group.name,
            kind: group.kind,
            lights: group.lights.iter().map(|LightId(id)| &**id).collect(),
            on: lit.len(),
            reachable: lights.iter().filter(|light| light.reach == Reach::Online).count(),
            brightness: (!lit.is_empty()).then(|| rounded(lit.iter().sum::<f32>() / lit.len() as f32)),
        }
    }
}

impl<'a> SceneLine<'a> {
    pub(super) fn of(scene: &'a Scene) -> Self {
        Self {
            id: &scene.id.0,
            name: &scene.name,
            group: scene.group.as_ref().map(|group| &*group.0),
            kind: match scene.content {
                Content::Still(_) => "still",
                Content::Moving(_) => "moving",
                Content::OfDay(_) => "of_day",
            },
            transition_ms: scene.transition_ms,
            active: scene.active,
        }
    }
}

impl<'a> ConnectionLine<'a> {
    pub(super) fn of(all: &'a Lights, known: &'a Connection) -> Self {
        let lights = all.lights.values().filter(|light| light.connection == known.id);
        Self {
            id: &known.id.0,
            name: &known.name,
            model: &known.model,
            family: &known.target.family,
            address: &known.target.address,
            options: &known.target.options,
            identity: known.identity.as_deref(),
            reach: ReachLine::of(&known.reach),
            latency_ms: known.latency_ms,
            sent: known.counts.sent,
            received: known.counts.received,
            malformed: known.counts.malformed,
            outages: known.counts.outages,
            simulated: known.simulated,
            lights: lights.map(|light| &*light.id.0).collect(),
        }
    }
}

impl<'a> FindingLine<'a> {
    pub(super) fn of(finding: &'a Finding) -> Self {
        Self {
            key: &finding.key,
            name: &finding.name,
            model: &finding.model,
            family: &finding.target.family,
            address: &finding.target.address,
            options: &finding.target.options,
            identity: finding.identity.as_deref(),
            seen: finding.seen,
        }
    }
}
