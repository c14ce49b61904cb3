//! One batch of work: check all → write all down → wait for the disk → sign.

use std::collections::BTreeMap;

use certificate::sm3;

use crate::acts::{Act, Acts, ActsError, Deed, Outcome};
use crate::check;
use crate::desk::{KeyDescription, Work};
use crate::keyring::{Clock, Held};
use crate::refusal::SignError;
use crate::token::TokenMaker;

/// More than this is split by whoever asks.
pub(crate) const MAX_BATCH: usize = 1024;

pub(crate) struct Ring {
    pub keys: BTreeMap<String, Held>,
    pub tokens: TokenMaker,
    pub clock: Clock,
    pub acts: Acts,
}

impl Ring {
    pub fn start(&self) -> Result<(), ActsError> {
        let names: Vec<&str> = self.keys.keys().map(String::as_str).collect();
        let act = Act { note: Some(names.join(" ").into()), ..Act::new(Deed::Start, (self.clock)()) };
        self.acts.record(act)
    }

    pub fn sign(&self, key: &str, work: &[Work]) -> Vec<Result<Vec<u8>, SignError>> {
        let now = (self.clock)();
        let mut verdicts = self.check(key, work, now);
        if let Err(error) = self.write_down(key, work, &mut verdicts, now) {
            return vec![Err(SignError::Log(error.to_string())); work.len()];
        }
        let signed = self.sign_granted(key, work, verdicts);
        self.write_failures(key, work, &signed, now);
        signed
    }

    /// What was granted goes to the key together.
    fn sign_granted(
        &self,
        key: &str,
        work: &[Work],
        verdicts: Vec<Result<(), SignError>>,
    ) -> Vec<Result<Vec<u8>, SignError>> {
        // Without the key every verdict is a refusal already.
        let Some(held) = self.keys.get(key) else {
            return vec![Err(SignError::UnknownKey(key.to_owned())); work.len()];
        };
        let granted = work.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_ok());
        let messages: Vec<&[u8]> = granted.map(|(work, _)| work.to_be_signed()).collect();
        let mut signed = held.key.sign_all(&messages).into_iter();
        let missing = || SignError::KeyUnavailable("it gave fewer signatures than asked".to_owned());
        let one = |verdict: Result<(), SignError>| {
            verdict?;
            signed.next().ok_or_else(missing)?.map_err(|error| SignError::KeyUnavailable(error.to_string()))
        };
        verdicts.into_iter().map(one).collect()
    }

    fn check(&self, key: &str, work: &[Work], now: i64) -> Vec<Result<(), SignError>> {
        let Some(held) = self.keys.get(key) else {
            return vec![Err(SignError::UnknownKey(key.to_owned())); work.len()];
        };
        if work.len() > MAX_BATCH {
            return vec![Err(SignError::TooMuch(format!("{MAX_BATCH} at most"))); work.len()];
        }
        work.iter().map(|work| check::check(held, work, &self.tokens, now)).collect()
    }

    /// One line for each certificate, list and refusal, one for all status answers together. Claims the cases: a verdict
    /// may become a refusal here.
    fn write_down(
        &self,
        key: &str,
        work: &[Work],
        verdicts: &mut [Result<(), SignError>],
        now: i64,
    ) -> Result<(), ActsError> {
        let digests: Vec<_> = work.iter().map(|work| sm3(work.to_be_signed())).collect();
        let mut answers = 0;
        let mut pen = self.acts.pen();
        for ((work, verdict), digest) in work.iter().zip(verdicts).zip(&digests) {
            if let (Some((_, token)), Ok(())) = (work.order(), &verdict) {
                let (case, slot) = (&token.grant.case, token.grant.slot.code());
                if !pen.claim(case, slot, digest) {
                    *verdict = Err(SignError::SignedBefore { case: case.clone(), slot: slot.to_owned() });
                }
            }
            match (work, &verdict) {
                (Work::Status { .. }, Ok(())) => answers += 1,
                (_, Ok(())) => pen.write(act(key, work, now, Outcome::Granted, digest)),
                (_, Err(error)) => pen.write(refused(act(key, work, now, Outcome::Refused, digest), error)),
            }
        }
        let only_answers = answers == work.len();
        if answers > 0 {
            let digest = hex::encode(sm3(digests.as_flattened()));
            pen.write(Act {
                key: Some(key.into()),
                outcome: Some(Outcome::Granted),
                count: Some(answers),
                digest: Some(digest.into()),
                ..Act::new(Deed::Status, now)
            });
        }
        let end = pen.finish()?;
        // A status answer binds nobody for long: its line may reach the disk with the next.
        if only_answers { Ok(()) } else { self.acts.sync(end) }
    }

    fn write_failures(&self, key: &str, work: &[Work], signed: &[Result<Vec<u8>, SignError>], now: i64) {
        let failed = |it: &SignError| matches!(it, SignError::KeyUnavailable(_));
        if !signed.iter().any(|it| it.as_ref().is_err_and(failed)) {
            return;
        }
        let mut pen = self.acts.pen();
        for (work, signed) in work.iter().zip(signed) {
            if let Err(error) = signed
                && failed(error)
            {
                let digest = sm3(work.to_be_signed());
                pen.write(refused(act(key, work, now, Outcome::Failed, &digest), error));
            }
        }
        if let Err(error) = pen.finish().and_then(|end| self.acts.sync(end)) {
            tracing::error!(%error, "a failure could not be written down");
        }
    }

    pub fn note_stranger(&self, why: &str) {
        let act = Act { note: Some(short(why).into()), ..Act::new(Deed::Stranger, (self.clock)()) };
        if let Err(error) = self.acts.record(act) {
            tracing::error!(%error, "a stranger could not be written down");
        }
    }

    pub fn describe(&self) -> Vec<KeyDescription> {
        let describe = |held: &Held| KeyDescription {
            name: held.name.clone(),
            duty: held.duty,
            certificate: held.certificate.der().to_vec(),
            profiles: held.profiles.iter().map(|profile| profile.name.to_owned()).collect(),
            demo: held.demo,
        };
        self.keys.values().map(describe).collect()
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        if let Err(error) = self.acts.stop((self.clock)()) {
            tracing::error!(%error, "the end could not be written down");
        }
    }
}

fn act<'a>(key: &'a str, work: &'a Work, now: i64, outcome: Outcome, digest: &[u8; 32]) -> Act<'a> {
    let deed = match work {
        Work::Certificate { .. } | Work::Linted(_) => Deed::Certificate,
        Work::RevocationList { .. } => Deed::RevocationList,
        Work::Status { .. } => Deed::Status,
    };
    let mut act = Act {
        key: Some(short(key).into()),
        outcome: Some(outcome),
        digest: Some(hex::encode(digest).into()),
        ..Act::new(deed, now)
    };
    if let Some((profile, token)) = work.order() {
        act.profile = Some(short(profile).into());
        act.case = Some(short(&token.grant.case).into());
        act.slot = Some(token.grant.slot.code().into());
    }
    act
}

fn refused<'a>(act: Act<'a>, error: &SignError) -> Act<'a> {
    let note = short(&error.to_string()).to_owned();
    Act { code: Some(error.code().into()), note: Some(note.into()), ..act }
}

/// What came from outside fills no log: a granted case is shorter than this by its check.
fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(500)]
}
