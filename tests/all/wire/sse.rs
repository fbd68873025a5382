//! Server-sent events: the standard's own examples, every way to cut them, and anything else.

use std::time::Duration;

use hearthlight::wire::Error;
use hearthlight::wire::sse::{MAX_EVENT, Parser};
use proptest::prelude::*;

/// All events of pieces of a stream.
fn events(pieces: &[&[u8]]) -> (Vec<String>, Parser) {
    let (mut parser, mut events) = (Parser::default(), Vec::new());
    for piece in pieces {
        parser.push(piece, |data| events.push(String::from_utf8_lossy(data).into_owned())).unwrap();
    }
    (events, parser)
}

#[test]
fn the_examples_of_the_standard() {
    for (stream, right) in [
        ("data: YHOO\ndata: +2\ndata: 10\n\n", vec!["YHOO\n+2\n10"]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            vec!["first event", "second event", " third event"],
        ),
        ("data\n\ndata\ndata\n\ndata:", vec!["", "\n"]),
        ("data:test\n\ndata: test\n\n", vec!["test", "test"]),
        (": hi\r\n\r\nid: 7:0\r\ndata: [{}]\r\n\r\n", vec!["[{}]"]),
        ("data: a\rdata: b\r\r", vec!["a\nb"]),
    ] {
        let whole = events(&[stream.as_bytes()]).0;
        assert_eq!(whole, right, "{stream:?}");
        for cut in 0..stream.len() {
            let (a, b) = stream.as_bytes().split_at(cut);
            assert_eq!(events(&[a, b]).0, right, "{stream:?} cut at {cut}");
        }
    }
}

#[test]
fn ids_and_pauses_are_kept() {
    let (_, mut parser) = events(&[b"id: 1691:0\nretry: 250\ndata: x\n\nretry: soon\nid: a\0b\n"]);
    assert_eq!((parser.last_id(), parser.retry()), ("1691:0", Some(Duration::from_millis(250))));
    parser.push(b"data: half", |_| panic!("not whole")).unwrap();
    parser.restart();
    parser.push(b"\n\n", |_| panic!("forgotten")).unwrap();
    assert_eq!(parser.last_id(), "1691:0");
    assert_eq!(events(&[b"retry: 999999999\n"]).1.retry(), Some(Duration::from_secs(60)));
}

#[test]
fn an_event_without_end_is_refused() {
    let mut parser = Parser::default();
    let line = [b"data: ".as_slice(), &vec![b'x'; MAX_EVENT]].concat();
    assert_eq!(parser.push(&line, |_| {}), Err(Error::Malformed { what: "event" }));
}

proptest! {
    #[test]
    fn anything_is_taken_without_panic(pieces: Vec<Vec<u8>>) {
        let mut parser = Parser::default();
        for piece in pieces {
            let _ = parser.push(&piece, |_| {});
        }
    }
}
