//! Who may speak to whom inside the office: `entrance → desks → advance → store`, `errands → desks`.

use super::Fault;
use super::references::{mentions, words};
use super::tree::{File, Tree};

const SRC: &str = "server/src/";
/// What carries the desks; every other module of the office is a desk.
const FRAME: [&str; 7] = ["main", "lib", "office", "advance", "entrance", "errands", "store"];
/// Tools without a desk: the whole office may name them, they name only one another.
const OPEN: [&str; 6] = ["settings", "audit", "clock", "dice", "outside", "sealing"];
/// A desk that works for exactly one other.
const HANDS: [(&str, &str); 1] = [("issuing", "kmc")];

/// Words that only some places may know, and why.
struct Reserved {
    words: &'static [&'static str],
    places: &'static [&'static str],
    rule: &'static str,
    mend: &'static str,
}

const RESERVED: [Reserved; 3] = [
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
    Reserved {
        words: &["Signer", "SoftwareSigner", "Authority"],
        places: &["issuing", "kmc"],
        rule: "only `issuing` and `kmc` hold a signer",
        mend: "Ask the issuing desk for the finished certificate; no other desk may be able to sign one.",
    },
];

pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in tree.rust().filter(|file| file.path.starts_with(SRC)) {
        let Some(home) = top(file) else { continue };
        for mention in mentions(file, SRC) {
            let Some(guest) = mention.path.first().map(String::as_str) else { continue };
            if is_module(tree, guest)
                && let Some((rule, mend)) = refuse(file, home, guest)
            {
                faults.push(Fault::new(&file.path, mention.line, rule, mend));
            }
        }
        reserved(file, home, faults);
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

fn is_desk(name: &str) -> bool {
    !FRAME.contains(&name) && !OPEN.contains(&name)
}

/// Why `home` may not name `guest`, if it may not.
fn refuse(file: &File, home: &str, guest: &str) -> Option<(String, &'static str)> {
    if home == guest {
        return None;
    }
    let said = |mend| Some((format!("`{home}` may not name `{guest}`"), mend));
    if file.path.starts_with("server/src/till/provider/") && matches!(guest, "store" | "orders" | "advance") {
        return Some((
            format!("a payment provider may not name `{guest}`"),
            "A provider speaks its protocol and nothing else; server/src/till knows orders.",
        ));
    }
    if OPEN.contains(&guest) || matches!(home, "main" | "lib" | "office") {
        return None;
    }
    match home {
        _ if OPEN.contains(&home) => {
            said("A tool is used by desks and knows none: take what it needs as a value or a trait.")
        }
        "settings" | "store" => {
            said("It stands below everybody else: take what you need as a value or a trait.")
        }
        "advance" if guest != "store" => {
            said("The one door knows the rule book and the store; desks call it.")
        }
        "entrance" if matches!(guest, "store" | "advance" | "errands") => {
            said("The entrance asks a desk; the desk moves orders and reads rows.")
        }
        "errands" if matches!(guest, "entrance" | "office") => {
            said("Errands call desks, never the entrance.")
        }
        "advance" | "entrance" | "errands" => None,
        _ if HANDS.contains(&(home, guest)) || matches!(guest, "store" | "advance") => None,
        _ if is_desk(guest) => said(
            "Desks never call one another: report an event to `advance`, its errand calls the other desk.",
        ),
        _ => said("A desk is called; it does not know who calls it."),
    }
}

fn reserved(file: &File, home: &str, faults: &mut Vec<Fault>) {
    if matches!(home, "main" | "lib") {
        return;
    }
    for rule in RESERVED {
        if rule.places.contains(&home) {
            continue;
        }
        let mut last = 0;
        for (word, line) in words(file) {
            if rule.words.contains(&word.as_str()) && line != last {
                last = line;
                faults.push(Fault::new(&file.path, line, rule.rule, rule.mend));
            }
        }
    }
}
