//! Where the tags of a picture stand: beside what they belong to, inside the picture, not over each other if avoidable.

use egui::{Rect, Vec2, pos2};

/// Room between a mark and its tag, in points.
const GAP: f32 = 5.0;
/// Marks up to this size, in points, are kept clear of other marks' tags; larger ones have room inside.
const SMALL: f32 = 40.0;
/// Room between two tags, in points.
const APART: f32 = 2.0;
/// How much worse a tag over another tag is than one over a mark.
const TAG_OVER_TAG: f32 = 4.0;

/// A tag that is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// What it belongs to.
    pub mark: Rect,
    /// Its size.
    pub size: Vec2,
}

/// Places for tags within `room`, in the order they are wanted: the first has the first choice.
#[must_use]
pub fn place(wanted: &[Wanted], room: Rect) -> Vec<Rect> {
    let marks: Vec<Rect> = wanted.iter().map(|wanted| wanted.mark).filter(|mark| mark.width() <= SMALL).collect();
    let mut placed: Vec<Rect> = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let cost = |rect: &Rect| {
            let over_tags: f32 = placed.iter().map(|tag| overlap(*rect, tag.expand(APART))).sum();
            let others = marks.iter().filter(|mark| **mark != wanted.mark);
            let over_marks: f32 = others.map(|mark| overlap(*rect, *mark)).sum();
            over_tags * TAG_OVER_TAG + over_marks
        };
        let best = choices(*wanted)
            .into_iter()
            .enumerate()
            .map(|(i, rect)| {
                let inside = into(rect, room);
                // A place that had to be pushed in is worse than the next one that fits; the order decides the rest.
                let pushed = (inside.min - rect.min).length();
                (inside, cost(&inside) + pushed + i as f32 * 0.01)
            })
            .min_by(|a, b| a.1.total_cmp(&b.1));
        placed.extend(best.map(|(rect, _)| rect));
    }
    placed
}

/// The places around a mark, the best first: above it, right of it, below it, left of it, in its corner.
fn choices(Wanted { mark, size }: Wanted) -> [Rect; 9] {
    let at = |x: f32, y: f32| Rect::from_min_size(pos2(x, y), size);
    let (above, below) = (mark.top() - GAP - size.y, mark.bottom() + GAP);
    let (right, left) = (mark.right() + GAP, mark.left() - GAP - size.x);
    let middle = mark.center().y - size.y / 2.0;
    let small = mark.width() <= SMALL;
    let first = if small { at(right, mark.top() - size.y / 2.0) } else { at(mark.left(), above) };
    [
        first,
        at(right, middle),
        at(mark.left(), above),
        at(mark.right() - size.x, above),
        at(mark.left(), below),
        at(mark.right() - size.x, below),
        at(left, middle),
        at(left, mark.top() - size.y / 2.0),
        at(mark.left() + GAP, mark.top() + GAP),
    ]
}

fn into(rect: Rect, room: Rect) -> Rect {
    let x = rect.left().min(room.right() - rect.width()).max(room.left());
    let y = rect.top().min(room.bottom() - rect.height()).max(room.top());
    Rect::from_min_size(pos2(x, y), rect.size())
}

fn overlap(a: Rect, b: Rect) -> f32 {
    let both = a.intersect(b);
    if both.is_positive() { both.area() } else { 0.0 }
}
