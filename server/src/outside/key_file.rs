//! Key material comes from files that the settings name, never from the settings themselves. Errors name the file and
//! quote nothing of it.

use super::SetupError;
use der::{Document, SecretDocument};
use std::path::Path;
use zeroize::Zeroizing;

/// A text file's content without the white space round it.
pub fn read_text(file: &Path) -> Result<Zeroizing<String>, SetupError> {
    let text = Zeroizing::new(std::fs::read_to_string(file).map_err(|error| wrong(file, error))?);
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// A file of hex digits, `length` bytes.
pub fn read_hex(file: &Path, length: usize) -> Result<Zeroizing<Vec<u8>>, SetupError> {
    let text = read_text(file)?;
    let bytes = hex::decode(text.as_bytes()).map_err(|_| wrong(file, "not hexadecimal"))?;
    let bytes = Zeroizing::new(bytes);
    if bytes.len() != length {
        return Err(wrong(file, format!("{} bytes where {length} belong", bytes.len())));
    }
    Ok(bytes)
}

/// The PKCS#8 DER of a `PRIVATE KEY` PEM file.
pub fn read_private_pem(file: &Path) -> Result<SecretDocument, SetupError> {
    let text = read_text(file)?;
    let (label, document) = SecretDocument::from_pem(&text).map_err(|error| wrong(file, error))?;
    if label != "PRIVATE KEY" {
        return Err(wrong(file, format!("holds {label} where PRIVATE KEY (PKCS#8) belongs")));
    }
    Ok(document)
}

/// The SubjectPublicKeyInfo DER of a `PUBLIC KEY` PEM file.
pub fn read_public_pem(file: &Path) -> Result<Document, SetupError> {
    let text = read_text(file)?;
    let (label, document) = Document::from_pem(&text).map_err(|error| wrong(file, error))?;
    if label != "PUBLIC KEY" {
        return Err(wrong(file, format!("holds {label} where PUBLIC KEY belongs")));
    }
    Ok(document)
}

pub(crate) fn wrong(file: &Path, why: impl ToString) -> SetupError {
    SetupError::new(file.display().to_string(), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_with(name: &str, text: &str) -> std::path::PathBuf {
        let file = std::env::temp_dir().join(format!("certhall-key-file-{}-{name}", std::process::id()));
        std::fs::write(&file, text).unwrap();
        file
    }

    #[test]
    fn hex_of_another_length_is_refused_without_quoting_it() {
        let file = file_with("short", "00112233445566\n");
        let error = read_hex(&file, 16).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert!(error.contains("7 bytes where 16 belong"), "{error}");
        assert!(!error.contains("0011"), "{error}");
    }

    #[test]
    fn a_public_key_is_not_taken_for_a_private_one() {
        let file = file_with("public", "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n");
        let error = read_private_pem(&file).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert!(error.contains("holds PUBLIC KEY"), "{error}");
    }
}
