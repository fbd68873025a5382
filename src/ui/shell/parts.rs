//! Parts of the window that F6 steps through: the keyboard goes to a part as a whole, Tab goes on into it.
//!
//! Invariant: a part takes the keyboard only while F6 put it there; Tab alone never stops at one.

use egui::{Context, CornerRadius, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use crate::ui::style;
use crate::ui::theme::stroke;

/// A part of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The bar at the top.
    Top,
    /// The rail.
    Rail,
    /// The page.
    Page,
    /// The inspector.
    Inspector,
    /// The bar at the bottom.
    Bar,
}

impl Part {
    const ALL: [Self; 5] = [Self::Top, Self::Rail, Self::Page, Self::Inspector, Self::Bar];

    const fn name(self) -> &'static str {
        match self {
            Self::Top => "Top bar",
            Self::Rail => "Places",
            Self::Page => "Page",
            Self::Inspector => "Inspector",
            Self::Bar => "Alarms",
        }
    }

    fn id(self) -> Id {
        Id::unique(("part", self.name()))
    }
}

/// Where the parts are, and which has the keyboard.
#[derive(Debug, Default)]
pub struct Parts {
    step: isize,
    rects: [Option<Rect>; 5],
    taken: Option<Part>,
    asked: bool,
}

impl Parts {
    /// Goes to the next part, or to the one before.
    pub const fn step(&mut self, step: isize) {
        self.step = step;
    }

    /// Which part has the keyboard as a whole.
    #[must_use]
    pub const fn taken(&self) -> Option<Part> {
        self.taken
    }

    /// Finds where to go, once a frame before the parts are drawn.
    pub fn begin(&mut self, ctx: &Context) {
        let step = std::mem::take(&mut self.step);
        if step != 0 {
            let here = self.here(ctx);
            let there = |i: usize| self.rects.get(i).copied().flatten().is_some();
            let n = Part::ALL.len();
            let from = here.unwrap_or(if step > 0 { n - 1 } else { 0 });
            let found = (1..=n).map(|k| (from as isize + step * k as isize).rem_euclid(n as isize) as usize);
            self.taken = found.into_iter().find(|i| there(*i)).and_then(|i| Part::ALL.get(i).copied());
            self.asked = true;
        }
        self.rects = [None; 5];
    }

    /// The part in which the keyboard is.
    fn here(&self, ctx: &Context) -> Option<usize> {
        if let Some(taken) = self.taken {
            return Part::ALL.iter().position(|part| *part == taken);
        }
        let focused = ctx.memory(egui::Memory::focused)?;
        let at = ctx.read_response(focused)?.rect.center();
        self.rects.iter().position(|rect| rect.is_some_and(|rect| rect.contains(at)))
    }

    /// Tells that a part is drawn here; first of all in it.
    pub fn mark(&mut self, ui: &Ui, part: Part) {
        let rect = ui.max_rect();
        if let Some(place) = Part::ALL.iter().position(|of| *of == part).and_then(|i| self.rects.get_mut(i)) {
            *place = Some(rect);
        }
        if self.taken != Some(part) {
            return;
        }
        let response = ui.interact(rect, part.id(), Sense::focusable_noninteractive());
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, part.name()));
        if std::mem::take(&mut self.asked) {
            response.request_focus();
        } else if !response.has_focus() {
            self.taken = None;
            return;
        }
        let ring = Stroke::new(stroke::FOCUS, style::tokens(ui).focus);
        ui.painter().rect_stroke(rect.shrink(stroke::FOCUS), CornerRadius::ZERO, ring, StrokeKind::Inside);
    }
}
