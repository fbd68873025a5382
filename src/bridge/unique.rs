//! Addresses of things on the radio network that a real bridge would have.
//!
//! Invariant: two things of one bridge have different addresses, and a thing's never changes: it is a part of its root.

use crate::model::bridge::ids::Ids;

/// The address of a thing: `00:17:88:01:aa:bb:cc:dd`, the last four bytes from its root. Version 1 puts an endpoint
/// behind it: `-0b` for lights.
#[must_use]
pub fn address(ids: &Ids) -> String {
    let [a, b, c, d, ..] = ids.root.into_bytes();
    format!("00:17:88:01:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}
