//! Counters and histograms of fixed shape: atomics only, so that counting costs the hot path nanoseconds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;

/// Upper bounds of the ingest buckets, in seconds; one more bucket catches the rest.
pub const INGEST_BOUNDS: [f64; 15] =
    [10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 0.1, 0.25, 1.0];

/// Upper bounds of the window's frame buckets, in seconds; one more bucket catches the rest.
pub const UI_BOUNDS: [f64; 8] = [1e-3, 2e-3, 4e-3, 8e-3, 16e-3, 33e-3, 66e-3, 133e-3];

/// A counter that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds `n`.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// The count.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The newest value of something measured; nothing until it was measured.
#[derive(Debug)]
pub struct Gauge(AtomicU64);

impl Default for Gauge {
    fn default() -> Self {
        Self(AtomicU64::new(f64::NAN.to_bits()))
    }
}

impl Gauge {
    /// Notes a value; `None` takes it away.
    pub fn set(&self, value: Option<f64>) {
        self.0.store(value.unwrap_or(f64::NAN).to_bits(), Ordering::Relaxed);
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> Option<f64> {
        Some(f64::from_bits(self.0.load(Ordering::Relaxed))).filter(|value| value.is_finite())
    }
}

/// A histogram of durations over fixed bounds.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    bounds_ns: Vec<u64>,
    buckets: Vec<AtomicU64>,
    sum_ns: AtomicU64,
    max_ns: AtomicU64,
}

impl Histogram {
    /// A histogram over `bounds` (seconds, ascending).
    #[must_use]
    pub fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            bounds_ns: bounds.iter().map(|&b| (b * 1e9).round() as u64).collect(),
            buckets: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum_ns: AtomicU64::new(0),
            max_ns: AtomicU64::new(0),
        }
    }

    /// Notes one duration.
    pub fn note(&self, duration: Duration) {
        self.note_n(duration, 1);
    }

    /// Notes `n` equal durations at once.
    pub fn note_n(&self, duration: Duration, n: u64) {
        let ns = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let bucket = self.bounds_ns.partition_point(|&bound| bound < ns);
        self.buckets[bucket].fetch_add(n, Ordering::Relaxed);
        self.sum_ns.fetch_add(ns.saturating_mul(n), Ordering::Relaxed);
        self.max_ns.fetch_max(ns, Ordering::Relaxed);
    }

    /// Upper bounds in seconds, without the last, infinite one.
    #[must_use]
    pub fn bounds(&self) -> &'static [f64] {
        self.bounds
    }

    /// Counts by bucket, the last one for all beyond the bounds; not cumulative.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        self.buckets.iter().map(|b| b.load(Ordering::Relaxed)).collect()
    }

    /// Sum of all durations in seconds.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sum_ns.load(Ordering::Relaxed) as f64 * 1e-9
    }

    /// The longest duration in seconds.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.max_ns.load(Ordering::Relaxed) as f64 * 1e-9
    }

    /// The duration below which the share `q` (0..=1) lies, seconds, by linear interpolation within its bucket;
    /// `None` if nothing was noted.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<f64> {
        quantile(self.bounds, &self.counts(), q, self.max())
    }
}

/// Histograms by name, or by what else tells them apart, each made when it is first asked for.
#[derive(Debug)]
pub struct Histograms<K = &'static str> {
    bounds: &'static [f64],
    by_name: RwLock<BTreeMap<K, Arc<Histogram>>>,
}

impl<K: Ord + Clone> Histograms<K> {
    /// None yet; all will be over `bounds` (seconds, ascending).
    #[must_use]
    pub fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, by_name: RwLock::default() }
    }

    /// The one of a name.
    #[must_use]
    pub fn of(&self, name: K) -> Arc<Histogram> {
        if let Some(known) = self.by_name.read().get(&name) {
            return Arc::clone(known);
        }
        Arc::clone(self.by_name.write().entry(name).or_insert_with(|| Arc::new(Histogram::new(self.bounds))))
    }

    /// All of them, by name.
    #[must_use]
    pub fn all(&self) -> BTreeMap<K, Arc<Histogram>> {
        self.by_name.read().clone()
    }
}

/// The quantile `q` of bucket counts over `bounds`; what lies beyond the last bound reads as `max`.
#[must_use]
pub fn quantile(bounds: &[f64], counts: &[u64], q: f64, max: f64) -> Option<f64> {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    let wanted = q.clamp(0.0, 1.0) * total as f64;
    let mut below = 0.0;
    for (i, &count) in counts.iter().enumerate() {
        let upto = below + count as f64;
        if upto >= wanted && count > 0 {
            let low = if i == 0 { 0.0 } else { bounds[i - 1] };
            let high = bounds.get(i).copied().unwrap_or(max).max(low);
            return Some((low + (high - low) * (wanted - below) / count as f64).min(max));
        }
        below = upto;
    }
    Some(max)
}
