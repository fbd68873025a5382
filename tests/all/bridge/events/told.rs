//! From what an app writes to what others hear of it, by a clock that is turned by hand.

use std::collections::BTreeMap;
use std::time::Duration;

use hearthlight::bridge::events::event::EventId;
use hearthlight::bridge::events::{run, serve};
use hearthlight::bridge::request::Body;
use hearthlight::bridge::v2::{self, book};
use http_body_util::BodyExt as _;
use hyper::Response;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::bridge::house::{House, snapshot};

/// Longer than anything is gathered.
const QUIET: Duration = Duration::from_secs(2);

/// The small house, whose book is kept and whose changes are told.
async fn house() -> House {
    let house = House::ticking(snapshot());
    tokio::spawn(run(house.face.clone(), CancellationToken::new()));
    tokio::spawn(book::run(house.face.clone(), CancellationToken::new()));
    house.face.book.at(house.view().seq).await.expect("a book");
    house
}

/// An app that listens.
struct Ear(Response<Body>);

/// An event: its number and its containers.
type Heard = (EventId, Vec<Value>);

impl Ear {
    async fn new(house: &House) -> Self {
        let mut request = house.request("GET", "", "");
        request.headers.insert("accept", "text/event-stream".parse().expect("a header"));
        let mut ear = Self(serve(&house.face, &request).await);
        assert_eq!(ear.next().await.as_deref(), Some(": hi\n\n"));
        ear
    }

    async fn next(&mut self) -> Option<String> {
        let bytes = self.0.body_mut().frame().await?.ok()?.into_data().ok()?;
        String::from_utf8(bytes.to_vec()).ok()
    }

    /// Everything until nothing is told any more.
    async fn everything(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        while let Ok(Some(text)) = timeout(QUIET, self.next()).await {
            // Now and then something is said so that silence means something.
            if text.starts_with(':') {
                continue;
            }
            let (id, data) = text.trim_end().split_once("\ndata: ").expect("two lines");
            let containers: Vec<Value> = serde_json::from_str(data).expect("JSON");
            heard.push((id.strip_prefix("id: ").expect("a number").parse().expect("a number"), containers));
        }
        heard
    }
}

/// Changes in events, in order, by the names of what changed.
fn changes(heard: &[Heard]) -> Vec<(String, Value)> {
    let containers = heard.iter().flat_map(|(_, containers)| containers);
    let all = containers.flat_map(|container| container["data"].as_array().expect("data"));
    all.map(|change| (format!("{} {}", change["type"].as_str().expect("a type"), change["id_v1"]), change.clone()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_change_by_either_version_is_one_event_for_each_of_thirty_two_apps() {
    let house = house().await;
    let mut ears = Vec::new();
    for _ in 0..32 {
        ears.push(Ear::new(&house).await);
    }
    let lamp =
        house.view().bridge.ids.iter().find(|(thing, _)| &*thing.id == "lamp").expect("named").1.service("light");
    let body = json!({"dimming": {"brightness": 80}}).to_string();
    let mut last = None;
    for version in [1, 2] {
        if version == 1 {
            house.v1("PUT", "lights/4/state", r#"{"xy":[0.3,0.3]}"#).await;
        } else {
            let put = house.request("PUT", &format!("light/{lamp}"), body.clone());
            assert_eq!(v2::answer(&house.face, &put).await.status, 200);
        }
        let mut first = None;
        for ear in &mut ears {
            let heard = ear.everything().await;
            let [(id, containers)] = &heard[..] else { panic!("one event: {heard:?}") };
            assert_eq!((containers.len(), &containers[0]["type"]), (1, &json!("update")));
            let told = changes(&heard);
            assert_eq!(told.iter().filter(|(what, _)| what == "light \"/lights/4\"").count(), 1, "{told:?}");
            assert!(told.iter().all(|(what, _)| what.starts_with("light ") || what.starts_with("grouped_light ")));
            assert!(Some(*id) > last, "numbers grow");
            let shared = first.get_or_insert_with(|| heard.clone());
            assert_eq!(*shared, heard, "everybody hears the same");
        }
        last = first.and_then(|heard| heard.first().map(|(id, _)| *id));
    }
}

#[tokio::test(start_paused = true)]
async fn things_that_change_one_after_the_other_are_an_event_each() {
    let house = house().await;
    let mut ear = Ear::new(&house).await;
    for number in ["1", "2", "4", "5", "6", "7"] {
        house.v1("PUT", &format!("lights/{number}/state"), r#"{"on":false}"#).await;
        let heard = ear.everything().await;
        assert_eq!(heard.len(), 1, "{number}: {heard:?}");
        let told = changes(&heard);
        assert_eq!(told.iter().filter(|(what, _)| what.starts_with("light ")).count(), 1, "{told:?}");
    }
    house.v1("PUT", "lights/4/state", r#"{"on":false}"#).await;
    assert_eq!(ear.everything().await, [], "what is so already is not told");
}

#[tokio::test(start_paused = true)]
async fn a_slider_that_is_dragged_is_told_a_few_times_and_its_last_place_always() {
    let house = house().await;
    let mut ear = Ear::new(&house).await;
    // Sixty requests within a second, as apps send them.
    for n in 1..=60 {
        house.v1("PUT", "lights/2/state", format!(r#"{{"bri":{}}}"#, n * 4)).await;
        sleep(Duration::from_millis(16)).await;
    }
    let heard = ear.everything().await;
    let mut told: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (what, change) in changes(&heard) {
        told.entry(what).or_default().push(change["dimming"]["brightness"].as_f64().expect("a brightness"));
    }
    let light = &told["light \"/lights/2\""];
    assert!((3..=5).contains(&light.len()) && light.is_sorted(), "{light:?}");
    assert!((light.last().expect("one") - 240.0 / 2.54).abs() < 0.01, "{light:?}");
    assert!(told.values().all(|values| values.len() <= 5), "{told:?}");
    assert!(heard.is_sorted_by(|one, other| one.0 < other.0), "numbers grow");
}
