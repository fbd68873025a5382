//! Pixel lights that only take frames: what is given out, and when.

use std::time::Duration;

use hearthlight::drivers::light::Wish;
use hearthlight::drivers::light::order::Order;
use hearthlight::drivers::light::painted::{Painted, STREAM_ENDS};
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::capabilities::PowerOn;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::units::color::{Linear, Xy};
use hearthlight::units::moment::Moment;
use proptest::prelude::*;

const AT: fn(u64) -> Moment = Moment::from_millis;

fn light() -> Painted {
    Painted::new(2, 50.0, Duration::from_millis(2500))
}

fn white(brightness: f32) -> Wish {
    let state = State { on: brightness > 0.0, brightness, color: Color::Xy(Xy::D65), effect: None };
    Wish::State { state, transition_ms: 0 }
}

fn levels(pixels: Option<&[Linear]>) -> Option<Vec<u8>> {
    pixels.map(|pixels| pixels.iter().map(|pixel| pixel.bytes()[0]).collect())
}

#[test]
fn nothing_is_given_out_before_something_was_wished() {
    let mut light = light();
    assert_eq!(light.due(AT(5)), None);
    assert_eq!(light.wake_at(), None);
    light.leave(AT(6));
    assert_eq!(light.due(AT(7)), None);
    assert_eq!(light.wake_at(), None);
    assert!(light.wish(AT(8), &Wish::PowerOn(PowerOn::On)).is_err());
}

#[test]
fn a_state_is_given_out_at_once_and_then_each_second() {
    let mut light = light();
    light.wish(AT(10), &white(1.0)).unwrap();
    assert_eq!(levels(light.due(AT(10))), Some(vec![255, 255]));
    assert_eq!(light.wake_at(), Some(AT(1010)));
    assert_eq!(light.due(AT(1009)), None);
    assert!(light.due(AT(1010)).is_some());
    light.restart();
    assert_eq!(levels(light.due(AT(1011))), Some(vec![255, 255]), "at once after an outage");
}

#[test]
fn changes_wait_for_their_slot_and_the_newest_wins() {
    let mut light = light();
    light.wish(AT(10), &white(1.0)).unwrap();
    assert!(light.due(AT(10)).is_some());
    for (ms, share) in [(12, 0.2), (14, 0.4), (16, 0.6)] {
        light.wish(AT(ms), &white(share)).unwrap();
        assert_eq!(light.due(AT(ms)), None);
    }
    assert_eq!(light.wake_at(), Some(AT(30)));
    assert_eq!(levels(light.due(AT(30))), Some(vec![153, 153]));
}

#[test]
fn a_stream_ends_by_itself_and_the_newest_state_shows() {
    let mut light = light();
    light.wish(AT(0), &white(0.2)).unwrap();
    let mut frame = Frame::dark(1);
    frame.pixels_mut()[0] = Linear::new(1.0, 0.0, 0.0);
    light.frame(AT(100), &frame);
    assert_eq!(levels(light.due(AT(100))), Some(vec![255, 255]), "one pixel is for all");
    light.wish(AT(200), &white(0.4)).unwrap();
    assert_eq!(light.due(AT(300)), None, "it is streamed to");
    let end = AT(100) + STREAM_ENDS;
    assert!(light.due(AT(1100)).is_some() && light.due(AT(2100)).is_some(), "the last frame is repeated");
    assert_eq!(light.wake_at(), Some(end));
    assert_eq!(levels(light.due(end)), Some(vec![102, 102]));
    assert!(!light.is_streaming());
}

#[test]
fn a_frame_of_another_length_is_cut_or_ends_dark() {
    let mut light = Painted::new(3, 50.0, Duration::from_secs(3));
    for (n, right) in [(2, [255, 255, 0]), (4, [255; 3])] {
        let mut frame = Frame::dark(n);
        frame.pixels_mut().fill(Linear::new(1.0, 1.0, 1.0));
        light.frame(AT(1000 * n as u64), &frame);
        assert_eq!(levels(light.due(AT(1000 * n as u64))), Some(right.to_vec()));
    }
}

#[test]
fn orders_are_read_and_applied() {
    for word in Order::WORDS {
        let swapped = Order::of(&word.to_lowercase()).unwrap().of_bytes(*b"RGB");
        assert_eq!(&swapped, word.as_bytes());
    }
    assert_eq!(Order::of("RGBW"), None);
}

proptest! {
    /// Whatever is asked: no more frames than the line takes, and never longer than a second without one.
    #[test]
    fn the_pace_is_kept(story in proptest::collection::vec((0u64..400, 0u8..4, 0.0f32..=1.0), 1..60)) {
        let mut light = light();
        let (mut now, mut sent) = (Moment::ZERO, Vec::new());
        let mut is_wished = false;
        for (pause, what, level) in story {
            let until = now + Duration::from_millis(pause);
            while let Some(wake) = light.wake_at().map(|wake| wake.max(now)).filter(|wake| *wake <= until) {
                now = wake;
                let is_due = light.due(now).is_some();
                if is_due { sent.push(now); }
                prop_assert!(is_due || light.wake_at() != Some(wake), "it wakes for nothing");
            }
            now = until;
            match what {
                0 => light.wish(now, &white(level)).unwrap(),
                1 => light.frame(now, &Frame::dark(2)),
                2 => light.wish(now, &Wish::Leave).unwrap(),
                _ => light.wish(now, &Wish::Identify).unwrap(),
            }
            is_wished |= what == 0;
            if is_wished { prop_assert!(light.wake_at().is_some()); }
        }
        for pair in sent.windows(3) {
            prop_assert!(pair[2].since(pair[0]) >= Duration::from_millis(20), "{pair:?}");
        }
    }
}
