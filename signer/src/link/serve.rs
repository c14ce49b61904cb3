//! The signer's end: a socket file, and a task for each link.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::{Answer, LinkError, Question, proof};
use crate::desk::SigningDesk;
use crate::keyring::{Clock, Keyring};
use crate::secret::SharedSecret;

/// Links at the same time; more wait.
const LINKS: usize = 64;

/// A socket that is bound and not yet served.
pub struct Listening {
    listener: UnixListener,
    socket: PathBuf,
}

/// Binds the socket file: mode 0600, or 0660 for the group `office_group` (a number) where office and signer are different
/// users. A file left by a signer that was killed is replaced, that of a living one is not.
///
/// # Errors
/// `AddrInUse` when a signer serves there; what the file system says.
pub fn listen(socket: &Path, office_group: Option<u32>) -> io::Result<Listening> {
    if std::os::unix::net::UnixStream::connect(socket).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "a signer serves there already"));
    }
    let name = socket.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    // It gets its name when its mode is right: nobody can connect before.
    let draft = socket.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let bound = UnixListener::bind(&draft).and_then(|listener| {
        if office_group.is_some() {
            std::os::unix::fs::chown(&draft, None, office_group)?;
        }
        let mode = if office_group.is_some() { 0o660 } else { 0o600 };
        fs::set_permissions(&draft, Permissions::from_mode(mode))?;
        fs::rename(&draft, socket)?;
        Ok(listener)
    });
    if bound.is_err() {
        fs::remove_file(&draft).ok();
    }
    Ok(Listening { listener: bound?, socket: socket.to_owned() })
}

struct Shared {
    ring: Keyring,
    secret: SharedSecret,
    clock: Clock,
    /// The second in which a stranger was last written down: a flood of them must not fill the log.
    noted: AtomicI64,
}

impl Listening {
    /// Serves until `stop` is done, then lets every link finish the question at hand, and removes the socket file.
    pub async fn serve(
        self,
        ring: Keyring,
        secret: &SharedSecret,
        clock: Clock,
        stop: impl Future<Output = ()>,
    ) {
        let shared = Arc::new(Shared { ring, secret: secret.clone(), clock, noted: AtomicI64::new(0) });
        let (stopping, stopped) = watch::channel(false);
        let slots = Arc::new(Semaphore::new(LINKS));
        let mut links = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let next = async {
                let slot = slots.clone().acquire_owned().await;
                (slot, self.listener.accept().await)
            };
            tokio::select! {
                (slot, accepted) = next => match accepted {
                    Ok((stream, _)) => {
                        let (shared, stopped) = (shared.clone(), stopped.clone());
                        links.spawn(async move {
                            shared.attend(stream, stopped).await;
                            drop(slot);
                        });
                    }
                    Err(error) => tracing::warn!(%error, "a link could not be taken"),
                },
                Some(_) = links.join_next(), if !links.is_empty() => {}
                () = &mut stop => break,
            }
        }
        stopping.send(true).ok();
        while links.join_next().await.is_some() {}
        fs::remove_file(&self.socket).ok();
    }
}

impl Shared {
    async fn attend(&self, stream: UnixStream, mut stopped: watch::Receiver<bool>) {
        match self.talk(stream, &mut stopped).await {
            Ok(()) => {}
            Err(
                error
                @ (LinkError::Proof | LinkError::Frame | LinkError::TooLong(_) | LinkError::Language(_)),
            ) => {
                tracing::warn!(%error, "a link was ended");
                self.note_stranger(&error.to_string()).await;
            }
            Err(error) => tracing::info!(%error, "a link ended"),
        }
    }

    async fn talk(&self, stream: UnixStream, stopped: &mut watch::Receiver<bool>) -> Result<(), LinkError> {
        let mut link = proof::as_signer(stream, &self.secret).await?;
        loop {
            let question = tokio::select! {
                question = link.receive::<Question>() => question?,
                _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
            };
            let answer = match question {
                None => return Ok(()),
                Some(Question::ListKeys) => Answer::Keys(self.ring.list_keys().await.unwrap_or_default()),
                Some(Question::Sign { key, work }) => Answer::Signed(self.ring.sign(&key, work).await),
            };
            link.send(&answer).await?;
        }
    }

    async fn note_stranger(&self, why: &str) {
        let now = (self.clock)();
        if self.noted.swap(now, Ordering::Relaxed) != now {
            let (ring, why) = (self.ring.clone(), why.to_owned());
            tokio::task::spawn_blocking(move || ring.note_stranger(&why)).await.ok();
        }
    }
}
