//! The authority upstream against `openssl cmp -port`, OpenSSL's mock authority, with settings as an operator writes them.
//! The mock gives out one canned certificate, so the key is made first.

use crate::mock::{Mock, free_port};
use crate::openssl::Folder;
use crate::outside::surroundings;
use certificate::draft::Validity;
use certificate::profile::ORGANISATION_P256;
use certificate::{Certificate, Request};
use server::clock::{Dice, SystemEntropy};
use server::fault::Fault;
use server::issuing::{Case, CertificateAuthority, Meant, Upstream, Wish};
use server::outside::{CallError, SetupError};
use server::settings::UpstreamSettings;
use server::store::certificates::Slot;
use std::sync::Arc;
use std::time::Duration;

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const BY_SECRET: &str = "-srv_ref office -srv_secret pass:0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// `ca`, a holder with key, request and certificate, and our secret.
fn folder() -> Folder {
    let folder = Folder::new();
    std::fs::write(folder.path("secret.txt"), SECRET).unwrap();
    folder
}

fn holder(folder: &Folder, name: &str) {
    folder.key(name);
    folder.run(&format!("req -new -key {name}.key -subj /CN={name} -out {name}.csr"));
    folder.issue(name);
}

/// What the office wants of the authority: the holder's request, for the name that it says.
fn wish(folder: &Folder) -> Wish {
    let der = folder.request("holder");
    let request = Request::verify(&der).unwrap();
    Wish {
        case: Case::Partner { partner: "acme".to_owned(), number: "1".to_owned(), slot: Slot::Single },
        issuer: "upstream".to_owned(),
        profile: &ORGANISATION_P256,
        subject: request.subject,
        spki: request.spki,
        request: Some(der),
        identity_codes: Vec::new(),
        validity: Validity { not_before: 0, not_after: 0 },
    }
}

fn settings(folder: &Folder, port: u16, known_by: &str, patience: u8) -> UpstreamSettings {
    let place = folder.path("");
    let text = format!(
        "url = \"http://127.0.0.1:{port}/pkix/\"\nprofiles = [\"organisation_p256\"]\n\
         certificate_file = \"FOLDER/ca.crt\"\npatience_seconds = {patience}\n{known_by}"
    );
    toml::from_str(&text.replace("FOLDER", &place.display().to_string())).unwrap()
}

const OUR_SECRET: &str =
    "[secret]\nsender = \"office\"\nreference = \"office\"\nsecret_file = \"FOLDER/secret.txt\"\n";

fn open(settings: &UpstreamSettings) -> Result<Upstream, SetupError> {
    Upstream::new(settings, surroundings(), Dice::new(Arc::new(SystemEntropy::default())))
}

async fn make(upstream: &Upstream, wish: Wish) -> Result<Certificate, Fault> {
    let meant = upstream.mean(wish)?;
    upstream.make(vec![meant]).await.pop().unwrap()
}

/// The same from the record.
fn again(meant: &Meant) -> Meant {
    let (case, issuer) = (meant.case.clone(), meant.issuer.clone());
    let (serial, request) = (meant.serial.clone(), meant.to_be_signed.clone());
    Meant::from_record(case, issuer, meant.profile, meant.spki_digest, serial, request)
}

#[tokio::test]
async fn a_request_is_recorded_as_it_is_sent_and_answered() {
    let folder = folder();
    let mock = Mock::start(&folder, &format!("{BY_SECRET} -rsp_cert holder.crt"));
    let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 5)).unwrap();
    let good = wish(&folder);
    let meant = upstream.mean(good.clone()).unwrap();
    assert_eq!(Some(&meant.to_be_signed), good.request.as_ref());
    let made = upstream.make(vec![meant]).await.pop().unwrap().unwrap();
    assert_eq!(made, folder.certificate("holder"));
}

#[tokio::test]
async fn both_sides_known_by_certificates() {
    let folder = folder();
    holder(&folder, "office");
    holder(&folder, "server");
    folder.run("pkcs8 -topk8 -nocrypt -in office.key -out office.p8");
    let mock = Mock::start(
        &folder,
        "-srv_cert server.crt -srv_key server.key -srv_trusted ca.crt -rsp_cert holder.crt",
    );
    let known = "[certificates]\ncertificate_file = \"FOLDER/office.crt\"\nkey_file = \"FOLDER/office.p8\"\n";
    let trusted = format!("{known}trusted_file = \"FOLDER/server.crt\"\n");
    let upstream = open(&settings(&folder, mock.port, &trusted, 5)).unwrap();
    assert_eq!(make(&upstream, wish(&folder)).await.unwrap(), folder.certificate("holder"));
    // Another's certificate, and one that only stands under the authority's: anybody there has such a one.
    for stranger in ["trusted_file = \"FOLDER/holder.crt\"\n", ""] {
        let stranger = format!("{known}{stranger}");
        let upstream = open(&settings(&folder, mock.port, &stranger, 5)).unwrap();
        let fault = make(&upstream, wish(&folder)).await.unwrap_err();
        assert!(matches!(fault, Fault::Partner { error: CallError::Untrusted(_), .. }), "{fault}");
    }
}

#[tokio::test]
async fn an_authority_that_lets_wait_is_waited_for() {
    let folder = folder();
    let mock =
        Mock::start(&folder, &format!("{BY_SECRET} -rsp_cert holder.crt -poll_count 2 -check_after 1"));
    let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 10)).unwrap();
    assert_eq!(make(&upstream, wish(&folder)).await.unwrap(), folder.certificate("holder"));
}

/// Patience ends: the fault passes, and the same transaction is taken up. A new one would begin with another wait.
#[tokio::test]
async fn who_waits_too_long_is_asked_again_in_the_same_transaction() {
    let folder = folder();
    let mock =
        Mock::start(&folder, &format!("{BY_SECRET} -rsp_cert holder.crt -poll_count 2 -check_after 3"));
    let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 1)).unwrap();
    let meant = upstream.mean(wish(&folder)).unwrap();
    let mut waited = 0;
    let certificate = loop {
        match upstream.make(vec![again(&meant)]).await.pop().unwrap() {
            Ok(certificate) => break certificate,
            Err(Fault::Partner { error: CallError::Again(_), .. }) => waited += 1,
            Err(fault) => panic!("{fault}"),
        }
        assert!(waited < 40, "the authority never answers");
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    assert_eq!(certificate, folder.certificate("holder"));
    assert!(waited > 1, "three seconds are more than one");
}

/// The mock answers one key alone, so the other half of this pair fails; the first is not asked for a second time.
#[tokio::test]
async fn half_a_pair_waits_for_the_other_half() {
    let folder = folder();
    holder(&folder, "other");
    // The mock knows one transaction at a time: each is one message.
    let arguments = format!("{BY_SECRET} -rsp_cert holder.crt -grant_implicitconf");
    let mock = Mock::start(&folder, &arguments);
    let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 5)).unwrap();
    let der = folder.request("other");
    let request = Request::verify(&der).unwrap();
    let first = wish(&folder);
    let case = Case::Partner { partner: "acme".to_owned(), number: "1".to_owned(), slot: Slot::Encrypt };
    let second =
        Wish { case, subject: request.subject, spki: request.spki, request: Some(der), ..first.clone() };
    let pair = [upstream.mean(first).unwrap(), upstream.mean(second).unwrap()];
    let made = upstream.make(pair.iter().map(again).collect()).await;
    assert!(made[0].is_ok() && made[1].is_err());
    drop(mock);
    for _ in 0..2 {
        let made = upstream.make(pair.iter().map(again).collect()).await;
        assert_eq!(made[0].as_ref().unwrap(), &folder.certificate("holder"));
        assert!(matches!(made[1], Err(Fault::Partner { error: CallError::Again(_), .. })));
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_told_in_the_authoritys_words() {
    let folder = folder();
    let mock = Mock::start(&folder, &format!("{BY_SECRET} -send_error -rsp_cert holder.crt"));
    let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 5)).unwrap();
    let fault = make(&upstream, wish(&folder)).await.unwrap_err();
    assert!(matches!(&fault, Fault::Certificate(why) if why.starts_with("cmp_refused: ")), "{fault}");
}

#[tokio::test]
async fn a_wrong_secret_passes_once_somebody_mends_it() {
    let folder = folder();
    let mock = Mock::start(&folder, &format!("{BY_SECRET} -rsp_cert holder.crt"));
    std::fs::write(folder.path("secret.txt"), "00000000000000000000000000000000").unwrap();
    let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 5)).unwrap();
    let fault = make(&upstream, wish(&folder)).await.unwrap_err();
    assert!(matches!(fault, Fault::Partner { error: CallError::Untrusted(_), .. }), "{fault}");
}

#[tokio::test]
async fn an_authority_that_is_away_or_speaks_no_cmp() {
    let folder = folder();
    let at = |port| settings(&folder, port, OUR_SECRET, 5);
    let nobody = free_port();
    let fault = make(&open(&at(nobody)).unwrap(), wish(&folder)).await.unwrap_err();
    assert!(matches!(fault, Fault::Partner { error: CallError::Again(_), .. }), "{fault}");
    let outside = crate::outside::Outside::start();
    let mut elsewhere = at(nobody);
    elsewhere.url = outside.settings::<toml::Table>("alipay")["gateway_url"].as_str().unwrap().to_owned();
    let fault = make(&open(&elsewhere).unwrap(), wish(&folder)).await.unwrap_err();
    assert!(matches!(fault, Fault::Partner { error: CallError::Again(_), .. }), "{fault}");
}

/// What the authority makes of a request is not taken on its word.
#[tokio::test]
async fn what_was_not_asked_for_is_not_taken() {
    let folder = folder();
    holder(&folder, "other");
    let mut cases = vec![("other.crt", "cmp_other_key")];
    // The requested key, but another name, another issuer, a life that outlasts the issuer's.
    folder.run("pkey -in holder.key -pubout -out holder.pub");
    folder.run("x509 -new -force_pubkey holder.pub -subj /CN=Somebody -CA ca.crt -CAkey ca.key -days 20 -out name.crt");
    cases.push(("name.crt", "names another subject"));
    folder.run("x509 -new -force_pubkey holder.pub -subj /CN=Holder -CA other.crt -CAkey other.key -days 20 -out issuer.crt");
    cases.push(("issuer.crt", "is not signed by"));
    folder.run(
        "x509 -new -force_pubkey holder.pub -subj /CN=Holder -CA ca.crt -CAkey ca.key -days 40 -out life.crt",
    );
    cases.push(("life.crt", "outlives its issuer"));
    for (canned, expected) in cases {
        let mock = Mock::start(&folder, &format!("{BY_SECRET} -rsp_cert {canned}"));
        let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 5)).unwrap();
        let fault = make(&upstream, wish(&folder)).await.unwrap_err();
        assert!(matches!(&fault, Fault::Certificate(why) if why.contains(expected)), "{canned}: {fault}");
    }
}

#[tokio::test]
async fn a_certificate_is_revoked_and_an_unknown_one_is_not() {
    let folder = folder();
    let mock = Mock::start(&folder, &format!("{BY_SECRET} -rsp_cert holder.crt"));
    let upstream = open(&settings(&folder, mock.port, OUR_SECRET, 5)).unwrap();
    upstream.revoke(&folder.certificate("holder"), 4).await.unwrap();
    let fault = upstream.revoke(&folder.certificate("ca"), 4).await.unwrap_err();
    assert!(matches!(&fault, Fault::Certificate(_)), "{fault}");
}

/// Nothing is sent for a request that the authority would certify otherwise than was decided.
#[test]
fn a_request_must_say_what_was_decided() {
    let folder = folder();
    holder(&folder, "other");
    let upstream = open(&settings(&folder, 1, OUR_SECRET, 5)).unwrap();
    let refused = |wish: Wish| match upstream.mean(wish).unwrap_err() {
        Fault::Certificate(why) => why,
        other => panic!("{other}"),
    };
    let good = wish(&folder);
    assert!(refused(Wish { request: None, ..good.clone() }).contains("wants the request itself"));
    let subject = folder.certificate("other").subject().clone();
    assert!(refused(Wish { subject, ..good.clone() }).contains("must name the certificate's subject"));
    let spki = folder.certificate("other").spki().to_vec();
    assert!(refused(Wish { spki, ..good }).contains("not for the key"));
}

#[test]
fn settings_that_cannot_hold_say_which() {
    let folder = folder();
    let refused = |settings: &UpstreamSettings| open(settings).err().unwrap().to_string();
    assert!(refused(&settings(&folder, 1, "", 5)).contains("[upstream.secret] or [upstream.certificates]"));
    let mut odd = settings(&folder, 1, OUR_SECRET, 5);
    odd.profiles.push("organisation_p265".to_owned());
    assert!(refused(&odd).contains("organisation_p265"));
    std::fs::write(folder.path("secret.txt"), "short").unwrap();
    assert!(refused(&settings(&folder, 1, OUR_SECRET, 5)).contains("shorter than 16"));
    folder.run("pkcs8 -topk8 -nocrypt -in ca.key -out ca.p8");
    let other = "[certificates]\ncertificate_file = \"FOLDER/holder.crt\"\nkey_file = \"FOLDER/ca.p8\"\n";
    assert!(refused(&settings(&folder, 1, other, 5)).contains("not the key of the certificate"));
    let text = "url = \"u\"\nprofiles = []\ncertificate_file = \"c\"\npatience_seconds = 60\n";
    assert!(toml::from_str::<UpstreamSettings>(text).is_err(), "an errand is somebody's for a minute");
}
