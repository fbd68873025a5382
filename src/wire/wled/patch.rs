//! What a WLED node is told: a state with only what changes.
//!
//! Invariant: no patch is relayed to the nodes that a node is synchronised with (`nn`), so that nothing storms them.

use serde::{Serialize, Serializer};

/// A change of a node. What is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Patch {
    /// Whether it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// Its brightness, 1..=255.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bri: Option<u8>,
    /// How long this change takes, tenths of a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tt: Option<u16>,
    /// Its segments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seg: Vec<SegmentPatch>,
}

/// A change of a segment. What is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SegmentPatch {
    /// Which.
    pub id: u8,
    /// Whether it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// Whether it is frozen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frz: Option<bool>,
    /// Its effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fx: Option<u16>,
    /// The temperature of its white: 0..=255, the warmest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cct: Option<u8>,
    /// Its first colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub col: Option<[Rgbw; 1]>,
}

/// A colour: three numbers, or four where there is white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgbw(pub [u8; 4]);

impl Serialize for Rgbw {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let [r, g, b, w] = self.0;
        if w == 0 { [r, g, b].serialize(to) } else { [r, g, b, w].serialize(to) }
    }
}

impl Patch {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { on, bri, tt: _, seg } = self;
        on.is_none() && bri.is_none() && seg.is_empty()
    }
}

impl SegmentPatch {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { id: self.id, ..Self::default() }
    }
}

/// The question for everything a node says, on a WebSocket.
pub const ASK: &[u8] = br#"{"v":true}"#;

/// Appends a patch as JSON; with `echo` the node answers with its whole state.
pub fn encode(patch: &Patch, echo: bool, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Whole<'a> {
        #[serde(flatten)]
        patch: &'a Patch,
        udpn: Udpn,
        #[serde(skip_serializing_if = "Option::is_none")]
        v: Option<bool>,
    }
    #[derive(Serialize)]
    struct Udpn {
        nn: bool,
    }
    let start = out.len();
    let whole = Whole { patch, udpn: Udpn { nn: true }, v: echo.then_some(true) };
    if serde_json::to_writer(&mut *out, &whole).is_err() {
        out.truncate(start);
    }
}
