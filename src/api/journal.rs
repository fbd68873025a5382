//! The journal, as people's scripts read it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query as Parameters, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api::Face;
use crate::api::alarms::ReasonLine;
use crate::api::problem::Problem;
use crate::api::program::mixed_up;
use crate::model::alarms::journal::{Entry, Filter, Still, What};
use crate::model::alarms::rule::Level;
use crate::model::sensors::DeviceId;
use crate::port::{Query, Reply};

/// Entries of a page if no number is asked for.
const USUAL: u16 = 100;
/// Entries of a page at most.
const MOST: u16 = 1000;

/// What may stand behind the `?`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    before: Option<u64>,
    limit: Option<u16>,
    device: Option<String>,
    what: Option<String>,
    at_least: Option<Level>,
    text: Option<String>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

#[derive(Serialize)]
struct PageLine<'a> {
    entries: Vec<EntryLine<'a>>,
    more: bool,
}

#[derive(Serialize)]
struct EntryLine<'a> {
    seq: u64,
    at: Timestamp,
    what: &'static str,
    alarm: Option<&'a str>,
    rule: Option<&'a str>,
    device: Option<&'a str>,
    location: Option<&'a str>,
    level: Option<Level>,
    by: &'a str,
    test: bool,
    text: &'a str,
    reasons: Vec<ReasonLine<'a>>,
}

#[derive(Serialize)]
struct WholeEntry<'a> {
    #[serde(flatten)]
    entry: EntryLine<'a>,
    still: Option<StillLine>,
}

#[derive(Serialize)]
struct StillLine {
    rows: u16,
    cols: u16,
    /// Row-major, in the sensor's own order.
    celsius: Vec<Option<f64>>,
}

/// `GET /api/v1/journal`: a page, the newest entries first.
pub(super) async fn page(
    State(face): State<Arc<Face>>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Problem> {
    match face.ask(Query::Journal(wanted.filter()?)).await? {
        Reply::Journal(page) => {
            let entries = page.entries.iter().map(EntryLine::of).collect();
            Ok(Json(PageLine { entries, more: page.more }).into_response())
        }
        other => Err(failed(other)),
    }
}

/// `GET /api/v1/journal/{seq}`: one entry with its picture.
pub(super) async fn one(State(face): State<Arc<Face>>, Path(seq): Path<u64>) -> Result<Response, Problem> {
    match face.ask(Query::Entry(seq)).await? {
        Reply::Entry(Some(entry)) => {
            let still = entry.still.as_deref().map(StillLine::of);
            Ok(Json(WholeEntry { entry: EntryLine::of(&entry), still }).into_response())
        }
        Reply::Entry(None) => {
            Err(Problem::unknown(format!("The journal has no entry {seq}. GET /api/v1/journal lists what it has.")))
        }
        other => Err(failed(other)),
    }
}

/// An answer that is none: why, in the engine's own words.
fn failed(reply: Reply) -> Problem {
    match reply {
        Reply::Failed(why) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, why),
        _ => mixed_up(),
    }
}

impl Wanted {
    fn filter(self) -> Result<Filter, Problem> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::unreadable(format!("`limit` must be a number from 1 to {MOST}.")));
        }
        let words = self.what.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
        let what = words.map(kind).collect::<Result<Vec<What>, Problem>>()?;
        Ok(Filter {
            before: self.before,
            what,
            device: self.device.map(|id| DeviceId(id.into())),
            at_least: self.at_least,
            text: self.text.unwrap_or_default(),
            from: self.from,
            to: self.to,
            limit,
        })
    }
}

fn kind(word: &str) -> Result<What, Problem> {
    What::of(word).ok_or_else(|| {
        let known: Vec<&str> = What::ALL.iter().map(|what| what.label()).collect();
        Problem::unreadable(format!("`what` does not know {word}. It takes: {}.", known.join(", ")))
    })
}

impl<'a> EntryLine<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            what: entry.what.label(),
            alarm: entry.alarm.as_ref().map(|id| id.as_str()),
            rule: entry.rule.as_ref().map(|id| id.as_str()),
            device: entry.device.as_ref().map(DeviceId::as_str),
            location: entry.location.as_deref(),
            level: entry.level,
            by: &entry.by,
            test: entry.test,
            text: &entry.text,
            // Ages are those of the time of the entry.
            reasons: entry.reasons.iter().map(|reason| ReasonLine::of(reason, entry.at)).collect(),
        }
    }
}

impl StillLine {
    fn of(still: &Still) -> Self {
        let cell = |centi: &i16| (*centi != i16::MIN).then(|| f64::from(*centi) / 100.0);
        Self { rows: still.rows, cols: still.columns, celsius: still.centi.iter().map(cell).collect() }
    }
}
