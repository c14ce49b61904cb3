//! What an operator sets of the key management centre.

use certificate::envelope::Layout;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KmcSettings {
    /// The centre's master key; made at the first start. Without it `kmc.key` in the data folder.
    pub key_file: Option<PathBuf>,
    /// The key that takes over: made where it is missing, seals from then on, and everything moves under it. When the log
    /// says that the old key opens nothing any more, it becomes `key_file`.
    pub next_key_file: Option<PathBuf>,
    /// Pairs made ahead: below the one more are made, up to the other.
    pub pool_low: u32,
    pub pool_high: u32,
    /// How the envelope carries the private key, and for keys that want it otherwise by how their serial number begins.
    pub envelope: EnvelopeForm,
    pub envelopes: BTreeMap<String, EnvelopeForm>,
    /// Custodians who must approve a judicial recovery; whoever filed it does not count.
    pub custodians_needed: u32,
    /// Days that a case waits for them.
    pub case_days: u32,
}

impl Default for KmcSettings {
    fn default() -> Self {
        KmcSettings {
            key_file: None,
            next_key_file: None,
            pool_low: 64,
            pool_high: 256,
            envelope: EnvelopeForm::Bytes32,
            envelopes: BTreeMap::new(),
            custodians_needed: 2,
            case_days: 7,
        }
    }
}

/// How SM2EnvelopedKey carries the 32 bytes of d (`certificate::envelope::Layout`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnvelopeForm {
    Bytes32,
    Bytes64,
}

impl EnvelopeForm {
    pub(super) fn layout(self) -> Layout {
        match self {
            EnvelopeForm::Bytes32 => Layout::Bytes32,
            EnvelopeForm::Bytes64 => Layout::Bytes64,
        }
    }
}

impl KmcSettings {
    /// The form that a key with this serial number wants: the longest beginning that fits decides.
    pub fn form_for(&self, key_serial: &str) -> EnvelopeForm {
        let fitting = self.envelopes.iter().filter(|(model, _)| key_serial.starts_with(model.as_str()));
        fitting.max_by_key(|(model, _)| model.len()).map_or(self.envelope, |(_, form)| *form)
    }

    /// At least two: alone nobody opens anything.
    pub fn needed(&self) -> usize {
        self.custodians_needed.max(2) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_of_a_serial_number_decides_the_form() {
        let text = "envelope = \"bytes32\"\n[envelopes]\nGM = \"bytes64\"\nGM30 = \"bytes32\"\n";
        let settings: KmcSettings = toml::from_str(text).unwrap();
        for (serial, form) in [
            ("SK0001", EnvelopeForm::Bytes32),
            ("GM2000", EnvelopeForm::Bytes64),
            ("GM3000", EnvelopeForm::Bytes32),
            ("", EnvelopeForm::Bytes32),
        ] {
            assert_eq!(settings.form_for(serial), form, "{serial}");
        }
    }

    #[test]
    fn nobody_is_enough_alone() {
        for (set, needed) in [(0, 2), (1, 2), (2, 2), (3, 3)] {
            let settings = KmcSettings { custodians_needed: set, ..KmcSettings::default() };
            assert_eq!(settings.needed(), needed);
        }
    }
}
