//! The exposition text as it grows: Prometheus text format 0.0.4 or OpenMetrics 1.0.

use std::fmt::{self, Display, Write as _};

use crate::port::meter::Histogram;

/// Types of families, by the names both formats give them.
#[derive(Clone, Copy)]
pub(super) enum Type {
    Counter,
    /// A counter whose name without `_total` is another family's. OpenMetrics allows a family name once, so it is told
    /// the whole name and that the type is unknown; the samples are called the same in both formats.
    NamedCounter,
    Gauge,
    Histogram,
}

/// A sample's value. Floats are written with the fewest digits that read back as the same number.
#[derive(Clone, Copy)]
pub(super) enum Value {
    Count(u64),
    Float(f64),
    Single(f32),
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(n) => write!(f, "{n}"),
            Self::Float(x) if x.is_finite() => write!(f, "{x:?}"),
            Self::Single(x) if x.is_finite() => write!(f, "{x:?}"),
            Self::Float(x) => f.write_str(beyond_numbers(x)),
            Self::Single(x) => f.write_str(beyond_numbers(f64::from(x))),
        }
    }
}

/// What is no number, as both formats write it.
fn beyond_numbers(x: f64) -> &'static str {
    if x.is_nan() {
        "NaN"
    } else if x > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    }
}

/// The exposition text as it grows.
pub(super) struct Page {
    out: String,
    open_metrics: bool,
    family: &'static str,
    suffix: &'static str,
}

impl Page {
    pub(super) fn new(open_metrics: bool, capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), open_metrics, family: "", suffix: "" }
    }

    /// Begins a family. A counter's `name` is without `_total`: OpenMetrics describes it so, and its samples have it.
    pub(super) fn family(&mut self, name: &'static str, kind: Type, help: &str) {
        let (type_name, suffix) = match kind {
            Type::Counter => ("counter", "_total"),
            Type::NamedCounter if self.open_metrics => ("unknown", ""),
            Type::NamedCounter => ("counter", ""),
            Type::Gauge => ("gauge", ""),
            Type::Histogram => ("histogram", ""),
        };
        (self.family, self.suffix) = (name, suffix);
        let described = if self.open_metrics { "" } else { suffix };
        for part in ["# HELP ", name, described, " ", help, "\n# TYPE ", name, described, " ", type_name, "\n"] {
            self.out.push_str(part);
        }
    }

    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: Value) {
        self.line(self.suffix, labels, value);
    }

    pub(super) fn histogram(&mut self, labels: &[(&str, &str)], histogram: &Histogram) {
        let mut below = 0;
        for (i, count) in histogram.counts().into_iter().enumerate() {
            below += count;
            let le = histogram.bounds().get(i).map_or_else(|| "+Inf".to_owned(), |&bound| canonical(bound));
            self.line("_bucket", &[labels, &[("le", &*le)]].concat(), Value::Count(below));
        }
        self.line("_sum", labels, Value::Float(histogram.sum()));
        self.line("_count", labels, Value::Count(below));
    }

    fn line(&mut self, suffix: &str, labels: &[(&str, &str)], value: Value) {
        self.out.push_str(self.family);
        self.out.push_str(suffix);
        for (i, (name, text)) in labels.iter().enumerate() {
            self.out.push(if i == 0 { '{' } else { ',' });
            self.out.push_str(name);
            self.out.push_str("=\"");
            push_escaped(&mut self.out, text);
            self.out.push('"');
        }
        if !labels.is_empty() {
            self.out.push('}');
        }
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, " {value}");
    }

    pub(super) fn finish(mut self) -> String {
        if self.open_metrics {
            self.out.push_str("# EOF\n");
        }
        self.out
    }
}

/// Writes a label value: backslash, quote and newline escaped (Prometheus text format 0.0.4, "Comments, help text, and
/// type information"; OpenMetrics 1.0, "Escaping").
fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '"', '\n']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        out.push_str(match special.as_bytes().first() {
            Some(b'\n') => "\\n",
            Some(b'"') => "\\\"",
            _ => "\\\\",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// A bucket's bound in the canonical form of OpenMetrics 1.0, "Considerations: Canonical Numbers": `1.0`, `1e-05`.
fn canonical(bound: f64) -> String {
    let text = format!("{bound:?}");
    match text.split_once("e-") {
        Some((digits, exponent)) if exponent.len() == 1 => format!("{digits}e-0{exponent}"),
        _ => text,
    }
}
