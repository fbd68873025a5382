//! The plan of the house as a test: who may import whom, and which folders the repository has.
//!
//! Invariant: the table of rooms stands here and nowhere else; whoever moves a seam changes it here.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room of `src/` with the rooms it may import. A room stands below all that import it.
const ROOMS: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("model", &["units"]),
    ("wire", &["units"]),
    ("heat", &["units", "model"]),
    ("effects", &["units", "model"]),
    ("drivers", &["units", "model", "wire"]),
    ("io", &["units", "wire"]),
    ("settings", &["units", "model"]),
    ("store", &["units", "model"]),
    ("sim", &["units", "model", "heat", "wire", "io"]),
    ("report", &["units", "model", "heat", "store"]),
    ("port", &["units", "model"]),
    ("engine", &["units", "model", "wire", "heat", "effects", "drivers", "io", "settings", "store", "port", "report"]),
    ("rules", &["units", "model", "port"]),
    ("bridge", &["units", "model", "wire", "port", "io"]),
    ("api", &["units", "model", "port", "io"]),
    ("ui", &["units", "model", "effects", "heat", "port", "report"]),
    ("cli", &["settings", "units", "model", "sim"]),
];

/// The files directly under `src/` that know everyone; `verbs` is a part of `main`.
const ROOTS: &[&str] = &["lib", "main", "verbs"];

/// The folders of the repository, besides those whose name begins with a dot.
const FOLDERS: &[&str] = &["src", "assets", "tests", "packaging"];

#[test]
fn every_room_imports_only_what_it_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&src);
    assert!(!files.is_empty(), "no source under {}", src.display());
    let mut forbidden = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&src).expect("a file found under src");
        let source = fs::read_to_string(&file).expect("a source file is readable UTF-8");
        forbidden.extend(violations(inside, &source));
    }
    assert!(forbidden.is_empty(), "forbidden imports; the table is in {}:\n{}", file!(), forbidden.join("\n"));
}

#[test]
fn the_table_has_no_circle() {
    for (n, (room, may)) in ROOMS.iter().enumerate() {
        for below in *may {
            assert!(ROOMS[..n].iter().any(|(earlier, _)| earlier == below), "{room} imports {below}, not below it");
        }
    }
}

#[test]
fn the_repository_has_only_the_folders_it_should() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in fs::read_dir(top).expect("the repository is readable").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = name.starts_with('.') || name == "target" || FOLDERS.contains(&name.as_str());
        assert!(known || !entry.path().is_dir(), "unexpected folder at the top: {name}");
    }
}

#[test]
fn the_reader_finds_paths_and_only_paths() {
    let found = |inside: &str, source: &str| violations(Path::new(inside), source).len();
    assert_eq!(found("ui/app.rs", "use crate::model::snapshot::Snapshot;"), 0);
    assert_eq!(found("ui/app.rs", "use crate::engine::bus::Bus;"), 1);
    assert_eq!(found("ui/app.rs", "fn f() -> crate::engine::Bus { crate :: store :: open() }"), 2);
    assert_eq!(found("ui/app.rs", "use crate::{\n    model::{self, store},\n    engine::{bus, link},\n    io,\n};"), 2);
    assert_eq!(found("ui/app.rs", "// crate::engine\n/* crate::io /* crate::io */ crate::io */ /// [`crate::io`]"), 0);
    assert_eq!(
        found("ui/app.rs", r####"let s = ("crate::io \" crate::io", r#"" crate::io"#, b"crate::io", '"');"####),
        0
    );
    assert_eq!(found("ui/app.rs", "fn f<'a>(x: &'a str, c: char) { c == '\\''; crate::engine::go(x) }"), 1);
    assert_eq!(found("ui/app.rs", "#[cfg(test)]\nmod tests { use crate::engine; fn f() { { } } }\nuse crate::io;"), 1);
    assert_eq!(found("ui/app.rs", "pub(crate) use super::theme;"), 0);
    assert_eq!(found("ui/panels/heat.rs", "use super::super::theme;"), 0);
    assert_eq!(found("ui/panels/heat.rs", "use super::super::super::engine::bus;"), 1);
    assert_eq!(found("ui/mod.rs", "use super::engine;"), 1);
    assert_eq!(found("main.rs", "use crate::anything;"), 0);
    assert_eq!(found("attic/mod.rs", ""), 1);
    let told = violations(Path::new("units/grid.rs"), "\n\nuse crate::model::frame;");
    assert_eq!(told, ["src/units/grid.rs:3: units may not import model; it may import nothing"]);
}

/// All Rust files under `folder`, sorted.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a source folder is readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// What a file, named by its path inside `src/`, imports against the table: a sentence each.
fn violations(inside: &Path, source: &str) -> Vec<String> {
    let module = module_path(inside);
    let room = module.first().map_or("lib", String::as_str);
    if ROOTS.contains(&room) {
        return Vec::new();
    }
    let shown = format!("src/{}", inside.display());
    let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{shown}: {room} is not a room of the table")];
    };
    let may_text = if may.is_empty() { "nothing".to_owned() } else { may.join(", ") };
    let words = words(&code_of(source));
    let mut told = Vec::new();
    for (line, import) in imports(&words) {
        if import != room && !may.contains(&import.as_str()) {
            told.push(format!("{shown}:{line}: {room} may not import {import}; it may import {may_text}"));
        }
    }
    for line in climbs(&words, module.len()) {
        told.push(format!("{shown}:{line}: `super::` leaves {room}; write the full path from `crate::`"));
    }
    told
}

/// `engine/services/lights.rs` and `engine/services/lights/mod.rs` are both `[engine, services, lights]`.
fn module_path(inside: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        inside.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// A word of code (an identifier, or one character of anything else) and its line, from 1.
type Word = (usize, String);

/// Every name that follows `crate::`, directly or in the first level of a group, with its line.
fn imports(words: &[Word]) -> Vec<Word> {
    let mut found = Vec::new();
    for at in 0..words.len() {
        if !is_path(words, at, "crate") {
            continue;
        }
        match words.get(at + 3) {
            Some((_, open)) if open == "{" => found.extend(group_names(&words[at + 3..])),
            Some(name) => found.push(name.clone()),
            None => {}
        }
    }
    found
}

/// The first word of each part of a `{a::b, c::{d, e}, f}` that begins at `words[0]`.
fn group_names(words: &[Word]) -> Vec<Word> {
    let (mut depth, mut fresh, mut names) = (0_usize, false, Vec::new());
    for word in words {
        match word.1.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," => {}
            _ if fresh => names.push(word.clone()),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        fresh = depth == 1 && matches!(word.1.as_str(), "{" | ",");
    }
    names
}

/// Lines on which a run of `super::` leads from a module at `depth` up to the root of the crate.
fn climbs(words: &[Word], depth: usize) -> Vec<usize> {
    let mut lines = Vec::new();
    let (mut at, mut up) = (0, 0);
    while at < words.len() {
        if is_path(words, at, "super") {
            up += 1;
            if up == depth {
                lines.push(words[at].0);
            }
            at += 3;
        } else {
            up = 0;
            at += 1;
        }
    }
    lines
}

/// Whether `name ::` stands at this place.
fn is_path(words: &[Word], at: usize, name: &str) -> bool {
    let is = |n: usize, text: &str| words.get(at + n).is_some_and(|(_, word)| word == text);
    is(0, name) && is(1, ":") && is(2, ":")
}

/// Cuts code into words.
fn words(code: &[char]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut line, mut joined) = (1, false);
    for &c in code {
        let part_of_name = c.is_alphanumeric() || c == '_';
        match words.last_mut() {
            Some((_, name)) if part_of_name && joined => name.push(c),
            _ if !c.is_whitespace() => words.push((line, c.to_string())),
            _ => {}
        }
        joined = part_of_name;
        line += usize::from(c == '\n');
    }
    words
}

/// The source with comments, literals and test modules blanked; line ends stay where they are.
fn code_of(source: &str) -> Vec<char> {
    let mut code: Vec<char> = source.chars().collect();
    let mut at = 0;
    while at < code.len() {
        let end = prose_end(&code, at).map(|end| end.min(code.len()));
        if let Some(end) = end {
            blank(&mut code[at..end]);
        }
        at = end.unwrap_or(at + 1);
    }
    let mark: Vec<char> = "#[cfg(test)]".chars().collect();
    for at in 0..code.len() {
        if code[at..].starts_with(&mark) {
            let end = item_end(&code, at + mark.len());
            blank(&mut code[at..end]);
        }
    }
    code
}

fn blank(code: &mut [char]) {
    for c in code.iter_mut().filter(|c| **c != '\n') {
        *c = ' ';
    }
}

/// Where the comment or literal that begins at `at` ends, if one begins there.
fn prose_end(code: &[char], at: usize) -> Option<usize> {
    let next = code.get(at + 1).copied();
    match code[at] {
        '/' if next == Some('/') => Some(end_of(code, at, &['\n'])),
        '/' if next == Some('*') => Some(comment_end(code, at)),
        '"' => Some(quote_end(code, at + 1, '"')),
        '\'' if next == Some('\\') => Some(quote_end(code, at + 1, '\'')),
        '\'' if code.get(at + 2) == Some(&'\'') => Some(at + 3),
        'r' => {
            let hashes = code[at + 1..].iter().take_while(|c| **c == '#').count();
            let mut close = vec!['"'];
            close.resize(hashes + 1, '#');
            (code.get(at + 1 + hashes) == Some(&'"')).then(|| end_of(code, at + 2 + hashes, &close))
        }
        _ => None,
    }
}

/// Behind the next `close` at or after `at`.
fn end_of(code: &[char], at: usize, close: &[char]) -> usize {
    (at..code.len()).find(|&n| code[n..].starts_with(close)).map_or(code.len(), |n| n + close.len())
}

/// Behind the closing quote of a literal with escapes whose text begins at `at`.
fn quote_end(code: &[char], mut at: usize, quote: char) -> usize {
    while at < code.len() && code[at] != quote {
        at += if code[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Behind the block comment that begins at `at`; they nest.
fn comment_end(code: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < code.len() {
        let step = match (code[at], code.get(at + 1)) {
            ('/', Some('*')) => 1,
            ('*', Some('/')) => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
        if depth == 0 {
            break;
        }
    }
    at
}

/// Behind the item that follows `at`: its semicolon, or the brace that closes it.
fn item_end(code: &[char], at: usize) -> usize {
    let mut depth = 0;
    for (n, c) in code.iter().enumerate().skip(at) {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 && matches!(c, ';' | '}') {
            return n + 1;
        }
    }
    code.len()
}
