//! One cell of a picture over its last minute: what was recorded, then what came since.
//!
//! Invariant: the recording is asked once for each cell that is rested on; what follows comes from the frames shown.

use std::collections::VecDeque;
use std::time::Duration;

use egui::Context;
use jiff::{SignedDuration, Timestamp};

use crate::model::history::Point;
use crate::model::recording::CellSpan;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::port::{Port, Query, Reply};
use crate::ui::asking::Asking;
use crate::ui::now::Now;
use crate::ui::theme::time;

/// Points that are asked for: one for each point of the line's width is enough.
const POINTS: u16 = 180;
/// Frames that come within a minute, at most.
const MOST: usize = 4_096;

/// What is known of the cell before it was looked at.
#[derive(Debug, Default)]
enum Before {
    /// Nothing yet.
    #[default]
    Unknown,
    /// What was recorded.
    Recorded(Vec<Point>),
    /// It could not be told.
    Unrecorded,
}

/// The cell that is looked at.
#[derive(Debug, Default)]
pub struct Watched {
    cell: Option<(DeviceId, usize)>,
    /// The pass of the window in which a cell was looked at last.
    pass: Option<u64>,
    /// Since when, s of the window's own time.
    since: f64,
    asking: Asking,
    before: Before,
    /// Time, ms since 1970, and temperature, C.
    seen: VecDeque<(i64, f32)>,
}

impl Watched {
    /// Whether nothing was looked at yet in this pass of the window: the pointer comes before the keyboard.
    pub fn is_first(&mut self, pass: u64) -> bool {
        self.pass.replace(pass) != Some(pass)
    }

    /// Looks at a cell of the frame shown; asks for its past once it is rested on.
    pub fn look(&mut self, ctx: &Context, port: &Port, now: &Now, of: (&DeviceId, usize), frame: &ThermalFrame) {
        let here = ctx.input(|input| input.time);
        let other = self.cell.as_ref().is_none_or(|(device, cell)| (device, *cell) != of);
        let at = frame.wall.as_millisecond();
        let leapt = self.seen.back().is_some_and(|(newest, _)| at < *newest || at - newest > time::CELL_LEAP);
        if other || leapt {
            *self = Self { cell: Some((of.0.clone(), of.1)), pass: self.pass, since: here, ..Self::default() };
        }
        self.note(at, frame.get(of.1));
        self.take(of);
        let left = time::REST.as_secs_f64() - (here - self.since);
        if left > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        } else if self.asking.is_due(now.moment) {
            self.asking.ask(port, Query::CellHistory(minute(of, frame.wall)), now.moment);
        }
    }

    fn note(&mut self, at: i64, celsius: Option<f32>) {
        let fresh = self.seen.back().is_none_or(|(newest, _)| at > *newest);
        if let Some(celsius) = celsius.filter(|_| fresh) {
            self.seen.push_back((at, celsius));
        }
        let from = at - time::CELL.as_millis() as i64;
        while self.seen.len() > MOST || self.seen.front().is_some_and(|(oldest, _)| *oldest < from) {
            self.seen.pop_front();
        }
    }

    fn take(&mut self, of: (&DeviceId, usize)) {
        match self.asking.take().as_deref() {
            Some(Reply::CellHistory(span, points)) if (&span.device, span.cell as usize) == of => {
                self.before = if points.is_empty() { Before::Unrecorded } else { Before::Recorded(points.clone()) };
            }
            Some(_) => self.before = Before::Unrecorded,
            None => {}
        }
    }

    /// Whether it is known that nothing was recorded.
    #[must_use]
    pub const fn is_unrecorded(&self) -> bool {
        matches!(self.before, Before::Unrecorded)
    }

    /// The last minute up to `to`, oldest first: time, ms since 1970, and temperature, C.
    #[must_use]
    pub fn line(&self, to: Timestamp) -> Vec<(i64, f32)> {
        let to = to.as_millisecond();
        let from = to - time::CELL.as_millis() as i64;
        let first = self.seen.front().map_or(i64::MAX, |(at, _)| *at);
        let recorded: &[Point] = if let Before::Recorded(points) = &self.before { points } else { &[] };
        let old = recorded.iter().filter(|point| point.at_ms < first).map(|point| (point.at_ms, point.mean));
        old.chain(self.seen.iter().copied()).filter(|(at, _)| (from..=to).contains(at)).collect()
    }
}

fn minute((device, cell): (&DeviceId, usize), to: Timestamp) -> CellSpan {
    let from = to.checked_sub(SignedDuration::from_secs(time::CELL.as_secs() as i64)).unwrap_or(to);
    CellSpan { device: device.clone(), cell: cell as u32, from, to, points: POINTS }
}
