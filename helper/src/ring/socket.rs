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

#[cfg(test)]
mod tests {
    use super::*;
    use key::{channel::Channel, session::ApduKey, soft::Drawer};

    /// What a YubiKey in the next port says to the selection of an application that it does not have (ISO 7816-4, 5.6).
    struct YubiKey;

    impl Channel for YubiKey {
        async fn exchange(&mut self, _apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
            Ok(vec![0x6A, 0x82])
        }
    }

    /// Two readers: a key of ours in the first, another maker's in the second. Places tell no serial, as with cards.
    struct Readers(Drawer, String);

    impl Port for Readers {
        fn places(&mut self) -> Result<Vec<String>, KeyError> {
            Ok(vec!["reader 1".to_owned(), "reader 2".to_owned()])
        }

        fn open(&mut self, place: &str) -> Result<OpenKey, KeyError> {
            if place == "reader 1" {
                return at_once(ApduKey::open(self.0.open(&self.1)?)).map(OpenKey::Soft);
            }
            match at_once(ApduKey::open(YubiKey)) {
                Ok(_) => panic!("a YubiKey was taken for a key of ours"),
                Err(error) => Err(error),
            }
        }
    }

    #[test]
    fn r059_a23_a_key_and_a_yubikey_are_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let drawer = Drawer::at(dir.path());
        let serial = drawer.add(None).unwrap();
        drawer.insert(&serial).unwrap();
        let mut socket = Socket::new("card", Readers(drawer, serial.clone()));
        // The second look asks the foreign one nothing more.
        for _ in 0..2 {
            let seen = socket.look().now_or_never().unwrap().unwrap();
            assert_eq!(seen.iter().map(|(told, _)| told).collect::<Vec<_>>(), [&serial]);
        }
        assert!(socket.open(&serial).now_or_never().unwrap().is_ok());
    }
}
