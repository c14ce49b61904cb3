//! THE OFFICE. Floors, each knowing only those below: `entrance` → desks → `advance` → `store` → `journey`.
//!
//! Start at `office.rs` (who is there), `entrance/routes.rs` (what comes in), `advance.rs` (the one door).

pub mod advance;
pub mod clock;
pub mod codes;
pub mod details;
pub mod dispatch;
pub mod entrance;
pub mod errand;
pub mod errands;
pub mod evidence;
pub mod fault;
pub mod follow_up;
pub mod ground;
pub mod held;
pub mod holders;
pub mod identity;
pub mod invoices;
pub mod issuing;
pub mod key_in;
pub mod key_proof;
pub mod kmc;
pub mod loading;
pub mod lost;
pub mod mandates;
pub mod media;
pub mod office;
pub mod order_parts;
pub mod orders;
pub mod outside;
pub mod passcode;
pub mod post;
pub mod production;
pub mod registrar;
pub mod review;
pub mod sealing;
pub mod second_screen;
pub mod settings;
pub mod staff;
pub mod standing;
pub mod status;
pub mod store;
pub mod till;
pub mod trust;
pub mod unblock;
pub mod visits;
