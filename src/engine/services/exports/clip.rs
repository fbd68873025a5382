//! The job of a clip: every thermal picture of a stretch of time, one row each.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use jiff::Timestamp;

use crate::engine::services::exports::Desk;
use crate::engine::services::exports::out::{Out, device_name};
use crate::engine::services::exports::progress::{Progress, Stopped};
use crate::model::exports::Standing;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::report::words;
use crate::units::grid::Size;

/// What was written so far.
struct Clip<'a> {
    desk: &'a Desk,
    out: Out<'a>,
    size: Option<Size>,
    row: String,
}

pub(super) fn write(
    desk: &Desk,
    device: &DeviceId,
    span: (Timestamp, Timestamp),
    progress: &mut Progress,
) -> Result<Standing, Stopped> {
    let name = device_name(&desk.snapshot.load(), device);
    let (from, to) = span;
    let length = (to.as_millisecond() - from.as_millisecond()).max(1) as f32;
    let out = Out::begin(desk, ("clip", &name), from, "csv", progress)?;
    let mut clip = Clip { desk, out, size: None, row: String::new() };
    clip.head(&name, device, span)?;
    let mut ended = Ok(());
    desk.past
        .each(device, span, &mut |frame| {
            let share = (frame.wall.as_millisecond() - from.as_millisecond()) as f32 / length;
            ended = progress.reached(share).and_then(|()| clip.frame(frame));
            if ended.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(Stopped::Failed)?;
    ended?;
    if clip.size.is_none() {
        let (from, to) = (words::time(from, &desk.zone), words::time(to, &desk.zone));
        return Err(Stopped::Failed(format!(
            "Nothing of {name} was recorded from {from} to {to}. Choose another time."
        )));
    }
    clip.out.keep(progress)
}

impl Clip<'_> {
    fn head(&mut self, name: &str, device: &DeviceId, (from, to): (Timestamp, Timestamp)) -> Result<(), Stopped> {
        let (from, to) = (words::stamp(from, &self.desk.zone), words::stamp(to, &self.desk.zone));
        let head = format!(
            "# Hearthlight thermal pictures\r\n# device: {name} ({device})\r\n# from: {from}\r\n# to: {to}\r\n\
             # cells: degrees Celsius, row by row in the sensor's own order; empty: no value\r\n"
        );
        self.out.write(head.as_bytes())
    }

    fn frame(&mut self, frame: &ThermalFrame) -> Result<(), Stopped> {
        self.row.clear();
        // An array whose size was changed begins a new table.
        if self.size != Some(frame.size) {
            self.size = Some(frame.size);
            self.row.push_str("time,sequence,emissivity,chip");
            for cell in 0..frame.size.cells() {
                let _ = write!(self.row, ",r{}c{}", cell / frame.size.cols() + 1, cell % frame.size.cols() + 1);
            }
            self.row.push_str("\r\n");
        }
        let time = words::stamp(frame.wall, &self.desk.zone);
        let _ = write!(self.row, "{time},{},{},", frame.sequence, frame.emissivity);
        if let Some(chip) = frame.ambient {
            let _ = write!(self.row, "{chip}");
        }
        for cell in frame.cells() {
            self.row.push(',');
            if let Some(celsius) = cell {
                let _ = write!(self.row, "{celsius}");
            }
        }
        self.row.push_str("\r\n");
        self.out.write(self.row.as_bytes())
    }
}
