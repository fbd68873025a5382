//! What configurations of behaviour scripts mean.
//!
//! Invariant: a configuration that says more than what is carried out here has no job: half of an automation is none.

use serde_json::Value;
use uuid::Uuid;

use crate::bridge::v2::resources::scripts;
use crate::bridge::v2::shelf::Book;
use crate::bridge::v2::writes::{named, press, when};
use crate::model::bridge::job::{Daily, Doing, End, Job, Place};
use crate::model::bridge::plan::TimePoint;

/// How long a wake-up takes if its configuration does not say, seconds.
const USUAL_FADE_S: u32 = 1800;
/// Seconds without motion until it is off, if a configuration does not say.
const USUAL_OFF_AFTER_S: u32 = 300;

/// What a configuration of a script means; `None` if nothing here can do it.
#[must_use]
pub fn of(book: &Book, script: Uuid, configuration: &Value) -> Option<Job> {
    match script {
        scripts::WAKE_UP => wake_up(book, configuration),
        scripts::GO_TO_SLEEP => sleep(book, configuration),
        scripts::SCHEDULE => schedule(book, configuration),
        scripts::TIMERS => timer(book, configuration),
        scripts::COMING_HOME => presence(book, configuration, true),
        scripts::LEAVING_HOME => presence(book, configuration, false),
        scripts::MOTION => motion(book, configuration),
        scripts::SWITCHES => press::switch(book, configuration),
        _ => None,
    }
}

fn wake_up(book: &Book, written: &Value) -> Option<Job> {
    let percent = written.get("end_brightness").map_or(Some(100.0), Value::as_f64)?;
    Some(Job::WakeUp {
        places: named::places(book, written.get("where")?)?,
        when: when::daily(written.get("when")?)?,
        fade_s: written.get("fade_in_duration").map_or(Some(USUAL_FADE_S), when::seconds)?,
        brightness: (percent.clamp(0.0, 100.0) / 100.0) as f32,
        off_after_s: optional(written.get("turn_lights_off_after"), when::seconds)?,
    })
}

fn sleep(book: &Book, written: &Value) -> Option<Job> {
    Some(Job::Sleep {
        places: named::places(book, written.get("where")?)?,
        when: optional(written.get("when"), when::daily)?,
        fade_s: written.get("fade_out_duration").map_or(Some(USUAL_FADE_S), when::seconds)?,
        end: match written.get("end_state").map_or(Some("turn_off"), Value::as_str)? {
            "turn_off" => End::Off,
            "nightlight" => End::Nightlight,
            _ => return None,
        },
    })
}

fn schedule(book: &Book, written: &Value) -> Option<Job> {
    let when = written.get("when_extended").or_else(|| written.get("when"))?;
    let start = when.get("start_at").unwrap_or(when);
    let end = |end: &Value| when::point(end.get("time_point")?);
    let what = match (written.get("what"), written.get("where")) {
        (Some(what), _) => named::doings(book, what, &Doing::On)?,
        (None, at) => named::places(book, at?)?.into_iter().map(|place| (place, Doing::On)).collect(),
    };
    let days = when.get("recurrence_days").or_else(|| when.get("recurrence"));
    Some(Job::Schedule {
        doings: what,
        from: Daily { at: when::point(start.get("time_point")?)?, days: when::days(days)? },
        until: optional(when.get("end_at"), end)?,
        transition_s: start.get("transition").map_or(Some(0), when::seconds)?,
        random_s: when.get("randomization").map_or(Some(0), when::seconds)?,
    })
}

fn timer(book: &Book, written: &Value) -> Option<Job> {
    let doings = match (written.get("what"), written.get("where")) {
        (Some(what), _) => named::doings(book, what, &Doing::Off)?,
        (None, at) => named::places(book, at?)?.into_iter().map(|place| (place, Doing::Off)).collect(),
    };
    Some(Job::Timer { doings, seconds: when::seconds(written.get("duration")?)? })
}

fn presence(book: &Book, written: &Value, coming: bool) -> Option<Job> {
    let usual = if coming { Doing::On } else { Doing::Off };
    if written.get("when").is_some_and(|when| when.get("timeslots").is_some()) {
        return None;
    }
    let doings = match (written.get("what"), written.get("where")) {
        (Some(what), _) => named::doings(book, what, &usual)?,
        (None, at) => named::places(book, at?)?.into_iter().map(|place| (place, usual.clone())).collect(),
    };
    Some(Job::Presence { coming, doings })
}

fn motion(book: &Book, written: &Value) -> Option<Job> {
    let at = named::places(book, written.get("where")?)?;
    let slots = written.get("when")?.get("timeslots")?.as_array()?;
    let by_day = slots.iter().map(|slot| Some((start(slot)?, moved(book, slot.get("on_motion")?, &at)?)));
    let pauses = slots.iter().map(|slot| match slot.get("on_no_motion").and_then(|then| then.get("after")) {
        Some(after) => when::seconds(after),
        None => Some(USUAL_OFF_AFTER_S),
    });
    let pauses: Vec<u32> = pauses.collect::<Option<_>>()?;
    // One pause holds for the whole day here.
    let off_after_s = *pauses.first()?;
    let dark = written.get("settings").and_then(|settings| settings.get("daylight_sensitivity"));
    Some(Job::Motion {
        input: named::input(book, written.get("source")?)?,
        by_day: by_day.collect::<Option<_>>()?,
        off_after_s: Some(off_after_s).filter(|first| pauses.iter().all(|pause| pause == first))?,
        brighter_than: optional(dark, |dark| dark.get("dark_threshold")?.as_f64().map(lux))?,
    })
}

fn start(slot: &Value) -> Option<TimePoint> {
    when::point(slot.get("start_time")?)
}

/// What happens when something moves: scenes, or the rooms go on.
fn moved(book: &Book, written: &Value, at: &[Place]) -> Option<Vec<(Place, Doing)>> {
    let Some(recalls) = written.get("recall_single") else {
        return Some(at.iter().map(|place| (place.clone(), Doing::On)).collect());
    };
    let one = |(one, place): (&Value, Option<&Place>)| {
        Some((place.or_else(|| at.first())?.clone(), press::doing(book, one.get("action")?)?))
    };
    let recalls = recalls.as_array()?;
    recalls.iter().enumerate().map(|(n, recall)| one((recall, at.get(n)))).collect()
}

/// The lux of a light level as the bridge tells it.
fn lux(level: f64) -> f32 {
    10_f64.powf((level - 1.0) / 10_000.0) as f32
}

/// What may be left out, but must be right if it is there.
fn optional<T>(written: Option<&Value>, read: impl FnOnce(&Value) -> Option<T>) -> Option<Option<T>> {
    match written {
        None | Some(Value::Null) => Some(None),
        Some(written) => read(written).map(Some),
    }
}
