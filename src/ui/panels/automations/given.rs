//! What the parts of the editor share: what a source is drawn with, the levels, how a fault is said.

use std::sync::Arc;

use egui::{Label, Sense, Ui, vec2};

use crate::model::alarms::rule::Level;
use crate::model::thermal::region::RegionId;
use crate::ui::panels::automations::live::Live;
use crate::ui::theme::{size, space, text};
use crate::ui::{icons, style};
use crate::units::temperature::Scale;

/// Most sources of a rule.
pub const MOST: usize = 32;

/// What a source needs to be drawn.
pub struct Given<'a> {
    /// What the rule would do now.
    pub now: &'a Live,
    /// Channels that exist, or that the rule names.
    pub channels: Vec<Arc<str>>,
    /// Labels of the regions and deltas of arrays in the rule's scope, or that the rule names.
    pub regions: Vec<RegionId>,
    /// The scale of temperatures.
    pub scale: Scale,
}

/// The levels as a choice.
pub const LEVELS: [(Level, &str); 3] =
    [(Level::Notice, "Notice"), (Level::Warning, "Warning"), (Level::Danger, "Danger")];

/// A sentence about what is wrong, with the shape of a warning.
pub fn fault(ui: &mut Ui, why: &str) {
    let t = style::tokens(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let (place, _) = ui.allocate_exact_size(vec2(size::SHAPE, size::SECTION), Sense::hover());
        style::icon(ui.painter(), place.center(), icons::TRIANGLE_ALERT, text::ICON_S, t.warning);
        ui.add(Label::new(style::job(why, text::BODY, t.text1)).wrap());
    });
}
