//! A renewal on the key: the next generation beside the one in use, cut at any command, with the power or without it.

use certificate::cipher;
use futures::executor::block_on;
use getrandom::SysRng;
use key::{
    KeyError,
    generation::{install_next, make_next, switch},
    key::{Key, PinKind, Slot},
};

use super::{NONCE, Stand, finished, subject, user};
use crate::office::Issued;

pub fn all(stand: &mut impl Stand) {
    b02_a_renewed_key_still_opens_what_was_sealed_before(stand);
    a_renewal_cut_at_any_command_leaves_old_or_new(stand);
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
