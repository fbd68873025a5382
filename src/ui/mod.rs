//! The window: a face that draws what the port tells it and sends what a person asks for.
//!
//! Invariant: nothing in here waits, reads a file or opens a socket; panels read a snapshot and push commands into an
//! [`outbox::Outbox`], nothing else.
//! Invariant: colours, sizes and durations are written in [`theme`] and nowhere else.
//! Invariant: when nothing changes nothing is repainted.
//!
//! To add one: a page is a file in [`panels`] and one line in [`panels::PAGES`]; a control is a file in [`widgets`].

pub mod actions;
pub mod alarm_words;
pub mod app;
pub mod asking;
pub mod bookmarks;
pub mod choices;
pub mod desk;
pub mod find;
pub mod icons;
pub mod light_words;
pub mod now;
pub mod outbox;
pub mod outline;
pub mod paint;
pub mod panels;
pub mod past;
pub mod pictures;
pub mod plan_words;
pub mod pulse;
pub mod reasons;
pub mod scene;
pub mod shell;
pub mod standing;
pub mod style;
pub mod theme;
pub mod trails;
pub mod trend;
pub mod undo;
pub mod views;
pub mod widgets;
pub mod words;
