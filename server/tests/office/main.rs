//! The office from outside: its real router over HTTP, its real store in a folder of its own, its errand runner, and the
//! outside world as the real sandbox program. Nothing in here reaches around the door to make a thing happen; the store
//! is opened only to see that journal and row tell the same.
//!
//! One file a chapter. Each test opens a house of its own (`house.rs`) and sends people through it: `applicant.rs`,
//! `clerk.rs`, `workbench.rs`. The sandbox is the program that `CERTHALL_SANDBOX` names, or `sandbox` beside the tests;
//! where it is missing it is built first.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answer;
mod applicant;
mod browser;
mod clerk;
mod custodian;
mod holder;
mod house;
#[allow(dead_code, reason = "the judge of the certificate crate's tests: not all of it is asked here")]
#[path = "../../../certificate/tests/certificates/judge.rs"]
mod judge;
mod key_holder;
mod key_writing;
mod locked;
mod lone_desk;
mod loser;
mod mandates;
#[allow(dead_code, reason = "the mock authority of the cmp crate's tests: not all of it is asked here")]
#[path = "../../../cmp/tests/exchange/mock.rs"]
mod mock;
#[allow(dead_code, reason = "as above")]
#[path = "../../../cmp/tests/exchange/openssl.rs"]
mod openssl;
mod outside;
mod person_holder;
mod picture;
mod program;
mod registrar;
mod relying;
mod replacer;
mod town;
mod workbench;

mod access;
mod application;
mod authorities;
mod codes;
mod courier;
mod crash;
mod evidence;
mod faults;
mod finance;
mod follow_up;
mod found;
mod hand_over;
mod invoice;
mod issuing;
mod key_test;
mod kmc;
mod life;
mod lists_judged;
mod lost;
mod lost_pairs;
mod meanwhile;
mod modification;
mod money;
mod notices;
mod ocsp;
mod other_sites;
mod partner_door;
mod partner_life;
mod partners;
mod person;
mod person_renewal;
mod person_replacement;
mod person_seal;
mod phone;
mod privacy;
mod production;
mod publishing;
mod pulled;
mod query;
mod query_agents;
mod query_work;
mod recovery;
mod registry;
mod renewal;
mod renewal_anew;
mod renewal_window;
mod replacement;
mod replacement_ended;
mod replacement_refused;
mod responders;
mod review;
mod rotation;
mod secrets;
mod sign_in;
mod signer_apart;
mod status;
mod tampering;
mod trust;
mod unblock;
mod unblock_rules;
mod upstream;
mod verdict;
