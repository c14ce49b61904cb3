//! Two generations on one key: the next one beside the one in use, the switch, and what stays of before (B02, B05).

use certificate::{PublicKey, Request, cipher, envelope};
use futures::executor::block_on;
use getrandom::SysRng;
use key::{
    KeyError,
    generation::{NextMade, Sealed, install_next, make_next, read_back, switch},
    key::{Key, PinKind, Slot},
    message::Generation,
    signing::Point,
    soft::{Faults, PowerCut},
    statement,
};

use super::{Desk, NONCE, SERIAL, SoftKey, begin, office::Issued, subject, user};

const CHALLENGE: [u8; 32] = [7; 32];

fn make(key: &mut SoftKey) -> Result<NextMade, KeyError> {
    block_on(make_next(key, &subject(), NONCE))
}

fn put(key: &mut SoftKey, issued: &Issued) -> Result<(), KeyError> {
    let Issued { sign_certificate, encrypt_certificate, enveloped_key, .. } = issued;
    block_on(install_next(key, sign_certificate, encrypt_certificate, enveloped_key))
}

fn change_over(key: &mut SoftKey, issued: &Issued) -> Result<(), KeyError> {
    block_on(switch(key, &issued.sign_certificate, &issued.encrypt_certificate))
}

fn sealed_to(key: &PublicKey) -> Vec<u8> {
    cipher::encrypt(key, &CHALLENGE, &mut SysRng).unwrap()
}

/// The whole renewal, from the pair to the switch.
fn renew(desk: &Desk, key: &mut SoftKey) -> Issued {
    let issued = desk.office.issue(&make(key).unwrap().request);
    put(key, &issued).unwrap();
    change_over(key, &issued).unwrap();
    issued
}

#[test]
fn b02_what_was_encrypted_before_a_renewal_opens_after_it_and_after_the_next() {
    let desk = Desk::set_up();
    let (mut key, first) = desk.finished();
    let before = sealed_to(&first.encryption_key);
    let second = renew(&desk, &mut key);
    let meanwhile = sealed_to(&second.encryption_key);
    let third = renew(&desk, &mut key);
    assert_eq!(block_on(key.list_past()).unwrap(), [&second, &first].map(|it| it.encryption_key.to_point()));
    let past = [&first, &second].map(|it| it.encryption_key.to_point());
    let sealed: Vec<Sealed> = [(&past[0], &before), (&past[1], &meanwhile)]
        .map(|(point, challenge)| Sealed { point, challenge })
        .into();
    let own = sealed_to(&third.encryption_key);
    let read = block_on(read_back(&mut key, Generation::InUse, NONCE, Some(&own), &sealed)).unwrap();
    let opened = statement::encryption_proof(NONCE, &CHALLENGE);
    assert_eq!(read.encryption_proof, Some(opened.clone()));
    assert_eq!(read.past_proofs, [Some(opened.clone()), Some(opened)]);
    assert_eq!(
        (read.sign_certificate, read.encrypt_certificate),
        (third.sign_certificate, third.encrypt_certificate)
    );
    // Each pair of before has its certificate beside it, and opens nothing but its own.
    assert_eq!(block_on(key.read_certificate(Slot::PastEncrypt(1))), Ok(Some(first.encrypt_certificate)));
    assert_eq!(block_on(key.decrypt(&before)), Err(KeyError::BadEnvelope));
    assert_eq!(block_on(key.decrypt_with(Slot::PastEncrypt(0), &before)), Err(KeyError::BadEnvelope));
    assert_eq!(block_on(key.decrypt_with(Slot::PastEncrypt(2), &before)), Err(KeyError::NotFound));
    // Naming a pair holds for one operation only.
    assert_eq!(block_on(key.decrypt(&own)).unwrap(), CHALLENGE);
}

#[test]
fn until_the_switch_the_old_pairs_are_in_use_and_whole() {
    let desk = Desk::set_up();
    let (mut key, old) = desk.finished();
    let made = make(&mut key).unwrap();
    // Both pairs have put their names to it: the next one that it exists, the one in use that its holder wants it.
    let said = statement::next_made(NONCE, SERIAL, &made.request);
    let next = PublicKey::from_spki_der(&Request::verify(&made.request).unwrap().spki).unwrap();
    next.verify(&said, &made.proof).unwrap();
    desk.office.accept(&old.sign_certificate, &said, &made.endorsement);
    let issued = desk.office.issue(&made.request);
    let still_old = |key: &mut SoftKey| {
        let own = sealed_to(&old.encryption_key);
        let read = block_on(read_back(key, Generation::InUse, NONCE, Some(&own), &[])).unwrap();
        assert_eq!(read.sign_certificate, old.sign_certificate);
        assert_eq!(read.encryption_proof, Some(statement::encryption_proof(NONCE, &CHALLENGE)));
    };
    still_old(&mut key);
    assert_eq!(change_over(&mut key, &issued), Err(KeyError::NotFound), "there is nothing to switch to");
    assert_eq!(block_on(key.switch()), Err(KeyError::NotFound));
    put(&mut key, &issued).unwrap();
    still_old(&mut key);
    // The next generation proves itself before it counts, under words of its own.
    let sealed = sealed_to(&issued.encryption_key);
    let read = block_on(read_back(&mut key, Generation::Next, NONCE, Some(&sealed), &[])).unwrap();
    let said =
        statement::read_back_next(NONCE, SERIAL, &issued.sign_certificate, &issued.encrypt_certificate);
    desk.office.accept(&read.sign_certificate, &said, &read.signature);
    assert_eq!(read.encryption_proof, Some(statement::encryption_proof(NONCE, &CHALLENGE)));
    still_old(&mut key);
    change_over(&mut key, &issued).unwrap();
    change_over(&mut key, &issued).unwrap();
    put(&mut key, &issued).unwrap();
    assert_eq!(block_on(key.public_point(Slot::NextSign)), Err(KeyError::NotFound));
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(Some(issued.sign_certificate.clone())));
}

#[test]
fn a_next_pair_begun_anew_makes_the_first_certificates_worthless_and_hurts_nothing() {
    let desk = Desk::set_up();
    let (mut key, old) = desk.finished();
    let first = desk.office.issue(&make(&mut key).unwrap().request);
    put(&mut key, &first).unwrap();
    let second = desk.office.issue(&make(&mut key).unwrap().request);
    assert_eq!(put(&mut key, &first), Err(KeyError::NotFound));
    assert_eq!(change_over(&mut key, &first), Err(KeyError::NotFound));
    // Sealed to the first pair: not for this one.
    assert_eq!(block_on(key.import_next_pair(&first.enveloped_key)), Err(KeyError::BadEnvelope));
    put(&mut key, &second).unwrap();
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(Some(old.sign_certificate)));
    change_over(&mut key, &second).unwrap();
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(Some(second.sign_certificate)));
}

#[test]
fn what_is_in_use_on_a_finished_key_is_replaced_by_a_switch_alone() {
    let desk = Desk::set_up();
    let (mut key, issued) = desk.finished();
    for slot in [Slot::Sign, Slot::Encrypt] {
        let same = block_on(key.read_certificate(slot)).unwrap().unwrap();
        assert_eq!(block_on(key.write_certificate(slot, &same)), Err(KeyError::Denied));
    }
    assert_eq!(block_on(key.import_pair(&issued.enveloped_key)), Err(KeyError::Denied));
    // And a key that is still being made has no next generation.
    let blank = Desk::set_up();
    let mut key = blank.open();
    begin(&mut key).unwrap();
    assert_eq!(block_on(key.generate_next()), Err(KeyError::Denied));
    assert_eq!(block_on(key.switch()), Err(KeyError::Denied));
}

#[test]
fn every_verb_of_the_next_generation_needs_the_pin() {
    let desk = Desk::set_up();
    let (mut key, issued) = desk.finished();
    let next = desk.office.issue(&make(&mut key).unwrap().request);
    let mut other = desk.open();
    assert_eq!(block_on(other.generate_next()).err(), Some(KeyError::NotLoggedIn));
    assert_eq!(block_on(other.sign_next(b"x")), Err(KeyError::NotLoggedIn));
    assert_eq!(block_on(other.import_next_pair(&next.enveloped_key)), Err(KeyError::NotLoggedIn));
    assert_eq!(block_on(other.import_past_pair(&[4; 65], &issued.enveloped_key)), Err(KeyError::NotLoggedIn));
    assert_eq!(
        block_on(other.write_certificate(Slot::NextSign, &next.sign_certificate)),
        Err(KeyError::NotLoggedIn)
    );
    assert_eq!(block_on(other.switch()), Err(KeyError::NotLoggedIn));
    let sealed = sealed_to(&issued.encryption_key);
    assert_eq!(block_on(other.decrypt_with(Slot::PastEncrypt(0), &sealed)), Err(KeyError::NotLoggedIn));
    // What is there may be seen by anyone, as with the pairs in use (K01).
    assert!(block_on(other.public_point(Slot::NextSign)).is_ok());
    assert_eq!(block_on(other.list_past()), Ok(Vec::<Point>::new()));
}

#[test]
fn b02_a_pair_of_before_that_the_key_lost_comes_back_and_goes_to_the_end() {
    let desk = Desk::set_up();
    let (mut key, issued) = desk.finished();
    let lost = certificate::KeyPair::generate(&mut SysRng).unwrap();
    let signing = certificate::Certificate::from_der(&issued.sign_certificate).unwrap().public_key().unwrap();
    let sealed = envelope::seal(&lost, &signing, envelope::Layout::Bytes32, &mut SysRng).unwrap();
    // Twice is once; and the pair in use is not taken for one of before.
    for enveloped in [&sealed, &sealed, &issued.enveloped_key] {
        block_on(key.import_past_pair(&signing.to_point(), enveloped)).unwrap();
    }
    assert_eq!(block_on(key.list_past()).unwrap(), [lost.public_key().to_point()]);
    let cipher = sealed_to(&lost.public_key());
    assert_eq!(block_on(key.decrypt_with(Slot::PastEncrypt(0), &cipher)).unwrap(), CHALLENGE);
    let second = renew(&desk, &mut key);
    assert_eq!(
        block_on(key.list_past()).unwrap(),
        [issued.encryption_key.to_point(), lost.public_key().to_point()]
    );
    // Sealed to a pair that is in use no more.
    assert_eq!(block_on(key.import_past_pair(&signing.to_point(), &sealed)), Err(KeyError::BadEnvelope));
    assert!(block_on(key.decrypt(&sealed_to(&second.encryption_key))).is_ok());
}

#[test]
fn a_key_without_a_place_for_its_past_says_so_before_anything_is_made() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    for _ in 0..12 {
        renew(&desk, &mut key);
    }
    assert_eq!(make(&mut key).err(), Some(KeyError::NoRoom));
    assert_eq!(block_on(key.list_past()).unwrap().len(), 12);
    assert!(block_on(key.sign(b"x")).is_ok());
}

/// A renewal as the office drives it: what was issued is issued once, unless the key says that it lost the pair.
fn go_on(desk: &Desk, issued: &mut Option<Issued>) -> Result<(), KeyError> {
    let mut key = desk.try_open()?;
    block_on(key.verify_pin(PinKind::User, &user()))?;
    if issued.is_none() {
        *issued = Some(desk.office.issue(&make(&mut key)?.request));
    }
    let pair = issued.as_ref().unwrap();
    put(&mut key, pair)?;
    change_over(&mut key, pair)
}

/// What must hold whenever somebody looks: one generation in use, whole, and everything of before opens.
fn whole(desk: &Desk, old: &Issued, new: Option<&Issued>) -> bool {
    let mut key = desk.open();
    block_on(key.verify_pin(PinKind::User, &user())).unwrap();
    let sign = block_on(key.read_certificate(Slot::Sign)).unwrap().unwrap();
    let switched = sign != old.sign_certificate;
    let in_use = if switched { new.expect("what it switched to was issued") } else { old };
    assert_eq!(sign, in_use.sign_certificate);
    assert_eq!(block_on(key.read_certificate(Slot::Encrypt)).unwrap().unwrap(), in_use.encrypt_certificate);
    desk.office.accept(&sign, b"x", &block_on(key.sign(b"x")).unwrap());
    assert_eq!(block_on(key.decrypt(&sealed_to(&in_use.encryption_key))).unwrap(), CHALLENGE);
    let slot = block_on(key::generation::find_slot(&mut key, &old.encryption_key.to_point())).unwrap();
    let opened = block_on(key.decrypt_with(slot.unwrap(), &sealed_to(&old.encryption_key)));
    assert_eq!(opened.unwrap(), CHALLENGE);
    switched
}

/// B05: whichever command it happens at, and whether that command was still done.
fn cut_everywhere(faults: impl Fn(u32) -> Faults) -> u32 {
    let mut commands = 0;
    loop {
        let desk = Desk::set_up();
        let (_, old) = desk.finished();
        let mut issued = None;
        desk.drawer.set_faults(SERIAL, faults(commands)).unwrap();
        let all = go_on(&desk, &mut issued);
        desk.drawer.set_faults(SERIAL, Faults::default()).unwrap();
        match all {
            Ok(()) => return commands,
            Err(error) => assert_eq!(error, KeyError::Removed, "at command {commands}"),
        }
        desk.drawer.insert(SERIAL).unwrap();
        whole(&desk, &old, issued.as_ref());
        go_on(&desk, &mut issued).unwrap_or_else(|error| panic!("resumed after {commands}: {error}"));
        assert!(whole(&desk, &old, issued.as_ref()), "the new generation is in use");
        assert_eq!(block_on(desk.open().list_past()).unwrap(), [old.encryption_key.to_point()]);
        commands += 1;
    }
}

#[test]
fn b05_pulled_at_any_command_of_a_renewal_it_goes_on() {
    let commands = cut_everywhere(|after| Faults { remove_after: Some(after), ..Faults::default() });
    assert!(commands > 20, "{commands} commands");
}

#[test]
fn b05_power_that_goes_before_any_command_is_done_costs_nothing() {
    let cut = |after| Faults { power_cut: Some(PowerCut { after, done: false }), ..Faults::default() };
    assert!(cut_everywhere(cut) > 20);
}

#[test]
fn b05_power_that_goes_after_any_command_is_done_costs_nothing() {
    let cut = |after| Faults { power_cut: Some(PowerCut { after, done: true }), ..Faults::default() };
    assert!(cut_everywhere(cut) > 20);
}
