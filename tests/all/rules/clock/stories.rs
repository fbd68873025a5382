//! Stories of clocks that run, stop and jump: whatever is due fires once at most.

use std::collections::BTreeSet;

use hearthlight::model::bridge;
use hearthlight::model::bridge::kept::Kind;
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Days, Schedule, When};
use hearthlight::model::message::Command;
use jiff::SignedDuration;
use jiff::civil::{date, time};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};

use super::{House, id, schedule};

const FRIDAY: &str = "2026-10-23T12:00:00+02:00";

pub(super) fn is_light(command: &Command) -> bool {
    matches!(command, Command::Lights(_))
}

#[derive(Clone, Debug)]
enum Op {
    /// Time goes on, the engine is woken as it wants.
    Run(i64),
    /// Time goes on, nothing runs.
    Sleep(i64),
    /// The wall clock is set.
    Jump(i64),
    Tick,
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        (1..100_000_i64).prop_map(Op::Run),
        (1..100_000_i64).prop_map(Op::Sleep),
        (1..900_i64).prop_map(Op::Sleep),
        (-200_000..200_000_i64).prop_map(Op::Jump),
        (-700..700_i64).prop_map(Op::Jump),
        Just(Op::Tick),
    ];
    proptest::collection::vec(op, 1..40)
}

fn whens() -> impl Strategy<Value = When> {
    prop_oneof![
        (0..48_i64).prop_map(|hours| {
            When::Once(date(2026, 10, 23).at(13, 0, 0, 0).checked_add(SignedDuration::from_hours(hours)).unwrap())
        }),
        (1..128_u8, 0..24_i8).prop_map(|(days, hour)| When::Weekly(Days(days), time(hour, 30, 0, 0))),
        (1..128_u8, 0..24_i8)
            .prop_map(|(days, hour)| { When::Interval(Days(days), time(hour, 30, 0, 0), time(2, 31, 0, 0)) }),
        (600..100_000_u32, any::<bool>())
            .prop_map(|(seconds, ends)| When::Timer { seconds, repeat: Some(ends.then_some(3)) }),
    ]
}

proptest! {
    #[test]
    fn each_instant_fires_once_at_most(when in whens(), random_s in prop_oneof![Just(0), 1..3600_u32], story in ops()) {
        let mut house = House::at(FRIDAY);
        let own = id(Kind::Schedule, "1");
        let kept = Schedule { random_s, autodelete: false, ..schedule(when, FRIDAY) };
        house.keep(&own, Object::Schedule(kept));
        for op in story {
            match op {
                Op::Run(s) => house.until_wall(house.now.wall + SignedDuration::from_secs(s)),
                Op::Sleep(s) => house.pass(SignedDuration::from_secs(s)),
                Op::Jump(s) => house.jump(SignedDuration::from_secs(s)),
                Op::Tick => house.tick(),
            }
        }
        house.tick();
        // What fired is told by its instant right after what it did.
        let mut fired = BTreeSet::new();
        for pair in house.log.windows(2) {
            let (Command::Lights(_), Command::Bridge(bridge::Command::Fired { at, .. })) = (&pair[0].1, &pair[1].1) else {
                continue;
            };
            prop_assert!(fired.insert(*at), "{at} fired twice");
        }
        prop_assert!(house.engine.wake_at().is_none_or(|at| at > house.now.wall), "it would not sleep");
    }
}
