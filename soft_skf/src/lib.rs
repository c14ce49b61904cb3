//! Soft keys behind the functions of GM/T 0016. Start at `functions`; `world` holds what the handles mean.
#![allow(non_snake_case, reason = "the standard names the functions")]

mod card;
mod functions;
mod memory;
mod world;
