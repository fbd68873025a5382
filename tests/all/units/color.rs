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
fn brightness_is_counted_as_the_hue_api_does() {
    let steps =
        [(0.0, 1), (0.01, 3), (0.1, 25), (0.25, 64), (0.5, 127), (0.5968, 152), (0.75, 191), (0.99, 251), (1.0, 254)];
    for (share, bri) in steps {
        assert!(bri_of_share(share).abs_diff(bri) <= 1, "{share}");
    }
    assert!((share_of_bri(127) - 0.5).abs() < 1e-6);
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
