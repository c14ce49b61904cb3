//! Where a public key is certified, or about to be: a key is never certified for a second subject, and an encryption key
//! never twice.

use super::certificates::Slot;
use super::{StoreError, Tx};
use certificate::revocation::Reason;
use sqlx::Row;

/// One certificate, signed or to be signed, that carries this key. What was discarded before it was signed carries none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// Hex SM3 of the SubjectPublicKeyInfo.
    pub spki_digest: String,
    /// Hex SM3 of the DER subject; none in rows of before.
    pub subject_digest: Option<String>,
    pub slot: Slot,
    /// `orders.id`, or the partner and the partner's number.
    pub order_id: Option<String>,
    pub partner: Option<(String, String)>,
    /// Revoked because somebody else has the key: nobody's certificate carries it again.
    pub compromised: bool,
}

impl KeyUse {
    /// Whether the key may not be certified for this use as well. The same case may go on with its own key.
    pub fn forbids(&self, wanted: &KeyUse) -> bool {
        let same_case = (&self.order_id, &self.partner) == (&wanted.order_id, &wanted.partner);
        if self.spki_digest != wanted.spki_digest || (same_case && self.slot == wanted.slot) {
            return false;
        }
        if self.compromised {
            return true;
        }
        let encrypts = self.slot == Slot::Encrypt || wanted.slot == Slot::Encrypt;
        encrypts || self.subject_digest.is_none() || self.subject_digest != wanted.subject_digest
    }
}

/// Every use of these keys, in any order.
pub async fn list(tx: &mut Tx, spki_digests: &[&str]) -> Result<Vec<KeyUse>, StoreError> {
    let wanted = serde_json::to_string(spki_digests)
        .map_err(|e| StoreError::impossible("certificates", "spki_digest", "", e))?;
    let rows = sqlx::query(
        "SELECT c.spki_digest, c.subject_digest, c.slot, c.order_id, c.partner, c.partner_number, c.serial,
                c.state = 'revoked' AND c.reason = $2 AS compromised
         FROM json_each($1) AS wanted CROSS JOIN certificates AS c ON c.spki_digest = wanted.value
         WHERE c.state <> 'discarded' OR c.certificate IS NOT NULL",
    );
    let compromise = i64::from(Reason::KeyCompromise.number());
    let rows = rows.bind(wanted).bind(compromise).fetch_all(tx).await?;
    let read = |row: &sqlx::sqlite::SqliteRow| {
        let (slot, serial): (String, String) = (row.try_get("slot")?, row.try_get("serial")?);
        let partner: Option<String> = row.try_get("partner")?;
        let number: Option<String> = row.try_get("partner_number")?;
        Ok(KeyUse {
            spki_digest: row.try_get("spki_digest")?,
            subject_digest: row.try_get("subject_digest")?,
            slot: Slot::from_code(&slot)
                .ok_or_else(|| StoreError::impossible("certificates", "slot", &serial, &slot))?,
            order_id: row.try_get("order_id")?,
            partner: partner.zip(number),
            compromised: row.try_get::<Option<bool>, _>("compromised")?.unwrap_or_default(),
        })
    };
    rows.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_order(order: &str, subject: &str, slot: Slot) -> KeyUse {
        KeyUse {
            spki_digest: "k".into(),
            subject_digest: Some(subject.into()),
            slot,
            order_id: Some(order.into()),
            partner: None,
            compromised: false,
        }
    }

    #[test]
    fn a_key_signs_for_one_subject() {
        let first = by_order("1", "a", Slot::Sign);
        assert!(!first.forbids(&by_order("1", "a", Slot::Sign)), "the same order goes on");
        assert!(!first.forbids(&by_order("2", "a", Slot::Sign)), "the same subject's renewal");
        assert!(first.forbids(&by_order("2", "b", Slot::Sign)));
        let partner = KeyUse {
            order_id: None,
            partner: Some(("p".into(), "1".into())),
            ..by_order("", "b", Slot::Single)
        };
        assert!(first.forbids(&partner), "over orders and partners");
        assert!(!first.forbids(&KeyUse { spki_digest: "other".into(), ..partner }));
        let of_before = KeyUse { subject_digest: None, ..first };
        assert!(of_before.forbids(&by_order("2", "a", Slot::Sign)), "nobody knows whose it was");
    }

    #[test]
    fn a_key_that_others_have_is_certified_for_nobody_again() {
        let lost = KeyUse { compromised: true, ..by_order("1", "a", Slot::Sign) };
        assert!(lost.forbids(&by_order("2", "a", Slot::Sign)), "not even for the same subject");
    }

    #[test]
    fn an_encryption_key_is_never_taken_twice() {
        let first = by_order("1", "a", Slot::Encrypt);
        assert!(!first.forbids(&by_order("1", "a", Slot::Encrypt)));
        assert!(first.forbids(&by_order("1", "a", Slot::Sign)), "not for signing in the same order either");
        assert!(first.forbids(&by_order("2", "a", Slot::Encrypt)));
        assert!(by_order("1", "a", Slot::Sign).forbids(&by_order("1", "a", Slot::Encrypt)));
    }
}
