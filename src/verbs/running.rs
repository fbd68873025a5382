//! The local API of the running instance.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use hearthlight::cli::Common;
use hearthlight::io::lock;
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How long it may take: thousands of devices are renamed in less.
const PATIENCE: Duration = Duration::from_secs(30);

/// The running instance, as one can ask it.
pub(super) struct Running {
    api: SocketAddr,
    token: String,
}

impl Running {
    /// The instance that runs on this data folder.
    pub(super) fn find(common: &Common) -> anyhow::Result<Self> {
        let paths = crate::paths(common, false)?;
        let data = paths.data.display();
        let running = lock::running(&paths.lock).with_context(|| {
            format!(
                "Hearthlight is not running on {data}. Start it (hearthlight --headless will do), then say this again."
            )
        })?;
        let api =
            running.api.context("The running Hearthlight has its local API off. Set api.listen to an address.")?;
        let token = paths.secrets.join("api.token");
        let token = fs::read_to_string(&token).with_context(|| format!("{} cannot be read", token.display()))?;
        Ok(Self { api, token })
    }

    /// Asks; what the API refuses comes back as an error in its own words.
    pub(super) fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<T> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let client = hearthlight::io::http::client().timeout(PATIENCE).build()?;
            let request = client.request(method, format!("http://{}{path}", self.api)).bearer_auth(self.token.trim());
            let request = body.into_iter().fold(request, |request, body| request.json(body));
            let answer = request.send().await.context("The running Hearthlight did not answer")?;
            if answer.status().is_success() {
                return Ok(answer.json().await?);
            }
            let status = answer.status();
            let problem: Value = answer.json().await.unwrap_or_default();
            bail!("{}", problem["detail"].as_str().map_or_else(|| status.to_string(), str::to_owned))
        })
    }
}
