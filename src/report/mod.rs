//! Reports: what charts, tables and files for people are made of.
//!
//! ```text
//!  journal entries ─▶ episodes ─▶ lists, shaded spans        readings over time ─▶ chart ─▶ a plot of the window
//!  rules ─▶ limits ─▶ dashed lines                           journal entries ─▶ journal ─▶ CSV, JSON
//!
//!  readings ─▶ spec ─▶ draw ─┐                    ┌─▶ PNG, SVG
//!  frame ─▶ heat, snapshot ──┴─▶ drawing ─plotters┴─▶ page ─▶ HTML ◀─ incident ◀─ entries of one alarm
//! ```
//!
//! Invariant: pure. No clock, no file, no screen; the same data always give the same report, on every system.
//! Invariant: a number of the journal is written by [`words`], here as in its entry.
//!
//! To add one: a file that turns data into what a page or a file shows, and a `pub mod` line here.

pub mod chart;
pub mod draw;
pub mod drawing;
pub mod episodes;
pub mod fonts;
pub mod heat;
pub mod history;
pub mod incident;
pub mod ink;
pub mod journal;
pub mod letters;
pub mod limits;
pub mod meters;
pub mod page;
pub mod snapshot;
pub mod spec;
pub mod words;
