//! Owns: an invoice as a document: its sums, its XML and its page.
//! Never: its number (the tax side gives it), when it is issued, where it is kept.
//! Start at: `invoice.rs`.

mod invoice;
mod page;
pub mod pdf;
pub mod xml;

#[cfg(test)]
mod tests;

pub use invoice::{Buyer, Invoice, InvoiceError, Line, Rate, Seller, Sums};
