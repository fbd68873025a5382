//! Yeelight's announcements and lines: as devices write them, cut, and as nonsense.

use hearthlight::wire::Error;
use hearthlight::wire::yeelight::{
    Answer, Lines, MAX_LINE, Param, SEARCH, decode_advert, decode_answer, decode_call, encode_call, identity,
};
use proptest::prelude::*;

const ADVERT: &str = "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nDate: \r\nExt: \r\n\
    Location: yeelight://192.168.1.5:55443\r\nServer: POSIX UPnP/1.0 YGLC/1\r\nid: 0x000000000015243f\r\n\
    model: color\r\nfw_ver: 18\r\nsupport: get_prop set_default set_power\r\npower: on\r\nbright: 100\r\n\
    color_mode: 2\r\nct: 4000\r\nrgb: 16711680\r\nhue: 100\r\nsat: 35\r\nname: my_bulb\r\n";
const ANSWERS: [&str; 4] = [
    r#"{"id":1,"result":["ok"]}"#,
    r#"{"id":1,"error":{"code":-1,"message":"unsupported method"}}"#,
    r#"{"method":"props","params":{"power":"on","bright":"10"}}"#,
    r#"{"id":2,"result":["on","","100"]}"#,
];

#[test]
fn announcements() {
    let advert = decode_advert(ADVERT.as_bytes()).unwrap();
    assert_eq!((advert.location.to_string().as_str(), advert.id), ("192.168.1.5:55443", "0x000000000015243f"));
    assert_eq!((advert.model, advert.firmware, advert.name), ("color", "18", "my_bulb"));
    assert_eq!(advert.support, "get_prop set_default set_power");
    assert_eq!(identity(advert.id).as_deref(), Some("000000000015243f"));
    let notify = ADVERT.replacen("HTTP/1.1 200 OK", "NOTIFY * HTTP/1.1", 1);
    assert_eq!(decode_advert(notify.as_bytes()).unwrap().id, advert.id);
    assert_eq!(decode_advert(SEARCH), Err(Error::Unsupported));
}

#[test]
fn a_cut_announcement_is_an_error_or_lacks_only_its_end() {
    let needed = ADVERT.find("model").unwrap();
    for end in 0..ADVERT.len() {
        let cut = decode_advert(&ADVERT.as_bytes()[..end]);
        if end < ADVERT.find("id: ").unwrap() + 5 {
            assert!(cut.is_err(), "{end}");
        } else if end >= needed {
            assert_eq!(cut.unwrap().id, "0x000000000015243f");
        }
    }
}

#[test]
fn commands_are_written_as_the_maker_writes_them() {
    let mut out = Vec::new();
    encode_call(1, "set_rgb", &[Param::Int(16_711_680), Param::Word("smooth"), Param::Int(500)], &mut out);
    assert_eq!(out, b"{\"id\":1,\"method\":\"set_rgb\",\"params\":[16711680,\"smooth\",500]}\r\n");
    let call = decode_call(&out).unwrap();
    assert_eq!((call.id, call.method.as_str(), call.params.len()), (1, "set_rgb", 3));
}

#[test]
fn answers() {
    let all: Vec<_> = ANSWERS.iter().map(|line| decode_answer(line.as_bytes()).unwrap()).collect();
    let own = |word: &str| word.to_owned();
    assert_eq!(all[0], Answer::Done(1, vec![own("ok")]));
    assert_eq!(all[1], Answer::Failed(Some(1), own("unsupported method")));
    let Answer::Props(props) = &all[2] else { panic!("{all:?}") };
    assert!(props.contains(&(own("bright"), own("10"))));
    assert_eq!(all[3], Answer::Done(2, vec![own("on"), String::new(), own("100")]));
    for line in ANSWERS {
        for end in 0..line.len() {
            assert!(decode_answer(&line.as_bytes()[..end]).is_err(), "{line} cut to {end}");
        }
    }
}

#[test]
fn lines_are_cut_wherever_they_come() {
    let stream = b"one\r\n\r\ntwo\nthree\r\n";
    for cut in 0..stream.len() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for part in [&stream[..cut], &stream[cut..]] {
            lines.push(part);
            while let Some(line) = lines.next_line().unwrap() {
                seen.push(String::from_utf8(line.to_vec()).unwrap());
            }
        }
        assert_eq!(seen, ["one", "two", "three"], "cut at {cut}");
    }
}

#[test]
fn a_line_without_end_is_left_out_and_the_next_is_heard() {
    let mut lines = Lines::default();
    lines.push(&[b'x'; MAX_LINE + 1]);
    assert!(lines.next_line().is_err());
    lines.push(&[b'x'; 100]);
    assert_eq!(lines.next_line(), Ok(None));
    lines.push(b"x\r\ngood\r\n");
    assert_eq!(lines.next_line(), Ok(Some(&b"good"[..])));
}

/// `HEARTHLIGHT_CASES` says how many.
#[test]
fn generated_input_never_panics() {
    let n_cases = std::env::var("HEARTHLIGHT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let mut chance = fastrand::Rng::with_seed(11);
    let fixtures: Vec<&str> = ANSWERS.into_iter().chain([ADVERT]).collect();
    let mut lines = Lines::default();
    for _ in 0..n_cases {
        let mut bytes = fixtures[chance.usize(..fixtures.len())].as_bytes().to_vec();
        for _ in 0..chance.usize(..6) {
            let at = chance.usize(..bytes.len());
            bytes[at] = chance.u8(..);
        }
        bytes.truncate(chance.usize(..=bytes.len()));
        let _ = (decode_advert(&bytes), decode_answer(&bytes), decode_call(&bytes));
        lines.push(&bytes);
        while matches!(lines.next_line(), Ok(Some(_)) | Err(_)) {}
    }
}

proptest! {
    #[test]
    fn nonsense_is_nothing(bytes: Vec<u8>) {
        let _ = (decode_advert(&bytes), decode_answer(&bytes), decode_call(&bytes));
    }
}
