//! The order of rows: a new one waits until the pointer leaves the list, some seconds at most.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::model::sensors::{Device, DeviceId};
use crate::units::moment::Moment;

/// How long a new order waits at most.
const HOLD: Duration = Duration::from_secs(3);

/// The order of rows as it was shown last.
#[derive(Debug, Default)]
pub struct Order {
    ids: Vec<DeviceId>,
    wanted_since: Option<Moment>,
    /// Whether the pointer is over the list.
    pub held: bool,
}

impl Order {
    /// Puts `devices`, which come in the wanted order, into the order to be shown.
    pub fn settle(&mut self, mut devices: Vec<Arc<Device>>, now: Moment) -> Vec<Arc<Device>> {
        let wanted: Vec<_> = devices.iter().map(|device| device.id.clone()).collect();
        if wanted == self.ids {
            self.wanted_since = None;
            return devices;
        }
        let since = *self.wanted_since.get_or_insert(now);
        if !self.held || now.since(since) >= HOLD || wanted.len() != self.ids.len() {
            (self.ids, self.wanted_since) = (wanted, None);
            return devices;
        }
        let places: BTreeMap<_, _> = self.ids.iter().zip(0_usize..).collect();
        devices.sort_by_key(|device| places.get(&device.id).copied().unwrap_or(usize::MAX));
        devices
    }
}
