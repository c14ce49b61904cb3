//! Points of a curve y² = x³ − 3x + b over a prime field, in Jacobian coordinates: x = X/Z², y = Y/Z³.
//!
//! The formulas are "dbl-2001-b" and "add-1998-cmo-2" of the Explicit-Formulas Database. The second does not cover adding
//! a point to itself or to its opposite: `add` looks for both first, so that every sum is right.

use ::sm2::elliptic_curve::PrimeField;

/// A point with Z = 1; never the point at infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affine<F> {
    pub x: F,
    pub y: F,
}

/// Z = 0 is the point at infinity.
#[derive(Clone, Copy, Debug)]
pub struct Point<F> {
    x: F,
    y: F,
    z: F,
}

impl<F: PrimeField> Affine<F> {
    pub fn negate(&self) -> Affine<F> {
        Affine { x: self.x, y: -self.y }
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

    /// Right for the point at infinity too (Z stays 0); no point of a curve of odd order has Y = 0.
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
        let (z1z1, z2z2) = (self.z.square(), other.z.square());
        let (u1, u2) = (self.x * z2z2, other.x * z1z1);
        let (s1, s2) = (self.y * other.z * z2z2, other.y * self.z * z1z1);
        self.sum(u1, s1, u2 - u1, s2 - s1, self.z * other.z)
    }

    /// As `add`, with a third fewer multiplications.
    pub fn add_affine(&self, other: &Affine<F>) -> Point<F> {
        if self.is_infinity() {
            return (*other).into();
        }
        let z1z1 = self.z.square();
        let (u2, s2) = (other.x * z1z1, other.y * self.z * z1z1);
        self.sum(self.x, self.y, u2 - self.x, s2 - self.y, self.z)
    }

    /// The sum of two points brought to one denominator `z`: the first at (u1, s1), the second `h` and `r` away from it.
    fn sum(&self, u1: F, s1: F, h: F, r: F, z: F) -> Point<F> {
        if h == F::ZERO {
            return if r == F::ZERO { self.double() } else { Point::INFINITY };
        }
        let hh = h.square();
        let hhh = h * hh;
        let v = u1 * hh;
        let x = r.square() - hhh - v.double();
        let y = r * (v - x) - s1 * hhh;
        Point { x, y, z: z * h }
    }

    /// Whether x stands at `x`; spares the inversion that would be needed to know x itself. Not for infinity.
    pub fn has_x(&self, x: F) -> bool {
        x * self.z.square() == self.x
    }
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
