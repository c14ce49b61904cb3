//! Every outside client against the real sandbox program, over its own protocols: no code is shared, so what passes
//! here was said and understood over the wire.
//!
//! The program is the one that `CERTHALL_SANDBOX` names, or `sandbox` beside the test binaries.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[allow(dead_code, reason = "the mock authority of the cmp crate's tests: not all of it is asked here")]
#[path = "../../../cmp/tests/exchange/mock.rs"]
mod mock;
#[allow(dead_code, reason = "as above")]
#[path = "../../../cmp/tests/exchange/openssl.rs"]
mod openssl;

mod alipay;
mod bank;
mod identity;
mod mail;
mod notices;
mod outside;
mod payment;
mod sms;
mod upstream;
mod wechat_pay;
