//! The heat room: temperatures against recorded truth, gates, palettes, pictures, gas.

mod contour;
mod fusion;
mod gas;
mod isotherm;
mod margin;
mod mlx90640;
mod palette;
mod picture;
mod picture_modes;
mod plausible;
mod profile;
mod region;
mod region_outside;
mod watch;
mod watch_check;
mod watch_learn;
mod watch_probe;
mod watch_region;
mod watch_standard;
mod watch_stories;

use hearthlight::heat::mlx90640::Calibration;
use hearthlight::heat::profile::scale;
use hearthlight::heat::recorded::recorded_eeprom;
use hearthlight::model::thermal::{PixelMeaning, ThermalFrame};
use hearthlight::units::grid::Size;

/// The calibration of the recorded device.
fn calibration() -> Calibration {
    Calibration::from_eeprom(&recorded_eeprom()).expect("the recorded calibration is good")
}

/// A calibrated frame with these temperatures; a cell of `NaN` is broken.
fn frame_of(cols: u16, rows: u16, celsius: &[f32]) -> ThermalFrame {
    let size = Size::new(cols, rows).expect("a size");
    assert_eq!(size.cells(), celsius.len());
    let mut frame = ThermalFrame::blank();
    scale(PixelMeaning::CentiOffset27, &vec![0; celsius.len()], size, &mut frame);
    frame.begin(size).copy_from_slice(celsius);
    (0..celsius.len()).filter(|&cell| celsius[cell].is_nan()).for_each(|cell| frame.set_broken(cell));
    frame
}
