//! How many connections there may be, in all and from one address. This machine may hold them all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

/// Connections in all.
pub const MAX_CONNECTIONS: usize = 512;
/// Connections from one address.
pub const MAX_PER_ADDRESS: usize = 64;

/// Who is here.
#[derive(Clone, Debug, Default)]
pub struct Room(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place for one connection; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    room: Room,
    address: IpAddr,
}

impl Room {
    /// A place for a connection from there, if there is one.
    #[must_use]
    pub fn place(&self, from: IpAddr) -> Option<Place> {
        let address = from.to_canonical();
        let mut here = self.0.lock();
        let (all, own) = (here.values().sum::<usize>(), here.get(&address).copied().unwrap_or(0));
        let most = if address.is_loopback() { MAX_CONNECTIONS } else { MAX_PER_ADDRESS };
        if all >= MAX_CONNECTIONS || own >= most {
            return None;
        }
        here.insert(address, own + 1);
        Some(Place { room: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut here = self.room.0.lock();
        if let Some(own) = here.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                here.remove(&self.address);
            }
        }
    }
}
