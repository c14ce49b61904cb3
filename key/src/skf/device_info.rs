//! DEVINFO: 294 octets, the one structure where packing matters (a compiler would align it to 296).

pub const BYTES: usize = 294;

const MAKER: usize = 2;
const LABEL: usize = 130;
const SERIAL: usize = 162;
const SYMMETRIC: usize = 198;

/// What we read of it. Vendors write GBK or UTF-8: what is not UTF-8 becomes �.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    pub label: String,
    pub serial: String,
}

pub fn read(info: &[u8; BYTES]) -> DeviceInfo {
    DeviceInfo { label: text(&info[LABEL..SERIAL]), serial: text(&info[SERIAL..SERIAL + 32]) }
}

/// What a device of ours says. `label` and `serial` are cut where the structure ends.
pub fn write(maker: &str, label: &str, serial: &str) -> [u8; BYTES] {
    let mut info = [0; BYTES];
    info[0] = 1;
    put(&mut info[MAKER..MAKER + 64], maker);
    put(&mut info[LABEL..SERIAL], label);
    put(&mut info[SERIAL..SERIAL + 32], serial);
    // Block ciphers, asymmetric ciphers, hashes, and the cipher of device authentication.
    for (place, number) in [super::SM4_ECB, 0x0002_0000, super::SM3, super::SM4_ECB].into_iter().enumerate() {
        let at = SYMMETRIC + 4 * place;
        info[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    info
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).trim().to_owned()
}

fn put(field: &mut [u8], value: &str) {
    let value = &value.as_bytes()[..value.len().min(field.len() - 1)];
    field[..value.len()].copy_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let info = write("certhall", "示例科技", "SK0000000001");
        assert_eq!(read(&info), DeviceInfo { label: "示例科技".into(), serial: "SK0000000001".into() });
        // The ciphers begin right after two versions of two octets that follow the serial.
        assert_eq!(info[198..202], 0x401u32.to_le_bytes());
    }

    #[test]
    fn fields_without_a_zero_and_in_another_encoding() {
        let mut info = [b'9'; BYTES];
        info[LABEL..LABEL + 4].copy_from_slice(&[0xBC, 0xD7, 0, 0]);
        assert_eq!(read(&info).serial, "9".repeat(32));
        assert!(read(&info).label.contains('\u{FFFD}'));
    }
}
