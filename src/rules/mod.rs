//! Rules in action: runs the commands that alarms' rules carry, and takes them back when asked. A face without a
//! screen.
//!
//! [`decide`] says which actions are due, [`alerts`] which lights alarms hold, [`inverse`] what takes an action back,
//! [`words`] what people call it; this file only sends and reports.
//!
//! Invariant: it holds a [`Port`] and nothing else of the engine; it works without a window.
//! Invariant: while the master stop holds no action is run, and none is run because it was released; what was held back
//! is told of, and runs only if its alarm is raised again.
//! Invariant: an action is reported before the next one is sent, so what was done is always in the snapshot that the
//! next decision looks at.
//! Invariant: the layers that alarms have over lights follow from the alarms, whatever was missed: one that an alarm no
//! longer holds is taken away, one that is missing is put again.

pub mod alerts;
pub mod clock;
pub mod decide;
pub mod inverse;
pub mod words;

use std::sync::Arc;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::model::alarms::alarm::{Alarm, Done};
use crate::model::message::{Command, Origin, Outcome, Stamped, Update};
use crate::model::system::Stopped;
use crate::model::{alarms, lights, system};
use crate::port::{Port, Published};

/// Runs actions until `stop`.
pub async fn run(port: Port, stop: CancellationToken) {
    let feed = port.feed.0.subscribe();
    let stopped = port.view().system.stopped.clone();
    stop.run_until_cancelled(Follower { port, stopped }.follow(feed)).await;
}

/// What follows the facts.
struct Follower {
    port: Port,
    /// The master stop, as it was when the last fact that was seen became true.
    stopped: Option<Stopped>,
}

impl Follower {
    async fn follow(mut self, mut feed: Receiver<Published>) {
        // What was raised before this began to listen.
        self.catch_up().await;
        loop {
            match feed.recv().await {
                Ok(published) => {
                    for fact in published.facts.iter() {
                        self.on_fact(fact).await;
                    }
                }
                Err(RecvError::Lagged(_)) => self.catch_up().await,
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn on_fact(&mut self, fact: &Stamped) {
        match &fact.update {
            Update::Alarms(alarms::Update::Raised(alarm)) => {
                self.act(alarm, fact.seq).await;
                self.follow_lights(fact.seq).await;
            }
            Update::Alarms(alarms::Update::UndoAsked { alarm }) => {
                undo(&self.port, alarm, &fact.origin, fact.seq).await;
            }
            Update::Alarms(update) if alerts::may_move(update) => self.follow_lights(fact.seq).await,
            Update::System(system::Update::Stopped(stopped)) => self.stopped.clone_from(stopped),
            Update::System(system::Update::Reset(all)) => self.stopped.clone_from(&all.stopped),
            _ => {}
        }
    }

    /// Facts were missed: alarms that are new and for which nothing was done get what they missed. If the master stop
    /// held when the first of them was missed, they do not: nobody knows whether they were raised under it.
    async fn catch_up(&mut self) {
        let view = self.port.view();
        for alarm in view.alarms.active.values().filter(|alarm| alarm.is_new() && alarm.done.is_empty()) {
            self.act(alarm, view.seq).await;
        }
        self.follow_lights(view.seq).await;
        self.stopped.clone_from(&view.system.stopped);
    }

    /// Runs what is due, or tells that it was not done: what was held back when its alarm was raised is not done later.
    async fn act(&self, alarm: &Arc<Alarm>, cause: u64) {
        let (port, origin) = (&self.port, Origin::Alarm(Arc::clone(&alarm.id.0)));
        for deed in decide::due(alarm, &port.view()) {
            let (what, undo) = (words::of(&deed), inverse::of(&deed, &port.view()));
            let refused = match self.held_back() {
                Some(why) => Some(why),
                None => send(port, Command::of(deed, alarm, alarm.changed), &origin, cause).await,
            };
            let undo = undo.filter(|_| refused.is_none());
            report(port, alarm, Done { what, at: alarm.changed, refused, undo, undone: false }, &origin, cause).await;
        }
    }

    /// Lets the layers over lights be those that the alarms hold. While the master stop holds none is put.
    async fn follow_lights(&self, cause: u64) {
        for (alarm, command) in alerts::due(&self.port.view()) {
            let puts = matches!(command, lights::Command::PutLayer { .. });
            if !puts || self.held_back().is_none() {
                let origin = Origin::Alarm(alarm);
                // Lights that are gone meanwhile need no layer; the next change of an alarm looks again.
                drop(send(&self.port, Command::Lights(command), &origin, cause).await);
            }
        }
    }

    /// Looked at anew before each action: it is pressed to stop what goes on.
    fn held_back(&self) -> Option<Arc<str>> {
        self.stopped.as_ref().map(decide::reason).or_else(|| decide::held_back(&self.port.view()))
    }
}

/// Takes back what can be, the last first.
async fn undo(port: &Port, alarm: &Arc<Alarm>, asker: &Origin, cause: u64) {
    for done in decide::to_undo(alarm) {
        let Some(deed) = done.undo.clone() else { continue };
        let refused = send(port, Command::of(deed, alarm, done.at), asker, cause).await;
        let told = match refused {
            Some(why) => Done { refused: Some(format!("it cannot be taken back: {why}").into()), ..done },
            None => Done { refused: None, undo: None, undone: true, ..done },
        };
        report(port, alarm, told, asker, cause).await;
    }
}

/// Sends a command; why it was refused, if it was.
async fn send(port: &Port, command: Command, origin: &Origin, cause: u64) -> Option<Arc<str>> {
    match port.call_because(command, origin.clone(), Some(cause)).await {
        Outcome::Done { .. } => None,
        Outcome::Refused { why } => Some(why.into()),
    }
}

/// Tells the alarm service, which keeps the journal. It stamps the time. If it cannot take it the program is ending.
async fn report(port: &Port, alarm: &Alarm, done: Done, origin: &Origin, cause: u64) {
    let acted = alarms::Command::Acted { alarm: alarm.id.clone(), done: Box::new(done) };
    drop(send(port, Command::Alarms(acted), origin, cause).await);
}
