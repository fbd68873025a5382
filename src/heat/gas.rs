//! Gas, smoke and flame sensors as data: what the channels mean, and resistance and ppm of metal-oxide sensors.
//!
//! A resistance sensor only knows how its resistance compares with that in clean air. Its curve is a published
//! regression, `ppm = a * (Rs / R0)^b`, and without the `R0` of that very sensor any ppm is a guess; humidity and
//! temperature move it by 10 to 20 % even so.
//!
//! Invariant: no ppm is given without an `R0` measured for the sensor at hand; see [`Ppm`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What a channel of a sensor line measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelMeaning {
    /// Smoke or gas, ADC counts: shown in percent of full scale.
    Smoke,
    /// Flame, analogue, ADC counts: shown in percent of full scale.
    Flame,
    /// A third analogue input, often unconnected: percent of full scale.
    Spare,
    /// Flame, digital: 1 is a flame.
    FlameDigital,
    /// Unknown: the number as it came.
    Plain,
}

impl ChannelMeaning {
    /// The meaning of a channel by its name on the wire. `DIO` and `MPY30` are the same input under two names.
    #[must_use]
    pub fn of(channel: &str) -> Self {
        match channel {
            "ADC1" => Self::Smoke,
            "ADC2" => Self::Flame,
            "ADC3" => Self::Spare,
            "DIO" | "MPY30" => Self::FlameDigital,
            _ => Self::Plain,
        }
    }

    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Smoke => "Smoke",
            Self::Flame => "Flame",
            Self::Spare => "Spare input",
            Self::FlameDigital => "Flame detector",
            Self::Plain => "Channel",
        }
    }

    /// Whether its numbers are ADC counts, best shown in percent.
    #[must_use]
    pub const fn is_analogue(self) -> bool {
        matches!(self, Self::Smoke | Self::Flame | Self::Spare)
    }
}

/// ADC counts in percent of full scale, `2^bits - 1`; not limited to 0..=100 if the counts are not.
#[must_use]
pub fn percent(adc: f64, bits: u8) -> f64 {
    adc * 100.0 / (f64::from(bits).exp2() - 1.0)
}

/// A concentration, or the honest lack of one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ppm {
    /// This sensor was never read in clean air.
    Uncalibrated,
    /// Parts per million.
    At(f64),
}

/// How one gas is read off one kind of sensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GasProfile {
    /// Sensor and gas, as people read it.
    pub name: Cow<'static, str>,
    /// The sensor's part name.
    pub sensor: Cow<'static, str>,
    /// The gas.
    pub gas: Cow<'static, str>,
    /// Factor of the regression, ppm at `Rs = R0`.
    pub a: f64,
    /// Exponent of the regression.
    pub b: f64,
    /// `Rs / R0` in clean air.
    pub clean_ratio: f64,
    /// Load resistor, kilo-ohm, 0.1..=100.
    pub load_kohm: f64,
    /// Bits of the converter, 8..=16.
    pub adc_bits: u8,
}

const fn mq(name: &'static str, sensor: &'static str, gas: &'static str, a: f64, b: f64, clean: f64) -> GasProfile {
    GasProfile {
        name: Cow::Borrowed(name),
        sensor: Cow::Borrowed(sensor),
        gas: Cow::Borrowed(gas),
        a,
        b,
        clean_ratio: clean,
        load_kohm: 10.0,
        adc_bits: 12,
    }
}

/// Profiles for the common modules: 10 kilo-ohm load, 12-bit converter. Source: the regressions in common use for the
/// curves in the makers' data sheets (Hanwei MQ-2, MQ-4, MQ-7, MQ-135).
static PROFILES: [GasProfile; 13] = [
    mq("MQ-135 CO2", "MQ-135", "CO2", 116.602_068_2, -2.769_034_857, 3.6),
    mq("MQ-135 CO", "MQ-135", "CO", 605.18, -3.937, 3.6),
    mq("MQ-135 ammonia", "MQ-135", "NH3", 102.2, -2.473, 3.6),
    mq("MQ-135 alcohol", "MQ-135", "alcohol", 77.255, -3.18, 3.6),
    mq("MQ-135 acetone", "MQ-135", "acetone", 34.668, -3.369, 3.6),
    mq("MQ-135 toluene", "MQ-135", "toluene", 44.947, -3.445, 3.6),
    mq("MQ-2 LPG", "MQ-2", "LPG", 574.25, -2.222, 9.83),
    mq("MQ-2 hydrogen", "MQ-2", "H2", 987.99, -2.162, 9.83),
    mq("MQ-2 CO", "MQ-2", "CO", 36974.0, -3.109, 9.83),
    mq("MQ-2 alcohol", "MQ-2", "alcohol", 3616.1, -2.675, 9.83),
    mq("MQ-2 propane", "MQ-2", "propane", 658.71, -2.168, 9.83),
    mq("MQ-7 CO", "MQ-7", "CO", 99.042, -1.518, 27.5),
    mq("MQ-4 methane", "MQ-4", "CH4", 1012.7, -2.786, 4.4),
];

/// The profiles that come with the program; settings may add their own.
#[must_use]
pub fn profiles() -> &'static [GasProfile] {
    &PROFILES
}

impl GasProfile {
    /// Resistance of the sensor in kilo-ohm, at least 0.1; infinite without a signal (`adc` not above 0).
    #[must_use]
    pub fn resistance(&self, adc: f64) -> f64 {
        if adc > 0.0 {
            (self.load_kohm * f64::from(self.adc_bits).exp2() / adc - self.load_kohm).max(0.1)
        } else {
            f64::INFINITY
        }
    }

    /// The `R0`, kilo-ohm, of a sensor that reads `adc` in clean air after warming up; `None` without a signal.
    #[must_use]
    pub fn clean_air_r0(&self, adc: f64) -> Option<f64> {
        Some(self.resistance(adc) / self.clean_ratio).filter(|r0| r0.is_finite() && *r0 > 0.0)
    }

    /// The concentration at `adc` by the sensor's own `R0` in kilo-ohm. Without a positive one: uncalibrated.
    #[must_use]
    pub fn ppm(&self, adc: f64, r0: Option<f64>) -> Ppm {
        match r0.filter(|r0| r0.is_finite() && *r0 > 0.0) {
            Some(r0) => Ppm::At(self.a * (self.resistance(adc) / r0).powf(self.b)),
            None => Ppm::Uncalibrated,
        }
    }
}

/// Air quality by carbon dioxide, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AirQuality {
    /// Below 400 ppm.
    Excellent,
    /// Below 600 ppm.
    Good,
    /// Below 1000 ppm.
    Moderate,
    /// Below 1500 ppm.
    Poor,
    /// Below 2000 ppm.
    Unhealthy,
    /// 2000 ppm or more.
    Hazardous,
}

impl AirQuality {
    /// The quality at a CO2 concentration in ppm. No number is no good air: `NaN` is hazardous.
    #[must_use]
    pub fn of_co2(ppm: f64) -> Self {
        let limits = [
            (400.0, Self::Excellent),
            (600.0, Self::Good),
            (1000.0, Self::Moderate),
            (1500.0, Self::Poor),
            (2000.0, Self::Unhealthy),
        ];
        limits.into_iter().find(|(limit, _)| ppm < *limit).map_or(Self::Hazardous, |(_, quality)| quality)
    }

    /// 0 (excellent) to 5 (hazardous).
    #[must_use]
    pub const fn index(self) -> u8 {
        self as u8
    }

    /// The word people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Excellent => "Excellent",
            Self::Good => "Good",
            Self::Moderate => "Moderate",
            Self::Poor => "Poor",
            Self::Unhealthy => "Unhealthy",
            Self::Hazardous => "Hazardous",
        }
    }
}
