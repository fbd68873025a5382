//! What effects paint and drivers send: the pixels of one light at one moment.
//!
//! Invariant: a frame has at most [`MAX_PIXELS`]; its pixels are linear light, 0..=1, brightness included.

use crate::units::color::Linear;

/// Pixels of one light.
pub const MAX_PIXELS: usize = 16_384;

/// The pixels of a light, in the order of its wire. A light of one colour has one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    pixels: Vec<Linear>,
}

impl Frame {
    /// A dark frame of `n_pixels`, [`MAX_PIXELS`] at most.
    #[must_use]
    pub fn dark(n_pixels: usize) -> Self {
        Self { pixels: vec![Linear::BLACK; n_pixels.min(MAX_PIXELS)] }
    }

    /// Its pixels.
    #[must_use]
    pub fn pixels(&self) -> &[Linear] {
        &self.pixels
    }

    /// Its pixels, to be painted.
    pub fn pixels_mut(&mut self) -> &mut [Linear] {
        &mut self.pixels
    }
}
