//! The fields of a JSON object, read with the path at hand that an error must name.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::settings::import::{File, ImportError, Spot};

/// An object and which of its keys were read.
pub(super) struct Fields<'a> {
    file: File<'a>,
    map: &'a Map<String, Value>,
    path: String,
    read: BTreeSet<&'static str>,
}

impl<'a> Fields<'a> {
    /// The fields of `value`, which stands at `path`; empty for the whole file.
    pub(super) fn of(file: File<'a>, value: &'a Value, path: &str) -> Result<Self, ImportError> {
        let map = value.as_object().ok_or_else(|| wrong(file, path, value, "an object in braces"))?;
        Ok(Self { file, map, path: path.to_owned(), read: BTreeSet::new() })
    }

    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key; `null` counts as missing.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        self.read.insert(key);
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Text; a whole number counts as its digits.
    pub(super) fn text(&mut self, key: &'static str) -> Result<String, ImportError> {
        self.get(key).map_or(Ok(String::new()), |value| text(self.file, &self.at(key), value))
    }

    /// A number within a range.
    pub(super) fn number(&mut self, key: &'static str, low: f64, high: f64) -> Result<Option<f64>, ImportError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let number = value.as_f64().ok_or_else(|| wrong(self.file, &self.at(key), value, "a number"))?;
        if (low..=high).contains(&number) {
            return Ok(Some(number));
        }
        let cure = format!("Write a number from {low} to {high}.");
        Err(self.file.wrong(Spot::Key(self.at(key)), format!("{number} is out of range"), cure))
    }

    /// The items of a list, each with its path.
    pub(super) fn list(&mut self, key: &'static str) -> Result<Vec<(String, &'a Value)>, ImportError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let path = self.at(key);
        let items = value.as_array().ok_or_else(|| wrong(self.file, &path, value, "a list in brackets"))?;
        Ok(items.iter().enumerate().map(|(n, item)| (format!("{path}[{n}]"), item)).collect())
    }

    /// Keys that nobody asked for.
    pub(super) fn unknown(&self) -> Vec<&'a str> {
        self.map.keys().map(String::as_str).filter(|key| !self.read.contains(key)).collect()
    }
}

/// Text, or the digits of a whole number.
pub(super) fn text(file: File<'_>, path: &str, value: &Value) -> Result<String, ImportError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(number.to_string()),
        _ => Err(wrong(file, path, value, "text in quotes")),
    }
}

/// A value of another kind than it must be.
pub(super) fn wrong(file: File<'_>, path: &str, value: &Value, wanted: &str) -> ImportError {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let spot = if path.is_empty() { Spot::File } else { Spot::Key(path.to_owned()) };
    file.wrong(spot, format!("there is {found} where {wanted} belongs"), format!("Write {wanted} there."))
}
