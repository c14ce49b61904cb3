//! The client against `openssl cmp -port`: another's framing, protection, polling and errors (RFC 4210).

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod mock;
mod openssl;
mod secret;
mod signed;
