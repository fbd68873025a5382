//! The description of the API (OpenAPI 3.1), made from a table of routes.

use serde_json::{Map, Value, json};

use crate::api::route::{Answer, Route, Verb};
use crate::api::{problem, schemas};

/// The description of these routes.
#[must_use]
pub fn describe(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let methods = paths.entry(route.path).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = methods {
            methods.insert(verb_name(route.verb).to_owned(), operation(route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hearthlight local API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Times are RFC 3339 in UTC, temperatures degrees Celsius. Paths with internal types carry \
                `schema` and may change between minor versions; all others are stable.",
        },
        "servers": [{ "url": "http://127.0.0.1:9464" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas::all(),
        },
    })
}

fn verb_name(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "get",
        Verb::Post => "post",
        Verb::Put => "put",
        Verb::Delete => "delete",
    }
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": {
            "200": { "description": "Done", "content": content(route.answer) },
            "default": {
                "description": "Cause and cure",
                "content": { problem::CONTENT_TYPE: { "schema": reference("Problem") } },
            },
        },
    });
    if let Some(body) = route.body {
        let content = json!({ "application/json": { "schema": reference(body) } });
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if route.open {
        operation["security"] = json!([]);
    }
    operation
}

fn parameters(route: &Route) -> Vec<Value> {
    let segments = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path =
        segments.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let texts = route.texts.iter().map(|(name, meaning)| {
        let (bare, required) = (name.trim_end_matches('?'), !name.ends_with('?'));
        let schema = json!({ "type": "string" });
        json!({ "name": bare, "in": "query", "required": required, "description": meaning, "schema": schema })
    });
    let numbers = route.numbers.iter().map(|(name, meaning)| {
        let schema = json!({ "type": "integer", "minimum": 0 });
        json!({ "name": name, "in": "query", "description": meaning, "schema": schema })
    });
    in_path.chain(texts).chain(numbers).collect()
}

fn content(answer: Answer) -> Value {
    match answer {
        Answer::One(name) => json!({ "application/json": { "schema": reference(name) } }),
        Answer::List(name) => {
            json!({ "application/json": { "schema": { "type": "array", "items": reference(name) } } })
        }
        Answer::Metrics => json!({
            "text/plain": { "schema": { "type": "string" } },
            "application/openmetrics-text": { "schema": { "type": "string" } },
        }),
        Answer::Events => json!({ "text/event-stream": { "schema": { "type": "string" } } }),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
