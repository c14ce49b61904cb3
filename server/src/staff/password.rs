//! Passwords: argon2id with OWASP's parameters, off the async threads, a few at a time.

use crate::clock::Dice;
use crate::fault::Fault;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use journey::secret::Password;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// 19 MiB, two passes, one lane (OWASP Password Storage, argon2id).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Each takes 19 MiB and a core for some 30 ms: more at one time would starve the counter (threat 24).
const AT_ONCE: usize = 2;
const PATIENCE: Duration = Duration::from_secs(5);
/// A password longer than this is nobody's.
const LONGEST: usize = 256;

#[derive(Clone)]
pub struct Passwords {
    turn: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Passwords { turn: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Whether the password is the one of this hash (PHC string). Without a hash the same work is done, and the answer
    /// is no: time does not tell who works here (ASVS 6.3.8).
    ///
    /// # Errors
    /// `SlowDown` when too many others wait.
    pub async fn matches(&self, password: Password, hash: Option<String>) -> Result<bool, Fault> {
        let full = Fault::SlowDown { retry_after_s: 5 };
        let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, self.turn.acquire()).await else {
            return Err(full);
        };
        let checked = tokio::task::spawn_blocking(move || matches(&password, hash.as_deref())).await;
        checked.map_err(|error| Fault::Disk(std::io::Error::other(error)))
    }
}

fn matches(password: &Password, hash: Option<&str>) -> bool {
    let bytes = password.expose().as_bytes();
    let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
    match hash.and_then(|hash| PasswordHash::new(hash).ok()) {
        Some(hash) => argon2id().verify_password(bytes, &hash).is_ok() && password.expose().len() <= LONGEST,
        None => {
            let mut nothing = [0_u8; 32];
            // The result is thrown away; the work is what counts.
            let _ = argon2id().hash_password_into(bytes, b"nobody works here", &mut nothing);
            false
        }
    }
}

/// The hash to keep, as a PHC string. Takes some 30 ms of a core: run it off the async threads.
///
/// # Errors
/// The library's own; with our parameters there is none.
pub fn hash(password: &Password, dice: &Dice) -> Result<String, Fault> {
    let wrong = |error: argon2::password_hash::Error| Fault::Document(format!("password hash: {error}"));
    let salt = SaltString::encode_b64(&dice.bytes::<16>()).map_err(wrong)?;
    Ok(argon2id().hash_password(password.expose().as_bytes(), &salt).map_err(wrong)?.to_string())
}

fn argon2id() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, PASSES, 1, None).expect("OWASP's parameters are within argon2's range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let dice = Dice::new(Arc::new(SystemEntropy::default()));
        let right = Password::new("correct horse");
        let kept = hash(&right, &dice).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let passwords = Passwords::default();
        assert!(passwords.matches(right.clone(), Some(kept.clone())).await.unwrap());
        assert!(!passwords.matches(Password::new("correct horsf"), Some(kept)).await.unwrap());
        assert!(!passwords.matches(right, None).await.unwrap());
    }
}
