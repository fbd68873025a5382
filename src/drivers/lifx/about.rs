//! What a device told of itself since it was opened, and what that makes of it.
//!
//! Invariant: a product that the table does not name is tried for each body, and mixes colours and whites.

use std::sync::Arc;

use crate::drivers::lifx::body::Body;
use crate::drivers::lifx::color::Mix;
use crate::drivers::lifx::post::{Ask, PER_SECOND};
use crate::drivers::lifx::products::{Product, Shape, find};
use crate::drivers::light::Thing;
use crate::model::lights::capabilities::{Capabilities, Rates};
use crate::model::lights::state::MAX_POINTS;
use crate::units::color::{Gamut, Mirek};

/// The vendor of the table of products.
const VENDOR: u32 = 1;

/// What a device told of itself since it was opened.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) version: Option<(u32, u32)>,
    pub(super) firmware: Option<(u16, u16)>,
    pub(super) label: Option<Arc<str>>,
    pub(super) room: Option<Option<Arc<str>>>,
    /// How many of [`trials`](About::trials) are behind us.
    pub(super) n_tried: usize,
    pub(super) body: Option<Body>,
}

impl About {
    fn product(&self) -> Option<&'static Product> {
        self.version.filter(|(vendor, _)| *vendor == VENDOR).and_then(|(_, product)| find(product))
    }

    /// What is asked, one after the other until one is answered, to know what it is made of.
    pub(super) fn trials(&self) -> &'static [Ask] {
        match self.product().map(|product| product.shape) {
            Some(Shape::Bulb) => &[],
            Some(Shape::Matrix) => &[Ask::Chain],
            Some(Shape::Strip { extended_from: Some(from) }) if self.firmware >= Some(from) => {
                &[Ask::ExtendedZones, Ask::Zones]
            }
            Some(Shape::Strip { .. }) => &[Ask::Zones],
            None => &[Ask::ExtendedZones, Ask::Zones, Ask::Chain],
        }
    }

    /// What colours it has.
    pub(super) fn mix(&self) -> Mix {
        let product = self.product();
        Mix {
            color: product.is_none_or(|product| product.color),
            kelvin: product.map_or(2500..=9000, |product| product.warmest..=product.coldest),
        }
    }

    /// What a person calls its kind.
    pub(super) fn model(&self) -> String {
        match (self.product(), self.version) {
            (Some(product), _) => product.name.to_owned(),
            (None, Some((VENDOR, product))) => format!("LIFX product {product}"),
            (None, version) => format!("LIFX product {:?}", version.unwrap_or_default()),
        }
    }

    /// What it is to the house, made of that.
    pub(super) fn thing(&self, body: &Body) -> Thing {
        let mix = self.mix();
        let whites = mix.kelvin.start() < mix.kelvin.end();
        let mirek = |kelvin: u16| Mirek::from_kelvin(f32::from(kelvin)).get();
        let frames_hz = (PER_SECOND / body.n_packets().max(1) as f64) as f32;
        let segments = if let Body::Strip { n_zones, .. } = body { (*n_zones).min(MAX_POINTS) } else { 0 };
        let capabilities = Capabilities {
            dimming: true,
            color: mix.color.then_some(Gamut::SRGB),
            mirek: whites.then(|| mirek(*mix.kelvin.end())..=mirek(*mix.kelvin.start())),
            segments: segments as u16,
            pixels: body.n_pixels() as u16,
            transition: true,
            effects: Arc::new([]),
            power_on: Arc::new([]),
            identify: true,
            rates: Rates { changes_hz: PER_SECOND as f32 / 2.0, frames_hz },
        };
        Thing::Light {
            name: self.label.clone().unwrap_or_default(),
            model: self.model().into(),
            room: self.room.clone().flatten(),
            capabilities: Arc::new(capabilities),
        }
    }
}
