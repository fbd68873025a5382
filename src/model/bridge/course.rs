//! Instants that come one after the other, and what is done at them: the inner form of all that is kept and has a time.
//!
//! Invariant: an instant follows from its object, the zone and the place alone, its random part too: whoever asks again
//! hears the same.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::plan::{Days, Here, TimePoint};
use crate::units::local;

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
    /// A part at its instants: nothing at random, the first one.
    #[must_use]
    pub const fn new(part: Part, course: Course) -> Self {
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
