//! A snapshot as a picture: title and facts, the heat picture with what lies over it, its scale, its figures in a table.

use crate::heat::picture::{Colouring, Span};
use crate::model::exports::{Colours, Look};
use crate::report::drawing::{Drawing, Side};
use crate::report::heat::{self, Picture, SCALE_WIDE, SMALL};
use crate::report::ink;
use crate::report::letters::{Face, fitted, width_of};
use crate::report::snapshot::{Shot, kind, overlay, title};
use crate::report::words;
use crate::units::temperature::Scale;

const MARGIN: i32 = 40;
/// Where the picture begins.
const TOP: i32 = 206;
const TITLE: i32 = 36;
const ROW: i32 = 36;
/// The narrowest picture's room: facts and figures need it.
const NARROWEST: i32 = 1000;
/// The differences at the ends of the colours where nobody said which, K.
const KELVIN: f32 = 5.0;
/// Columns of figures, from the right end of each.
const COLUMNS: [i32; 4] = [560, 700, 840, 980];

pub(super) fn drawing(shot: &Shot, look: &Look) -> Drawing {
    let frame = shot.frame();
    let cell = heat::cell_length(look.mounting.shown(frame.size));
    let (mounting, smooth, colouring) = (look.mounting, look.smooth, colouring(shot, look));
    let picture = Picture { frame, mounting, colouring, smooth, at: (MARGIN, TOP), cell };
    let (width, height) = picture.extent();
    let table = table(shot, look.scale);
    let wide = (width + SCALE_WIDE).max(NARROWEST);
    let foot = if table.is_empty() { 0 } else { ROW * (table.len() as i32 + 2) };
    let mut out = Drawing::new((wide + 2 * MARGIN) as u32, (TOP + height + foot + 2 * MARGIN) as u32);
    head(&mut out, shot, look, wide);
    picture.paint(&mut out);
    overlay::draw(&mut out, &picture, &shot.measured.regions, look.isotherm, look.scale);
    picture.scale(&mut out, look.scale);
    figures(&mut out, &table, TOP + height + ROW + 24);
    out
}

/// What the colours mean. Differences from a usual picture that is not known are none: then they are temperatures.
fn colouring<'a>(shot: &'a Shot, look: &Look) -> Colouring<'a> {
    let own = || heat::own_span(shot.frame());
    let span = || look.span.map_or_else(own, |(low, high)| Span { low, high });
    let lut = heat::palette(&look.palette).lut();
    match (look.colours, shot.usual.as_deref().filter(|usual| usual.size == shot.frame().size)) {
        (Colours::Heat, _) => Colouring::Heat { lut, span: span() },
        (Colours::AboveLimit(limit), _) => Colouring::AboveLimit { limit, span: span() },
        (Colours::Difference, Some(baseline)) => {
            let kelvin = look.span.map_or(KELVIN, |(low, high)| low.abs().max(high.abs()));
            Colouring::Difference { baseline, kelvin }
        }
        (Colours::Difference, None) => Colouring::Heat { lut, span: own() },
    }
}

/// Name and time, then two lines of facts.
fn head(out: &mut Drawing, shot: &Shot, look: &Look, wide: i32) {
    let (facts, frame) = (&shot.facts, shot.frame());
    let time = words::time(frame.wall, &facts.zone);
    let time_wide = width_of(&time, Face::Plain, TITLE - 10);
    let name = fitted(&facts.name, Face::Strong, TITLE, wide - time_wide - 40);
    out.text((MARGIN, 62), Side::Right, name, Face::Strong, TITLE, ink::TEXT);
    out.text((MARGIN + wide, 62), Side::Left, time, Face::Plain, TITLE - 10, ink::TEXT);
    for (line, y) in [(where_line(shot), 106), (how_line(shot, look), 140)] {
        let line = fitted(&line, Face::Plain, SMALL, wide);
        out.text((MARGIN, y), Side::Right, line, Face::Plain, SMALL, ink::FAINT);
    }
}

fn where_line(shot: &Shot) -> String {
    let (facts, frame) = (&shot.facts, shot.frame());
    let mut parts = vec![facts.location.clone()];
    parts.extend(Some(&facts.place).filter(|place| !place.is_empty()).cloned());
    parts.extend(facts.simulated.then(|| "simulated".to_owned()));
    parts.push(format!("{} x {} cells", frame.size.cols(), frame.size.rows()));
    parts.push(frame.meaning.name());
    parts.extend((!frame.calibrated).then(|| "uncalibrated".to_owned()));
    parts.push(format!("frame {}", frame.sequence));
    parts.join(" \u{b7} ")
}

fn how_line(shot: &Shot, look: &Look) -> String {
    let (frame, scale) = (shot.frame(), look.scale);
    let degrees = |celsius: f32| words::degrees(celsius, scale);
    let reflected = frame.reflected.map_or_else(|| "from the chip".to_owned(), degrees);
    let mut parts = vec![format!("emissivity {}", frame.emissivity), format!("reflected {reflected}")];
    parts.extend(frame.ambient.map(|celsius| format!("chip {}", degrees(celsius))));
    parts.extend(look.isotherm.map(|celsius| format!("outlined from {}", degrees(celsius))));
    parts.push(match colouring(shot, look) {
        Colouring::Heat { .. } if look.colours == Colours::Difference => {
            format!("{}: no usual picture is known", heat::palette(&look.palette).name())
        }
        Colouring::Heat { .. } => heat::palette(&look.palette).name().to_owned(),
        Colouring::AboveLimit { limit, .. } => format!("grey below {}", degrees(limit)),
        Colouring::Difference { .. } => "difference from the usual picture".to_owned(),
    });
    parts.push(if look.smooth { "smooth; figures are of cells" } else { "cells" }.to_owned());
    parts.join(" \u{b7} ")
}

/// One row of figures: what, and highest, mean, lowest, cells.
type Row = (String, [String; 4]);

fn table(shot: &Shot, scale: Scale) -> Vec<Row> {
    let mut rows = Vec::new();
    let figure = |celsius: f32| format!("{:.1}", scale.of(celsius));
    if let Some(e) = shot.frame().extremes {
        let n = shot.frame().seen_cells().flatten().count();
        rows.push(("Whole picture".to_owned(), [figure(e.max), figure(e.mean), figure(e.min), n.to_string()]));
    }
    for (region, reading) in &shot.measured.regions {
        let name = format!("{} ({})", title(region.id.as_str(), &region.name), kind(region));
        let none = if region.mask { "" } else { "\u{2013}" };
        rows.push((
            name,
            match reading {
                Some(r) if !region.mask => [figure(r.max), figure(r.mean), figure(r.min), r.n.to_string()],
                _ => [none; 4].map(str::to_owned),
            },
        ));
    }
    for (delta, kelvin) in &shot.measured.deltas {
        let ((of, figure), (minus, other)) = (&delta.of, &delta.minus);
        let what = format!("{of} {} \u{2212} {minus} {}", figure.word(), other.word());
        let name = format!("{} ({what})", title(delta.id.as_str(), &delta.name));
        let value =
            kelvin.map_or_else(|| "\u{2013}".to_owned(), |kelvin| format!("{:.1}", scale.of_difference(kelvin)));
        rows.push((name, [value, String::new(), String::new(), String::new()]));
    }
    rows.into_iter().map(|(name, figures)| (name, figures.map(|figure| figure.replace('-', "\u{2212}")))).collect()
}

fn figures(out: &mut Drawing, rows: &[Row], top: i32) {
    if rows.is_empty() {
        return;
    }
    for (heading, right) in ["max", "mean", "min", "cells"].into_iter().zip(COLUMNS) {
        out.text((MARGIN + right, top), Side::Left, heading, Face::Plain, SMALL, ink::FAINT);
    }
    for (n, (name, figures)) in rows.iter().enumerate() {
        let y = top + ROW * (n as i32 + 1);
        let name = fitted(name, Face::Plain, SMALL, COLUMNS[0] - 130);
        out.text((MARGIN, y), Side::Right, name, Face::Plain, SMALL, ink::TEXT);
        for (figure, right) in figures.iter().zip(COLUMNS) {
            out.text((MARGIN + right, y), Side::Left, figure.as_str(), Face::Mono, SMALL, ink::TEXT);
        }
    }
}
