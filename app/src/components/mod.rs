//! Owns: the pieces that pages are made of: fields, notices, dialogs, the step bar, the QR code.
//! Never: what a desk says, a rule, the path of a page.
//! Start at: `field.rs`, then `notice.rs`.

pub mod choice;
pub mod code_field;
pub mod countdown;
pub mod dialog;
pub mod field;
pub mod icon;
pub mod idle;
pub mod notice;
pub mod qr;
pub mod skeleton;
pub mod stepper;
pub mod timeline;
