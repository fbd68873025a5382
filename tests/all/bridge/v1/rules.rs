//! Rules: what apps write, what that means, and what is refused.

use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Act, Any, Days, LightField, Operator, Rule, Status, Subject};
use hearthlight::model::inputs::InputId;
use hearthlight::model::lights::{Aim, Command as LightsCommand};
use jiff::civil::time;
use serde_json::{Value, json};

use super::super::house::{House, KEY, group_id, light_id};
use super::{made, outcome};

fn action() -> Value {
    json!({"address": "/groups/3/action", "method": "PUT", "body": {"on": true}})
}

fn rule(conditions: &Value, actions: &Value) -> String {
    json!({"name": "Motion on", "recycle": false, "status": "enabled", "conditions": conditions, "actions": actions})
        .to_string()
}

/// The one rule that is kept.
fn kept(house: &House) -> Rule {
    let view = house.view();
    let mut rules = view.bridge.objects.values().filter_map(|object| match &**object {
        Object::Rule(rule) => Some(rule.clone()),
        _ => None,
    });
    rules.next_back().expect("a rule")
}

#[tokio::test]
async fn a_rule_reads_back_as_written_and_means_what_it_says() {
    let house = House::new();
    let conditions = json!([
        {"address": "/sensors/3/state/presence", "operator": "eq", "value": "true"},
        {"address": "/sensors/3/state/presence", "operator": "dx"},
        {"address": "/sensors/5/state/dark", "operator": "eq", "value": "true"},
        {"address": "/config/localtime", "operator": "in", "value": "T22:00:00/T06:30:00"},
        {"address": "/groups/3/state/any_on", "operator": "eq", "value": "false"},
        {"address": "/lights/4/state/bri", "operator": "gt", "value": "100"},
        {"address": "/sensors/6/state/buttonevent", "operator": "eq", "value": "1002"},
        {"address": "/sensors/9/state/flag", "operator": "ddx", "value": "PT00:10:00"},
    ]);
    let actions = json!([
        action(),
        {"address": "/lights/4/state", "method": "PUT", "body": {"bri_inc": -127}},
        {"address": "/sensors/9/state", "method": "PUT", "body": {"flag": false}},
    ]);
    let number = made(&house.v1("POST", "rules", rule(&conditions, &actions)).await);
    assert_eq!(number, "1");
    let shown = house.v1("GET", "rules/1", "").await;
    assert_eq!((&shown["conditions"], &shown["actions"]), (&conditions, &actions));
    assert_eq!((&shown["owner"], &shown["status"]), (&json!(KEY), &json!("enabled")));
    assert_eq!((&shown["lasttriggered"], &shown["timestriggered"]), (&json!("none"), &json!(0)));
    assert_eq!(shown["created"], "2026-05-04T18:00:00");

    let hall = |key: &str| Subject::Input(InputId("hall".into()), key.into());
    let flag = ObjectId { kind: Kind::Clip, id: "flag".into() };
    let rule = kept(&house);
    let meant: Vec<_> = rule.conditions.into_iter().map(|condition| (condition.subject, condition.operator)).collect();
    let expected = [
        (hall("motion"), Operator::Equal(1)),
        (hall("motion"), Operator::Changed),
        (hall("dark"), Operator::Equal(1)),
        (Subject::Clock, Operator::Within(Days(127), time(22, 0, 0, 0), time(6, 30, 0, 0))),
        (Subject::Group(Some(group_id("office")), Any::Any), Operator::Equal(0)),
        (Subject::Light(light_id("lamp"), LightField::Bri), Operator::Greater(100)),
        (Subject::Input(InputId("switch".into()), "button".into()), Operator::Equal(1002)),
        (Subject::Clip(flag.clone(), "flag".into()), Operator::ChangedAgo(600)),
    ];
    assert_eq!(meant, expected);
    let [Act::Lights(LightsCommand::Set { aims, change }), Act::Lights(LightsCommand::Step { by, .. }), write] =
        &rule.acts[..]
    else {
        panic!("{:?}", rule.acts)
    };
    assert_eq!((&aims[..], change.on), (&[Aim::Group(group_id("office"))][..], Some(true)));
    assert!((by + 0.5).abs() < 1e-6);
    assert_eq!(*write, Act::Write(flag, r#"{"flag":false}"#.into()));
}

#[tokio::test]
async fn a_door_is_open_where_it_is_not_closed() {
    let house = House::new();
    let open = json!([{"address": "/sensors/2/state/open", "operator": "eq", "value": "true"}]);
    made(&house.v1("POST", "rules", rule(&open, &json!([action()]))).await);
    let door = Subject::Input(InputId("door".into()), "contact".into());
    let condition = kept(&house).conditions.remove(0);
    assert_eq!((condition.subject, condition.operator), (door, Operator::Equal(0)));
}

#[tokio::test]
async fn conditions_and_actions_that_mean_nothing_are_refused() {
    let house = House::new();
    let fine = json!([{"address": "/sensors/9/state/flag", "operator": "dx"}]);
    let condition = |address: &str, operator: &str, value: &str| json!([{"address": address, "operator": operator, "value": value}]);
    let wrong = [
        condition("/sensors/99/state/flag", "eq", "true"),
        condition("/sensors/9/state/status", "eq", "1"),
        condition("/lights/4/state/hue", "gt", "1"),
        condition("/groups/77/state/any_on", "eq", "true"),
        condition("/sensors/9/state/flag", "is", "true"),
        condition("/sensors/9/state/flag", "eq", "maybe"),
        condition("/sensors/9/state/flag", "ddx", "10 min"),
        condition("/sensors/9/state/flag", "in", "T10:00:00/T11:00:00"),
        condition("/config/localtime", "eq", "1"),
        condition("/config/localtime", "in", "T25:00:00/T11:00:00"),
        json!(["dx"]),
        json!([]),
    ];
    for conditions in wrong {
        let answer = house.v1("POST", "rules", rule(&conditions, &json!([action()]))).await;
        assert_eq!(outcome(&answer)[0].0, 607, "{conditions}");
    }
    let act = |method: &str, address: &str, body: Value| json!([{"address": address, "method": method, "body": body}]);
    let wrong = [
        act("PUT", "/groups/77/action", json!({"on": true})),
        act("PUT", "/groups/3/action", json!({"on": 1})),
        act("PUT", "/groups/3/action", json!({})),
        act("PUT", "/lights/4/state", json!({"hue_inc": 5})),
        act("PUT", "/sensors/3/state", json!({"presence": true})),
        act("GET", "/groups/3/action", json!({"on": true})),
        act("PUT", "/config", json!({"linkbutton": true})),
        act("PUT", "/api/nobody/groups/3/action", json!({"on": true})),
        json!([{"address": "/groups/3/action", "method": "PUT", "body": {"on": true}, "twice": true}]),
        json!([]),
    ];
    for actions in wrong {
        assert_eq!(outcome(&house.v1("POST", "rules", rule(&fine, &actions)).await)[0].0, 608, "{actions}");
    }
    let nine = vec![fine[0].clone(); 9].into();
    assert_eq!(
        outcome(&house.v1("POST", "rules", rule(&nine, &json!([action()]))).await),
        [(11, "/rules/conditions".to_owned())]
    );
    assert_eq!(house.sent(), []);
}

#[tokio::test]
async fn a_rule_is_turned_off_renamed_and_removed() {
    let house = House::new();
    let fine = json!([{"address": "/sensors/9/state/flag", "operator": "dx"}]);
    made(&house.v1("POST", "rules", rule(&fine, &json!([action()]))).await);
    assert_eq!(outcome(&house.v1("PUT", "rules/1", r#"{"status":"disabled"}"#).await)[0].0, 0);
    assert_eq!(
        (kept(&house).status, &house.v1("GET", "rules/1", "").await["status"]),
        (Status::Disabled, &json!("disabled"))
    );
    let answer = house.v1("PUT", "rules/1", r#"{"name":"New","status":"enabled","owner":"x","actions":[]}"#).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [0, 0, 8, 608]);
    assert_eq!((kept(&house).status, &*kept(&house).name), (Status::Enabled, "New"));
    assert_eq!(outcome(&house.v1("DELETE", "rules/1", "").await)[0].0, 0);
    assert_eq!(house.v1("GET", "rules", "").await, json!({}));
}
