//! Conversations with a soft key.
