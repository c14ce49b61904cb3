//! The counter: every page that a person sees, for applicants and for staff, and the words on it.
//!
//! One bundle serves both shapes: the office renders any route to text and the browser takes it over (`hydrate`), or the
//! browser mounts the same pages into the static shell. Start at `routes.rs`; what the office must answer is in `desk`.

pub mod agreement;
mod browser;
mod components;
pub mod desk;
#[cfg(feature = "ssr")]
mod document;
pub mod key_access;
mod layout;
mod pages;
mod routes;
pub mod wording;

#[cfg(feature = "ssr")]
pub use document::{content_security_policy, document, head_of};
pub use routes::App;
