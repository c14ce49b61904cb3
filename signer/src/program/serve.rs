//! `serve`: the process that holds the keys.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use signer::{Keyring, SharedSecret, listen, system_clock};
use tokio::signal::unix::{SignalKind, signal};

use super::settings::SignerSettings;
use super::{Done, say};

pub fn serve(settings: &SignerSettings) -> Done {
    keep_memory_private()?;
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&settings.log))
        .with_writer(std::io::stderr)
        .init();
    let secret = SharedSecret::from_file(&settings.secret_file).map_err(|e| e.to_string())?;
    let ring = Keyring::open(&settings.keyring, &secret, system_clock()).map_err(|e| e.to_string())?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let listening = listen(&settings.socket, settings.office_group)
            .map_err(|e| format!("{}: {e}", settings.socket.display()))?;
        if settings.keyring.demo {
            say("演示密钥，仅供试用 / DEMO KEYS, for trying out only");
        }
        say(&format!("ready: {}", settings.socket.display()));
        listening.serve(ring, &secret, system_clock(), stop()?).await;
        Ok(())
    })
}

/// Neither a core dump nor another process of the same user shall see a key.
fn keep_memory_private() -> Done {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).map_err(|e| format!("core dumps cannot be switched off: {e}"))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(|e| format!("the process's memory cannot be made private: {e}"))
}

fn stop() -> Result<impl Future<Output = ()>, String> {
    let on = |kind| signal(kind).map_err(|e| e.to_string());
    let (mut ended, mut interrupted) = (on(SignalKind::terminate())?, on(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = ended.recv() => {}, _ = interrupted.recv() => {} }
    })
}
