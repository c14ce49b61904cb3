//! R060: pulled at any command, a key says so, and goes on after it was put back.

use futures::executor::block_on;
use key::{
    KeyError,
    key::{Key, PinKind},
    production::read_back,
};

use super::{NONCE, Stand, begin, finished, install, user};
use crate::office::Issued;

laws! {
    r060_a_key_pulled_at_any_command_goes_on,
    a_session_ends_with_its_insertion,
}

/// Production as the office drives it: what was issued once is not issued again, and a broken session is resumed.
fn produce(stand: &mut impl Stand, issued: &mut Option<Issued>) -> Result<(), KeyError> {
    let mut key = stand.open()?;
    match issued {
        None => *issued = Some(stand.office().issue(&begin(&mut key)?.request)),
        Some(_) => block_on(key.verify_pin(PinKind::User, &user()))?,
    }
    let issued = issued.as_ref().unwrap();
    install(&mut key, issued)?;
    let read = block_on(read_back(&mut key, NONCE, None))?;
    assert_eq!(read.sign_certificate, issued.sign_certificate);
    Ok(())
}

fn r060_a_key_pulled_at_any_command_goes_on(stand: &mut impl Stand) {
    let mut commands = 0;
    loop {
        stand.blank();
        // What opening it asks is asked before, so that every stand counts the same commands.
        drop(stand.open().unwrap());
        stand.pull_after(commands);
        let mut issued = None;
        match produce(stand, &mut issued) {
            Ok(()) => break,
            Err(error) => assert_eq!(error, KeyError::Removed, "at command {commands}"),
        }
        stand.put_back();
        produce(stand, &mut issued).unwrap_or_else(|error| panic!("resumed after {commands}: {error}"));
        commands += 1;
    }
    // The whole production is this long; if it were short, the loop would have proven little.
    assert!(commands > 20, "{commands} commands");
}

fn a_session_ends_with_its_insertion(stand: &mut impl Stand) {
    let (mut key, _) = finished(stand);
    stand.pull_after(0);
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::Removed));
    // The same key is back, but the session that knew the PIN is gone for good.
    stand.put_back();
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::Removed));
    drop(key);
    let mut key = stand.open().unwrap();
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::NotLoggedIn));
}
