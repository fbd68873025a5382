//! What every handler works with: the plug into the engine, and the resources of version 2.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::bridge::events::hub::{Hub, MomentClock};
use crate::bridge::v2::shelf::Shelf;
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::message::{Command, Origin, Outcome};
use crate::model::snapshot::Snapshot;
use crate::port::Port;
use crate::port::ring::Key;

/// How long a thing that was made may take until it has ids.
const NAMED: Duration = Duration::from_secs(2);

/// Tells the time, for people.
pub type WallClock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What every handler works with. Cheap to clone.
#[derive(Clone)]
pub struct Face {
    /// The plug into the engine.
    pub port: Port,
    /// The time, for people.
    pub wall: WallClock,
    /// The resources of version 2, and their changes.
    pub book: Arc<Shelf>,
    /// Where apps listen to these changes.
    pub events: Arc<Hub>,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").finish_non_exhaustive()
    }
}

impl Face {
    /// A face with an empty book; [`crate::bridge::v2::book::run`] fills it. `now`: the clock of facts.
    #[must_use]
    pub fn new(port: Port, wall: WallClock, now: MomentClock) -> Self {
        Self { port, wall, book: Arc::default(), events: Arc::new(Hub::new(now)) }
    }

    /// The newest state.
    #[must_use]
    pub fn view(&self) -> Arc<Snapshot> {
        self.port.view()
    }

    /// Has a command done in the name of an app. Returns the id of what it made; by then the state shows it.
    ///
    /// # Errors
    /// Why it was refused, for a person.
    pub async fn carry_out(&self, key: &Key, command: Command) -> Result<Option<Arc<str>>, String> {
        match self.port.call(command, Origin::Hue(Arc::clone(&key.name))).await {
            Outcome::Done { made, .. } => Ok(made),
            Outcome::Refused { why } => Err(why),
        }
    }

    /// What a thing that was just made is called; `None` if it gets no name in time.
    pub async fn named(&self, thing: &Thing) -> Option<Arc<Ids>> {
        let mut published = self.port.published.clone();
        let named = async {
            loop {
                published.borrow_and_update();
                if let Some(ids) = self.view().bridge.ids(thing) {
                    return Some(Arc::clone(ids));
                }
                published.changed().await.ok()?;
            }
        };
        tokio::time::timeout(NAMED, named).await.ok().flatten()
    }
}
