//! Everything the outside world remembers, in memory: a restart or a reset forgets it, the keys stay.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    alipay, bank, clock::Clock, courier, credentials::Credentials, faults::FaultBoard, journal::Journal,
    mail, notices::Notifier, sms, wechat_pay,
};

pub struct World {
    pub clock: Clock,
    pub credentials: Credentials,
    pub faults: FaultBoard,
    pub journal: Journal,
    pub notifier: Notifier,
    pub wechat_pay: wechat_pay::Books,
    pub alipay: alipay::Books,
    pub sms: sms::Carrier,
    pub bank: bank::Books,
    pub courier: courier::Books,
    pub mail: mail::Inbox,
}

impl World {
    pub fn new(credentials: Credentials, clock_speed: f64, sms_receipts_to: Option<String>) -> Self {
        Self {
            clock: Clock::new(clock_speed),
            credentials,
            faults: FaultBoard::default(),
            journal: Journal::default(),
            notifier: Notifier::default(),
            wechat_pay: wechat_pay::Books::default(),
            alipay: alipay::Books::default(),
            sms: sms::Carrier::new(sms_receipts_to),
            bank: bank::Books::default(),
            courier: courier::Books::default(),
            mail: mail::Inbox::default(),
        }
    }

    /// Forgets everything but the keys, as if just started.
    pub fn reset(&self) {
        self.clock.back_to_real();
        self.faults.clear();
        self.journal.clear();
        self.notifier.clear();
        self.wechat_pay.clear();
        self.alipay.clear();
        self.sms.clear();
        self.bank.clear();
        self.courier.clear();
        self.mail.clear();
    }
}

/// Locks; a panic of another request while it held the lock does not end the sandbox.
pub fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
