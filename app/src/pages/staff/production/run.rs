//! One job from the inserted key to the verified one, in order. Each line is safe to begin again: the office knows what
//! is recorded (`JobStage`), the key what is written; nothing is done twice.

use super::line::Stage;
use crate::desk::DeskError;
use crate::desk::production::{
    IssuedPair, JobStage, JobView, KeyRequest, PastPair, ReadBackProof, issue_pair, personalise_key,
    verify_key,
};
use crate::key_access::{AccessError, Way, holder, station};
use crate::wording;
use key::KeyError;
use key::message::{Generation, KeyRef, KeyState, KeySummary, SealedTo};

/// Who said no: the office or the key's side.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    Office(DeskError),
    Key(AccessError),
}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        Fault::Office(error)
    }
}

impl From<AccessError> for Fault {
    fn from(error: AccessError) -> Self {
        Fault::Key(error)
    }
}

impl Fault {
    pub fn advice(&self) -> wording::key::Advice {
        match self {
            Fault::Key(error) => wording::key::of(error),
            Fault::Office(error) => wording::key::Advice {
                what: wording::desk_error(error),
                todo: "已完成的步骤都有记录，处理后请点击“继续制证”。",
            },
        }
    }

    /// What the technician asks for.
    pub fn code(&self) -> String {
        match self {
            Fault::Key(error) => error.code().to_owned(),
            Fault::Office(error) => error.to_string(),
        }
    }
}

/// How a job goes on with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// From the pair on: the key is blank, or replaces a broken one whose certificates were not issued yet.
    Anew,
    /// The pair is on this key, its passcode is set.
    Resume,
}

/// May this key go on with this job, and from where? Once certificates are issued only the very same may (R067).
///
/// # Errors
/// Another key than the job's, or one that already carries somebody's certificate.
pub fn check_key(job: &JobView, key: &KeySummary) -> Result<Begin, AccessError> {
    let same = job.key_serial.as_ref().map(|serial| *serial == key.serial);
    match (same, job.stage, key.state) {
        (Some(true), JobStage::Generated | JobStage::Issued, _) => Ok(Begin::Resume),
        (Some(false), JobStage::Issued, _) => Err(KeyError::WrongKey.into()),
        (_, _, KeyState::Blank) => Ok(Begin::Anew),
        (Some(false), _, KeyState::Personalised) => Err(KeyError::WrongKey.into()),
        (_, _, KeyState::Personalised) => Err(KeyError::AlreadyPersonalised.into()),
    }
}

/// Walks the rest of the job with the one inserted key and gives the job as the office verified it. `report` hears each
/// stage as it begins.
///
/// # Errors
/// The fault; the stage last reported is where it happened.
pub async fn run(job: &JobView, way: Way, report: impl Fn(Stage)) -> Result<JobView, Fault> {
    report(Stage::Insert);
    let helper = station::hello(way).await?;
    let key = station::only_key(way).await?;
    let pair = match check_key(job, &key)? {
        Begin::Anew => {
            report(Stage::Generate);
            let request = generate(job, way, &key, helper.key).await?;
            report(Stage::Issue);
            issue_pair(job.number.clone(), key.serial.clone(), Some(request), None).await?
        }
        Begin::Resume => {
            report(Stage::Issue);
            let sealed =
                personalise_key(job.number.clone(), key.serial.clone(), helper.key).await?.sealed_passcode;
            station::resume(way, key.key.clone(), sealed).await?;
            issue_pair(job.number.clone(), key.serial.clone(), None, None).await?
        }
    };

    report(Stage::Write);
    let pair = write(job, way, &key, pair).await?;
    report(Stage::ReadBack);
    let proof = read_back(way, key.key, pair).await?;
    Ok(verify_key(job.number.clone(), proof).await?)
}

async fn generate(
    job: &JobView,
    way: Way,
    key: &KeySummary,
    station_key: String,
) -> Result<KeyRequest, Fault> {
    let paper = personalise_key(job.number.clone(), key.serial.clone(), station_key).await?;
    let made = station::personalise(
        way,
        station::Order {
            key: key.key.clone(),
            label: paper.label,
            sealed_passcode: paper.sealed_passcode,
            subject: paper.subject,
            nonce: paper.nonce,
            office_key: paper.office_key,
        },
    )
    .await?;
    // The key was changed between looking and generating: the office must not bind the wrong one.
    if made.serial != key.serial {
        return Err(AccessError::from(KeyError::WrongKey).into());
    }
    Ok(KeyRequest { request: made.request, proof: made.proof, sealed_admin_pin: made.sealed_admin_pin })
}

/// The double certificate, then the pairs of before that come with it, into places that the key says.
async fn write(job: &JobView, way: Way, key: &KeySummary, pair: IssuedPair) -> Result<IssuedPair, Fault> {
    let written = station::Pair {
        sign_certificate: pair.sign_certificate.clone(),
        encrypt_certificate: pair.encrypt_certificate.clone(),
        enveloped_key: pair.enveloped_key.clone(),
    };
    station::install(way, key.key.clone(), written).await?;
    if pair.past.is_empty() {
        return Ok(pair);
    }
    let pairs = u8::try_from(pair.past.len()).unwrap_or(u8::MAX);
    let prepared = holder::prepare_past(way, key.key.clone(), pairs, pair.nonce).await?;
    let pair = issue_pair(job.number.clone(), key.serial.clone(), None, Some(prepared)).await?;
    let enveloped = pair.past.iter().filter_map(|one| one.enveloped.clone()).collect();
    holder::install_past(way, key.key.clone(), enveloped).await?;
    Ok(pair)
}

async fn read_back(way: Way, key: KeyRef, pair: IssuedPair) -> Result<ReadBackProof, AccessError> {
    let sealed = |one: PastPair| SealedTo { point: one.point, sealed: one.sealed_challenge };
    let past = pair.past.into_iter().map(sealed).collect();
    let (nonce, sealed) = (pair.nonce, pair.sealed_challenge);
    let said = holder::read_back(way, key, Generation::InUse, nonce, sealed, past).await?;
    Ok(ReadBackProof { past_proofs: said.past_proofs, ..said.read })
}

#[cfg(test)]
mod tests {
    use super::*;
    use journey::party::Party;
    use journey::service::Service;

    fn job(stage: JobStage, key_serial: Option<&str>) -> JobView {
        JobView {
            number: "CH2026".into(),
            version: 1,
            service: Service::Application,
            party: Party::Organisation,
            holder_name: String::new(),
            stage,
            mine: true,
            key_serial: key_serial.map(str::to_owned),
            sign_serial: None,
            encrypt_serial: None,
            passcode_sent: false,
            recipient: None,
        }
    }

    fn key(serial: &str, state: KeyState) -> KeySummary {
        KeySummary {
            key: KeyRef(format!("soft:{serial}")),
            label: String::new(),
            serial: serial.into(),
            state,
            certificate_name: None,
            pin_left: None,
        }
    }

    #[test]
    fn a_fresh_job_wants_a_blank_key() {
        let fresh = job(JobStage::Taken, None);
        assert_eq!(check_key(&fresh, &key("A", KeyState::Blank)), Ok(Begin::Anew));
        assert_eq!(
            check_key(&fresh, &key("A", KeyState::Personalised)),
            Err(KeyError::AlreadyPersonalised.into())
        );
    }

    #[test]
    fn r067_an_issued_job_goes_on_with_its_own_key_only() {
        let issued = job(JobStage::Issued, Some("A"));
        assert_eq!(check_key(&issued, &key("A", KeyState::Personalised)), Ok(Begin::Resume));
        assert_eq!(check_key(&issued, &key("A", KeyState::Blank)), Ok(Begin::Resume));
        assert_eq!(check_key(&issued, &key("B", KeyState::Blank)), Err(KeyError::WrongKey.into()));
        assert_eq!(check_key(&issued, &key("B", KeyState::Personalised)), Err(KeyError::WrongKey.into()));
    }

    #[test]
    fn a_key_that_broke_before_certificates_exist_may_be_replaced_by_a_blank_one() {
        let generated = job(JobStage::Generated, Some("A"));
        assert_eq!(check_key(&generated, &key("A", KeyState::Blank)), Ok(Begin::Resume));
        assert_eq!(check_key(&generated, &key("B", KeyState::Blank)), Ok(Begin::Anew));
        assert_eq!(check_key(&generated, &key("B", KeyState::Personalised)), Err(KeyError::WrongKey.into()));
    }
}
