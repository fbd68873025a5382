//! Tables of history. What lies in the blobs is told by [`codec`](crate::store::history::codec),
//! [`cells`](crate::store::history::cells) and [`tail`](crate::store::history::tail).
//!
//! Invariant: a released step never changes.

/// The step that makes them.
pub const TABLES: &str = "CREATE TABLE channel (
         id INTEGER PRIMARY KEY,
         device TEXT NOT NULL,
         key TEXT NOT NULL,
         UNIQUE (device, key)
     ) STRICT;
     CREATE TABLE block (
         channel INTEGER NOT NULL,
         resolution INTEGER NOT NULL,
         start INTEGER NOT NULL,
         n INTEGER NOT NULL,
         data BLOB NOT NULL,
         PRIMARY KEY (resolution, channel, start)
     ) STRICT;
     CREATE TABLE tail (
         seq INTEGER PRIMARY KEY,
         data BLOB NOT NULL
     ) STRICT;";
