//! The canary (R129, R141; threat 14): whole applications with words that occur nowhere else, then a search through all
//! that the office wrote: its database with the log of writes, the evidence, and every line it said.

use crate::applicant::Applicant;
use crate::program::Program;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::orders::{CodeSent, OrderView};
use app::desk::review::CaseView;
use journey::identity::IdentityMethod;
use journey::step::Step;
use serde_json::json;
use std::path::Path;

#[tokio::test]
async fn r129_r141_no_secret_and_no_number_of_a_person_is_written_in_clear() {
    // As talkative as an operator could make it.
    let mut office = Program::open("log = \"debug,server=trace,app=trace\"").await;
    let reviewer = office.reviewer().await;
    let producer = office.producer().await;
    let mut words: Vec<(String, String)> = Vec::new();
    let mut numbers = Vec::new();
    for method in [IdentityMethod::LegalPersonBankCard, IdentityMethod::CompanyTransfer] {
        let mut applicant = office.applicant().choosing(method);
        applicant.walk_to(Step::PhoneCheck).await;
        mistypes_and_gets_another_code(&mut applicant).await;
        applicant.walk_to(Step::Review).await;
        asks_on_another_device(&office, &applicant).await;
        reviewer.claim(&applicant.number).await.given::<CaseView>();
        reviewer.reveal(&applicant.number, "核对证件号码").await.given::<CaseView>();
        reviewer.pass(&applicant.number).await;
        applicant.until_at(Step::Production).await;
        let mut bench = Workbench::set_up().await;
        bench.make(&producer, &applicant.number).await;
        let passcode = passcode_of(&applicant).await;
        shows_no_passcode(&applicant, &producer.browser, &passcode).await;
        producer.ship(&applicant.number, "顺丰速运", "SF1234567890").await.given::<()>();
        applicant.until_at(Step::Receipt).await;
        applicant.receive().await.given::<OrderView>();
        words.extend(canaries(&applicant, passcode).await);
        numbers.push(applicant.number.clone());
    }
    office.kill();
    let written = everything_under(&office.town().data());
    let said = without_timestamps(&std::fs::read_to_string(office.log()).unwrap());
    // The search finds what is there.
    for number in &numbers {
        assert!(written.iter().any(|(_, bytes)| find(bytes, number)), "the database knows {number}");
        assert!(find(said.as_bytes(), number), "the log names {number}");
    }
    assert!(written.len() > 8, "database, its log, six pictures: {}", written.len());
    for (what, word) in &words {
        assert!(!find(said.as_bytes(), word), "{what} stands in the log: {:?}", line_with(&said, word));
        for (file, bytes) in &written {
            assert!(!find(bytes, word), "{what} stands in {file}");
        }
    }
}

async fn mistypes_and_gets_another_code(applicant: &mut Applicant) {
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(1).await;
    let wrong = if code == "402957" { "402958" } else { "402957" };
    assert_eq!(applicant.check_code(wrong).await.status, 422);
    applicant.check_code(&code).await.given::<OrderView>();
}

async fn asks_on_another_device(office: &Program, applicant: &Applicant) {
    let browser = office.town().browser();
    let asked = json!({ "party": "organisation", "id_number": applicant.holder.credit_code });
    browser.call("query/send", asked).await.given::<CodeSent>();
    let code = applicant.code_from_phone(2).await;
    let check = json!({ "party": "organisation", "id_number": applicant.holder.credit_code, "code": code });
    browser.call("query/check", check).await.given::<()>();
    browser.get("/orders").await;
    // A person who is lost types a number where none belongs.
    browser.get(&format!("/orders/{}", applicant.holder.legal_person_id)).await;
    let wrong_field = json!({ "name": applicant.holder.agent_phone, "password": "x", "one_time_code": "1" });
    assert_eq!(browser.call("staff/sign_in", wrong_field).await.status, 401);
}

async fn passcode_of(applicant: &Applicant) -> String {
    let outside = &applicant.town.outside;
    match applicant.method {
        IdentityMethod::CompanyTransfer => {
            outside.statement(&applicant.holder.account).await[0].remark.clone()
        }
        _ => {
            let sms = outside.messages_of(&applicant.holder.legal_person_phone, "passcode", 1).await;
            sms[0].params[0].clone()
        }
    }
}

/// R129: on no screen either.
async fn shows_no_passcode(applicant: &Applicant, producer: &crate::browser::Browser, passcode: &str) {
    let number = json!({ "number": applicant.number });
    for answer in [
        applicant.view().await,
        applicant.browser.get(&format!("/orders/{}", applicant.number)).await,
        producer.call("production/job", number).await,
        producer.call("dispatch/queue", json!({})).await,
    ] {
        assert!(answer.status == 200 && !answer.text().contains(passcode), "{}", answer.text());
    }
}

/// What must not be found, and what it is.
async fn canaries(applicant: &Applicant, passcode: String) -> Vec<(String, String)> {
    let holder = &applicant.holder;
    let form = applicant.form().await;
    let mut words = vec![("the passcode".to_owned(), passcode)];
    for sms in applicant.town.outside.messages(&holder.agent_phone).await {
        if sms.kind == "code" {
            words.push(("an SMS code".to_owned(), sms.params[0].clone()));
        }
    }
    for (what, word) in [
        ("the legal person's ID number", &form.legal_person_id),
        ("the legal person's phone", &holder.legal_person_phone),
        ("the legal person's name", &form.legal_person_name),
        ("the bank card", &holder.bank_card),
        ("the account", &holder.account),
        ("the agent's phone", &form.agent_phone),
        ("the agent's name", &form.agent_name),
        ("the mailbox", &form.email),
        ("the street", &form.street),
    ] {
        words.push((what.to_owned(), word.clone()));
    }
    assert!(words.len() >= 12 && words.iter().all(|(_, word)| word.len() >= 6));
    words
}

/// A word as a whole: digits inside a longer number are no find.
fn find(bytes: &[u8], word: &str) -> bool {
    let word = word.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let numeric = word.iter().all(u8::is_ascii_digit);
    let hit = |(at, window): (usize, &[u8])| {
        window == word && !(numeric && (digit(at.checked_sub(1)) || digit(Some(at + word.len()))))
    };
    bytes.windows(word.len()).enumerate().any(hit)
}

/// Microseconds are six digits too.
fn without_timestamps(log: &str) -> String {
    let line = |line: &str| line.split_once("\"level\"").map_or(line.to_owned(), |(_, rest)| rest.to_owned());
    log.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn line_with<'a>(log: &'a str, word: &str) -> Option<&'a str> {
    log.lines().find(|line| line.contains(word))
}

fn everything_under(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(everything_under(&path)),
            false => all.push((path.display().to_string(), std::fs::read(&path).unwrap())),
        }
    }
    all
}
