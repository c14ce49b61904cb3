//! The log of acts: every act and refusal stands there, and no line can be changed, dropped or moved (C18).

use std::fs;

use certificate::KeyKind;
use signer::{LogFault, SigningDesk, verify_log};

use crate::house::{House, grant};

async fn written() -> (House, Vec<u8>) {
    let house = House::new(KeyKind::Sm2);
    let log_key = log_key(&house);
    let ring = house.open();
    let mut wrong = grant(&house.draft(), "order 2");
    wrong.spki_digest = [0; 32];
    let work = vec![house.work(&house.draft(), "order 1"), house.work_with(&house.draft(), wrong)];
    ring.sign("issuing", work).await;
    ring.sign("nobody", vec![house.work(&house.draft(), "order 3")]).await;
    drop(ring);
    (house, log_key)
}

/// The key stands in the header of its file.
fn log_key(house: &House) -> Vec<u8> {
    use base64::Engine as _;
    let text = fs::read_to_string(house.settings.key_dir.join("log.key")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("public: ")).unwrap();
    base64::engine::general_purpose::STANDARD.decode(line).unwrap()
}

#[tokio::test]
async fn acts_and_refusals_stand_in_the_log_under_a_signature() {
    let (house, key) = written().await;
    let log = house.log();
    let line = |needle: &str| log.lines().filter(|line| line.contains(needle)).count();
    assert_eq!(line(r#""case":"order 1","slot":"sign""#), 1);
    assert_eq!(line(r#""outcome":"granted""#), 1);
    assert_eq!(line(r#""code":"signer_token_public_key""#), 1);
    assert_eq!(line(r#""code":"signer_unknown_key""#), 1);
    assert!(line(r#""deed":"ceremony""#) >= 5, "{log}");
    let report = verify_log(&house.settings.log_file, Some(&key)).unwrap();
    assert_eq!((report.lines as usize, report.unsealed, report.torn), (log.lines().count(), 0, 0));
    assert_eq!(report.seals, 2, "one for the ceremony, one for the ring");
}

#[tokio::test]
async fn a_changed_dropped_or_moved_line_shows_and_stops_the_ring() {
    let (house, key) = written().await;
    let log = house.log();
    let lines: Vec<&str> = log.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let changed = log.replacen("order 1", "order 9", 1);
    let dropped = joined(&[&lines[..3], &lines[4..]].concat());
    let mut order = lines.clone();
    order.swap(2, 3);
    for text in [changed, dropped, joined(&order)] {
        fs::write(&house.settings.log_file, text).unwrap();
        let fault = verify_log(&house.settings.log_file, None).unwrap_err();
        assert!(matches!(fault, LogFault::Chain(_)), "{fault}");
        assert!(house.try_open().is_err());
    }
    // Whoever recomputes the chain lacks the key.
    let other = House::new(KeyKind::Sm2);
    fs::write(&house.settings.log_file, other.log()).unwrap();
    assert!(verify_log(&house.settings.log_file, None).is_ok());
    assert!(matches!(verify_log(&house.settings.log_file, Some(&key)), Err(LogFault::Seal(_))));
    assert!(house.try_open().is_err());
}

/// A crash while writing leaves half a line: nothing was signed for it, and the ring goes on.
#[tokio::test]
async fn half_a_line_at_the_end_is_cut_off() {
    let (house, key) = written().await;
    let mut log = house.log();
    log.push_str(r#"{"n":99,"at":17"#);
    fs::write(&house.settings.log_file, log).unwrap();
    assert_eq!(verify_log(&house.settings.log_file, Some(&key)).unwrap().torn, 15);
    let ring = house.open();
    assert!(ring.sign("issuing", vec![house.work(&house.draft(), "order 5")]).await[0].is_ok());
    drop(ring);
    assert_eq!(verify_log(&house.settings.log_file, Some(&key)).unwrap().torn, 0);
}

#[tokio::test]
async fn one_process_holds_the_log() {
    let house = House::new(KeyKind::Sm2);
    let _ring = house.open();
    assert!(house.try_open().err().unwrap().to_string().contains("held by another"));
}

#[tokio::test]
async fn a_long_row_of_acts_is_sealed_at_intervals() {
    let house = House::new(KeyKind::P256);
    let key = log_key(&house);
    let ring = house.open();
    let draft = house.draft();
    let batch = || (0..500).map(|n| house.work(&draft, &format!("order {n}"))).collect();
    for _ in 0..3 {
        let signed = ring.sign("issuing", batch()).await;
        assert!(signed.iter().all(Result::is_ok));
    }
    let report = verify_log(&house.settings.log_file, Some(&key)).unwrap();
    assert!(report.seals >= 2 && report.unsealed < 1000, "{report:?}");
}

/// Whoever can write the log: takes all seals away, numbers the lines anew and chains them anew.
fn rewrite(log: &str, keep: impl Fn(&str) -> bool) -> String {
    use sm3::{Digest, Sm3};
    let (mut text, mut chain) = (String::new(), [0_u8; 32]);
    for (n, line) in log.lines().filter(|line| keep(line)).enumerate() {
        let (body, _) = line.rsplit_once(r#","chain":""#).unwrap();
        let rest = body.split_once(',').unwrap().1;
        let body = format!(r#"{{"n":{n},{rest}"#);
        chain = Sm3::new().chain_update(chain).chain_update(&body).finalize().into();
        text += &format!("{body},\"chain\":\"{}\"}}\n", certificate::digest::hex(&chain));
    }
    text
}

fn no_seal(line: &str) -> bool {
    !line.contains(r#""deed":"seal""#)
}

#[tokio::test]
async fn a_log_whose_seals_were_taken_away_does_not_open() {
    let (house, key) = written().await;
    let log_file = &house.settings.log_file;
    drop(house.open());
    let log = house.log();
    let stripped = rewrite(&log, no_seal);
    fs::write(log_file, &stripped).unwrap();
    assert!(verify_log(log_file, None).is_ok(), "the chain alone holds");
    assert!(matches!(verify_log(log_file, Some(&key)), Err(LogFault::UnsealedStop(_))));
    assert!(house.try_open().is_err());
    // The orderly ends went too: the file beside the log knows better.
    fs::write(log_file, rewrite(&log, |line| no_seal(line) && !line.contains(r#""deed":"stop""#))).unwrap();
    assert!(matches!(verify_log(log_file, Some(&key)), Err(LogFault::Cut(_))));
    assert!(house.try_open().is_err());
    // And that file cannot be taken away, nor another's put in its place.
    let beside = log_file.with_file_name("acts.log.seal");
    let other = House::new(KeyKind::Sm2);
    fs::copy(other.settings.log_file.with_file_name("acts.log.seal"), &beside).unwrap();
    assert!(matches!(verify_log(log_file, Some(&key)), Err(LogFault::LastSeal)));
    assert!(house.try_open().is_err());
    fs::remove_file(&beside).unwrap();
    assert!(house.try_open().err().unwrap().to_string().contains("last seal"));
}

#[tokio::test]
async fn a_signed_log_does_not_open_without_its_key() {
    let (house, _) = written().await;
    fs::remove_file(house.settings.key_dir.join("log.key")).unwrap();
    let error = house.try_open().err().unwrap().to_string();
    assert!(error.contains("log.key"), "{error}");
    // Without any seal the file beside it still tells.
    fs::write(&house.settings.log_file, rewrite(&house.log(), no_seal)).unwrap();
    assert!(house.try_open().err().unwrap().to_string().contains("log.key"));
    assert!(signer::Ceremony::open(&house.settings, house.clock()).is_err());
}

#[tokio::test]
async fn a_log_that_was_cut_off_does_not_open() {
    let (house, key) = written().await;
    let log = house.log();
    let lines: Vec<&str> = log.lines().collect();
    let first_seal = lines.iter().position(|line| !no_seal(line)).unwrap();
    // To the end of the ceremony, whose own seal still stands; to nothing.
    for kept in [first_seal + 1, lines.len() - 1, 0] {
        let text: String = lines[..kept].iter().map(|line| format!("{line}\n")).collect();
        fs::write(&house.settings.log_file, text).unwrap();
        let fault = verify_log(&house.settings.log_file, Some(&key)).unwrap_err();
        assert!(matches!(fault, LogFault::Cut(_)), "{fault}");
        assert!(house.try_open().is_err());
    }
    fs::write(&house.settings.log_file, &log).unwrap();
    assert!(verify_log(&house.settings.log_file, Some(&key)).unwrap().compared);
    assert!(house.try_open().is_ok());
}
