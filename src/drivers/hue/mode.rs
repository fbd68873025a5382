//! Which version of the API is spoken, and how it says what both versions can.

use crate::model::lights::capabilities::PowerOn;
use crate::wire::hue_clip::{State, v1, v2};

/// Which version of the API is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    V1,
    V2,
}

impl Mode {
    /// The path of what both versions have; `v1` below the key, `v2` with its slash.
    pub(super) fn path(self, key: Option<&str>, v1: &str, v2: &str) -> String {
        match self {
            Self::V1 => format!("/api/{}/{v1}", key.unwrap_or("0")),
            Self::V2 => format!("/clip/v2/resource{v2}"),
        }
    }

    /// Appends how a light or a group shall be.
    pub(super) fn encode_state(self, asked: &State, bytes: &mut Vec<u8>) {
        match self {
            Self::V1 => v1::encode_state(asked, bytes),
            Self::V2 => v2::encode_state(asked, bytes),
        }
    }

    /// Appends that a light shall make itself known.
    pub(super) fn encode_identify(self, bytes: &mut Vec<u8>) {
        match self {
            Self::V1 => v1::encode_identify(bytes),
            Self::V2 => v2::encode_identify(bytes),
        }
    }

    /// Appends what a light shall do when its power comes back. The first version knows no "off": it comes back on.
    pub(super) fn encode_power_on(self, power_on: PowerOn, bytes: &mut Vec<u8>) {
        let on = match power_on {
            PowerOn::Off => Some(false),
            PowerOn::On => Some(true),
            PowerOn::Previous => None,
        };
        match self {
            Self::V1 => v1::encode_startup(on.is_none(), bytes),
            Self::V2 => v2::encode_powerup(on, bytes),
        }
    }
}
