//! The sun, held against the altitude that the low-precision formula of the Astronomical Almanac gives, minute by minute
//! (computed elsewhere), to two minutes.

use hearthlight::units::sun::{Day, times, times_in};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::{TimeZone, offset};
use proptest::prelude::{prop_assert, proptest};

type Row = (Date, (f64, f64), &'static str, &'static str);

const BERLIN: (f64, f64) = (52.52, 13.405);
const QUITO: (f64, f64) = (-0.18, -78.47);
const SYDNEY: (f64, f64) = (-33.87, 151.21);
const NEW_YORK: (f64, f64) = (40.7128, -74.006);
const REYKJAVIK: (f64, f64) = (64.15, -21.94);
const TROMSO: (f64, f64) = (69.65, 18.96);
const AUCKLAND: (f64, f64) = (-36.85, 174.76);
const HONOLULU: (f64, f64) = (21.31, -157.86);

/// Sunrise and sunset, UTC.
const KNOWN: [Row; 15] = [
    (date(2026, 6, 21), BERLIN, "2026-06-21T02:44Z", "2026-06-21T19:34Z"),
    (date(2026, 12, 21), BERLIN, "2026-12-21T07:15Z", "2026-12-21T14:54Z"),
    (date(2026, 3, 29), BERLIN, "2026-03-29T04:49Z", "2026-03-29T17:36Z"),
    (date(2026, 10, 25), BERLIN, "2026-10-25T05:50Z", "2026-10-25T15:51Z"),
    (date(2026, 3, 20), QUITO, "2026-03-20T11:19Z", "2026-03-20T23:25Z"),
    (date(2026, 11, 3), QUITO, "2026-11-03T10:54Z", "2026-11-03T23:02Z"),
    (date(2026, 1, 15), SYDNEY, "2026-01-14T19:00Z", "2026-01-15T09:09Z"),
    (date(2026, 6, 21), SYDNEY, "2026-06-20T21:00Z", "2026-06-21T06:54Z"),
    (date(2026, 7, 4), NEW_YORK, "2026-07-04T09:31Z", "2026-07-05T00:31Z"),
    (date(2026, 2, 14), NEW_YORK, "2026-02-14T11:52Z", "2026-02-14T22:30Z"),
    (date(2026, 6, 21), REYKJAVIK, "2026-06-21T02:56Z", "2026-06-22T00:04Z"),
    (date(2026, 12, 21), REYKJAVIK, "2026-12-21T11:23Z", "2026-12-21T15:30Z"),
    (date(2026, 4, 10), TROMSO, "2026-04-10T03:07Z", "2026-04-10T18:27Z"),
    (date(2026, 12, 21), AUCKLAND, "2026-12-20T16:59Z", "2026-12-21T07:40Z"),
    (date(2026, 9, 1), HONOLULU, "2026-09-01T16:16Z", "2026-09-02T04:48Z"),
];

#[test]
fn the_sun_rises_and_sets_as_the_almanac_says() {
    for (date, (latitude, longitude), sunrise, sunset) in KNOWN {
        let sun = times(date, latitude, longitude);
        for (found, known) in [(sun.sunrise(), sunrise), (sun.sunset(), sunset)] {
            let known: Timestamp = known.replace('Z', ":00Z").parse().unwrap();
            let off = found.unwrap().duration_since(known).as_secs().abs();
            assert!(off <= 120, "{date} at {latitude}, {longitude}: {found:?} is not {known}");
        }
    }
}

#[test]
fn beyond_the_polar_circle_it_may_stay_up_or_down() {
    let day = |date: Date, latitude: f64| times(date, latitude, 18.96).day;
    assert_eq!(day(date(2026, 6, 21), 69.65), Day::PolarDay);
    assert_eq!(day(date(2026, 12, 21), 69.65), Day::PolarNight);
    assert_eq!(day(date(2026, 6, 21), -80.0), Day::PolarNight);
    assert_eq!(day(date(2026, 12, 21), -80.0), Day::PolarDay);
    assert_eq!(day(date(2026, 6, 21), 90.0), Day::PolarDay);
    assert!(times(date(2026, 6, 21), 69.65, 18.96).is_up("2026-06-21T23:00:00Z".parse().unwrap()));
}

#[test]
fn a_zone_beyond_the_date_line_has_the_sun_of_its_own_day() {
    // Apia counts its days ahead of its meridian.
    let zone = TimeZone::fixed(offset(13));
    let sun = times_in(date(2026, 5, 10), &zone, -13.83, -171.76);
    let local = |at: Timestamp| at.to_zoned(zone.clone()).date();
    assert_eq!(local(sun.sunrise().unwrap()), date(2026, 5, 10));
    assert_eq!(local(sun.sunset().unwrap()), date(2026, 5, 10));
}

proptest! {
    #[test]
    fn noon_lies_between_sunrise_and_sunset(day in 0..36_500_i64, latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64) {
        let date = date(1970, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        let sun = times(date, latitude, longitude);
        if let Day::Normal { sunrise, sunset } = sun.day {
            prop_assert!(sunrise < sun.noon && sun.noon < sunset);
            prop_assert!(sunset.duration_since(sunrise).as_hours() <= 24);
        }
    }
}
