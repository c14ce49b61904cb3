//! What was done, in the log of acts and in a text for people to read and sign.

use std::fmt::Write as _;
use std::path::Path;

use super::{Ceremony, CeremonyError};
use crate::acts::{Act, Deed, Outcome};
use crate::keyring::{LOG_KEY, OpenError};
use crate::private_file;

impl Ceremony<'_> {
    /// What was done, for people.
    pub fn minutes(&self) -> &str {
        &self.minutes
    }

    /// Writes the minutes as a new file, with places for signatures; their SM3 goes into the log.
    ///
    /// # Errors
    /// The file stands already or cannot be written.
    pub fn write_minutes(&mut self, file: &Path) -> Result<(), CeremonyError> {
        let text = format!("{}\n主持人：\n\n见证人：\n\n日期：\n", self.minutes);
        let place = file.display().to_string();
        let fail = |e: std::io::Error| OpenError::File { file: place.clone(), why: e.to_string() };
        private_file::create(file, text.as_bytes()).map_err(fail)?;
        let digest = hex::encode(certificate::sm3(text.as_bytes()));
        self.note(LOG_KEY, &format!("会议记录 {place}，SM3：{digest}"))
    }

    /// A step that did not succeed stands in log and minutes too.
    ///
    /// # Errors
    /// The log cannot be written.
    pub fn note_failure(&mut self, why: &str) -> Result<(), CeremonyError> {
        let at = (self.clock)();
        let act =
            Act { outcome: Some(Outcome::Failed), note: Some(why.into()), ..Act::new(Deed::Ceremony, at) };
        self.acts.record(act).map_err(OpenError::from)?;
        self.say(&format!("未成功：{why}"));
        Ok(())
    }

    pub(super) fn note(&mut self, key: &str, text: &str) -> Result<(), CeremonyError> {
        let act = Act {
            key: Some(key.into()),
            note: Some(text.into()),
            ..Act::new(Deed::Ceremony, (self.clock)())
        };
        self.acts.record(act).map_err(OpenError::from)?;
        self.say(text);
        Ok(())
    }

    pub(super) fn say(&mut self, text: &str) {
        writeln!(self.minutes, "{} {text}", beijing_time((self.clock)())).expect("a string takes all text");
    }
}

/// Unix seconds as people in Beijing read them: `2026-11-22 20:15:00 +08:00`.
pub fn beijing_time(at: i64) -> String {
    let form = time::macros::format_description!(
        "[year]-[month]-[day] [hour]:[minute]:[second] [offset_hour sign:mandatory]:[offset_minute]"
    );
    let time = time::OffsetDateTime::from_unix_timestamp(at).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    time.to_offset(time::macros::offset!(+8)).format(form).unwrap_or_default()
}
