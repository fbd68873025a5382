//! How a node is talked to: one question at a time over HTTP, messages over its WebSocket, and how long to wait.
//!
//! Invariant: of two requests the second goes out when the first was answered or given up.

use std::time::Duration;

use crate::drivers::Outputs;
use crate::drivers::pace::Patience;
use crate::units::moment::Moment;
use crate::wire::wled::patch;
use crate::wire::{Channel, Output};

/// A node that is busy is asked again after this.
const BUSY: Duration = Duration::from_millis(200);
/// On a WebSocket a node says what changed at most once in this time.
const PUSHES: Duration = Duration::from_secs(1);
/// A node that says nothing by itself is asked this often.
const POLL: Duration = Duration::from_secs(10);
/// One that pushes is asked this often whether it is still there.
const PROBE: Duration = Duration::from_secs(15);
/// The first answer is waited for so long: less than a link takes to believe that the node is there.
const FIRST: Duration = Duration::from_millis(1900);
/// So many answers missing in a row is lost; after a new beginning, one.
const MAX_LATE: u32 = 2;
/// What goes through a WebSocket in one piece, bytes: more to an ESP32 than to an ESP8266.
const WS_BYTES: [usize; 2] = [1428, 528];

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// State and what it is.
    All,
    /// The names of its effects.
    Effects,
    /// To change.
    Change,
}

#[derive(Clone, Copy, Debug)]
struct Question {
    what: Asked,
    at: Moment,
    request: u32,
}

/// The conversation with one node.
#[derive(Debug)]
pub(super) struct Talk {
    has_ws: bool,
    is_small: bool,
    question: Option<Question>,
    /// When the oldest message on the WebSocket went out that nothing came after.
    probed: Option<Moment>,
    n_requests: u32,
    not_before: Moment,
    heard: Option<Moment>,
    patience: Patience,
    n_late: u32,
    n_busy: u64,
}

impl Default for Talk {
    fn default() -> Self {
        Self {
            has_ws: false,
            is_small: false,
            question: None,
            probed: None,
            n_requests: 0,
            not_before: Moment::ZERO,
            heard: None,
            patience: Patience::new(Duration::from_millis(1000)..=Duration::from_secs(3)),
            n_late: 0,
            n_busy: 0,
        }
    }
}

/// What became late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// Nothing.
    No,
    /// An answer; ask again.
    Once,
    /// One too many.
    Lost,
}

impl Talk {
    /// The connection begins anew.
    pub(super) fn restart(&mut self) {
        (self.question, self.probed, self.heard, self.n_late) = (None, None, None, 0);
        self.not_before = Moment::ZERO;
    }

    /// The WebSocket opened or closed.
    pub(super) fn set_ws(&mut self, is_open: bool) {
        (self.has_ws, self.probed) = (is_open, None);
    }

    /// The node has little memory.
    pub(super) fn set_small(&mut self, is_small: bool) {
        self.is_small = is_small;
    }

    /// A message came over the WebSocket; how long it took, if it was waited for.
    pub(super) fn message(&mut self, now: Moment) -> Option<Duration> {
        (self.heard, self.n_late) = (Some(now), 0);
        self.probed.take().map(|at| now.since(at))
    }

    /// A response came: what it answers, and how long it took. `None` if nobody waits for it any more.
    pub(super) fn response(&mut self, now: Moment, request: u32) -> Option<(Asked, Duration)> {
        let question = self.question.filter(|question| question.request == request)?;
        self.question = None;
        (self.heard, self.n_late) = (Some(now), 0);
        let took = now.since(question.at);
        self.patience.took(took);
        Some((question.what, took))
    }

    /// It was busy: it is left in peace for a moment.
    pub(super) fn busy(&mut self, now: Moment) {
        self.not_before = now + BUSY;
        self.n_busy += 1;
    }

    /// What did not come in time.
    pub(super) fn late(&mut self, now: Moment) -> Late {
        let waits = self.deadlines();
        if waits.iter().flatten().all(|deadline| now < *deadline) {
            return Late::No;
        }
        (self.question, self.probed) = (None, None);
        self.n_late += 1;
        if self.n_late >= MAX_LATE || self.heard.is_none() { Late::Lost } else { Late::Once }
    }

    fn deadlines(&self) -> [Option<Moment>; 2] {
        let wait = if self.heard.is_none() { FIRST } else { self.patience.wait() };
        [self.question.map(|question| question.at + wait), self.probed.map(|at| at + wait + PUSHES)]
    }

    /// Whether something may be asked over HTTP now.
    pub(super) fn is_free(&self, now: Moment) -> bool {
        self.question.is_none() && now >= self.not_before
    }

    /// When a change may be told; `None` if an answer comes first.
    pub(super) fn takes_change_at(&self) -> Option<Moment> {
        (self.question.is_none() || self.has_ws).then_some(self.not_before)
    }

    /// Whether it is time to ask how it is.
    pub(super) fn is_due(&self, now: Moment) -> bool {
        self.is_free(now) && self.probed.is_none() && self.due_at().is_none_or(|due| now >= due)
    }

    fn due_at(&self) -> Option<Moment> {
        self.heard.map(|heard| heard + if self.has_ws { PROBE } else { POLL })
    }

    /// Asks how it is.
    pub(super) fn ask_all<R>(&mut self, now: Moment, out: &mut Outputs<R>) {
        if self.has_ws && self.heard.is_some() {
            self.probed = Some(now);
            out.send(Channel::Ws, Output::Message, |bytes| bytes.extend_from_slice(patch::ASK));
        } else {
            self.request(now, Asked::All, "GET", "/json/si", &[], out);
        }
    }

    /// Asks for the names of its effects.
    pub(super) fn ask_effects<R>(&mut self, now: Moment, out: &mut Outputs<R>) {
        self.request(now, Asked::Effects, "GET", "/json/eff", &[], out);
    }

    /// Tells a change, over the WebSocket if it is open and the change fits.
    pub(super) fn change<R>(&mut self, now: Moment, patch: &patch::Patch, out: &mut Outputs<R>) {
        let mut body = Vec::with_capacity(256);
        patch::encode(patch, false, &mut body);
        if self.has_ws && body.len() <= WS_BYTES[usize::from(self.is_small)] {
            self.probed.get_or_insert(now);
            out.send(Channel::Ws, Output::Message, |bytes| bytes.extend_from_slice(&body));
        } else {
            body.clear();
            patch::encode(patch, true, &mut body);
            self.request(now, Asked::Change, "POST", "/json/state", &body, out);
        }
    }

    fn request<R>(
        &mut self,
        now: Moment,
        what: Asked,
        method: &'static str,
        path: &str,
        body: &[u8],
        out: &mut Outputs<R>,
    ) {
        self.n_requests = self.n_requests.wrapping_add(1);
        let request = self.n_requests;
        self.question = Some(Question { what, at: now, request });
        let output = Output::Request { request, method, path: path.to_owned() };
        out.send(Channel::Http, output, |bytes| bytes.extend_from_slice(body));
    }

    /// When something is due here.
    pub(super) fn wake_at(&self) -> Moment {
        let is_asking = self.question.is_some() || self.probed.is_some();
        let due = (!is_asking).then(|| self.due_at().unwrap_or(self.not_before).max(self.not_before));
        self.deadlines().into_iter().flatten().chain(due).min().unwrap_or(Moment(u64::MAX))
    }

    /// What helps to find a fault.
    pub(super) fn diagnostics(&self) -> [(&'static str, String); 4] {
        let way = if self.has_ws { "WebSocket" } else { "HTTP" };
        [
            ("told by", way.to_owned()),
            ("requests", self.n_requests.to_string()),
            ("busy answers", self.n_busy.to_string()),
            ("answers waited for", format!("{:?}", self.patience.wait())),
        ]
    }
}
