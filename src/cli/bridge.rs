//! Flags of `hearthlight bridge`.

use clap::{Args, Subcommand};

/// What to do with the Hue bridge of the running instance.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What can be done.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Press the button: for 30 seconds apps that ask are given a key.
    Press,
    /// Show who the bridge is, where it answers, and whether apps are given keys.
    Status,
    /// List the apps that hold a key.
    Apps,
    /// Take the key of an app back.
    Revoke {
        /// The app's id, or its name if only one app has it.
        #[arg(value_name = "APP")]
        app: String,
    },
}
