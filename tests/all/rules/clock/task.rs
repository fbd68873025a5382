//! The engine as a task: commands go through the port, and none holds up another.

use std::sync::Arc;

use hearthlight::model::bridge;
use hearthlight::model::bridge::kept::Kind;
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Act, Schedule, When};
use hearthlight::model::message::{Command, Origin, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::rules::clock;
use hearthlight::rules::clock::due::Now;
use hearthlight::units::moment::Moment;
use tokio_util::sync::CancellationToken;

use super::{id, schedule, wall};
use crate::rules::Engine;

const NOW: &str = "2026-11-20T12:00:00+01:00";

#[tokio::test]
async fn what_is_due_is_asked_for_and_noted() {
    let own = id(Kind::Schedule, "1");
    let timer = schedule(When::Timer { seconds: 60, repeat: Some(None) }, "2026-11-20T11:59:00+01:00");
    let mut house = Engine::new(Snapshot::default(), 8);
    let stop = CancellationToken::new();
    let now = || Now { moment: Moment::from_millis(1), wall: wall(NOW) };
    let task = tokio::spawn(clock::run(house.port.clone(), now, stop.clone()));
    // It is listening once it looked at the clock; until then the state is all it needs.
    tokio::task::yield_now().await;
    let acts = vec![Act::Enable(id(Kind::Rule, "tea"), true)];
    let kept = Arc::new(Object::Schedule(Schedule { name: "Tea".into(), acts, ..timer }));
    house.tell(Update::Bridge(bridge::Update::Object(own.clone(), kept)), Origin::Api);
    let first = house.next(Some("no")).await;
    let enable = Command::Bridge(bridge::Command::Enable { id: id(Kind::Rule, "tea"), on: true });
    assert_eq!((first.command, first.origin), (enable, Origin::Schedule("Tea".into())));
    let second = house.next(None).await;
    let fired = bridge::Command::Fired { id: own, at: wall(NOW) };
    assert_eq!(second.command, Command::Bridge(fired));
    stop.cancel();
    task.await.unwrap();
}
