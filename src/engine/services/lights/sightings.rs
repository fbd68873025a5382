//! What discovery sees: new devices become findings, known ones at another address are followed.
//!
//! Invariant: the bridge that this program plays itself is never found.

use std::sync::Arc;
use std::time::Duration;

use crate::drivers::light::LightDriver;
use crate::drivers::{Claim, Family};
use crate::engine::discovery::Seen;
use crate::engine::services::lights::book::{Deed, Lights, Now};
use crate::engine::services::lights::checks;
use crate::model::lights::connection::{Connection, ConnectionId, Finding, Reach, Target};

/// Findings, at most.
const MAX_FINDINGS: usize = 500;
/// A finding that was not seen for so long is gone.
const FORGOTTEN: Duration = Duration::from_secs(600);
/// How exactly it is told when a finding was seen last.
const SEEN_STEP: Duration = Duration::from_secs(60);
/// How often everybody is asked for a device that is out of reach for long.
const ASK_AGAIN: Duration = Duration::from_secs(30);
/// How often just after a device was lost: one that got another address is back at once.
const ASK_SOON: Duration = Duration::from_secs(3);
/// In between, this share of the time since: who was away for a minute is asked for within ten seconds.
const AWAY_SHARE: u32 = 6;
/// How often in the demo home, whose devices start beside it.
const ASK_DEMO: Duration = Duration::from_secs(5);
/// How often a device that is seen and does not answer is tried because of that.
const NUDGE_PAUSE: Duration = Duration::from_secs(10);
/// For so long the demo home looks.
const DEMO_LOOKS: Duration = Duration::from_secs(60);

impl Lights {
    /// Takes in what discovery says.
    pub fn on_seen(&mut self, seen: Seen, now: Now) {
        self.now = now;
        let before = self.state.search.clone();
        match seen {
            Seen::Device(family, claim) => self.sighted(family, claim),
            Seen::Looking(on) => self.state.search.on = on.into_iter().map(Arc::from).collect(),
            Seen::Trouble(why) => {
                let known = &self.state.search.troubles;
                if !known.iter().any(|known| **known == *why) {
                    self.state.search.troubles = known.iter().cloned().chain([why.into()]).collect();
                }
            }
            Seen::Swept(percent) => self.state.search.swept = percent,
            Seen::Asked => self.state.search.running = false,
        }
        self.changed.search |= before != self.state.search;
    }

    fn sighted(&mut self, family: &'static Family<LightDriver>, claim: Claim) {
        if self.is_itself(claim.identity.as_deref()) {
            return;
        }
        if let Some(known) = self.known_as(family.id, &claim).cloned() {
            let lost = matches!(known.reach, Reach::Unreachable { .. } | Reach::Refused { .. });
            if known.identity.is_none() {
                let identity = claim.identity.as_deref().map(Into::into);
                self.edit_connection(&known.id, |known| known.identity = identity);
            }
            if lost && *known.target.address != *claim.address {
                self.follow_device(&known.id, &claim.address, claim.options);
            } else if lost {
                self.nudge(&known.id);
            }
            return;
        }
        let key: Arc<str> = format!("{}:{}", family.id, claim.identity.as_deref().unwrap_or(&claim.address)).into();
        self.find(key, family.id, claim);
    }

    /// Tries a device now that was seen though it does not answer.
    fn nudge(&mut self, id: &ConnectionId) {
        let Some(line) = self.lines.get_mut(id) else { return };
        if line.linked && line.nudged.is_none_or(|at| self.now.at.since(at) >= NUDGE_PAUSE) {
            line.nudged = Some(self.now.at);
            self.out.deeds.push(Deed::Retry(id.clone()));
        }
    }

    fn find(&mut self, key: Arc<str>, family: &'static str, claim: Claim) {
        let Claim { identity, name, model, address, options } = claim;
        let options = options.into_iter().map(|(key, text)| (key.into(), text.into())).collect();
        let mut finding = Finding {
            name: checks::tidy(&name, &address),
            model: checks::tidy(&model, family),
            identity: identity.map(Into::into),
            target: Target { family: family.into(), address: address.into(), options },
            seen: self.now.wall,
            key: Arc::clone(&key),
        };
        match self.state.findings.get(&key) {
            Some(known) if self.now.wall.duration_since(known.seen).unsigned_abs() < SEEN_STEP => {
                finding.seen = known.seen;
            }
            None if self.state.findings.len() >= MAX_FINDINGS => return,
            _ => {}
        }
        let target = finding.target.clone();
        if self.state.findings.get(&key).is_none_or(|known| **known != finding) {
            self.state.findings.insert(Arc::clone(&key), Arc::new(finding));
            self.changed.findings.insert(key);
        }
        if self.demo
            && let Err(why) = self.connect(target, std::collections::BTreeMap::new())
        {
            tracing::warn!(why, "a simulated device is not connected");
        }
    }

    pub(super) fn drop_finding(&mut self, key: &Arc<str>) {
        if self.state.findings.remove(key).is_some() {
            self.changed.findings.insert(Arc::clone(key));
        }
    }

    /// Forgets what was not seen for long, and asks for what is out of reach.
    pub(super) fn look_after_findings(&mut self) {
        let now = self.now.wall;
        let old = |finding: &&Arc<Finding>| now.duration_since(finding.seen).unsigned_abs() >= FORGOTTEN;
        for key in self.state.findings.values().filter(old).map(|finding| Arc::clone(&finding.key)).collect::<Vec<_>>()
        {
            self.drop_finding(&key);
        }
        let missed = |known: &Arc<Connection>| {
            known.identity.is_some() && matches!(known.reach, Reach::Unreachable { .. } | Reach::Refused { .. })
        };
        let demo = self.demo && self.now.at.since(crate::units::moment::Moment::ZERO) < DEMO_LOOKS;
        let pause = self.ask_pause().min(if demo { ASK_DEMO } else { ASK_AGAIN });
        let due = self.asked.is_none_or(|asked| self.now.at.since(asked) >= pause);
        if due && (demo || self.state.connections.values().any(missed)) {
            self.asked = Some(self.now.at);
            self.out.deeds.push(Deed::Ask);
        }
    }

    /// How often everybody is asked: the more seldom, the longer ago a device was lost.
    pub(super) fn ask_pause(&self) -> Duration {
        self.lost.map_or(ASK_AGAIN, |lost| (self.now.at.since(lost) / AWAY_SHARE).clamp(ASK_SOON, ASK_AGAIN))
    }

    /// The connection to a device that was seen: by its identity, or, where none is known, by its address.
    fn known_as(&self, family: &str, claim: &Claim) -> Option<&Arc<Connection>> {
        let by_identity = claim.identity.as_deref().and_then(|identity| self.with_identity(family, identity));
        by_identity.or_else(|| {
            let host = |address: &str| address.trim_end_matches('/').to_ascii_lowercase();
            self.state.connections.values().find(|known| {
                let nobody = known.identity.is_none() || claim.identity.is_none();
                nobody && *known.target.family == *family && host(&known.target.address) == host(&claim.address)
            })
        })
    }
}
