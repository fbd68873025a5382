//! The colours of reports: for white paper, each with its partner for a dark screen.
//!
//! Invariant: whatever a drawing of [`crate::report`] is made of is in [`THEMED`], but for what lies over a heat
//! picture; so [`dark_css`] turns a whole drawing over.
//! Invariant: these mean no temperature; those of a heat picture come from its palette alone.

use crate::model::alarms::rule::Level;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink(pub [u8; 3]);

impl Ink {
    const fn hex(rgb: u32) -> Self {
        Self([(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8])
    }

    /// As in CSS and SVG: `#17181A`.
    #[must_use]
    pub fn css(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02X}{g:02X}{b:02X}")
    }
}

/// The paper.
pub const GROUND: Ink = Ink::hex(0xFFFFFF);
/// Text.
pub const TEXT: Ink = Ink::hex(0x17181A);
/// Text beside.
pub const FAINT: Ink = Ink::hex(0x5B5F65);
/// Lines of the grid.
pub const GRID: Ink = Ink::hex(0xD9DADC);
/// Frames of areas.
pub const EDGE: Ink = Ink::hex(0x7C7F83);
/// Danger.
pub const DANGER: Ink = Ink::hex(0xB5192B);
/// Warning.
pub const WARNING: Ink = Ink::hex(0x7A5600);
/// Notice.
pub const NOTICE: Ink = Ink::hex(0x1D5AA6);
/// Lines of series, told apart by their marks as well.
pub const SERIES: [Ink; 6] = [
    Ink::hex(0x814F0D),
    Ink::hex(0x12638E),
    Ink::hex(0x570230),
    Ink::hex(0x9E861C),
    Ink::hex(0x519590),
    Ink::hex(0x320C8A),
];
/// Over a heat picture: lines.
pub const MARK: Ink = Ink::hex(0xFFFFFE);
/// Over a heat picture: around lines, and under labels.
pub const HALO: Ink = Ink::hex(0x0B0C0E);

/// Over a heat picture: slanted lines over cells that have no value or a mask.
pub const HATCH: Ink = Ink::hex(0x94928E);

/// Each colour of paper with its partner on a dark screen.
pub const THEMED: [(Ink, Ink); 14] = [
    (GROUND, Ink::hex(0x121316)),
    (TEXT, Ink::hex(0xF2F0ED)),
    (FAINT, Ink::hex(0xB9B6B1)),
    (GRID, Ink::hex(0x2B2E33)),
    (EDGE, Ink::hex(0x747981)),
    (DANGER, Ink::hex(0xFF6B66)),
    (WARNING, Ink::hex(0xF3C13A)),
    (NOTICE, Ink::hex(0x84B6F4)),
    (SERIES[0], Ink::hex(0xF19351)),
    (SERIES[1], Ink::hex(0x86FEF5)),
    (SERIES[2], Ink::hex(0xC04775)),
    (SERIES[3], Ink::hex(0xFAEA5C)),
    (SERIES[4], Ink::hex(0x3280DD)),
    (SERIES[5], Ink::hex(0xABB1E9)),
];

/// The colour of a level. It never stands without the level's shape or word.
#[must_use]
pub const fn level(level: Level) -> Ink {
    match level {
        Level::Danger => DANGER,
        Level::Warning => WARNING,
        Level::Notice => NOTICE,
    }
}

/// The colour of the `n`th series.
#[must_use]
pub fn series(n: usize) -> Ink {
    SERIES.get(n % SERIES.len()).copied().unwrap_or(TEXT)
}

/// Style rules that show drawings in the colours for a dark screen.
#[must_use]
pub fn dark_css() -> String {
    let rule = |(light, dark): &(Ink, Ink)| {
        let (light, dark) = (light.css(), dark.css());
        format!("svg [fill=\"{light}\"]{{fill:{dark}}}svg [stroke=\"{light}\"]{{stroke:{dark}}}\n")
    };
    THEMED.iter().map(rule).collect()
}
