//! The outside world of the certificate office: payment, SMS, identity, registry, bank, courier and mail providers on loopback.
//! It shares no code with the product; the two meet only in the providers' own protocols.
//! Read `door.rs` for what a request meets, `world.rs` for what the outside world remembers.

mod alipay;
mod arguments;
mod bank;
mod clock;
mod control;
mod courier;
mod credentials;
mod dice;
mod door;
mod faults;
mod identity;
mod journal;
mod mail;
mod notices;
mod pages;
mod registry;
mod rsa_key;
mod sms;
mod wallet;
mod wechat_pay;
mod world;

use std::{sync::Arc, time::Duration};

use arguments::Arguments;
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{}", arguments::USAGE);
            std::process::exit(2);
        }
    };
    let http = TcpListener::bind(arguments.listen).await?;
    let smtp = TcpListener::bind(arguments.smtp).await?;
    let (http_at, smtp_at) = (http.local_addr()?, smtp.local_addr()?);

    let directory = arguments.credentials.clone();
    let credentials = tokio::task::spawn_blocking(move || credentials::open(&directory)).await??;
    let page = credentials::write_page(&arguments.credentials, &credentials, http_at, smtp_at)?;

    let world = Arc::new(world::World::new(credentials, arguments.clock_speed, arguments.sms_receipts_to));
    let stop = asked_to_stop()?;
    let sink = tokio::spawn(mail::listen(smtp, Arc::clone(&world)));
    announce(&format!("ready http=http://{http_at} smtp={smtp_at} credentials={}", page.display()));

    axum::serve(http, door::router(world)).with_graceful_shutdown(stop).await?;
    sink.abort();
    Ok(())
}

/// The one line on stdout: whoever started us waits for it.
#[expect(clippy::print_stdout, reason = "the ready line is this program's contract")]
fn announce(line: &str) {
    println!("{line}");
}

/// Listens from the moment it is called, so that a signal right after the ready line is not lost.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // Held answers and open pages must not keep the process alive for long.
        tokio::spawn(async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            std::process::exit(0);
        });
    })
}
