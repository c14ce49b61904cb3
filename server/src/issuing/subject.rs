//! Whose certificate it is, in its own words.

use super::{Issuing, wrong};
use crate::details;
use crate::fault::Fault;
use crate::store::orders::OrderRow;
use certificate::{Identity, IdentityCode, NameParts};
use journey::entry::identity_document::look_up_form;
use journey::party::Party;

impl Issuing {
    /// The subject that an order's certificates carry.
    ///
    /// # Errors
    /// A name that no certificate can carry (longer than 64 characters).
    pub fn subject(&self, row: &OrderRow) -> Result<NameParts, Fault> {
        let form = details::open(&self.ground, row)?;
        let (organisation, serial_number) = match row.order.party {
            // A credit code is public.
            Party::Organisation => (Some(form.holder_name.clone()), form.holder_id.clone()),
            // A person's number stays out of a public document (R141); what stands for it tells two of one name apart,
            // and only this office can make it of the number.
            Party::Person => (None, self.pseudonym(&form.holder_id)),
        };
        Ok(NameParts {
            country: Some("CN".to_owned()),
            organisation,
            serial_number: Some(serial_number),
            common_name: Some(form.holder_name.clone()),
            ..NameParts::default()
        })
    }

    /// What names the holder beside the subject, where the operator wants it: of an organisation its credit code, which is
    /// public.
    pub(super) fn identity_codes(&self, row: &OrderRow) -> Result<Vec<IdentityCode>, Fault> {
        if row.order.party != Party::Organisation {
            return Ok(Vec::new());
        }
        let form = details::open(&self.ground, row)?;
        let code = self.authorities.identities().code(Identity::CreditCode, &form.holder_id);
        Ok(code.transpose().map_err(wrong)?.into_iter().collect())
    }

    /// The same person, the same word, whatever certificate it is for.
    fn pseudonym(&self, number: &str) -> String {
        let number = look_up_form(number).unwrap_or_else(|_| number.to_owned());
        let digest = self.ground.sealing.digest("certificate subject", &number);
        format!("P{}", hex::encode_upper(&digest[..10]))
    }
}
