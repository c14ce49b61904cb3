//! 订单查询 without the program: the two plain forms of the page post to the office, which answers with a redirect.
//!
//! `POST /query/send` (form fields `party`, `id_number`) → 303 to `after_send(…)`; `POST /query/check` (also `code`) →
//! 303 to `after_check(…)`. Only codes and numbers stand in the address, never what a person typed (R126, R141).

use super::DeskError;
use super::error::{CodeRefusal, FieldError};
use super::orders::CodeSent;
use journey::party::Party;

/// Where the forms post to.
pub const SEND_PATH: &str = "/query/send";
pub const CHECK_PATH: &str = "/query/check";

/// The page that says what became of the sending.
pub fn after_send(party: Party, sent: &Result<CodeSent, DeskError>) -> String {
    match sent {
        Ok(sent) => link(party, "sent", sent.valid_minutes),
        Err(error) => refused(party, error),
    }
}

/// The orders, or the page that says why not.
pub fn after_check(party: Party, checked: &Result<(), DeskError>) -> String {
    match checked {
        Ok(()) => "/orders".to_owned(),
        Err(error) => refused(party, error),
    }
}

/// What the redirect said: the minutes for which the code is valid, or the refusal.
pub fn said(word: &str, number: u32) -> Option<Result<u32, DeskError>> {
    let refusal = match word {
        "sent" => return Some(Ok(number)),
        "code_wrong" => DeskError::Code(CodeRefusal::Wrong { left: number.min(u8::MAX.into()) as u8 }),
        "code_expired" => DeskError::Code(CodeRefusal::Expired),
        "code_gone" => DeskError::Code(CodeRefusal::Gone),
        "code_too_soon" => DeskError::Code(CodeRefusal::TooSoon { wait_s: number }),
        "code_daily_limit" => DeskError::Code(CodeRefusal::DailyLimit),
        "slow_down" => DeskError::SlowDown { retry_after_s: number },
        "partner_away" => DeskError::PartnerAway { partner: "sms".into() },
        "id_number" => {
            DeskError::Fields(vec![FieldError { field: "id_number".into(), code: "id_number_wrong".into() }])
        }
        // The page ended the visit because nobody was there (A51).
        "idle" => DeskError::SignInAgain,
        "broken" => DeskError::Broken { incident: "query".into() },
        _ => return None,
    };
    Some(Err(refusal))
}

fn refused(party: Party, error: &DeskError) -> String {
    match error {
        DeskError::Code(no @ CodeRefusal::Wrong { left }) => link(party, no.code(), (*left).into()),
        DeskError::Code(no @ CodeRefusal::TooSoon { wait_s }) => link(party, no.code(), *wait_s),
        DeskError::Code(no) => link(party, no.code(), 0),
        DeskError::SlowDown { retry_after_s } => link(party, "slow_down", *retry_after_s),
        DeskError::PartnerAway { .. } => link(party, "partner_away", 0),
        DeskError::Fields(_) => link(party, "id_number", 0),
        _ => link(party, "broken", 0),
    }
}

fn link(party: Party, word: &str, number: u32) -> String {
    format!("/query?party={}&said={word}&n={number}", party.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(link: &str) -> Result<u32, DeskError> {
        let pairs: Vec<(&str, &str)> = link
            .split_once('?')
            .expect("a query")
            .1
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        let value = |name| pairs.iter().find(|(key, _)| *key == name).expect("stands in the link").1;
        said(value("said"), value("n").parse().expect("a number")).expect("a known word")
    }

    #[test]
    fn every_refusal_of_a_code_survives_the_redirect() {
        for no in [
            CodeRefusal::Wrong { left: 3 },
            CodeRefusal::Expired,
            CodeRefusal::Gone,
            CodeRefusal::TooSoon { wait_s: 42 },
            CodeRefusal::DailyLimit,
        ] {
            let error = DeskError::Code(no);
            assert_eq!(heard(&after_check(Party::Organisation, &Err(error.clone()))), Err(error));
        }
    }

    #[test]
    fn a_sent_code_says_its_minutes_and_nothing_of_the_person_r126() {
        let sent = CodeSent { masked_phone: "138****0000".into(), valid_minutes: 5, again_after_s: 60 };
        let link = after_send(Party::Person, &Ok(sent));
        assert_eq!(link, "/query?party=person&said=sent&n=5");
        assert_eq!(heard(&link), Ok(5));
        assert_eq!(after_check(Party::Person, &Ok(())), "/orders");
    }
}
