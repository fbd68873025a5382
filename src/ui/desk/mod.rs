//! The desk: how the window is arranged, saved by name and picked again, and the windows beside it.
//!
//! A [`layout::Layout`] is what is saved. [`arrange`] reads it off the window and puts it on; [`picker`] is the menu in
//! the top bar; [`left`] keeps how the window was left; [`apart`] are pictures in windows of their own.
//!
//! Invariant: putting a layout on loses nothing that was typed.

pub mod apart;
pub mod arrange;
pub mod built_in;
pub mod layout;
pub mod left;
pub mod menu;
pub mod naming;
pub mod picker;
pub mod place;
pub mod small;
pub mod state;

use crate::model::layouts::{LEFT, Layouts};
use crate::ui::desk::layout::Layout;

/// The names of all layouts: those that come with the program, then the saved ones by name.
#[must_use]
pub fn names(saved: &Layouts) -> Vec<String> {
    let own = built_in::ALL.iter().map(|(name, _)| (*name).to_owned());
    own.chain(saved_names(saved)).collect()
}

/// The names of the saved layouts.
pub fn saved_names(saved: &Layouts) -> impl Iterator<Item = String> {
    saved.saved.keys().filter(|name| &***name != LEFT && built_in::of(name).is_none()).map(ToString::to_string)
}

/// The layout of a name.
///
/// # Errors
/// Why there is none, for a person.
pub fn layout(saved: &Layouts, name: &str) -> Result<Layout, String> {
    if let Some(layout) = built_in::of(name) {
        return Ok(layout);
    }
    let body = saved.saved.get(name).ok_or_else(|| format!("There is no layout {name}."))?;
    Layout::read(body).map_err(|why| format!("The layout {name} cannot be read: {why}."))
}
