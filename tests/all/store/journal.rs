//! The journal: appended to, never changed, read in pages, and trimmed from its old end only.

use std::path::Path;
use std::sync::Arc;

use hearthlight::model::alarms::alarm::{AlarmId, Reason};
use hearthlight::model::alarms::journal::{Entry, Filter, Page, Still, What};
use hearthlight::model::alarms::rule::{Level, RuleId};
use hearthlight::model::sensors::DeviceId;
use hearthlight::store::journal::retention;
use hearthlight::store::records::{AlarmChange, AlarmRecord, Budget, Noted};
use hearthlight::store::writer::Health;
use hearthlight::store::{Store, StoreError};
use proptest::prelude::*;
use rusqlite::Connection;

use super::{STILL, minute, open, place};

/// An entry with everything in it.
pub(super) fn entry(n: i64) -> Entry {
    let reason = Reason {
        source: 3,
        name: "Hottest".into(),
        device: DeviceId::new("a"),
        level: Level::Warning,
        on: true,
        value: 61.5,
        threshold: 60.0,
        unit: "C".into(),
        since: minute(n),
        cell: Some((7, 31)),
        stale: false,
    };
    Entry {
        seq: 0,
        at: minute(n),
        what: What::Raised,
        alarm: Some(AlarmId::of(&RuleId::new("heat"), "hall")),
        rule: Some(RuleId::new("heat")),
        device: Some(DeviceId::new("a")),
        location: Some("hall".into()),
        level: Some(Level::Warning),
        by: "Hearthlight".into(),
        test: false,
        text: format!("Number {n}"),
        reasons: vec![reason],
        still: Some(Arc::new(Still { columns: 2, rows: 2, centi: vec![2137, i16::MIN, 0, 6150] })),
    }
}

/// An entry with as little in it as there can be.
fn bare(n: i64) -> Entry {
    let entry = entry(n);
    Entry {
        what: What::Program,
        alarm: None,
        rule: None,
        device: None,
        location: None,
        level: None,
        reasons: Vec::new(),
        still: None,
        ..entry
    }
}

fn noted(entries: impl IntoIterator<Item = Entry>) -> Noted {
    Noted { entries: entries.into_iter().collect(), changes: Vec::new() }
}

fn all(store: &Store) -> Page {
    store.journal(&Filter { limit: 1000, ..Filter::default() }).expect("read")
}

fn numbers(page: &Page) -> Vec<u64> {
    page.entries.iter().map(|entry| entry.seq).collect()
}

#[test]
fn entries_come_back_as_they_were_noted_without_being_asked_for() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(noted([entry(0), bare(1)]));
    while store.written_bytes() == 0 {
        std::thread::yield_now();
    }
    let page = all(&store);
    assert_eq!(page.entries, [Entry { seq: 2, ..bare(1) }, Entry { seq: 1, still: None, ..entry(0) }]);
    assert!(!page.more);
    assert_eq!(store.entry(1).expect("read"), Some(Entry { seq: 1, ..entry(0) }));
    assert_eq!(store.entry(2).expect("read"), Some(Entry { seq: 2, ..bare(1) }));
    assert_eq!([store.entry(0).expect("read"), store.entry(3).expect("read")], [None, None]);
    assert_eq!(store.entry(u64::MAX).expect("read"), None);
}

#[test]
fn numbers_count_on_over_restarts() {
    let (_folder, file) = place();
    for n in 0..3 {
        let store = open(&file);
        store.note(noted([entry(n)]));
        store.close().expect("written");
    }
    assert_eq!(numbers(&all(&open(&file))), [3, 2, 1]);
}

#[test]
fn nothing_in_the_journal_can_be_changed_replaced_or_removed() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(noted((0..3).map(entry)));
    store.flush().expect("written");
    let raw = Connection::open(&file).expect("opens");
    for sql in [
        "UPDATE journal SET text = 'nothing happened'",
        "UPDATE journal SET seq = 9 WHERE seq = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = 3",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 2",
    ] {
        let error = raw.execute(sql, []).expect_err(sql).to_string();
        assert!(error.contains("only appended to"), "{sql}: {error}");
    }
    assert_eq!(all(&store).entries.len(), 3);
}

#[test]
fn while_the_disk_fails_entries_wait_in_order_and_are_then_one_transaction() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(noted([entry(0)]));
    store.flush().expect("written");
    let commits = commits(&file);
    let other = Connection::open(&file).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    for n in 1..20 {
        let shelf = AlarmChange::Keep(AlarmRecord::RulesSeeded);
        store.note(Noted { changes: vec![shelf], ..noted([entry(n), bare(n)]) });
        if n % 7 == 0 {
            assert!(matches!(store.flush(), Err(StoreError::Unsaved { .. })));
            assert!(matches!(store.health(), Health::Failing { .. }));
        }
    }
    assert_eq!(numbers(&all(&store)), [1]);
    assert_eq!(store.alarms().expect("read").records, []);
    other.execute_batch("COMMIT").expect("let go");
    store.flush().expect("written");
    assert_eq!((store.health(), store.lost()), (Health::Good, 0));
    assert_eq!(self::commits(&file), commits + 1);
    let texts: Vec<_> = all(&store).entries.iter().rev().map(|entry| entry.text.clone()).collect();
    let expected: Vec<_> = (0..20).flat_map(|n| vec![format!("Number {n}"); if n == 0 { 1 } else { 2 }]).collect();
    assert_eq!(texts, expected);
    assert_eq!(store.alarms().expect("read").records, [AlarmRecord::RulesSeeded]);
}

/// Commits in the log of a database. A frame of it is a head of 24 bytes and a page; one that ends a commit has the
/// size of the file in its second word (SQLite file format, 4.1).
fn commits(file: &Path) -> usize {
    let log = std::fs::read(file.with_extension("db-wal")).expect("a log");
    let page = u32::from_be_bytes(log[8..12].try_into().expect("four bytes")) as usize;
    log[32..].chunks(24 + page).filter(|frame| frame[4..8] != [0; 4]).count()
}

#[test]
fn pages_follow_each_other_without_a_gap() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(noted((0..25).map(entry)));
    store.flush().expect("written");
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let page = store.journal(&Filter { before, limit: 10, ..Filter::default() }).expect("read");
        seen.extend(numbers(&page));
        before = page.entries.last().map(|entry| entry.seq);
        assert_eq!(page.more, seen.len() < 25);
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, (1..=25).rev().collect::<Vec<_>>());
    for (limit, n) in [(0, 1), (1, 1), (25, 25), (u16::MAX, 25)] {
        let page = store.journal(&Filter { limit, ..Filter::default() }).expect("read");
        assert_eq!((page.entries.len(), page.more), (n, n < 25), "limit {limit}");
    }
}

#[test]
fn a_damaged_row_hides_no_other() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(noted((0..4).map(entry)));
    store.close().expect("written");
    let raw = Connection::open(&file).expect("opens");
    raw.execute_batch(
        "DROP TRIGGER journal_no_change;
         UPDATE journal SET what = 'levitated' WHERE seq = 1;
         UPDATE journal SET reasons = '[{' WHERE seq = 2;
         UPDATE journal SET still = x'0102' WHERE seq = 3",
    )
    .expect("damaged");
    drop(raw);
    let store = open(&file);
    assert_eq!(numbers(&all(&store)), [4, 3, 2]);
    assert_eq!(store.entry(1).expect("read"), None);
    assert_eq!(store.entry(2).expect("read"), Some(Entry { seq: 2, reasons: Vec::new(), ..entry(1) }));
    assert_eq!(store.entry(3).expect("read"), Some(Entry { seq: 3, still: None, ..entry(2) }));
}

#[test]
fn numbers_that_json_cannot_hold_lose_no_reason() {
    let (_folder, file) = place();
    let store = open(&file);
    let mut odd = entry(0);
    odd.reasons[0].value = f64::INFINITY;
    odd.reasons[0].threshold = f64::NAN;
    store.note(noted([odd]));
    store.flush().expect("written");
    let found = store.entry(1).expect("read").expect("there");
    assert_eq!((found.reasons[0].value, found.reasons[0].threshold), (f64::MAX, 0.0));
}

#[test]
fn old_entries_go_a_step_at_a_time_and_numbers_are_not_given_again() {
    let (_folder, file) = place();
    let store = open(&file);
    let n = i64::from(retention::STEP) + 100;
    store.note(noted((0..n).map(bare)));
    store.flush().expect("written");
    let mut raw = Connection::open(&file).expect("opens");
    let budget = Budget { journal_days: 1, ..Budget::default() };
    let now = minute(n - 10 + 24 * 60);
    let mut trim = || retention::trim(&mut raw, &budget, now).expect("trimmed");
    assert_eq!([trim(), trim(), trim()], [retention::STEP, 90, 0]);
    let left: Vec<_> = (n as u64 - 9..=n as u64).rev().collect();
    assert_eq!(numbers(&all(&store)), left);
    let nothing = Budget { journal_days: 0, ..budget };
    assert_eq!(retention::trim(&mut raw, &nothing, minute(n + 1)).expect("trimmed"), 10);
    let extent = retention::extent(&raw).expect("read");
    assert_eq!(extent, (0, None));
    drop(raw);
    store.note(noted([bare(0)]));
    store.close().expect("written");
    assert_eq!(numbers(&all(&open(&file))), [n as u64 + 1]);
}

#[test]
fn a_journal_that_is_too_big_loses_its_oldest_entries_and_the_file_shrinks() {
    let (_folder, file) = place();
    let store = open(&file);
    let still = Some(Arc::new(Still { columns: 160, rows: 120, centi: vec![2000; 160 * 120] }));
    store.note(noted((100..300).map(|n| Entry { still: still.clone(), ..entry(n) })));
    store.flush().expect("written");
    let mut raw = Connection::open(&file).expect("opens");
    let (before, oldest) = retention::extent(&raw).expect("read");
    assert!((200 * 38_400..210 * 39_000).contains(&before), "{before}");
    assert_eq!(oldest, Some(minute(100)));
    let budget = Budget { journal_bytes: before / 4, ..Budget::default() };
    assert_eq!(retention::trim(&mut raw, &budget, minute(300)).expect("trimmed"), 150);
    let (after, _) = retention::extent(&raw).expect("read");
    assert!(after <= before / 4);
    assert_eq!(numbers(&all(&store)), (151..=200).rev().collect::<Vec<_>>());
    let size =
        |raw: &Connection| raw.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0)).expect("pages");
    let pages = size(&raw);
    let given: u32 =
        std::iter::from_fn(|| Some(retention::give_back_pages(&raw).expect("given back"))).take_while(|&n| n > 0).sum();
    assert!(given > 1000, "{given}");
    assert!(size(&raw) <= pages - i64::from(given));
}

#[test]
fn what_is_sought_is_text_and_no_pattern() {
    let (_folder, file) = place();
    let store = open(&file);
    let texts = ["100 %", "a_b", "axb", r"c:\x", "KÜCHE", "Straße"];
    store.note(noted(texts.iter().map(|text| Entry { text: (*text).to_owned(), ..bare(0) })));
    store.flush().expect("written");
    let sought = |text: &str| {
        let page = store.journal(&Filter { text: text.to_owned(), limit: 9, ..Filter::default() }).expect("read");
        page.entries.into_iter().rev().map(|entry| entry.text).collect::<Vec<_>>()
    };
    assert_eq!(sought("%"), ["100 %"]);
    assert_eq!(sought("_"), ["a_b"]);
    assert_eq!(sought(r"\X"), [r"c:\x"]);
    assert_eq!(sought("küche"), ["KÜCHE"]);
    assert_eq!(sought("RAßE"), ["Straße"]);
    assert_eq!(sought("HEARTHLIGHT").len(), texts.len());
    assert_eq!(sought(&"long ".repeat(20_000)), Vec::<String>::new());
    assert_eq!(sought("'; DROP TABLE journal; --"), Vec::<String>::new());
}

fn some_entry() -> impl Strategy<Value = Entry> {
    let what = proptest::sample::select(What::ALL.to_vec());
    let device = proptest::option::of(proptest::sample::select(vec!["a", "b"]).prop_map(DeviceId::new));
    let level = proptest::option::of(proptest::sample::select(Level::ALL.to_vec()));
    let location = proptest::option::of(proptest::sample::select(vec!["Hall", "KÜCHE", "50%_"]));
    let by = proptest::sample::select(vec!["Ann", "API", "rule Äpfel"]);
    (0..50_i64, what, device, level, location, by, "[a-cÄä%_\\\\]{0,6}").prop_map(
        |(n, what, device, level, location, by, text)| {
            let location = location.map(Into::into);
            Entry { what, device, level, location, by: by.into(), text, ..bare(n) }
        },
    )
}

fn some_filter() -> impl Strategy<Value = Filter> {
    let what = proptest::collection::vec(proptest::sample::select(What::ALL.to_vec()), 0..12);
    let device = proptest::option::of(proptest::sample::select(vec!["a", "b", "c"]).prop_map(DeviceId::new));
    let level = proptest::option::of(proptest::sample::select(Level::ALL.to_vec()));
    let time = || proptest::option::of((-2..52_i64).prop_map(minute));
    let text = prop_oneof![2 => Just(String::new()), 1 => "[A-CÄä%_\\\\]{1,2}", 1 => Just("küche".to_owned())];
    (proptest::option::of(0..70_u64), what, device, level, time(), time(), text, 1..30_u16).prop_map(
        |(before, what, device, at_least, from, to, text, limit)| Filter {
            before,
            what,
            device,
            at_least,
            text,
            from,
            to,
            limit,
        },
    )
}

/// The page as anybody would find it by looking at each entry.
fn looked_up(entries: &[Entry], filter: &Filter) -> Page {
    let text = filter.text.to_lowercase();
    let has = |entry: &Entry| {
        let texts = [&entry.text, &*entry.by, entry.location.as_deref().unwrap_or_default()];
        texts.iter().any(|found| found.to_lowercase().contains(&text))
    };
    let wanted = |entry: &&Entry| {
        filter.before.is_none_or(|before| entry.seq < before)
            && (filter.what.is_empty() || filter.what.contains(&entry.what))
            && (filter.device.is_none() || entry.device == filter.device)
            && filter.at_least.is_none_or(|level| entry.level.is_some_and(|found| found >= level))
            && filter.from.is_none_or(|from| entry.at >= from)
            && filter.to.is_none_or(|to| entry.at <= to)
            && has(entry)
    };
    let mut found: Vec<Entry> = entries.iter().rev().filter(wanted).cloned().collect();
    let more = found.len() > usize::from(filter.limit);
    found.truncate(filter.limit.into());
    Page { entries: found, more }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_filter_finds_what_looking_at_each_entry_finds(
        entries in proptest::collection::vec(some_entry(), 0..60),
        filters in proptest::collection::vec(some_filter(), 12),
    ) {
        let (_folder, file) = place();
        let store = Store::open(&file, STILL, |_| {}).expect("opens");
        store.note(noted(entries.iter().cloned()));
        store.flush().expect("written");
        let entries: Vec<_> = (1..).zip(entries).map(|(seq, entry)| Entry { seq, ..entry }).collect();
        for filter in filters {
            prop_assert_eq!(store.journal(&filter).expect("read"), looked_up(&entries, &filter), "{:?}", filter);
        }
    }
}
