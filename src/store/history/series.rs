//! Reading: what a channel showed, from blocks and tail, thinned to what was asked for.
//!
//! Invariant: thinning keeps every extreme: a bucket has the lowest minimum and the highest maximum of all it covers.
//! Invariant: blocks and tail are read in one transaction, so that no reading is seen twice or not at all.

use rusqlite::{Connection, Transaction};

use crate::model::history::{Extent, Point, Resolution, Series, Span};
use crate::store::history::blocks::{self, step_ms};
use crate::store::history::cells::{self, Cell, floor};
use crate::store::history::codec::Sample;
use crate::store::history::totals::{self, Totals};
use crate::store::history::{MINUTE_MS, channels, tail};

/// Points behind an answer, about, beyond which a coarser resolution is taken.
const SENSIBLE: i64 = 20_000;
/// Cells gathered before they are thinned for the first time.
const GATHERED: usize = 200_000;

/// What a channel showed. A channel that is not known showed nothing.
pub(super) fn series(connection: &Connection, span: &Span) -> rusqlite::Result<Series> {
    let _reading = begin(connection)?;
    let within = (span.from.as_millisecond(), span.to.as_millisecond());
    let empty = Series { span: span.clone(), resolution: Resolution::Full, points: Vec::new() };
    let Some(channel) = channels::find(connection, &span.device, &span.channel)?.filter(|_| within.0 <= within.1)
    else {
        return Ok(empty);
    };
    let resolution = choose(connection, channel, within)?;
    let mut gathered = Gathered { cells: Vec::new(), within, points: i64::from(span.points.clamp(2, 10_000)) };
    blocks::read(connection, resolution, channel, within, |cells| gathered.take(cells, step_ms(resolution)))?;
    gathered.take(&newest(connection, channel, resolution)?, step_ms(resolution));
    Ok(Series { resolution, points: gathered.points(resolution), ..empty })
}

/// What the file holds.
pub(super) fn extent(connection: &Connection) -> rusqlite::Result<Extent> {
    let _reading = begin(connection)?;
    let ids = connection
        .prepare_cached("SELECT id FROM channel")?
        .query_map([], |row| row.get::<_, u32>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut oldest_ms: Option<i64> = None;
    for channel in &ids {
        for resolution in Resolution::ALL {
            let is_older = |at: &i64| oldest_ms.is_none_or(|known| *at < floor(known, step_ms(resolution)));
            // A block starts before its oldest point, so most blocks need no look inside.
            if blocks::oldest_start(connection, resolution, *channel)?.filter(is_older).is_some() {
                oldest_ms = blocks::oldest_ms(connection, resolution, *channel)?.filter(is_older).or(oldest_ms);
            }
        }
    }
    if oldest_ms.is_none() {
        each_waiting(connection, |_, sample| oldest_ms = Some(oldest_ms.unwrap_or(i64::MAX).min(sample.at_ms)))?;
    }
    Ok(Extent {
        bytes: Totals::load(connection)?.sum(),
        oldest_ms,
        channels: u32::try_from(ids.len()).unwrap_or(u32::MAX),
    })
}

/// Begins to read what is one state of the file, unless the caller did.
fn begin(connection: &Connection) -> rusqlite::Result<Option<Transaction<'_>>> {
    connection.is_autocommit().then(|| connection.unchecked_transaction()).transpose()
}

/// The finest resolution that goes back far enough and is not too many points; if all are too many, the coarsest.
fn choose(from: &Connection, channel: u32, within: (i64, i64)) -> rusqlite::Result<Resolution> {
    let mut there = Vec::new();
    for resolution in Resolution::ALL {
        if let Some(oldest) = blocks::oldest_ms(from, resolution, channel)? {
            there.push((resolution, floor(oldest, MINUTE_MS)));
        }
    }
    let beginning = there.iter().map(|(_, oldest)| *oldest).min().unwrap_or(0).max(floor(within.0, MINUTE_MS));
    let mut chosen = Resolution::Full;
    for (resolution, _) in there.into_iter().filter(|(_, oldest)| *oldest <= beginning) {
        chosen = resolution;
        if blocks::count(from, resolution, channel, within)? <= SENSIBLE {
            break;
        }
    }
    Ok(chosen)
}

/// Readings of a channel that are not in blocks yet, as cells of a resolution.
fn newest(from: &Connection, channel: u32, resolution: Resolution) -> rusqlite::Result<Vec<Cell>> {
    let mut samples = Vec::new();
    each_waiting(from, |of, sample| samples.extend((of == channel).then_some(sample)))?;
    Ok(match resolution {
        Resolution::Full => samples.into_iter().map(Cell::from).collect(),
        Resolution::Second | Resolution::Minute => cells::fold(&samples, step_ms(resolution)),
    })
}

/// All readings in the tail, in the order in which they came.
fn each_waiting(from: &Connection, mut each: impl FnMut(u32, Sample)) -> rusqlite::Result<()> {
    let mut statement = from.prepare_cached("SELECT data FROM tail WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([totals::ROW])?;
    while let Some(row) = rows.next()? {
        // Of a damaged row, what can be read is taken.
        let _ = tail::read(row.get_ref(0)?.as_blob()?, |_, channel, sample| each(channel, sample));
    }
    Ok(())
}

/// Cells on their way to points.
struct Gathered {
    cells: Vec<Cell>,
    within: (i64, i64),
    points: i64,
}

impl Gathered {
    /// Takes those cells that reach into the span.
    fn take(&mut self, cells: &[Cell], step_ms: i64) {
        let (from, to) = self.within;
        let inside = |cell: &&Cell| cell.at_ms.saturating_add(step_ms) > from && cell.at_ms <= to;
        self.cells.extend(cells.iter().filter(inside));
        if self.cells.len() > GATHERED {
            self.cells.sort_by_key(|cell| cell.at_ms);
            self.thin();
        }
    }

    fn points(mut self, resolution: Resolution) -> Vec<Point> {
        match resolution {
            // Two readings of one moment are two.
            Resolution::Full => self.cells.sort_by_key(|cell| cell.at_ms),
            Resolution::Second | Resolution::Minute => cells::settle(&mut self.cells),
        }
        if self.cells.len() as i64 > self.points {
            self.thin();
        }
        let point = |cell: &Cell| Point {
            at_ms: cell.at_ms,
            min: cell.min as f32,
            mean: cell.mean as f32,
            max: cell.max as f32,
        };
        self.cells.iter().map(point).collect()
    }

    /// Makes one of all cells that begin in one of `points` equal parts of the span. It begins with its first, so doing
    /// this again changes nothing.
    fn thin(&mut self) {
        let (from, to) = self.within;
        let width = to.saturating_sub(from) / self.points + 1;
        let part = |cell: &Cell| cell.at_ms.saturating_sub(from).max(0) / width;
        self.cells.dedup_by(|next, kept| {
            let same = part(next) == part(kept);
            if same {
                kept.take(next);
            }
            same
        });
    }
}
