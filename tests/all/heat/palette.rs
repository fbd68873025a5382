//! Palettes.

use hearthlight::heat::palette::Palette;

#[test]
fn every_palette_ends_on_its_stops() {
    let ends = [
        (Palette::Inferno, [0, 0, 4], [252, 255, 164]),
        (Palette::Cividis, [0, 34, 78], [254, 232, 56]),
        (Palette::Viridis, [68, 1, 84], [253, 231, 37]),
        (Palette::Magma, [0, 0, 4], [252, 253, 191]),
        (Palette::Turbo, [48, 18, 59], [122, 4, 3]),
        (Palette::Ironbow, [0, 0, 10], [255, 255, 246]),
        (Palette::RainbowHc, [0, 0, 0], [255, 255, 255]),
        (Palette::Arctic, [10, 10, 60], [255, 250, 220]),
        (Palette::WhiteHot, [0, 0, 0], [255, 255, 255]),
        (Palette::BlackHot, [255, 255, 255], [0, 0, 0]),
    ];
    assert_eq!(ends.map(|(palette, ..)| palette), Palette::ALL);
    for (palette, first, last) in ends {
        assert_eq!((palette.lut()[0], palette.lut()[255]), (first, last), "{}", palette.name());
    }
}

#[test]
fn colours_between_stops_are_interpolated() {
    assert_eq!(Palette::WhiteHot.lut()[100], [100; 3]);
    assert_eq!(Palette::BlackHot.lut()[100], [155; 3]);
    // Stop 1 of 17 is at 255/16 = 15.94: entry 16 lies 0.4 % behind it.
    assert_eq!(Palette::Inferno.lut()[16], [11, 7, 36]);
    // Entry 8 is half way, 0.502, from (0,0,4) to (11,7,36).
    assert_eq!(Palette::Inferno.lut()[8], [6, 4, 20]);
    // Stop 8 of 17 is at 127.5: entry 127 is 3 % before it.
    assert_eq!(Palette::Turbo.lut()[127], [162, 252, 61]);
}

#[test]
fn neighbours_never_leap() {
    for palette in Palette::ALL {
        for pair in palette.lut().windows(2) {
            for channel in 0..3 {
                assert!(pair[0][channel].abs_diff(pair[1][channel]) <= 8, "{} {pair:?}", palette.name());
            }
        }
    }
}

#[test]
fn lightness_alone_orders_the_safe_ones() {
    let luma = |[r, g, b]: [u8; 3]| 0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b);
    for palette in Palette::ALL.into_iter().filter(|palette| palette.colour_blind_safe()) {
        let sign = if palette == Palette::BlackHot { -1.0 } else { 1.0 };
        assert!(palette.lut().windows(2).all(|p| sign * (luma(p[1]) - luma(p[0])) > -0.5), "{}", palette.name());
    }
}

#[test]
fn names_are_kept_in_settings() {
    assert_eq!(Palette::default(), Palette::Inferno);
    let text = serde_json::to_string(&Palette::ALL).expect("text");
    let words =
        r#"["inferno","cividis","viridis","magma","turbo","ironbow","rainbow_hc","arctic","white_hot","black_hot"]"#;
    assert_eq!(text, words);
    assert_eq!(serde_json::from_str::<[Palette; 10]>(words).expect("palettes"), Palette::ALL);
}
