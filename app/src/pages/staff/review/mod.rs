//! Owns: 审核: the queue, and one case with its pictures beside its data, and the three verdicts.
//! Never: a decision of its own: what may be decided the office says.
//! Start at: `case.rs`.

pub mod case;
mod facts;
pub mod list;
mod marks;
mod reject;
pub(super) mod reveal;
mod seal;
mod send_back;
mod sheet;
mod sitting;
mod verdict;
mod viewer;
