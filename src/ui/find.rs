//! Finding by a few letters: each word of what was typed must be in a text, its letters in their order.
//!
//! Letters at the beginnings of words and letters that stand together count most, so `pl` finds "Next palette" by its
//! second word and "Master stop" is found by `ms`. Pure: texts in, scores out.

/// For each letter that is found.
const LETTER: i32 = 2;
/// More at the beginning of a text.
const FIRST: i32 = 10;
/// More at the beginning of a word.
const WORD: i32 = 8;
/// More right behind the letter before.
const NEXT: i32 = 6;
/// More for a name that is typed out.
const WHOLE: i32 = 40;
/// Less for each gap.
const GAP: i32 = 5;

/// How well a text matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The more the better; above 0.
    pub score: i32,
    /// Which letters of the text were found, by their number, ascending.
    pub at: Vec<usize>,
}

/// How well `typed` matches `text`, if it does. Capitals do not matter; nothing typed matches everything with 0.
#[must_use]
pub fn find(typed: &str, text: &str) -> Option<Match> {
    let text = folded(text);
    let mut whole = Match { score: 0, at: Vec::new() };
    for word in typed.split_whitespace() {
        let found = one(&folded(word), &text)?;
        whole.score += found.score;
        whole.at.extend(found.at);
    }
    whole.at.sort_unstable();
    whole.at.dedup();
    Some(whole)
}

/// How well `typed` matches a thing by its name or by what else is known of it: each word may be in either. Letters are
/// marked in the name only, and the name counts twice; elsewhere a word must stand as it is.
#[must_use]
pub fn find_thing(typed: &str, name: &str, also: &str) -> Option<Match> {
    let (name, also) = (folded(name), folded(also));
    let mut whole = Match { score: 0, at: Vec::new() };
    for word in typed.split_whitespace() {
        let word = folded(word);
        match one(&word, &name) {
            Some(found) => {
                whole.score += 2 * found.score;
                whole.at.extend(found.at);
            }
            None => whole.score += together(&word, &also)?,
        }
    }
    let letters = |text: &[(char, bool)]| text.iter().map(|(letter, _)| *letter).collect::<String>();
    if letters(&folded(typed.trim())) == letters(&name) {
        whole.score += WHOLE;
    }
    whole.at.sort_unstable();
    whole.at.dedup();
    Some(whole)
}

/// The score of a word that stands in a text as it is: in long texts scattered letters mean nothing.
fn together(word: &[(char, bool)], text: &[(char, bool)]) -> Option<i32> {
    let is = |at: &[(char, bool)]| at.iter().zip(word).all(|((a, _), (b, _))| a == b);
    let places = text.windows(word.len().max(1)).filter(|at| is(at));
    let begins = places.map(|at| at.first().is_some_and(|(_, begins)| *begins)).max()?;
    let own = word.len() as i32 * LETTER + (word.len() as i32 - 1) * NEXT;
    Some(own + if begins { WORD } else { 0 })
}

/// One small letter for each letter, and whether a word begins there.
fn folded(text: &str) -> Vec<(char, bool)> {
    let mut before = ' ';
    let fold = |letter: char| {
        let begins = letter.is_alphanumeric()
            && (!before.is_alphanumeric()
                || before.is_lowercase() && letter.is_uppercase()
                || before.is_alphabetic() && letter.is_numeric());
        before = letter;
        (letter.to_lowercase().next().unwrap_or(letter), begins)
    };
    text.chars().map(fold).collect()
}

/// The best way to find the letters of `word` in `text`, in their order. For each letter of the word and each place of
/// the text the best score that ends there is kept, and from where it came.
fn one(word: &[(char, bool)], text: &[(char, bool)]) -> Option<Match> {
    let mut rows: Vec<Vec<Option<(i32, usize)>>> = Vec::with_capacity(word.len());
    for (i, (letter, _)) in word.iter().enumerate() {
        let above = i.checked_sub(1).and_then(|i| rows.get(i));
        let mut row = vec![None; text.len()];
        let mut best: Option<(i32, usize)> = None;
        for (j, (at, begins)) in text.iter().enumerate() {
            let own = LETTER + if *begins { WORD } else { 0 } + if j == 0 { FIRST } else { 0 };
            let from = match above {
                None => Some((if j == 0 || *begins { 0 } else { -GAP }, j)),
                Some(above) => {
                    let next =
                        j.checked_sub(1).and_then(|k| above.get(k).copied().flatten().map(|(s, _)| (s + NEXT, k)));
                    let gap = best.map(|(score, k)| (score - GAP, k));
                    next.into_iter().chain(gap).max_by_key(|(score, _)| *score)
                }
            };
            if let (true, Some((score, k)), Some(place)) = (at == letter, from, row.get_mut(j)) {
                *place = Some((score + own, k));
            }
            // What ended one place before may be jumped from here on.
            let ended = above.and_then(|above| above.get(j).copied().flatten()).map(|(score, _)| (score, j));
            best = best.into_iter().chain(ended).max_by_key(|(score, _)| *score);
        }
        rows.push(row);
    }
    let last = rows.last()?;
    let ends = last.iter().enumerate().filter_map(|(j, found)| found.map(|(score, _)| (score, j)));
    let (score, end) = ends.max_by_key(|(score, j)| (*score, std::cmp::Reverse(*j)))?;
    let mut at = vec![end];
    for row in rows.iter().skip(1).rev() {
        let (_, from) = row.get(*at.last()?).copied().flatten()?;
        at.push(from);
    }
    at.reverse();
    (score > 0).then_some(Match { score, at })
}
