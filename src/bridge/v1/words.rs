//! What lights and rooms look like: the words of version 2, and those that version 1 has for the same.

/// What a light can look like.
const ARCHETYPES: [&str; 49] = [
    "unknown_archetype",
    "classic_bulb",
    "sultan_bulb",
    "flood_bulb",
    "spot_bulb",
    "candle_bulb",
    "luster_bulb",
    "pendant_round",
    "pendant_long",
    "ceiling_round",
    "ceiling_square",
    "floor_shade",
    "floor_lantern",
    "table_shade",
    "recessed_ceiling",
    "recessed_floor",
    "single_spot",
    "double_spot",
    "table_wash",
    "wall_lantern",
    "wall_shade",
    "flexible_lamp",
    "ground_spot",
    "wall_spot",
    "plug",
    "hue_go",
    "hue_lightstrip",
    "hue_iris",
    "hue_bloom",
    "bollard",
    "wall_washer",
    "hue_play",
    "vintage_bulb",
    "vintage_candle_bulb",
    "ellipse_bulb",
    "triangle_bulb",
    "small_globe_bulb",
    "large_globe_bulb",
    "edison_bulb",
    "christmas_tree",
    "string_light",
    "hue_centris",
    "hue_lightstrip_tv",
    "hue_lightstrip_pc",
    "hue_tube",
    "hue_signe",
    "pendant_spot",
    "ceiling_horizontal",
    "ceiling_tube",
];

/// What a room can be.
const CLASSES: [&str; 40] = [
    "Living room",
    "Kitchen",
    "Dining",
    "Bedroom",
    "Kids bedroom",
    "Bathroom",
    "Nursery",
    "Recreation",
    "Office",
    "Gym",
    "Hallway",
    "Toilet",
    "Front door",
    "Garage",
    "Terrace",
    "Garden",
    "Driveway",
    "Carport",
    "Home",
    "Downstairs",
    "Upstairs",
    "Top floor",
    "Attic",
    "Guest room",
    "Staircase",
    "Lounge",
    "Man cave",
    "Computer",
    "Studio",
    "Music",
    "TV",
    "Reading",
    "Closet",
    "Storage",
    "Laundry room",
    "Balcony",
    "Porch",
    "Barbecue",
    "Pool",
    "Other",
];

/// What a light looks like, as version 1 writes it: `sultanbulb`.
#[must_use]
pub fn plain(archetype: &str) -> String {
    archetype.replace('_', "")
}

/// What version 2 calls it.
#[must_use]
pub fn archetype(plain: &str) -> Option<&'static str> {
    ARCHETYPES.iter().find(|known| known.replace('_', "") == plain).copied()
}

/// What a room is, as version 1 writes it, from the word of version 2.
#[must_use]
pub fn class(archetype: Option<&str>) -> &'static str {
    let known = |class: &&&str| archetype.is_some_and(|archetype| of_class(class) == archetype);
    CLASSES.iter().find(known).copied().unwrap_or("Other")
}

/// What version 2 calls a room of this class.
#[must_use]
pub fn room(class: &str) -> Option<String> {
    CLASSES.iter().find(|known| **known == class).map(|class| of_class(class))
}

fn of_class(class: &str) -> String {
    class.to_lowercase().replace(' ', "_")
}

/// What an entertainment area is for, as version 1 writes it, from its kind in version 2.
#[must_use]
pub fn area_class(kind: &str) -> &'static str {
    match kind {
        "screen" | "monitor" => "TV",
        "other" => "Other",
        _ => "Free",
    }
}

/// The kind of an area of this class.
#[must_use]
pub fn area_kind(class: &str) -> Option<&'static str> {
    match class {
        "TV" => Some("screen"),
        "Free" => Some("3dspace"),
        "Other" => Some("other"),
        _ => None,
    }
}
