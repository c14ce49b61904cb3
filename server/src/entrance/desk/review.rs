//! 审核: for reviewers alone.

use super::member;
use crate::entrance::answer::Answer;
use crate::review::Review;
use app::desk::review::{CaseView, QueueLine, ReviewDesk, Verdict};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub review: Review,
    pub answer: Answer,
}

#[async_trait]
impl ReviewDesk for Port {
    async fn queue(&self, caller: Caller) -> Result<Vec<QueueLine>, DeskError> {
        self.answer.give(self.review.queue(&member(&caller, Role::Reviewer)?).await)
    }

    async fn case(&self, caller: Caller, number: String) -> Result<CaseView, DeskError> {
        self.answer.give(self.review.case(&member(&caller, Role::Reviewer)?, &number).await)
    }

    async fn claim(&self, caller: Caller, number: String) -> Result<CaseView, DeskError> {
        self.answer.give(self.review.claim(&member(&caller, Role::Reviewer)?, number).await)
    }

    async fn release(&self, caller: Caller, number: String) -> Result<(), DeskError> {
        self.answer.give(self.review.release(&member(&caller, Role::Reviewer)?, number).await)
    }

    async fn reveal(&self, caller: Caller, number: String, reason: String) -> Result<CaseView, DeskError> {
        self.answer.give(self.review.reveal(&member(&caller, Role::Reviewer)?, number, reason).await)
    }

    async fn decide(
        &self,
        caller: Caller,
        number: String,
        version: i64,
        verdict: Verdict,
    ) -> Result<(), DeskError> {
        self.answer
            .give(self.review.decide(&member(&caller, Role::Reviewer)?, number, version, verdict).await)
    }
}
