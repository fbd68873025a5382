//! Flags of `hearthlight lights`.

use std::num::NonZeroU32;

use clap::{Args, Subcommand};

use crate::model::lights::state::{Change, Color};
use crate::units::color::{Mirek, Srgb8};

/// What to do with lights of the running instance.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct Lights {
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What can be done.
#[derive(Subcommand, Clone, Debug, PartialEq)]
pub enum Verb {
    /// List all lights: where they are, what they show, whether they answer.
    List,
    /// Change lights and rooms.
    Set(Set),
    /// List scenes, or show one.
    Scene {
        /// A scene's name or id; without it they are listed.
        #[arg(value_name = "SCENE")]
        scene: Option<String>,
    },
    /// List rooms and zones.
    Rooms,
    /// Look for devices that are not connected yet.
    Search {
        /// For so many seconds.
        #[arg(long, value_name = "S", default_value = "5")]
        seconds: NonZeroU32,
        /// Ask each address of this network, such as 192.168.1.0/24; may be given again, and `own` stands for the
        /// networks of this machine.
        #[arg(long, value_name = "NETWORK")]
        sweep: Vec<String>,
    },
    /// Connect a device that was found, or one at an address.
    Connect(Connect),
    /// Let a light make itself known.
    Identify {
        /// A light's name or id.
        #[arg(value_name = "LIGHT")]
        light: String,
    },
    /// List the families of lights: what they need, and what of them is tested.
    Families,
}

/// What to change, and of which lights.
#[derive(Args, Clone, Debug, PartialEq)]
#[group(skip)]
pub struct Set {
    /// Names or ids of lights, rooms and zones; `all` for all lights.
    #[arg(value_name = "LIGHT|ROOM", required = true)]
    pub which: Vec<String>,
    /// Switch on.
    #[arg(long, conflicts_with = "off")]
    pub on: bool,
    /// Switch off.
    #[arg(long)]
    pub off: bool,
    /// Brightness, 0 to 100.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub brightness: Option<f32>,
    /// Colour, such as #FF8800.
    #[arg(long, value_name = "RRGGBB", value_parser = color, conflicts_with_all = ["kelvin", "mirek"])]
    pub color: Option<Srgb8>,
    /// White, 1000 to 20000 K.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1000..=20_000), conflicts_with = "mirek")]
    pub kelvin: Option<u32>,
    /// White, 50 to 1000.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(50..=1000))]
    pub mirek: Option<u16>,
    /// An effect of its own, by name; "" ends it.
    #[arg(long, value_name = "NAME")]
    pub effect: Option<String>,
    /// How long the change takes, ms.
    #[arg(long, value_name = "MS")]
    pub transition: Option<u32>,
}

impl Set {
    /// The change that the flags say.
    #[must_use]
    pub fn change(&self) -> Change {
        let white = self.kelvin.map(|kelvin| Mirek::from_kelvin(kelvin as f32)).or(self.mirek.map(Mirek::new));
        let color = self.color.map(|color| Color::Xy(color.linear().xy())).or(white.map(Color::Mirek));
        Change {
            on: if self.on || self.off { Some(self.on) } else { None },
            brightness: self.brightness,
            color,
            effect: self.effect.as_deref().map(Into::into),
            transition_ms: self.transition,
        }
    }
}

/// What to connect.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Connect {
    /// What was found, by name, address or key.
    #[arg(value_name = "FOUND", required_unless_present = "family")]
    pub found: Option<String>,
    /// Its family, as `lights families` lists them.
    #[arg(long, value_name = "FAMILY", requires = "address", conflicts_with = "found")]
    pub family: Option<String>,
    /// Where it is.
    #[arg(long, value_name = "ADDRESS", requires = "family")]
    pub address: Option<String>,
    /// What else its family wants to know; may be given again.
    #[arg(long = "option", value_name = "KEY=VALUE", value_parser = pair)]
    pub options: Vec<(String, String)>,
    /// A secret that its family wants to know; it is read from standard input, one line for each.
    #[arg(long = "secret", value_name = "KEY")]
    pub secrets: Vec<String>,
}

fn percent(text: &str) -> Result<f32, String> {
    let number = text.trim_end_matches('%').trim().parse::<f32>().ok();
    let percent = number.filter(|percent| (0.0..=100.0).contains(percent));
    percent.map(|percent| percent / 100.0).ok_or_else(|| "write a percentage from 0 to 100".to_owned())
}

fn color(text: &str) -> Result<Srgb8, String> {
    Srgb8::from_hex(text).ok_or_else(|| "write red, green and blue in hex, such as #FF8800".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or("write KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
