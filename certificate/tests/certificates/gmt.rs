//! Everything under China's SM2 identity before libcrypto: `libcrypto.c` gives it the identity on each certificate,
//! list and response, which the `openssl` program cannot.

use std::path::{Path, PathBuf};
use std::process::Command;

use certificate::revocation::{Entry, Reason};
use certificate::status::{Answer, CertificateId, Hash, Standing};

use crate::judge::Judge;
use crate::stage::{self, NOW};
use crate::tree::{self, DAY, Kind, Tree};

/// Compiles the judge into the test's own folder.
fn program(test: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("judge").join(test).join("libcrypto");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates/libcrypto.c");
    let output = Command::new("cc")
        .args(["-Wall", "-Werror", "-o"])
        .arg(&program)
        .arg(source)
        .arg("-lcrypto")
        .output();
    let output = output.expect("this test needs a C compiler (Debian: apt-get install gcc libssl-dev)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

struct Bench {
    judge: Judge,
    tree: Tree,
    program: PathBuf,
}

impl Bench {
    fn new(test: &str) -> Self {
        let judge = Judge::new(test);
        let tree = Tree::new(Kind::Sm2, &judge);
        judge.write("root.pem", tree.root.certificate.to_pem());
        judge.write("issuing.pem", tree.issuing.certificate.to_pem());
        judge.write("good.pem", tree.good.to_pem());
        judge.write("revoked.pem", tree.revoked.to_pem());
        let revoked = Entry { serial: tree::serial(&tree.revoked), at: NOW, reason: Reason::KeyCompromise };
        judge.write_list("root.crl", &tree.list("root", 1, None, &[]));
        judge.write_list("root-delta.crl", &tree.list("root", 2, Some(1), &[]));
        judge.write_list("issuing.crl", &tree.list("issuing", 7, None, &[revoked]));
        judge.write_list("delta.crl", &tree.list("issuing", 8, Some(7), &[]));
        Bench { judge, tree, program: program(test) }
    }

    /// The judge's words and whether it was satisfied.
    fn ask(&self, leaf: &str, issuing: &str, more: &[&str]) -> (bool, String) {
        let at = (NOW + 60).to_string();
        let words = [&[&at[..], "root.pem", issuing, leaf], more].concat();
        let output =
            Command::new(&self.program).args(words).current_dir(self.judge.folder()).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    fn answer(&self, delegated: bool, standing: Standing) -> Vec<u8> {
        let id =
            CertificateId::new(Hash::Sm3, &self.tree.issuing.certificate, &tree::serial(&self.tree.good));
        let answer = Answer { id, standing, this_update: NOW, next_update: Some(NOW + DAY) };
        self.tree.answer(delegated, &[answer], None)
    }
}

const LISTS: [&str; 4] = ["root.crl", "root-delta.crl", "issuing.crl", "delta.crl"];

#[test]
fn libcrypto_believes_the_chain_and_no_other() {
    let bench = Bench::new("gmt_chain");
    assert_eq!(bench.ask("good.pem", "issuing.pem", &[]), (true, "OK\n".into()));
    assert_eq!(bench.ask("revoked.pem", "issuing.pem", &[]), (true, "OK\n".into()));
    // An authority of the same name, with another key, under the same root.
    let (_, stranger) = stage::authorities();
    bench.judge.write("stranger.pem", stranger.certificate.to_pem());
    let (good, said) = bench.ask("good.pem", "stranger.pem", &[]);
    assert!(!good && said.contains("unable to get"), "{said}");
    // A tree signed under the empty identity is not one of ours.
    let empty = Tree::new(Kind::Sm2EmptyId, &bench.judge);
    bench.judge.write("good.pem", empty.good.to_pem());
    let (good, said) = bench.ask("good.pem", "issuing.pem", &[]);
    assert!(!good && said.contains("certificate signature failure"), "{said}");
}

#[test]
fn libcrypto_believes_the_lists_and_finds_the_revoked() {
    let bench = Bench::new("gmt_lists");
    assert_eq!(bench.ask("good.pem", "issuing.pem", &LISTS), (true, "OK\n".into()));
    assert_eq!(bench.ask("revoked.pem", "issuing.pem", &LISTS), (false, "certificate revoked\n".into()));
    let mut changed = bench.tree.list("issuing", 7, None, &[]);
    *changed.last_mut().unwrap() ^= 1;
    bench.judge.write_list("issuing.crl", &changed);
    assert_eq!(bench.ask("good.pem", "issuing.pem", &LISTS), (false, "CRL signature failure\n".into()));
}

#[test]
fn libcrypto_believes_the_responder() {
    let bench = Bench::new("gmt_answers");
    let hold = Standing::Revoked { at: NOW, reason: Reason::CertificateHold };
    for delegated in [true, false] {
        for (standing, words) in
            [(Standing::Good, "good -1"), (hold, "revoked 6"), (Standing::Unknown, "unknown -1")]
        {
            bench.judge.write("response.der", bench.answer(delegated, standing));
            let said = bench.ask("good.pem", "issuing.pem", &["response.der"]);
            assert_eq!(said, (true, format!("response: {words}\nOK\n")));
            let said = bench.ask("revoked.pem", "issuing.pem", &["response.der"]);
            assert_eq!(said, (false, "response: another certificate\n".into()));
        }
        let mut changed = bench.answer(delegated, Standing::Good);
        let at = changed.windows(15).position(|window| window == b"20261101000000Z").unwrap();
        changed[at + 13] = b'1';
        bench.judge.write("response.der", &changed);
        let said = bench.ask("good.pem", "issuing.pem", &["response.der"]);
        assert_eq!(said, (false, "response: bad signature\n".into()));
    }
}
