//! Links, config, capabilities, info, and everything at once.

use hearthlight::model::bridge::Command as BridgeCommand;
use hearthlight::model::message::Command;
use serde_json::json;

use super::super::house::{House, KEY, large};
use super::{made, outcome};

#[tokio::test]
async fn links_are_made_changed_and_removed() {
    let house = House::new();
    let body = r#"{"name":"Wake up","description":"Mine","type":"Link","classid":20001,"recycle":true,"links":["/rules/1","/sensors/9"]}"#;
    let number = made(&house.v1("POST", "resourcelinks", body).await);
    let path = format!("resourcelinks/{number}");
    let shown = house.v1("GET", &path, "").await;
    assert_eq!((&shown["type"], &shown["classid"], &shown["owner"]), (&json!("Link"), &json!(20_001), &json!(KEY)));
    assert_eq!(shown["links"], json!(["/rules/1", "/sensors/9"]));
    let answer = house.v1("PUT", &path, r#"{"name":"New","classid":0,"links":[1],"owner":"me"}"#).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [0, 7, 7, 8]);
    let many = json!({"links": vec!["/rules/1"; 65]}).to_string();
    assert_eq!(outcome(&house.v1("PUT", &path, many).await)[0].0, 11);
    assert_eq!(outcome(&house.v1("POST", "resourcelinks", r#"{"name":"a"}"#).await)[0].0, 5);
    assert_eq!(outcome(&house.v1("DELETE", &path, "").await)[0].0, 0);
}

#[tokio::test]
async fn the_config_says_who_the_bridge_is_and_whose_keys_it_knows() {
    let house = House::new();
    let config = house.v1("GET", "config", "").await;
    assert_eq!((&config["bridgeid"], &config["mac"]), (&json!("001788FFFEAABBCC"), &json!("00:17:88:aa:bb:cc")));
    assert_eq!((&config["modelid"], &config["replacesbridgeid"]), (&json!("BSB002"), &json!(null)));
    assert_eq!((&config["UTC"], &config["localtime"]), (&json!("2026-05-04T18:00:00"), &json!("2026-05-04T20:00:00")));
    assert_eq!((&config["timezone"], &config["linkbutton"]), (&json!("Europe/Berlin"), &json!(false)));
    assert_eq!((&config["ipaddress"], &config["dhcp"]), (&json!("127.0.0.1"), &json!(true)), "this machine only");
    let created = "2026-01-01T10:00:00";
    let mine = json!({"last use date": created, "create date": created, "name": "tests#here"});
    assert_eq!(config["whitelist"], json!({KEY: mine}));
    for name in ["swversion", "apiversion", "portalstate", "internetservices", "swupdate2", "backup", "zigbeechannel"] {
        assert!(!config[name].is_null(), "{name}");
    }
}

#[tokio::test]
async fn the_config_is_written_where_it_can_be() {
    let house = House::new();
    let body = r#"{"name":"House","timezone":"Europe/London","linkbutton":true,"touchlink":false,"dhcp":true}"#;
    let answer = house.v1("PUT", "config", body).await;
    assert!(outcome(&answer).iter().all(|(kind, _)| *kind == 0), "{answer}");
    let config = house.v1("GET", "config", "").await;
    assert_eq!((&config["name"], &config["localtime"]), (&json!("House"), &json!("2026-05-04T19:00:00")));
    assert_eq!(config["linkbutton"], true);
    let body = r#"{"name":"abc","timezone":"Mars/Base","mac":"x","UTC":"x","ipaddress":"1.2.3.4","color":1}"#;
    let answer = house.v1("PUT", "config", body).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [7, 7, 8, 8, 8, 6]);
}

#[tokio::test]
async fn a_key_is_taken_back() {
    let house = House::new();
    let path = format!("config/whitelist/{KEY}");
    assert_eq!(house.v1("DELETE", &path, "").await, json!([{"success": format!("/{path} deleted")}]));
    assert_eq!(house.sent(), [Command::Bridge(BridgeCommand::Revoke(house.key.app.clone()))]);
    assert_eq!(outcome(&house.v1("DELETE", "config/whitelist/nobody", "").await)[0].0, 3);
}

#[tokio::test]
async fn capabilities_have_the_totals_of_a_real_bridge_and_never_less_than_nothing() {
    let house = House::new();
    let shown = house.v1("GET", "capabilities", "").await;
    assert_eq!(shown["lights"], json!({"available": 56, "total": 63}));
    assert_eq!(shown["groups"], json!({"available": 60, "total": 64}));
    assert_eq!(shown["sensors"]["clip"], json!({"available": 249, "total": 250}));
    assert_eq!(shown["scenes"]["lightstates"], json!({"available": 12_595, "total": 12_600}));
    assert_eq!(shown["rules"]["conditions"]["total"], 1500);
    assert_eq!(shown["streaming"], json!({"available": 1, "total": 1, "channels": 20}));
    let crowded = House::of(large(100, 80));
    let shown = crowded.v1("GET", "capabilities", "").await;
    assert_eq!((&shown["lights"]["available"], &shown["groups"]["available"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn zones_of_clocks_are_listed() {
    let house = House::new();
    let zones = house.v1("GET", "info/timezones", "").await;
    let zones = zones.as_array().expect("a bare list");
    assert!(zones.contains(&json!("Europe/Berlin")) && zones.len() > 100, "{} zones", zones.len());
    assert_eq!(house.v1("GET", "capabilities", "").await["timezones"]["values"].as_array(), Some(zones));
}

#[tokio::test]
async fn everything_at_once_is_what_its_parts_are() {
    let house = House::new();
    let all = house.v1("GET", "", "").await;
    let families = ["config", "groups", "lights", "resourcelinks", "rules", "scenes", "schedules", "sensors"];
    assert_eq!(all.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>(), families);
    for family in families {
        assert_eq!(all[family], house.v1("GET", family, "").await, "{family}");
    }
    assert!(all["groups"].get("0").is_none());
}
