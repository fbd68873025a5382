//! Times of a clock on a wall as instants, across summer time.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// When a clock of a zone shows a time. A time that it shows twice is the first of the two; one that it skips is the
/// instant at which it skips. `None` beyond what instants reach.
#[must_use]
pub fn instant(shown: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    match zone.to_ambiguous_zoned(shown).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(shown).ok(),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(shown).ok(),
        AmbiguousOffset::Gap { after, .. } => {
            let earlier = after.to_timestamp(shown).ok()?;
            zone.following(earlier).next().map(|change| change.timestamp())
        }
    }
}
