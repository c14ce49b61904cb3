//! How fresh what is published is: for the trust page, and for whoever watches over the office.

use super::Status;
use super::issuer::Issuer;
use super::lists::seconds;
use super::plan::Kind;
use journey::moment::Moment;

/// One issuer's publications as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    pub issuer: String,
    pub full: Option<ListFacts>,
    pub delta: Option<ListFacts>,
    /// The end of the certificate that answers for the issuer, Unix seconds; `None`: nobody answers.
    pub responder_not_after: Option<i64>,
    /// Answers kept in memory.
    pub answers: usize,
    /// The last thing that went wrong, if anything did since the office opened.
    pub trouble: Option<Trouble>,
    /// A list is older than the plan allows.
    pub overdue: bool,
}

/// Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFacts {
    pub number: i64,
    pub base: Option<i64>,
    pub this_update: i64,
    pub next_update: i64,
    pub entries: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub at: Moment,
    pub what: &'static str,
    pub why: String,
}

impl Status {
    /// Every issuer's, by name.
    pub fn freshness(&self) -> Vec<Freshness> {
        self.0.issuers.values().map(|issuer| self.freshness_of(issuer)).collect()
    }

    fn freshness_of(&self, issuer: &Issuer) -> Freshness {
        let facts = |kind| {
            issuer.lists.of(kind).map(|list| ListFacts {
                number: list.number,
                base: list.base,
                this_update: list.this_update,
                next_update: list.next_update,
                entries: list.entries,
            })
        };
        Freshness {
            issuer: issuer.name.clone(),
            full: facts(Kind::Full),
            delta: facts(Kind::Delta),
            responder_not_after: issuer.answering().map(|one| one.responder.certificate.not_after()),
            answers: issuer.answers.len(),
            trouble: issuer.trouble(),
            overdue: self.is_overdue(issuer),
        }
    }

    pub(super) fn is_overdue(&self, issuer: &Issuer) -> bool {
        let now = seconds(self.0.ground.now());
        if issuer.list_file.is_some() {
            return issuer.lists.of(Kind::Full).is_none_or(|list| list.next_update <= now);
        }
        [Kind::Full, Kind::Delta].into_iter().any(|kind| {
            let list = issuer.lists.of(kind);
            list.is_none_or(|list| self.0.plan.is_overdue(kind, list.this_update, now))
        })
    }
}
