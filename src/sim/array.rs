//! Kinds of thermal arrays, and how each turns true temperatures into the words it sends.
//!
//! Invariant: for an MLX90640 the words are computed backwards through its own calibration, so that whoever decodes
//! them rightly gets the scene back.

use std::sync::Arc;

use serde::Serialize;

use crate::heat::mlx90640::Calibration;
use crate::heat::recorded;
use crate::units::grid::Size;

/// A kind of array.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ArrayKind {
    /// 32 x 24, raw counts and 66 auxiliary words, with a calibration.
    #[default]
    Mlx90640,
    /// 8 x 8 Grid-EYE, quarters of a degree.
    Amg8833,
    /// 160 x 120, hundredths of a kelvin.
    Lepton,
    /// 32 x 24 in hundredths of a degree around 27 C, without auxiliary words: what simple simulators send.
    Pixels,
}

/// State of the chip that goes with a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chip {
    /// Its temperature, C.
    pub ambient: f32,
    /// Its supply, V.
    pub supply: f32,
}

impl ArrayKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Mlx90640, Self::Amg8833, Self::Lepton, Self::Pixels];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mlx90640 => "mlx90640",
            Self::Amg8833 => "amg8833",
            Self::Lepton => "lepton",
            Self::Pixels => "pixels",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(self) -> Size {
        let size = match self {
            Self::Mlx90640 | Self::Pixels => Some(Size::MLX90640),
            Self::Amg8833 => Size::new(8, 8),
            Self::Lepton => Size::new(160, 120),
        };
        size.unwrap_or(Size::MLX90640)
    }
}

/// Turns scenes into words for one kind of array.
#[derive(Clone)]
pub struct Encoder {
    kind: ArrayKind,
    eeprom: Arc<[u16]>,
    calibration: Option<Arc<Calibration>>,
}

impl Encoder {
    /// An encoder; an MLX90640 gets the calibration of a real array.
    #[must_use]
    pub fn new(kind: ArrayKind) -> Self {
        let eeprom: Arc<[u16]> =
            if kind == ArrayKind::Mlx90640 { recorded::recorded_eeprom().into() } else { Arc::from([]) };
        let calibration = Calibration::from_eeprom(&eeprom).ok().map(Arc::new);
        Self { kind, eeprom, calibration }
    }

    /// The words of its calibration; `None` if it has none.
    #[must_use]
    pub fn eeprom(&self) -> Option<&[u16]> {
        (!self.eeprom.is_empty()).then_some(&*self.eeprom)
    }

    /// Replaces `words` by what the array sends for `scene`, true degrees Celsius, row-major.
    pub fn encode(&self, scene: &[f32], chip: Chip, words: &mut Vec<u16>) {
        words.clear();
        match (self.kind, &self.calibration) {
            (ArrayKind::Mlx90640, Some(calibration)) => {
                words.resize(834, 0);
                calibration.counts(scene, chip.ambient, chip.supply, Default::default(), words);
            }
            (ArrayKind::Mlx90640 | ArrayKind::Pixels, _) => {
                words.extend(scene.iter().map(|celsius| ((celsius - 27.0) * 100.0).round() as i16 as u16));
            }
            // 12-bit two's complement, 0.25 C a count, 0..=80 C (AMG8833 datasheet, "Temperature register").
            (ArrayKind::Amg8833, _) => {
                words.extend(scene.iter().map(|celsius| (celsius.clamp(0.0, 80.0) * 4.0).round() as u16));
            }
            // Hundredths of a kelvin (Lepton software interface, "RAD TLinear").
            (ArrayKind::Lepton, _) => {
                words.extend(scene.iter().map(|celsius| ((celsius + 273.15) * 100.0).round() as u16));
            }
        }
    }
}
