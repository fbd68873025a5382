//! What the page of the Hue bridge remembers. Knows nothing of the scene.
//!
//! Invariant: what apps asked is put into words some times a second at most while nothing else changes.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::model::bridge::app::AppId;
use crate::model::snapshot::Snapshot;
use crate::port::doctor::{self, Finding};
use crate::port::visits::{Client, Visits};
use crate::ui::now::Now;
use crate::ui::panels::system::bridge::told::{self, Line};
use crate::ui::widgets::qr::Code;
use crate::units::moment::Moment;

/// What apps asked, as it was looked at last.
#[derive(Debug, Default)]
pub struct Kept {
    /// When that was, and in which state of the house.
    at: Option<(Moment, u64)>,
    /// Everybody, the one heard last first.
    pub clients: Arc<[Client]>,
    /// The same as a story, the newest last.
    pub lines: Arc<[Line]>,
    /// What keeps apps away, the worst first.
    pub findings: Arc<[Finding]>,
}

impl Kept {
    /// Looks again if that is so long ago, or if something changed.
    pub fn refresh(&mut self, visits: &Visits, view: &Snapshot, now: &Now, every: Duration) {
        let known = self.at.is_some_and(|(at, seq)| seq == view.seq && now.moment.since(at) < every);
        if known {
            return;
        }
        self.at = Some((now.moment, view.seq));
        self.clients = visits.clients().into();
        self.lines = told::story(&self.clients, &view.bridge).into();
        let mut findings = doctor::findings(view, &self.clients, now.wall);
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        self.findings = findings.into();
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
