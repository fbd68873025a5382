//! The body of a write: an object whose members are taken one by one, in the order in which they were written.
//!
//! Invariant: a value gets out of here only with its type and range checked.

use std::ops::RangeInclusive;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::bridge::request;
use crate::bridge::v1::error::{Error, What};

/// Names of members that stand for other things than themselves are shorter than this.
const MAX_NAME: usize = 64;

/// Members of an object, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(pub Vec<(String, Value)>);

/// One member, with where the object is that it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The address of the object.
    pub at: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What is said.
    pub value: &'a Value,
}

impl Members {
    /// Reads the body of a request to `at`.
    ///
    /// # Errors
    /// If it is no JSON object, or an empty one.
    pub fn read(body: &[u8], at: &str) -> Result<Self, Error> {
        let right = request::json(body).is_some_and(|json| json.is_object());
        let members = right.then(|| serde_json::from_slice::<Self>(body).ok()).flatten();
        let members = members.ok_or_else(|| Error::new(at, What::BadJson))?;
        if members.0.is_empty() { Err(Error::new(at, What::MissingParameters)) } else { Ok(members) }
    }

    /// Those of an object inside; in the order of their names.
    #[must_use]
    pub fn of(object: &Map<String, Value>) -> Self {
        Self(object.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The value of a member; the last one of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A member that must be there.
    ///
    /// # Errors
    /// If it is not.
    pub fn need<'a>(&'a self, at: &'a str, name: &'a str) -> Result<Field<'a>, Error> {
        let value = self.get(name).ok_or_else(|| Error::new(at, What::MissingParameters))?;
        Ok(Field { at, name, value })
    }

    /// All of them, as members of the object at `at`.
    pub fn fields<'a>(&'a self, at: &'a str) -> impl Iterator<Item = Field<'a>> {
        self.0.iter().map(move |(name, value)| Field { at, name, value })
    }
}

impl<'a> Field<'a> {
    /// Its own address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}/{}", self.at, self.name.chars().take(MAX_NAME).collect::<String>())
    }

    fn error(&self, what: fn(String) -> What) -> Error {
        Error::new(self.address(), what(self.name.chars().take(MAX_NAME).collect()))
    }

    /// Its value cannot be.
    #[must_use]
    pub fn invalid(&self) -> Error {
        Error::invalid(self.address(), self.name, self.value)
    }

    /// Nothing is called so.
    #[must_use]
    pub fn unknown(&self) -> Error {
        self.error(What::Unknown)
    }

    /// It can be read only.
    #[must_use]
    pub fn read_only(&self) -> Error {
        self.error(What::ReadOnly)
    }

    /// The light is off.
    #[must_use]
    pub fn off(&self) -> Error {
        self.error(What::Off)
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// If it is neither.
    pub fn flag(&self) -> Result<bool, Error> {
        self.value.as_bool().ok_or_else(|| self.invalid())
    }

    /// A whole number in a range.
    ///
    /// # Errors
    /// If it is none.
    pub fn whole<T: TryFrom<i64>>(&self, range: RangeInclusive<i64>) -> Result<T, Error> {
        let number = self.value.as_i64().filter(|number| range.contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| self.invalid())
    }

    /// A text of so many characters, on one line.
    ///
    /// # Errors
    /// If it is none.
    pub fn text(&self, length: RangeInclusive<usize>) -> Result<&'a str, Error> {
        let right = |text: &&str| length.contains(&text.chars().count()) && !text.chars().any(char::is_control);
        self.value.as_str().filter(right).ok_or_else(|| self.invalid())
    }

    /// What people call something: 1 to 32 characters that can be seen.
    ///
    /// # Errors
    /// If it is nothing of that kind.
    pub fn name(&self) -> Result<&'a str, Error> {
        self.text(1..=32).ok().filter(|name| !name.trim().is_empty()).ok_or_else(|| self.invalid())
    }

    /// One of these words.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn word(&self, words: &[&'static str]) -> Result<&'static str, Error> {
        let known = |text: &str| words.iter().find(|word| **word == text).copied();
        self.value.as_str().and_then(known).ok_or_else(|| self.invalid())
    }

    /// `enabled` or `disabled`.
    ///
    /// # Errors
    /// If it is neither.
    pub fn enabled(&self) -> Result<bool, Error> {
        self.word(&["enabled", "disabled"]).map(|word| word == "enabled")
    }

    /// A list.
    ///
    /// # Errors
    /// If it is none.
    pub fn list(&self) -> Result<&'a [Value], Error> {
        self.value.as_array().map(Vec::as_slice).ok_or_else(|| self.invalid())
    }

    /// An object.
    ///
    /// # Errors
    /// If it is none.
    pub fn object(&self) -> Result<&'a Map<String, Value>, Error> {
        self.value.as_object().ok_or_else(|| self.invalid())
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
