//! Arrays other than a calibrated MLX90640, as data: how many words they send and what the words mean.
//!
//! Invariant: what the operator chose always wins over what was recognised; only a size that does not fit the number
//! of words is refused.

use crate::heat::{mlx90640, plausible};
use crate::model::thermal::{Choice, PixelMeaning, ThermalFrame};
use crate::units::grid::Size;
use crate::units::temperature::ZERO_CELSIUS_K;

/// An array on the market, and how its numbers usually come over the wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownArray {
    /// Its name as on the package.
    pub name: &'static str,
    /// Columns and rows.
    pub size: Size,
    /// Words of a frame.
    pub n_words: usize,
    /// The usual meaning of its words.
    pub meaning: PixelMeaning,
}

const fn array(name: &'static str, cols: u16, rows: u16, meaning: PixelMeaning) -> KnownArray {
    // A size of zero cannot be written in the table below: the fallback is never used.
    let size = match Size::new(cols, rows) {
        Some(size) => size,
        None => Size::MLX90640,
    };
    KnownArray { name, size, n_words: size.cells(), meaning }
}

/// Arrays by name; where two send as many words, the more common one first.
///
/// Raw counts of an MLX90621 or MLX90641 mean nothing without calibrations we cannot read, so a device that has one
/// must send temperatures; hundredths around 27 C is the scale the existing firmware uses for pixels without auxiliary
/// words. AMG8833: Panasonic Grid-EYE specification, "Temperature register". HTPA: Heimann, tenths of a kelvin after
/// computation in the host. Lepton: FLIR Lepton datasheet, "TLinear", hundredths of a kelvin.
pub static ARRAYS: &[KnownArray] = &[
    KnownArray { n_words: mlx90640::FRAME_WORDS, ..array("MLX90640", 32, 24, PixelMeaning::Mlx90640Raw) },
    array("MLX90640, temperatures only", 32, 24, PixelMeaning::CentiOffset27),
    array("AMG8833", 8, 8, PixelMeaning::QuarterCelsius),
    array("MLX90621", 16, 4, PixelMeaning::CentiOffset27),
    array("MLX90641", 16, 12, PixelMeaning::CentiOffset27),
    array("HTPA32x32", 32, 32, PixelMeaning::DeciKelvin),
    array("HTPA80x64", 80, 64, PixelMeaning::DeciKelvin),
    array("Lepton 2.x", 80, 60, PixelMeaning::CentiKelvin),
    array("Lepton 3.x", 160, 120, PixelMeaning::CentiKelvin),
];

/// The most common array that sends frames of this many words.
#[must_use]
pub fn known(n_words: usize) -> Option<&'static KnownArray> {
    ARRAYS.iter().find(|array| array.n_words == n_words)
}

/// What a frame is: the operator's choice where there is one, else what the words look like. `None` if the number of
/// words fits neither the chosen size nor, without one, any known array.
///
/// 834 words are always 32 x 24 pixels and a tail; if the tail is not that of an MLX90640 (simulators send random ones)
/// the pixels are hundredths around 27 C. A chosen size of no known array means the same scale.
#[must_use]
pub fn recognise(words: &[u16], choice: &Choice) -> Option<(Size, PixelMeaning)> {
    let with_tail = words.len() == mlx90640::FRAME_WORDS;
    let n_pixels = if with_tail { Size::MLX90640.cells() } else { words.len() };
    let size = match choice.size {
        Some(size) if with_tail && size != Size::MLX90640 => return None,
        Some(size) => (size.cells() == n_pixels).then_some(size)?,
        None => known(words.len())?.size,
    };
    let usual = || match ARRAYS.iter().find(|array| array.size == size && array.n_words == words.len()) {
        Some(array) if array.meaning != PixelMeaning::Mlx90640Raw || mlx90640::looks_like(words) => array.meaning,
        _ => PixelMeaning::CentiOffset27,
    };
    Some((size, choice.meaning.unwrap_or_else(usual)))
}

/// Fills `frame` with the first words of `words`, scaled. No auxiliary numbers are known then, and no emissivity is
/// corrected for (1.0, no reflected temperature). A word without a temperature (missing, or a custom scale that is not finite) makes its cell
/// broken. Raw counts are no temperatures: that frame comes out uncalibrated, without any value.
pub fn scale(meaning: PixelMeaning, words: &[u16], size: Size, frame: &mut ThermalFrame) {
    let cells = frame.begin(size);
    match meaning {
        PixelMeaning::Mlx90640Raw => cells.fill(f32::NAN),
        PixelMeaning::CentiOffset27 => each(words, cells, |w| f32::from(w as i16) / 100.0 + 27.0),
        PixelMeaning::CentiKelvin => each(words, cells, |w| f32::from(w) / 100.0 - ZERO_CELSIUS_K),
        PixelMeaning::DeciKelvin => each(words, cells, |w| f32::from(w) / 10.0 - ZERO_CELSIUS_K),
        PixelMeaning::DeciCelsius => each(words, cells, |w| f32::from(w as i16) / 10.0),
        PixelMeaning::QuarterCelsius => each(words, cells, |w| f32::from(((w << 4) as i16) >> 4) / 4.0),
        PixelMeaning::Custom { scale, offset } => each(words, cells, |w| f32::from(w as i16) * scale + offset),
    }
    if !cells.iter().fold(true, |so_far, t| so_far & t.is_finite()) {
        plausible::break_not_finite(frame);
    }
    frame.meaning = meaning;
    frame.calibrated = meaning != PixelMeaning::Mlx90640Raw;
    frame.ambient = None;
    frame.supply = None;
    frame.emissivity = 1.0;
    frame.reflected = None;
}

#[inline]
fn each(words: &[u16], cells: &mut [f32], celsius: impl Fn(u16) -> f32) {
    let n = words.len().min(cells.len());
    cells.iter_mut().zip(words).for_each(|(cell, &word)| *cell = celsius(word));
    cells.iter_mut().skip(n).for_each(|cell| *cell = f32::NAN);
}
