//! Kinds of values: how each is read from a file or a flag, and how it is written for a person.
//!
//! Invariant: what a kind shows, it reads back as the same value. It reads nothing that is out of its range.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;

use ipnet::IpNet;

use crate::settings::current::Listen;

/// A value as written: in a file any of these, behind `--set` a [`Raw::Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// A text, a number or a word.
    Text(String),
    /// A list: `["a", "b"]`. As text: `a, b`.
    List(Vec<String>),
    /// A table: `{"a": "b"}`. As text: `a=b`, with `,` between the pairs.
    Pairs(Vec<(String, String)>),
}

impl Raw {
    /// Its text, if it is one.
    fn text(&self) -> Result<&str, String> {
        match self {
            Self::Text(text) => Ok(text.trim()),
            Self::List(_) => Err("is a list".to_owned()),
            Self::Pairs(_) => Err("is a table".to_owned()),
        }
    }

    fn list(&self) -> Result<Vec<String>, String> {
        match self {
            Self::Text(text) => Ok(split(text)),
            Self::List(items) => Ok(items.clone()),
            Self::Pairs(_) => Err("is a table".to_owned()),
        }
    }

    fn pairs(&self) -> Result<Vec<(String, String)>, String> {
        let pair = |item: String| match item.split_once('=') {
            Some((key, value)) => Ok((key.trim().to_owned(), value.trim().to_owned())),
            None => Err(format!("has no = in {item:?}")),
        };
        match self {
            Self::Text(text) => split(text).into_iter().map(pair).collect(),
            Self::List(items) if items.is_empty() => Ok(Vec::new()),
            Self::List(_) => Err("is a list".to_owned()),
            Self::Pairs(pairs) => Ok(pairs.clone()),
        }
    }
}

/// The items between commas, without blanks around them; none in an empty text.
fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// How one kind of value is read and shown.
pub trait Kind {
    /// The typed value.
    type Value;

    /// Reads a value. The error completes the sentence "the value ..." and says what is wrong.
    ///
    /// # Errors
    /// If the value is not of this kind, or out of range.
    fn read(&self, raw: &Raw) -> Result<Self::Value, String>;

    /// The value as text, in the form of `--set`.
    fn show(&self, value: &Self::Value) -> String;

    /// What would be right, as the end of the sentence "it takes ...".
    fn right(&self) -> String;
}

/// `ADDR:PORT`, or `off`.
pub struct Address;

impl Kind for Address {
    type Value = Listen;

    fn read(&self, raw: &Raw) -> Result<Listen, String> {
        let text = raw.text()?;
        if text == "off" {
            return Ok(Listen::Off);
        }
        text.parse::<SocketAddr>().map(Listen::At).map_err(|_| format!("{text:?} is not an address with a port"))
    }

    fn show(&self, value: &Listen) -> String {
        value.to_string()
    }

    fn right(&self) -> String {
        "ADDR:PORT, such as \"127.0.0.1:9001\" or \"[::1]:9001\", or \"off\"".to_owned()
    }
}

/// A number within a range.
pub struct Number<T>(pub RangeInclusive<T>);

impl<T: FromStr + PartialOrd + Display> Kind for Number<T> {
    type Value = T;

    fn read(&self, raw: &Raw) -> Result<T, String> {
        let text = raw.text()?;
        let number = text.replace('_', "").parse::<T>().map_err(|_| format!("{text:?} is not such a number"))?;
        if self.0.contains(&number) { Ok(number) } else { Err(format!("{text} is out of range")) }
    }

    fn show(&self, value: &T) -> String {
        value.to_string()
    }

    fn right(&self) -> String {
        format!("a number from {} to {}", self.0.start(), self.0.end())
    }
}

/// Yes or no.
pub struct Switch;

impl Kind for Switch {
    type Value = bool;

    fn read(&self, raw: &Raw) -> Result<bool, String> {
        let text = raw.text()?;
        text.parse().map_err(|_| format!("{text:?} is neither true nor false"))
    }

    fn show(&self, value: &bool) -> String {
        value.to_string()
    }

    fn right(&self) -> String {
        "true or false".to_owned()
    }
}

/// One word of a table.
pub struct Words<T: 'static>(pub &'static [(&'static str, T)]);

impl<T: Copy + PartialEq> Kind for Words<T> {
    type Value = T;

    fn read(&self, raw: &Raw) -> Result<T, String> {
        let text = raw.text()?;
        let found = self.0.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| format!("{text:?} is not one of its words"))
    }

    fn show(&self, value: &T) -> String {
        self.0.iter().find(|(_, known)| known == value).map_or_else(String::new, |(word, _)| (*word).to_owned())
    }

    fn right(&self) -> String {
        let words: Vec<_> = self.0.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        format!("one of {}", words.join(", "))
    }
}

/// A line of text of at most so many characters; may be empty.
pub struct Line(pub usize);

impl Kind for Line {
    type Value = String;

    fn read(&self, raw: &Raw) -> Result<String, String> {
        let text = raw.text()?;
        if text.chars().count() > self.0 {
            return Err("is too long".to_owned());
        }
        if text.chars().any(char::is_control) {
            return Err("holds a control character".to_owned());
        }
        Ok(text.to_owned())
    }

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    fn right(&self) -> String {
        format!("a text of at most {} characters in one line", self.0)
    }
}

/// A folder by its whole path; may be empty.
pub struct Folder;

impl Kind for Folder {
    type Value = String;

    fn read(&self, raw: &Raw) -> Result<String, String> {
        const LONGEST: usize = 4096;
        let text = Line(LONGEST).read(raw)?;
        if text.is_empty() || Path::new(&text).is_absolute() {
            return Ok(text);
        }
        Err(format!("{text:?} is not a whole path"))
    }

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    fn right(&self) -> String {
        "a whole path such as \"/home/ann/reports\", or \"\" for the usual folder".to_owned()
    }
}

/// A text of a certain form.
pub struct Form {
    /// Whether a text has it.
    pub holds: fn(&str) -> bool,
    /// What it is, for a person.
    pub what: &'static str,
    /// An example.
    pub example: &'static str,
}

impl Kind for Form {
    type Value = String;

    fn read(&self, raw: &Raw) -> Result<String, String> {
        let text = raw.text()?;
        if (self.holds)(text) { Ok(text.to_owned()) } else { Err(format!("{text:?} is not {}", self.what)) }
    }

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    fn right(&self) -> String {
        format!("{}, such as \"{}\"", self.what, self.example)
    }
}

/// A list of networks, `10.0.0.0/8`, or single addresses.
pub struct Networks;

impl Kind for Networks {
    type Value = Vec<IpNet>;

    fn read(&self, raw: &Raw) -> Result<Vec<IpNet>, String> {
        let network = |item: String| {
            let single = || item.parse::<IpAddr>().map(IpNet::from);
            item.parse::<IpNet>().or_else(|_| single()).map_err(|_| format!("{item:?} is not a network"))
        };
        raw.list()?.into_iter().map(network).collect()
    }

    fn show(&self, value: &Vec<IpNet>) -> String {
        let items: Vec<_> = value.iter().map(ToString::to_string).collect();
        items.join(", ")
    }

    fn right(&self) -> String {
        "a list of networks or addresses, such as [\"10.0.0.0/8\", \"192.168.1.20\"]".to_owned()
    }
}

/// A table from something to names of places. Names have 1..=64 characters; neither side holds `,` or `=`.
pub struct Places<K> {
    /// Reads the left side, if it is right.
    pub key: fn(&str) -> Option<K>,
    /// What the left side is, for a person.
    pub of: &'static str,
    /// An example of the left side.
    pub example: &'static str,
}

impl<K: Ord + Display> Kind for Places<K> {
    type Value = BTreeMap<K, String>;

    fn read(&self, raw: &Raw) -> Result<Self::Value, String> {
        let mut places = BTreeMap::new();
        for (left, place) in raw.pairs()? {
            let key = (self.key)(&left).ok_or_else(|| format!("{left:?} is not {}", self.of))?;
            let place = name(&place).ok_or_else(|| format!("{place:?} is not a name of a place"))?;
            if places.insert(key, place).is_some() {
                return Err(format!("{left:?} stands twice"));
            }
        }
        Ok(places)
    }

    fn show(&self, value: &Self::Value) -> String {
        let items: Vec<_> = value.iter().map(|(key, place)| format!("{key}={place}")).collect();
        items.join(", ")
    }

    fn right(&self) -> String {
        let Self { of, example, .. } = self;
        format!(
            "a table from {of} to a place of 1 to 64 characters without , or =, such as {{\"{example}\": \"hall\"}}"
        )
    }
}

/// A name of 1..=64 characters without `,`, `=` and control characters.
#[must_use]
pub fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let clean = !text.chars().any(|c| c.is_control() || c == ',' || c == '=');
    ((1..=64).contains(&text.chars().count()) && clean).then(|| text.to_owned())
}
