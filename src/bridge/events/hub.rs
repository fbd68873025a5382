//! Where apps join to hear events, and where events are given out.
//!
//! Invariant: between what an app missed and the first event it hears no event is left out, and none comes twice.
//! Invariant: giving out waits for nobody: who does not take what it hears is sent away.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::bridge::events::event::{Event, EventId};
use crate::bridge::events::mixer::Message;
use crate::bridge::events::past::{KEPT_FOR, Past};
use crate::model::bridge::app::AppId;
use crate::units::moment::Moment;

/// Events on their way to apps; an app that is further behind is sent away.
const QUEUE: usize = 1024;

/// Tells the time of the program.
pub type MomentClock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// What those who joined hear.
#[derive(Clone, Debug)]
pub enum Heard {
    /// An event.
    Event(Arc<Event>),
    /// An app holds no key any more.
    Gone(AppId),
    /// Keys changed, many perhaps.
    Keys,
    /// Events were lost: everybody must load everything anew.
    Lost,
}

/// Where apps join.
pub struct Hub {
    now: MomentClock,
    heard: broadcast::Sender<Heard>,
    given: Mutex<Given>,
    /// When somebody joined or left last, nanoseconds, plus one; 0 if nobody ever did.
    touched: AtomicU64,
    closed: CancellationToken,
}

#[derive(Default)]
struct Given {
    last: Option<EventId>,
    past: Past,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("listeners", &self.heard.receiver_count()).finish_non_exhaustive()
    }
}

impl Hub {
    /// A hub with this clock, and nobody there.
    #[must_use]
    pub fn new(now: MomentClock) -> Self {
        Self {
            now,
            heard: broadcast::channel(QUEUE).0,
            given: Mutex::default(),
            touched: AtomicU64::new(0),
            closed: CancellationToken::new(),
        }
    }

    /// The time of the program.
    #[must_use]
    pub fn now(&self) -> Moment {
        (self.now)()
    }

    /// Joins: what came after the event of this number, if it is known, and what comes from now on.
    #[must_use]
    pub fn join(&self, after: Option<EventId>) -> (Vec<Arc<Event>>, broadcast::Receiver<Heard>) {
        self.touch();
        let given = self.given.lock();
        let missed = after.and_then(|id| given.past.since(id)).unwrap_or_default();
        (missed, self.heard.subscribe())
    }

    /// Notes that somebody is here or was until now: for [`KEPT_FOR`] events are kept for them.
    pub fn touch(&self) {
        self.touched.store(self.now().0.saturating_add(1), Ordering::Relaxed);
    }

    /// Whether anybody wants events: listens, or did so within [`KEPT_FOR`] and may come back.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        let touched = self.touched.load(Ordering::Relaxed);
        self.heard.receiver_count() > 0 || (touched > 0 && self.now().since(Moment(touched - 1)) < KEPT_FOR)
    }

    /// Gives a message out under the next number. `namespace`: that of the bridge's UUIDs.
    pub fn give(&self, wall: Timestamp, message: &Message, namespace: Uuid) {
        let mut given = self.given.lock();
        let id = EventId::next(given.last, wall);
        let event = Arc::new(Event::new(id, wall, message, namespace));
        given.last = Some(id);
        given.past.push(self.now(), Arc::clone(&event));
        // Nobody listening is no error; who comes back finds it in the past.
        let _ = self.heard.send(Heard::Event(event));
    }

    /// Forgets the past: nobody wants it.
    pub fn forget(&self) {
        self.given.lock().past.clear();
    }

    /// Tells everybody something that is no event.
    pub fn tell(&self, heard: Heard) {
        let _ = self.heard.send(heard);
    }

    /// Sends everybody away, for good.
    pub fn close(&self) {
        self.closed.cancel();
    }

    /// Waits until everybody is sent away.
    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }
}
