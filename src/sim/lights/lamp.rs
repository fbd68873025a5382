//! What simulated lights have in common: how they are, how they fade, and their troubles.

use std::time::Duration;

/// Troubles of a simulated light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LampFaults {
    /// Each answer comes this late.
    pub late: Option<Duration>,
    /// Connections are taken and nothing is ever answered.
    pub mute: bool,
    /// One of so many datagrams is lost.
    pub loses: Option<u32>,
}
