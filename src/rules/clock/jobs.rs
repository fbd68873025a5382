//! What schedules and behaviours do in each of their parts.

use jiff::Timestamp;

use crate::model::bridge::course::Part;
use crate::model::bridge::job::{End, Job, Place};
use crate::model::bridge::object::{Behavior, Object};
use crate::model::bridge::points;
use crate::model::lights::state::{Change, Color};
use crate::model::lights::{self, Aim};
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::rules::clock::acts;
use crate::rules::clock::calendar::Hit;
use crate::units::color::Mirek;

/// As dim as a light is asked to be, a share.
const LOWEST: f32 = 0.01;
/// The white of a sunrise at its beginning and at its end.
const SUNRISE: (u16, u16) = (454, 366);
/// How long it takes until it is off again after waking up, ms.
const OFF_MS: u32 = 5_000;

/// The commands of a part that is due.
#[must_use]
pub fn commands(object: &Object, hit: &Hit, view: &Snapshot, now: Timestamp) -> Vec<Command> {
    match object {
        Object::Schedule(schedule) => match hit.part {
            Part::End => {
                let ends = schedule.acts.iter().filter_map(|act| acts::reverse(act, view));
                ends.map(|act| acts::command(&act)).collect()
            }
            Part::Begin | Part::Go | Part::Look => schedule.acts.iter().map(acts::command).collect(),
        },
        Object::Behavior(Behavior { job: Some(job), .. }) => {
            of_job(job, hit, now).into_iter().map(Command::Lights).collect()
        }
        _ => Vec::new(),
    }
}

fn of_job(job: &Job, hit: &Hit, now: Timestamp) -> Vec<lights::Command> {
    // What is late takes less long, so that it ends in time.
    let late_ms = now.duration_since(hit.instant).as_millis().clamp(0, i128::from(u32::MAX)) as u32;
    match (job, hit.part) {
        (Job::WakeUp { places, .. }, Part::Begin) => vec![dim(places, Some(true), LOWEST, Some(SUNRISE.0), 0)],
        (Job::WakeUp { places, fade_s, brightness, .. }, Part::Go) => {
            let fade_ms = points::fade(*fade_s).saturating_sub(1).saturating_mul(1000).saturating_sub(late_ms);
            vec![dim(places, Some(true), *brightness, Some(SUNRISE.1), fade_ms)]
        }
        (Job::WakeUp { places, .. }, _) => vec![acts::switch(aims(places), false, Some(OFF_MS))],
        (Job::Sleep { places, fade_s, .. }, Part::Begin) => {
            let fade_ms = points::fade(*fade_s).saturating_mul(1000).saturating_sub(late_ms);
            vec![dim(places, None, LOWEST, None, fade_ms)]
        }
        (Job::Sleep { places, end: End::Off, .. }, Part::End) => vec![acts::switch(aims(places), false, None)],
        (Job::Schedule { doings, transition_s, .. }, Part::Begin) => {
            acts::doings(doings, over(*transition_s)).collect()
        }
        (Job::Schedule { doings, transition_s, .. }, Part::End) => {
            acts::off(doings, over(*transition_s)).into_iter().collect()
        }
        (Job::Timer { doings, .. }, _) => acts::doings(doings, None).collect(),
        _ => Vec::new(),
    }
}

/// A change over this long; the usual time for none.
fn over(seconds: u32) -> Option<u32> {
    (seconds > 0).then(|| seconds.saturating_mul(1000))
}

fn dim(places: &[Place], on: Option<bool>, share: f32, white: Option<u16>, transition_ms: u32) -> lights::Command {
    let color = white.map(|mirek| Color::Mirek(Mirek::new(mirek)));
    let change = Change { on, brightness: Some(share), color, transition_ms: Some(transition_ms), effect: None };
    lights::Command::Set { aims: aims(places), change }
}

fn aims(places: &[Place]) -> Vec<Aim> {
    places.iter().map(acts::aim).collect()
}
