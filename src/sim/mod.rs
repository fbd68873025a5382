//! Simulated devices that speak the real protocols, the demo fleet, replay of recordings, and load.
//!
//! ```text
//!  scene ─▶ array ─▶ device ─┐
//!                    board  ─┼─▶ link ─▶ sensor server ◀─ replay, load          floor: a bare reader to compare with
//!        demo: nine arrays, ─┘
//!        three boards
//! ```
//!
//! Invariant: devices are state machines with a hand-turned clock; only `link`, `replay`, `floor` and the
//! parts of `load` (`senders`, `meter`, `probe`) wait.
//! Invariant: nothing here is reachable but through `--demo` and the subcommands `sim`, `replay` and `load`.
//!
//! To add one: a file with a state machine that implements [`link::Machine`], and a line in [`demo`].

pub mod array;
pub mod canvas;
pub mod demo;
pub mod device;
pub mod faults;
pub mod floor;
pub mod gas;
pub mod lights;
pub mod line;
pub mod link;
pub mod load;
pub mod meter;
pub mod orders;
pub mod packets;
pub mod plan;
pub mod probe;
pub mod replay;
pub mod scene;
pub mod scrape;
pub mod senders;
pub mod summary;
pub mod thermal;
