//! What a load run wants to know from a server's `/metrics`, before and after.
//!
//! Invariant: series that differ in their labels only are summed; what is not there is 0 or `None`, never an error.

/// One look at the metrics (Prometheus text format 0.0.4).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scrape {
    /// Packets accepted since the server's start, of all kinds and places.
    pub accepted: u64,
    /// Packets rejected since then.
    pub rejected: u64,
    /// Processor time of the server, s.
    pub cpu_seconds: Option<f64>,
    /// Resident memory of the server, bytes.
    pub memory_bytes: Option<f64>,
    /// Last byte to accepted: upper bounds (s, ascending, the last infinite) and cumulative counts.
    pub ingest: Vec<(f64, u64)>,
}

impl Scrape {
    /// Reads the text of `/metrics`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut scrape = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((series, value)) = line.rsplit_once(' ') else { continue };
            let Ok(value) = value.parse::<f64>() else { continue };
            let (name, labels) = series.split_once('{').unwrap_or((series, ""));
            match name {
                "hearthlight_sensor_packets_total" => scrape.accepted += value as u64,
                "hearthlight_sensor_packets_rejected_total" => scrape.rejected += value as u64,
                "process_cpu_seconds_total" => scrape.cpu_seconds = Some(value),
                "process_resident_memory_bytes" => scrape.memory_bytes = Some(value),
                "hearthlight_sensor_ingest_seconds_bucket" => scrape.add_bucket(labels, value as u64),
                _ => {}
            }
        }
        scrape.ingest.sort_by(|a, b| a.0.total_cmp(&b.0));
        scrape
    }

    /// What happened between `before` and this look: memory is this look's, all else the difference.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let earlier = |bound: f64| before.ingest.iter().find(|(le, _)| *le == bound).map_or(0, |(_, count)| *count);
        Self {
            accepted: self.accepted.saturating_sub(before.accepted),
            rejected: self.rejected.saturating_sub(before.rejected),
            cpu_seconds: self.cpu_seconds.zip(before.cpu_seconds).map(|(after, before)| after - before),
            memory_bytes: self.memory_bytes,
            ingest: self.ingest.iter().map(|&(le, count)| (le, count.saturating_sub(earlier(le)))).collect(),
        }
    }

    /// The time, s, within which a share `q` (0..=1) of the packets was accepted, straight between the bounds of its
    /// bucket; `None` if there were none, or if it lies beyond the last finite bound.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let (_, total) = *self.ingest.last()?;
        let rank = q * total as f64;
        let (mut low, mut below) = (0.0, 0);
        for &(bound, count) in &self.ingest {
            if total > 0 && count as f64 >= rank && count > below {
                let share = ((rank - below as f64) / (count - below) as f64).clamp(0.0, 1.0);
                return bound.is_finite().then_some(low + (bound - low) * share);
            }
            (low, below) = (bound, count);
        }
        None
    }

    /// The highest finite bound, s, whose bucket is not empty.
    #[must_use]
    pub fn slowest(&self) -> Option<f64> {
        let mut below = 0;
        let mut slowest = None;
        for &(bound, count) in self.ingest.iter().filter(|(bound, _)| bound.is_finite()) {
            if count > below {
                slowest = Some(bound);
            }
            below = count;
        }
        slowest
    }

    /// Packets that took longer than the last finite bound.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        match self.ingest.as_slice() {
            [.., (_, finite), (bound, all)] if bound.is_infinite() => all.saturating_sub(*finite),
            _ => 0,
        }
    }

    fn add_bucket(&mut self, labels: &str, count: u64) {
        let bound = labels.split("le=\"").nth(1).and_then(|rest| rest.split('"').next()?.parse::<f64>().ok());
        let Some(bound) = bound else { return };
        match self.ingest.iter_mut().find(|(le, _)| *le == bound) {
            Some((_, sum)) => *sum += count,
            None => self.ingest.push((bound, count)),
        }
    }
}
