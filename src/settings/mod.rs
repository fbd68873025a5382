//! What can be set: typed values, one table of keys, and the layers the values come from.
//!
//! ```text
//!  built in  <  settings.window.ron  <  settings.ron  <  --set KEY=VALUE
//!               (ours, rewritten)       (the operator's, only ever read)
//! ```
//!
//! Invariant: a [`current::Settings`] that came out of [`layers::load`] is valid in every key.
//! Invariant: `settings.ron` is never written by us.
//!
//! To add one: a field with its default in [`current`], and one line in [`keys::KEYS`].

pub mod current;
mod entry;
pub mod file;
pub mod import;
pub mod keys;
pub mod kinds;
pub mod layers;
pub mod nearest;
pub mod paths;
pub mod window;
mod window_file;
