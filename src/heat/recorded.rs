//! The calibration of one real MLX90640, as recorded: what simulated devices answer when they are asked for theirs.
//!
//! Source: `assets/sim/mlx90640-eeprom.hex`, MIT licence beside it.

/// 832 words, four hex digits each, most significant digit first.
const EEPROM_HEX: &str = include_str!("../../assets/sim/mlx90640-eeprom.hex");

/// The last 66 words of a recorded frame: the array's auxiliary measurements and two words that are always 1.
pub(super) const TAIL: [u16; 66] = [
    0x4CD0, 0x19A5, 0x7FFF, 0x19A5, 0x7FFF, 0x19A4, 0x7FFF, 0x19A4, 0xFFBC, 0xCD43, 0x1685, 0xD79F, 0xFFF7, 0x0008,
    0xFFFE, 0xFFFD, 0x196E, 0x03FC, 0x0260, 0x7FFF, 0x196E, 0x03FC, 0x0260, 0x7FFF, 0x0001, 0x0001, 0x0001, 0x0001,
    0x0001, 0x0001, 0x0001, 0x0001, 0x0669, 0x7FFF, 0x19A5, 0x7FFF, 0x19A5, 0x7FFF, 0x19A4, 0x7FFF, 0xFFC0, 0xF4D3,
    0xCF83, 0xD6CF, 0x0007, 0xFFFB, 0xFFFB, 0xFFFF, 0x00FB, 0x003E, 0x274E, 0x003B, 0x00FC, 0x003E, 0x274E, 0x003B,
    0x0001, 0x0001, 0x0001, 0x0001, 0x0001, 0x0001, 0x0001, 0x0001, 0x0001, 0x0001,
];

/// The 832 calibration words of the recorded device.
#[must_use]
pub fn recorded_eeprom() -> Vec<u16> {
    let (words, _) = EEPROM_HEX.trim().as_bytes().as_chunks::<4>();
    words.iter().filter_map(|digits| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()).collect()
}
