//! Colours that mean something else than a temperature in a span: above a limit, and away from the usual.

use hearthlight::heat::palette::{ABOVE_LIMIT, DIFFERENCE, Palette};
use hearthlight::heat::picture::{Colouring, Painter, Span};
use hearthlight::model::learned::Baseline;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::units::grid::{Mounting, Size};

use super::frame_of;

const SPAN: Span = Span { low: 20.0, high: 60.0 };

fn draw(frame: &ThermalFrame, colouring: &Colouring<'_>, factor: usize) -> Vec<[u8; 4]> {
    let mut out = vec![7; 5];
    let size = Painter::default().draw(frame, Mounting::default(), colouring, factor, &mut out);
    assert_eq!(size.cells() * 4, out.len());
    out.as_chunks::<4>().0.to_vec()
}

fn opaque([r, g, b]: [u8; 3]) -> [u8; 4] {
    [r, g, b, 255]
}

fn is_grey([r, g, b, _]: [u8; 4]) -> bool {
    r == g && g == b
}

/// How light a colour is, 0..=1: its share of white, linear (IEC 61966-2-1, BT.709).
fn luminance(rgb: [u8; 3]) -> f32 {
    let [r, g, b] = rgb.map(|byte| (f32::from(byte) / 255.0).powf(2.2));
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[test]
fn from_the_limit_up_it_is_coloured_and_below_grey() {
    let above = Colouring::AboveLimit { limit: 40.0, span: SPAN };
    let shown = draw(&frame_of(4, 1, &[20.0, 39.99, 40.0, 60.0]), &above, 0);
    assert_eq!(shown.iter().map(|pixel| is_grey(*pixel)).collect::<Vec<_>>(), [true, true, false, false]);
    assert_eq!(
        (shown[0], shown[2], shown[3]),
        (opaque(ABOVE_LIMIT[0]), opaque(ABOVE_LIMIT[128]), opaque(ABOVE_LIMIT[255]))
    );
    assert_eq!((above.index(-300.0), above.index(3000.0), above.index(f32::NAN)), (0, 255, 0));
    for span in [Span { low: 50.0, high: 60.0 }, Span { low: 20.0, high: 30.0 }] {
        let outside = Colouring::AboveLimit { limit: 40.0, span };
        assert!(outside.index(39.9) < 128 && outside.index(40.0) == 128, "a limit beyond the span still parts");
    }
    let smooth = draw(&frame_of(2, 1, &[20.0, 60.0]), &above, 8);
    let greys = smooth[..16].iter().filter(|pixel| is_grey(**pixel)).count();
    assert_eq!(greys, 8, "the border runs where the temperature between the cells is the limit");
}

#[test]
fn above_limit_is_lighter_with_heat_throughout() {
    let light: Vec<f32> = ABOVE_LIMIT.iter().map(|rgb| luminance(*rgb)).collect();
    assert!(light.is_sorted() && light[128] > light[127] + 0.05, "and steps at the limit");
}

#[test]
fn a_difference_is_blue_grey_or_orange() {
    let usual = Baseline {
        size: Size::new(4, 1).unwrap(),
        mean: vec![20.0, 20.0, 30.0, 20.0],
        variance: vec![0.1, 0.1, 0.1, -1.0],
        seconds: 900.0,
        learning: false,
    };
    let difference = Colouring::Difference { baseline: &usual, kelvin: 5.0 };
    let frame = frame_of(4, 1, &[25.0, 20.0, 25.0, 90.0]);
    let shown = draw(&frame, &difference, 0);
    assert_eq!((shown[0], shown[2]), (opaque(DIFFERENCE[255]), opaque(DIFFERENCE[0])));
    let [r, g, b, _] = shown[1];
    assert!(r.abs_diff(g) < 8 && g.abs_diff(b) < 8, "no difference is grey");
    assert_eq!(shown[3], [0; 4], "what has no usual temperature has no colour");
    let smooth = draw(&frame, &difference, 3);
    for (n, pixel) in smooth.iter().enumerate() {
        assert_eq!(*pixel == [0; 4], n % 12 >= 9, "the unknown cell, and nothing else, is left out");
    }
    let other = Baseline { size: Size::new(2, 2).unwrap(), ..usual.clone() };
    let of_another = Colouring::Difference { baseline: &other, kelvin: 5.0 };
    assert!(draw(&frame, &of_another, 0).iter().all(|pixel| *pixel == [0; 4]), "the usual picture of another array");
    let nothing = frame_of(4, 1, &[f32::NAN; 4]);
    assert!(draw(&nothing, &difference, 0).iter().all(|pixel| *pixel == [0; 4]));
    let hole = frame_of(4, 1, &[25.0, f32::NAN, 25.0, 90.0]);
    assert_eq!(draw(&hole, &difference, 0)[1], opaque(DIFFERENCE[255]), "a broken cell is drawn as its neighbours");
}

#[test]
fn a_difference_follows_the_mounting() {
    let usual = Baseline {
        size: Size::new(2, 1).unwrap(),
        mean: vec![20.0, 40.0],
        variance: vec![0.1; 2],
        seconds: 900.0,
        learning: false,
    };
    let (frame, mut out) = (frame_of(2, 1, &[22.0, 36.0]), Vec::new());
    let difference = Colouring::Difference { baseline: &usual, kelvin: 4.0 };
    Painter::default().draw(&frame, Mounting { quarter_turns: 2, mirror: false }, &difference, 0, &mut out);
    assert_eq!(out[..4], opaque(DIFFERENCE[0]), "-4 K is shown first");
    assert_eq!(out[4..], opaque(DIFFERENCE[usize::from(difference.index(2.0))]));
}

#[test]
fn one_door_paints_palettes_as_before() {
    let frame = frame_of(3, 2, &[20.0, 25.0, 31.0, 44.0, 52.0, 60.0]);
    let heat = Colouring::Heat { lut: Palette::Turbo.lut(), span: SPAN };
    let mut painter = Painter::default();
    let (mut plain, mut smooth) = (Vec::new(), Vec::new());
    painter.paint(&frame, Mounting::default(), Palette::Turbo.lut(), SPAN, &mut plain);
    painter.paint_smooth(&frame, Mounting::default(), Palette::Turbo.lut(), SPAN, 4, &mut smooth);
    assert_eq!(draw(&frame, &heat, 0), plain.as_chunks::<4>().0);
    assert_eq!(draw(&frame, &heat, 4), smooth.as_chunks::<4>().0);
    assert_eq!(draw(&frame, &heat, 0)[3], opaque(heat.lut()[usize::from(heat.index(44.0))]));
}
