//! Layouts of the window: what is kept, what is refused.

use std::sync::Arc;

use hearthlight::engine::services::layouts::Layouts;
use hearthlight::model::layouts::{Command, LEFT, MAX_BYTES, MAX_LAYOUTS, Update};
use hearthlight::model::message;

fn put(layouts: &mut Layouts, name: &str, body: &str) -> Result<Vec<Update>, String> {
    layouts.on_command(Command::Put { name: name.to_owned(), body: body.to_owned() })
}

fn refused(answer: Result<Vec<Update>, String>, word: &str) {
    let why = answer.expect_err(word);
    assert!(why.contains(word), "{why:?} does not say {word:?}");
}

fn names(layouts: &Layouts) -> Vec<Arc<str>> {
    let message::Update::Layouts(Update::Reset(all)) = layouts.opening() else { panic!("all at once") };
    all.saved.keys().cloned().collect()
}

#[test]
fn a_layout_is_kept_under_its_name_and_removed() {
    let mut layouts = Layouts::default();
    let saved = put(&mut layouts, " Wall ", "(tiles: [1, 2])").expect("kept");
    assert_eq!(saved, [Update::Saved { name: "Wall".into(), body: "(tiles: [1, 2])".into() }]);
    put(&mut layouts, "Wall", "(tiles: [])").expect("in its place");
    put(&mut layouts, LEFT, "(root: Split(fraction: 0.5, left: Some(Tile(\"oven\")), right: None))").expect("kept");
    assert_eq!(names(&layouts), ["".into(), "Wall".into()]);
    let remove = |name: &str| Command::Remove { name: name.to_owned() };
    assert_eq!(layouts.on_command(remove("Wall")), Ok(vec![Update::Gone("Wall".into())]));
    refused(layouts.on_command(remove("Wall")), "no layout \"Wall\"");
}

#[test]
fn what_cannot_be_read_is_too_long_or_one_too_many_is_refused() {
    let mut layouts = Layouts::default();
    refused(put(&mut layouts, "a", "(tiles: ["), "cannot be read");
    refused(put(&mut layouts, "a", ""), "cannot be read");
    refused(put(&mut layouts, &"x".repeat(41), "()"), "40 characters");
    refused(put(&mut layouts, "a\nb", "()"), "one line");
    let long = format!("\"{}\"", "x".repeat(MAX_BYTES));
    refused(put(&mut layouts, "a", &long), "64 KiB");
    for n in 0..MAX_LAYOUTS {
        put(&mut layouts, &n.to_string(), "()").expect("kept");
    }
    refused(put(&mut layouts, "one more", "()"), "64 layouts");
    put(&mut layouts, "7", "(1)").expect("in its place");
    put(&mut layouts, LEFT, "()").expect("how the window was left always has room");
    assert_eq!(names(&layouts).len(), MAX_LAYOUTS + 1);
}

#[test]
fn stored_ones_come_back_and_damaged_ones_are_told() {
    let mut layouts = Layouts::default();
    let damaged = layouts.restore([("Tune".into(), "(a: 1)".into()), ("Wall".into(), "(a: ".into())].into());
    assert_eq!(names(&layouts), ["Tune".into()]);
    assert!(damaged.len() == 1 && damaged[0].contains("Wall"), "{damaged:?}");
}
