//! `serve`: the process that holds the keys.

use signer::{Keyring, SharedSecret, listen, system_clock};
use tokio::signal::unix::{SignalKind, signal};

use super::settings::SignerSettings;
use super::{Done, say};

pub fn serve(settings: &SignerSettings) -> Done {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&settings.log))
        .with_writer(std::io::stderr)
        .init();
    let secret = SharedSecret::from_file_of_group(&settings.secret_file, settings.office_group);
    let secret = secret.map_err(|e| e.to_string())?;
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

fn stop() -> Result<impl Future<Output = ()>, String> {
    let on = |kind| signal(kind).map_err(|e| e.to_string());
    let (mut ended, mut interrupted) = (on(SignalKind::terminate())?, on(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = ended.recv() => {}, _ = interrupted.recv() => {} }
    })
}
