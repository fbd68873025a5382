//! Rules in action: runs the commands that alarms' rules carry, and takes them back when asked. A face without a
//! screen.
//!
//! [`decide`] says which actions are due, [`inverse`] what takes one back, [`words`] what people call it; this file
//! only sends and reports.
//!
//! Invariant: it holds a [`Port`] and nothing else of the engine; it works without a window.
//! Invariant: an action is reported before the next one is sent, so what was done is always in the snapshot that the
//! next decision looks at.

pub mod decide;
pub mod inverse;
pub mod words;

use std::sync::Arc;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::model::alarms;
use crate::model::alarms::alarm::{Alarm, Done};
use crate::model::message::{Command, Origin, Outcome, Stamped, Update};
use crate::port::{Port, Published};

/// Runs actions until `stop`.
pub async fn run(port: Port, stop: CancellationToken) {
    let feed = port.feed.0.subscribe();
    stop.run_until_cancelled(follow(&port, feed)).await;
}

async fn follow(port: &Port, mut feed: Receiver<Published>) {
    // What was raised before this began to listen.
    catch_up(port).await;
    loop {
        match feed.recv().await {
            Ok(published) => {
                for fact in published.facts.iter() {
                    on_fact(port, fact).await;
                }
            }
            Err(RecvError::Lagged(_)) => catch_up(port).await,
            Err(RecvError::Closed) => return,
        }
    }
}

async fn on_fact(port: &Port, fact: &Stamped) {
    match &fact.update {
        Update::Alarms(alarms::Update::Raised(alarm)) => act(port, alarm, fact.seq).await,
        Update::Alarms(alarms::Update::UndoAsked { alarm }) => undo(port, alarm, &fact.origin, fact.seq).await,
        _ => {}
    }
}

/// Facts were missed: alarms that are new and for which nothing was done get what they missed.
async fn catch_up(port: &Port) {
    let view = port.view();
    for alarm in view.alarms.active.values().filter(|alarm| alarm.is_new() && alarm.done.is_empty()) {
        act(port, alarm, view.seq).await;
    }
}

async fn act(port: &Port, alarm: &Arc<Alarm>, cause: u64) {
    let origin = Origin::Alarm(Arc::clone(&alarm.id.0));
    for deed in decide::due(alarm, &port.view()) {
        let (what, undo) = (words::of(&deed), inverse::of(&deed, &port.view()));
        let refused = send(port, deed.into(), &origin, cause).await;
        let undo = undo.filter(|_| refused.is_none());
        report(port, alarm, Done { what, at: alarm.changed, refused, undo, undone: false }, &origin, cause).await;
    }
}

/// Takes back what can be, the last first.
async fn undo(port: &Port, alarm: &Arc<Alarm>, asker: &Origin, cause: u64) {
    for done in decide::to_undo(alarm) {
        let Some(deed) = done.undo.clone() else { continue };
        let refused = send(port, deed.into(), asker, cause).await;
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
