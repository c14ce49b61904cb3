//! Where authorities come from: imported, or moved from a store of before; and responders, whose certificates are short.

use crate::house::House;
use crate::partners::{TOKEN, asked, dice, given, key, post, settings};
use crate::relying::{Relying, pairs};
use crate::town::{Town, until};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::extension::Places;
use certificate::status::{Hash, Standing};
use certificate::{Authority, Certificate, KeyKind, Name, NameParts, Signer, SoftwareKey};
use serde_json::Value;
use server::clock::{Clock, SystemClock};
use server::office::Office;
use server::sealing::Sealing;
use server::store::{self, Store, StoreError};
use std::path::Path;
use std::sync::Arc;

const DAY: i64 = 86_400;

fn name(common_name: &str) -> Name {
    let parts = NameParts { common_name: Some(common_name.into()), ..NameParts::default() };
    Name::from_parts(&parts).unwrap()
}

/// A root and an issuing authority under it, made elsewhere, and their keys in PKCS#8.
struct Chain {
    root: Certificate,
    issuing: Certificate,
    root_key: Vec<u8>,
    issuing_key: Vec<u8>,
}

impl Chain {
    fn new() -> Chain {
        let now = SystemClock.now().millis() / 1000 - 60;
        let (mut dice, keys) = (dice(), [key(KeyKind::Sm2), key(KeyKind::Sm2)]);
        let [root_key, issuing_key] = keys.each_ref().map(|key| key.to_pkcs8_der().unwrap().to_vec());
        let [above, below] = keys.map(|key| Arc::new(key) as Arc<dyn Signer>);
        let root = Authority::new_root(&name("Root"), above, now, &mut dice).unwrap();
        let issuing = root.new_issuing(&name("Issuing"), below, &Places::default(), now, &mut dice).unwrap();
        Chain { root: root.certificate, issuing: issuing.certificate, root_key, issuing_key }
    }

    /// Lays down the files of an import, the root without its key, and gives the settings that name them.
    fn lay(&self, folder: &Path, issuing_key: &[u8]) -> String {
        std::fs::write(folder.join("root.pem"), self.root.to_pem()).unwrap();
        std::fs::write(folder.join("issuing.pem"), self.issuing.to_pem()).unwrap();
        let lines: Vec<String> = BASE64
            .encode(issuing_key)
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        std::fs::write(folder.join("issuing.key.pem"), pem).unwrap();
        let folder = folder.display();
        format!(
            "[authority.imported.root]\ncertificate_file = \"{folder}/root.pem\"\n\
             [authority.imported.issuing]\ncertificate_file = \"{folder}/issuing.pem\"\n\
             key_file = \"{folder}/issuing.key.pem\"\n"
        )
    }
}

async fn found(more: String) -> Town {
    tokio::task::spawn_blocking(move || Town::found("127.0.0.1:1", &more)).await.unwrap()
}

async fn open(town: &Town) -> Result<Office, String> {
    let settings = server::settings::load(&town.settings_files(), std::iter::empty()).unwrap();
    Box::pin(Office::open(settings, town.clock.clone(), dice())).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn c10_an_imported_authority_signs_and_its_key_lies_sealed() {
    let (files, chain) = (tempfile::tempdir().unwrap(), Chain::new());
    let house =
        House::open_with(&format!("{}{}", settings(), chain.lay(files.path(), &chain.issuing_key))).await;
    let issued =
        given(&post(&house.town, TOKEN, &asked("I-1", "organisation", "甲公司", &key(KeyKind::Sm2))).await);
    let pem = |value: &Value| Certificate::from_pem(value.as_str().unwrap()).unwrap();
    pem(&issued["certificates"][0]["certificate"]).verify(&chain.issuing).unwrap();
    assert_eq!([pem(&issued["chain"][0]), pem(&issued["chain"][1])], [chain.issuing.clone(), chain.root]);
    let kept = std::fs::read(house.town.data().join("authority-keys/issuing.key")).unwrap();
    assert!(!kept.windows(32).any(|part| chain.issuing_key.windows(32).any(|secret| secret == part)));
}

#[tokio::test]
async fn c10_the_file_of_an_imported_key_is_wanted_once() {
    let (files, chain) = (tempfile::tempdir().unwrap(), Chain::new());
    let town = found(chain.lay(files.path(), &chain.issuing_key)).await;
    drop(open(&town).await.unwrap());
    std::fs::remove_file(files.path().join("issuing.key.pem")).unwrap();
    // Its last task gives the folder back.
    let again = until("the office to open again", || async { open(&town).await.ok() }).await;
    assert_eq!(again.issuing.authorities().load("issuing").unwrap().certificate, chain.issuing);
    let files = ["issuing.key", "issuing.crt"].map(|file| town.data().join("authority-keys").join(file));
    assert!(files.iter().all(|file| file.exists()));
}

#[tokio::test]
async fn c10_an_import_that_does_not_fit_together_opens_no_office() {
    let (files, chain) = (tempfile::tempdir().unwrap(), Chain::new());
    let wrong_key = found(chain.lay(files.path(), &chain.root_key)).await;
    let why = open(&wrong_key).await.err().unwrap();
    assert!(why.contains("issuing: the key is not its certificate's"), "{why}");
    assert!(!wrong_key.data().join("authority-keys/issuing.key").exists(), "nothing was taken in");
    let broken = Chain { root: Chain::new().root, ..Chain::new() };
    let town = found(broken.lay(files.path(), &broken.issuing_key)).await;
    let why = open(&town).await.err().unwrap();
    assert!(why.contains("issuing: the certificate of its issuer is missing"), "{why}");
}

#[tokio::test]
async fn i5_keys_that_lay_in_the_store_move_into_sealed_files() {
    let (town, chain) = (found(String::new()).await, Chain::new());
    std::fs::create_dir_all(town.data()).unwrap();
    let store = Store::open(&town.data().join("office.db")).await.unwrap();
    let sealing = Sealing::from_file(&town.data().join("master.key"), dice()).unwrap();
    // One as PKCS#8, one as the bare scalar of the oldest rows.
    let SoftwareKey::Sm2(scalar) = SoftwareKey::from_pkcs8_der(&chain.issuing_key).unwrap() else { panic!() };
    let rows = [
        ("root", None, chain.root.der().to_vec(), chain.root_key.clone()),
        ("issuing", Some("root"), chain.issuing.der().to_vec(), scalar.to_bytes().to_vec()),
    ];
    let written = store.write(move |tx| {
        Box::pin(async move {
            for (name, issuer, certificate, key) in rows {
                let insert = "INSERT INTO authorities (name, purpose, issuer, certificate, sealed_key, demo, recorded_at)
                              VALUES ($1, $1, $2, $3, $4, 0, 1)";
                let sealed = sealing.seal(&format!("authorities.sealed_key/{name}"), &key);
                sqlx::query(insert).bind(name).bind(issuer).bind(certificate).bind(sealed).execute(&mut *tx).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    written.await.unwrap();
    store.close().await;
    let office = open(&town).await.unwrap();
    let rows = store::authorities::list(&mut office.ground.store.read().await.unwrap()).await.unwrap();
    assert!(rows.iter().all(|row| row.sealed_key.is_none()), "the store holds no key any more");
    for file in ["root.key", "issuing.key"] {
        assert!(town.data().join("authority-keys").join(file).exists(), "{file}");
    }
    // The moved key signs: a responder is certified anew by it.
    let issuing = office.issuing.authorities().load("issuing").unwrap();
    assert_eq!(issuing.certificate, chain.issuing);
    let first = office.issuing.responder("issuing").await.unwrap();
    town.clock.forward_s(25 * DAY);
    let second = office.issuing.responder("issuing").await.unwrap();
    assert_ne!(second.certificate, first.certificate);
    second.certificate.verify(&chain.issuing).unwrap();
}

#[tokio::test]
async fn r162_a_responder_is_certified_anew_before_it_ends() {
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let (serial, _) = pairs(&house, "issuing", 1).await.remove(0);
    let first = relying.response(Hash::Sha1, &serial).await.certificates.remove(0);
    let life = first.not_after() - first.not_before();
    house.town.clock.forward_s(life / 2);
    let kept = house.office.issuing.responder("issuing").await.unwrap();
    assert_eq!(kept.certificate, first, "half of its life is left");
    house.town.clock.forward_s(life / 4);
    let second = until("the answer under the next certificate", || async {
        let response = relying.response(Hash::Sha1, &serial).await;
        response.certificates.first().filter(|certificate| **certificate != first).cloned()
    })
    .await;
    assert_eq!(second.spki(), first.spki(), "the key stays");
    assert!(second.not_after() > first.not_after());
    assert_eq!(relying.standing(&serial).await, Standing::Good);
    // An office that opens next finds it in the store.
    let rows = store::authorities::list(&mut house.office.ground.store.read().await.unwrap()).await.unwrap();
    let row = rows.iter().find(|row| row.name == "responder_issuing").unwrap();
    assert_eq!(row.certificate, second.der());
}
