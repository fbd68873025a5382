//! The table of routes. The router and `/api/v1/openapi.json` are both made from it, so neither knows more than the
//! other.

use std::sync::LazyLock;

use axum::Json;
use axum::http::Method;
use axum::routing::{delete, get, post, put};
use serde_json::Value;

use crate::api::route::Answer::{Events, List, Metrics, One};
use crate::api::route::{Route, Verb};
use crate::api::{
    alarms, bridge, commands, events, exchange, exports, history, journal, lights, openapi, program, regions, sensors,
    thermal,
};

/// All routes.
pub const ROUTES: &[Route] = &[
    Route::get("/health", One("Health"), "Whether the program works, and how many devices are live", || {
        get(program::health)
    })
    .without_token(),
    Route::get("/metrics", Metrics, "Everything counted and measured", || get(program::metrics)).without_token(),
    Route::get("/api/v1/openapi.json", One("Description"), "This description", || get(description)),
    Route::get("/api/v1/state", One("State"), "The whole state in internal types", || get(program::state)),
    Route::get("/api/v1/events", Events, "The whole state, then every fact, in internal types", || get(events::stream)),
    Route::change(Verb::Post, "/api/v1/commands", "Command", "Do something", || post(commands::post)),
    Route::get("/api/v1/thermal", List("Array"), "Thermal arrays", || get(thermal::list)),
    Route::get("/api/v1/thermal/{id}", One("Array"), "One thermal array", || get(thermal::one)),
    Route::get("/api/v1/thermal/{id}/frame", One("Frame"), "Its newest frame, or a kept one", || {
        get(thermal::one_frame)
    })
    .with_numbers(&[("sequence", "Number of a kept frame; the last 64 are kept")]),
    Route::get("/api/v1/bookmarks", List("Bookmark"), "Moments worth finding again, the newest first", || {
        get(regions::bookmarks)
    }),
    Route::get("/api/v1/sensors", List("Device"), "Sensor devices", || get(sensors::list)),
    Route::get("/api/v1/sensors/{id}", One("Device"), "One sensor device", || get(sensors::one)),
    Route::get("/api/v1/sensors/{id}/channels/{key}", One("Readings"), "Recent readings of one channel", || {
        get(sensors::channel)
    }),
    Route::get("/api/v1/lights", List("Light"), "Lights", || get(lights::list)),
    Route::get("/api/v1/lights/{id}", One("Light"), "One light, and who drives it", || get(lights::one)),
    Route::change(Verb::Put, "/api/v1/lights/{id}", "Change", "Change a light", || put(lights::put)),
    Route::get("/api/v1/groups", List("Group"), "Rooms and zones", || get(lights::groups)),
    Route::get("/api/v1/groups/{id}", One("Group"), "One room or zone", || get(lights::group)),
    Route::change(Verb::Put, "/api/v1/groups/{id}", "Change", "Change the lights of a room or zone", || {
        put(lights::put_group)
    }),
    Route::get("/api/v1/scenes", List("Scene"), "Scenes", || get(lights::scenes)),
    Route::act("/api/v1/scenes/{id}/recall", "Show a scene", || post(lights::recall)),
    Route::get("/api/v1/connections", List("Connection"), "Connections to devices and hubs of lights", || {
        get(lights::connections)
    }),
    Route::get("/api/v1/connections/{id}", One("Connection"), "One connection", || get(lights::connection)),
    Route::get("/api/v1/findings", List("Finding"), "What discovery sees that is no connection yet", || {
        get(lights::findings)
    }),
    Route::change(Verb::Post, "/api/v1/search", "Hunt", "Look for devices", || post(lights::search)),
    Route::get("/api/v1/alarms", List("Alarm"), "Alarms that are not normal, the most pressing first", || {
        get(alarms::list)
    }),
    Route::get("/api/v1/alarms/{id}", One("Alarm"), "One alarm", || get(alarms::one)),
    Route::act("/api/v1/alarms/{id}/acknowledge", "Take note of an alarm", || post(alarms::acknowledge)),
    Route::get("/api/v1/rules", List("Rule"), "Rules that raise alarms", || get(alarms::rules)),
    Route::get("/api/v1/rules/{id}", One("Rule"), "One rule", || get(alarms::rule)),
    Route::get("/api/v1/journal", One("Page"), "A page of the journal, the newest entries first", || {
        get(journal::page)
    })
    .with_numbers(&[
        ("before", "Only entries before the one of this number: the next page"),
        ("limit", "How many entries at most, 1 to 1000; 100 if it is not given"),
    ])
    .with_texts(&[
        ("device?", "Only of this device"),
        ("what?", "Only of these kinds, such as raised,cleared"),
        ("at_least?", "Only of this level or worse: notice, warning, danger"),
        ("text?", "Only entries whose text, location or person contains this"),
        ("from?", "From this time on"),
        ("to?", "Up to this time"),
    ]),
    Route::get("/api/v1/journal/{seq}", One("Entry"), "One entry of the journal, with its picture", || {
        get(journal::one)
    }),
    Route::get(
        "/api/v1/registry",
        One("Registry"),
        "Devices, and how they are told apart, to keep or to import",
        || get(exchange::registry),
    ),
    Route::change(
        Verb::Post,
        "/api/v1/import",
        "File",
        "What a file would change, or with `apply` what it changed",
        exchange::taking_files,
    )
    .answering(One("Preview")),
    Route::get("/api/v1/exports", List("Job"), "Files that are or were written, the newest first", || {
        get(exports::list)
    }),
    Route::change(Verb::Post, "/api/v1/exports", "Export", "Write a file into the folder of exports", || {
        post(exports::start)
    })
    .answering(One("Job")),
    Route::get("/api/v1/exports/{id}", One("Job"), "One of them", || get(exports::one)),
    Route::get("/api/v1/history", One("Series"), "What a channel showed over time, thinned", || get(history::series))
        .with_texts(&[
            ("device", "The device's id"),
            ("channel", "The channel's key on the wire, or hottest for the hottest cell of an array"),
            ("from?", "From this time on, RFC 3339; an hour before to, if not given"),
            ("to?", "Up to this time, RFC 3339; now, if not given"),
        ])
        .with_numbers(&[("points", "How many points at most, 2 to 10000; 600 if not given")]),
    Route::get("/api/v1/bridge", One("Bridge"), "The Hue bridge, and the apps that hold a key to it", || {
        get(bridge::one)
    }),
    Route::act("/api/v1/bridge/link-button", "Press the button: for 30 s apps are given keys", || post(bridge::press)),
    Route::remove("/api/v1/bridge/apps/{id}", "Take the key of an app back", || delete(bridge::revoke)),
    Route::get("/api/v1/bridge/visits", List("Visitor"), "Who asked the Hue bridge for what, the newest first", || {
        get(bridge::visits)
    }),
    Route::get("/api/v1/rejected", List("Rejected"), "The newest rejected packets, newest first", || {
        get(program::rejected)
    }),
    Route::get("/api/v1/settings", List("Setting"), "All settings", || get(program::settings)),
    Route::change(Verb::Put, "/api/v1/settings/{key}", "Value", "Change a setting", || put(commands::put_setting)),
];

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| openapi::describe(ROUTES));

/// Hands out the description of all routes.
async fn description() -> Json<&'static Value> {
    Json(&*DESCRIPTION)
}

/// Whether a request needs no token.
#[must_use]
pub fn is_open(method: &Method, path: &str) -> bool {
    let reads = *method == Method::GET || *method == Method::HEAD;
    reads && ROUTES.iter().any(|route| route.open && route.verb == Verb::Get && route.path == path)
}
