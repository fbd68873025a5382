//! Bookmarks: moments worth finding again.
//!
//! Invariant: a number is never given out twice, over restarts too; at most [`MAX_BOOKMARKS`] are kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::message::Update;
use crate::model::thermal::{self, Bookmark, MAX_BOOKMARKS};

/// Characters of a bookmark's words.
const MAX_WORDS: usize = 80;
/// How far the clock of whoever asks may be ahead; what is less far in the future is now.
const AHEAD: SignedDuration = SignedDuration::from_secs(5);

/// All bookmarks.
#[derive(Debug, Default)]
pub struct Bookmarks {
    known: BTreeMap<u64, Arc<Bookmark>>,
    last: u64,
}

impl Bookmarks {
    /// Takes stored ones in, at start. `last` is the highest number that was ever given out.
    pub fn restore(&mut self, stored: Vec<Bookmark>, last: u64) {
        self.known.extend(stored.into_iter().map(|bookmark| (bookmark.id, Arc::new(bookmark))));
        self.last = self.known.keys().next_back().copied().unwrap_or_default().max(last);
    }

    /// All of them by number.
    #[must_use]
    pub fn state(&self) -> BTreeMap<u64, Arc<Bookmark>> {
        self.known.clone()
    }

    /// Marks a moment; if there are too many then, the oldest goes.
    ///
    /// # Errors
    /// Why it is refused.
    pub(super) fn put(
        &mut self,
        at: Timestamp,
        words: &str,
        by: &Arc<str>,
        now: Timestamp,
    ) -> Result<Vec<Update>, String> {
        let words = words.trim();
        if words.chars().count() > MAX_WORDS || words.chars().any(char::is_control) {
            return Err(format!("The words of a bookmark have {MAX_WORDS} characters at most, on one line."));
        }
        if at.duration_since(now) > AHEAD {
            return Err("A bookmark marks what was. Choose a time that is not in the future.".to_owned());
        }
        let mut updates = Vec::new();
        if self.known.len() >= MAX_BOOKMARKS
            && let Some((oldest, _)) = self.known.pop_first()
        {
            updates.push(Update::Thermal(thermal::Update::BookmarkGone(oldest)));
        }
        self.last += 1;
        let bookmark = Arc::new(Bookmark { id: self.last, at: at.min(now), words: words.into(), by: Arc::clone(by) });
        self.known.insert(bookmark.id, Arc::clone(&bookmark));
        updates.push(Update::Thermal(thermal::Update::Bookmarked(bookmark)));
        Ok(updates)
    }

    /// Removes one.
    ///
    /// # Errors
    /// There is none of this number.
    pub(super) fn remove(&mut self, id: u64) -> Result<Vec<Update>, String> {
        self.known.remove(&id).ok_or_else(|| format!("There is no bookmark {id} any more."))?;
        Ok(vec![Update::Thermal(thermal::Update::BookmarkGone(id))])
    }
}
