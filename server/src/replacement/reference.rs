//! 汇款附言码 (A34): six characters in the transfer's remark, given before there is an order. Characters that are taken for
//! one another are left out.

use super::Replacements;
use crate::clock::Dice;
use crate::fault::Fault;
use crate::store::{Tx, replacements};

const CHARACTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH: usize = 6;

impl Replacements {
    /// The reference of this visit: the same one until an order has it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn reference(&self, before: Option<Vec<u8>>, visit: Vec<u8>) -> Result<String, Fault> {
        let ground = self.ground.clone();
        let given = self.ground.store.write(move |tx| {
            Box::pin(async move {
                if let Some(given) = replacements::find_given(tx, &before.unwrap_or_default()).await? {
                    return Ok(given);
                }
                let fresh = free(tx, &ground.dice).await?;
                replacements::record_given(tx, &visit, &fresh, ground.now()).await?;
                Ok::<_, Fault>(fresh)
            })
        });
        given.await
    }
}

/// One that nobody has.
pub(super) async fn free(tx: &mut Tx, dice: &Dice) -> Result<String, Fault> {
    loop {
        let reference = draw(dice);
        if !replacements::reference_is_taken(tx, &reference).await? {
            return Ok(reference);
        }
    }
}

fn draw(dice: &Dice) -> String {
    let mut text = String::with_capacity(LENGTH);
    while text.len() < LENGTH {
        // 248 and above would favour the first characters.
        if let [byte @ 0..248] = dice.bytes::<1>() {
            text.push(char::from(CHARACTERS[usize::from(byte) % CHARACTERS.len()]));
        }
    }
    text
}

/// As it was given, however it was typed; `None` where it cannot be one.
pub fn read(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let text = text.to_ascii_uppercase();
    let known = text.len() == LENGTH && text.bytes().all(|byte| CHARACTERS.contains(&byte));
    known.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_however_it_is_typed_a34() {
        assert_eq!(read(" k7m-3qx ").as_deref(), Some("K7M3QX"));
        for none in ["", "K7M3Q", "K7M3QXX", "K0M3QX", "K7M3QI", "汇款K7M3"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
