//! Each rule on a tree of a few lines: one that keeps it, one that breaks it.

use super::tree::Tree;
use super::{Fault, check};

fn faults(files: &[(&str, &str)]) -> Vec<String> {
    check(&Tree::of(files))
        .into_iter()
        .map(|Fault { path, line, rule, .. }| format!("{path}:{line} {rule}"))
        .collect()
}

#[test]
fn a_small_tree_in_order_has_no_faults() {
    let tree = [
        ("journey/Cargo.toml", "[package]\nname = \"journey\"\n[dependencies]\nserde.workspace = true\n"),
        ("server/Cargo.toml", "[dependencies]\njourney = { path = \"../journey\" }\nsqlx = \"1\"\n"),
        ("server/src/main.rs", "mod store; mod till; fn main() { store::open() }"),
        (
            "server/src/store/mod.rs",
            "//! Owns: rows.\n//! Never: rules.\n//! Start at: open.\nuse sqlx::Row;",
        ),
        ("server/src/till.rs", "use crate::store::find_order; // sqlx is not named here\n"),
        ("README.md", "See `server/src/till.rs` and [the store](server/src/store/mod.rs)."),
    ];
    assert_eq!(faults(&tree), Vec::<String>::new());
}

#[test]
fn a_crate_that_stands_on_the_wrong_one_is_named_with_its_line() {
    let tree = [
        ("app/Cargo.toml", "[dependencies]\njourney.workspace = true\ncertificate = { workspace = true }\n"),
        ("sandbox/Cargo.toml", "[dev-dependencies]\njourney.workspace = true\n"),
        ("xtask/Cargo.toml", "[dependencies.serde]\nversion = \"1\"\n"),
        ("journey/Cargo.toml", "[dependencies]\ntokio = \"1\"\n"),
    ];
    let expected = [
        "app/Cargo.toml:3 `app` may not stand on `certificate`",
        "journey/Cargo.toml:2 the pure crate `journey` names `tokio`",
        "sandbox/Cargo.toml:2 `sandbox` may not stand on `journey`",
        "xtask/Cargo.toml:1 `xtask` has the dependency `serde`",
    ];
    assert_eq!(faults(&tree), expected);
}

#[test]
fn the_key_carries_its_cryptography_only_in_the_soft_build() {
    let optional =
        [("key/Cargo.toml", "[dependencies]\ncertificate = { workspace = true, optional = true }\n")];
    assert!(faults(&optional).is_empty());
    let always = [("key/Cargo.toml", "[dependencies]\ncertificate = { workspace = true }\n")];
    assert_eq!(faults(&always), ["key/Cargo.toml:2 `key` names `certificate` for every build"]);
}

#[test]
fn desks_do_not_call_one_another_and_the_entrance_does_not_reach_the_store() {
    let tree = [
        ("server/src/store.rs", "use crate::orders::Row;"),
        ("server/src/advance.rs", "use crate::store::Store; use crate::till::Till;"),
        ("server/src/orders.rs", "use crate::{store::Store, advance};"),
        ("server/src/till.rs", "use super::orders::OrdersDesk;"),
        ("server/src/entrance.rs", "use crate::orders::OrdersDesk;\nuse crate::store::Store;"),
        ("server/src/errands.rs", "use crate::till::Till;"),
        ("server/src/kmc.rs", ""),
        ("server/src/issuing.rs", "use crate::kmc::Kmc;"),
    ];
    let expected = [
        "server/src/advance.rs:1 `advance` may not name `till`",
        "server/src/entrance.rs:2 `entrance` may not name `store`",
        "server/src/store.rs:1 `store` may not name `orders`",
        "server/src/till.rs:1 `till` may not name `orders`",
    ];
    assert_eq!(faults(&tree), expected);
}

#[test]
fn a_provider_knows_neither_store_nor_orders() {
    let tree = [
        ("server/src/store.rs", ""),
        ("server/src/till/mod.rs", "//! Owns: a\n//! Never: b\n//! Start at: c\n"),
        ("server/src/till/provider/mod.rs", "//! Owns: a\n//! Never: b\n//! Start at: c\n"),
        ("server/src/till/provider/alipay.rs", "use crate::store::Store;\nuse super::Provider;"),
    ];
    assert_eq!(
        faults(&tree),
        ["server/src/till/provider/alipay.rs:1 a payment provider may not name `store`"]
    );
}

#[test]
fn reserved_words_are_found_in_code_and_not_in_sentences() {
    let tree = [
        ("server/src/orders.rs", "// sqlx and axum\nfn f() { sqlx::query(\"axum\"); }"),
        ("server/src/review.rs", "use certificate::sign::Signer;"),
        ("server/src/issuing.rs", "use certificate::sign::Signer;"),
        ("server/src/entrance.rs", "use axum::Router;"),
    ];
    let expected = [
        "server/src/orders.rs:2 only `store` names sqlx",
        "server/src/review.rs:1 only `issuing` and `kmc` hold a signer",
    ];
    assert_eq!(faults(&tree), expected);
}

#[test]
fn tests_may_know_more_than_what_they_test() {
    let inline =
        "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::store::Store;\n    use sqlx::Row;\n}\n";
    let tree = [
        ("server/src/store.rs", ""),
        ("server/src/entrance.rs", inline),
        ("server/src/errand_tests.rs", "use crate::entrance::Door;\nuse axum::Router;"),
    ];
    assert_eq!(faults(&tree), Vec::<String>::new());
}

#[test]
fn long_files_and_long_functions() {
    let long_file = "\n".repeat(301);
    let body = "    step();\n".repeat(69);
    let fits = format!("fn fits() {{\n{}}}\n", "    step();\n".repeat(68));
    let long =
        format!("{fits}\nfn long(a: [u8; 3]) -> bool\nwhere\n{{\n{body}}}\ntrait T {{ fn none(&self); }}\n");
    let tree =
        [("app/src/a.rs", long_file.as_str()), ("app/src/b.rs", long.as_str()), ("style/a.css", &long_file)];
    let expected = [
        "app/src/a.rs:0 301 lines, 300 at most",
        "app/src/b.rs:72 this function has 73 lines, 70 at most",
        "style/a.css:0 301 lines, 300 at most",
    ];
    assert_eq!(faults(&tree), expected);
}

#[test]
fn names_that_say_nothing() {
    let tree = [
        ("journey/src/service.rs", ""),
        ("app/src/helpers.rs", ""),
        ("app/src/date_utils.rs", ""),
        ("end2end/common.ts", ""),
        ("app/src/page.rs", "mod types {\n}\nmod tests {}\n"),
        ("helper/src/main.rs", ""),
    ];
    let found = faults(&tree);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.iter().all(|fault| fault.contains("says nothing")), "{found:?}");
    assert!(found.contains(&"app/src/page.rs:1 `types` says nothing of what is inside".to_owned()));
}

#[test]
fn a_folder_says_what_it_owns() {
    let tree = [
        ("key/src/soft/mod.rs", "//! Owns: the soft key.\n//! Start at: card.rs\n"),
        ("key/src/soft/card.rs", ""),
        ("key/src/profile.rs", "//! Owns: a.\n//! Never: b.\n//! Start at: c.\n"),
        ("key/src/profile/iso7816.rs", ""),
    ];
    assert_eq!(faults(&tree), ["key/src/soft/mod.rs:1 the folder does not say Never:"]);
}

#[test]
fn docs_name_files_that_exist() {
    let page = "`journey/src/table.rs`, [here](../README.md), `journey/src/<name>.rs`, `var/office/staff.txt`\n\
                `journey/src/gone.rs` and [lost](words.md)\n";
    let tree = [("docs/a.md", page), ("README.md", ""), ("journey/src/table.rs", "")];
    let expected =
        ["docs/a.md:2 `journey/src/gone.rs` does not exist", "docs/a.md:2 `words.md` does not exist"];
    assert_eq!(faults(&tree), expected);
}

#[test]
fn a_promise_names_a_test_that_exists() {
    let page = "`key/src/pin.rs::ten_tries` and `key/src/pin.rs::eleven_tries`\n";
    let tree = [("docs/security.md", page), ("key/src/pin.rs", "#[test]\nfn ten_tries() {}\n")];
    assert_eq!(faults(&tree), ["docs/security.md:1 `key/src/pin.rs` holds no `eleven_tries`"]);
}
