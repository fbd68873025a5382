//! The table of routes. The router and `/api/v1/openapi.json` are both made from it, so neither knows more than the
//! other.

use std::sync::Arc;

use axum::http::Method;
use axum::routing::{MethodRouter, get, post, put};

use crate::api::{Face, commands, events, openapi, program, sensors, thermal};

/// Methods in use. `HEAD` goes with `GET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Asks for something to be done.
    Post,
    /// Sets.
    Put,
}

/// What a successful answer carries. Names are those of the schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One JSON object.
    One(&'static str),
    /// A JSON array of objects.
    List(&'static str),
    /// Metrics, in one of two text formats.
    Metrics,
    /// Server-sent events.
    Events,
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Its method.
    pub verb: Verb,
    /// Its path; `{name}` stands for one segment.
    pub path: &'static str,
    /// True if it needs no token.
    pub open: bool,
    /// What it does, one sentence without a full stop.
    pub summary: &'static str,
    /// Whole numbers that may stand behind the `?`, with their meaning.
    pub numbers: &'static [(&'static str, &'static str)],
    /// Schema of the body it takes.
    pub body: Option<&'static str>,
    /// What it answers.
    pub answer: Answer,
    pub(super) handler: fn() -> MethodRouter<Arc<Face>>,
}

impl Route {
    const fn get(
        path: &'static str,
        answer: Answer,
        summary: &'static str,
        handler: fn() -> MethodRouter<Arc<Face>>,
    ) -> Self {
        Self { verb: Verb::Get, path, open: false, summary, numbers: &[], body: None, answer, handler }
    }

    const fn change(
        verb: Verb,
        path: &'static str,
        body: &'static str,
        summary: &'static str,
        handler: fn() -> MethodRouter<Arc<Face>>,
    ) -> Self {
        let answer = Answer::One("Outcome");
        Self { verb, path, open: false, summary, numbers: &[], body: Some(body), answer, handler }
    }

    const fn without_token(self) -> Self {
        Self { open: true, ..self }
    }

    const fn with_numbers(self, numbers: &'static [(&'static str, &'static str)]) -> Self {
        Self { numbers, ..self }
    }
}

use Answer::{Events, List, Metrics, One};

/// All routes.
pub const ROUTES: &[Route] = &[
    Route::get("/health", One("Health"), "Whether the program works, and how many devices are live", || {
        get(program::health)
    })
    .without_token(),
    Route::get("/metrics", Metrics, "Everything counted and measured", || get(program::metrics)).without_token(),
    Route::get("/api/v1/openapi.json", One("Description"), "This description", || get(openapi::serve)),
    Route::get("/api/v1/state", One("State"), "The whole state in internal types", || get(program::state)),
    Route::get("/api/v1/events", Events, "The whole state, then every fact, in internal types", || get(events::stream)),
    Route::change(Verb::Post, "/api/v1/commands", "Command", "Do something", || post(commands::post)),
    Route::get("/api/v1/thermal", List("Array"), "Thermal arrays", || get(thermal::list)),
    Route::get("/api/v1/thermal/{id}", One("Array"), "One thermal array", || get(thermal::one)),
    Route::get("/api/v1/thermal/{id}/frame", One("Frame"), "Its newest frame, or a kept one", || {
        get(thermal::one_frame)
    })
    .with_numbers(&[("sequence", "Number of a kept frame; the last 64 are kept")]),
    Route::get("/api/v1/sensors", List("Device"), "Sensor devices", || get(sensors::list)),
    Route::get("/api/v1/sensors/{id}", One("Device"), "One sensor device", || get(sensors::one)),
    Route::get("/api/v1/sensors/{id}/channels/{key}", One("Readings"), "Recent readings of one channel", || {
        get(sensors::channel)
    }),
    Route::get("/api/v1/rejected", List("Rejected"), "The newest rejected packets, newest first", || {
        get(program::rejected)
    }),
    Route::get("/api/v1/settings", List("Setting"), "All settings", || get(program::settings)),
    Route::change(Verb::Put, "/api/v1/settings/{key}", "Value", "Change a setting", || put(commands::put_setting)),
];

/// Whether a request needs no token.
#[must_use]
pub fn is_open(method: &Method, path: &str) -> bool {
    let reads = *method == Method::GET || *method == Method::HEAD;
    reads && ROUTES.iter().any(|route| route.open && route.verb == Verb::Get && route.path == path)
}
