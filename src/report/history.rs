//! What channels showed over time, as a file of numbers and as a page with a chart.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::history::{Point, Resolution};
use crate::model::sensors::DeviceId;
use crate::report::draw;
use crate::report::drawing::DrawError;
use crate::report::journal;
use crate::report::limits::Unit;
use crate::report::page::{self, Column, escape};
use crate::report::spec::{ChartSpec, Shade};
use crate::report::words;
use crate::units::temperature::Scale;

/// One channel and what it showed, as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Whose.
    pub device: DeviceId,
    /// What people call the device.
    pub name: String,
    /// The channel's key on the wire.
    pub channel: String,
    /// How fine the points are, from which time on, in order of time.
    pub resolutions: Vec<(i64, Resolution)>,
    /// Its points in order of time, as stored.
    pub points: Vec<Point>,
}

impl Shown {
    /// `Bench hottest cell`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.name, words::channel(&self.channel))
    }

    /// `kitchen:ADC1`, as in commands.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.device, self.channel)
    }

    /// Takes the next stretch of time in.
    pub fn push(&mut self, resolution: Resolution, points: Vec<Point>) {
        let Some(first) = points.first() else { return };
        if self.resolutions.last().is_none_or(|(_, last)| *last != resolution) {
            self.resolutions.push((first.at_ms, resolution));
        }
        // A stretch may begin with the point in which the one before it ended.
        let last = self.points.last().map_or(i64::MIN, |point| point.at_ms);
        self.points.extend(points.into_iter().filter(|point| point.at_ms > last || last == i64::MIN));
    }

    /// `full`, or `minute, from 2026-03-01 … second`.
    #[must_use]
    pub fn resolution(&self, zone: &TimeZone) -> String {
        let mut out = String::new();
        for (at_ms, resolution) in &self.resolutions {
            if out.is_empty() {
                out.push_str(resolution.word());
            } else {
                let at = words::stamp(Timestamp::from_millisecond(*at_ms).unwrap_or_default(), zone);
                let _ = write!(out, ", from {at} {}", resolution.word());
            }
        }
        if out.is_empty() { "nothing was recorded".to_owned() } else { out }
    }

    /// The lowest, mean and highest of all its points, as stored: mean of the means.
    #[must_use]
    pub fn figures(&self) -> Option<(Point, Point, f64)> {
        let low = self.points.iter().min_by(|a, b| a.min.total_cmp(&b.min))?;
        let high = self.points.iter().max_by(|a, b| a.max.total_cmp(&b.max))?;
        let sum: f64 = self.points.iter().map(|point| f64::from(point.mean)).sum();
        Some((*low, *high, sum / self.points.len() as f64))
    }
}

/// The unit of stored numbers of a channel, as files name it.
fn stored_unit(channel: &str) -> &'static str {
    match Unit::of(channel) {
        Unit::Degrees => "C",
        Unit::Kelvin => "K",
        Unit::Percent => "counts of 4095",
        Unit::Plain => "as sent",
    }
}

/// The head of the CSV: lines of facts, then the names of columns.
#[must_use]
pub fn csv_head(channels: &[Shown], from: Timestamp, to: Timestamp, zone: &TimeZone) -> String {
    let mut out = String::from("# Hearthlight history\r\n");
    let _ = write!(out, "# from: {}\r\n# to: {}\r\n", words::stamp(from, zone), words::stamp(to, zone));
    for shown in channels {
        let (key, unit) = (line(&shown.key()), stored_unit(&shown.channel));
        let name = line(&shown.title());
        let _ = write!(out, "# {key}: {name}, unit: {unit}, resolution: {}\r\n", shown.resolution(zone));
    }
    out.push_str("# a row is a stretch of time that begins there; empty: nothing was heard\r\ntime");
    for shown in channels {
        for figure in ["min", "mean", "max"] {
            out.push(',');
            journal::field(&mut out, &format!("{} {figure}", line(&shown.key())));
        }
    }
    out + "\r\n"
}

/// A text within a line of facts.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The rows of the CSV one after the other: one for each time at which any channel has a point.
pub struct Rows<'a> {
    channels: &'a [Shown],
    next: Vec<usize>,
    zone: &'a TimeZone,
}

impl<'a> Rows<'a> {
    /// All rows.
    #[must_use]
    pub fn new(channels: &'a [Shown], zone: &'a TimeZone) -> Self {
        Self { channels, next: vec![0; channels.len()], zone }
    }
}

impl Iterator for Rows<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let ahead = |(shown, next): (&Shown, &usize)| shown.points.get(*next).map(|point| point.at_ms);
        let at_ms = self.channels.iter().zip(&self.next).filter_map(ahead).min()?;
        let mut out = words::stamp(Timestamp::from_millisecond(at_ms).unwrap_or_default(), self.zone);
        for (shown, next) in self.channels.iter().zip(&mut self.next) {
            match shown.points.get(*next).filter(|point| point.at_ms == at_ms) {
                Some(Point { min, mean, max, .. }) => {
                    *next += 1;
                    let _ = write!(out, ",{min},{mean},{max}");
                }
                None => out.push_str(",,,"),
            }
        }
        out.push_str("\r\n");
        Some(out)
    }
}

/// The page of a chart: the drawing, the figures of each channel, alarms and marks of the time.
///
/// # Errors
/// If it cannot be drawn.
pub fn html(spec: &ChartSpec, channels: &[Shown]) -> Result<String, DrawError> {
    let svg = draw::bare(spec).inline_svg(&spec.title)?;
    let title = escape(&spec.title);
    let mut body = format!("<h1>{title}</h1>\n<p class=\"faint\">{}</p>\n", escape(&spec.note));
    let _ = writeln!(body, "<figure>{svg}</figure>");
    body += &page::table("Figures", &FIGURES, &figures(channels, &spec.zone));
    body += &page::table("Alarms", &ALARMS, &alarms(&spec.shades, &spec.zone));
    let at = |ms| words::time(Timestamp::from_millisecond(ms).unwrap_or_default(), &spec.zone);
    let marks: Vec<_> = spec.marks.iter().map(|mark| vec![at(mark.at_ms), mark.name.clone()]).collect();
    body += &page::table("Bookmarks", &[("Time", Column::Time), ("Words", Column::Words)], &marks);
    Ok(page::page(&spec.title, &body))
}

const FIGURES: [(&str, Column); 7] = [
    ("Channel", Column::Words),
    ("Unit", Column::Words),
    ("Lowest", Column::Figure),
    ("Mean", Column::Figure),
    ("Highest", Column::Figure),
    ("Highest at", Column::Time),
    ("Resolution", Column::Words),
];

const ALARMS: [(&str, Column); 4] =
    [("Level", Column::Words), ("From", Column::Time), ("To", Column::Time), ("Alarm", Column::Words)];

/// One row for each channel: temperatures in Celsius, counts in percent.
fn figures(channels: &[Shown], zone: &TimeZone) -> Vec<Vec<String>> {
    let row = |shown: &Shown| {
        let unit = Unit::of(&shown.channel);
        let figure = |value: f64| words::number(unit.value(value));
        let [low, mean, high, at] = match shown.figures() {
            Some((low, high, mean)) => [
                figure(f64::from(low.min)),
                figure(mean),
                figure(f64::from(high.max)),
                words::time(Timestamp::from_millisecond(high.at_ms).unwrap_or_default(), zone),
            ],
            None => ["\u{2013}"; 4].map(str::to_owned),
        };
        vec![shown.title(), unit.word(Scale::Celsius).to_owned(), low, mean, high, at, shown.resolution(zone)]
    };
    channels.iter().map(row).collect()
}

fn alarms(shades: &[Shade], zone: &TimeZone) -> Vec<Vec<String>> {
    let at = |ms| words::time(Timestamp::from_millisecond(ms).unwrap_or_default(), zone);
    let row =
        |shade: &Shade| vec![shade.level.word().to_owned(), at(shade.from_ms), at(shade.to_ms), shade.name.clone()];
    shades.iter().map(row).collect()
}
