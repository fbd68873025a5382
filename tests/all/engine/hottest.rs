//! The hottest cell of an array as a fact: now and then, when it changed.

use hearthlight::engine::services::thermal::hottest::Hottest;
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::{Thermal, Update};
use hearthlight::units::moment::Moment;
use jiff::Timestamp;

fn look(hottest: &mut Hottest, second: i64, celsius: f32) -> Vec<Update> {
    let (now, wall) =
        (Moment::from_millis(second.unsigned_abs() * 1000), Timestamp::from_second(second).expect("a time"));
    hottest.look(now, wall, [(DeviceId::new("oven"), celsius)].into_iter())
}

#[test]
fn it_is_told_when_it_changed_and_not_too_often() {
    let mut hottest = Hottest::default();
    assert_eq!(look(&mut hottest, 0, 20.0).len(), 1, "the first at once");
    assert!(look(&mut hottest, 5, 90.0).is_empty(), "too soon");
    assert_eq!(look(&mut hottest, 10, 90.0).len(), 1);
    assert!(look(&mut hottest, 30, 90.1).is_empty(), "hardly another one");
    assert!(look(&mut hottest, 40, f32::NAN).is_empty());
}

#[test]
fn what_is_told_is_what_is_kept() {
    let (mut hottest, mut folded) = (Hottest::default(), Thermal::default());
    look(&mut hottest, 3, 21.5).iter().for_each(|update| folded.apply(update));
    assert_eq!(folded.hottest, hottest.state());
    folded.apply(&Update::Forgotten(DeviceId::new("oven")));
    assert!(folded.hottest.is_empty());
    assert!(hottest.look(Moment::ZERO, Timestamp::UNIX_EPOCH, std::iter::empty()).is_empty());
    assert!(hottest.state().is_empty(), "an array that is gone is told anew when it comes back");
}
