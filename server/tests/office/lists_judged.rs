//! Revocation lists before OpenSSL.

use crate::judge::Judge;
use crate::lone_desk::LoneDesk;
use crate::publishing::until_list;
use crate::relying::reason;
use certificate::revocation::{Reason, RevocationList};
use server::standing::{By, Which};

/// OpenSSL with the issuer of the desk, for whom it signs leaves of its own.
struct Court(Judge);

impl Court {
    fn of(desk: &LoneDesk) -> Court {
        let judge = Judge::new("published_lists");
        judge.write("root.pem", desk.root.to_pem());
        judge.write("issuing.pem", desk.issuing.to_pem());
        judge.write("issuing.der", desk.issuing_key.to_pkcs8_der().unwrap());
        judge.must(&["pkcs8", "-inform", "DER", "-in", "issuing.der", "-nocrypt", "-out", "issuing.key"]);
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key"];
        judge.must(&[&["req", "-new", "-subj", "/CN=leaf", "-out", "leaf.req"], &key[..]].concat());
        Court(judge)
    }

    fn leaf(&self, serial: &str, file: &str) {
        let serial = format!("0x{serial}");
        let issuer = ["-CA", "issuing.pem", "-CAkey", "issuing.key", "-set_serial", &serial, "-days", "30"];
        self.0.must(&[&["x509", "-req", "-in", "leaf.req", "-out", file], &issuer[..]].concat());
    }

    /// Its signature holds; kept as PEM.
    fn take(&self, list: &RevocationList, file: &str) {
        self.0.write("list.der", list.der());
        let issuer = ["-CAfile", "issuing.pem"];
        let verdict =
            self.0.run(&[&["crl", "-inform", "DER", "-in", "list.der", "-out", file], &issuer[..]].concat());
        assert!(verdict.good && verdict.said.contains("verify OK"), "{}", verdict.said);
    }

    /// Whether the leaf is good at this moment by these lists; what is said if it is not.
    fn verify(&self, now: i64, lists: &[&str], leaf: &str) -> Result<(), String> {
        let pem: Vec<u8> = lists.iter().flat_map(|file| self.0.read(file)).collect();
        self.0.write("lists.pem", pem);
        let now = now.to_string();
        let rules = ["-crl_check", "-use_deltas", "-extended_crl", "-CRLfile", "lists.pem", "-attime", &now];
        let chain = ["-CAfile", "root.pem", "-untrusted", "issuing.pem", leaf];
        let verdict = self.0.run(&[&["verify"], &rules[..], &chain].concat());
        if verdict.good { Ok(()) } else { Err(verdict.said) }
    }
}

/// Stock OpenSSL on P-256: signature, chain, a revoked leaf by the full list, and by the old full list with its delta.
#[tokio::test]
async fn r162_openssl_judges_the_lists() {
    let mut desk = LoneDesk::open().await;
    let court = Court::of(&desk);
    let [revoked, held] = [desk.issued(1, 365).await.remove(0), desk.issued(1, 365).await.remove(0)];
    court.leaf(&revoked, "revoked.pem");
    court.leaf(&held, "held.pem");
    desk.work().await;
    court.take(&until_list(&desk, false, "the first full list", |_| true).await, "full.pem");
    for leaf in ["revoked.pem", "held.pem"] {
        assert_eq!(court.verify(desk.now(), &["full.pem"], leaf), Ok(()));
    }
    desk.suspend(&held).await;
    desk.revoke(&revoked).await;
    desk.clock.forward_s(1);
    let both = |list: &RevocationList| reason(list, &held).is_some() && reason(list, &revoked).is_some();
    court.take(&until_list(&desk, true, "the delta", both).await, "delta.pem");
    desk.clock.forward_s(6);
    court.take(&until_list(&desk, false, "the next full list", both).await, "next.pem");
    for lists in [&["next.pem"][..], &["full.pem", "delta.pem"]] {
        for leaf in ["revoked.pem", "held.pem"] {
            let said = court.verify(desk.now(), lists, leaf).unwrap_err();
            assert!(said.contains("certificate revoked"), "{lists:?}: {said}");
        }
    }
    // Resumed: the list with the hold and the delta after it.
    desk.status.resume(Which::Serial(held.clone()), By::new("tester", "试验")).await.unwrap();
    desk.clock.forward_s(1);
    let removed = |list: &RevocationList| reason(list, &held) == Some(Reason::RemoveFromCrl);
    court.take(&until_list(&desk, true, "the delta that takes it off", removed).await, "off.pem");
    assert_eq!(court.verify(desk.now(), &["next.pem", "off.pem"], "held.pem"), Ok(()));
}

/// SM2 signatures of lists are judged where the GM/T identity can be said: `openssl dgst`.
#[tokio::test]
async fn openssl_checks_an_sm2_list_under_the_gmt_identity() {
    let house = crate::house::House::open().await;
    let relying = crate::relying::Relying::on(&house, "issuing");
    let list = relying.until_list(false, "the first full list", |_| true).await;
    let judge = Judge::new("sm2_list");
    judge.write("public.der", relying.issuer.spki());
    judge.write("signature.der", list.signature());
    judge.write("tbs.der", list.tbs_der());
    judge.must(&["pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-out", "public.pem"]);
    judge.must(&[
        "dgst",
        "-sm3",
        "-sigopt",
        crate::judge::DISTID,
        "-verify",
        "public.pem",
        "-signature",
        "signature.der",
        "tbs.der",
    ]);
}
