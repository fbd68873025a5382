//! What stands around every page: rail, top bar, bottom bar, and the few panels that come and go.
//!
//! Invariant: nothing in here covers an alarm: panels push the page, they do not lie on it. The page of keys is the
//! exception: it comes and goes by `?` and Esc. Palette, toasts and jobs lie over the page only.
//!
//! To add one: a file with a `show`, called in [`crate::ui::app`].

pub mod alarm_bar;
pub mod bar;
pub mod border;
pub mod closing;
pub mod deeds;
pub mod first_run;
pub mod jobs;
pub mod keys;
pub mod keys_page;
pub mod master;
pub mod palette;
pub mod parts;
pub mod rail;
pub mod registry;
pub mod splitter;
pub mod stopped;
pub mod toasts;
pub mod top;
pub mod whole;
