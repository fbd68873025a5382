//! The order in which the colours of one pixel go over the wire.

use crate::drivers::Field;

/// An order of red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    red: u8,
    green: u8,
    blue: u8,
}

impl Order {
    /// All orders, in the words that people know them by.
    pub const WORDS: &'static [&'static str] = &["RGB", "RBG", "GRB", "GBR", "BRG", "BGR"];

    /// What a person can set of it, as an option.
    pub const FIELD: Field = Field {
        key: "order",
        name: "Colour order",
        hint: "Another one if red and green are swapped",
        default: "RGB",
        words: Self::WORDS,
        secret: false,
    };

    /// The order of this word, in any case.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let word = Self::WORDS.iter().find(|known| known.eq_ignore_ascii_case(word.trim()))?;
        let place = |letter| word.find(letter).and_then(|place| u8::try_from(place).ok());
        Some(Self { red: place('R')?, green: place('G')?, blue: place('B')? })
    }

    /// Red, green and blue in this order.
    #[must_use]
    pub fn of_bytes(self, [r, g, b]: [u8; 3]) -> [u8; 3] {
        [0, 1, 2].map(|place| match place {
            _ if place == self.red => r,
            _ if place == self.green => g,
            _ => b,
        })
    }
}
