//! Owns: what GM/T 0016 (SKF) fixes in bytes: structures, algorithm numbers, error codes. Both a caller and a library use it.
//! Never: calls or exports a function; memory layout only, in safe code.
//! Start at: `blob.rs`, then `sar.rs`.
//!
//! ULONG is 32 bits on every system, structures are packed, integers in them little-endian, 256-bit values right-aligned
//! in fields of 64 octets.

pub mod blob;
pub mod device_info;
pub mod sar;

/// SGD_SM2_1: a pair that signs.
pub const SM2_SIGN: u32 = 0x0002_0200;
/// SGD_SM3.
pub const SM3: u32 = 0x0000_0001;
/// SGD_SMS4_ECB.
pub const SM4_ECB: u32 = 0x0000_0401;
/// Whom a PIN is for.
pub const ADMIN: u32 = 0;
pub const USER: u32 = 1;
/// SECURE_USER_ACCOUNT: files may be made by who knows the user PIN.
pub const BY_USER: u32 = 0x10;
/// What GetContainerType says of a container with an SM2 pair.
pub const CONTAINER_SM2: u32 = 2;
/// Bytes of a label, its closing zero not counted (SKF_SetLabel).
pub const LABEL_BYTES: usize = 31;
