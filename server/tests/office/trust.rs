//! 信任中心 and the checker from outside: what is published is what OpenSSL reads, and a verdict goes by the signature.
