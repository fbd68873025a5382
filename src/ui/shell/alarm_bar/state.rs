//! What the bar remembers from frame to frame.

use jiff::Timestamp;

use crate::model::alarms::alarm::{Alarm, AlarmId};
use crate::ui::theme::time;

/// The bar's own state.
#[derive(Debug, Default)]
pub struct Bar {
    /// Whether the lines under the most pressing one are shown.
    pub open: bool,
    /// What is asked.
    pub question: Option<Question>,
    /// Its height.
    pub growth: Growth,
    told: Option<(AlarmId, Timestamp, String)>,
}

impl Bar {
    /// The sentence that was said of an alarm when it last changed in a way that matters: it is said once, not each
    /// time a figure in it moves.
    #[must_use]
    pub fn told(&self, alarm: &Alarm) -> Option<String> {
        let (id, changed, said) = self.told.as_ref()?;
        ((id, *changed) == (&alarm.id, alarm.changed)).then(|| said.clone())
    }

    /// Keeps what is said of an alarm.
    pub fn tell(&mut self, alarm: &Alarm, said: String) {
        self.told = Some((alarm.id.clone(), alarm.changed, said));
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// For how long, and why?
    Shelve {
        /// What is to be shelved.
        alarm: AlarmId,
        /// What was typed so far.
        reason: String,
    },
    /// Really?
    Undo {
        /// Whose actions.
        alarm: AlarmId,
    },
}

/// A height on its way to another one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Growth {
    from: f32,
    to: f32,
    since: f64,
}

impl Growth {
    /// The height at `now`, seconds, if it is to become `target`. The first target is reached at once.
    pub fn toward(&mut self, target: f32, now: f64) -> f32 {
        if self.to == 0.0 {
            *self = Self { from: target, to: target, since: now };
        } else if self.to != target {
            *self = Self { from: self.at(now), to: target, since: now };
        }
        self.at(now)
    }

    /// Eases out: `1 - (1 - t)^3`.
    fn at(&self, now: f64) -> f32 {
        let left = 1.0 - ((now - self.since) / time::GROW.as_secs_f64()).clamp(0.0, 1.0) as f32;
        egui::lerp(self.from..=self.to, 1.0 - left.powi(3))
    }
}
