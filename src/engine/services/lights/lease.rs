//! Leases: who may stream to a light. Frames go from their slot to the link and pass nobody on their way.
//!
//! ```text
//!  player, streams ──grant(kind, key, lights)──▶ lights service        a Lease for each light
//!  player, streams ──put(frame)──▶ slot ──▶ link, for as long as the lease is the current one of its light
//! ```
//!
//! Invariant: a link reads one slot of a light at most: that of the highest layer that streams, unless something above it
//! masks the light. A lease that is covered takes frames and shows none; when it is uncovered they are seen again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};

use crate::engine::links::{FrameSlot, Handle};
use crate::model::frame::Frame;
use crate::model::lights::LightId;
use crate::model::lights::layers::{Attribute, Kind, Layer, Stack};

/// The right to stream to a light.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Which light.
    pub light: LightId,
    /// Pixels that its frames shall have.
    pub pixels: u16,
    /// Frames a second that it takes at most.
    pub frames_hz: f32,
    grant: Grant,
    link: Handle,
}

/// The service's half of a lease.
#[derive(Clone, Debug)]
pub struct Grant {
    pub(super) kind: Kind,
    pub(super) key: Arc<str>,
    pub(super) epoch: u64,
    /// The epoch that is the current one of the light; 0 if nobody streams to it.
    pub(super) current: Arc<AtomicU64>,
    pub(super) slot: FrameSlot,
    pub(super) n_put: Arc<AtomicU64>,
}

impl Grant {
    /// Whether its frames are the ones that are shown.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.current.load(Ordering::Acquire) == self.epoch
    }

    /// Puts a frame in, the newest wins. Hands back the one that nobody took, to be painted again.
    pub fn put(&self, frame: Arc<Frame>) -> Option<Arc<Frame>> {
        self.n_put.fetch_add(1, Ordering::Relaxed);
        self.slot.put(frame)
    }

    pub(super) fn is_of(&self, kind: Kind, key: &str) -> bool {
        self.kind == kind && *self.key == *key
    }
}

impl Lease {
    /// The lease of a grant, on the link that its light is behind.
    pub(super) fn new(light: LightId, pixels: u16, frames_hz: f32, grant: Grant, link: Handle) -> Self {
        Self { light, pixels, frames_hz, grant, link }
    }

    /// Whether its frames are the ones that are shown.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.grant.is_current()
    }

    /// Whether frames may go on: false once the light or its connection is gone. Ask for a new one then.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.grant.current.load(Ordering::Acquire) == ENDED
    }

    /// Puts a frame in without waking the link, the newest wins. Hands back the one that nobody took, to be painted again.
    pub fn put(&self, frame: Arc<Frame>) -> Option<Arc<Frame>> {
        self.grant.put(frame)
    }

    /// Wakes the link: once after the frames of a moment were put, for each connection once if possible.
    pub fn go(&self) {
        self.link.go();
    }
}

/// The epoch of a light that takes no frames any more.
pub(super) const ENDED: u64 = u64::MAX;

/// The grant whose frames are shown: the highest whose layer is there and uncovered.
pub(super) fn current<'a>(grants: &'a [Grant], stack: &Stack) -> Option<&'a Grant> {
    let covers = |layer: &Layer| Attribute::ALL.into_iter().any(|attribute| layer.masks(attribute));
    for layer in stack.layers.iter().rev() {
        let streams = grants.iter().rev().find(|grant| grant.is_of(layer.kind, &layer.key));
        if layer.hold.is_none() && streams.is_some() {
            return streams;
        }
        if covers(layer) {
            return None;
        }
    }
    None
}

/// What streamers ask of the service.
#[derive(Debug)]
pub(super) enum Ask {
    Grant { kind: Kind, key: Arc<str>, lights: Vec<LightId>, leases: oneshot::Sender<Vec<Lease>> },
    End { kind: Kind, key: Arc<str> },
}

/// The streamers' end. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Leases(pub(super) mpsc::UnboundedSender<Ask>);

impl Leases {
    /// A lease for each of these lights that can be streamed to, for the layer of this kind and key. Frames are shown once
    /// that layer lies over the light.
    pub async fn grant(&self, kind: Kind, key: Arc<str>, lights: Vec<LightId>) -> Vec<Lease> {
        let (leases, granted) = oneshot::channel();
        if self.0.send(Ask::Grant { kind, key, lights, leases }).is_err() {
            return Vec::new();
        }
        granted.await.unwrap_or_default()
    }

    /// Ends all leases of the layer of this kind and key.
    pub fn end(&self, kind: Kind, key: Arc<str>) {
        // After the service has ended there is nothing to end.
        drop(self.0.send(Ask::End { kind, key }));
    }
}
