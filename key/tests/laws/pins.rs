//! PINs: counted, locked, changed, unblocked; each wrong one costs exactly one try (R062).

use futures::executor::block_on;
use key::{
    KeyError, Pin,
    key::{Key, PinInfo, PinKind},
};

use super::{Stand, admin, finished, user};

laws! {
    b06_no_pin_no_counter,
    wrong_pins_lock_and_the_admin_pin_unblocks,
    changing_needs_the_old_one,
}

fn info(key: &mut impl Key) -> PinInfo {
    block_on(key.pin_info(PinKind::User)).unwrap()
}

fn wrong(key: &mut impl Key) -> Result<(), KeyError> {
    block_on(key.verify_pin(PinKind::User, &Pin::new("wrong-pin")))
}

fn b06_no_pin_no_counter(stand: &mut impl Stand) {
    stand.blank();
    let mut key = stand.open().unwrap();
    assert_eq!(block_on(key.pin_info(PinKind::User)), Err(KeyError::NotFound));
}

fn wrong_pins_lock_and_the_admin_pin_unblocks(stand: &mut impl Stand) {
    let (mut key, _) = finished(stand);
    // B06: looking costs none.
    assert_eq!(info(&mut key), PinInfo { left: 10, max: 10 });
    assert_eq!(info(&mut key), PinInfo { left: 10, max: 10 });
    for left in (1..=9).rev() {
        assert_eq!(wrong(&mut key), Err(KeyError::PinWrong { left }));
    }
    // The right one, in another session, restores all ten.
    drop(key);
    let mut key = stand.open().unwrap();
    assert_eq!(info(&mut key).left, 1);
    block_on(key.verify_pin(PinKind::User, &user())).unwrap();
    assert_eq!(info(&mut key).left, 10);
    for _ in 0..9 {
        assert!(wrong(&mut key).is_err());
    }
    // A wrong PIN has ended what the right one had opened; the tenth locks, and then even the right one does not help.
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::NotLoggedIn));
    assert_eq!(wrong(&mut key), Err(KeyError::PinLocked));
    assert_eq!(block_on(key.verify_pin(PinKind::User, &user())), Err(KeyError::PinLocked));
    // A wrong admin PIN costs one of its own and opens nothing.
    let new = Pin::new("Neu-7391");
    let refused = block_on(key.unblock(&Pin::new("WRONGWRONG"), &new));
    assert_eq!(refused, Err(KeyError::PinWrong { left: 9 }));
    assert_eq!(info(&mut key).left, 0);
    block_on(key.unblock(&admin(), &new)).unwrap();
    assert_eq!(info(&mut key).left, 10);
    block_on(key.verify_pin(PinKind::User, &new)).unwrap();
    assert!(block_on(key.sign(b"x")).is_ok());
}

fn changing_needs_the_old_one(stand: &mut impl Stand) {
    let (mut key, _) = finished(stand);
    let new = Pin::new("Neu-7391");
    let refused = block_on(key.change_pin(PinKind::User, &Pin::new("wrong-pin"), &new));
    assert_eq!(refused, Err(KeyError::PinWrong { left: 9 }));
    block_on(key.change_pin(PinKind::User, &user(), &new)).unwrap();
    block_on(key.verify_pin(PinKind::User, &new)).unwrap();
    // A PIN that no key could hold never reaches it.
    for impossible in ["", "short", "seventeen-letters", "密码密码密码", "with space"] {
        let pin = Pin::new(impossible);
        assert_eq!(block_on(key.verify_pin(PinKind::User, &pin)), Err(KeyError::PinRule), "{impossible}");
        assert_eq!(block_on(key.change_pin(PinKind::User, &new, &pin)), Err(KeyError::PinRule));
    }
    assert_eq!(info(&mut key).left, 10);
}
