//! Systems for which no window is written yet: a key whose PIN nobody can be asked for is not used.

use key::{KeyError, Pin};

use super::{Prompt, Question};

pub struct Nowhere;

impl Prompt for Nowhere {
    fn pin(&mut self, _: &Question) -> Result<Pin, KeyError> {
        Err(KeyError::Unsupported)
    }

    fn confirm(&mut self, _: &Question) -> Result<(), KeyError> {
        Err(KeyError::Unsupported)
    }
}
