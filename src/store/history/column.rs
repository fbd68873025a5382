//! Columns of a packed block: times, and values.
//!
//! ```text
//! times   first time, then changes of the step between times           signed numbers, ms
//! values  form (1 byte), then changes from value to value              signed numbers
//!           0..=3  whole numbers of 10^-form                           exact as f64
//!           4..=7  whole numbers of 10^-(form - 4), rounded to f32     exact as f32
//!           8      bits of f32                                         exact as f32
//! ```
//! Sensors send decimals with few places, at a steady pace: both columns then take one byte an entry, sometimes two.
//! Bits of neighbouring floats of one sign differ by little too, so the third form needs about three.
//!
//! Invariant: a value comes back as it was if it has at most three decimals or is a float of 32 bits; any other finite
//! one as the nearest float of 32 bits.

use crate::store::history::varint::{Damaged, Reader, put_signed, unzigzag, zigzag};

/// Ten to the power of a decimal form.
const POWERS: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];
/// Whole numbers up to here are exact as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Times, written or read one by one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    last: Option<i64>,
    step: i64,
}

impl Times {
    /// Appends a time, ms.
    pub fn put(&mut self, out: &mut Vec<u8>, at_ms: i64) {
        let Some(last) = self.last.replace(at_ms) else { return put_signed(out, at_ms) };
        let step = at_ms.wrapping_sub(last);
        put_signed(out, step.wrapping_sub(self.step));
        self.step = step;
    }

    /// The next time, ms.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn next(&mut self, from: &mut Reader<'_>) -> Result<i64, Damaged> {
        let number = from.signed()?;
        let at_ms = match self.last {
            None => number,
            Some(last) => {
                self.step = self.step.wrapping_add(number);
                last.wrapping_add(self.step)
            }
        };
        self.last = Some(at_ms);
        Ok(at_ms)
    }
}

/// How values lie in their column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Decimal { power: u8, narrow: bool },
    Bits,
}

impl Form {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let wide = power_of(values.clone(), whole);
        let decimal = |power, narrow| Self::Decimal { power, narrow };
        let found = wide.map(|power| decimal(power, false));
        found.or_else(|| power_of(values, narrow).map(|power| decimal(power, true))).unwrap_or(Self::Bits)
    }

    const fn number(self) -> u8 {
        match self {
            Self::Decimal { power, narrow: false } => power,
            Self::Decimal { power, narrow: true } => power + 4,
            Self::Bits => 8,
        }
    }

    const fn numbered(number: u8) -> Option<Self> {
        match number {
            0..=3 => Some(Self::Decimal { power: number, narrow: false }),
            4..=7 => Some(Self::Decimal { power: number - 4, narrow: true }),
            8 => Some(Self::Bits),
            _ => None,
        }
    }

    /// The whole number that stands for a value of this form.
    fn fold(self, value: f64) -> i64 {
        match self {
            Self::Decimal { power, .. } => (value * ten_to(power)).round() as i64,
            Self::Bits => i64::from((value as f32).to_bits()),
        }
    }

    fn unfold(self, number: i64) -> f64 {
        match self {
            Self::Decimal { power, narrow: false } => number as f64 / ten_to(power),
            Self::Decimal { power, narrow: true } => f64::from((number as f64 / ten_to(power)) as f32),
            Self::Bits => f64::from(f32::from_bits(number as u32)),
        }
    }
}

fn ten_to(power: u8) -> f64 {
    POWERS.get(usize::from(power)).copied().unwrap_or(1.0)
}

/// The fewest decimals that all values have in common, if `fits` finds any for each.
///
/// A value that fits a power fits every higher one as long as the whole number behind it is exact: both quotients are
/// the same number, rounded once.
fn power_of(values: impl Iterator<Item = f64>, fits: fn(f64, f64) -> bool) -> Option<u8> {
    let (mut power, mut largest) = (0, 0.0_f64);
    for value in values {
        power = (power..=3).find(|power| fits(value, ten_to(*power)))?;
        largest = largest.max(value.abs());
    }
    (largest * ten_to(power) <= EXACT).then_some(power)
}

fn whole(value: f64, power: f64) -> bool {
    (value * power).round() / power == value
}

fn narrow(value: f64, power: f64) -> bool {
    f64::from(((value * power).round() / power) as f32) == value
}

/// Appends a column of values.
pub fn put_values(out: &mut Vec<u8>, values: impl Iterator<Item = f64> + Clone) {
    let form = Form::of(values.clone());
    out.push(form.number());
    let mut last = 0;
    for value in values {
        let number = form.fold(value);
        put_signed(out, number.wrapping_sub(last));
        last = number;
    }
}

/// A column of values, read one by one.
#[derive(Clone, Copy, Debug)]
pub struct Values {
    form: Form,
    last: i64,
}

impl Values {
    /// Begins a column.
    ///
    /// # Errors
    /// There is no such form.
    pub fn open(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self { form: Form::numbered(from.byte()?).ok_or(Damaged)?, last: 0 })
    }

    /// The next value.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn next(&mut self, from: &mut Reader<'_>) -> Result<f64, Damaged> {
        self.last = self.last.wrapping_add(from.signed()?);
        Ok(self.form.unfold(self.last))
    }
}

/// One value by itself as one number: form in the lowest three bits (0..=3 as above, 4 = bits, 5..=7 as above).
#[must_use]
pub fn fold_one(value: f64) -> u64 {
    match Form::of(std::iter::once(value)) {
        // Whole numbers are the same narrow or wide, so form 4 is free.
        Form::Bits | Form::Decimal { power: 0, narrow: true } => u64::from((value as f32).to_bits()) << 3 | 4,
        form => zigzag(form.fold(value)) << 3 | u64::from(form.number()),
    }
}

/// The value of a number that [`fold_one`] made. Any other number gives some value too.
#[must_use]
pub fn unfold_one(number: u64) -> f64 {
    match (number & 7) as u8 {
        4 => Form::Bits.unfold((number >> 3) as i64),
        form => Form::numbered(form).map_or(0.0, |form| form.unfold(unzigzag(number >> 3))),
    }
}
