//! What a person chose for the window: remembered as settings, in force at once.

use std::sync::Arc;

use crate::heat::palette::Palette;
use crate::model::system::{self, Desktop, Setting};
use crate::ui::outbox::Outbox;
use crate::ui::theme::{Density, Look};
use crate::units::temperature::Scale;

/// Which look is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
    /// High contrast.
    Contrast,
}

/// From where pictures take their lowest and highest temperature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Range {
    /// Each from itself.
    #[default]
    Auto,
    /// All from the lowest and highest of all.
    Shared,
}

/// What closing the window does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// Ask.
    #[default]
    Ask,
    /// Hide the window and keep watching.
    Keep,
    /// Stop the program.
    Quit,
}

impl Words for Density {
    const ALL: &'static [(Self, &'static str, &'static str)] =
        &[(Self::Comfortable, "comfortable", "Comfortable"), (Self::Compact, "compact", "Compact")];
}

/// Whether things move on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// As the system has it.
    #[default]
    System,
    /// They do.
    Full,
    /// They jump.
    Reduced,
}

/// A value that is one of few words.
pub trait Words: Copy + PartialEq + Sized + 'static {
    /// Each value with its word in settings and its words on screen.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// The value of a word.
    #[must_use]
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w, _)| *w == word).map(|(value, ..)| *value)
    }

    /// Its word in settings.
    #[must_use]
    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(value, ..)| *value == self).map_or("", |(_, word, _)| word)
    }
}

impl Words for Theme {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::System, "system", "System"),
        (Self::Dark, "dark", "Dark"),
        (Self::Light, "light", "Light"),
        (Self::Contrast, "contrast", "High contrast"),
    ];
}

impl Words for Range {
    const ALL: &'static [(Self, &'static str, &'static str)] =
        &[(Self::Auto, "auto", "Auto range"), (Self::Shared, "shared", "Shared range")];
}

impl Words for Closing {
    const ALL: &'static [(Self, &'static str, &'static str)] =
        &[(Self::Ask, "ask", "Ask"), (Self::Keep, "keep", "Keep watching"), (Self::Quit, "quit", "Quit")];
}

impl Words for Motion {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::System, "system", "As the system"),
        (Self::Full, "full", "Full"),
        (Self::Reduced, "reduced", "Reduced"),
    ];
}

impl Words for Scale {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Celsius, "celsius", "\u{b0}C"),
        (Self::Fahrenheit, "fahrenheit", "\u{b0}F"),
        (Self::Kelvin, "kelvin", "K"),
    ];
}

/// Steps of the text scale.
pub const TEXT_SCALES: [f32; 7] = [0.8, 0.9, 1.0, 1.25, 1.5, 1.75, 2.0];

/// All choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// Colours of heat.
    pub palette: Palette,
    /// Interpolated pictures instead of cells.
    pub smooth: bool,
    /// Look.
    pub theme: Theme,
    /// Scale of temperatures.
    pub scale: Scale,
    /// Size of text, 0.8..=2.0.
    pub text_scale: f32,
    /// Range of colours.
    pub range: Range,
    /// What closing does.
    pub closing: Closing,
    /// Whether things move.
    pub motion: Motion,
    /// How much room things take.
    pub density: Density,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            palette: Palette::default(),
            smooth: true,
            theme: Theme::default(),
            scale: Scale::default(),
            text_scale: 1.0,
            range: Range::default(),
            closing: Closing::default(),
            motion: Motion::default(),
            density: Density::default(),
        }
    }
}

impl Choices {
    /// The choices as the settings have them; what is absent or malformed keeps its default.
    #[must_use]
    pub fn of(settings: &[Setting]) -> Self {
        let mut choices = Self::default();
        for setting in settings {
            choices.read(&setting.key, &setting.value);
        }
        choices
    }

    fn read(&mut self, key: &str, value: &str) {
        match key {
            "window.palette" => keep(&mut self.palette, palette_of(value)),
            "window.smooth" => keep(&mut self.smooth, value.parse().ok()),
            "window.theme" => keep(&mut self.theme, Theme::of(value)),
            "window.units" => keep(&mut self.scale, <Scale as Words>::of(value)),
            "window.text_scale" => {
                keep(&mut self.text_scale, value.parse().ok().map(|scale: f32| scale.clamp(0.8, 2.0)));
            }
            "window.range" => keep(&mut self.range, Range::of(value)),
            "window.close" => keep(&mut self.closing, Closing::of(value)),
            "window.density" => keep(&mut self.density, Density::of(value)),
            "window.motion" => keep(&mut self.motion, Motion::of(value)),
            _ => {}
        }
    }

    /// The look that is wanted, given what the desktop wants, and whether it is dark if it does not say.
    #[must_use]
    pub fn look(&self, desktop: Desktop, dark: bool) -> Look {
        match self.theme {
            Theme::Contrast => Look::Contrast,
            Theme::System if desktop.contrast == Some(true) => Look::Contrast,
            Theme::Dark => Look::Dark,
            Theme::System if desktop.dark.unwrap_or(dark) => Look::Dark,
            Theme::Light | Theme::System => Look::Light,
        }
    }

    /// Whether things jump, given what the desktop wants.
    #[must_use]
    pub fn is_still(&self, desktop: Desktop) -> bool {
        match self.motion {
            Motion::System => desktop.still == Some(true),
            Motion::Full => false,
            Motion::Reduced => true,
        }
    }

    /// Sends what differs from `before` to be remembered.
    pub fn remember(&self, before: &Self, out: &mut Outbox) {
        let mut set = |key: &str, differs: bool, value: String| {
            if differs {
                out.system(system::Command::Set { key: key.to_owned(), value });
            }
        };
        set("window.palette", self.palette != before.palette, palette_word(self.palette));
        set("window.smooth", self.smooth != before.smooth, self.smooth.to_string());
        set("window.theme", self.theme != before.theme, self.theme.word().to_owned());
        set("window.units", self.scale != before.scale, Words::word(self.scale).to_owned());
        set("window.text_scale", self.text_scale != before.text_scale, self.text_scale.to_string());
        set("window.range", self.range != before.range, self.range.word().to_owned());
        set("window.motion", self.motion != before.motion, self.motion.word().to_owned());
        set("window.density", self.density != before.density, self.density.word().to_owned());
        set("window.close", self.closing != before.closing, self.closing.word().to_owned());
    }

    /// The palette `step` places further in the list, around its ends.
    pub fn step_palette(&mut self, step: isize) {
        let all = Palette::ALL;
        let here = all.iter().position(|&p| p == self.palette).unwrap_or(0);
        let next = (here as isize + step).rem_euclid(all.len() as isize) as usize;
        keep(&mut self.palette, all.get(next).copied());
    }

    /// The text scale `step` places further.
    pub fn step_text(&mut self, step: isize) {
        let here = TEXT_SCALES.iter().position(|&s| s >= self.text_scale - 0.01).unwrap_or(2);
        let next = here.saturating_add_signed(step).min(TEXT_SCALES.len() - 1);
        keep(&mut self.text_scale, TEXT_SCALES.get(next).copied());
    }
}

fn palette_of(name: &str) -> Option<Palette> {
    Palette::ALL.iter().copied().find(|palette| palette_word(*palette) == name)
}

/// A palette's word in settings: its name in small letters, joined by `_`.
#[must_use]
pub fn palette_word(palette: Palette) -> String {
    palette.name().to_lowercase().replace(' ', "_")
}

fn keep<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

/// The settings a window's choices come from, and whether they are the ones seen last.
#[derive(Clone, Debug, Default)]
pub struct Seen(Option<Arc<Vec<Setting>>>);

impl Seen {
    /// Notes `settings`; true if they are others than before.
    pub fn differs(&mut self, settings: &Arc<Vec<Setting>>) -> bool {
        let same = self.0.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, settings));
        self.0 = Some(Arc::clone(settings));
        !same
    }
}
