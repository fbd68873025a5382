//! Lights and groups of them, written.

use hearthlight::model::lights::capabilities::PowerOn;
use hearthlight::model::lights::state::{Change, Color};
use hearthlight::model::lights::{Aim, Command as Lights};
use hearthlight::model::message::Command;
use hearthlight::units::color::Mirek;
use proptest::prelude::{ProptestConfig, any, prop, proptest};
use serde_json::{Value, json};

use super::{Bridge, ThingKind, words};
use crate::bridge::house::{group_id, light_id, xy};

fn set(light: &str, change: Change) -> Vec<Command> {
    vec![Command::Lights(Lights::Set { aims: vec![Aim::Light(light_id(light))], change })]
}

#[tokio::test]
async fn one_command_for_one_put_and_exactly_that_is_told() {
    let mut bridge = Bridge::new().await;
    let body = json!({"on": {"on": true}, "dimming": {"brightness": 25.5}, "color": {"xy": {"x": 0.3, "y": 0.4}},
        "dynamics": {"duration": 400}, "unknown": 1});
    let (status, answer, sent) = bridge.put("light", ThingKind::Light, "lamp", &body).await;
    let id = bridge.id("light", ThingKind::Light, "lamp");
    assert_eq!((status, answer), (200, json!({"errors": [], "data": [{"rid": id, "rtype": "light"}]})));
    let (on, brightness, transition_ms) = (Some(true), Some(0.255), Some(400));
    let color = Some(xy(0.3, 0.4));
    assert_eq!(sent, set("lamp", Change { on, brightness, color, effect: None, transition_ms }));
    let told = words(&bridge.heard());
    let expected = [
        "update light color color_temperature dimming",
        "update grouped_light dimming",
        "update grouped_light dimming",
        "update grouped_light dimming",
    ];
    let mut told_sorted = told.clone();
    told_sorted.sort();
    let mut expected = expected.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(told_sorted, expected, "of the light, the home, its room and its zone");
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["dimming"]["brightness"], &lamp["color"]["xy"]), (&json!(25.5), &json!({"x": 0.3, "y": 0.4})));
}

#[tokio::test]
async fn brightness_zero_is_the_least_and_never_off() {
    let bridge = Bridge::new().await;
    let (_, _, sent) = bridge.put("light", ThingKind::Light, "lamp", &json!({"dimming": {"brightness": 0}})).await;
    assert_eq!(sent, set("lamp", Change { brightness: Some(0.004), ..Change::default() }));
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["on"]["on"], &lamp["dimming"]["brightness"]), (&json!(true), &json!(0.4)));
}

#[tokio::test]
async fn steps_up_and_down_end_at_the_ends() {
    let bridge = Bridge::new().await;
    for (action, delta, becomes) in [("up", 20, 0.7), ("down", 70, 0.004), ("up", 100, 1.0)] {
        let body = json!({"dimming_delta": {"action": action, "brightness_delta": delta}});
        let (status, _, sent) = bridge.put("light", ThingKind::Light, "lamp", &body).await;
        assert_eq!(status, 200);
        let [Command::Lights(Lights::Set { change, .. })] = &sent[..] else { panic!("{sent:?}") };
        assert!((change.brightness.unwrap() - becomes).abs() < 1e-4, "{change:?}");
    }
    let body = json!({"color_temperature_delta": {"action": "down", "mirek_delta": 347}});
    let (_, _, sent) = bridge.put("light", ThingKind::Light, "lamp", &body).await;
    assert_eq!(sent, set("lamp", Change { color: Some(Color::Mirek(Mirek::new(153))), ..Change::default() }));
    let stop = json!({"dimming_delta": {"action": "stop"}});
    assert_eq!(bridge.put("light", ThingKind::Light, "lamp", &stop).await.0, 200);
}

#[tokio::test]
async fn a_light_that_is_off_or_out_of_reach_says_what_may_have_no_effect() {
    let bridge = Bridge::new().await;
    let off = json!({"on": {"on": false}});
    assert_eq!(bridge.put("light", ThingKind::Light, "lamp", &off).await.0, 200);
    let (status, answer, _) =
        bridge.put("light", ThingKind::Light, "lamp", &json!({"dimming": {"brightness": 80}})).await;
    let why = "device (light) is \"soft off\", command (dimming.brightness) may not have effect";
    assert_eq!((status, &answer["errors"]), (207, &json!([{"description": why}])));
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["on"]["on"], &lamp["dimming"]["brightness"]), (&json!(false), &json!(80.0)));
    let (status, answer, _) = bridge.put("light", ThingKind::Light, "far", &off).await;
    let why = "device (light) has communication issues, command (on) may not have effect";
    assert_eq!((status, &answer["errors"]), (207, &json!([{"description": why}])));
    assert_eq!(answer["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn effects_by_the_names_that_apps_know() {
    let bridge = Bridge::new().await;
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!(lamp["effects"]["effect_values"], json!(["no_effect", "colorloop", "candle"]));
    assert_eq!(lamp["effects_v2"]["action"]["effect_values"], json!(["no_effect", "candle"]));
    bridge.put("light", ThingKind::Light, "lamp", &json!({"on": {"on": false}})).await;
    let body = json!({"effects": {"effect": "candle"}});
    let (status, _, sent) = bridge.put("light", ThingKind::Light, "lamp", &body).await;
    assert_eq!(status, 200);
    assert_eq!(sent, set("lamp", Change { on: Some(true), effect: Some("candle".into()), ..Change::default() }));
    assert_eq!(bridge.one("light", ThingKind::Light, "lamp").await["effects"]["status"], "candle");
    let white = json!({"color_temperature": {"mirek": 250}});
    bridge.put("light", ThingKind::Light, "lamp", &white).await;
    assert_eq!(bridge.one("light", ThingKind::Light, "lamp").await["effects"]["status"], "no_effect");
    let none = json!({"effects_v2": {"action": {"effect": "no_effect"}}});
    assert_eq!(bridge.put("light", ThingKind::Light, "lamp", &none).await.0, 200);
    let fire = json!({"effects": {"effect": "fire"}});
    assert_eq!(bridge.put("light", ThingKind::Light, "lamp", &fire).await.0, 400);
}

#[tokio::test]
async fn gradients_of_two_to_five_points() {
    let bridge = Bridge::new().await;
    let points = |n: usize| -> Value {
        (0..n).map(|n| json!({"color": {"xy": {"x": 0.2 + 0.05 * n as f64, "y": 0.3}}})).collect()
    };
    let body = json!({"gradient": {"points": points(3)}});
    assert_eq!(bridge.put("light", ThingKind::Light, "strip", &body).await.0, 200);
    let strip = bridge.one("light", ThingKind::Light, "strip").await;
    assert_eq!(strip["gradient"]["points"].as_array().unwrap().len(), 3);
    assert_eq!(strip["gradient"]["points_capable"], 5);
    assert_eq!(strip["color"]["xy"], strip["gradient"]["points"][0]["color"]["xy"]);
    for wrong in [json!({"gradient": {"points": points(1)}}), json!({"gradient": {"points": points(6)}})] {
        assert_eq!(bridge.put("light", ThingKind::Light, "strip", &wrong).await.0, 400);
    }
    assert_eq!(bridge.put("light", ThingKind::Light, "lamp", &body).await.0, 400, "it has no gradient");
    bridge.put("light", ThingKind::Light, "strip", &json!({"color": {"xy": {"x": 0.3, "y": 0.3}}})).await;
    assert_eq!(bridge.one("light", ThingKind::Light, "strip").await["gradient"]["points"], json!([]));
}

#[tokio::test]
async fn a_sunrise_is_a_long_way_from_night_to_day() {
    let bridge = Bridge::new().await;
    let body = json!({"timed_effects": {"effect": "sunrise", "duration": 1_800_000}});
    let (status, _, sent) = bridge.put("light", ThingKind::Light, "lamp", &body).await;
    assert_eq!((status, sent.len()), (200, 2));
    let Command::Lights(Lights::Set { change, .. }) = &sent[1] else { panic!("{sent:?}") };
    assert_eq!((change.brightness, change.transition_ms), (Some(1.0), Some(1_800_000)));
    for wrong in [
        json!({"timed_effects": {"effect": "sunrise"}}),
        json!({"timed_effects": {"effect": "sunset", "duration": 21_600_000}}),
        json!({"timed_effects": {"effect": "eclipse", "duration": 1000}}),
    ] {
        assert_eq!(bridge.put("light", ThingKind::Light, "lamp", &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn names_looks_and_what_comes_back_with_the_power() {
    let mut bridge = Bridge::new().await;
    let body = json!({"metadata": {"name": "Reading", "archetype": "hue_go"}, "identify": {"action": "identify"}});
    let (status, _, _) = bridge.put("device", ThingKind::Light, "lamp", &body).await;
    assert_eq!(status, 200);
    let told = words(&bridge.heard());
    assert!(told.contains(&"update device metadata".to_owned()) && told.contains(&"update light metadata".to_owned()));
    for kind in ["device", "light"] {
        let shown = bridge.one(kind, ThingKind::Light, "lamp").await;
        assert_eq!(shown["metadata"]["name"], "Reading");
        assert_eq!(shown["metadata"]["archetype"], "hue_go");
    }
    let body = json!({"powerup": {"preset": "last_on_state"}});
    let (status, _, sent) = bridge.put("light", ThingKind::Light, "lamp", &body).await;
    let power_on = PowerOn::Previous;
    assert_eq!((status, &sent[0]), (200, &Command::Lights(Lights::SetPowerOn { light: light_id("lamp"), power_on })));
    let shown = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&shown["powerup"]["preset"], &shown["powerup"]["configured"]), (&json!("last_on_state"), &json!(true)));
    for wrong in
        [json!({"metadata": {"name": ""}}), json!({"metadata": {"name": "x".repeat(33)}}), json!({"metadata": 1})]
    {
        assert_eq!(bridge.put("device", ThingKind::Light, "lamp", &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_malformed_or_not_there_changes_nothing() {
    let bridge = Bridge::new().await;
    for (light, body) in [
        ("lamp", json!({"on": true})),
        ("lamp", json!({"on": {"on": 1}})),
        ("lamp", json!({"on": {}})),
        ("lamp", json!({"on": {"on": true}, "dimming": {"brightness": 101}})),
        ("lamp", json!({"dimming": {"brightness": "50"}})),
        ("lamp", json!({"color": {"xy": {"x": 2, "y": 0}}})),
        ("lamp", json!({"color": {"xy": {"x": 0.1}}})),
        ("lamp", json!({"color_temperature": {"mirek": 100}})),
        ("lamp", json!({"dynamics": {"duration": -1}})),
        ("lamp", json!({"alert": {"action": "jump"}})),
        ("lamp", json!({"signaling": {"signal": "on_off"}})),
        ("lamp", json!({"powerup": {"preset": "none"}})),
        ("plug", json!({"dimming": {"brightness": 50}})),
        ("white", json!({"color": {"xy": {"x": 0.3, "y": 0.3}}})),
        ("dimmer", json!({"color_temperature": {"mirek": 300}})),
        ("plug", json!({"powerup": {"preset": "safety"}})),
    ] {
        let (status, answer, sent) = bridge.put("light", ThingKind::Light, light, &body).await;
        assert_eq!((status, sent.len()), (400, 0), "{body}");
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{body}");
    }
    let path = format!("light/{}", bridge.id("light", ThingKind::Light, "lamp"));
    for body in ["", "{", "[]", "1", "\u{7f}", &"[".repeat(100)] {
        assert_eq!(bridge.ask("PUT", &path, body).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn a_group_is_one_command_and_lights_that_are_off_stay_so() {
    let bridge = Bridge::new().await;
    let body = json!({"on": {"on": true}, "dimming": {"brightness": 40}});
    let (status, _, sent) = bridge.put("grouped_light", ThingKind::Group, "office", &body).await;
    let change = Change { on: Some(true), brightness: Some(0.4), ..Change::default() };
    let aims = vec![Aim::Group(group_id("office"))];
    assert_eq!((status, sent), (200, vec![Command::Lights(Lights::Set { aims, change })]));
    bridge.put("light", ThingKind::Light, "white", &json!({"on": {"on": false}})).await;
    let body = json!({"dimming": {"brightness": 20}});
    let (status, _, sent) = bridge.put("grouped_light", ThingKind::Group, "office", &body).await;
    let aims = vec![Aim::Light(light_id("lamp")), Aim::Light(light_id("plug"))];
    let change = Change { brightness: Some(0.2), ..Change::default() };
    assert_eq!((status, sent), (200, vec![Command::Lights(Lights::Set { aims, change })]));
    let office = bridge.one("grouped_light", ThingKind::Group, "office").await;
    // The lamp at 20 %, the plug that cannot be dimmed.
    assert_eq!(office["dimming"]["brightness"], 60.0);
    let (_, _, sent) = bridge.put("grouped_light", ThingKind::Home, "", &json!({"on": {"on": false}})).await;
    let change = Change { on: Some(false), ..Change::default() };
    assert_eq!(sent, vec![Command::Lights(Lights::Set { aims: vec![Aim::All], change })]);
    let (status, _, sent) = bridge.put("grouped_light", ThingKind::Group, "office", &body).await;
    assert_eq!((status, sent.len()), (207, 0), "all of it is off");
    let home = bridge.one("grouped_light", ThingKind::Home, "").await;
    assert_eq!((&home["on"]["on"], &home["dimming"]["brightness"]), (&json!(false), &json!(0.0)));
}

#[tokio::test]
async fn a_group_steps_light_by_light_and_blinks_where_it_can() {
    let bridge = Bridge::new().await;
    let down = json!({"dimming_delta": {"action": "down", "brightness_delta": 60}});
    let (status, _, sent) = bridge.put("grouped_light", ThingKind::Group, "desk", &down).await;
    assert_eq!((status, sent.len()), (200, 2));
    for light in ["lamp", "dimmer"] {
        let shown = bridge.one("light", ThingKind::Light, light).await;
        assert_eq!((&shown["on"]["on"], &shown["dimming"]["brightness"]), (&json!(true), &json!(0.4)));
    }
    let (status, _, sent) =
        bridge.put("grouped_light", ThingKind::Group, "desk", &json!({"alert": {"action": "breathe"}})).await;
    assert_eq!((status, sent), (200, vec![Command::Lights(Lights::Identify(light_id("lamp")))]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_body_is_answered_with_json_and_no_server_error(
        key in prop::sample::select(vec!["on", "dimming", "dimming_delta", "color", "color_temperature", "gradient",
            "effects", "effects_v2", "timed_effects", "signaling", "alert", "powerup", "metadata", "identify", "dynamics",
            "children", "actions", "palette", "recall", "group", "speed"]),
        inner in prop::sample::select(vec!["on", "brightness", "action", "xy", "mirek", "points", "effect", "preset",
            "name", "duration", "rid", "color", "signal"]),
        number in any::<f64>(),
        text in ".{0,8}",
        shape in 0_u8..6,
    ) {
        let value = match shape {
            0 => json!(number),
            1 => json!(text),
            2 => json!({inner: number}),
            3 => json!({inner: text}),
            4 => json!([{inner: {inner: number}}]),
            _ => json!({inner: [{inner: text}]}),
        };
        let body = json!({key: value}).to_string();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let bridge = Bridge::new().await;
            for (kind, of, id) in [
                ("light", ThingKind::Light, "strip"),
                ("grouped_light", ThingKind::Home, ""),
                ("device", ThingKind::Light, "lamp"),
                ("room", ThingKind::Group, "office"),
                ("scene", ThingKind::Scene, "evening"),
            ] {
                let path = format!("{kind}/{}", bridge.id(kind, of, id));
                let (status, _) = bridge.ask("PUT", &path, body.clone()).await;
                assert!(matches!(status, 200 | 207 | 400), "{status} for {kind} {body}");
            }
            for kind in ["room", "zone", "scene"] {
                let (status, _) = bridge.ask("POST", kind, body.clone()).await;
                assert_eq!(status, 400, "{kind} {body}");
            }
        });
    }
}
