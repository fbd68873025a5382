//! The table of families of lights and what is tested of each: a tick is a test of that name beside its driver.
//!
//! Invariant: the table in `fixtures/families.txt` is the one that the tests make; a cell without a test is empty.

use std::fs;
use std::path::{Path, PathBuf};

use hearthlight::drivers::LIGHTS;

/// The cells, by the names of their tests.
const CELLS: [&str; 13] = [
    "discovery",
    "identity_survives_address_change",
    "colour",
    "white",
    "transition",
    "segments",
    "pixels",
    "push_or_poll",
    "streaming",
    "pacing",
    "unreachable_and_back_once",
    "diagnostics",
    "foreign_peer",
];

#[test]
fn the_table_of_families_is_what_is_tested() {
    let table = table();
    let kept = include_str!("fixtures/families.txt");
    assert_eq!(table, kept, "tests/all/fixtures/families.txt is to be:\n{table}");
}

fn table() -> String {
    let families: Vec<(&str, String)> = LIGHTS.iter().map(|family| (family.id, tests_of(family.id))).collect();
    let wide = CELLS.iter().map(|cell| cell.len()).max().unwrap_or(0);
    let head = families.iter().map(|(id, _)| format!("  {id}")).collect::<String>();
    let rows = CELLS.iter().map(|cell| {
        let ticks = families.iter().map(|(id, tests)| {
            let tick = if tests.contains(&format!("fn {cell}()")) { "x" } else { "" };
            format!("  {tick:<width$}", width = id.len())
        });
        format!("{:<wide$}{}", cell.replace('_', " "), ticks.collect::<String>()).trim_end().to_owned() + "\n"
    });
    format!("{:<wide$}{head}\n{}", "", rows.collect::<String>())
}

/// The source of a family's tests: `drivers/<id>.rs`, or all files of `drivers/<id>/`.
fn tests_of(id: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/drivers");
    let name = id.replace('-', "_");
    let mut files: Vec<PathBuf> = vec![folder.join(format!("{name}.rs"))];
    files.extend(fs::read_dir(folder.join(name)).into_iter().flatten().flatten().map(|entry| entry.path()));
    files.sort();
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect()
}
