//! What links share: sockets, clients, connections to brokers, the clock, and how long their sending takes.

use std::sync::Arc;

use crate::io::channels::Pool;
use crate::io::clock::Clock;
use crate::port::meter::Histogram;
use crate::port::slots::Slots;

/// What links share. Clones share it too.
#[derive(Clone, Debug, Default)]
pub struct Net {
    pub(super) pool: Arc<Pool>,
    pub(super) clock: Clock,
    slots: Arc<Slots>,
    /// From a wish handed over to its bytes handed on, of the family that this clone is for.
    pub(super) sending: Option<Arc<Histogram>>,
}

impl Net {
    /// What links share that tell time by `clock`: their moments are its moments. How long they take is measured in
    /// `slots`.
    #[must_use]
    pub fn new(clock: Clock, slots: Arc<Slots>) -> Self {
        Self { pool: Arc::default(), clock, slots, sending: None }
    }

    /// The same for links of a family, by its id: their sending is measured under its name.
    #[must_use]
    pub fn of(&self, family: &'static str) -> Self {
        Self { sending: Some(self.slots.light_sends.of(family)), ..self.clone() }
    }
}
