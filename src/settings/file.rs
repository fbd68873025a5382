//! Settings files: RON, two levels deep, `( sensors: ( listen: "127.0.0.1:9001" ), window: ( smooth: false ) )`.
//!
//! Values are kept as written, with the place where they stand, so that every mistake can be pointed at.
//!
//! Invariant: any text is either read or refused with a line and a column; nothing panics.

use std::fmt;

use ron::value::RawValue;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::settings::kinds::Raw;

/// A place in a file; line and column count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: Place,
    /// What is wrong, a sentence without its full stop.
    pub what: String,
    /// What would be right, one sentence.
    pub right: String,
}

/// One key with its value, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Dotted key, not yet looked up.
    pub key: String,
    /// Where the key stands.
    pub key_at: Place,
    /// Its value.
    pub value: Raw,
    /// Where the value stands.
    pub value_at: Place,
}

/// Reads a file's text. Whether keys are known and values right is not looked at. A blank file has no entries.
///
/// # Errors
/// If it is not RON, not two levels deep, or names a key twice.
pub fn read(source: &str) -> Result<Vec<Entry>, Fault> {
    if is_blank(source) {
        return Ok(Vec::new());
    }
    // Some editors put a byte order mark first. A line comment may come last; RON wants a newline behind it.
    let source = &format!("{}\n", source.trim_start_matches('\u{feff}'));
    let whole: &RawValue = ron::from_str(source).map_err(|error| fault(source, source, &error))?;
    let mut entries: Vec<Entry> = Vec::new();
    for (group, raw) in fields(source, whole.trim().get_ron())? {
        for (field, value) in fields(source, raw)? {
            let entry = Entry {
                key: format!("{}.{}", group.text, field.text),
                key_at: place(source, field.at),
                value: value_of(source, value)?,
                value_at: place_of(source, value),
            };
            if let Some(first) = entries.iter().find(|known| known.key == entry.key) {
                let what = format!("{} stands twice, first in line {}", entry.key, first.key_at.line);
                return Err(Fault { at: entry.key_at, what, right: "Take one of them out.".to_owned() });
            }
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// True if there is nothing but blanks and line comments.
fn is_blank(source: &str) -> bool {
    source.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with("//"))
}

/// A field's name and the offset in the file where it stands.
struct Name {
    text: String,
    at: usize,
}

/// The fields of a group `( name: value, ... )` that stands somewhere in `source`, values as their source text.
fn fields<'a>(source: &'a str, group: &'a str) -> Result<Vec<(Name, &'a str)>, Fault> {
    if !group.ends_with([')', '}']) {
        let right = "It looks like ( sensors: ( listen: \"127.0.0.1:9001\" ) ).".to_owned();
        return Err(Fault { at: place_of(source, group), what: "this is no group ( name: value )".to_owned(), right });
    }
    let Fields(found) = ron::from_str(group).map_err(|error| fault(source, group, &error))?;
    let name = |(text, value): (String, &'a RawValue)| {
        let value = value.trim().get_ron();
        let before = source.get(..offset(source, value)).unwrap_or_default();
        let at = before.rfind(text.as_str()).unwrap_or(before.len());
        (Name { text, at }, value)
    };
    Ok(found.into_iter().map(name).collect())
}

/// A value as written: quoted text without its quotes, lists and tables as such, all else as its source text.
fn value_of(source: &str, value: &str) -> Result<Raw, Fault> {
    let wrong = |error: ron::error::SpannedError| fault(source, value, &error);
    if value.starts_with('[') {
        let items: Vec<&RawValue> = ron::from_str(value).map_err(wrong)?;
        return items.into_iter().map(|item| scalar(source, item)).collect::<Result<_, _>>().map(Raw::List);
    }
    if value.starts_with('{') {
        let Fields(pairs) = ron::from_str(value).map_err(wrong)?;
        let pair = |(key, item): (String, &RawValue)| Ok((key, scalar(source, item)?));
        return pairs.into_iter().map(pair).collect::<Result<_, _>>().map(Raw::Pairs);
    }
    text_of(source, value).map(Raw::Text)
}

fn scalar(source: &str, value: &RawValue) -> Result<String, Fault> {
    text_of(source, value.trim().get_ron())
}

fn text_of(source: &str, value: &str) -> Result<String, Fault> {
    if value.starts_with('"') || value.starts_with("r\"") || value.starts_with("r#") {
        return ron::from_str(value).map_err(|error| fault(source, value, &error));
    }
    Ok(value.to_owned())
}

/// Where `part` begins within `source`, of which it is a piece.
fn offset(source: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(source.as_ptr() as usize).min(source.len())
}

fn place_of(source: &str, part: &str) -> Place {
    place(source, offset(source, part))
}

fn place(source: &str, at: usize) -> Place {
    let before = source.get(..at).unwrap_or(source);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place { line: 1 + before.matches('\n').count(), column: 1 + before[line_start..].chars().count() }
}

/// A syntax error in `part`, which stands somewhere in `source`.
fn fault(source: &str, part: &str, error: &ron::error::SpannedError) -> Fault {
    let start = place_of(source, part);
    let ron::error::Position { line, col } = error.span.start;
    let column = if line == 1 { start.column + col.saturating_sub(1) } else { col };
    let at = Place { line: start.line + line.saturating_sub(1), column };
    Fault { at, what: format!("cannot be read: {}", error.code), right: hint(&error.code).to_owned() }
}

fn hint(error: &ron::Error) -> &'static str {
    use ron::Error::{
        ExpectedComma, ExpectedFloat, ExpectedIdentifier, ExpectedMapColon, ExpectedStructLikeEnd, InvalidValueForType,
    };
    match error {
        InvalidValueForType { .. } => {
            "It looks like ( sensors: ( listen: \"127.0.0.1:9001\" ) ), without dots in names."
        }
        ExpectedFloat => "An address stands in quotes: \"127.0.0.1:9001\".",
        ExpectedComma | ExpectedStructLikeEnd => {
            "Text stands in \"quotes\", a comma between two entries, a ) at the end of each group; names have no dots."
        }
        ExpectedMapColon | ExpectedIdentifier => "Write name: value; names have no quotes and no dots.",
        _ => "Write it as ( group: ( name: value ) ), text in \"quotes\".",
    }
}

/// Fields of a struct or a map in the order they stand, doubles included.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a group of names with values")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Fields(Vec::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(FieldName(name)) = map.next_key()? {
            fields.push((name, map.next_value()?));
        }
        Ok(Fields(fields))
    }
}

/// A field's name: an identifier, a text, or a whole number.
struct FieldName(String);

impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldNameVisitor)
    }
}

struct FieldNameVisitor;

impl Visitor<'_> for FieldNameVisitor {
    type Value = FieldName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldName, E> {
        Ok(FieldName(text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<FieldName, E> {
        Ok(FieldName(number.to_string()))
    }
}
