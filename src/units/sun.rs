//! Sunrise and sunset, by the equations of NOAA's solar calculator (gml.noaa.gov/grad/solcalc, after Jean Meeus,
//! Astronomical Algorithms), good to about a minute between the polar circles.
//!
//! Invariant: noon lies on the date that was asked for, in the mean solar time of the place; sunrise before it, sunset
//! after it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The sun's zenith at sunrise and sunset, degrees: its radius and the usual refraction below the horizon.
const ZENITH: f64 = 90.833;

/// The sun on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sun {
    /// When it is highest.
    pub noon: Timestamp,
    /// What it does.
    pub day: Day,
}

/// What the sun does on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// It rises and sets.
    Normal {
        /// When its upper edge comes up.
        sunrise: Timestamp,
        /// When its upper edge goes down.
        sunset: Timestamp,
    },
    /// It does not set.
    PolarDay,
    /// It does not rise.
    PolarNight,
}

impl Sun {
    /// When it rises, if it does.
    #[must_use]
    pub const fn sunrise(&self) -> Option<Timestamp> {
        match self.day {
            Day::Normal { sunrise, .. } => Some(sunrise),
            Day::PolarDay | Day::PolarNight => None,
        }
    }

    /// When it sets, if it does.
    #[must_use]
    pub const fn sunset(&self) -> Option<Timestamp> {
        match self.day {
            Day::Normal { sunset, .. } => Some(sunset),
            Day::PolarDay | Day::PolarNight => None,
        }
    }

    /// Whether it is up at a time of this day.
    #[must_use]
    pub fn is_up(&self, at: Timestamp) -> bool {
        match self.day {
            Day::Normal { sunrise, sunset } => (sunrise..sunset).contains(&at),
            Day::PolarDay => true,
            Day::PolarNight => false,
        }
    }
}

/// What the sun does on a date at a place: latitude -90..=90, north positive; longitude -180..=180, east positive.
#[must_use]
pub fn times(date: Date, latitude: f64, longitude: f64) -> Sun {
    let midnight = date.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    let at = |minutes: f64| {
        midnight.checked_add(SignedDuration::from_millis((minutes * 60_000.0).round() as i64)).unwrap_or(midnight)
    };
    let noon = |place: &Position| 720.0 - 4.0 * longitude - place.equation_of_time;
    let highest = noon(&Position::at(at(720.0 - 4.0 * longitude)));
    let Some(first) = Position::at(at(highest)).hour_angle(latitude) else {
        let up = Position::at(at(highest)).declination * latitude > 0.0;
        return Sun { noon: at(highest), day: if up { Day::PolarDay } else { Day::PolarNight } };
    };
    // The sun moves on until then: look where it is when it rises and sets, and from there again.
    let side = |sign: f64| {
        let mut angle = first;
        let mut minutes = highest + sign * 4.0 * angle;
        for _ in 0..2 {
            let there = Position::at(at(minutes));
            angle = there.hour_angle(latitude).unwrap_or(angle);
            minutes = noon(&there) + sign * 4.0 * angle;
        }
        at(minutes)
    };
    Sun { noon: at(highest), day: Day::Normal { sunrise: side(-1.0), sunset: side(1.0) } }
}

/// What the sun does on a date of a clock's zone: that whose noon is nearest to the clock's. The two differ where a zone
/// is far from its meridian.
#[must_use]
pub fn times_in(date: Date, zone: &TimeZone, latitude: f64, longitude: f64) -> Sun {
    let noon = date.at(12, 0, 0, 0).to_zoned(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    let own = times(date, latitude, longitude);
    let near = match own.noon.duration_since(noon).as_hours() {
        12.. => date.yesterday(),
        ..=-12 => date.tomorrow(),
        _ => return own,
    };
    near.map_or(own, |near| times(near, latitude, longitude))
}

/// Where the sun is.
struct Position {
    /// Degrees north of the equator.
    declination: f64,
    /// Minutes by which a sundial is ahead of the mean time.
    equation_of_time: f64,
}

impl Position {
    fn at(time: Timestamp) -> Self {
        // Julian centuries since 2000-01-01 12:00.
        let t = (time.as_millisecond() as f64 / 86_400_000.0 + 2_440_587.5 - 2_451_545.0) / 36_525.0;
        let mean_longitude = (280.46646 + t * (36_000.769_83 + t * 0.000_303_2)).rem_euclid(360.0).to_radians();
        let anomaly = (357.52911 + t * (35_999.050_29 - 0.000_153_7 * t)).to_radians();
        let eccentricity = 0.016_708_634 - t * (0.000_042_037 + 0.000_000_126_7 * t);
        let center = anomaly.sin() * (1.914_602 - t * (0.004_817 + 0.000_014 * t))
            + (2.0 * anomaly).sin() * (0.019_993 - 0.000_101 * t)
            + (3.0 * anomaly).sin() * 0.000_289;
        let node = (125.04 - 1_934.136 * t).to_radians();
        let longitude = mean_longitude + (center - 0.005_69 - 0.004_78 * node.sin()).to_radians();
        let seconds = 21.448 - t * (46.815 + t * (0.000_59 - t * 0.001_813));
        let obliquity = (23.0 + (26.0 + seconds / 60.0) / 60.0 + 0.002_56 * node.cos()).to_radians();
        let y = (obliquity / 2.0).tan().powi(2);
        let equation = y * (2.0 * mean_longitude).sin() - 2.0 * eccentricity * anomaly.sin()
            + 4.0 * eccentricity * y * anomaly.sin() * (2.0 * mean_longitude).cos()
            - 0.5 * y * y * (4.0 * mean_longitude).sin()
            - 1.25 * eccentricity * eccentricity * (2.0 * anomaly).sin();
        Self {
            declination: (obliquity.sin() * longitude.sin()).asin().to_degrees(),
            equation_of_time: 4.0 * equation.to_degrees(),
        }
    }

    /// Degrees from noon to sunrise and sunset; `None` if there is none.
    fn hour_angle(&self, latitude: f64) -> Option<f64> {
        let (latitude, declination) = (latitude.to_radians(), self.declination.to_radians());
        let cosine =
            ZENITH.to_radians().cos() / (latitude.cos() * declination.cos()) - latitude.tan() * declination.tan();
        (-1.0..=1.0).contains(&cosine).then(|| cosine.acos().to_degrees())
    }
}
