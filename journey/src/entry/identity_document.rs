//! Which document says who somebody is (A50), and what its number must look like.
//!
//! Sources: GB 11643 for the identity card; ICAO Doc 9303-4, 4.2.2 for the passport (nine places at most, letters and
//! digits); the Ministry of Public Security's notice of 2010-03-10 for the Hong Kong and Macao permit (H or M, eight
//! digits for life, on the cards of before two more that count renewals); eight digits on the Taiwan permit as a card
//! (since 2015). Only the identity card's number has a check digit that is printed on it.

use super::{EntryError, compact, digits_only, exact_length, id_number, length_between, only};
use crate::coded::coded;

coded! {
    /// 证件类型.
    IdentityDocument {
        /// Also the residence permits of Hong Kong, Macao and Taiwan residents: the same eighteen places.
        IdCard = "id_card" "居民身份证",
        Passport = "passport" "护照",
        HongKongMacaoPermit = "hong_kong_macao_permit" "港澳居民来往内地通行证",
        TaiwanPermit = "taiwan_permit" "台湾居民来往大陆通行证",
    }
}

/// Places of the Hong Kong and Macao permit that stay for life.
const FOR_LIFE: usize = 9;

#[expect(clippy::derivable_impls, reason = "the list's macro derives for every list alike")]
impl Default for IdentityDocument {
    fn default() -> Self {
        IdentityDocument::IdCard
    }
}

impl IdentityDocument {
    /// Whether operators and banks can confirm name and number: what the checks by phone and by card are made of. Who
    /// shows another document proves themselves by a transfer alone (J41).
    pub const fn is_confirmed_online(self) -> bool {
        matches!(self, IdentityDocument::IdCard)
    }

    /// The number in its normal form: capitals, without blanks and hyphens.
    ///
    /// # Errors
    /// `empty`, `wrong_length`, `too_short`, `too_long`, `forbidden_character`, `permit_letter`; the identity card's own.
    pub fn parse(self, text: &str) -> Result<String, EntryError> {
        let number = compact(text).to_uppercase();
        match self {
            IdentityDocument::IdCard => return id_number::parse_text(&number),
            IdentityDocument::Passport => {
                length_between(&number, 5, 9)?;
                only(&number, |character| character.is_ascii_uppercase() || character.is_ascii_digit())?;
                // Every country numbers its passports; a word alone is a name in the wrong field.
                if !number.chars().any(|character| character.is_ascii_digit()) {
                    return Err(EntryError::new("forbidden_character").with("position", 1));
                }
            }
            IdentityDocument::HongKongMacaoPermit => {
                if number.chars().count() != FOR_LIFE + 2 {
                    exact_length(&number, FOR_LIFE)?;
                }
                let digits = number.strip_prefix(['H', 'M']).ok_or(EntryError::new("permit_letter"))?;
                digits_only(digits)?;
            }
            IdentityDocument::TaiwanPermit => {
                exact_length(&number, 8)?;
                digits_only(&number)?;
            }
        }
        Ok(number)
    }
}

/// What a number of any of these documents is looked up by: a renewed permit is its holder's still. Gives what is wrong
/// with it as an identity card's number, which it is nearly always.
///
/// # Errors
/// It is no number of any of them.
pub fn look_up_form(text: &str) -> Result<String, EntryError> {
    let as_card = IdentityDocument::IdCard.parse(text);
    let found = IdentityDocument::ALL.iter().find_map(|kind| Some((*kind, kind.parse(text).ok()?)));
    match found {
        Some((IdentityDocument::HongKongMacaoPermit, number)) => Ok(number.chars().take(FOR_LIFE).collect()),
        Some((_, number)) => Ok(number),
        None => as_card,
    }
}
