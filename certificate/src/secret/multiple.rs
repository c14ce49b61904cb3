//! Multiples of points by secret numbers: k·G from a table, and k·P.
//!
//! Every number takes the same steps. It is cut into the same count of digits, each costs the same doublings and the same
//! addition, and of a row every entry is read wherever one is taken. What turns out not to count (the sum with a digit of 0)
//! is computed too and not taken.

use std::hint::black_box;
use std::sync::LazyLock;

use ::sm2::AffinePoint;

use crate::curve::number::{BigEndian, bits, limbs};
use crate::curve::point::{Affine, Point, multiples, normalise};
use crate::curve::sm2_field::{Element, coordinates};

/// 52 digits of −15 … 16.
const WIDTH: usize = 5;
const ROW: usize = 1 << (WIDTH - 1);
/// One bit more than the number has, for the last carry.
const DIGITS: usize = 257_usize.div_ceil(WIDTH);

/// d · 2^(WIDTH · i) · G for d = 1 … 16 and every digit i: 52 KiB.
static BASE: LazyLock<Vec<[Affine<Element>; ROW]>> = LazyLock::new(|| {
    let mut rows: Vec<Point<Element>> = Vec::with_capacity(DIGITS * ROW);
    let mut base = Point::from(coordinates(&AffinePoint::GENERATOR));
    for _ in 0..DIGITS {
        let row: [Point<Element>; ROW] = multiples(&base);
        rows.extend(row);
        base = row[ROW - 1].double();
    }
    normalise(&rows).as_chunks().0.to_vec()
});

/// k·G for 1 ≤ k < n.
///
/// The formula that adds fails for equal and opposite points. None are added here: below digit i stands a multiple of G of
/// less than 2^(5i) in size, and the entry is at least 2^(5i) times G. Only at the last digit could a multiple of n come between,
/// and k < n leaves no room for it.
pub fn of_base(k: &BigEndian) -> Point<Element> {
    let mut sum = Point::INFINITY;
    let mut empty = Mask::of(true);
    for (digit, row) in digits(k).iter().zip(BASE.iter()) {
        let entry = digit.signed(pick(row, digit));
        let more = empty.choose(Point::from(entry), sum.chord_affine(&entry).sum());
        sum = digit.zero.choose(sum, more);
        empty = empty.and(digit.zero);
    }
    sum
}

/// k·P for 1 ≤ k < n, where everybody may know P.
///
/// Equal points meet in one place: at the last digit of n − 6. The last addition is therefore ready for it; before that the sum
/// is 32 to n − 33 times P, and an entry 16 at most.
pub fn of(point: &Affine<Element>, k: &BigEndian) -> Point<Element> {
    let row: [Point<Element>; ROW] = multiples(&Point::from(*point));
    let mut sum = Point::INFINITY;
    let mut empty = Mask::of(true);
    for (place, digit) in digits(k).iter().enumerate().rev() {
        for _ in 0..WIDTH {
            sum = sum.double();
        }
        let entry = pick_point(&row, digit);
        let chord = sum.chord(&entry);
        let mut more = chord.sum();
        if place == 0 {
            more = Mask::zero(&chord.h).choose(entry.double(), more);
        }
        let more = empty.choose(entry, more);
        sum = digit.zero.choose(sum, more);
        empty = empty.and(digit.zero);
    }
    sum
}

/// All ones or all zeros.
#[derive(Clone, Copy)]
struct Mask(u64);

impl Mask {
    fn of(set: bool) -> Mask {
        Mask(u64::from(set).wrapping_neg())
    }

    fn equal(one: u64, other: u64) -> Mask {
        let apart = one ^ other;
        // The compiler must not see that this is a choice of two, or it might jump.
        Mask(black_box(((apart | apart.wrapping_neg()) >> 63).wrapping_sub(1)))
    }

    fn zero(element: &Element) -> Mask {
        let words = element.words();
        Mask::equal(words[0] | words[1] | words[2] | words[3], 0)
    }

    fn and(self, other: Mask) -> Mask {
        Mask(self.0 & other.0)
    }

    fn number(self, set: Element, clear: Element) -> Element {
        let (set, clear) = (set.words(), clear.words());
        Element::from_words(std::array::from_fn(|i| clear[i] ^ (self.0 & (set[i] ^ clear[i]))))
    }

    fn choose(self, set: Point<Element>, clear: Point<Element>) -> Point<Element> {
        Point {
            x: self.number(set.x, clear.x),
            y: self.number(set.y, clear.y),
            z: self.number(set.z, clear.z),
        }
    }
}

struct Digit {
    /// 0 … 16
    size: u64,
    negative: Mask,
    zero: Mask,
}

impl Digit {
    fn signed(&self, entry: Affine<Element>) -> Affine<Element> {
        Affine { x: entry.x, y: self.negative.number(-entry.y, entry.y) }
    }
}

/// Lowest first. Their sum of digit · 32^i is the number; a top digit has one bit and the carry.
fn digits(number: &BigEndian) -> [Digit; DIGITS] {
    let limbs = limbs(number);
    let mut carry = 0;
    std::array::from_fn(|place| {
        let value = bits(&limbs, place * WIDTH, WIDTH) as u64 + carry;
        // What is larger than 16 is taken from the next power.
        let negative = Mask(black_box((ROW as u64).wrapping_sub(value) >> 63).wrapping_neg());
        carry = negative.0 & 1;
        let size = value ^ (negative.0 & (value ^ (2 * ROW as u64 - value)));
        Digit { size, negative, zero: Mask::equal(size, 0) }
    })
}

/// The entry of the digit's size, without its sign; what a digit of 0 gets is no point.
fn pick(row: &[Affine<Element>; ROW], digit: &Digit) -> Affine<Element> {
    let (mut x, mut y) = ([0; 4], [0; 4]);
    for (entry, size) in row.iter().zip(1..) {
        let mask = Mask::equal(size, digit.size);
        take(&mut x, entry.x, mask);
        take(&mut y, entry.y, mask);
    }
    Affine { x: Element::from_words(x), y: Element::from_words(y) }
}

/// As [`pick`], with the digit's sign.
fn pick_point(row: &[Point<Element>; ROW], digit: &Digit) -> Point<Element> {
    let (mut x, mut y, mut z) = ([0; 4], [0; 4], [0; 4]);
    for (entry, size) in row.iter().zip(1..) {
        let mask = Mask::equal(size, digit.size);
        take(&mut x, entry.x, mask);
        take(&mut y, entry.y, mask);
        take(&mut z, entry.z, mask);
    }
    let y = Element::from_words(y);
    Point { x: Element::from_words(x), y: digit.negative.number(-y, y), z: Element::from_words(z) }
}

fn take(words: &mut [u64; 4], entry: Element, mask: Mask) {
    for (word, mine) in words.iter_mut().zip(entry.words()) {
        *word |= mine & mask.0;
    }
}

#[cfg(test)]
mod tests {
    use ::sm2::elliptic_curve::ops::Reduce;
    use ::sm2::elliptic_curve::{Generate, Group, PrimeField};
    use ::sm2::{FieldBytes, NonZeroScalar, ProjectivePoint, Scalar};

    use super::*;
    use crate::dice::Dice;

    /// The library multiplies too.
    fn is_as_the_librarys(k: &Scalar, point: &AffinePoint) {
        let number = k.to_repr().into();
        let ours = normalise(&[of_base(&number), of(&coordinates(point), &number)]);
        let theirs = [ProjectivePoint::mul_by_generator(k), ProjectivePoint::from(point) * k];
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert_eq!(*ours, coordinates(&theirs.to_affine()), "{k:?}");
        }
    }

    #[test]
    fn any_number() {
        let mut dice = Dice::new(11);
        for _ in 0..200 {
            let k = NonZeroScalar::try_generate_from_rng(&mut dice).unwrap();
            let d = NonZeroScalar::try_generate_from_rng(&mut dice).unwrap();
            is_as_the_librarys(&k, &ProjectivePoint::mul_by_generator(&d).to_affine());
        }
    }

    /// Small and large numbers, each power of two with its neighbours, each power of 32 with the digits around the carry. Among
    /// them n − 6, of which the last addition is of equal points.
    #[test]
    fn numbers_at_the_borders() {
        let mut dice = Dice::new(12);
        let d = NonZeroScalar::try_generate_from_rng(&mut dice).unwrap();
        let point = ProjectivePoint::mul_by_generator(&d).to_affine();
        let mut numbers: Vec<Scalar> = (1..100_u64).map(Scalar::from).collect();
        let mut power = Scalar::ONE;
        for place in 0..256 {
            let near = if place % 5 == 0 { 17 } else { 1 };
            for around in 0..=near {
                numbers.extend([power + Scalar::from(around as u64), power - Scalar::from(around as u64)]);
            }
            for digit in [15_u64, 16, 17, 31] {
                numbers.push(power * Scalar::from(digit));
            }
            power = power.double();
        }
        let opposite: Vec<Scalar> = numbers.iter().map(|number| -*number).collect();
        for k in numbers.iter().chain(&opposite).filter(|k| **k != Scalar::ZERO) {
            is_as_the_librarys(k, &point);
        }
    }

    #[test]
    fn digits_are_the_number() {
        for number in [[0; 32], [255; 32], [0x84; 32], [0x42; 32], [0x10; 32], [0x21; 32]] {
            let digits = digits(&number);
            assert!(digits.iter().all(|it| it.size <= 16 && (it.zero.0 == u64::MAX) == (it.size == 0)));
            let mut sum = Scalar::ZERO;
            for digit in digits.iter().rev() {
                let size = Scalar::from(digit.size);
                sum = sum * Scalar::from(32_u64) + if digit.negative.0 == 0 { size } else { -size };
            }
            assert_eq!(sum, <Scalar as Reduce<_>>::reduce(&FieldBytes::from(number)));
        }
    }
}
