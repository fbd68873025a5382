//! A snapshot as CSV.
//!
//! Invariant: every number of the matrix reads back as the very number of the frame.

use std::fmt::Write as _;

use crate::model::thermal::region::Region;
use crate::report::history::line;
use crate::report::snapshot::{Shot, kind, title};
use crate::report::words;

pub(super) fn csv(shot: &Shot) -> String {
    let mut out = String::with_capacity(shot.frame().size.cells() * 8 + 1024);
    for fact in facts(shot).into_iter().chain(meters(shot)) {
        let _ = write!(out, "# {}\r\n", line(&fact));
    }
    out.push_str("# cells: degrees Celsius, row by row in the sensor's own order; empty: no value\r\n");
    let cols = shot.frame().size.cols();
    for (index, cell) in shot.frame().cells().enumerate() {
        if let Some(celsius) = cell {
            let _ = write!(out, "{celsius}");
        }
        out.push_str(if (index + 1) % cols == 0 { "\r\n" } else { "," });
    }
    out
}

fn facts(shot: &Shot) -> Vec<String> {
    let (facts, frame) = (&shot.facts, shot.frame());
    let celsius = |value: Option<f32>, none: &str| value.map_or_else(|| none.to_owned(), |value| format!("{value} C"));
    let cell = |index: u32| {
        let (index, cols) = (index as usize, frame.size.cols());
        words::cell((index / cols) as u16, (index % cols) as u16)
    };
    let mut out = vec![
        "Hearthlight thermal snapshot".to_owned(),
        format!("device: {} ({})", facts.name, facts.device),
        format!("location: {}", facts.location),
        format!("place: {}", facts.place),
        format!("simulated: {}", facts.simulated),
        format!("time: {}", words::stamp(frame.wall, &facts.zone)),
        format!("sequence: {}", frame.sequence),
        format!("size: {} columns, {} rows", frame.size.cols(), frame.size.rows()),
        format!("profile: {}", frame.meaning.name()),
        format!("calibrated: {}", frame.calibrated),
        format!("emissivity: {}", frame.emissivity),
        format!("reflected: {}", celsius(frame.reflected, "from the chip temperature")),
        format!("chip: {}", celsius(frame.ambient, "unknown")),
        format!("cells without a value: {}", frame.n_broken()),
        format!("masked cells: {}", frame.n_masked()),
    ];
    if let Some(e) = frame.extremes {
        out.push(format!("coldest: {} C at {}", e.min, cell(e.min_at)));
        out.push(format!("mean: {} C", e.mean));
        out.push(format!("hottest: {} C at {}", e.max, cell(e.max_at)));
    }
    out
}

fn meters(shot: &Shot) -> Vec<String> {
    let named = |region: &Region| format!("{} {}", kind(region), title(region.id.as_str(), &region.name));
    let mut out = Vec::new();
    for (region, reading) in &shot.measured.regions {
        let emissivity = region.emissivity.map_or_else(String::new, |e| format!(", emissivity {e}"));
        out.push(match reading {
            _ if region.mask => named(region),
            Some(r) => {
                format!(
                    "{}: max {} C, mean {} C, min {} C, cells {}{emissivity}",
                    named(region),
                    r.max,
                    r.mean,
                    r.min,
                    r.n
                )
            }
            None => format!("{}: no value{emissivity}", named(region)),
        });
    }
    for (delta, kelvin) in &shot.measured.deltas {
        let ((of, figure), (minus, other)) = (&delta.of, &delta.minus);
        let value = kelvin.map_or_else(|| "no value".to_owned(), |kelvin| format!("{kelvin} K"));
        let title = title(delta.id.as_str(), &delta.name);
        out.push(format!("delta {title}: {of} {} - {minus} {}: {value}", figure.word(), other.word()));
    }
    out
}
