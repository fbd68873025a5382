//! Colours: computed by hand elsewhere, to 0.001 in xy and 2 of 255 in RGB.

use hearthlight::units::color::{Gamut, HueSat, Linear, Mirek, Srgb8, Xy, bri_of_share, share_of_bri};
use proptest::prelude::{any, prop_assert, proptest};

fn xy((x, y): (f32, f32)) -> Xy {
    Xy::new(x, y).unwrap()
}

fn near(found: Xy, x: f32, y: f32) {
    assert!((found.x() - x).abs() <= 0.001 && (found.y() - y).abs() <= 0.001, "{found:?} is not ({x}, {y})");
}

type Row = ((u8, u8, u8), (f32, f32), f32, Option<(f32, f32)>, Option<(f32, f32)>, Option<(f32, f32)>);

/// Colours of screens with their xy and luminance, and where they lie in gamuts A, B and C if not where they are.
const SCREEN: [Row; 11] = [
    ((255, 0, 0), (0.6400, 0.3300), 0.2126, None, None, None),
    ((0, 255, 0), (0.3000, 0.6000), 0.7152, None, Some((0.4090, 0.5180)), None),
    ((0, 0, 255), (0.1500, 0.0600), 0.0722, Some((0.1418, 0.0815)), Some((0.1716, 0.0491)), Some((0.1535, 0.0599))),
    ((255, 255, 0), (0.4193, 0.5053), 0.9278, None, None, None),
    ((0, 255, 255), (0.2246, 0.3287), 0.7874, None, Some((0.2951, 0.2931)), None),
    ((255, 0, 255), (0.3209, 0.1542), 0.2848, None, None, None),
    ((255, 255, 255), (0.3127, 0.3290), 1.0000, None, Some((0.3132, 0.3288)), None),
    ((255, 165, 0), (0.5005, 0.4408), 0.4817, None, None, None),
    ((128, 128, 128), (0.3127, 0.3290), 0.2159, None, Some((0.3132, 0.3288)), None),
    ((255, 105, 180), (0.4004, 0.2545), 0.3466, None, None, None),
    ((255, 180, 107), (0.4410, 0.4026), 0.5497, None, None, None),
];

#[test]
fn colours_of_screens_have_their_chromaticity_and_lie_in_every_gamut() {
    for ((r, g, b), (x, y), luminance, a, b_, c) in SCREEN {
        let linear = Srgb8::new(r, g, b).linear();
        near(linear.xy(), x, y);
        assert!((linear.luminance() - luminance).abs() <= 0.001, "{r},{g},{b}");
        for (gamut, clamped) in [(Gamut::A, a), (Gamut::B, b_), (Gamut::C, c)] {
            let (x, y) = clamped.unwrap_or((x, y));
            near(gamut.clamp(linear.xy()), x, y);
        }
        near(Gamut::ALL.clamp(linear.xy()), x, y);
    }
    near(Linear::BLACK.xy(), 0.3127, 0.3290);
}

#[test]
fn chromaticities_have_their_colour_of_screens() {
    for (from, (r, g, b)) in [
        ((0.6915, 0.3083), (255, 0, 0)),
        ((0.17, 0.7), (0, 255, 12)),
        ((0.1532, 0.0475), (48, 0, 255)),
        ((0.3127, 0.3290), (255, 255, 255)),
        ((0.4573, 0.41), (255, 174, 91)),
        ((0.5, 0.4), (255, 145, 66)),
    ] {
        let found = xy(from).linear().srgb();
        for (found, wanted) in [(found.r, r), (found.g, g), (found.b, b)] {
            assert!((i32::from(found) - wanted).abs() <= 2, "{from:?} is {found}, not {wanted}");
        }
    }
}

#[test]
fn whites_lie_on_their_locus_and_come_back() {
    for (mirek, kelvin, x, y) in [
        (153, 6536.0, 0.3129, 0.3231),
        (200, 5000.0, 0.3450, 0.3516),
        (250, 4000.0, 0.3805, 0.3767),
        (286, 3497.0, 0.4055, 0.3909),
        (333, 3003.0, 0.4364, 0.4041),
        (366, 2732.0, 0.4567, 0.4101),
        (400, 2500.0, 0.4765, 0.4137),
        (454, 2203.0, 0.5052, 0.4152),
        (500, 2000.0, 0.5269, 0.4133),
    ] {
        let white = Mirek::new(mirek);
        near(white.xy(), x, y);
        assert!((white.kelvin() - kelvin).abs() < 1.0 && Mirek::from_kelvin(kelvin) == white);
        let back = white.xy().mirek().get();
        assert!(back.abs_diff(mirek) <= 1 + mirek / 50, "{mirek} came back as {back}");
    }
    assert_eq!(Mirek::new(600).within(&(153..=454)).get(), 454);
}

#[test]
fn gamuts_have_their_corners_and_nothing_beyond_them() {
    for (gamut, corners) in [
        (Gamut::A, [(0.704, 0.296), (0.2151, 0.7106), (0.138, 0.08)]),
        (Gamut::B, [(0.675, 0.322), (0.409, 0.518), (0.167, 0.04)]),
        (Gamut::C, [(0.6915, 0.3083), (0.17, 0.7), (0.1532, 0.0475)]),
        (Gamut::ALL, [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]),
    ] {
        let middle = corners.iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.0 / 3.0, sum.1 + corner.1 / 3.0));
        for (x, y) in corners {
            near(gamut.clamp(xy((x, y))), x, y);
            // Whatever lies behind a corner, seen from the middle, is nearest to that corner.
            let beyond = |at: f32, middle: f32| (at + 0.05 * (at - middle)).clamp(0.0, 1.0);
            near(gamut.clamp(xy((beyond(x, middle.0), beyond(y, middle.1)))), x, y);
        }
    }
}

#[test]
fn hue_and_saturation_are_colours_of_screens_and_come_back() {
    for (hue, saturation, x, y) in [
        (0.0, 1.0, 0.6400, 0.3300),
        (60.0, 1.0, 0.4193, 0.5053),
        (120.0, 1.0, 0.3000, 0.6000),
        (180.0, 1.0, 0.2246, 0.3287),
        (240.0, 1.0, 0.1500, 0.0600),
        (300.0, 1.0, 0.3209, 0.1542),
        (330.0, 150.0 / 255.0, 0.4004, 0.2545),
        (0.0, 0.0, 0.3127, 0.3290),
    ] {
        let color = HueSat { hue, saturation };
        let point = color.srgb().linear().xy();
        near(point, x, y);
        let back = point.hue_sat();
        assert!((back.saturation - saturation).abs() < 0.02, "{color:?} came back as {back:?}");
        let turned = (back.hue - hue).abs();
        assert!(saturation == 0.0 || turned.min(360.0 - turned) < 2.0, "{color:?} came back as {back:?}");
    }
}

#[test]
fn brightness_is_counted_as_the_hue_api_does() {
    for (percent, bri, back) in [
        (0.0, 1, 0.39),
        (1.0, 3, 1.18),
        (10.0, 25, 9.84),
        (25.0, 64, 25.2),
        (50.0, 127, 50.0),
        (59.68, 152, 59.84),
        (75.0, 190, 74.8),
        (99.0, 251, 98.82),
        (100.0, 254, 100.0),
    ] {
        assert_eq!(bri_of_share(percent / 100.0), bri, "{percent} %");
        assert!((share_of_bri(bri) * 100.0 - back).abs() <= 0.005 + 1e-4, "{bri} came back as {}", share_of_bri(bri));
    }
    assert!((1..=254).all(|bri| bri_of_share(share_of_bri(bri)) == bri), "what was written is read back");
}

proptest! {
    #[test]
    fn any_colour_comes_back_through_xy(r in any::<u8>(), g in any::<u8>(), b in 1..=255_u8) {
        let color = Srgb8::new(r, g, b);
        let linear = color.linear();
        let back = linear.xy().linear().scaled(linear.peak()).srgb();
        let apart = |a: u8, b: u8| a.abs_diff(b) <= 2;
        prop_assert!(apart(back.r, r) && apart(back.g, g) && apart(back.b, b), "{color:?} came back as {back:?}");
        prop_assert!(Srgb8::from_hex(&color.hex()) == Some(color));
    }

    #[test]
    fn nothing_is_ever_no_number_and_clamped_colours_stay(x in 0.0..=1.0_f32, y in 0.0..=1.0_f32) {
        let point = xy((x, y));
        for gamut in [Gamut::A, Gamut::B, Gamut::C, Gamut::SRGB, Gamut::ALL] {
            let clamped = gamut.clamp(point);
            prop_assert!(gamut.clamp(clamped).distance(clamped) < 1e-4);
        }
        let linear = point.linear();
        prop_assert!([linear.r, linear.g, linear.b].iter().all(|part| (0.0..=1.0).contains(part)));
        let HueSat { hue, saturation } = point.hue_sat();
        prop_assert!((0.0..360.0).contains(&hue) && (0.0..=1.0).contains(&saturation));
        prop_assert!(Mirek::RANGE.contains(&point.mirek().get()));
    }
}
