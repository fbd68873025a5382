//! Who gets in, and how errors look.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hearthlight::api::guard::{is_ours, is_same};

use super::home::{Home, TOKEN, request};

fn bare(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::builder().uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::empty()).expect("a request")
}

#[test]
fn a_host_is_ours_or_foreign() {
    let (lan, any): (IpAddr, IpAddr) = ([192, 168, 1, 5].into(), [0, 0, 0, 0].into());
    for ours in ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:9464", "[::1]", "[::1]:9464", "192.168.1.5:9464"] {
        assert!(is_ours(ours, lan), "{ours}");
    }
    for foreign in [
        "",
        ":9464",
        "evil.example",
        "localhost.evil.example",
        "evil.example:9464",
        "127.0.0.1.evil.example",
        "192.168.1.6",
        "10.0.0.1:80",
        "[::2]",
        "::1",
        "[::1",
        "::1]",
        "[::1]x",
        "[::1]:x",
        "localhost:",
        "localhost:99999",
        "localhost:80:80",
        "user@localhost",
        "127.1",
        "0x7f.0.0.1",
        "localhost.",
        "[localhost]",
        "\u{e9}[::1]",
    ] {
        assert!(!is_ours(foreign, lan), "{foreign}");
    }
    assert!(is_ours("192.168.1.6:9464", any) && is_ours("[fe80::1]", any));
    assert!(!is_ours("evil.example", any));
}

#[test]
fn only_the_whole_token_is_the_same() {
    assert!(is_same("secret", "secret"));
    for wrong in ["", "s", "secre", "secret0", "secret\0", "Secret", "secretsecret"] {
        assert!(!is_same(wrong, "secret"), "{wrong:?}");
    }
    assert!(!is_same("", ""), "no token set: nobody passes");
}

#[tokio::test]
async fn a_foreign_host_is_turned_away_everywhere() {
    let (home, auth) = (Home::new(), format!("Bearer {TOKEN}"));
    for path in ["/health", "/metrics", "/api/v1/sensors", "/nothing"] {
        for hosts in [&["evil.example"][..], &[], &["localhost", "localhost"], &["localhost", "evil.example"]] {
            let mut headers: Vec<(&str, &str)> = hosts.iter().map(|host| ("host", *host)).collect();
            headers.push(("authorization", &auth));
            let answer = home.answer(bare(path, &headers)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {hosts:?}");
            answer.problem();
        }
    }
    let whole = bare("http://evil.example/health", &[("host", "localhost")]);
    assert_eq!(home.answer(whole).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn health_and_metrics_need_no_token_and_all_else_does() {
    let home = Home::new();
    let host = ("host", "127.0.0.1:9464");
    for path in ["/health", "/metrics"] {
        assert_eq!(home.answer(bare(path, &[host])).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/api/v1/sensors", "/api/v1/openapi.json", "/api/v1/events", "/nothing", "/health/", "/metrics/x"] {
        for auth in ["", "Bearer", "Bearer ", "Bearer wrong", "Basic 0123456789abcdef", TOKEN] {
            let answer = home.answer(bare(path, &[host, ("authorization", auth)])).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {auth}");
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
            answer.problem();
        }
    }
    let lower = bare("/api/v1/sensors", &[host, ("authorization", &format!("bearer {TOKEN}"))]);
    assert_eq!(home.answer(lower).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_is_shared_with_other_origins_or_cached() {
    let home = Home::new();
    let mut asked = request("GET", "/api/v1/sensors", "");
    asked.headers_mut().insert("origin", "http://evil.example".parse().expect("a header"));
    let answer = home.answer(asked).await;
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_names_the_right_ones() {
    let home = Home::new();
    for (method, path, allowed) in [
        ("POST", "/api/v1/sensors", "GET,HEAD"),
        ("DELETE", "/api/v1/settings/api.listen", "PUT"),
        ("GET", "/api/v1/commands", "POST"),
        ("OPTIONS", "/api/v1/commands", "POST"),
    ] {
        let answer = home.answer(request(method, path, "")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(answer.header("allow"), allowed);
        answer.problem();
    }
    assert_eq!(home.answer(request("POST", "/health", "")).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_body_that_is_too_big_is_a_problem() {
    let body = format!("\"{}\"", "x".repeat(70_000));
    let answer = Home::new().answer(request("POST", "/api/v1/commands", &body)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.problem();
}

#[tokio::test]
async fn what_the_framework_refuses_is_a_problem_too() {
    let home = Home::new();
    for path in ["/api/v1/thermal/kitchen/frame?sequence=newest", "/api/v1/sensors/%ff"] {
        let answer = home.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(!answer.problem().is_empty());
    }
}

#[tokio::test]
async fn metrics_come_in_the_format_that_is_asked_for() {
    let home = Home::new();
    let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
        text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    for (accept, open) in [
        ("", false),
        ("*/*", false),
        ("text/plain", false),
        ("text/html, */*;q=0.1", false),
        ("application/openmetrics-text", true),
        ("application/openmetrics-text; version=\"1.0.0\"", true),
        ("application/openmetrics-text; version=2.0.0", false),
        ("application/openmetrics-text;q=0.1, text/plain", false),
        ("application/openmetrics-text;q=0", false),
        (prometheus, true),
    ] {
        let answer = home.answer(bare("/metrics", &[("host", "localhost"), ("accept", accept)])).await;
        assert_eq!(answer.text, format!("# open: {open}\n"), "{accept}");
        let kind = if open {
            "application/openmetrics-text; version=1.0.0; charset=utf-8"
        } else {
            "text/plain; version=0.0.4; charset=utf-8"
        };
        assert_eq!(answer.header("content-type"), kind);
    }
}
