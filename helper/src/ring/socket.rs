//! One kind of port: which places have something in them, and which of those things are keys of ours.

use std::collections::HashMap;

use futures::FutureExt;
use key::{KeyError, key::Key};

use super::OpenKey;

/// What differs between kinds of port.
pub trait Port {
    /// Every place with something in it now; another thing, or the same put in again, is another place where the system
    /// lets us tell.
    fn places(&mut self) -> Result<Vec<String>, KeyError>;

    /// `NotFound` or `Unsupported` from something that is no key of ours.
    fn open(&mut self, place: &str) -> Result<OpenKey, KeyError>;

    /// The serial, where the place tells it without asking the key.
    fn serial(&self, _place: &str) -> Option<String> {
        None
    }
}

pub struct Socket {
    pub prefix: &'static str,
    port: Box<dyn Port>,
    /// The serial of the key in each place; `None` for what is no key of ours. Asked once a place.
    known: HashMap<String, Option<String>>,
}

/// A key that is in, and the key itself if it had to be opened to know it.
pub type Seen = (String, Option<OpenKey>);

impl Socket {
    pub fn new(prefix: &'static str, port: impl Port + 'static) -> Self {
        Self { prefix, port: Box::new(port), known: HashMap::new() }
    }

    /// The places with something in them; none while the port fails.
    pub fn filled(&mut self) -> Vec<String> {
        let places = self.port.places().unwrap_or_default();
        places.into_iter().map(|place| format!("{}:{place}", self.prefix)).collect()
    }

    /// # Errors
    /// The port's, or a key's that does not let itself be asked, if nothing else is in.
    pub async fn look(&mut self) -> Result<Vec<Seen>, KeyError> {
        let places = self.port.places()?;
        self.known.retain(|place, _| places.contains(place));
        let mut seen = Vec::new();
        let mut fault = None;
        for place in places {
            let serial = self.port.serial(&place).or_else(|| self.known.get(&place).cloned().flatten());
            if let Some(serial) = serial {
                seen.push((serial, None));
                continue;
            }
            if self.known.contains_key(&place) {
                continue;
            }
            match self.meet(&place).await {
                Ok((serial, key)) => seen.push((serial, Some(key))),
                Err(KeyError::NotFound | KeyError::Unsupported) => {
                    self.known.insert(place, None);
                }
                // Pulled while we looked: it is simply not there.
                Err(KeyError::Removed) => {}
                Err(error) => {
                    fault.get_or_insert(error);
                }
            }
        }
        match fault {
            Some(error) if seen.is_empty() => Err(error),
            _ => Ok(seen),
        }
    }

    /// # Errors
    /// `Removed` when no place has a key of this serial.
    pub async fn open(&mut self, serial: &str) -> Result<OpenKey, KeyError> {
        for place in self.port.places()? {
            let told = self.port.serial(&place).or_else(|| self.known.get(&place).cloned().flatten());
            match told {
                Some(told) if told == serial => return self.port.open(&place),
                Some(_) => {}
                None if self.known.contains_key(&place) => {}
                None => {
                    if let Ok((told, key)) = self.meet(&place).await
                        && told == serial
                    {
                        return Ok(key);
                    }
                }
            }
        }
        Err(KeyError::Removed)
    }

    /// What was known of the place of this key: the next look asks anew.
    pub fn forget(&mut self, serial: &str) {
        self.known.retain(|_, known| known.as_deref() != Some(serial));
    }

    async fn meet(&mut self, place: &str) -> Result<(String, OpenKey), KeyError> {
        let mut key = self.port.open(place)?;
        let serial = key.identify().await?.serial;
        self.known.insert(place.to_owned(), Some(serial.clone()));
        Ok((serial, key))
    }
}

/// Our ports answer while they are asked: they block, and the helper serves one page.
pub fn at_once<T>(answer: impl Future<Output = Result<T, KeyError>>) -> Result<T, KeyError> {
    answer.now_or_never().unwrap_or(Err(KeyError::Timeout))
}
