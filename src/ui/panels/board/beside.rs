//! Which pane is beside another one, as it is seen on the screen.

use egui::Rect;

use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::panes::Side;

/// The pane on a side of the one at `here`: of those that begin beyond its middle, the nearest; one that faces it goes
/// before one that does not, and of two that do the one that begins where it begins.
#[must_use]
pub fn beside<'a>(spots: &'a [(Pane, Rect)], here: &Pane, side: Side) -> Option<&'a Pane> {
    let (_, own) = spots.iter().find(|(pane, _)| pane == here)?;
    let key = |rect: &Rect| {
        let (gap, faces) = match side {
            Side::Left => (own.left() - rect.right(), own.y_range().intersects(rect.y_range())),
            Side::Right => (rect.left() - own.right(), own.y_range().intersects(rect.y_range())),
            Side::Up => (own.top() - rect.bottom(), own.x_range().intersects(rect.x_range())),
            Side::Down => (rect.top() - own.bottom(), own.x_range().intersects(rect.x_range())),
            Side::Tab => return None,
        };
        let across = match side {
            Side::Left | Side::Right => (own.top() - rect.top()).abs(),
            _ => (own.left() - rect.left()).abs(),
        };
        // Neighbours overlap by nothing; what lies further inside is not on this side.
        (gap >= -1.0).then_some((!faces, gap.max(0.0).round() as i32, across as i32))
    };
    let others = spots.iter().filter(|(pane, _)| pane != here);
    others.filter_map(|(pane, rect)| Some((key(rect)?, pane))).min_by_key(|(key, _)| *key).map(|(_, pane)| pane)
}
