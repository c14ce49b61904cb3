//! What a process that holds keys asks of the operating system.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Neither a core dump nor another process of the same user shall see a key. To be called first, before a key is opened.
///
/// # Errors
/// The operating system refuses; a sentence for the operator.
pub fn keep_memory_private() -> Result<(), String> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).map_err(|e| format!("core dumps cannot be switched off: {e}"))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(|e| format!("the process's memory cannot be made private: {e}"))
}
