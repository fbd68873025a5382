//! Waits for a server to be done, by its `/metrics`.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::Instant;

use crate::sim::scrape::Scrape;

/// How long a server gets to settle.
const SETTLE: Duration = Duration::from_secs(20);

/// Watches a server's metrics.
pub struct Meter {
    /// Where they are.
    pub api: SocketAddr,
    client: reqwest::Client,
}

impl Meter {
    /// A watch on the server at `api`.
    #[must_use]
    pub fn new(api: SocketAddr) -> Self {
        Self { api, client: crate::io::http::client().build().unwrap_or_default() }
    }

    /// Waits until nothing comes in any more, or 20 s; the last look.
    ///
    /// # Errors
    /// If the metrics cannot be read.
    pub async fn settled(&self) -> Result<Scrape, reqwest::Error> {
        let (begun, mut last) = (Instant::now(), self.look().await?);
        while begun.elapsed() < SETTLE {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let next = self.look().await?;
            if (next.accepted, next.rejected) == (last.accepted, last.rejected) {
                return Ok(next);
            }
            last = next;
        }
        Ok(last)
    }

    /// Waits until `sent` packets are accepted or rejected, or nothing moves for a second; the difference to `before`,
    /// and when the last packet was accepted, in seconds after `start`.
    pub async fn caught_up(&self, before: &Scrape, sent: u64, start: Instant) -> Option<(Scrape, f64)> {
        let (begun, mut moved) = (Instant::now(), Instant::now());
        let mut newest: Option<(Scrape, f64)> = None;
        while begun.elapsed() < SETTLE && moved.elapsed() < Duration::from_secs(1) {
            if let Ok(scrape) = self.look().await {
                let delta = scrape.since(before);
                let all = delta.accepted + delta.rejected;
                if newest.as_ref().is_none_or(|(last, _)| all > last.accepted + last.rejected) {
                    newest = Some((delta, start.elapsed().as_secs_f64()));
                    moved = Instant::now();
                }
                if all >= sent {
                    break;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        newest
    }
    async fn look(&self) -> Result<Scrape, reqwest::Error> {
        let request = self.client.get(format!("http://{}/metrics", self.api)).timeout(Duration::from_secs(5));
        Ok(Scrape::parse(&request.send().await?.error_for_status()?.text().await?))
    }
}
