//! What desktops say about their look, as their systems write it.

use hearthlight::io::appearance::Appearance;
use hearthlight::io::appearance::words::{animations_off, high_contrast, portal, registry, switch};

#[test]
fn the_settings_portal_is_understood() {
    let mut now = Appearance::default();
    for (key, value) in [("color-scheme", 1), ("contrast", 1), ("reduced-motion", 1), ("accent-color", 9)] {
        portal(&mut now, key, value);
    }
    assert_eq!(now, Appearance { dark: Some(true), contrast: Some(true), still: Some(true) });
    for (key, value) in [("color-scheme", 2), ("contrast", 0), ("reduced-motion", 7)] {
        portal(&mut now, key, value);
    }
    assert_eq!(now, Appearance { dark: Some(false), contrast: Some(false), still: Some(false) });
    portal(&mut now, "color-scheme", 0);
    assert_eq!(now.dark, None);
}

#[test]
fn what_a_mac_says_is_one_or_zero_or_nothing() {
    assert_eq!(
        ["1\n", "0\n", "", "The domain/default pair does not exist"].map(switch),
        [Some(true), Some(false), None, None]
    );
}

#[test]
fn the_registry_of_windows_is_read() {
    let contrast =
        "\r\nHKEY_CURRENT_USER\\Control Panel\\Accessibility\\HighContrast\r\n    Flags    REG_SZ    127\r\n\r\n";
    assert_eq!(registry(contrast, "Flags"), Some("127"));
    assert_eq!((high_contrast("127"), high_contrast("126"), high_contrast("x")), (Some(true), Some(false), None));
    let mask = "\r\nHKEY_CURRENT_USER\\Control Panel\\Desktop\r\n    UserPreferencesMask    REG_BINARY    9E1E078012000000\r\n";
    assert_eq!(registry(mask, "UserPreferencesMask").and_then(animations_off), Some(false));
    assert_eq!(animations_off("9012038010000000"), Some(true));
    assert_eq!(
        (registry(mask, "Flags"), animations_off("90"), animations_off("\u{20ac}\u{20ac}\u{20ac}\u{20ac}")),
        (None, None, None)
    );
}
