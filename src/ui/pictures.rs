//! The pictures on screen: which frame each device shows, over which span of temperatures, and one texture for each,
//! painted anew only when something about it changed.
//!
//! Invariant: a texture is made once and set only for a new frame, palette, span, mounting or size, and only while its
//! rectangle is visible. Buffers are reused; nothing is recoloured for a window frame alone.
//! Invariant: while pictures are held, all of them are: [`Pictures::frame`] hands out what is shown, and only
//! [`Pictures::newest`] what came last.
//! Invariant: spans are settled once a window frame, by [`Pictures::arrange`]; a frame is measured for its span once.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Color32, ColorImage, Context, TextureHandle, TextureId, TextureOptions};

use crate::heat::isotherm::Isotherm;
use crate::heat::picture::Painter;
use crate::model::learned::Baseline;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::port::slots::{DeviceSlot, Slots};
use crate::ui::outline::{self, Line};
use crate::ui::paint::{LEAST_SPAN, Paint};
use crate::ui::theme::time;
use crate::ui::views::{Mode, Range, Slow, View, Views};
use crate::units::grid::Mounting;
use crate::units::moment::Moment;

/// Broken cells drawn one by one; beyond, runs of a row are left to the picture's own ground.
const MOST_RUNS: usize = 400;

/// How a picture is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// How the array is mounted.
    pub mounting: Mounting,
    /// Colours, by name of the table.
    pub lut: &'static [[u8; 3]; 256],
    /// What the colours are about.
    pub paint: Paint,
    /// Values of the ends of the colours.
    pub span: (f32, f32),
    /// 0 for cells as they are, else cells of the smooth picture for each cell of the array along an edge.
    pub factor: usize,
}

impl Wanted {
    fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self.lut, other.lut)
            && self.mounting == other.mounting
            && self.paint.same(&other.paint)
            && self.span == other.span
            && self.factor == other.factor
    }
}

/// A run of broken cells in one row of the picture as shown: row, first column, column behind the last.
pub type Run = (usize, usize, usize);

/// One device's picture.
#[derive(Default)]
pub struct Picture {
    /// The frame that is shown: the newest one, or the one that is held; `None` if there is none at the held instant.
    pub frame: Option<Arc<ThermalFrame>>,
    /// How fast its hottest cell changes, K a minute; `None` while pictures are held.
    pub rate: Option<f32>,
    /// Broken cells as shown.
    pub dead: Vec<Run>,
    newest: Option<Arc<ThermalFrame>>,
    written: u64,
    version: u64,
    paint: Paint,
    span: (f32, f32),
    spread: Option<Spread>,
    slow: Option<Slow>,
    isotherm: Option<Isotherm>,
    outline: Option<(u64, Mounting, Isotherm)>,
    lines: Vec<Line>,
    dead_for: Option<(u64, Mounting)>,
    texture: Option<TextureHandle>,
    image: Arc<ColorImage>,
    painted: Option<(u64, Wanted)>,
}

/// A span that was found, and what it was found for.
struct Spread {
    version: u64,
    range: Range,
    paint: Paint,
    ends: (f32, f32),
}

/// All pictures, and what they share.
#[derive(Default)]
pub struct Pictures {
    by_device: BTreeMap<DeviceId, Picture>,
    held: bool,
    painter: Painter,
    bytes: Vec<u8>,
    sorted: Vec<f32>,
    series: Vec<(Moment, f64)>,
    sets: u64,
}

impl std::fmt::Debug for Pictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pictures").field("devices", &self.by_device.len()).finish_non_exhaustive()
    }
}

impl Pictures {
    /// Takes in the newest frames, and forgets devices that are gone.
    pub fn refresh(&mut self, slots: &Slots) {
        let devices = slots.devices();
        let held = self.held;
        self.by_device.retain(|id, picture| devices.contains_key(id) || (held && picture.frame.is_some()));
        for (id, slot) in devices.iter() {
            let written = slot.frames.written();
            if written > 0 && self.by_device.get(id).is_none_or(|picture| picture.written != written) {
                self.take_in(id, slot, written);
            }
        }
    }

    fn take_in(&mut self, id: &DeviceId, slot: &DeviceSlot, written: u64) {
        let Some(frame) = slot.frames.newest() else { return };
        self.series.clear();
        slot.hottest.read(&mut self.series);
        let picture = self.by_device.entry(id.clone()).or_default();
        (picture.newest, picture.written) = (Some(frame), written);
        if !self.held {
            picture.rate = rate(&self.series);
        }
    }

    /// Settles which frame each device shows and over which span. `shared` lays one span over all that are not held;
    /// `inspected` is the device that fills the page: only then pictures are compared.
    pub fn arrange(&mut self, views: &Views, slots: &Slots, shared: bool, inspected: Option<&DeviceId>) {
        let compared = inspected.zip(views.beside.as_ref());
        for (id, picture) in &mut self.by_device {
            // What is compared is looked at alike.
            let as_of = compared.filter(|(_, other)| *other == id).map_or(id, |(one, _)| one);
            let view = views.of(as_of);
            if !self.held {
                picture.show_newest();
            }
            picture.isotherm = view.isotherm;
            picture.mean(&view, || slots.device(id)?.learned.load().as_ref()?.baseline.clone());
            picture.spread(view.range, &mut self.sorted);
        }
        if shared {
            let all = self.shared_span();
            let free = self.by_device.iter_mut().filter(|(id, p)| !views.is_locked(id) && !p.paint.is_difference());
            free.for_each(|(_, picture)| picture.span = all);
        }
        if let Some((one, other)) = compared {
            let (a, b) = (self.span(one), self.span(other));
            let both = if views.is_locked(one) { a } else { (a.0.min(b.0), a.1.max(b.1)) };
            for id in [one, other] {
                self.by_device.entry(id.clone()).and_modify(|picture| picture.span = both);
            }
        }
    }

    /// Shows these frames instead of the newest ones, until [`Self::release`]; a device without one shows nothing.
    pub fn hold(&mut self, frames: &BTreeMap<DeviceId, Arc<ThermalFrame>>) {
        self.hold_as_is();
        self.by_device.iter_mut().for_each(|(id, picture)| picture.show(frames.get(id).cloned()));
        for (id, frame) in frames {
            self.by_device.entry(id.clone()).or_default().show(Some(Arc::clone(frame)));
        }
    }

    /// Goes on showing what is shown, whatever comes, until [`Self::release`].
    pub fn hold_as_is(&mut self) {
        self.held = true;
        self.by_device.values_mut().for_each(|picture| picture.rate = None);
    }

    /// Shows the newest frames again.
    pub fn release(&mut self) {
        self.held = false;
        self.by_device.values_mut().for_each(Picture::show_newest);
    }

    /// A device's picture, if it ever sent one.
    #[must_use]
    pub fn get(&self, id: &DeviceId) -> Option<&Picture> {
        self.by_device.get(id)
    }

    /// The newest frame of a device, whatever is shown.
    #[must_use]
    pub fn newest(&self, id: &DeviceId) -> Option<Arc<ThermalFrame>> {
        self.by_device.get(id).and_then(|picture| picture.newest.clone())
    }

    /// The frame of a device that is shown: the newest one, or the one that is held.
    #[must_use]
    pub fn frame(&self, id: &DeviceId) -> Option<Arc<ThermalFrame>> {
        self.by_device.get(id).and_then(|picture| picture.frame.clone())
    }

    /// How often any texture was set: for tests and diagnostics.
    #[must_use]
    pub const fn sets(&self) -> u64 {
        self.sets
    }

    /// The temperatures of the ends of a device's colours, C.
    #[must_use]
    pub fn span(&self, id: &DeviceId) -> (f32, f32) {
        self.by_device.get(id).map_or((0.0, LEAST_SPAN), |picture| picture.span)
    }

    /// What a device's colours are about.
    #[must_use]
    pub fn paint(&self, id: &DeviceId) -> Paint {
        self.by_device.get(id).map(|picture| picture.paint.clone()).unwrap_or_default()
    }

    /// The lines of a device's isotherm.
    pub fn outline(&mut self, id: &DeviceId, mounting: Mounting) -> &[Line] {
        self.by_device.get_mut(id).map_or(&[], |picture| picture.outline(mounting))
    }

    /// The devices that show temperatures, with the ends of their colours, C.
    #[must_use]
    pub fn spans(&self) -> Vec<(DeviceId, (f32, f32))> {
        let warm = |picture: &Picture| picture.frame.as_ref().is_some_and(|frame| frame.extremes.is_some());
        let warm = self.by_device.iter().filter(|(_, picture)| warm(picture));
        warm.map(|(id, picture)| (id.clone(), picture.span)).collect()
    }

    fn shared_span(&self) -> (f32, f32) {
        let ends = self.by_device.values().filter_map(|picture| picture.frame.as_ref()?.extremes);
        let (low, high) = ends.fold((f32::MAX, f32::MIN), |(low, high), e| (low.min(e.min), high.max(e.max)));
        // Whole degrees: a shared range that moved with each frame would repaint every picture each time.
        if low > high { (0.0, LEAST_SPAN) } else { Paint::Heat.fit((low.floor(), high.ceil())) }
    }

    /// The texture of a device as it is wanted, painted if anything about it changed. Call for visible pictures only.
    pub fn texture(&mut self, ctx: &Context, id: &DeviceId, wanted: Wanted) -> Option<TextureId> {
        let picture = self.by_device.get_mut(id)?;
        let frame = picture.frame.clone()?;
        picture.find_dead(&frame, wanted.mounting);
        let fresh = picture
            .painted
            .as_ref()
            .is_none_or(|(version, before)| *version != picture.version || !before.same(&wanted));
        if fresh || picture.texture.is_none() {
            let colouring = wanted.paint.colouring(wanted.lut, wanted.span);
            let factor = if wanted.factor == 1 { 0 } else { wanted.factor };
            let size = self.painter.draw(&frame, wanted.mounting, &colouring, factor, &mut self.bytes);
            picture.set(ctx, id, [size.cols(), size.rows()], &self.bytes, wanted.factor);
            picture.painted = Some((picture.version, wanted));
            self.sets += 1;
        }
        picture.texture.as_ref().map(TextureHandle::id)
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("version", &self.version).field("dead", &self.dead).finish_non_exhaustive()
    }
}

impl Picture {
    /// Shows a frame, or nothing. The same frame again paints nothing anew.
    fn show(&mut self, frame: Option<Arc<ThermalFrame>>) {
        let same = match (&self.frame, &frame) {
            (Some(a), Some(b)) => a.sequence == b.sequence && a.wall == b.wall && a.emissivity == b.emissivity,
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same {
            (self.frame, self.version) = (frame, self.version + 1);
        }
    }

    fn show_newest(&mut self) {
        if self.newest.as_ref().map(Arc::as_ptr) != self.frame.as_ref().map(Arc::as_ptr) {
            (self.frame, self.version) = (self.newest.clone(), self.version + 1);
        }
    }

    /// Settles what the colours are about: differences only if the usual picture is known and fits.
    fn mean(&mut self, view: &View, usual: impl FnOnce() -> Option<Arc<Baseline>>) {
        self.paint = match (view.mode, &self.frame) {
            (Mode::AboveLimit(limit), _) => Paint::AboveLimit(limit),
            (Mode::Difference, Some(frame)) => usual()
                .filter(|usual| !usual.learning && usual.size == frame.size)
                .map_or(Paint::Heat, Paint::Difference),
            _ => Paint::Heat,
        };
    }

    /// Finds the span of the frame shown, if it, its range or its meaning is another than before.
    fn spread(&mut self, range: Range, sorted: &mut Vec<f32>) {
        if range != Range::Slow || self.spread.as_ref().is_some_and(|known| !known.paint.same(&self.paint)) {
            self.slow = None;
        }
        let known = self
            .spread
            .as_ref()
            .filter(|known| (known.version, known.range) == (self.version, range) && known.paint.same(&self.paint));
        self.span = match known {
            Some(known) => known.ends,
            None => self.ends(range, sorted).unwrap_or((0.0, LEAST_SPAN)),
        };
        self.spread = Some(Spread { version: self.version, range, paint: self.paint.clone(), ends: self.span });
    }

    fn ends(&mut self, range: Range, sorted: &mut Vec<f32>) -> Option<(f32, f32)> {
        let frame = self.frame.as_ref()?;
        match (range, &self.paint) {
            (Range::Locked(low, high), Paint::Difference(_)) => Some(self.paint.fit((low, high))),
            (Range::Locked(low, high), _) => Some((low, high)),
            (Range::Auto, Paint::Difference(_)) => self.paint.span(frame, 0.0, sorted),
            (Range::Auto, _) => frame.extremes.map(|e| self.paint.fit((e.min, e.max))),
            (Range::Percentile, _) => self.paint.span(frame, 0.02, sorted),
            (Range::Slow, _) => {
                let slow = Slow::follow(self.slow, self.paint.span(frame, 0.01, sorted)?, frame.wall);
                self.slow = Some(slow);
                Some(slow.ends)
            }
        }
    }

    fn outline(&mut self, mounting: Mounting) -> &[Line] {
        let (Some(frame), Some(isotherm)) = (&self.frame, self.isotherm) else { return &[] };
        let wanted = (self.version, mounting, isotherm);
        if self.outline != Some(wanted) {
            (self.outline, self.lines) = (Some(wanted), outline::lines(frame, mounting, isotherm));
        }
        &self.lines
    }

    fn set(&mut self, ctx: &Context, id: &DeviceId, size: [usize; 2], rgba: &[u8], factor: usize) {
        let pixels = rgba.chunks_exact(4).map(|p| Color32::from_rgba_premultiplied(p[0], p[1], p[2], p[3]));
        match Arc::get_mut(&mut self.image).filter(|image| image.size == size) {
            Some(image) => image.pixels.iter_mut().zip(pixels).for_each(|(old, new)| *old = new),
            None => self.image = Arc::new(ColorImage::new(size, pixels.collect())),
        }
        let options = if factor == 0 { TextureOptions::NEAREST } else { TextureOptions::LINEAR };
        let image = Arc::clone(&self.image);
        match &mut self.texture {
            Some(texture) => texture.set(image, options),
            None => self.texture = Some(ctx.load_texture(format!("heat of {id}"), image, options)),
        }
    }

    fn find_dead(&mut self, frame: &ThermalFrame, mounting: Mounting) {
        if self.dead_for == Some((self.version, mounting)) {
            return;
        }
        self.dead_for = Some((self.version, mounting));
        self.dead.clear();
        if frame.n_broken() == 0 || frame.n_broken() == frame.size.cells() {
            return;
        }
        let shown = mounting.shown(frame.size);
        for y in 0..shown.rows() {
            for x in (0..shown.cols()).filter(|&x| frame.is_broken(mounting.cell_at(frame.size, x, y))) {
                self.note_dead(x, y);
            }
        }
    }

    fn note_dead(&mut self, x: usize, y: usize) {
        if let Some((row, _, end)) = self.dead.last_mut()
            && (*row, *end) == (y, x)
        {
            *end = x + 1;
        } else if self.dead.len() < MOST_RUNS {
            self.dead.push((y, x, x + 1));
        }
    }
}

/// The change a minute of a series over its last minute, by the means of the first and last fifth of it; `None` if it
/// is shorter than ten seconds.
#[must_use]
pub fn rate(series: &[(Moment, f64)]) -> Option<f32> {
    let newest = series.last()?.0;
    let from = series.partition_point(|(at, _)| newest.since(*at) > time::RATE);
    let window = series.get(from..)?;
    let fifth = (window.len() / 5).max(1);
    let (early, late) = (window.get(..fifth)?, window.get(window.len().checked_sub(fifth)?..)?);
    let mean = |part: &[(Moment, f64)]| {
        let n = part.len() as f64;
        let at = part.iter().map(|(at, _)| at.seconds()).sum::<f64>() / n;
        (at, part.iter().map(|(_, value)| value).sum::<f64>() / n)
    };
    let ((t0, v0), (t1, v1)) = (mean(early), mean(late));
    let passed = t1 - t0;
    (passed >= 8.0).then(|| ((v1 - v0) / passed * 60.0) as f32)
}
