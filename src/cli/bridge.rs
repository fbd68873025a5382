//! Flags of `hearthlight bridge`.

use std::path::PathBuf;

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
    /// Take over diyHue's bridge with its keys, rooms and scenes: its apps go on without pairing.
    Import {
        /// The folder that diyHue keeps its configuration in: config.yaml, lights.yaml, cert.pem and so on.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Only tell what would be taken over, and what not.
        #[arg(long)]
        dry_run: bool,
    },
}
