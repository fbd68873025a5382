//! Bookmarks that a person makes in the window: naming them, and taking back what was done.
//!
//! Invariant: a bookmark is known by its time and words; its number is the engine's, and another one each time it is made
//! again.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::message::Command;
use crate::model::thermal::{self, Bookmark};
use crate::ui::outbox::Outbox;
use crate::ui::undo::Undo;

/// Characters of a bookmark's words.
pub const MAX_WORDS: usize = 80;

/// What the window remembers of bookmarks.
#[derive(Debug, Default)]
pub struct Marks {
    /// The bookmark being named: its time, and the words so far.
    pub naming: Option<(Timestamp, String)>,
    /// Made here, not seen in the snapshot yet.
    made: Vec<(Timestamp, Arc<str>)>,
    /// All that were ever seen, with their last numbers.
    seen: BTreeMap<(Timestamp, Arc<str>), u64>,
    seq: Option<u64>,
}

impl Marks {
    /// Makes a bookmark.
    pub fn make(&mut self, at: Timestamp, words: &str, out: &mut Outbox) {
        let words: Arc<str> = words.trim().chars().take(MAX_WORDS).collect::<String>().into();
        out.thermal(thermal::Command::Bookmark { at, words: words.to_string() });
        self.made.push((at, words));
    }

    /// Removes a bookmark.
    pub fn remove(&mut self, bookmark: &Bookmark, out: &mut Outbox, undo: &mut Undo) {
        let command = thermal::Command::RemoveBookmark { bookmark: bookmark.id };
        out.thermal(command.clone());
        undo.did("remove a bookmark", Command::Thermal(command), made(bookmark));
    }

    /// Takes in what bookmarks there are: what was made here can be taken back from now on, and what was made again has
    /// a new number. `seq`: of the snapshot.
    pub fn refresh(&mut self, bookmarks: &BTreeMap<u64, Arc<Bookmark>>, seq: u64, undo: &mut Undo) {
        if self.seq.replace(seq) == Some(seq) {
            return;
        }
        for bookmark in bookmarks.values() {
            let key = (bookmark.at, Arc::clone(&bookmark.words));
            let before = self.seen.insert(key.clone(), bookmark.id).filter(|before| *before != bookmark.id);
            let removal = |id| Command::Thermal(thermal::Command::RemoveBookmark { bookmark: id });
            if let Some(before) = before {
                undo.renumber(&removal(before), &removal(bookmark.id));
            }
            if let Some(place) = self.made.iter().position(|made| *made == key) {
                self.made.remove(place);
                undo.did("add a bookmark", made(bookmark), removal(bookmark.id));
            }
        }
    }
}

fn made(bookmark: &Bookmark) -> Command {
    Command::Thermal(thermal::Command::Bookmark { at: bookmark.at, words: bookmark.words.to_string() })
}
