//! Everything that can happen at a port: pulled at any command, slow, full, two processes at one key.

use std::{os::unix::fs::PermissionsExt, time::Duration};

use futures::executor::block_on;
use key::{
    KeyError, Pin,
    key::{Key, PinKind, Slot},
    production::read_back,
    session::ApduKey,
    soft::Faults,
};

use super::{Desk, NONCE, SERIAL, begin, install, office::Issued, user};

/// Production as the office drives it: what was issued once is not issued again, and a broken session is resumed.
fn produce(desk: &Desk, issued: &mut Option<Issued>) -> Result<(), KeyError> {
    let mut key = desk.try_open()?;
    match issued {
        None => *issued = Some(desk.office.issue(&begin(&mut key)?.request)),
        Some(_) => block_on(key.verify_pin(PinKind::User, &user()))?,
    }
    let issued = issued.as_ref().unwrap();
    install(&mut key, issued)?;
    let read = block_on(read_back(&mut key, NONCE, None))?;
    assert_eq!(read.sign_certificate, issued.sign_certificate);
    Ok(())
}

#[test]
fn r060_a_key_pulled_at_any_command_goes_on_after_it_is_put_back() {
    let mut commands = 0;
    loop {
        let desk = Desk::set_up();
        let mut issued = None;
        desk.drawer.set_faults(SERIAL, Faults { remove_after: Some(commands), ..Faults::default() }).unwrap();
        match produce(&desk, &mut issued) {
            Ok(()) => break,
            Err(error) => assert_eq!(error, KeyError::Removed, "at command {commands}"),
        }
        // It is out of the port, and says so to everyone.
        assert!(matches!(desk.try_open(), Err(KeyError::Removed)));
        desk.drawer.insert(SERIAL).unwrap();
        produce(&desk, &mut issued)
            .unwrap_or_else(|error| panic!("resumed after command {commands}: {error}"));
        commands += 1;
    }
    // The whole production is this long; if it were short, the loop would have proven little.
    assert!(commands > 20, "{commands} commands");
}

#[test]
fn a_channel_ends_with_its_insertion() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    desk.drawer.remove(SERIAL).unwrap();
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::Removed));
    // The same key is back, but the session that knew the PIN is gone for good.
    desk.drawer.insert(SERIAL).unwrap();
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::Removed));
    assert_eq!(block_on(desk.open().sign(b"x")), Err(KeyError::NotLoggedIn));
}

#[test]
fn a_full_key_says_so_and_keeps_what_it_has() {
    let desk = Desk::set_up();
    let mut key = desk.open();
    let made = begin(&mut key).unwrap();
    let issued = desk.office.issue(&made.request);
    desk.drawer.set_faults(SERIAL, Faults { full: true, ..Faults::default() }).unwrap();
    assert_eq!(install(&mut key, &issued), Err(KeyError::NoRoom));
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(None));
    desk.drawer.set_faults(SERIAL, Faults::default()).unwrap();
    install(&mut key, &issued).unwrap();
}

#[test]
fn a_certificate_too_long_for_any_key_is_refused() {
    let desk = Desk::set_up();
    let (mut key, issued) = desk.finished();
    let mut long = issued.sign_certificate.clone();
    long.resize(9 * 1024, 0);
    assert!(block_on(key.write_certificate(Slot::Sign, &long)).is_err());
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(Some(issued.sign_certificate)));
}

#[test]
fn a_slow_key_is_waited_for_and_a_dead_one_given_up() {
    let desk = Desk::set_up();
    desk.drawer.set_faults(SERIAL, Faults { slow_ms: 30, ..Faults::default() }).unwrap();
    assert!(block_on(desk.open().identify()).is_ok());
    desk.drawer.set_faults(SERIAL, Faults { slow_ms: 60_000, ..Faults::default() }).unwrap();
    let channel = desk.drawer.open(SERIAL).unwrap().with_patience(Duration::from_millis(20));
    assert_eq!(block_on(ApduKey::open(channel)).err(), Some(KeyError::Timeout));
}

#[test]
fn two_sessions_at_one_key_share_its_memory_and_not_their_rights() {
    let desk = Desk::set_up();
    let (mut one, _) = desk.finished();
    let mut two = desk.open();
    // The tries are the key's: what one session spends, the other sees.
    let wrong = Pin::new("wrong-pin");
    assert_eq!(block_on(two.verify_pin(PinKind::User, &wrong)), Err(KeyError::PinWrong { left: 9 }));
    assert_eq!(block_on(one.pin_info(PinKind::User)).unwrap().left, 9);
    assert!(block_on(one.sign(b"x")).is_ok());
    assert_eq!(block_on(two.sign(b"x")), Err(KeyError::NotLoggedIn));
}

#[test]
fn many_wrong_pins_at_once_cost_exactly_one_try_each() {
    let desk = Desk::set_up();
    drop(desk.finished());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let _ = block_on(desk.open().verify_pin(PinKind::User, &Pin::new("wrong-pin")));
            });
        }
    });
    assert_eq!(block_on(desk.open().pin_info(PinKind::User)).unwrap().left, 4);
}

#[test]
fn beginning_anew_ends_the_rights_of_every_other_session() {
    let desk = Desk::set_up();
    let mut one = desk.open();
    begin(&mut one).unwrap();
    let mut two = desk.open();
    begin(&mut two).unwrap();
    assert_eq!(block_on(one.sign(b"x")), Err(KeyError::NotLoggedIn));
}

#[test]
fn the_file_is_the_owners_alone_and_a_damaged_one_is_named() {
    let desk = Desk::set_up();
    drop(desk.finished());
    for ending in ["softkey", "journal", "lock"] {
        assert_eq!(
            std::fs::metadata(desk.file(ending)).unwrap().permissions().mode() & 0o777,
            0o600,
            "{ending}"
        );
    }
    std::fs::write(desk.file("softkey"), "{}").unwrap();
    assert!(matches!(desk.try_open(), Err(KeyError::Transport(text)) if text.contains(SERIAL)));
}

#[test]
fn a_serial_is_never_a_path() {
    let desk = Desk::set_up();
    for bad in ["../SK00000001", "sk00000001", "", "A/B", "ABC"] {
        assert!(desk.drawer.add(Some(bad)).is_err(), "{bad}");
        assert!(desk.drawer.insert(bad).is_err(), "{bad}");
        assert_eq!(desk.drawer.open(bad).err(), Some(KeyError::Removed), "{bad}");
    }
}
