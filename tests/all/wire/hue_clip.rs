//! What Hue bridges say, whole, cut and made up.

use hearthlight::units::color::Xy;
use hearthlight::wire::Error;
use hearthlight::wire::hue_clip::v2::{Event, Resource};
use hearthlight::wire::hue_clip::{Color, Config, Pairing, State, decode_pairing, v1, v2};

const CONFIG: &[u8] = br#"{"name":"Hearthlight","datastoreversion":"163","swversion":"1967054020","apiversion":"1.67.0","mac":"00:17:88:aa:bb:cc","bridgeid":"001788FFFEAABBCC","factorynew":false,"replacesbridgeid":null,"modelid":"BSB002","starterkitid":""}"#;
const LIGHT: &[u8] = br#"{"errors":[],"data":[{"id":"9b2c5eed-0000-4000-8000-000000000001","id_v1":"/lights/1","type":"light",
 "owner":{"rid":"d1","rtype":"device"},"metadata":{"name":"Desk","archetype":"sultan_bulb","function":"mixed"},
 "on":{"on":true},"dimming":{"brightness":78.74,"min_dim_level":0.2},
 "color_temperature":{"mirek":366,"mirek_valid":true,"mirek_schema":{"mirek_minimum":153,"mirek_maximum":500}},
 "color":{"xy":{"x":0.4575,"y":0.4099},"gamut":{"red":{"x":0.6915,"y":0.3083},"green":{"x":0.17,"y":0.7},"blue":{"x":0.1532,"y":0.0475}},"gamut_type":"C"},
 "effects":{"status_values":["no_effect","candle"],"status":"no_effect","effect_values":["no_effect","candle"]},"mode":"normal"},
 {"id":"s1","type":"scene","status":{"active":"inactive"}},{"type":"light"},5]}"#;
const EVENT: &[u8] = br#"[{"creationtime":"2026-01-01T00:00:00Z","data":[{"id":"9b2c","id_v1":"/lights/1","on":{"on":false},"owner":{"rid":"d1","rtype":"device"},"service_id":0,"type":"light"},{"dimming":{"brightness":0.0},"id":"77aa","on":{"on":false},"type":"grouped_light"}],"id":"5a0e","type":"update"}]"#;
const LIGHTS_V1: &[u8] = br#"{"1":{"state":{"on":true,"bri":200,"hue":8402,"sat":140,"effect":"none","xy":[0.4575,0.4099],"ct":366,"alert":"none","colormode":"ct","reachable":true},
 "type":"Extended color light","name":"Desk","modelid":"LCT015","capabilities":{"control":{"colorgamut":[[0.6915,0.3083],[0.17,0.7],[0.1532,0.0475]],"ct":{"min":153,"max":500}}},
 "config":{"startup":{"mode":"safety"}},"uniqueid":"00:17:88:01:00:aa:bb:01-0b"}}"#;

#[test]
fn a_bridge_says_who_it_is() {
    let config = Config::decode(CONFIG).unwrap();
    assert_eq!(config.identity(), "001788fffeaabbcc");
    assert!(config.has_v2());
    assert!(!Config { swversion: "1935144040".to_owned(), ..config.clone() }.has_v2());
    assert!(!Config { modelid: "BSB001".to_owned(), ..config }.has_v2());
}

#[test]
fn a_key_is_given_or_not() {
    let wait = br#"[{"error":{"type":101,"address":"","description":"link button not pressed"}}]"#;
    assert_eq!(decode_pairing(wait), Ok(Pairing::Wait));
    let given = br#"[{"success":{"username":"hT4mJ2u0PqkWfX1sYbR8vLz6cNd5aGe3oiKUB7M9","clientkey":"00112233445566778899AABBCCDDEEFF"}}]"#;
    assert!(matches!(decode_pairing(given), Ok(Pairing::Key { key, clientkey: Some(_) }) if key.len() == 40));
    assert!(decode_pairing(br#"[{"success":{"username":"../../evil"}}]"#).is_err(), "a key must fit in a path");
}

#[test]
fn a_light_is_read_and_nonsense_left_out() {
    let resources = v2::decode_resources(LIGHT).unwrap();
    let [Resource::Light(light)] = &resources[..] else { panic!("{resources:?}") };
    assert_eq!((light.mirek(), light.points(), light.dims()), (Some((153, 500)), 0, true));
    assert_eq!(light.effects().collect::<Vec<_>>(), ["candle"]);
    let state = light.state();
    assert_eq!((state.on, state.color, state.effect.as_deref()), (Some(true), Some(Color::Mirek(366)), Some("")));
}

#[test]
fn an_event_says_only_what_changed() {
    let events = v2::decode_events(EVENT).unwrap();
    let [Event::Changed(resources)] = &events[..] else { panic!("{events:?}") };
    let [Resource::Light(light)] = &resources[..] else { panic!("{resources:?}") };
    assert_eq!(light.state(), State { on: Some(false), ..State::default() });
}

#[test]
fn a_command_is_written_as_the_sheet_says() {
    let state = State {
        on: Some(true),
        brightness: Some(0.6),
        color: Xy::new(0.4, 0.5).map(Color::Xy),
        duration_ms: Some(400),
        effect: None,
    };
    let mut out = Vec::new();
    v2::encode_state(&state, &mut out);
    let sheet = serde_json::json!({ "on": { "on": true }, "dimming": { "brightness": 60.0 }, "color": { "xy": { "x": 0.4, "y": 0.5 } }, "dynamics": { "duration": 400 } });
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&out).unwrap(), sheet);
    out.clear();
    v1::encode_state(&State { on: Some(false), ..state }, &mut out);
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&out).unwrap(),
        serde_json::json!({ "on": false, "transitiontime": 4 })
    );
}

#[test]
fn the_first_version_is_read() {
    let lights = v1::decode_lights(LIGHTS_V1).unwrap().unwrap();
    assert_eq!((lights[0].uniqueid.as_str(), lights[0].mirek), ("00:17:88:01:00:aa:bb:01-0b", Some((153, 500))));
    assert_eq!(lights[0].state.color, Some(Color::Mirek(366)));
    let refused = br#"[{"error":{"type":1,"address":"/lights","description":"unauthorized user"}}]"#;
    assert_eq!(v1::decode_lights(refused).unwrap(), Err(vec![v1::UNAUTHORIZED]));
    let off = br#"[{"success":{"/lights/1/state/on":true}},{"error":{"type":201,"address":"","description":""}}]"#;
    assert_eq!(v1::decode_answer(off), Ok(vec![v1::IS_OFF]));
}

#[test]
fn every_truncation_is_an_error() {
    (0..CONFIG.len()).for_each(|end| assert_eq!(Config::decode(&CONFIG[..end]), Err(Error::Truncated)));
    (0..LIGHT.len()).for_each(|end| assert!(v2::decode_resources(&LIGHT[..end]).is_err()));
    (0..EVENT.len()).for_each(|end| assert!(v2::decode_events(&EVENT[..end]).is_err()));
    (0..LIGHTS_V1.len()).for_each(|end| assert!(v1::decode_lights(&LIGHTS_V1[..end]).is_err()));
}

#[test]
fn generated_input_never_panics() {
    let n_cases = std::env::var("HEARTHLIGHT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2000_u64);
    let mut chance = fastrand::Rng::with_seed(7);
    let fixtures = [CONFIG, LIGHT, EVENT, LIGHTS_V1];
    for _ in 0..n_cases {
        let mut bytes = fixtures[chance.usize(..fixtures.len())].to_vec();
        for _ in 0..chance.usize(1..6) {
            let at = chance.usize(..bytes.len());
            match chance.u8(..4) {
                0 => bytes[at] = chance.u8(..),
                1 => bytes[at] = b"0123456789-e.{}[]\",:"[chance.usize(..20)],
                2 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let _ = (Config::decode(&bytes), decode_pairing(&bytes), v2::decode_answer(&bytes), v2::decode_events(&bytes));
        let _ = (v1::decode_lights(&bytes), v1::decode_groups(&bytes), v1::decode_answer(&bytes));
        for resource in v2::decode_resources(&bytes).unwrap_or_default() {
            if let Resource::Light(light) = resource {
                v2::encode_state(&light.state(), &mut Vec::new());
            }
        }
    }
}
