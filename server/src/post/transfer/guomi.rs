//! The envelope of the bank's direct link: SM4-CBC round the text, SM2 with SM3 under it. Pure.
//!
//! Both take the user id as the bank does: filled with `0` to 16 bytes, it is SM4's IV and SM2's distinguishing id.

use base64::{Engine, engine::general_purpose::STANDARD};
use sm2::dsa::signature::{Signer, Verifier};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm4::Sm4;
use sm4::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

const BLOCK: usize = 16;

/// The two ends' keys. Prints nothing.
pub struct Keys {
    cipher: Sm4,
    iv: [u8; BLOCK],
    ours: SigningKey,
    bank: VerifyingKey,
}

impl Keys {
    /// `sm4`: 16 bytes; `private`: the scalar d, 32 bytes; `bank`: 04‖X‖Y, 65 bytes.
    ///
    /// # Errors
    /// Which of the three is no key.
    pub fn new(user: &str, sm4: &[u8], private: &[u8], bank: &[u8]) -> Result<Keys, &'static str> {
        let id = padded(user).ok_or("uid is longer than 16 bytes")?;
        let id_text = std::str::from_utf8(&id).map_err(|_| "uid is not ASCII")?;
        Ok(Keys {
            cipher: Sm4::new_from_slice(sm4).map_err(|_| "not an SM4 key")?,
            iv: id,
            ours: SigningKey::from_slice(id_text, private).map_err(|_| "not an SM2 private key")?,
            bank: VerifyingKey::from_sec1_bytes(id_text, bank).map_err(|_| "not an SM2 public key")?,
        })
    }

    /// r‖s, each 32 bytes, in base64.
    pub fn sign(&self, text: &str) -> String {
        let signature: Signature = self.ours.sign(text.as_bytes());
        STANDARD.encode(signature.to_bytes())
    }

    pub fn verifies(&self, text: &str, signature: &str) -> bool {
        STANDARD
            .decode(signature)
            .ok()
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .is_some_and(|signature| self.bank.verify(text.as_bytes(), &signature).is_ok())
    }

    /// SM4-CBC with PKCS#7 padding, in base64.
    pub fn seal(&self, text: &str) -> String {
        let filler = BLOCK - text.len() % BLOCK;
        let mut bytes = Zeroizing::new(text.as_bytes().to_vec());
        bytes.extend(std::iter::repeat_n(filler as u8, filler));
        let mut sealed = Vec::with_capacity(bytes.len());
        let mut previous = self.iv;
        for plain in bytes.chunks_exact(BLOCK) {
            let mut block = Block::<Sm4>::default();
            for (i, byte) in block.iter_mut().enumerate() {
                *byte = plain[i] ^ previous[i];
            }
            self.cipher.encrypt_block(&mut block);
            previous.copy_from_slice(&block);
            sealed.extend_from_slice(&block);
        }
        STANDARD.encode(sealed)
    }

    /// What `seal` at the bank's end has sealed; `None` for anything else.
    pub fn open(&self, sealed: &str) -> Option<Zeroizing<String>> {
        let sealed = STANDARD.decode(sealed.trim()).ok()?;
        if sealed.is_empty() || sealed.len() % BLOCK != 0 {
            return None;
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(sealed.len()));
        let mut previous = &self.iv[..];
        for cipher in sealed.chunks_exact(BLOCK) {
            let mut block = Block::<Sm4>::default();
            block.copy_from_slice(cipher);
            self.cipher.decrypt_block(&mut block);
            bytes.extend(block.iter().zip(previous).map(|(a, b)| a ^ b));
            previous = cipher;
        }
        let filler = usize::from(*bytes.last()?);
        let text = bytes.len().checked_sub(filler)?;
        if filler == 0 || filler > BLOCK || bytes[text..].iter().any(|byte| usize::from(*byte) != filler) {
            return None;
        }
        bytes.truncate(text);
        Some(Zeroizing::new(std::str::from_utf8(&bytes).ok()?.to_owned()))
    }
}

/// `N002462919` → `N002462919000000`.
fn padded(user: &str) -> Option<[u8; BLOCK]> {
    let mut id = [b'0'; BLOCK];
    id.get_mut(..user.len())?.copy_from_slice(user.as_bytes());
    Some(id)
}
