//! The rule book as a document. `docs/journeys.md` is what `render` says; a test keeps them equal.

use std::fmt::{Debug, Write};

use crate::{
    calendar::promised_days,
    eligibility::{RENEWAL_CLOSES_DAYS, RENEWAL_OPENS_DAYS, UNBLOCKS_A_DAY},
    evidence,
    identity::{self, IdentityMethod},
    itinerary::{itinerary, offered},
    party::Party,
    payment::channels,
    refusal::Refusal,
    row::{At, Go, Row, When},
    service::Service,
    step::Step,
    table::{TABLE, completing, entering},
};

const HEAD: &str = "\
# The journeys

Generated from the rule book (`journey/src`): change the tables there, then run
`UPDATE_DOCS=1 cargo test -p journey`. A test fails while this page says something else.

";

const HOW_TO_READ: &str = "\
How to read a row: standing *at* a step, when *event* happens *by* somebody, *provided* all conditions hold, the order
*goes* there and the effects are *done*. The first row that fits is the one. *Forward* is the first step of the
itinerary that is not settled, so that a returned order does not pay twice; *ignored* means heard before.

";

/// The whole document.
pub fn render() -> String {
    let mut page = HEAD.to_owned();
    itineraries(&mut page);
    page.push_str("## What moves an order\n\n");
    page.push_str(HOW_TO_READ);
    for &service in Service::ALL {
        line(&mut page, format_args!("### {} · {}\n", service.title(), service.code()));
        rows(&mut page, TABLE.iter().filter(|row| walks(row, service)), Some(service));
    }
    page.push_str("### Everywhere\n\n");
    rows(&mut page, TABLE.iter().filter(|row| !matches!(row.at, At::Steps(_))), None);
    beginnings_and_ends(&mut page);
    demands(&mut page);
    refusals(&mut page);
    page
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{text}");
}

/// The ways through the services; one line for both parties where they walk alike.
fn itineraries(page: &mut String) {
    page.push_str("## Itineraries\n\n| service | party | route | steps |\n|---|---|---|---|\n");
    for (service, party, route) in offered() {
        let steps = itinerary(service, party, route);
        let alike = |party| itinerary(service, party, route) == steps;
        let party = match (party, alike(Party::Person), alike(Party::Organisation)) {
            (Party::Organisation, true, _) => "单位、个人",
            (Party::Person, _, true) => continue,
            (Party::Organisation, false, _) => "单位",
            (Party::Person, _, false) => "个人",
        };
        let steps: Vec<_> = steps.iter().map(|step| step.title_in(service)).collect();
        let (service, route) = (service.title(), route.title());
        line(page, format_args!("| {service} | {party} | {route} | {} |", steps.join(" · ")));
    }
    page.push('\n');
}

/// The steps of this service among these, whichever way and party.
fn steps_of(service: Service, steps: &[Step]) -> Vec<Step> {
    let walked = |step: &&Step| {
        offered().any(|(s, party, route)| s == service && itinerary(s, party, route).contains(step))
    };
    steps.iter().filter(walked).copied().collect()
}

/// Whether a row with named steps speaks of a step of this service.
fn walks(row: &Row, service: Service) -> bool {
    let At::Steps(steps) = row.at else { return false };
    (row.only.is_empty() || row.only.contains(&service)) && !steps_of(service, steps).is_empty()
}

/// `service` leaves out the steps that it never walks.
fn rows<'a>(page: &mut String, rows: impl Iterator<Item = &'a Row>, service: Option<Service>) {
    let codes = |steps: &[Step]| {
        let steps = service.map_or(steps.to_vec(), |service| steps_of(service, steps));
        steps.iter().map(|step| step.code()).collect::<Vec<_>>().join(", ")
    };
    page.push_str("| at | event | by | provided | goes | done |\n|---|---|---|---|---|---|\n");
    for row in rows {
        let at = match row.at {
            At::Steps(steps) => codes(steps),
            At::AnyStep => "any step".to_owned(),
            At::AnyEnd => "any end".to_owned(),
            At::Anywhere => "anywhere".to_owned(),
        };
        let goes = match row.go {
            Go::Forward => "forward".to_owned(),
            Go::Stay => "stays".to_owned(),
            Go::Ignore => "ignored".to_owned(),
            Go::Settle(step) => format!("stays, {} settled", step.code()),
            Go::Back(steps) => format!("back, opens {}", codes(steps)),
            Go::Return => "back, opens what was returned".to_owned(),
            Go::End(end) => format!("ends {}", end.code()),
        };
        let by: Vec<_> = row.by.iter().map(|role| role.code()).collect();
        let when = (row.when != When::Always).then(|| format!("*{}*", words(&row.when)));
        let provided: Vec<_> = when.into_iter().chain(row.needs.iter().map(words)).collect();
        let done: Vec<_> = row.does.iter().map(words).collect();
        let (event, by, provided, done) =
            (row.event.code(), by.join(", "), provided.join(", "), done.join(", "));
        line(page, format_args!("| {at} | {event} | {by} | {provided} | {goes} | {done} |"));
    }
    page.push('\n');
}

/// `NotTheReviewer` reads `not the reviewer`; `Notice(Passed)` reads `notice passed`.
fn words(name: &impl Debug) -> String {
    let mut text = String::new();
    for character in format!("{name:?}").chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(character.to_lowercase().filter(|character| character.is_alphabetic()));
    }
    text
}

fn beginnings_and_ends(page: &mut String) {
    page.push_str("### Done on arrival\n\n| arriving | done |\n|---|---|\n");
    for &step in Step::ALL.iter().filter(|step| !entering(**step).is_empty()) {
        let done: Vec<_> = entering(step).iter().map(words).collect();
        line(page, format_args!("| at {} | {} |", step.code(), done.join(", ")));
    }
    for (service, party, route) in offered() {
        if party == Party::Organisation {
            let done: Vec<_> = completing(service, route).iter().map(words).collect();
            let (service, route) = (service.code(), route.code());
            line(page, format_args!("| at the end of {service}, {route} | {} |", done.join(", ")));
        }
    }
    page.push('\n');
}

fn demands(page: &mut String) {
    page.push_str("## What is asked for\n\n| service | party | route | evidence | channels | working days |\n|---|---|---|---|---|---|\n");
    for (service, party, route) in offered() {
        let evidence: Vec<_> =
            evidence::required(service, party, route).iter().map(|kind| kind.title()).collect();
        let channels: Vec<_> = channels(service, party).iter().map(|channel| channel.title()).collect();
        let reviewed = itinerary(service, party, route).contains(&Step::Review);
        let days =
            promised_days(service, route).filter(|_| reviewed).map_or(String::new(), |days| days.to_string());
        let (service, party, route) = (service.title(), party.title(), route.title());
        let (evidence, channels) = (evidence.join("、"), channels.join("、"));
        line(page, format_args!("| {service} | {party} | {route} | {evidence} | {channels} | {days} |"));
    }
    page.push_str("\n| party | identity method | text | password by |\n|---|---|---|---|\n");
    for &party in Party::ALL {
        for &method in IdentityMethod::ALL {
            let (title, text) = (method.title_for(party), method.text_for(party));
            let channel = identity::channel(party, method).title();
            line(page, format_args!("| {} | {title} | {text} | {channel} |", party.title()));
        }
    }
    line(
        page,
        format_args!(
            "\nA certificate is renewed when less than {RENEWAL_OPENS_DAYS} days of 24 hours are left and no more than \
             {RENEWAL_CLOSES_DAYS} have passed\nsince it expired. A key is unlocked {UNBLOCKS_A_DAY} times a day at most, \
             the first time by identity.\n"
        ),
    );
}

fn refusals(page: &mut String) {
    page.push_str("## Refusals\n\n| code | meaning |\n|---|---|\n");
    for refusal in Refusal::samples() {
        line(page, format_args!("| `{}` | {} |", refusal.code(), refusal.meaning().trim()));
    }
}
