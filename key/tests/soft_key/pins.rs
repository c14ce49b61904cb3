//! The PIN: its ten tries, its lock, its unblocking, and its absence from everything that is written down.

use futures::executor::block_on;
use key::{
    KeyError, Pin,
    key::{Key, PinInfo, PinKind},
    message::{Envelope, KeyRef, Request},
};

use super::{Desk, SERIAL, admin, user};

fn left(key: &mut super::SoftKey, kind: PinKind) -> u8 {
    block_on(key.pin_info(kind)).unwrap().left
}

#[test]
fn r062_ten_wrong_pins_lock_the_key_and_each_answer_says_how_many_are_left() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    // B06: the tries can be seen before the first keystroke, and looking costs none.
    assert_eq!(block_on(key.pin_info(PinKind::User)), Ok(PinInfo { left: 10, max: 10 }));
    assert_eq!(block_on(key.pin_info(PinKind::User)), Ok(PinInfo { left: 10, max: 10 }));
    // Nine wrong ones count down.
    for expected in (1..=9).rev() {
        let wrong = block_on(key.verify_pin(PinKind::User, &Pin::new("wrong-pin")));
        assert_eq!(wrong, Err(KeyError::PinWrong { left: expected }));
        assert_eq!(left(&mut key, PinKind::User), expected);
    }
    // A wrong PIN has ended the session that was open.
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::NotLoggedIn));
    // The right one restores all ten.
    block_on(key.verify_pin(PinKind::User, &user())).unwrap();
    assert_eq!(left(&mut key, PinKind::User), 10);
    // Ten wrong ones lock, and then even the right one does not help.
    for _ in 0..9 {
        let _ = block_on(key.verify_pin(PinKind::User, &Pin::new("wrong-pin")));
    }
    let tenth = block_on(key.verify_pin(PinKind::User, &Pin::new("wrong-pin")));
    assert_eq!(tenth, Err(KeyError::PinLocked));
    assert_eq!(block_on(key.verify_pin(PinKind::User, &user())), Err(KeyError::PinLocked));
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::NotLoggedIn));
    // Pulling it out and putting it back changes nothing.
    desk.drawer.remove(SERIAL).unwrap();
    desk.drawer.insert(SERIAL).unwrap();
    let mut key = desk.open();
    assert_eq!(left(&mut key, PinKind::User), 0);
    assert_eq!(block_on(key.verify_pin(PinKind::User, &user())), Err(KeyError::PinLocked));
}

#[test]
fn a_locked_pin_is_unblocked_by_the_admin_pin_alone() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    for _ in 0..10 {
        let _ = block_on(key.verify_pin(PinKind::User, &Pin::new("wrong-pin")));
    }
    let new = Pin::new("Neu-7391");
    // A wrong admin PIN costs one of its own tries and leaves the user PIN locked.
    let wrong = block_on(key.unblock(&Pin::new("WRONGWRONG"), &new));
    assert_eq!(wrong, Err(KeyError::PinWrong { left: 9 }));
    assert_eq!(left(&mut key, PinKind::User), 0);
    // The right one sets the new PIN with all its tries.
    block_on(key.unblock(&admin(), &new)).unwrap();
    assert_eq!((left(&mut key, PinKind::User), left(&mut key, PinKind::Admin)), (10, 10));
    block_on(key.verify_pin(PinKind::User, &new)).unwrap();
    assert_eq!(block_on(key.verify_pin(PinKind::User, &user())), Err(KeyError::PinWrong { left: 9 }));
}

#[test]
fn a_locked_admin_pin_stays_locked() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    for _ in 0..10 {
        let _ = block_on(key.unblock(&Pin::new("WRONGWRONG"), &Pin::new("Neu-7391")));
    }
    assert_eq!(block_on(key.unblock(&admin(), &Pin::new("Neu-7391"))), Err(KeyError::PinLocked));
    // The user PIN is none the worse for it.
    block_on(key.verify_pin(PinKind::User, &user())).unwrap();
}

#[test]
fn changing_the_pin_needs_the_old_one() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    let new = Pin::new("Neu-7391");
    let wrong = block_on(key.change_pin(PinKind::User, &Pin::new("wrong-pin"), &new));
    assert_eq!(wrong, Err(KeyError::PinWrong { left: 9 }));
    block_on(key.change_pin(PinKind::User, &user(), &new)).unwrap();
    block_on(key.verify_pin(PinKind::User, &new)).unwrap();
    assert_eq!(left(&mut key, PinKind::User), 10);
}

#[test]
fn a_pin_the_key_could_not_hold_costs_no_try() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    for impossible in ["", "short", "seventeen-letters", "密码密码密码", "with space"] {
        let pin = Pin::new(impossible);
        assert_eq!(block_on(key.verify_pin(PinKind::User, &pin)), Err(KeyError::PinRule), "{impossible}");
        assert_eq!(block_on(key.change_pin(PinKind::User, &user(), &pin)), Err(KeyError::PinRule));
    }
    assert_eq!(left(&mut key, PinKind::User), 10);
}

#[test]
fn the_first_pin_cannot_be_set_over_another_on_a_finished_key() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    // Not even with the user PIN open: a thief's new PIN would be worth the key.
    let refused = block_on(key.initialise("x", &admin(), &Pin::new("thief-pin")));
    assert_eq!(refused, Err(KeyError::AlreadyPersonalised));
    let set = key::command::pin::set(PinKind::User, &Pin::new("thief-pin")).unwrap();
    assert_eq!(desk.raw(&set.encode()), 0x6985);
    block_on(key.verify_pin(PinKind::User, &user())).unwrap();
}

#[test]
fn r129_no_pin_in_file_journal_or_debug() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    let _ = block_on(key.verify_pin(PinKind::User, &Pin::new("wrong-pin")));
    block_on(key.change_pin(PinKind::User, &user(), &Pin::new("Neu-7391"))).unwrap();
    let hidden = [user(), admin(), Pin::new("wrong-pin"), Pin::new("Neu-7391")];
    let journal = desk.drawer.journal(SERIAL).unwrap();
    let file = std::fs::read_to_string(desk.file("softkey")).unwrap();
    for pin in &hidden {
        for text in [&file, &journal.join("\n")] {
            assert!(!text.contains(pin.reveal()));
            assert!(!text.to_lowercase().contains(&hex::encode(pin.reveal())));
        }
    }
    // The journal has the header and the outcome of each command, nothing more.
    assert!(journal.contains(&"1 00 20 00 81 lc=16 sw=63C9".to_string()), "{journal:#?}");
    // Nothing that carries a PIN shows it.
    let verify = Request::VerifyPin { key: KeyRef("soft:X".into()), pin: Some(user()) };
    let command = key::command::pin::verify(PinKind::User, &user()).unwrap();
    for shown in [format!("{:?}", user()), format!("{:?}", Envelope::new(1, verify)), format!("{command:?}")]
    {
        assert!(!shown.contains(user().reveal()), "{shown}");
        assert!(!shown.to_lowercase().contains(&hex::encode(user().reveal())), "{shown}");
    }
}
