//! What desktops say about their look, as they write it.

use crate::io::appearance::Appearance;

/// The namespace of the Settings portal.
pub const NAMESPACE: &str = "org.freedesktop.appearance";

/// Takes one key of [`NAMESPACE`] in. Settings portal, "Standardized keys": `color-scheme` 0 no preference, 1 dark,
/// 2 light; `contrast` 0 normal, 1 higher; `reduced-motion` 0 no preference, 1 reduced. What is unknown counts as 0.
pub fn portal(appearance: &mut Appearance, key: &str, value: u32) {
    match key {
        "color-scheme" => {
            appearance.dark = match value {
                1 => Some(true),
                2 => Some(false),
                _ => None,
            }
        }
        "contrast" => appearance.contrast = Some(value == 1),
        "reduced-motion" => appearance.still = Some(value == 1),
        _ => {}
    }
}

/// What `defaults read` says of a switch on macOS: `1` or `0`; anything else is no answer.
#[must_use]
pub fn switch(said: &str) -> Option<bool> {
    match said.trim() {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// The value in what `reg query KEY /v NAME` says: the last word of the line of that name.
#[must_use]
pub fn registry<'a>(said: &'a str, name: &str) -> Option<&'a str> {
    let line = said.lines().find(|line| line.split_whitespace().next() == Some(name))?;
    line.split_whitespace().nth(2)
}

/// Whether high contrast is on, from `Flags` of `Control Panel\Accessibility\HighContrast`: bit 0, `HCF_HIGHCONTRASTON`.
#[must_use]
pub fn high_contrast(flags: &str) -> Option<bool> {
    flags.parse::<u32>().ok().map(|flags| flags & 1 == 1)
}

/// Whether animations are off, from `UserPreferencesMask` of `Control Panel\Desktop`: bit 1 of byte 4,
/// `SPI_SETCLIENTAREAANIMATION`, is set while they are on.
#[must_use]
pub fn animations_off(mask: &str) -> Option<bool> {
    let byte = mask.get(8..10)?;
    u8::from_str_radix(byte, 16).ok().map(|byte| byte & 2 == 0)
}
