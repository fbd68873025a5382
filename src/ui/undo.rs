//! What a person did in the window, so that it can be taken back and done again.
//!
//! Invariant: only what a person did and what has an exact inverse is in here; what devices or rules do is not.
//! Invariant: a step whose command the engine refused is in neither list.

pub mod inverse;

use std::collections::VecDeque;

use crate::model::message::{Command, Ticket};
use crate::ui::panels::board::panes::Panes;

/// Steps that are remembered.
const MOST: usize = 100;

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Tells the engine.
    Tell(Box<Command>),
    /// Arranges the board.
    Board(Option<Box<Panes>>),
}

impl From<Command> for Deed {
    fn from(command: Command) -> Self {
        Self::Tell(Box::new(command))
    }
}

impl Deed {
    fn tells(&self, command: &Command) -> bool {
        matches!(self, Self::Tell(own) if **own == *command)
    }
}

/// One step: what was done, and what takes it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// In words: `move S1`.
    pub words: String,
    /// Does it again.
    pub again: Deed,
    /// Takes it back.
    pub back: Deed,
    /// Under which number its last command was sent.
    ticket: Option<Ticket>,
    /// The movement of the hand that it came from.
    gesture: Option<u64>,
}

/// The steps.
#[derive(Debug, Default)]
pub struct Undo {
    done: VecDeque<Step>,
    undone: Vec<Step>,
    /// The movement of the hand that the commands of this frame come from: those of one movement are one step.
    pub gesture: Option<u64>,
}

impl Undo {
    /// Notes what was just done; what was undone before can no longer be done again.
    pub fn did(&mut self, words: impl Into<String>, again: impl Into<Deed>, back: impl Into<Deed>) {
        if self.done.len() >= MOST {
            self.done.pop_front();
        }
        self.undone.clear();
        self.done.push_back(Step {
            words: words.into(),
            again: again.into(),
            back: back.into(),
            ticket: None,
            gesture: None,
        });
    }

    /// Notes what was just done within a movement of the hand: as a part of its step if there is one.
    pub fn did_in(&mut self, gesture: Option<u64>, words: String, (again, back): (Command, Command), ticket: Ticket) {
        let last = self.done.back_mut().filter(|step| gesture.is_some() && step.gesture == gesture);
        if let Some(step) = last
            && let (Deed::Tell(first), Deed::Tell(first_back)) = (&step.again, &step.back)
            && let Some((again, back)) = inverse::join((first, first_back), (&again, &back))
        {
            (step.again, step.back, step.ticket) = (again.into(), back.into(), Some(ticket));
            self.undone.clear();
            return;
        }
        self.did(words, again, back);
        if let Some(step) = self.done.back_mut() {
            (step.ticket, step.gesture) = (Some(ticket), gesture);
        }
    }

    /// Puts a command in place of another one in all steps: the same thing was made again under another number.
    pub fn renumber(&mut self, before: &Command, after: &Command) {
        let deeds = self.done.iter_mut().chain(&mut self.undone).flat_map(|step| [&mut step.again, &mut step.back]);
        deeds.filter(|deed| deed.tells(before)).for_each(|deed| *deed = after.clone().into());
    }

    /// The step that would be taken back.
    #[must_use]
    pub fn last(&self) -> Option<&Step> {
        self.done.back()
    }

    /// The step that would be done again.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        self.undone.last()
    }

    /// Takes the last step back: hands out what is to be sent and what to say.
    pub fn undo(&mut self) -> Option<&Step> {
        let mut step = self.done.pop_back()?;
        (step.ticket, step.gesture) = (None, None);
        self.undone.push(step);
        self.undone.last()
    }

    /// Does the last undone step again.
    pub fn redo(&mut self) -> Option<&Step> {
        let mut step = self.undone.pop()?;
        step.ticket = None;
        self.done.push_back(step);
        self.done.back()
    }

    /// Notes under which number a command left. True if a step is behind it.
    pub fn sent(&mut self, command: &Command, ticket: Ticket) -> bool {
        let done = self.done.iter_mut().rev().filter(|step| step.again.tells(command));
        let undone = self.undone.iter_mut().rev().filter(|step| step.back.tells(command));
        match done.chain(undone).find(|step| step.ticket.is_none()) {
            Some(step) => {
                step.ticket = Some(ticket);
                true
            }
            None => false,
        }
    }

    /// Drops the step whose command was refused. True if there was one.
    pub fn refused(&mut self, ticket: Ticket) -> bool {
        let before = self.done.len() + self.undone.len();
        self.done.retain(|step| step.ticket != Some(ticket));
        self.undone.retain(|step| step.ticket != Some(ticket));
        self.done.len() + self.undone.len() < before
    }
}
