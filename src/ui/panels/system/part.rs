//! The parts of System. Knows nothing of the scene.

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Devices, connections, ports, settings.
    #[default]
    Program,
    /// The Hue bridge that apps see.
    Bridge,
    /// Switches and sensors of rooms.
    Inputs,
}

impl Part {
    /// All of them with their words, in order.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Program, "This program"), (Self::Bridge, "Hue bridge"), (Self::Inputs, "Switches and sensors")];
}
