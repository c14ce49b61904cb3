//! What this page is about, said once by the page: a helper obeys only what the office wants done for it.

use crate::desk::mandates::Purpose;
use std::cell::RefCell;

thread_local! {
    static PURPOSE: RefCell<Option<Purpose>> = const { RefCell::new(None) };
}

/// From now on the page asks for this, until it says otherwise or leaves the keys (`Way::leave`).
pub fn state(purpose: Purpose) {
    PURPOSE.set(Some(purpose));
}

/// A step of the order with this number.
pub fn state_order(number: &str) {
    state(Purpose::Order { number: number.to_owned() });
}

pub(super) fn stated() -> Option<Purpose> {
    PURPOSE.with_borrow(Clone::clone)
}

pub(super) fn forget() {
    PURPOSE.set(None);
}
