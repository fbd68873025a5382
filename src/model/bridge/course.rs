//! When something that is kept is due: schedules, rules with times, behaviours and smart scenes as one inner form.
//!
//! ```text
//!  object ──points()──▶ Point { part, course, random } ──next()──▶ instant ──random()──▶ when it fires
//! ```
//!
//! Invariant: an instant follows from the object, the zone and the place alone, its random part too: whoever asks again
//! hears the same.

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::job::{Daily, End, Job};
use crate::model::bridge::object::{Behavior, Object, ObjectId};
use crate::model::bridge::plan::{Days, Here, Operator, Rule, Schedule, SmartScene, Subject, TimePoint, When};
use crate::units::local;

/// The longest fade, s: that of one change of a light.
pub const MAX_FADE_S: u32 = 3600;
/// Days that are looked ahead: longer than a polar night.
const AHEAD: u32 = 370;

/// Instants, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// At this instant.
    At(Timestamp),
    /// When the clock shows this.
    Once(DateTime),
    /// On days.
    Days {
        /// Which; none for any, the next.
        days: Days,
        /// When.
        at: TimePoint,
        /// Instead of that, when this is next, after it.
        then: Option<TimePoint>,
        /// And so many seconds later.
        after_s: i64,
    },
    /// Again and again from an instant on.
    Every {
        /// Not itself due.
        from: Timestamp,
        /// Seconds, at least 1.
        seconds: u32,
        /// How often; `None` for ever.
        times: Option<u32>,
    },
}

/// Something that an object does at instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Which part of what it does.
    pub part: Part,
    /// When.
    pub course: Course,
    /// At random up to so many seconds earlier, and later.
    pub random_s: (u32, u32),
    /// How long after the first part it is, seconds: it is left out if the first one was never due.
    pub after_first_s: i64,
    /// Whether the object did everything with it.
    pub last: bool,
}

/// A part of what an object does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It begins.
    Begin,
    /// It goes on right after that.
    Go,
    /// It ends.
    End,
    /// It looks at its conditions, or at what holds now.
    Look,
}

impl Course {
    /// The first instant after this one; random parts apart.
    #[must_use]
    pub fn next(&self, after: Timestamp, here: &Here) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(*at).filter(|at| *at > after),
            Self::Once(shown) => local::instant(*shown, &here.zone).filter(|at| *at > after),
            Self::Days { days, at, then, after_s } => next_day(*days, *at, *then, *after_s, after, here),
            Self::Every { from, seconds, times } => {
                let passed = after.duration_since(*from).as_secs().max(0) / i64::from((*seconds).max(1));
                let next = (passed..=passed + 1).find_map(|n| self.nth(n + 1).filter(|at| *at > after));
                next.filter(|at| times.is_none() || self.end().is_some_and(|end| *at <= end))
            }
        }
    }

    /// The last instant of something that ends.
    #[must_use]
    pub fn end(&self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(*at),
            Self::Every { times: Some(times), .. } => self.nth(i64::from(*times)),
            Self::Once(_) | Self::Days { .. } | Self::Every { times: None, .. } => None,
        }
    }

    /// How far back it is enough to look for the newest instant; `None` if it has only one.
    #[must_use]
    pub fn horizon(&self) -> Option<SignedDuration> {
        match self {
            Self::At(_) | Self::Once(_) => None,
            Self::Days { .. } => Some(SignedDuration::from_hours(9 * 24)),
            Self::Every { seconds, .. } => Some(SignedDuration::from_secs(2 * i64::from(*seconds))),
        }
    }

    fn nth(&self, n: i64) -> Option<Timestamp> {
        let Self::Every { from, seconds, .. } = self else { return None };
        from.checked_add(SignedDuration::from_secs(n.saturating_mul(i64::from((*seconds).max(1))))).ok()
    }
}

fn next_day(
    days: Days,
    at: TimePoint,
    then: Option<TimePoint>,
    after_s: i64,
    after: Timestamp,
    here: &Here,
) -> Option<Timestamp> {
    let later = SignedDuration::from_secs(after_s);
    let days = if days.is_none() { Days::ALL } else { days };
    let mut date = here.shows(after.checked_sub(later).ok()?).date().yesterday().ok()?.yesterday().ok()?;
    for _ in 0..AHEAD {
        let due = Some(date).filter(|date| days.has(date.weekday())).and_then(|date| {
            let begin = at.on(date, here)?;
            let due = match then {
                None => begin,
                Some(then) => {
                    let own = then.on(date, here).filter(|own| *own > begin);
                    own.or_else(|| then.on(date.tomorrow().ok()?, here).filter(|next| *next > begin))?
                }
            };
            due.checked_add(later).ok()
        });
        if let Some(due) = due.filter(|due| *due > after) {
            return Some(due);
        }
        date = date.tomorrow().ok()?;
    }
    None
}

impl Point {
    fn new(part: Part, course: Course) -> Self {
        Self { part, course, random_s: (0, 0), after_first_s: 0, last: false }
    }

    /// How much earlier or later an instant of it is, at random: the same whenever it is asked for.
    #[must_use]
    pub fn random(&self, id: &ObjectId, at: Timestamp) -> SignedDuration {
        let (earlier, later) = (i64::from(self.random_s.0), i64::from(self.random_s.1));
        if earlier + later == 0 {
            return SignedDuration::ZERO;
        }
        let seed = [id.id.as_bytes(), &[self.part as u8], &at.as_second().to_le_bytes()].concat();
        // FNV-1a, then the last step of SplitMix64 to spread it over all bits.
        let mut hash = seed
            .iter()
            .fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let range = (earlier + later + 1).unsigned_abs();
        SignedDuration::from_secs(((hash ^ (hash >> 31)) % range) as i64 - earlier)
    }
}

/// What an object does at instants; nothing if it is off.
#[must_use]
pub fn points(object: &Object) -> Vec<Point> {
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
    let due = points(object).into_iter().filter_map(|point| {
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
