//! Heat as numbers and as pictures: true temperatures of an MLX90640, other arrays as data, whether a frame can be
//! believed, palettes, painting, and the gas sensors that stand beside the arrays.
//!
//! ```text
//!  834 words ─▶ profile::recognise ─▶ mlx90640 | profile::scale ─▶ ThermalFrame ─▶ plausible::Gate ─▶ region::Plan ─▶ watch
//!                                                                                                 └──▶ picture::Painter
//! ```
//!
//! Invariant: pure. No clock, no file, no socket, no channel; the same words always give the same frame.
//! Invariant: no `NaN` and no infinity leaves this room; a cell without a temperature is broken in its frame's mask.
//! Invariant: pictures read frames and never write to them; a number shown to a person comes from the frame.
//! Invariant: nothing here allocates per frame once its buffers have grown to the size of the array.
//!
//! To add one: an array is a line in [`profile::ARRAYS`]; a palette is an arm in [`palette::Palette`] and its stops; a gas
//! sensor is a line in [`gas::profiles`]. An array with a calibration of its own gets a file like [`mlx90640`].

pub mod contour;
pub mod emissivity;
pub mod fusion;
pub mod gas;
pub mod histogram;
pub mod isotherm;
pub mod margin;
pub mod mlx90640;
pub mod palette;
pub mod picture;
pub mod plausible;
pub mod profile;
pub mod recorded;
pub mod region;
pub mod watch;
