//! Keys by name, in this process.

use std::collections::BTreeMap;
use std::sync::Arc;

use certificate::{Certificate, Profile, Signer};

use crate::check;
use crate::desk::{Duty, KeyDescription, SigningDesk, Work};
use crate::refusal::SignError;
use crate::secret::SharedSecret;
use crate::token::TokenMaker;

/// The time in Unix seconds, handed in.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    })
}

/// A key with what it may be used for.
pub struct Held {
    pub name: String,
    pub duty: Duty,
    pub certificate: Certificate,
    pub key: Arc<dyn Signer>,
    pub profiles: Vec<&'static Profile>,
    pub demo: bool,
}

/// Keys by name. Cheap to clone: all clones are one ring.
#[derive(Clone)]
pub struct Keyring(Arc<Ring>);

struct Ring {
    keys: BTreeMap<String, Held>,
    tokens: TokenMaker,
    clock: Clock,
}

impl Keyring {
    /// A ring of keys that were opened already.
    ///
    /// # Errors
    /// A key that is not its certificate's.
    pub fn from_keys(keys: Vec<Held>, secret: &SharedSecret, clock: Clock) -> Result<Keyring, SignError> {
        for held in &keys {
            if held.key.spki() != held.certificate.spki() {
                let why = format!("{} is not the key of its certificate", held.name);
                return Err(SignError::KeyUnavailable(why));
            }
        }
        let keys = keys.into_iter().map(|held| (held.name.clone(), held)).collect();
        Ok(Keyring(Arc::new(Ring { keys, tokens: TokenMaker::new(secret), clock })))
    }
}

impl Ring {
    fn sign(&self, key: &str, work: &[Work]) -> Vec<Result<Vec<u8>, SignError>> {
        let Some(held) = self.keys.get(key) else {
            return work.iter().map(|_| Err(SignError::UnknownKey(key.to_owned()))).collect();
        };
        let now = (self.clock)();
        let one = |work: &Work| {
            check::check(held, work, &self.tokens, now)?;
            held.key.sign(work.to_be_signed()).map_err(|e| SignError::KeyUnavailable(e.to_string()))
        };
        work.iter().map(one).collect()
    }
}

#[async_trait::async_trait]
impl SigningDesk for Keyring {
    async fn sign(&self, key: &str, work: Vec<Work>) -> Vec<Result<Vec<u8>, SignError>> {
        let (ring, key, count) = (self.0.clone(), key.to_owned(), work.len());
        let signed = tokio::task::spawn_blocking(move || ring.sign(&key, &work)).await;
        signed.unwrap_or_else(|e| vec![Err(SignError::KeyUnavailable(e.to_string())); count])
    }

    async fn list_keys(&self) -> Result<Vec<KeyDescription>, SignError> {
        let describe = |held: &Held| KeyDescription {
            name: held.name.clone(),
            duty: held.duty,
            certificate: held.certificate.der().to_vec(),
            profiles: held.profiles.iter().map(|profile| profile.name.to_owned()).collect(),
            demo: held.demo,
        };
        Ok(self.0.keys.values().map(describe).collect())
    }
}
