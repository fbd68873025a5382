//! What becomes of something that is kept when it fires, is written to, or is turned on or off.
//!
//! Invariant: each of these is decided on what is kept now, so nothing that somebody wrote meanwhile is lost.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::bridge::course::Course;
use crate::model::bridge::job::{Daily, Job};
use crate::model::bridge::object::{Behavior, Clip, Object};
use crate::model::bridge::plan::{Rule, Schedule, Status, When};
use crate::model::bridge::points;

/// Something after it fired or triggered at an instant; `None` if it goes then. A schedule that fired for the last time
/// goes or is off, a behaviour that was for once is off.
#[must_use]
pub fn fired(object: &Object, at: Timestamp) -> Option<Object> {
    match object {
        Object::Schedule(schedule) => {
            let over = is_over(schedule, at);
            if over && schedule.autodelete {
                return None;
            }
            let enabled = schedule.enabled && !over;
            Some(Object::Schedule(Schedule { fired: Some(at), enabled, ..schedule.clone() }))
        }
        Object::Rule(rule) => {
            Some(Object::Rule(Rule { triggered: Some(at), times: rule.times.saturating_add(1), ..rule.clone() }))
        }
        Object::Behavior(behavior) => {
            let enabled = behavior.enabled && !behavior.job.as_ref().is_some_and(is_for_once);
            Some(Object::Behavior(Behavior { enabled, started: None, ..behavior.clone() }))
        }
        _ => Some(object.clone()),
    }
}

/// Something turned on or off: a timer runs from then on.
#[must_use]
pub fn enabled(object: &Object, on: bool, at: Timestamp) -> Object {
    match object.clone() {
        Object::Schedule(schedule) => {
            let timer = matches!(schedule.when, When::Timer { .. });
            let started = if on && timer { Some(at) } else { schedule.started };
            Object::Schedule(Schedule { enabled: on, started, ..schedule })
        }
        Object::Rule(rule) => {
            Object::Rule(Rule { status: if on { Status::Enabled } else { Status::Disabled }, ..rule })
        }
        Object::Behavior(behavior) => {
            let timer = matches!(behavior.job, Some(Job::Timer { .. }));
            let started = if on && timer { Some(at) } else { behavior.started.filter(|_| on) };
            Object::Behavior(Behavior { enabled: on, started, ..behavior })
        }
        Object::SmartScene(mut scene) => {
            scene.active = on;
            Object::SmartScene(scene)
        }
        other => other,
    }
}

/// An app's sensor after members of its state were written.
///
/// # Errors
/// If it is no such sensor, or the text is no JSON object.
pub fn written(object: &Object, state: &str, at: Timestamp) -> Result<Object, String> {
    let Object::Clip(clip) = object else { return Err("Only a sensor that an app made can be written.".to_owned()) };
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).map_err(|why| why.to_string());
    let mut kept = read(&clip.state)?;
    kept.extend(read(state)?);
    let state: Arc<str> = Value::Object(kept).to_string().into();
    Ok(Object::Clip(Clip { state, updated: Some(at), ..clip.clone() }))
}

/// Whether nothing of a schedule is left after this instant.
fn is_over(schedule: &Schedule, at: Timestamp) -> bool {
    match schedule.when {
        When::Once(_) => true,
        When::Weekly(..) | When::Interval(..) | When::Timer { repeat: Some(None), .. } => false,
        When::Timer { .. } => {
            let on = Object::Schedule(Schedule { enabled: true, ..schedule.clone() });
            let ends = points::of(&on).iter().filter_map(|point| Course::end(&point.course)).max();
            ends.is_none_or(|end| at >= end)
        }
    }
}

fn is_for_once(job: &Job) -> bool {
    let once = |when: &Daily| when.days.is_none();
    match job {
        Job::WakeUp { when, .. } | Job::Schedule { from: when, .. } => once(when),
        Job::Sleep { when, .. } => when.as_ref().is_some_and(once),
        Job::Timer { .. } => true,
        Job::Motion { .. } | Job::Switch { .. } | Job::Presence { .. } => false,
    }
}
