//! The quiet window and the line-end fallback, with a hand-turned clock.

use std::time::Duration;

use hearthlight::engine::services::sensors::orders::{ANSWER_LIMIT, GREETING, Orders, QUIET, TRIES};
use hearthlight::settings::current::{LineEnd as Choice, Order as Mode};
use hearthlight::units::moment::Moment;
use hearthlight::wire::thermal::{LineEnd, Order};

fn ms(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

fn auto() -> Orders {
    Orders::new(Moment::ZERO, Mode::Stream, Duration::from_secs(10), Choice::Auto)
}

#[test]
fn a_silent_device_is_asked_to_stream_after_a_second() {
    let mut orders = auto();
    assert_eq!(orders.take(ms(999), false), None);
    assert_eq!(orders.take(Moment::ZERO + GREETING, false), Some((Order::Stream, LineEnd::None)));
    assert_eq!(orders.take(ms(5000), false), None, "one command at a time");
}

#[test]
fn each_spelling_is_tried_until_one_is_answered() {
    let mut orders = auto();
    let mut now = ms(1000);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.extend(orders.take(now, false).map(|(_, end)| end));
        now = now + ANSWER_LIMIT;
        assert_eq!(orders.expire(now), Some(Order::Stream));
    }
    assert_eq!(seen, [LineEnd::None, LineEnd::Lf, LineEnd::CrLf]);
    now = now + Duration::from_secs(60);
    assert_eq!(orders.take(now, false), Some((Order::Stream, LineEnd::None)));
    orders.on_bytes(now);
    assert_eq!(orders.on_frame(None), Some(Order::Stream), "a reading answers the stream command");
    assert_eq!(orders.line_end(), LineEnd::None);
}

#[test]
fn a_command_waits_for_silence_after_a_line_of_readings() {
    let mut orders = auto();
    let period = Some(Duration::from_millis(4085));
    orders.on_bytes(ms(100));
    orders.on_frame(period);
    orders.want_calibration(ms(100));
    assert_eq!(orders.take(ms(400), false), None, "a frame is not the end of a cycle");
    orders.on_bytes(ms(590));
    orders.on_readings(period);
    assert_eq!(orders.take(ms(590) + QUIET / 2, false), None, "not silent long enough");
    assert_eq!(orders.take(ms(590) + QUIET, true), None, "in the middle of a packet");
    assert_eq!(orders.take(ms(590) + QUIET, false), Some((Order::Calibration, LineEnd::None)));
}

#[test]
fn a_device_without_lines_is_asked_after_a_silent_cycle() {
    let mut orders = auto();
    let period = Some(Duration::from_secs(2));
    for at in [0, 2000] {
        orders.on_bytes(ms(at));
        orders.on_frame(period);
    }
    orders.want_calibration(ms(2000));
    assert_eq!(orders.take(ms(4000), false), None, "the next frame is due");
    assert_eq!(orders.take(ms(4499), false), None);
    assert_eq!(orders.take(ms(4500), false), Some((Order::Calibration, LineEnd::None)));
}

#[test]
fn a_fast_device_needs_less_silence() {
    let mut orders = auto();
    let period = Some(Duration::from_millis(100));
    orders.on_bytes(ms(100));
    orders.on_readings(period);
    orders.on_bytes(ms(200));
    orders.on_readings(period);
    orders.want_calibration(ms(200));
    assert_eq!(orders.take(ms(239), false), None);
    assert!(orders.take(ms(240), false).is_some());
}

#[test]
fn an_unanswered_calibration_is_tried_thrice_then_rests() {
    let mut orders = auto();
    let mut now = ms(1000);
    for _ in 0..2 {
        orders.on_bytes(now);
        orders.on_readings(Some(Duration::from_secs(4)));
    }
    orders.want_calibration(now);
    for _ in 0..TRIES {
        now = now + Duration::from_secs(1);
        assert!(orders.take(now, false).is_some());
        now = now + ANSWER_LIMIT;
        assert_eq!(orders.expire(now), Some(Order::Calibration));
    }
    assert_eq!(orders.take(now + Duration::from_secs(60), false), None);
    assert!(orders.take(now + Duration::from_secs(601), false).is_some());
}

#[test]
fn a_device_that_streams_unasked_gets_no_command() {
    let mut orders = auto();
    for at in [0, 10] {
        orders.on_bytes(ms(at));
        orders.on_readings(None);
    }
    assert_eq!(orders.take(ms(60_000), false), None);
    assert_eq!(orders.wake_at(ms(20)), None);
}

#[test]
fn on_demand_asks_each_poll_period() {
    let mut orders = Orders::new(Moment::ZERO, Mode::OnDemand, Duration::from_secs(10), Choice::Lf);
    assert_eq!(orders.take(ms(1000), false), Some((Order::Once, LineEnd::Lf)));
    orders.on_bytes(ms(1500));
    assert_eq!(orders.on_readings(None), Some(Order::Once));
    assert_eq!(orders.take(ms(10_999), false), None);
    assert_eq!(orders.take(ms(11_000), false), Some((Order::Once, LineEnd::Lf)));
}

#[test]
fn no_command_goes_out_just_before_the_next_frame() {
    let mut orders = auto();
    let period = Some(Duration::from_millis(4085));
    for _ in 0..2 {
        orders.on_bytes(ms(170));
        orders.on_frame(period);
        orders.on_bytes(ms(490));
        orders.on_readings(period);
    }
    orders.want_calibration(ms(600));
    assert_eq!(orders.take(ms(3500), false), None, "late in the cycle");
    assert_eq!(orders.take(ms(3000), false), Some((Order::Calibration, LineEnd::None)), "earlier it would have gone");
}
