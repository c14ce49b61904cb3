//! `server --settings a.toml --settings b.toml`: opens the office, serves until SIGTERM or Ctrl-C, closes in order.

use server::clock::{Dice, SystemClock, SystemEntropy};
use server::office::Office;
use server::{entrance, settings, staff};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::watch;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let opened = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run()));
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the office does not open");
            eprintln!("the office does not open: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    signer::keep_memory_private()?;
    let settings = settings::load(&settings_files(std::env::args().skip(1))?, std::env::vars())?;
    start_log(&settings.office.log)?;
    let dice = Dice::new(Arc::new(SystemEntropy::default()));
    let office = Box::pin(Office::open(settings, Arc::new(SystemClock), dice)).await?;
    if office.settings.office.demo {
        tracing::warn!("demonstration: outside parties may be a sandbox, staff are made up");
        staff::ensure_demo_staff(&office.ground, &office.settings.office.data_dir).await?;
    }
    let (tell, stop) = watch::channel(false);
    let mut worker = {
        let (office, stop) = (office.clone(), stop.clone());
        tokio::spawn(async move { office.work(stop).await })
    };
    let served = entrance::serve(&office, async move {
        wait_for_signal().await;
        tracing::info!("closing");
    });
    let served = tokio::select! {
        served = served => served,
        // Without errands no code leaves and no money goes back: better to end, and be started anew.
        ended = &mut worker => return Err(format!("errands have stopped: {ended:?}").into()),
    };
    // First nobody enters any more, then the errands under way end, then the store writes its last group.
    tell.send(true)?;
    worker.await?;
    office.ground.store.close().await;
    served
}

fn settings_files(mut words: impl Iterator<Item = String>) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    while let Some(word) = words.next() {
        match (word.as_str(), words.next()) {
            ("--settings", Some(file)) => files.push(PathBuf::from(file)),
            _ => return Err(format!("usage: server --settings FILE [--settings FILE …] (not {word})").into()),
        }
    }
    if files.is_empty() {
        Err("usage: server --settings FILE [--settings FILE …]".into())
    } else {
        Ok(files)
    }
}

fn start_log(filter: &str) -> Result<(), Failure> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::try_new(filter)?)
        .with_current_span(false)
        .try_init()
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::error!(%error, "no SIGTERM: only Ctrl-C closes the office");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
