//! Sensor 1: whether it is day where the bridge stands.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::bridge::v1::ask::{Ask, Written};
use crate::bridge::v1::body::{Field, Members};
use crate::bridge::v1::error::Error;
use crate::bridge::v1::time;
use crate::model::bridge::Command;
use crate::model::message::Command as Any;
use crate::model::snapshot::Snapshot;
use crate::units::sun::{self, Sun};

/// Its number.
pub const NUMBER: &str = "1";
/// Minutes after sunrise from which it counts as day, and before sunset until which it does, for apps.
const OFFSET_MIN: i64 = 30;

/// The sensor.
#[must_use]
pub fn value(view: &Snapshot, now: Timestamp) -> Value {
    let place = view.bridge.identity.place;
    let (is_day, since) = place.map_or((None, None), |place| day(view, place, now));
    json!({
        "state": {"daylight": is_day, "lastupdated": time::utc_or_none(since)},
        "config": {
            "on": true,
            "configured": place.is_some(),
            "sunriseoffset": OFFSET_MIN,
            "sunsetoffset": -OFFSET_MIN,
        },
        "name": "Daylight",
        "type": "Daylight",
        "modelid": "PHDL00",
        "manufacturername": "Signify Netherlands B.V.",
        "swversion": "1.0",
    })
}

/// Whether the sun is up, and since when that is so.
fn day(view: &Snapshot, (latitude, longitude): (f64, f64), now: Timestamp) -> (Option<bool>, Option<Timestamp>) {
    let zone = time::zone(view);
    let today = zone.to_datetime(now).date();
    let on = |date: Date| sun::times_in(date, &zone, latitude, longitude);
    let days = [today.yesterday().map(on).ok(), Some(on(today)), today.tomorrow().map(on).ok()];
    let turns = days.iter().flatten().flat_map(|sun: &Sun| {
        let rise = sun.sunrise().map(|at| (at, true));
        rise.into_iter().chain(sun.sunset().map(|at| (at, false)))
    });
    match turns.filter(|(at, _)| *at <= now).max() {
        Some((at, up)) => (Some(up), Some(at)),
        None => (Some(on(today).is_up(now)), None),
    }
}

/// Takes a write to its config: where the bridge stands, `"DDD.DDDDE"`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn put_config(ask: &Ask<'_>, members: &Members) -> Written {
    let (mut written, mut place) = (Written::default(), (None, None));
    written.each(members, &ask.at(), |field| {
        match field.name {
            "lat" => place.0 = degrees(field, ('N', 'S'), 90.0)?,
            "long" => place.1 = degrees(field, ('E', 'W'), 180.0)?,
            "on" if field.flag()? => {}
            "on" | "configured" | "sunriseoffset" | "sunsetoffset" => return Err(field.read_only()),
            _ => return Err(field.unknown()),
        }
        Ok(())
    });
    let known = ask.view.bridge.identity.place;
    let latitude = place.0.or(known.map(|(latitude, _)| latitude));
    let longitude = place.1.or(known.map(|(_, longitude)| longitude));
    let wanted = place.0.is_some() || place.1.is_some();
    if let (true, Some(latitude), Some(longitude)) = (wanted, latitude, longitude) {
        written.commands.push(Any::Bridge(Command::SetPlace(latitude, longitude)));
    }
    written
}

/// Degrees from a text that ends with the letter of its hemisphere; an app writes `none` to take its place away.
fn degrees(field: &Field<'_>, (positive, negative): (char, char), most: f64) -> Result<Option<f64>, Error> {
    let text = field.text(1..=16)?;
    if text == "none" {
        return Ok(None);
    }
    let sign = match text.chars().last() {
        Some(letter) if letter == positive => 1.0,
        Some(letter) if letter == negative => -1.0,
        _ => return Err(field.invalid()),
    };
    let degrees = text.trim_end_matches([positive, negative]).parse::<f64>().ok();
    let degrees = degrees.filter(|degrees| (0.0..=most).contains(degrees)).ok_or_else(|| field.invalid())?;
    Ok(Some(sign * degrees))
}
