//! A page of the journal: the newest entries that a filter lets through.
//!
//! Times are found by the index of times, kinds and devices by theirs, and the rest while walking from the newest
//! entry down; the walk ends when the page is full.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::model::alarms::journal::{Entry, Filter, Page};
use crate::store::journal::{COLUMNS, rank, read};

/// Characters of the text sought that SQLite itself looks for.
const PATTERN_CHARS: usize = 200;

/// The page, and how many rows were damaged on the way to it.
pub(crate) fn page(from: &Connection, filter: &Filter) -> rusqlite::Result<(Page, usize)> {
    let limit = usize::from(filter.limit.clamp(1, 1000));
    let sought = filter.text.to_lowercase();
    let (sql, values) = statement(filter);
    let mut statement = from.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let (mut page, mut n_damaged) = (Page::default(), 0);
    while let Some(row) = rows.next()? {
        let found = read(row)?;
        n_damaged += usize::from(found.damaged);
        let Some(entry) = found.entry.filter(|entry| contains(entry, &sought)) else { continue };
        if page.entries.len() == limit {
            page.more = true;
            break;
        }
        page.entries.push(entry);
    }
    Ok((page, n_damaged))
}

/// The statement of a filter, and what is bound to it.
fn statement(filter: &Filter) -> (String, Vec<Value>) {
    let Filter { before, what, device, at_least, text, from, to, limit: _ } = filter;
    let mut wanted = Conditions::default();
    if let Some(before) = before {
        wanted.and("seq < ?", [i64::try_from(*before).unwrap_or(i64::MAX).into()]);
    }
    // The plus keeps an index from being used for itself: entries of several kinds are best met from the newest down.
    match what.as_slice() {
        [] => {}
        [one] => wanted.and("what = ?", [one.label().to_owned().into()]),
        several => {
            let marks = vec!["?"; several.len()].join(", ");
            wanted.and(&format!("+what IN ({marks})"), several.iter().map(|what| what.label().to_owned().into()));
        }
    }
    if let Some(device) = device {
        wanted.and("device = ?", [device.as_str().to_owned().into()]);
    }
    if let Some(level) = at_least {
        wanted.and("level >= ?", [rank(*level).into()]);
    }
    // The clock may have been set back: times need not rise with numbers, so both are asked for.
    if let Some(at) = from.map(|from| Value::from(from.as_millisecond())) {
        let sql = "seq >= (SELECT min(+seq) FROM journal WHERE at >= ?) AND +at >= ?";
        wanted.and(sql, [at.clone(), at]);
    }
    if let Some(at) = to.map(|to| Value::from(to.as_millisecond())) {
        let sql = "seq <= (SELECT max(+seq) FROM journal WHERE at <= ?) AND +at <= ?";
        wanted.and(sql, [at.clone(), at]);
    }
    if !text.is_empty() {
        let pattern = Value::from(pattern(text));
        let sql = r"(text LIKE ? ESCAPE '\' OR location LIKE ? ESCAPE '\' OR by LIKE ? ESCAPE '\')";
        wanted.and(sql, [pattern.clone(), pattern.clone(), pattern]);
    }
    let Conditions { sql, values } = wanted;
    (format!("SELECT {COLUMNS} FROM journal WHERE 1{sql} ORDER BY seq DESC"), values)
}

#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}

/// What SQLite looks for: it ignores case in ASCII only, so any other letter matches anything here, and [`contains`]
/// looks again.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars().take(PATTERN_CHARS) {
        match c {
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            ' '..='~' => pattern.push(c),
            _ if pattern.ends_with('%') && !pattern.ends_with("\\%") => {}
            _ => pattern.push('%'),
        }
    }
    pattern.push('%');
    pattern
}

/// Whether an entry's text, location or person contains what is sought, which is in lower case.
fn contains(entry: &Entry, sought: &str) -> bool {
    let in_it = |text: &str| text.to_lowercase().contains(sought);
    sought.is_empty() || in_it(&entry.text) || in_it(&entry.by) || entry.location.as_deref().is_some_and(in_it)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pattern_means_its_text_and_nothing_else() {
        for (text, pattern) in
            [("hall", "%hall%"), ("50 %_\\", r"%50 \%\_\\%"), ("Küche", "%K%che%"), ("ÄÖ%Ü", r"%\%%%"), ("", "%%")]
        {
            assert_eq!(super::pattern(text), pattern, "{text}");
        }
    }
}
