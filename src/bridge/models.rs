//! Which light of Philips a light of another make passes for: apps draw and offer what they know of that model.
//!
//! The models are those that old and new apps, voice assistants and streaming programs all know.
//!
//! Invariant: what a model is follows from what the light can do, so two lights that can do the same pass for the same.

use std::sync::Arc;

use crate::model::bridge::extra::Extra;
use crate::model::lights::Light;
use crate::model::lights::capabilities::Capabilities;
use crate::units::color::Gamut;

/// Who made it, for apps.
pub const MAKER: &str = "Signify Netherlands B.V.";
/// Segments from which on a strip passes for one with a gradient.
const GRADIENT: u16 = 2;

/// What a light passes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The model id: `LCT015`.
    pub model: &'static str,
    /// Its name: `Hue color lamp`.
    pub product: &'static str,
    /// Its type in version 1: `Extended color light`.
    pub kind_v1: &'static str,
    /// Its product id in version 1.
    pub product_id: &'static str,
    /// Its hardware in version 2: `100b-112`.
    pub platform: &'static str,
    /// What it looks like, in the words of version 2: as noted by an app, else as the model looks.
    pub archetype: Arc<str>,
    /// What the model looks like.
    pub product_archetype: &'static str,
    /// What it is for, as noted by an app: `functional`, `decorative`, `mixed`.
    pub function: Arc<str>,
    /// Its firmware.
    pub software: &'static str,
    /// `A`, `B`, `C` or `other`; `None` if it shows no colours.
    pub gamut_type: Option<&'static str>,
    /// Whether it takes part in entertainment areas.
    pub streams: bool,
}

/// One row of the table of models.
struct Model {
    id: &'static str,
    name: &'static str,
    archetype: &'static str,
    product_id: &'static str,
    platform: &'static str,
}

const COLOR_LAMP: Model = Model {
    id: "LCT015",
    name: "Hue color lamp",
    archetype: "sultan_bulb",
    product_id: "Philips-LCT015-1-A19ECLv5",
    platform: "100b-112",
};
const GRADIENT_STRIP: Model = Model {
    id: "LCX004",
    name: "Hue gradient lightstrip",
    archetype: "hue_lightstrip",
    product_id: "Philips-LCX004-1-GALSECLv1",
    platform: "100b-118",
};
const COLOR_STRIP: Model = Model {
    id: "LST001",
    name: "Hue lightstrip",
    archetype: "hue_lightstrip",
    product_id: "Philips-LST001-1-LedStripsv1",
    platform: "100b-112",
};
const WHITES: Model = Model {
    id: "LTW010",
    name: "Hue ambiance lamp",
    archetype: "classic_bulb",
    product_id: "Philips-LTW010-1-A19CTv2",
    platform: "100b-112",
};
const DIMMER: Model = Model {
    id: "LWB010",
    name: "Hue white lamp",
    archetype: "classic_bulb",
    product_id: "Philips-LWB010-1-A19DLv4",
    platform: "100b-112",
};
const PLUG: Model = Model {
    id: "LOM001",
    name: "Hue smart plug",
    archetype: "plug",
    product_id: "SmartPlug_OnOff_v01-00_01",
    platform: "100b-115",
};

/// What a light passes for, with what apps noted beside it.
#[must_use]
pub fn of(light: &Light, extra: Option<&Extra>) -> Product {
    let can = &light.capabilities;
    let model = model(can);
    Product {
        model: model.id,
        product: model.name,
        kind_v1: kind(can),
        product_id: model.product_id,
        platform: model.platform,
        archetype: extra.and_then(|extra| extra.archetype.clone()).unwrap_or_else(|| model.archetype.into()),
        product_archetype: model.archetype,
        function: extra.and_then(|extra| extra.function.clone()).unwrap_or_else(|| "mixed".into()),
        software: "1.104.2",
        gamut_type: can.color.as_ref().map(gamut_type),
        streams: can.color.is_some(),
    }
}

const fn model(can: &Capabilities) -> &'static Model {
    match (&can.color, &can.mirek, can.dimming) {
        (Some(_), _, _) if can.segments >= GRADIENT => &GRADIENT_STRIP,
        (Some(_), Some(_), _) => &COLOR_LAMP,
        (Some(_), None, _) => &COLOR_STRIP,
        (None, Some(_), _) => &WHITES,
        (None, None, true) => &DIMMER,
        (None, None, false) => &PLUG,
    }
}

const fn kind(can: &Capabilities) -> &'static str {
    match (&can.color, &can.mirek, can.dimming) {
        (Some(_), Some(_), _) => "Extended color light",
        (Some(_), None, _) => "Color light",
        (None, Some(_), _) => "Color temperature light",
        (None, None, true) => "Dimmable light",
        (None, None, false) => "On/Off plug-in unit",
    }
}

/// The letter of a gamut; `other` for those that no light of Philips has.
#[must_use]
pub fn gamut_type(gamut: &Gamut) -> &'static str {
    match gamut {
        gamut if *gamut == Gamut::A => "A",
        gamut if *gamut == Gamut::B => "B",
        gamut if *gamut == Gamut::C => "C",
        _ => "other",
    }
}
