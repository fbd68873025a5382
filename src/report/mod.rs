//! Reports: what charts and tables are made of, as plain data.
//!
//! ```text
//!  journal entries ─▶ episodes ─▶ lists, shaded spans        readings over time ─▶ chart ─▶ a plot
//!  rules ─▶ limits ─▶ dashed lines                           journal entries ─▶ journal ─▶ CSV, JSON
//! ```
//!
//! Invariant: pure. No clock, no file, no colour, no screen; the same data always give the same report.
//!
//! To add one: a file that turns data into what a page or a file shows, and a `pub mod` line here.

pub mod chart;
pub mod episodes;
pub mod journal;
pub mod limits;
