//! Palettes: from cold to hot as colours.
//!
//! Sources: Inferno, Magma, Viridis (Smith and van der Walt, matplotlib), Cividis (Nuñez and others, 2018), Turbo
//! (Mikhailov, Google, 2019), each sampled at 17 places; ironbow after the usual thermal cameras; the rest are ours.
//!
//! Invariant: the first and last of the 256 colours are the first and last stop, exactly.
//! Invariant: a colour here means a temperature and nothing else; alarm colours are never taken from a palette.

use serde::{Deserialize, Serialize};

/// 256 sRGB colours, cold to hot.
pub type Lut = [[u8; 3]; 256];

/// A way to colour temperatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Palette {
    /// Black, purple, orange, pale yellow.
    #[default]
    Inferno,
    /// Blue to yellow, made for any colour vision.
    Cividis,
    /// Purple, green, yellow.
    Viridis,
    /// Black, purple, pink, cream.
    Magma,
    /// A smooth rainbow.
    Turbo,
    /// Hot iron, as most thermal cameras show it.
    Ironbow,
    /// A rainbow of high contrast.
    RainbowHc,
    /// Blue ice to warm white.
    Arctic,
    /// Grey, hot is white.
    WhiteHot,
    /// Grey, hot is black.
    BlackHot,
}

impl Palette {
    /// All palettes in the order they are offered.
    pub const ALL: [Self; 10] = [
        Self::Inferno,
        Self::Cividis,
        Self::Viridis,
        Self::Magma,
        Self::Turbo,
        Self::Ironbow,
        Self::RainbowHc,
        Self::Arctic,
        Self::WhiteHot,
        Self::BlackHot,
    ];

    /// The name people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inferno => "Inferno",
            Self::Cividis => "Cividis",
            Self::Viridis => "Viridis",
            Self::Magma => "Magma",
            Self::Turbo => "Turbo",
            Self::Ironbow => "Ironbow",
            Self::RainbowHc => "Rainbow HC",
            Self::Arctic => "Arctic",
            Self::WhiteHot => "White hot",
            Self::BlackHot => "Black hot",
        }
    }

    /// Whether the order from cold to hot stays readable with any colour vision: lightness alone tells it.
    #[must_use]
    pub const fn colour_blind_safe(self) -> bool {
        match self {
            Self::Inferno | Self::Cividis | Self::Viridis | Self::Magma | Self::WhiteHot | Self::BlackHot => true,
            Self::Turbo | Self::Ironbow | Self::RainbowHc | Self::Arctic => false,
        }
    }

    /// Its 256 colours, built when the program was compiled.
    #[must_use]
    pub fn lut(self) -> &'static Lut {
        &LUTS[self as usize]
    }

    /// Equally spaced sRGB colours, cold to hot.
    const fn stops(self) -> &'static [[u8; 3]] {
        match self {
            Self::Inferno => &INFERNO,
            Self::Cividis => &CIVIDIS,
            Self::Viridis => &VIRIDIS,
            Self::Magma => &MAGMA,
            Self::Turbo => &TURBO,
            Self::Ironbow => &IRONBOW,
            Self::RainbowHc => &RAINBOW_HC,
            Self::Arctic => &ARCTIC,
            Self::WhiteHot => &[[0, 0, 0], [255, 255, 255]],
            Self::BlackHot => &[[255, 255, 255], [0, 0, 0]],
        }
    }
}

/// The colours of "above limit": 128 greys below it, and 128 of one hue from it up, lighter with heat throughout, so that
/// lightness alone tells it too.
pub static ABOVE_LIMIT: Lut = above_limit();

/// The colours of a difference: blue below, grey at none, orange above; any colour vision tells the two apart.
pub static DIFFERENCE: Lut =
    interpolate(&[[96, 176, 255], [64, 120, 200], [84, 84, 88], [200, 116, 40], [255, 178, 84]]);

const fn above_limit() -> Lut {
    let (greys, hues) = (interpolate(&[[14, 14, 14], [108, 108, 108]]), interpolate(&ABOVE));
    let mut lut = [[0; 3]; 256];
    let mut i = 0;
    while i < 128 {
        lut[i] = greys[i * 255 / 127];
        lut[128 + i] = hues[i * 255 / 127];
        i += 1;
    }
    lut
}

const ABOVE: [[u8; 3]; 3] = [[226, 104, 8], [255, 166, 72], [255, 232, 190]];

static LUTS: [Lut; Palette::ALL.len()] = luts();

const fn luts() -> [Lut; Palette::ALL.len()] {
    let mut luts = [[[0; 3]; 256]; Palette::ALL.len()];
    let mut i = 0;
    while i < Palette::ALL.len() {
        luts[Palette::ALL[i] as usize] = interpolate(Palette::ALL[i].stops());
        i += 1;
    }
    luts
}

/// Linear between the stops, rounded to the nearest byte.
const fn interpolate(stops: &[[u8; 3]]) -> Lut {
    let mut lut = [[0; 3]; 256];
    let mut i = 0;
    while i < 256 {
        let place = i * (stops.len() - 1);
        let (from, share) = (place / 255, place % 255);
        let to = if share == 0 { from } else { from + 1 };
        let mut channel = 0;
        while channel < 3 {
            let (a, b) = (stops[from][channel] as usize, stops[to][channel] as usize);
            lut[i][channel] = ((a * (255 - share) + b * share + 127) / 255) as u8;
            channel += 1;
        }
        i += 1;
    }
    lut
}

const INFERNO: [[u8; 3]; 17] = [
    [0, 0, 4],
    [11, 7, 36],
    [33, 12, 74],
    [61, 9, 101],
    [87, 16, 110],
    [113, 25, 110],
    [138, 34, 106],
    [163, 44, 97],
    [188, 55, 84],
    [210, 70, 68],
    [228, 90, 49],
    [241, 115, 29],
    [249, 142, 9],
    [252, 172, 17],
    [249, 203, 53],
    [242, 234, 105],
    [252, 255, 164],
];

const CIVIDIS: [[u8; 3]; 17] = [
    [0, 34, 78],
    [0, 46, 106],
    [26, 56, 111],
    [50, 67, 109],
    [67, 78, 108],
    [83, 90, 109],
    [97, 101, 111],
    [111, 112, 115],
    [125, 124, 120],
    [140, 136, 120],
    [155, 148, 118],
    [171, 160, 114],
    [188, 174, 108],
    [205, 187, 99],
    [222, 201, 88],
    [240, 216, 70],
    [254, 232, 56],
];

const VIRIDIS: [[u8; 3]; 17] = [
    [68, 1, 84],
    [72, 24, 106],
    [71, 45, 123],
    [66, 64, 134],
    [59, 82, 139],
    [51, 99, 141],
    [44, 114, 142],
    [38, 130, 142],
    [33, 145, 140],
    [31, 160, 136],
    [40, 174, 128],
    [63, 188, 115],
    [94, 201, 98],
    [132, 212, 75],
    [173, 220, 48],
    [216, 226, 25],
    [253, 231, 37],
];

const MAGMA: [[u8; 3]; 17] = [
    [0, 0, 4],
    [10, 8, 34],
    [29, 17, 71],
    [54, 16, 107],
    [81, 18, 124],
    [106, 28, 129],
    [131, 38, 129],
    [156, 46, 127],
    [183, 55, 121],
    [208, 65, 111],
    [231, 82, 99],
    [245, 107, 92],
    [252, 137, 97],
    [254, 167, 114],
    [254, 196, 136],
    [253, 226, 163],
    [252, 253, 191],
];

const TURBO: [[u8; 3]; 17] = [
    [48, 18, 59],
    [64, 64, 162],
    [70, 107, 227],
    [66, 148, 255],
    [40, 188, 235],
    [24, 221, 194],
    [50, 242, 152],
    [109, 254, 98],
    [164, 252, 60],
    [205, 236, 52],
    [238, 207, 58],
    [253, 172, 52],
    [251, 126, 33],
    [235, 80, 14],
    [208, 47, 5],
    [169, 22, 1],
    [122, 4, 3],
];

const IRONBOW: [[u8; 3]; 17] = [
    [0, 0, 10],
    [10, 0, 112],
    [56, 0, 143],
    [100, 0, 155],
    [145, 0, 156],
    [179, 1, 150],
    [200, 16, 136],
    [217, 42, 96],
    [230, 70, 22],
    [239, 96, 4],
    [244, 122, 0],
    [250, 148, 0],
    [254, 180, 0],
    [254, 207, 4],
    [255, 229, 49],
    [255, 244, 154],
    [255, 255, 246],
];

const RAINBOW_HC: [[u8; 3]; 9] = [
    [0, 0, 0],
    [60, 0, 120],
    [0, 0, 255],
    [0, 180, 255],
    [0, 220, 80],
    [230, 240, 0],
    [255, 140, 0],
    [230, 0, 0],
    [255, 255, 255],
];

const ARCTIC: [[u8; 3]; 5] = [[10, 10, 60], [30, 90, 200], [120, 200, 255], [255, 200, 80], [255, 250, 220]];
