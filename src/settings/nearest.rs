//! The known word that a mistyped one is nearest to.

/// The nearest of `known` to `word`, if at most a third of its characters differ (at least two may).
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(2);
    known.map(|k| (distance(word, k), k)).min().filter(|(d, _)| *d <= limit).map(|(_, k)| k)
}

/// Levenshtein distance: how many characters must be put in, taken out or replaced to make `b` of `a`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = *cell;
            left = replaced.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        row[0] = i + 1;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_edits() {
        for (a, b, d) in [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("listen", "lisen", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), d, "{a} {b}");
            assert_eq!(distance(b, a), d, "{b} {a}");
        }
    }

    #[test]
    fn finds_the_near_and_leaves_the_far() {
        assert_eq!(nearest("palete", ["theme", "palette"].into_iter()), Some("palette"));
        assert_eq!(nearest("nonsense", ["theme", "palette"].into_iter()), None);
    }
}
