//! Sensor devices and their channels, as people's scripts read them.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::api::problem::Problem;
use crate::api::{Face, Now, to_millis};
use crate::model::learned::Learned;
use crate::model::sensors::{Device, DeviceId, Phase};
use crate::port::meter::Counter;
use crate::port::slots::{ChannelSlot, DeviceSlot, REASON_NAMES};

#[derive(Serialize)]
struct DeviceLine<'a> {
    id: &'a str,
    name: &'a str,
    location: &'a str,
    place: &'a str,
    serial: Option<&'a str>,
    address: IpAddr,
    phase: Phase,
    connected: bool,
    accepted: bool,
    simulated: bool,
    since: Timestamp,
    /// Why its last connection ended, in words.
    ended: Option<&'static str>,
    /// What is wrong with it, in words.
    trouble: Option<String>,
    attempts: u32,
    heard: Option<Timestamp>,
    period_s: Option<f64>,
    age_s: Option<f64>,
    accepted_packets: u64,
    rejected: BTreeMap<&'static str, u64>,
    parts_rejected: u64,
    channels: Vec<ChannelLine>,
    rests: Vec<RestLine>,
}

/// The learned rest level of a channel.
#[derive(Serialize)]
struct RestLine {
    key: Arc<str>,
    median: f64,
    mad: f64,
    learning: bool,
}

#[derive(Serialize)]
struct ChannelLine {
    key: Arc<str>,
    value: f64,
    at: Timestamp,
}

#[derive(Serialize)]
struct Readings<'a> {
    id: &'a str,
    name: &'a str,
    location: &'a str,
    key: &'a str,
    readings: Vec<Reading>,
}

#[derive(Serialize)]
struct Reading {
    at: Timestamp,
    value: f64,
}

/// `GET /api/v1/sensors`.
pub(super) async fn list(State(face): State<Arc<Face>>) -> Response {
    let (view, slots, now) = (face.port.view(), face.port.slots.devices(), face.now());
    let lines = view.sensors.devices.iter().map(|(id, device)| DeviceLine::of(device, slots.get(id), now));
    Json(lines.collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/sensors/{id}`.
pub(super) async fn one(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let device = known(&face, id)?;
    Ok(Json(DeviceLine::of(&device, face.port.slots.device(&device.id).as_ref(), face.now())).into_response())
}

/// `GET /api/v1/sensors/{id}/channels/{key}`: the kept readings, oldest first.
pub(super) async fn channel(
    State(face): State<Arc<Face>>,
    Path((id, key)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let device = known(&face, id)?;
    let channels = face.port.slots.device(&device.id).map(|slot| slot.channels()).unwrap_or_default();
    let channel = channels.iter().find(|channel| *channel.key == *key).ok_or_else(|| {
        let there: Vec<&str> = channels.iter().map(|channel| &*channel.key).collect();
        let there = if there.is_empty() { "none yet".to_owned() } else { there.join(", ") };
        Problem::unknown(format!("The sensor device {} has no channel {key}. Its channels: {there}.", device.id))
    })?;
    let readings = recent(channel, face.now());
    let Device { id, name, location, .. } = &*device;
    Ok(Json(Readings { id: id.as_str(), name, location, key: &channel.key, readings }).into_response())
}

fn known(face: &Face, id: String) -> Result<Arc<Device>, Problem> {
    let id = DeviceId(id.into());
    face.port.view().sensors.devices.get(&id).cloned().ok_or_else(|| {
        Problem::unknown(format!("There is no sensor device {id}. GET /api/v1/sensors lists those there are."))
    })
}

fn recent(channel: &ChannelSlot, now: Now) -> Vec<Reading> {
    let mut kept = Vec::new();
    channel.readings.read(&mut kept);
    kept.into_iter().map(|(at, value)| Reading { at: now.wall_of(at), value }).collect()
}

impl<'a> DeviceLine<'a> {
    fn of(device: &'a Device, slot: Option<&Arc<DeviceSlot>>, now: Now) -> Self {
        let count = |reason: usize| slot.and_then(|slot| slot.rejected.get(reason)).map_or(0, Counter::get);
        Self {
            id: device.id.as_str(),
            name: &device.name,
            location: &device.location,
            place: &device.place,
            serial: device.serial.as_deref(),
            address: device.address,
            phase: device.phase,
            connected: device.connected,
            accepted: device.accepted,
            simulated: device.simulated,
            since: device.since,
            ended: device.ended.map(|why| why.words()),
            trouble: device.trouble(slot.and_then(|slot| slot.last_heard()).map(|heard| now.moment.since(heard))),
            attempts: device.attempts,
            heard: slot.and_then(|slot| slot.last_heard()).map(|heard| now.wall_of(heard)).or(device.heard),
            period_s: period(device, slot).map(|period| to_millis(period.as_secs_f64())),
            age_s: slot.and_then(|slot| slot.last_heard()).map(|heard| now.age(heard)),
            accepted_packets: slot.map_or(0, |slot| slot.n_accepted()),
            rejected: REASON_NAMES.iter().enumerate().map(|(i, reason)| (*reason, count(i))).collect(),
            parts_rejected: slot.map_or(0, |slot| slot.parts_rejected.get()),
            channels: slot.map(|slot| newest(slot, now)).unwrap_or_default(),
            rests: slot.and_then(|slot| slot.learned.load_full()).map(|learned| rests(&learned)).unwrap_or_default(),
        }
    }
}

/// The learned period of a device: the fresh one of its slot, else the one of its state.
pub(super) fn period(device: &Device, slot: Option<&Arc<DeviceSlot>>) -> Option<Duration> {
    slot.and_then(|slot| slot.period()).or(device.period)
}

fn rests(learned: &Learned) -> Vec<RestLine> {
    let lines = learned.rests.iter().map(|(key, rest)| RestLine {
        key: Arc::clone(key),
        median: to_millis(rest.median.into()),
        mad: to_millis(rest.mad.into()),
        learning: rest.learning,
    });
    lines.collect()
}

fn newest(slot: &DeviceSlot, now: Now) -> Vec<ChannelLine> {
    let lines = slot.channels().to_vec().into_iter().filter_map(|channel| {
        let (at, value) = channel.readings.last()?;
        Some(ChannelLine { key: Arc::clone(&channel.key), value, at: now.wall_of(at) })
    });
    lines.collect()
}
