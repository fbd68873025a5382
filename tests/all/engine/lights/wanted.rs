//! What is wished of a light is what it can do.

use std::sync::Arc;

use hearthlight::engine::services::lights::wanted::{otherwise, wanted};
use hearthlight::model::lights::Reported;
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::layers::Stack;
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::units::color::{Gamut, Mirek, Xy};

use super::{bulb, red};

fn shown(color: Color, can: &Capabilities) -> Color {
    let base = State { on: true, brightness: 0.5, color, effect: Some("fire".into()) };
    wanted(&Stack { base, ..Stack::default() }, 1.0, can).color
}

fn xy(x: f32, y: f32) -> Xy {
    Xy::new(x, y).unwrap()
}

#[test]
fn a_colour_becomes_the_nearest_that_the_light_can_show() {
    let whites = Capabilities { color: None, mirek: Some(153..=454), ..bulb() };
    let colors = Capabilities { mirek: None, ..bulb() };
    let strip = Capabilities { segments: 10, ..colors.clone() };
    let plug = Capabilities::switch(1.0);
    let green = Color::Xy(xy(0.1, 0.8));
    assert_eq!(shown(green.clone(), &colors), Color::Xy(Gamut::C.clamp(xy(0.1, 0.8))));
    assert_eq!(shown(Color::Mirek(Mirek::new(500)), &whites), Color::Mirek(Mirek::new(454)));
    assert_eq!(shown(Color::Xy(Mirek::new(300).xy()), &whites), Color::Mirek(Mirek::new(300).xy().mirek()));
    let Color::Xy(warm) = shown(Color::Mirek(Mirek::new(366)), &colors) else { panic!("a colour") };
    assert!(warm.distance(Mirek::new(366).xy()) < 0.002);
    let gradient = Color::Gradient(Arc::new([xy(0.64, 0.33), xy(0.3, 0.6)]));
    assert_eq!(shown(gradient.clone(), &strip), gradient);
    assert_eq!(shown(gradient, &colors), red());
    assert_eq!(shown(green, &plug), State::default().color);
}

#[test]
fn the_master_dims_and_darkness_is_off() {
    let base = State { on: true, brightness: 0.5, ..State::default() };
    let stack = Stack { base, ..Stack::default() };
    let at = |master, can: &Capabilities| wanted(&stack, master, can);
    assert_eq!((at(0.5, &bulb()).brightness, at(0.5, &bulb()).on), (0.25, true));
    assert!(!at(0.0, &bulb()).on);
    assert_eq!(at(0.5, &Capabilities::switch(1.0)).brightness, 1.0);
    let unknown = Stack { base: State { effect: Some("none of its own".into()), ..State::default() }, ..stack };
    assert_eq!(wanted(&unknown, 1.0, &bulb()).effect, None);
}

#[test]
fn rounding_is_no_difference() {
    let wish = State { on: true, brightness: 0.5, color: red(), effect: None };
    let said = Reported {
        on: Some(true),
        brightness: Some(127.0 / 254.0),
        color: Some(Color::Xy(xy(0.645, 0.325))),
        effect: None,
    };
    assert_eq!(otherwise(&said, &wish), Change::default());
    let white = State { color: Color::Mirek(Mirek::new(366)), ..wish.clone() };
    let said = Reported { color: Some(Color::Mirek(Mirek::new(370))), ..Reported::default() };
    assert_eq!(otherwise(&said, &white), Change::default());
    let off = Reported { on: Some(false), brightness: Some(0.1), ..Reported::default() };
    assert_eq!(otherwise(&off, &wish), Change { on: Some(false), ..Change::default() });
    let dark = Reported { on: Some(true), brightness: Some(0.0), ..Reported::default() };
    assert_eq!(otherwise(&dark, &wish).on, Some(false));
    let running = State { effect: Some("fire".into()), ..wish };
    let said = Reported { color: Some(Color::Mirek(Mirek::new(200))), ..Reported::default() };
    assert_eq!(otherwise(&said, &running), Change::default(), "an effect shows colours of its own");
}
