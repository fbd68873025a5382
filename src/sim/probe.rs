//! A look from outside while a load runs: how long after a reading was sent can a client of the API see it?
//!
//! A connection of its own sends `TS=<microseconds since the start>` 20 times a second; after each, the device is read
//! over the API until its channel `TS` shows that value.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::units::slug::slug;
use crate::wire::thermal::{self, LineEnd};

/// The place the probe reports for.
pub const PLACE: &str = "load-probe";

const INTERVAL: Duration = Duration::from_millis(50);
const GIVE_UP: Duration = Duration::from_secs(2);

/// What the probe saw.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Times from sending to seeing, ascending.
    pub delays: Vec<Duration>,
    /// Readings never seen within 2 s.
    pub missed: u64,
    /// Packets sent.
    pub sent: u64,
    /// Bytes sent.
    pub bytes: u64,
}

impl Seen {
    /// The delay, ms, that a share `q` (0..=1) of the readings did not exceed.
    #[must_use]
    pub fn quantile_ms(&self, q: f64) -> Option<f64> {
        let last = self.delays.len().checked_sub(1)?;
        let delay = self.delays.get((last as f64 * q).round() as usize)?;
        Some(delay.as_secs_f64() * 1000.0)
    }
}

/// Probes until `stop`. Ends early if the sensor server closes the connection.
pub async fn run(sensors: SocketAddr, api: SocketAddr, token: String, stop: CancellationToken) -> Seen {
    let mut seen = Seen::default();
    let Ok(mut stream) = TcpStream::connect(sensors).await else { return seen };
    let client = crate::io::http::client().build().unwrap_or_default();
    let api = Api { client, url: format!("http://{api}/api/v1/sensors/{}", slug(PLACE)), token };
    let (start, mut packet) = (Instant::now(), Vec::new());
    thermal::encode_location(PLACE, LineEnd::CrLf, &mut packet);
    let mut tick = tokio::time::interval(INTERVAL);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        let mark = start.elapsed().as_micros() as f64;
        thermal::encode_readings("", &[("TS", mark)], LineEnd::CrLf, &mut packet);
        let sent_at = Instant::now();
        if stream.write_all(&packet).await.is_err() {
            break;
        }
        seen.sent += packet.iter().filter(|byte| **byte == b'!').count() as u64;
        seen.bytes += packet.len() as u64;
        packet.clear();
        match tokio::time::timeout(GIVE_UP, api.await_mark(mark)).await {
            Ok(true) => seen.delays.push(sent_at.elapsed()),
            Ok(false) => break,
            Err(_) => seen.missed += 1,
        }
    }
    let _ = stream.shutdown().await;
    seen.delays.sort_unstable();
    seen
}

/// The API's line about the probe's own device.
struct Api {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl Api {
    /// Waits until the channel's newest value is `mark`; false if the API does not let us see it.
    async fn await_mark(&self, mark: f64) -> bool {
        loop {
            let answer = self.client.get(&self.url).bearer_auth(&self.token).send().await;
            match answer {
                Ok(answer) if matches!(answer.status().as_u16(), 401 | 403) => return false,
                Ok(answer) => {
                    let device = answer.json::<Value>().await.unwrap_or_default();
                    if newest(&device).is_some_and(|value| (value - mark).abs() < 0.5) {
                        return true;
                    }
                }
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// The newest value of the channel in the API's line about the device.
fn newest(device: &Value) -> Option<f64> {
    let channels = device.get("channels")?.as_array()?;
    channels.iter().find(|channel| channel.get("key").and_then(Value::as_str) == Some("TS"))?.get("value")?.as_f64()
}
