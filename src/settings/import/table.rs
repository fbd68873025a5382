//! A table as text: `ip,loc_id` as EmberEye exports its map of addresses, or `location,name,place` as we export devices.
//!
//! Separated by commas, semicolons or tabs; values may stand in quotes, a quote in them is doubled (RFC 4180). A first
//! line of column names is understood; without one the columns are `ip,loc_id`.

use std::net::IpAddr;

use crate::settings::import::{File, ImportError, Plan, Spot};

/// One line of a table: its number in the file, from 1, and its values.
type Row = (usize, Vec<String>);

/// Which column holds what.
#[derive(Clone, Copy, Default)]
struct Columns {
    ip: Option<usize>,
    location: Option<usize>,
    name: Option<usize>,
    place: Option<usize>,
}

pub(super) fn read(file: File<'_>) -> Result<Plan, ImportError> {
    let mut rows = rows(file)?;
    let columns = match rows.first().and_then(|(_, values)| header(values)) {
        Some(columns) => {
            rows.remove(0);
            columns
        }
        None => Columns { ip: Some(0), location: Some(1), ..Columns::default() },
    };
    check_first(file, &rows, columns)?;
    let kind = if columns.ip.is_some() { "a map of addresses (CSV)" } else { "a list of devices (CSV)" };
    let mut plan = Plan { kind: kind.to_owned(), ..Plan::default() };
    for (line, values) in rows {
        let value = |column: Option<usize>| column.and_then(|column| values.get(column)).map_or("", |text| plain(text));
        let (ip, location) = (value(columns.ip), value(columns.location));
        if location.is_empty() {
            let cure = "Write a location there, or take the line out.";
            return Err(file.wrong(Spot::Line(line), "the location is missing", cure));
        }
        if columns.ip.is_some() {
            file.map(&mut plan, ip, location, || Spot::Line(line))?;
        }
        file.introduce(&mut plan, location, value(columns.name), value(columns.place))?;
    }
    Ok(plan)
}

/// A value without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn plain(value: &str) -> &str {
    let value = value.trim();
    value.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(value)
}

/// The columns, if this is a line of names.
fn header(values: &[String]) -> Option<Columns> {
    let at = |names: &[&str]| {
        values.iter().position(|value| names.contains(&value.trim().to_ascii_lowercase().replace(' ', "_").as_str()))
    };
    let columns = Columns {
        ip: at(&["ip", "ip_address"]),
        location: at(&["loc_id", "location", "location_id", "loc"]),
        name: at(&["name"]),
        place: at(&["place", "group"]),
    };
    columns.location.map(|_| columns)
}

/// Whether the first line is what its columns say: else the file is something else altogether.
fn check_first(file: File<'_>, rows: &[Row], columns: Columns) -> Result<(), ImportError> {
    let Some(((line, values), at)) = rows.first().zip(columns.ip) else { return Ok(()) };
    let first = values.get(at).map_or("", |value| value.trim());
    if first.parse::<IpAddr>().is_ok() && values.len() > 1 {
        return Ok(());
    }
    let cure = "A table of addresses has lines such as 192.168.1.20,hall, and may begin with ip,loc_id.";
    let what =
        if values.len() > 1 { format!("{first:?} is not an address") } else { "there is only one column".to_owned() };
    Err(file.wrong(Spot::Line(*line), what, cure))
}

/// Cuts the text into rows; empty lines are left out.
fn rows(file: File<'_>) -> Result<Vec<Row>, ImportError> {
    let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|&c| (first.matches(c).count(), c == ',')).unwrap_or(',');
    let (mut rows, mut values, mut value) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun, mut quoted) = (1, 1, false);
    let mut chars = file.text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => value.push('"'),
            '"' if quoted => quoted = false,
            '"' if value.trim().is_empty() => {
                value.clear();
                quoted = true;
            }
            '\n' if !quoted => {
                values.push(std::mem::take(&mut value));
                rows.push((begun, std::mem::take(&mut values)));
                begun = line;
            }
            _ if c == separator && !quoted => values.push(std::mem::take(&mut value)),
            _ => value.push(c),
        }
    }
    if quoted {
        return Err(file.wrong(Spot::Line(begun), "a quote is opened and never closed", "Close it, or take it out."));
    }
    values.push(value);
    rows.push((begun, values));
    rows.retain(|(_, values)| values.iter().any(|value| !value.trim().is_empty()));
    Ok(rows)
}
