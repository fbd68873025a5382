//! When something that is kept is due: schedules, rules with times, behaviours and smart scenes in one inner form.
//!
//! ```text
//!  object ──of()──▶ Point { part, course, random } ──next()──▶ instant ──random()──▶ when it fires
//! ```

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::course::{Course, Part, Point};
use crate::model::bridge::job::{Daily, End, Job};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::{Behavior, Object};
use crate::model::bridge::plan::{Days, Here, Operator, Rule, Schedule, SmartScene, Subject, TimePoint, When};

/// The longest fade, s: that of one change of a light.
pub const MAX_FADE_S: u32 = 3600;

/// What an object does at instants; nothing if it is off.
#[must_use]
pub fn of(object: &Object) -> Vec<Point> {
    match object {
        Object::Schedule(schedule) if schedule.enabled => of_schedule(schedule),
        Object::Behavior(behavior) if behavior.enabled => of_behavior(behavior),
        Object::SmartScene(scene) if scene.active => of_smart_scene(scene),
        Object::Rule(rule) => of_rule(rule),
        _ => Vec::new(),
    }
}

/// When something next happens because of an object, random parts and all; `None` if nothing does.
#[must_use]
pub fn next(id: &ObjectId, object: &Object, after: Timestamp, here: &Here) -> Option<Timestamp> {
    let due = of(object).into_iter().filter_map(|point| {
        let at = point.course.next(after, here)?;
        at.checked_add(point.random(id, at)).ok()
    });
    due.min()
}

fn of_schedule(schedule: &Schedule) -> Vec<Point> {
    let from = schedule.started.unwrap_or(schedule.created);
    let days = |days: Days, at: Time, then| Course::Days { days, at: at.into(), then, after_s: 0 };
    let courses = match schedule.when {
        When::Once(shown) => vec![(Part::Begin, Course::Once(shown))],
        When::Weekly(on, _) | When::Interval(on, _, _) if on.is_none() => Vec::new(),
        When::Weekly(on, at) => vec![(Part::Begin, days(on, at, None))],
        When::Interval(on, begin, end) => {
            vec![(Part::Begin, days(on, begin, None)), (Part::End, days(on, begin, Some(end.into())))]
        }
        When::Timer { seconds, repeat } => {
            let times = repeat.unwrap_or(Some(1));
            vec![(Part::Begin, Course::Every { from, seconds, times })]
        }
    };
    let random_s = (0, schedule.random_s);
    courses.into_iter().map(|(part, course)| Point { random_s, ..Point::new(part, course) }).collect()
}

/// A rule looks at its conditions when the clock comes into a time that one of them names, and when the sun does.
fn of_rule(rule: &Rule) -> Vec<Point> {
    let looks = rule.conditions.iter().flat_map(|condition| {
        let days = |days, at, then| Course::Days { days, at, then, after_s: 0 };
        let courses = match (&condition.operator, &condition.subject) {
            (Operator::Within(on, begin, _), _) if !on.is_none() => vec![days(*on, (*begin).into(), None)],
            (Operator::Outside(on, begin, end), _) if !on.is_none() => {
                vec![days(*on, (*begin).into(), Some((*end).into()))]
            }
            (_, Subject::Daylight) => {
                [TimePoint::Sunrise(0), TimePoint::Sunset(0)].map(|at| days(Days::ALL, at, None)).into()
            }
            _ => Vec::new(),
        };
        courses.into_iter().map(|course| Point::new(Part::Look, course))
    });
    looks.collect()
}

fn of_smart_scene(scene: &SmartScene) -> Vec<Point> {
    let slots = scene.weeks.iter().filter(|week| !week.days.is_none()).flat_map(|week| {
        week.slots.iter().map(|(at, _)| Course::Days { days: week.days, at: *at, then: None, after_s: 0 })
    });
    slots.map(|course| Point::new(Part::Look, course)).collect()
}

fn of_behavior(behavior: &Behavior) -> Vec<Point> {
    let Some(job) = &behavior.job else { return Vec::new() };
    let hand = behavior.started;
    let later =
        |hand: Timestamp, seconds: u32| hand.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(hand);
    let mut points = Vec::new();
    match job {
        Job::WakeUp { when, fade_s, off_after_s, .. } => {
            let fade = i64::from(fade(*fade_s));
            let mut parts = vec![(Part::Begin, 0), (Part::Go, 1.min(fade))];
            parts.extend(off_after_s.map(|off| (Part::End, fade + i64::from(off))));
            points.extend(timed(*when, -fade, &parts));
            points.extend(
                hand.into_iter()
                    .flat_map(|hand| {
                        parts
                            .iter()
                            .map(move |(part, s)| (*part, Course::At(later(hand, u32::try_from(*s).unwrap_or(0))), *s))
                    })
                    .map(|(part, course, s)| Point { after_first_s: s, ..Point::new(part, course) }),
            );
        }
        Job::Sleep { when, fade_s, end, .. } => {
            let fade = fade(*fade_s);
            let mut parts = vec![(Part::Begin, 0)];
            parts.extend((*end == End::Off).then_some((Part::End, i64::from(fade))));
            points.extend(when.iter().flat_map(|when| timed(*when, 0, &parts)));
            points.extend(hand.map(|hand| Point::new(Part::Begin, Course::At(hand))));
            let end = hand.filter(|_| *end == End::Off).map(|hand| Course::At(later(hand, fade)));
            points.extend(end.map(|course| Point { after_first_s: fade.into(), ..Point::new(Part::End, course) }));
        }
        Job::Schedule { from, until, random_s, .. } => {
            let course = |then| Course::Days { days: from.days, at: from.at, then, after_s: 0 };
            let random_s = (*random_s, *random_s);
            points.push(Point { random_s, ..Point::new(Part::Begin, course(None)) });
            points.extend(until.map(|until| Point { random_s, ..Point::new(Part::End, course(Some(until))) }));
            points.extend(hand.map(|hand| Point::new(Part::Begin, Course::At(hand))));
        }
        Job::Timer { seconds, .. } => {
            points.extend(hand.map(|hand| Point::new(Part::Begin, Course::At(later(hand, *seconds)))));
        }
        Job::Motion { .. } | Job::Switch { .. } | Job::Presence { .. } => {}
    }
    if let Some(last) = points.iter().map(|point| point.part).max() {
        points.iter_mut().for_each(|point| point.last = point.part == last);
    }
    points
}

/// Parts of something on days, each with its seconds after the first.
fn timed(when: Daily, lead_s: i64, parts: &[(Part, i64)]) -> Vec<Point> {
    let part = |(part, s): &(Part, i64)| {
        let course = Course::Days { days: when.days, at: when.at, then: None, after_s: lead_s + s };
        Point { after_first_s: *s, ..Point::new(*part, course) }
    };
    parts.iter().map(part).collect()
}

/// How long a fade takes here, s.
#[must_use]
pub fn fade(seconds: u32) -> u32 {
    seconds.min(MAX_FADE_S)
}
