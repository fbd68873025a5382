//! `/api/v1/openapi.json` against the routes and against what is really served.

use axum::http::StatusCode;
use hearthlight::api::openapi::describe;
use hearthlight::api::route::{Answer, Verb};
use hearthlight::api::routes::ROUTES;
use serde_json::Value;

use super::home::{Home, request};

fn name_of(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "get",
        Verb::Post => "post",
        Verb::Put => "put",
        Verb::Delete => "delete",
    }
}

/// A path of the table with real names in it.
fn real(path: &str) -> String {
    let path = path.replace("/settings/{key}", "/settings/api.listen").replace("/rules/{id}", "/rules/fire");
    let path = path.replace("/alarms/{id}", "/alarms/fire--kitchen").replace("{seq}", "9");
    let path = path.replace("/exports/{id}", "/exports/1").replace("/lights/{id}", "/lights/window");
    let path = path.replace("/scenes/{id}", "/scenes/dinner").replace("/connections/{id}", "/connections/bridge");
    let path = path.replace("/settings/{key}", "/settings/api.listen");
    let path = path.replace("/v1/history", "/v1/history?device=kitchen&channel=ADC1");
    let path = path.replace("/apps/{id}", "/apps/5c0a3d6e-0f2b-5d0e-9b8e-2f0c7a1b4d11");
    path.replace("{id}", "kitchen").replace("{key}", "ADC1")
}

#[test]
fn every_route_is_described_and_nothing_else_is() {
    let description = describe(ROUTES);
    let paths = description["paths"].as_object().expect("paths");
    let described: Vec<(&str, &str)> = paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().into_iter().flatten().map(|(verb, _)| (&**path, &**verb)))
        .collect();
    assert_eq!(described.len(), ROUTES.len());
    for route in ROUTES {
        assert!(described.contains(&(route.path, name_of(route.verb))), "{}", route.path);
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_referred_to() {
    let description = describe(ROUTES);
    let mut referred = Vec::new();
    references(&description, &mut referred);
    let schemas = description["components"]["schemas"].as_object().expect("schemas");
    for name in &referred {
        assert!(schemas.contains_key(*name), "{name} is not there");
    }
    for name in schemas.keys() {
        assert!(referred.contains(&&**name), "{name} is not used");
    }
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(path) if name == "$ref" => found.extend(path.strip_prefix("#/components/schemas/")),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_described_route_answers() {
    let home = Home::new();
    for route in ROUTES {
        let verb = name_of(route.verb).to_ascii_uppercase();
        let status = home.send(request(&verb, &real(route.path), "")).await.status();
        assert!(status == StatusCode::OK || status == StatusCode::BAD_REQUEST, "{verb} {}: {status}", route.path);
    }
}

#[tokio::test]
async fn the_description_is_served_as_it_is() {
    assert_eq!(Home::new().get("/api/v1/openapi.json").await.json(), describe(ROUTES));
}

#[tokio::test]
async fn what_is_served_has_exactly_the_described_fields() {
    let home = Home::new();
    let description = describe(ROUTES);
    for route in ROUTES.iter().filter(|route| route.verb == Verb::Get) {
        let name = match route.answer {
            Answer::One("Description") | Answer::Metrics | Answer::Events => continue,
            Answer::One(name) | Answer::List(name) => name,
        };
        let schema = &description["components"]["schemas"][name];
        match home.get(&real(route.path)).await.json() {
            Value::Array(items) => items.iter().for_each(|item| matches(item, schema, route.path)),
            one => matches(&one, schema, route.path),
        }
    }
    let problem = home.get("/api/v1/thermal/kitchen/frame?sequence=1").await.json();
    matches(&problem, &description["components"]["schemas"]["Problem"], "a problem");
}

/// A small validator: types, enums, patterns of ids, and fields both ways.
fn matches(value: &Value, schema: &Value, place: &str) {
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{place}: {value} is none of {allowed:?}");
        return;
    }
    assert!(types_of(schema).iter().any(|kind| is_of(value, kind)), "{place}: {value} is not of {schema}");
    if schema["pattern"] == "^[a-z0-9-]+$" {
        let text = value.as_str().unwrap_or_default();
        assert!(!text.is_empty() && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-')), "{place}: {text}");
    }
    if schema["format"] == "date-time" {
        let text = value.as_str().unwrap_or_default();
        assert!(text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(), "{place}: {text}");
    }
    for item in value.as_array().into_iter().flatten() {
        matches(item, &schema["items"], place);
    }
    if let (Some(fields), Some(described)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, value) in fields {
            let schema = described.get(name).unwrap_or_else(|| panic!("{place}: {name} is not described"));
            matches(value, schema, &format!("{place} {name}"));
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(fields.contains_key(name), "{place}: {name} is missing");
        }
    }
}

fn types_of(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
