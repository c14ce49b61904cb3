//! A renewal on the key: the next generation beside the one in use, cut at any command, with the power or without it.

use certificate::{Certificate, KeyPair, PublicKey, cipher, envelope};
use futures::executor::block_on;
use getrandom::SysRng;
use key::{
    KeyError,
    generation::{install_next, make_next, switch},
    key::{Key, PinKind, Slot},
    past::prepare_past,
    signing::Point,
    statement,
};

use super::{NONCE, Stand, finished, subject, user};
use crate::office::Issued;

laws! {
    b02_pairs_of_before_that_the_key_lost_come_back,
    b02_pairs_of_before_come_back_whatever_cuts_it,
    b02_a_renewed_key_still_opens_what_was_sealed_before,
    a_renewal_cut_at_any_command_leaves_old_or_new,
}

fn renew(key: &mut impl Key, stand: &impl Stand, issued: &mut Option<Issued>) -> Result<(), KeyError> {
    if issued.is_none() {
        let made = block_on(make_next(key, &subject(), NONCE))?;
        *issued = Some(stand.office().issue(&made.request));
    }
    let Issued { sign_certificate, encrypt_certificate, enveloped_key, .. } = issued.as_ref().unwrap();
    block_on(install_next(key, sign_certificate, encrypt_certificate, enveloped_key))?;
    block_on(switch(key, sign_certificate, encrypt_certificate))
}

fn b02_a_renewed_key_still_opens_what_was_sealed_before(stand: &mut impl Stand) {
    let (mut key, first) = finished(stand);
    let before = cipher::encrypt(&first.encryption_key, b"before", &mut SysRng).unwrap();
    let mut second = None;
    renew(&mut key, stand, &mut second).unwrap();
    let second = second.unwrap();
    let signature = block_on(key.sign(b"x")).unwrap();
    stand.office().accept(&second.sign_certificate, b"x", &signature);
    assert_eq!(block_on(key.list_past()), Ok(vec![first.encryption_key.to_point()]));
    assert_eq!(block_on(key.decrypt_with(Slot::PastEncrypt(0), &before)).unwrap(), b"before");
    assert_eq!(block_on(key.decrypt(&before)), Err(KeyError::BadEnvelope));
    assert_eq!(block_on(key.public_point(Slot::NextSign)), Err(KeyError::NotFound));
}

fn a_renewal_cut_at_any_command_leaves_old_or_new(stand: &mut impl Stand) {
    let (key, mut in_use) = finished(stand);
    drop(key);
    for at in (0..).step_by(stand.stride() as usize) {
        for cut in [None, Some(false), Some(true)] {
            let mut key = stand.open().unwrap();
            block_on(key.verify_pin(PinKind::User, &user())).unwrap();
            match cut {
                None => stand.pull_after(at),
                Some(done) => stand.power_goes_after(at, done),
            }
            let mut issued = None;
            let outcome = renew(&mut key, stand, &mut issued);
            drop(key);
            if outcome.is_ok() {
                assert!(at > 15, "{at} commands");
                return;
            }
            assert_eq!(outcome, Err(KeyError::Removed), "at command {at}, {cut:?}");
            stand.put_back();
            let mut key = stand.open().unwrap();
            block_on(key.verify_pin(PinKind::User, &user())).unwrap();
            let found = block_on(key.read_certificate(Slot::Sign)).unwrap();
            // Old or new, and whole: it signs for the certificate that it shows.
            let new = issued.as_ref().map(|issued| issued.sign_certificate.clone());
            assert!(found.as_ref() == Some(&in_use.sign_certificate) || found == new, "at {at}, {cut:?}");
            let signature = block_on(key.sign(b"whole")).unwrap();
            stand.office().accept(&found.unwrap(), b"whole", &signature);
            renew(&mut key, stand, &mut issued)
                .unwrap_or_else(|error| panic!("resumed after {at}, {cut:?}: {error}"));
            in_use = issued.unwrap();
            let (point, past) = (block_on(key.public_point(Slot::Encrypt)), block_on(key.list_past()));
            assert_eq!(point, Ok(in_use.encryption_key.to_point()));
            if past.unwrap().len() >= 4 {
                drop(key);
                (_, in_use) = finished(stand);
            }
        }
    }
}

/// For the place that the key gave.
fn enveloped(pair: &KeyPair, place: &Point) -> Vec<u8> {
    let place = PublicKey::from_point(place).unwrap();
    envelope::seal(pair, &place, envelope::Layout::Bytes64, &mut SysRng).unwrap()
}

fn pairs<const N: usize>() -> [KeyPair; N] {
    std::array::from_fn(|_| KeyPair::generate(&mut SysRng).unwrap())
}

fn come_back(key: &mut impl Key, pair: &KeyPair) -> Result<(), KeyError> {
    let place = block_on(prepare_past(key, 1, NONCE))?.places[0];
    block_on(key.import_past_pair(&place, &enveloped(pair, &place)))
}

fn opens(key: &mut impl Key, number: u8, pair: &KeyPair) {
    let sealed = cipher::encrypt(&pair.public_key(), b"of before", &mut SysRng).unwrap();
    assert_eq!(block_on(key.decrypt_with(Slot::PastEncrypt(number), &sealed)).unwrap(), b"of before");
}

fn b02_pairs_of_before_that_the_key_lost_come_back(stand: &mut impl Stand) {
    let serial = stand.blank();
    let mut key = stand.open().unwrap();
    let first = stand.office().issue(&super::begin(&mut key).unwrap().request);
    super::install(&mut key, &first).unwrap();
    let [one, two, other] = pairs();
    let prepared = block_on(prepare_past(&mut key, 2, NONCE)).unwrap();
    let said = statement::past_prepared(NONCE, &serial, &prepared.places);
    stand.office().accept(&first.sign_certificate, &said, &prepared.signature);
    let [a, b] = prepared.places[..] else { panic!("{} places", prepared.places.len()) };
    // What was given and not filled is given again: nothing is used up by asking.
    assert_eq!(block_on(key.prepare_past(2)).unwrap(), [a, b]);
    // Sealed to somebody else.
    let strangers = enveloped(&one, &other.public_key().to_point());
    assert_eq!(block_on(key.import_past_pair(&a, &strangers)), Err(KeyError::BadEnvelope));
    assert_eq!(block_on(key.list_past()), Ok(vec![]));
    block_on(key.import_past_pair(&b, &enveloped(&one, &b))).unwrap();
    // Twice is once; and the pair in use is not one of before.
    block_on(key.import_past_pair(&b, &enveloped(&one, &b))).unwrap();
    let signing = Certificate::from_der(&first.sign_certificate).unwrap().public_key().unwrap();
    block_on(key.import_past_pair(&signing.to_point(), &first.enveloped_key)).unwrap();
    block_on(key.import_past_pair(&a, &enveloped(&two, &a))).unwrap();
    let mut past = block_on(key.list_past()).unwrap();
    for (pair, number) in [&one, &two].map(|pair| {
        let point = pair.public_key().to_point();
        (pair, past.iter().position(|held| *held == point).unwrap())
    }) {
        opens(&mut key, number as u8, pair);
    }
    // They stay behind what a renewal adds.
    let mut second = None;
    renew(&mut key, stand, &mut second).unwrap();
    past.insert(0, first.encryption_key.to_point());
    assert_eq!(block_on(key.list_past()).unwrap(), past);
    // And need the PIN.
    drop(key);
    let mut fresh = stand.open().unwrap();
    assert_eq!(
        block_on(fresh.prepare_past(1))
            .and_then(|place| { block_on(fresh.import_past_pair(&place[0], &enveloped(&other, &place[0]))) }),
        Err(KeyError::NotLoggedIn)
    );
}

fn b02_pairs_of_before_come_back_whatever_cuts_it(stand: &mut impl Stand) {
    let (key, mut in_use) = finished(stand);
    drop(key);
    let mut before = 0;
    for at in (0..).step_by(stand.stride().div_ceil(2) as usize) {
        let [one] = pairs();
        let mut key = stand.open().unwrap();
        block_on(key.verify_pin(PinKind::User, &user())).unwrap();
        stand.power_goes_after(at, at % 2 == 0);
        let outcome = come_back(&mut key, &one);
        drop(key);
        if outcome.is_ok() {
            return;
        }
        assert_eq!(outcome, Err(KeyError::Removed), "at command {at}");
        stand.put_back();
        let mut key = stand.open().unwrap();
        block_on(key.verify_pin(PinKind::User, &user())).unwrap();
        come_back(&mut key, &one).unwrap_or_else(|error| panic!("resumed after {at}: {error}"));
        before += 1;
        opens(&mut key, before - 1, &one);
        assert_eq!(block_on(key.list_past()).unwrap().len(), usize::from(before));
        let signature = block_on(key.sign(b"whole")).unwrap();
        stand.office().accept(&in_use.sign_certificate, b"whole", &signature);
        if before == 10 {
            drop(key);
            (_, in_use) = finished(stand);
            before = 0;
        }
    }
}
