//! Points of a curve y² = x³ − 3x + b over a prime field, in Jacobian coordinates: x = X/Z², y = Y/Z³.
//!
//! The formulas are "dbl-2001-b" and "add-1998-cmo-2" of the Explicit-Formulas Database. The second does not cover adding
//! a point to itself or to its opposite: `add` looks for both first, so that every sum is right.

use ::sm2::elliptic_curve::PrimeField;
use zeroize::Zeroize;

/// A point with Z = 1; never the point at infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affine<F> {
    pub x: F,
    pub y: F,
}

/// Z = 0 is the point at infinity.
#[derive(Clone, Copy, Debug)]
pub struct Point<F> {
    pub x: F,
    pub y: F,
    pub z: F,
}

impl<F: PrimeField> Affine<F> {
    pub fn negate(&self) -> Affine<F> {
        Affine { x: self.x, y: -self.y }
    }
}

impl<F: Zeroize> Zeroize for Affine<F> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
    }
}

impl<F: Zeroize> Zeroize for Point<F> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
        self.z.zeroize();
    }
}

impl<F: PrimeField> From<Affine<F>> for Point<F> {
    fn from(point: Affine<F>) -> Point<F> {
        Point { x: point.x, y: point.y, z: F::ONE }
    }
}

impl<F: PrimeField> Point<F> {
    pub const INFINITY: Point<F> = Point { x: F::ONE, y: F::ONE, z: F::ZERO };

    pub fn is_infinity(&self) -> bool {
        self.z == F::ZERO
    }

    pub fn negate(&self) -> Point<F> {
        Point { x: self.x, y: -self.y, z: self.z }
    }

    /// The same steps for every point. Right for the point at infinity too (Z stays 0); no point of a curve of odd order has Y = 0.
    pub fn double(&self) -> Point<F> {
        let delta = self.z.square();
        let gamma = self.y.square();
        let beta = self.x * gamma;
        let alpha = (self.x - delta) * (self.x + delta);
        let alpha = alpha.double() + alpha;
        let beta4 = beta.double().double();
        let x = alpha.square() - beta4.double();
        let z = (self.y + self.z).square() - gamma - delta;
        let y = alpha * (beta4 - x) - gamma.square().double().double().double();
        Point { x, y, z }
    }

    pub fn add(&self, other: &Point<F>) -> Point<F> {
        if self.is_infinity() {
            return *other;
        }
        if other.is_infinity() {
            return *self;
        }
        self.add_apart(&self.chord(other))
    }

    /// As `add`, with a third fewer multiplications.
    pub fn add_affine(&self, other: &Affine<F>) -> Point<F> {
        if self.is_infinity() {
            return (*other).into();
        }
        self.add_apart(&self.chord_affine(other))
    }

    fn add_apart(&self, chord: &Chord<F>) -> Point<F> {
        if chord.h == F::ZERO {
            return if chord.r == F::ZERO { self.double() } else { Point::INFINITY };
        }
        chord.sum()
    }

    /// What leads from this point to another, neither at infinity. The same steps for all.
    pub fn chord(&self, other: &Point<F>) -> Chord<F> {
        let (z1z1, z2z2) = (self.z.square(), other.z.square());
        let (u1, u2) = (self.x * z2z2, other.x * z1z1);
        let (s1, s2) = (self.y * other.z * z2z2, other.y * self.z * z1z1);
        Chord { u1, s1, h: u2 - u1, r: s2 - s1, z: self.z * other.z }
    }

    pub fn chord_affine(&self, other: &Affine<F>) -> Chord<F> {
        let z1z1 = self.z.square();
        let (u2, s2) = (other.x * z1z1, other.y * self.z * z1z1);
        Chord { u1: self.x, s1: self.y, h: u2 - self.x, r: s2 - self.y, z: self.z }
    }

    /// Whether x stands at `x`; spares the inversion that would be needed to know x itself. Not for infinity.
    pub fn has_x(&self, x: F) -> bool {
        x * self.z.square() == self.x
    }
}

/// Two points brought to one denominator `z`: the first at (u1, s1), the second `h` and `r` away from it.
pub struct Chord<F> {
    u1: F,
    s1: F,
    /// 0 where both have one x: the points are equal or opposite, and [`Chord::sum`] is not theirs.
    pub h: F,
    r: F,
    z: F,
}

impl<F: PrimeField> Chord<F> {
    /// The same steps for all.
    pub fn sum(&self) -> Point<F> {
        let hh = self.h.square();
        let hhh = self.h * hh;
        let v = self.u1 * hh;
        let x = self.r.square() - hhh - v.double();
        let y = self.r * (v - x) - self.s1 * hhh;
        Point { x, y, z: self.z * self.h }
    }
}

/// P, 2P, … N·P, none of which is the point at infinity.
pub fn multiples<F: PrimeField, const N: usize>(point: &Point<F>) -> [Point<F>; N] {
    let mut multiples = [*point; N];
    for at in 1..N {
        multiples[at] = multiples[at - 1].add(point);
    }
    multiples
}

/// Brings many points to Z = 1 with a single inversion (Montgomery's trick). None may be the point at infinity.
pub fn normalise<F: PrimeField>(points: &[Point<F>]) -> Vec<Affine<F>> {
    // products[i] = z₀ · … · zᵢ₋₁
    let mut products = Vec::with_capacity(points.len());
    let mut product = F::ONE;
    for point in points {
        products.push(product);
        product *= point.z;
    }
    let mut inverse = product.invert().expect("no point is at infinity");
    let mut affine = Vec::with_capacity(points.len());
    for (point, before) in points.iter().zip(products).rev() {
        let z = inverse * before;
        inverse *= point.z;
        let zz = z.square();
        affine.push(Affine { x: point.x * zz, y: point.y * zz * z });
    }
    affine.reverse();
    affine
}
