//! The client against `openssl cmp -port`: another's framing, protection, polling and errors (RFC 4210).

mod mock;
mod openssl;
mod secret;
mod signed;
