//! What the page of the Hue bridge remembers. Knows nothing of the scene.
//!
//! Invariant: what apps asked is looked at some times a second at most, and put into words only then.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::model::bridge::Bridge;
use crate::model::bridge::app::AppId;
use crate::port::visits::{Client, Visits};
use crate::ui::panels::system::bridge::told::{self, Line};
use crate::ui::widgets::qr::Code;
use crate::units::moment::Moment;

/// What apps asked, as it was looked at last.
#[derive(Debug, Default)]
pub struct Kept {
    at: Option<Moment>,
    /// Everybody, the one heard last first.
    pub clients: Arc<[Client]>,
    /// The same as a story, the newest last.
    pub lines: Arc<[Line]>,
}

impl Kept {
    /// Looks again if that is so long ago.
    pub fn refresh(&mut self, visits: &Visits, bridge: &Bridge, now: Moment, every: Duration) {
        if self.at.is_some_and(|at| now.since(at) < every) {
            return;
        }
        self.at = Some(now);
        self.clients = visits.clients().into();
        self.lines = told::story(&self.clients, bridge).into();
    }
}

/// Where the bridge stands, as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// The zone of its clock.
    pub zone: String,
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
}

/// The whole of it.
#[derive(Debug, Default)]
pub struct Desk {
    /// What apps asked.
    pub kept: Kept,
    /// The app whose key would be taken back.
    pub revoking: Option<AppId>,
    /// The client whose requests are shown.
    pub open: Option<IpAddr>,
    /// The name of the bridge while it is edited.
    pub name: Option<String>,
    /// Where it stands while that is edited.
    pub standing: Option<Standing>,
    /// The code of its address.
    pub code: Option<Code>,
    /// How high the column of the address and the checks was.
    pub tall: f32,
}
