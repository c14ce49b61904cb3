//! Every outside client against the real sandbox program, over its own protocols: no code is shared, so what passes
//! here was said and understood over the wire.
//!
//! The program is the one that `CERTHALL_SANDBOX` names, or `sandbox` beside the test binaries.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alipay;
mod bank;
mod mail;
mod notices;
mod outside;
mod payment;
mod sms;
mod wechat_pay;
