//! The picture at the peak of an incident, with its scale and its hottest cell.

use crate::heat::palette::Palette;
use crate::heat::picture::Colouring;
use crate::model::alarms::journal::Still;
use crate::model::thermal::ThermalFrame;
use crate::report::drawing::Drawing;
use crate::report::heat::{self, Picture, SCALE_WIDE};
use crate::report::words;
use crate::units::grid::{Mounting, Size};
use crate::units::temperature::Scale;

const MARGIN: i32 = 8;
const TOP: i32 = 48;

/// The picture as a frame again, measured; `None` if its size is none.
pub(super) fn frame(still: &Still) -> Option<ThermalFrame> {
    let size = Size::new(still.columns, still.rows).filter(|size| size.cells() == still.centi.len())?;
    let mut frame = ThermalFrame::blank();
    frame.calibrated = true;
    frame.begin(size).iter_mut().zip(&still.centi).for_each(|(cell, centi)| *cell = f32::from(*centi) / 100.0);
    for (cell, _) in still.centi.iter().enumerate().filter(|(_, centi)| **centi == i16::MIN) {
        frame.set_broken(cell);
    }
    frame.measure();
    Some(frame)
}

/// `85.3 C at row 11, column 20`, of the hottest cell, as the journal writes it.
pub(super) fn hottest(frame: &ThermalFrame, scale: Scale) -> Option<String> {
    let e = frame.extremes?;
    let (index, cols) = (e.max_at as usize, frame.size.cols());
    let cell = words::cell((index / cols) as u16, (index % cols) as u16);
    let beside = words::in_scale(f64::from(e.max), "C", scale).map_or_else(String::new, |other| format!(" ({other})"));
    Some(format!("{}{beside} at {cell}", words::quantity(f64::from(e.max), "C")))
}

/// The picture drawn.
pub(super) fn drawing(frame: &ThermalFrame, mounting: Mounting, scale: Scale) -> Drawing {
    let cell = heat::cell_length(mounting.shown(frame.size));
    let colouring = Colouring::Heat { lut: Palette::Inferno.lut(), span: heat::own_span(frame) };
    let picture = Picture { frame, mounting, colouring, smooth: false, at: (MARGIN, TOP), cell };
    let (width, height) = picture.extent();
    let mut out = Drawing::new((width + SCALE_WIDE + 2 * MARGIN) as u32, (TOP + height + MARGIN) as u32);
    picture.paint(&mut out);
    if let Some(e) = frame.extremes {
        picture.cross(&mut out, e.max_at as usize, &words::degrees(e.max, scale));
    }
    picture.scale(&mut out, scale);
    out
}
