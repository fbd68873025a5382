//! What a light shows in a scene of diyHue, as version 1 of the Hue API writes it.

use yaml_rust2::Yaml;

use crate::model::lights::state::{Change, Color, MAX_POINTS};
use crate::settings::import::diyhue::yaml::{get, items, number, number_of, truth};
use crate::units::color::{HueSat, Mirek, Xy, share_of_bri};

/// Steps of a whole turn of hue in version 1, less one.
const TURN: f64 = 65_535.0;
/// The most saturation in version 1.
const FULL: f64 = 254.0;

/// The change that a state in version 1 asks for.
pub(super) fn change(state: &Yaml) -> Change {
    Change {
        on: truth(state, "on"),
        brightness: number(state, "bri").map(|bri| share_of_bri(bri.clamp(1.0, 254.0) as u8)),
        color: gradient(state).or_else(|| xy(state)).or_else(|| white(state)).or_else(|| hue(state)),
        ..Change::default()
    }
}

fn point(x: f64, y: f64) -> Option<Xy> {
    Xy::new(x as f32, y as f32)
}

fn gradient(state: &Yaml) -> Option<Color> {
    let points = items(get(state, "gradient").and_then(|gradient| get(gradient, "points"))).iter().take(MAX_POINTS);
    let read = |entry: &Yaml| {
        let xy = get(get(entry, "color")?, "xy")?;
        point(number(xy, "x")?, number(xy, "y")?)
    };
    let points: Vec<Xy> = points.filter_map(read).collect();
    (points.len() > 1).then(|| Color::Gradient(points.into()))
}

fn xy(state: &Yaml) -> Option<Color> {
    let [x, y] = items(get(state, "xy")) else { return None };
    point(number_of(x)?, number_of(y)?).map(Color::Xy)
}

fn white(state: &Yaml) -> Option<Color> {
    number(state, "ct").map(|ct| Color::Mirek(Mirek::new(ct.clamp(1.0, 1000.0) as u16)))
}

fn hue(state: &Yaml) -> Option<Color> {
    let (hue, saturation) = (number(state, "hue")?, number(state, "sat").unwrap_or(FULL));
    let color = HueSat { hue: (hue / TURN * 360.0) as f32, saturation: (saturation / FULL) as f32 };
    Some(Color::Xy(color.srgb().linear().xy()))
}
