//! What Yeelight models can do, as far as they do not say it themselves: their whites.
//!
//! To add one: a line, before any whose beginning it shares.

/// Beginnings of model names with warmest and coldest white, K, of their main light. `None`: one white only.
const WHITES: &[(&str, Option<(u16, u16)>)] = &[
    ("mono", None),
    ("color", Some((1700, 6500))),
    ("strip", Some((1700, 6500))),
    ("bslamp", Some((1700, 6500))),
    ("ct", Some((2700, 6500))),
    ("ceiling", Some((2700, 6500))),
    ("desklamp", Some((2700, 6500))),
    ("lamp", Some((2700, 5000))),
];

/// Whites of a background light, K.
pub const BACK_WHITES: (u16, u16) = (1700, 6500);

/// Warmest and coldest white of a model, K; of one that is not known the range that all have.
#[must_use]
pub fn whites(model: &str) -> Option<(u16, u16)> {
    WHITES.iter().find(|(start, _)| model.starts_with(start)).map_or(Some((2700, 6500)), |(_, whites)| *whites)
}
