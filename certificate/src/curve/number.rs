//! Numbers as rows of bits.

/// A number below 2²⁵⁶ as the standards write it.
pub(crate) type BigEndian = [u8; 32];

/// Lowest first, with one of zeros at the end so that a window may look beyond.
pub(crate) fn limbs(number: &BigEndian) -> [u64; 5] {
    let mut limbs = [0; 5];
    for (limb, bytes) in limbs.iter_mut().zip(number.as_chunks::<8>().0.iter().rev()) {
        *limb = u64::from_be_bytes(*bytes);
    }
    limbs
}

/// `width` bits from bit `at` on; beyond the number there are zeros. The steps depend on the place alone, not on the number.
pub(crate) fn bits(limbs: &[u64; 5], at: usize, width: usize) -> usize {
    let (limb, shift) = (at / 64, at % 64);
    let mut value = limbs[limb] >> shift;
    if shift + width > 64 {
        value |= limbs[limb + 1] << (64 - shift);
    }
    value as usize & ((1 << width) - 1)
}
