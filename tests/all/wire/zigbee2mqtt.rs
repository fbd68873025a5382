//! What zigbee2mqtt says, whole, cut and made up.

use hearthlight::units::color::Xy;
use hearthlight::wire::Error;
use hearthlight::wire::zigbee2mqtt::{
    Color, Form, Message, State, decode_devices, decode_event, decode_groups, decode_info, decode_online,
};

const DEVICES: &[u8] = br#"[
 {"ieee_address":"0x00124b0000000001","type":"Coordinator","friendly_name":"Coordinator","definition":null},
 {"ieee_address":"0x0017880100aabbcc","type":"Router","friendly_name":"Kitchen/Table","disabled":false,"definition":{
  "model":"9290022166","vendor":"Philips","exposes":[
   {"type":"light","features":[
    {"type":"binary","name":"state","property":"state","value_on":"ON","value_off":"OFF"},
    {"type":"numeric","name":"brightness","property":"brightness","value_min":0,"value_max":254},
    {"type":"numeric","name":"color_temp","property":"color_temp","value_min":153,"value_max":500},
    {"type":"composite","name":"color_xy","property":"color"},{"type":"composite","name":"color_hs","property":"color"}]},
   {"type":"enum","name":"effect","property":"effect","values":["blink","candle","finish_effect","stop_effect"]},
   {"type":"enum","name":"power_on_behavior","property":"power_on_behavior","values":["off","on","previous"]},
   {"type":"numeric","name":"linkquality","property":"linkquality"}]}},
 {"ieee_address":"0x01","type":"Router","friendly_name":"Off","disabled":true,"definition":{"exposes":[]}},
 {"ieee_address":"0x02","type":"EndDevice","friendly_name":"Stranger","definition":null},
 17]"#;
const GROUPS: &[u8] =
    br#"[{"id":1,"friendly_name":"Table","members":[{"ieee_address":"0x01","endpoint":11}],"scenes":[]}]"#;
const STATE: &[u8] =
    br#"{"state":"ON","brightness":127,"color":{"x":0.35,"y":0.36},"color_mode":"xy","color_temp":370,"linkquality":120}"#;

#[test]
fn a_device_says_what_it_can() {
    let devices = decode_devices(DEVICES).unwrap();
    assert_eq!(devices.len(), 1, "the coordinator, the disabled, the unknown and the number are left out");
    let light = &devices[0].lights[0];
    assert_eq!((light.full, light.mirek, light.color), (Some(254.0), Some((153, 500)), Some(Form::Xy)));
    assert_eq!(light.lasting_effects().collect::<Vec<_>>(), ["candle"]);
    assert_eq!(light.effect_end(), Some("stop_effect"));
}

#[test]
fn a_state_is_read_by_its_mode() {
    let light = decode_devices(DEVICES).unwrap().remove(0).lights.remove(0);
    let state = Message::decode(STATE).unwrap().light(&light);
    assert_eq!((state.on, state.color), (Some(true), Xy::new(0.35, 0.36).map(Color::Xy)));
    let white = String::from_utf8_lossy(STATE).replace("\"xy\"", "\"color_temp\"");
    assert_eq!(Message::decode(white.as_bytes()).unwrap().light(&light).color, Some(Color::Mirek(370)));
}

#[test]
fn a_command_is_written_as_the_sheet_says() {
    let light = decode_devices(DEVICES).unwrap().remove(0).lights.remove(0);
    let state = State {
        on: Some(true),
        brightness: Some(200.0 / 254.0),
        color: Xy::new(0.35, 0.36).map(Color::Xy),
        transition: Some(0.4),
        ..State::default()
    };
    let mut out = Vec::new();
    light.encode_set(&state, &mut out);
    let written: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let sheet =
        serde_json::json!({ "state": "ON", "brightness": 200, "color": { "x": 0.35, "y": 0.36 }, "transition": 0.4 });
    assert_eq!(written, sheet);
}

#[test]
fn small_messages_come_in_both_forms() {
    assert_eq!(decode_online(b"online"), Ok(true));
    assert_eq!(decode_online(br#"{"state":"offline"}"#), Ok(false));
    assert!(decode_online(b"").is_err() && decode_online(b"maybe").is_err());
    let info =
        decode_info(br#"{"version":"2.6.1","coordinator":{"type":"zStack3x0","ieee_address":"0x00124b01"}}"#).unwrap();
    assert_eq!((info.version.as_str(), info.ieee.as_deref()), ("2.6.1", Some("0x00124b01")));
    assert_eq!(decode_groups(GROUPS).unwrap()[0].members, [("0x01".to_owned(), Some(11))]);
    let event = decode_event(br#"{"type":"device_announce","data":{"ieee_address":"0x01"}}"#).unwrap();
    assert_eq!(event, ("device_announce".to_owned(), Some("0x01".to_owned())));
}

#[test]
fn every_truncation_is_an_error() {
    for end in 0..DEVICES.len() {
        assert!(decode_devices(&DEVICES[..end]).is_err());
    }
    for end in 0..GROUPS.len() {
        assert_eq!(decode_groups(&GROUPS[..end]), Err(Error::Truncated));
    }
    for end in 0..STATE.len() {
        assert_eq!(Message::decode(&STATE[..end]), Err(Error::Truncated));
    }
}

#[test]
fn generated_input_never_panics() {
    let n_cases = std::env::var("HEARTHLIGHT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2000_u64);
    let light = decode_devices(DEVICES).unwrap().remove(0).lights.remove(0);
    let mut chance = fastrand::Rng::with_seed(5);
    for _ in 0..n_cases {
        let mut bytes = if chance.bool() { STATE } else { &DEVICES[150..] }.to_vec();
        for _ in 0..chance.usize(1..6) {
            let at = chance.usize(..bytes.len());
            match chance.u8(..4) {
                0 => bytes[at] = chance.u8(..),
                1 => bytes[at] = b"0123456789-e.{}[]\",:"[chance.usize(..20)],
                2 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let _ = (
            decode_devices(&bytes),
            decode_groups(&bytes),
            decode_info(&bytes),
            decode_event(&bytes),
            decode_online(&bytes),
        );
        if let Ok(message) = Message::decode(&bytes) {
            let mut out = Vec::new();
            light.encode_set(&message.light(&light), &mut out);
            let _ = (message.action(), message.illuminance(), message.battery());
        }
    }
}
