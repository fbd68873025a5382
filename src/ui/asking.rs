//! A question of a page to the engine, and its answer some frames later.
//!
//! Invariant: the answer to the newest question only is handed out; a question that got lost is asked again.

use crate::port::{Answer, Port, Query, Reply};
use crate::ui::theme::time;
use crate::units::moment::Moment;

/// A question that is asked again and again.
#[derive(Debug, Default)]
pub struct Asking {
    answer: Answer,
    asked: Option<Moment>,
    waiting: bool,
}

impl Asking {
    /// Asks; an answer to an earlier question is no longer wanted.
    pub fn ask(&mut self, port: &Port, query: Query, now: Moment) {
        (self.asked, self.waiting) = (Some(now), true);
        port.ask(query, &self.answer);
    }

    /// The answer, if it came since the last call.
    pub fn take(&mut self) -> Option<std::sync::Arc<Reply>> {
        let reply = self.answer.take()?;
        self.waiting = false;
        Some(reply)
    }

    /// When it was asked last.
    #[must_use]
    pub const fn asked(&self) -> Option<Moment> {
        self.asked
    }

    /// Whether it was asked and not answered yet.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// Whether it must be asked again: never asked, or not answered for so long that it may be lost.
    #[must_use]
    pub fn is_due(&self, now: Moment) -> bool {
        self.asked.is_none_or(|at| self.waiting && now.since(at) >= time::ASK_AGAIN)
    }

    /// Has the window drawn again when the question, if one waits, must be asked again.
    pub fn wake_up(&self, ctx: &egui::Context) {
        if self.waiting {
            ctx.request_repaint_after(time::ASK_AGAIN);
        }
    }
}
