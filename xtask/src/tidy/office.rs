//! Who may speak to whom inside the office: `entrance → desks → advance → store`, `errands → desks`.

use super::Fault;
use super::references::{mentions, paths_into, words};
use super::tree::{File, Tree};

const SRC: &str = "server/src/";

/// From the bottom up: whoever stands higher may name whoever stands lower, and never the other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    /// Time, dice, seals, one HTTP call: values without a row.
    Tools,
    Store,
    /// What every desk stands on: the one door, errands as rows, codes, faults.
    Ground,
    /// Every module that no other floor names.
    Desk,
    /// The runner, which gives errands to desks.
    Errands,
    /// Every desk, made and handed what it needs.
    Office,
    Entrance,
    /// Where the process begins.
    Roof,
}

const FLOORS: [(Floor, &[&str]); 7] = [
    (Floor::Tools, &["clock", "sealing", "outside", "pace", "paper"]),
    (Floor::Store, &["store"]),
    (
        Floor::Ground,
        &[
            "ground",
            "errand",
            "advance",
            "codes",
            "details",
            "fault",
            "follow_up",
            "held",
            "key_proof",
            "holders",
            "media",
            "order_parts",
            "passcode",
            "questions",
            "replaced",
            "resumption",
            "standing",
            "visits",
        ],
    ),
    (Floor::Errands, &["errands"]),
    (Floor::Office, &["office"]),
    (Floor::Entrance, &["entrance"]),
    (Floor::Roof, &["main", "lib", "settings"]),
];

/// A desk that is a hand of another: the key centre, the letter carrier, who asks the registers, who asks the couriers.
const HANDS: [(&str, &str); 5] = [
    ("issuing", "kmc"),
    ("invoices", "post"),
    ("identity", "post"),
    ("orders", "registry"),
    ("dispatch", "courier"),
];

/// Words that only some places may know, and why.
struct Reserved {
    words: &'static [&'static str],
    places: &'static [&'static str],
    rule: &'static str,
    mend: &'static str,
}

const RESERVED: [Reserved; 2] = [
    Reserved {
        words: &["sqlx"],
        places: &["store"],
        rule: "only `store` names sqlx",
        mend: "Write the statement in server/src/store and call it with values.",
    },
    Reserved {
        words: &["axum", "leptos_axum", "tower_http"],
        places: &["entrance"],
        rule: "only `entrance` knows HTTP",
        mend: "Take and give plain values; server/src/entrance turns them into requests and answers.",
    },
];

/// The parts of `certificate` that sign, and who may hold them.
const SIGNING: [&str; 2] = ["sign", "authority"];
const SIGNERS: [&str; 2] = ["issuing", "kmc"];

pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in tree.rust().filter(|file| file.path.starts_with(SRC)) {
        let Some(home) = top(file) else { continue };
        let tests = file.tests_from();
        for mention in mentions(file, SRC).into_iter().filter(|mention| mention.line < tests) {
            let Some(guest) = mention.path.first().map(String::as_str) else { continue };
            if is_module(tree, guest)
                && let Some((rule, mend)) = refuse(file, home, guest)
            {
                faults.push(Fault::new(&file.path, mention.line, rule, mend));
            }
        }
        reserved(file, home, faults);
        signers(file, home, faults);
    }
}

fn signers(file: &File, home: &str, faults: &mut Vec<Fault>) {
    if SIGNERS.contains(&home) || floor(home) >= Floor::Office {
        return;
    }
    let tests = file.tests_from();
    for mention in paths_into(file, "certificate").into_iter().filter(|mention| mention.line < tests) {
        if mention.path.iter().any(|part| SIGNING.contains(&part.as_str())) {
            faults.push(Fault::new(
                &file.path,
                mention.line,
                "only `issuing` and `kmc` hold a signer",
                "Ask the issuing desk for the finished certificate; no other desk may be able to sign one.",
            ));
        }
    }
}

/// The top-level module that the file belongs to.
fn top(file: &File) -> Option<&str> {
    let inside = file.path.strip_prefix(SRC)?;
    Some(inside.split('/').next()?.trim_end_matches(".rs"))
}

fn is_module(tree: &Tree, name: &str) -> bool {
    tree.holds(&format!("{SRC}{name}.rs")) || tree.holds(&format!("{SRC}{name}"))
}

fn floor(name: &str) -> Floor {
    FLOORS.iter().find(|(_, names)| names.contains(&name)).map_or(Floor::Desk, |(floor, _)| *floor)
}

/// Why `home` may not name `guest`, if it may not.
fn refuse(file: &File, home: &str, guest: &str) -> Option<(String, &'static str)> {
    let (from, to) = (floor(home), floor(guest));
    // Everybody may read the settings; they themselves name the sections of all.
    if home == guest || guest == "settings" || from == Floor::Roof {
        return None;
    }
    let said = |mend| Some((format!("`{home}` may not name `{guest}`"), mend));
    if file.path.starts_with("server/src/till/provider/") && to > Floor::Tools {
        return Some((
            format!("a payment provider may not name `{guest}`"),
            "A provider speaks its protocol and nothing else; server/src/till knows orders.",
        ));
    }
    if from == Floor::Entrance && matches!(guest, "store" | "advance" | "errand" | "errands") {
        return said("The entrance asks a desk; the desk moves orders and reads rows.");
    }
    if from == Floor::Desk && to == Floor::Desk {
        let hand = HANDS.contains(&(home, guest));
        return if hand {
            None
        } else {
            said(
                "Desks never call one another: report an event to `advance`; its errand calls the other desk.",
            )
        };
    }
    if to > from {
        return said(
            "It stands on a higher floor (see ARCHITECTURE.md): take what you need as a value or a trait.",
        );
    }
    None
}

fn reserved(file: &File, home: &str, faults: &mut Vec<Fault>) {
    if matches!(home, "main" | "lib") {
        return;
    }
    let tests = file.tests_from();
    for rule in RESERVED {
        if rule.places.contains(&home) {
            continue;
        }
        let mut last = 0;
        for (word, line) in words(file) {
            if line < tests && rule.words.contains(&word.as_str()) && line != last {
                last = line;
                faults.push(Fault::new(&file.path, line, rule.rule, rule.mend));
            }
        }
    }
}
