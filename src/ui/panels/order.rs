//! Which place each page has. It knows no page, so that everybody may know it.

/// Place of Overview in the rail.
pub const OVERVIEW: usize = 0;
/// Place of Lights in the rail.
pub const LIGHTS: usize = 1;
/// Place of Thermal in the rail.
pub const THERMAL: usize = 2;
/// Place of Automations in the rail.
pub const AUTOMATIONS: usize = 3;
/// Place of History in the rail.
pub const HISTORY: usize = 4;
/// Place of System in the rail.
pub const SYSTEM: usize = 5;
