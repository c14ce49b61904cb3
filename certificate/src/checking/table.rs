//! Multiples of a point: of one met for the first time, and of one whose multiples are worth keeping.

use ::sm2::elliptic_curve::PrimeField;

use crate::curve::number::{BigEndian, bits, limbs};
use crate::curve::point::{Affine, Point, multiples, normalise};

/// d · 2^(WIDTH · i) · P for d = 1 … 2^(WIDTH − 1) and every window i: a multiple of P is then a sum of one entry a window.
pub struct Table<F> {
    entries: Vec<Affine<F>>,
}

/// 37 windows of 64 points: 148 KiB, and 37 additions.
const WIDTH: usize = 7;
const ROW: usize = 1 << (WIDTH - 1);
/// One bit more than the number has, for the last carry.
const WINDOWS: usize = 257_usize.div_ceil(WIDTH);

impl<F: PrimeField> Table<F> {
    pub fn new(point: &Affine<F>) -> Table<F> {
        let mut points = Vec::with_capacity(WINDOWS * ROW);
        let mut base = Point::from(*point);
        for _ in 0..WINDOWS {
            let row: [Point<F>; ROW] = multiples(&base);
            points.extend(row);
            // The last entry is 2^(WIDTH − 1) times the base.
            base = row[ROW - 1].double();
        }
        Table { entries: normalise(&points) }
    }

    /// sum + number · P
    pub fn add_multiple(&self, mut sum: Point<F>, number: &BigEndian) -> Point<F> {
        let limbs = limbs(number);
        let mut carry = 0;
        for row in 0..WINDOWS {
            // A digit of −2^(WIDTH − 1) + 1 … 2^(WIDTH − 1): what is larger is taken from the next power.
            let value = bits(&limbs, row * WIDTH, WIDTH) + carry;
            carry = usize::from(value > ROW);
            let (size, negative) = if carry == 1 { (2 * ROW - value, true) } else { (value, false) };
            if size != 0 {
                let entry = &self.entries[row * ROW + size - 1];
                sum = sum.add_affine(&if negative { entry.negate() } else { *entry });
            }
        }
        sum
    }
}

/// Window of the digits in `multiply`: 8 odd multiples, and about one addition in six doublings.
const ODD_WIDTH: usize = 5;

/// number · P for a point met for the first time, by its non-adjacent form.
pub fn multiply<F: PrimeField>(point: &Affine<F>, number: &BigEndian) -> Point<F> {
    let digits = odd_digits(number);
    let once = Point::from(*point);
    let twice = once.double();
    // P, 3P, 5P, … 15P
    let mut odd = [once; 1 << (ODD_WIDTH - 2)];
    for i in 1..odd.len() {
        odd[i] = odd[i - 1].add(&twice);
    }
    let mut product = Point::INFINITY;
    for digit in digits.into_iter().rev().skip_while(|digit| *digit == 0) {
        product = product.double();
        let entry = &odd[usize::from(digit.unsigned_abs() / 2)];
        match digit {
            0 => {}
            1.. => product = product.add(entry),
            _ => product = product.add(&entry.negate()),
        }
    }
    product
}

/// The digits of the number, lowest first: each is 0 or odd and below 2^(ODD_WIDTH − 1) in size, with at least
/// ODD_WIDTH − 1 zeros between any two that are not 0.
fn odd_digits(number: &BigEndian) -> [i8; 257] {
    let limbs = limbs(number);
    let mut digits = [0; 257];
    let (mut at, mut carry) = (0, 0);
    while at < digits.len() {
        let value = bits(&limbs, at, ODD_WIDTH) + carry;
        if value.is_multiple_of(2) {
            at += 1;
            continue;
        }
        carry = value >> (ODD_WIDTH - 1);
        digits[at] = value as i8 - ((carry as i8) << ODD_WIDTH);
        at += ODD_WIDTH;
    }
    digits
}
