//! The pictures of a device one after the other, for exports.
//!
//! Invariant: one block at a time is in memory.

use std::sync::Arc;

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::store::recordings::block::Block;
use crate::store::recordings::shared::Shared;

/// Pictures in order of time; see [`Recordings::frames`].
#[derive(Debug)]
pub struct Frames {
    pub(super) shared: Arc<Shared>,
    pub(super) device: DeviceId,
    pub(super) last_us: i64,
    pub(super) to_us: i64,
    pub(super) block: Option<(Block, usize)>,
}

impl Iterator for Frames {
    type Item = ThermalFrame;

    fn next(&mut self) -> Option<ThermalFrame> {
        loop {
            let (mut block, n) = match self.block.take() {
                Some(open) => open,
                None => {
                    let ceiling_us = self.to_us.saturating_add(1);
                    let found = self.shared.oldest(&self.device, self.last_us, ceiling_us)?;
                    (found.block, found.n)
                }
            };
            let Some(us) = block.heads().get(n).map(|head| head.us) else { continue };
            if us > self.to_us {
                return None;
            }
            self.last_us = us;
            let frame = block.frame(n);
            self.block = Some((block, n + 1));
            if let Ok(frame) = frame {
                return Some(frame);
            }
        }
    }
}
