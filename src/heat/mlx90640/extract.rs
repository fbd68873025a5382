//! Calibration parameters of an MLX90640 out of its EEPROM words. Source: MLX90640 datasheet, 11.1; the interleaved
//! and chess corrections also the maker's library, `ExtractCILCParameters`.
//!
//! Invariant: all divisors of the frame formulas ([`Parameters::k_vdd`], [`Parameters::kt_ptat`]) are nonzero, the
//! gain is positive and the sensitivity of every pixel is positive and finite.

use super::{CalibrationError, EEPROM_WORDS, PIXELS};

/// One value a pixel, row by row: rows are whole so that the per-frame loop has no remainder.
pub(super) type Grid = [[f32; 32]; 24];

/// What one chip's formulas need, all pixels alike. Names as in the datasheet.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    pub k_vdd: f64,
    pub vdd_25: f64,
    pub kv_ptat: f64,
    pub kt_ptat: f64,
    pub v_ptat_25: f64,
    pub alpha_ptat: f64,
    pub gain: f64,
    pub tgc: f64,
    pub ks_ta: f64,
    pub ks_to: [f64; 4],
    /// Lower ends of the four object ranges, C.
    pub ct: [f64; 4],
    /// Offsets of the two compensation pixels.
    pub cp_offset: [f64; 2],
    pub cp_kta: f64,
    pub cp_kv: f64,
    /// Corrections for reading in another pattern than the calibrated one: IL_CHESS_C1..C3.
    pub il_chess: [f64; 3],
    /// Whether the chip was calibrated in the chess pattern (bit 11 of word 10 clear) or interleaved.
    pub calibrated_chess: bool,
    /// The control register as stored (word 12): read pattern in bit 12, ADC resolution in bits 11-10.
    pub control: u16,
    /// ADC resolution of the calibration, bits = 16 + this.
    pub resolution: u16,
}

/// What the formulas need of each pixel.
#[derive(Clone, Debug)]
pub(super) struct Pixels {
    pub offset: Grid,
    pub kta: Grid,
    pub kv: Grid,
    /// 1 / sensitivity.
    pub inv_alpha: Grid,
}

/// Pixels without a usable calibration, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Deviating {
    pub broken: Vec<u16>,
    pub outliers: Vec<u16>,
}

type Words = [u16; EEPROM_WORDS];

/// The lowest `bits` of `value` as two's complement.
fn signed(value: u16, bits: u32) -> f64 {
    let shift = 16 - bits;
    f64::from(((value << shift) as i16) >> shift)
}

/// The signed nibble `index` of the words from `base` on.
fn nibble(e: &Words, base: usize, index: usize) -> f64 {
    signed(e[base + index / 4] >> (4 * (index % 4)), 4)
}

fn pow2(exponent: u16) -> f64 {
    f64::from(exponent).exp2()
}

/// Reads what all pixels share.
pub(super) fn parameters(e: &Words) -> Result<Parameters, CalibrationError> {
    let kv_scale = pow2((e[56] >> 8) & 15);
    let kta_scale = pow2(((e[56] >> 4) & 15) + 8);
    let ks_to_scale = pow2((e[63] & 15) + 8);
    let step = f64::from((e[63] >> 12) & 3) * 10.0;
    let ct_2 = f64::from((e[63] >> 4) & 15) * step;
    let cp_offset = signed(e[58], 10);
    let p = Parameters {
        k_vdd: signed(e[51] >> 8, 8) * 32.0,
        vdd_25: (f64::from(e[51] & 0xFF) - 256.0) * 32.0 - 8192.0,
        kv_ptat: signed(e[50] >> 10, 6) / 4096.0,
        kt_ptat: signed(e[50], 10) / 8.0,
        v_ptat_25: signed(e[49], 16),
        alpha_ptat: f64::from(e[16] & 0xF000) / 16384.0 + 8.0,
        gain: signed(e[48], 16),
        tgc: signed(e[60], 8) / 32.0,
        ks_ta: signed(e[60] >> 8, 8) / 8192.0,
        ks_to: [e[61], e[61] >> 8, e[62], e[62] >> 8].map(|w| signed(w, 8) / ks_to_scale),
        ct: [-40.0, 0.0, ct_2, ct_2 + f64::from((e[63] >> 8) & 15) * step],
        cp_offset: [cp_offset, cp_offset + signed(e[58] >> 10, 6)],
        cp_kta: signed(e[59], 8) / kta_scale,
        cp_kv: signed(e[59] >> 8, 8) / kv_scale,
        il_chess: [signed(e[53], 6) / 16.0, signed(e[53] >> 6, 5) / 2.0, signed(e[53] >> 11, 5) / 8.0],
        calibrated_chess: e[10] & 0x0800 == 0,
        control: e[12],
        resolution: (e[56] >> 12) & 3,
    };
    believable(&p)?;
    Ok(p)
}

/// Refuses what would divide by zero or turn the scale around anywhere in the chip's range of -40..=85 C.
fn believable(p: &Parameters) -> Result<(), CalibrationError> {
    let coldest = 1.0 + p.ks_ta * (-40.0 - 25.0);
    let hottest = 1.0 + p.ks_ta * (85.0 - 25.0);
    let checks = [
        ("gain", p.gain, p.gain > 0.0),
        ("supply slope (Kvdd)", p.k_vdd, p.k_vdd != 0.0),
        ("chip temperature slope (KtPTAT)", p.kt_ptat, p.kt_ptat != 0.0),
        ("chip temperature at 25 C (VPTAT25)", p.v_ptat_25, p.v_ptat_25 > 0.0),
        ("sensitivity slope (KsTa)", p.ks_ta, coldest > 0.0 && hottest > 0.0),
    ];
    match checks.into_iter().find(|(_, _, good)| !good) {
        Some((what, value, _)) => Err(CalibrationError::Absurd { what, value }),
        None => Ok(()),
    }
}

/// Sensitivity of pixel `row`, `col`. Datasheet 11.1.4 and 11.1.12 (the share of the compensation pixels).
fn alpha(e: &Words, tgc: f64, row: usize, col: usize) -> f64 {
    let own = signed(e[64 + row * 32 + col] >> 4, 6) * pow2(e[32] & 15);
    let sum = f64::from(e[33])
        + nibble(e, 34, row) * pow2((e[32] >> 8) & 15)
        + nibble(e, 40, col) * pow2((e[32] >> 4) & 15)
        + own;
    let cp_0 = signed(e[57], 10) / pow2((e[32] >> 12) + 27);
    let cp_1 = cp_0 * (1.0 + signed(e[57] >> 10, 6) / 128.0);
    sum / pow2((e[32] >> 12) + 30) - tgc * (cp_0 + cp_1) / 2.0
}

/// Offset of pixel `row`, `col` at 25 C and 3.3 V. Datasheet 11.1.3.
fn offset(e: &Words, row: usize, col: usize) -> f64 {
    signed(e[17], 16)
        + nibble(e, 18, row) * pow2((e[16] >> 8) & 15)
        + nibble(e, 24, col) * pow2((e[16] >> 4) & 15)
        + signed(e[64 + row * 32 + col] >> 10, 6) * pow2(e[16] & 15)
}

/// Drift of the offset per K. Datasheet 11.1.6.
fn kta(e: &Words, row: usize, col: usize) -> f64 {
    let shared = [e[54] >> 8, e[55] >> 8, e[54], e[55]][group(row, col)];
    let own = signed(e[64 + row * 32 + col] >> 1, 3) * pow2(e[56] & 15);
    (signed(shared, 8) + own) / pow2(((e[56] >> 4) & 15) + 8)
}

/// Drift of the offset per V. Datasheet 11.1.5.
fn kv(e: &Words, row: usize, col: usize) -> f64 {
    let shared = [e[52] >> 12, e[52] >> 4, e[52] >> 8, e[52]][group(row, col)];
    signed(shared, 4) / pow2((e[56] >> 8) & 15)
}

/// Pixels share drifts by whether their row and column, counted from 0, are odd.
fn group(row: usize, col: usize) -> usize {
    2 * (row % 2) + col % 2
}

/// Reads what every pixel has of its own. A pixel of word 0 is broken, one with bit 0 set an outlier (datasheet 9),
/// one without sensitivity broken too; all of them get neutral numbers and their place in [`Deviating`].
pub(super) fn pixels(e: &Words, tgc: f64) -> Result<(Pixels, Deviating), CalibrationError> {
    let zero = [[0.0; 32]; 24];
    let mut pixels = Pixels { offset: zero, kta: zero, kv: zero, inv_alpha: [[1e7; 32]; 24] };
    let mut bad = Deviating::default();
    let mut sensitive = false;
    for cell in 0..PIXELS {
        let (row, col) = (cell / 32, cell % 32);
        let (word, alpha) = (e[64 + cell], alpha(e, tgc, row, col));
        sensitive |= alpha > 0.0;
        if word == 0 || alpha <= 0.0 {
            bad.broken.push(cell as u16);
            continue;
        }
        if word & 1 == 1 {
            bad.outliers.push(cell as u16);
        }
        pixels.offset[row][col] = offset(e, row, col) as f32;
        pixels.kta[row][col] = kta(e, row, col) as f32;
        pixels.kv[row][col] = kv(e, row, col) as f32;
        pixels.inv_alpha[row][col] = (1.0 / alpha) as f32;
    }
    if !sensitive {
        return Err(CalibrationError::Absurd {
            what: "sensitivity of every pixel (alpha)",
            value: alpha(e, tgc, 0, 0),
        });
    }
    Ok((pixels, bad))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heat::recorded::recorded_eeprom;

    fn words() -> Words {
        recorded_eeprom().try_into().unwrap_or([0; EEPROM_WORDS])
    }

    /// Values worked out by hand from the recorded words.
    #[test]
    fn the_recorded_device_has_its_parameters() {
        let Ok(p) = parameters(&words()) else { panic!("the recorded calibration is good") };
        assert_eq!((p.k_vdd, p.vdd_25, p.resolution), (-3040.0, -12480.0, 2));
        assert_eq!((p.kv_ptat, p.kt_ptat, p.v_ptat_25, p.alpha_ptat), (0.002_685_546_875, 42.375, 12194.0, 9.0));
        assert_eq!((p.gain, p.tgc, p.ks_ta), (5798.0, 0.0, -0.002_441_406_25));
        assert_eq!(p.ct, [-40.0, 0.0, 100.0, 200.0]);
        for (got, want) in p.ks_to.iter().zip([0.0, -0.000_198_36, -0.000_900_27, -0.001_495_36]) {
            assert!((got - want).abs() < 1e-8, "{got} {want}");
        }
        assert_eq!((p.cp_offset, p.cp_kta, p.cp_kv), ([-66.0, -62.0], 0.003_906_25, 0.375));
        assert_eq!((p.calibrated_chess, p.control), (true, 0x1901));
        assert_eq!(p.il_chess, [0.625, 3.5, 0.125]);
    }

    #[test]
    fn the_check_pixel_has_its_numbers() {
        let e = words();
        assert_eq!(e[64 + 12 * 32 + 16], 0xFBF0);
        assert_eq!(offset(&e, 12, 16), -53.0);
        assert_eq!(kta(&e, 12, 16), 0.006_713_867_187_5);
        assert_eq!(kv(&e, 12, 16), 0.5);
        assert!((alpha(&e, 0.0, 12, 16) - 1.257_430_994_883_179_7e-7).abs() < 1e-20);
    }

    #[test]
    fn all_pixels_lie_in_the_recorded_ranges() {
        let e = words();
        for (row, col) in (0..24).flat_map(|row| (0..32).map(move |col| (row, col))) {
            assert!((-96.0..=-44.0).contains(&offset(&e, row, col)));
            assert!((3.115e-8..=1.271_5e-7).contains(&alpha(&e, 0.0, row, col)));
            assert!((0.004_95..=0.007_35).contains(&kta(&e, row, col)));
            assert!([0.375, 0.5].contains(&kv(&e, row, col)));
        }
    }
}
