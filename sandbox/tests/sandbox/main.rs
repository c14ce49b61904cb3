//! The sandbox from outside: the program is started as a process, requests are signed by the tests' own code.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alipay;
mod bank;
mod courier;
mod identity;
mod mail;
mod office;
mod outside;
mod pages;
mod registry;
mod shop;
mod sms;
mod start;
mod wechat_pay;
mod wechat_pay_faults;
