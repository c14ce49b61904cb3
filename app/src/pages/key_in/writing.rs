//! The new generation onto the key, from wherever the office says that it stands. Each line is safe to begin again: the
//! office knows what is recorded, the key what is written; nothing is paid or made twice (B05).

use super::fault::Fault;
use super::port::Inserted;
use crate::desk::loading::{
    LoadingStage, LoadingView, Switched, SwitchedProof, ask_next_paper, issue_next, look_at_loading,
    report_switched, report_written,
};
use crate::desk::orders::{OrderView, view_order};
use crate::desk::production::{IssuedPair, PreparedPast};
use crate::key_access::{AccessError, holder};
use key::KeyError;
use key::message::Generation;

/// What is being done, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Make,
    Issue,
    Write,
    Check,
    Switch,
}

impl Act {
    pub const ALL: [Act; 5] = [Act::Make, Act::Issue, Act::Write, Act::Check, Act::Switch];

    pub const fn title(self) -> &'static str {
        match self {
            Act::Make => "在Key内生成新密钥",
            Act::Issue => "签发新证书",
            Act::Write => "写入证书Key",
            Act::Check => "读出并检验",
            Act::Switch => "启用新证书",
        }
    }
}

/// Walks the rest of the way with this key and gives the order as it then stands. `report` hears each act as it begins.
///
/// # Errors
/// The fault; the act reported last is where it happened. Another key than the order's is refused before anything.
pub async fn write(number: &str, inserted: &Inserted, report: impl Fn(Act)) -> Result<OrderView, Fault> {
    let view = look_at_loading(number.to_owned()).await?;
    if view.key_serial != inserted.key.serial {
        return Err(AccessError::from(KeyError::WrongKey).into());
    }
    if view.stage == LoadingStage::Done {
        return Ok(view_order(number.to_owned()).await?);
    }
    let (way, key) = (inserted.way, &inserted.key.key);
    let mut pair = match view.stage {
        LoadingStage::Make => make(number, inserted, &report).await?,
        _ => {
            report(Act::Issue);
            issue_next(number.to_owned(), inserted.key.serial.clone(), None).await?
        }
    };
    report(Act::Write);
    match holder::install_next(way, key.clone(), &pair).await {
        // The key lost the pair that was certified: another one, and its certificates.
        Err(AccessError::Key(KeyError::NotFound)) => {
            pair = make(number, inserted, &report).await?;
            report(Act::Write);
            holder::install_next(way, key.clone(), &pair).await?;
        }
        other => other?,
    }
    report(Act::Check);
    prove_beside(number, inserted, &pair).await?;
    report(Act::Switch);
    holder::switch(way, key.clone(), &pair).await?;
    prove_in_use(number, inserted, &pair, &view).await
}

async fn make(number: &str, inserted: &Inserted, report: &impl Fn(Act)) -> Result<IssuedPair, Fault> {
    report(Act::Make);
    let serial = &inserted.key.serial;
    let paper = ask_next_paper(number.to_owned(), serial.clone()).await?;
    let request = holder::make_next(inserted.way, inserted.key.key.clone(), paper).await?;
    report(Act::Issue);
    Ok(issue_next(number.to_owned(), serial.clone(), Some(request)).await?)
}

/// Beside the old pair, before the switch. A key that had switched when it was pulled has nothing beside any more.
async fn prove_beside(number: &str, inserted: &Inserted, pair: &IssuedPair) -> Result<(), Fault> {
    let (nonce, challenge) = (pair.nonce.clone(), pair.sealed_challenge.clone());
    let key = inserted.key.key.clone();
    match holder::read_back(inserted.way, key, Generation::Next, nonce, challenge, Vec::new()).await {
        Ok(proof) => Ok(report_written(number.to_owned(), proof.read).await?),
        Err(AccessError::Key(KeyError::NotFound)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// As the pair in use, with what was encrypted before; what the key lacks of that is brought once.
async fn prove_in_use(
    number: &str,
    inserted: &Inserted,
    pair: &IssuedPair,
    view: &LoadingView,
) -> Result<OrderView, Fault> {
    let proof = read_in_use(inserted, pair, view).await?;
    let pairs = match report_switched(number.to_owned(), proof.clone()).await? {
        Switched::Done { order } => return Ok(*order),
        Switched::Missing { pairs } => pairs,
        Switched::Brought { .. } => return Err(AccessError::Unexpected.into()),
    };
    let (way, key) = (inserted.way, &inserted.key.key);
    let prepared = Some(holder::prepare_past(way, key.clone(), pairs, pair.nonce.clone()).await?);
    match report_switched(number.to_owned(), SwitchedProof { prepared, ..proof }).await? {
        Switched::Done { order } => return Ok(*order),
        Switched::Missing { .. } => return Err(AccessError::from(KeyError::NoRoom).into()),
        Switched::Brought { pairs } => match holder::install_past(way, key.clone(), pairs).await {
            // The office looks at what found its place, and asks for no more than the last pair.
            Ok(()) | Err(AccessError::Key(KeyError::NoRoom)) => {}
            Err(error) => return Err(error.into()),
        },
    }
    let proof = read_in_use(inserted, pair, view).await?;
    // What found no place now finds none on another try: the key has no more.
    let no_more = Some(PreparedPast { places: Vec::new(), signature: String::new() });
    match report_switched(number.to_owned(), SwitchedProof { prepared: no_more, ..proof }).await? {
        Switched::Done { order } => Ok(*order),
        Switched::Missing { .. } | Switched::Brought { .. } => {
            Err(AccessError::from(KeyError::NoRoom).into())
        }
    }
}

async fn read_in_use(
    inserted: &Inserted,
    pair: &IssuedPair,
    view: &LoadingView,
) -> Result<SwitchedProof, AccessError> {
    let (nonce, challenge) = (pair.nonce.clone(), pair.sealed_challenge.clone());
    let key = inserted.key.key.clone();
    holder::read_back(inserted.way, key, Generation::InUse, nonce, challenge, view.past.clone()).await
}
