//! How fast the hottest block rises: the slope of the line through the last minute, by least squares.
//!
//! Invariant: at most [`KEPT`] points, one each second at most; no slope from fewer than 4 points or less than 20 s.

use std::collections::VecDeque;
use std::time::Duration;

use crate::units::moment::Moment;

/// Points kept.
const KEPT: usize = 60;
/// The fewest points that make a line.
const FEWEST: usize = 4;
/// Points older than this, as seen from the newest, are forgotten.
const WINDOW: Duration = Duration::from_secs(60);
/// What the points must span.
const SPAN: Duration = Duration::from_secs(20);

/// The hottest block over the last minute.
#[derive(Clone, Debug, Default)]
pub(super) struct Rise {
    /// The highest of each second: when, and C.
    points: VecDeque<(Moment, f32)>,
}

impl Rise {
    /// Takes the mean of a frame's hottest block, C; returns the slope, K/min, if it is known.
    pub fn take(&mut self, at: Moment, celsius: f32) -> Option<f64> {
        match self.points.back_mut() {
            Some((then, highest)) if second(*then) == second(at) => {
                if celsius > *highest {
                    (*then, *highest) = (at, celsius);
                }
            }
            _ => {
                if self.points.len() == KEPT {
                    self.points.pop_front();
                }
                self.points.push_back((at, celsius));
            }
        }
        while self.points.front().is_some_and(|(then, _)| at.since(*then) > WINDOW) {
            self.points.pop_front();
        }
        self.slope()
    }

    /// `sum((t - t')(y - y')) / sum((t - t')^2)`, `t` in minutes.
    fn slope(&self) -> Option<f64> {
        let ((first, _), (last, _)) = (self.points.front()?, self.points.back()?);
        if self.points.len() < FEWEST || last.since(*first) < SPAN {
            return None;
        }
        let n = self.points.len() as f64;
        let minutes = |at: &Moment| at.since(*first).as_secs_f64() / 60.0;
        let sums = self.points.iter().fold((0.0, 0.0), |(t, y), (at, c)| (t + minutes(at), y + f64::from(*c)));
        let (mean_t, mean_y) = (sums.0 / n, sums.1 / n);
        let (mut both, mut square) = (0.0, 0.0);
        for (at, celsius) in &self.points {
            let t = minutes(at) - mean_t;
            both += t * (f64::from(*celsius) - mean_y);
            square += t * t;
        }
        Some(both / square).filter(|slope| slope.is_finite())
    }
}

const fn second(at: Moment) -> u64 {
    at.0 / 1_000_000_000
}
