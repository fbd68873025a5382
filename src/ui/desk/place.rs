//! Where a window is on the screens, in points at text scale 1: so a larger text does not move windows.
//!
//! Invariant: a remembered position that no screen shows is not used; a size is never larger than the largest screen.

use egui::{Rect, Vec2, ViewportCommand, ViewportInfo, WindowLevel, pos2, vec2};
use serde::{Deserialize, Serialize};

use crate::ui::theme::size;

/// So much of a window's upper edge must be on a screen, or nobody could take hold of it, points.
const HOLD: Vec2 = Vec2::new(96.0, 24.0);

/// Where a window is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Width and height of its content.
    pub size: [f32; 2],
    /// Its upper left corner, where the system tells.
    pub at: Option<[f32; 2]>,
    /// Whether it stays on top of other windows.
    pub on_top: bool,
    /// Whether it fills its screen.
    pub maximized: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self { size: size::WINDOW, at: None, on_top: false, maximized: false }
    }
}

impl Place {
    /// Where a window is now; `None` where the system does not tell its size, or it fills the screen as a wall.
    #[must_use]
    pub fn of(info: &ViewportInfo, content: Rect, zoom: f32, on_top: bool) -> Option<Self> {
        if info.fullscreen == Some(true) || info.minimized == Some(true) {
            return None;
        }
        // Whole points: a rounding of the system is no other place.
        let whole = |v: f32| (v * zoom).round();
        let own = info.inner_rect.unwrap_or(content);
        Some(Self {
            size: [whole(own.width()), whole(own.height())],
            at: info.outer_rect.map(|rect| [whole(rect.left()), whole(rect.top())]),
            on_top,
            maximized: info.maximized == Some(true),
        })
    }

    /// Whether a screen shows enough of its upper edge. Without known screens: no.
    #[must_use]
    pub fn is_on(&self, screens: &[Rect]) -> bool {
        let Some([x, y]) = self.at.filter(|at| at.iter().all(|v| v.is_finite())) else { return false };
        let edge = Rect::from_min_size(pos2(x, y), vec2(self.size[0], HOLD.y));
        screens.iter().any(|screen| {
            let seen = screen.intersect(edge);
            seen.width() >= HOLD.x && seen.height() >= HOLD.y
        })
    }

    /// Its size, no smaller than `least` and no larger than the largest of the screens.
    #[must_use]
    pub fn fitting(&self, screens: &[Rect], least: [f32; 2]) -> Vec2 {
        let most = screens.iter().fold(Vec2::ZERO, |most, screen| most.max(screen.size()));
        let side = |wanted: f32, least: f32, most: f32| {
            let wanted = if wanted.is_finite() { wanted.max(least) } else { least };
            if most > 0.0 { wanted.min(most.max(least)) } else { wanted }
        };
        vec2(side(self.size[0], least[0], most.x), side(self.size[1], least[1], most.y))
    }

    /// What brings the window there. `zoom` is the text scale.
    #[must_use]
    pub fn commands(&self, screens: &[Rect], least: [f32; 2], zoom: f32) -> Vec<ViewportCommand> {
        let level = if self.on_top { WindowLevel::AlwaysOnTop } else { WindowLevel::Normal };
        let mut commands = vec![
            ViewportCommand::WindowLevel(level),
            ViewportCommand::MinInnerSize(Vec2::from(least) / zoom),
            ViewportCommand::Maximized(self.maximized),
        ];
        if !self.maximized {
            commands.push(ViewportCommand::InnerSize(self.fitting(screens, least) / zoom));
            if let Some([x, y]) = self.at.filter(|_| self.is_on(screens)) {
                commands.push(ViewportCommand::OuterPosition(pos2(x / zoom, y / zoom)));
            }
        }
        commands
    }
}
