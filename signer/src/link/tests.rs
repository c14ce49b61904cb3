use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::frame::{Link, MAX_BODY};
use super::{Answer, LinkError, Question, Remote, listen, proof};
use crate::{Ceremony, Keyring, KeyringSettings, SharedSecret, SigningDesk, system_clock};

/// A signer without authorities behind a socket, and its log.
struct Served {
    _folder: tempfile::TempDir,
    socket: PathBuf,
    log: PathBuf,
    secret: SharedSecret,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Served {
    async fn new() -> Served {
        let folder = tempfile::tempdir().unwrap();
        let (socket, log) = (folder.path().join("signer.sock"), folder.path().join("acts.log"));
        let settings = KeyringSettings {
            key_dir: folder.path().join("keys"),
            passphrase_file: Some(folder.path().join("passphrase")),
            log_file: log.clone(),
            demo: true,
            keys: Default::default(),
            devices: Default::default(),
        };
        drop(Ceremony::open(&settings, system_clock()).unwrap());
        let secret = SharedSecret::generate().unwrap();
        let ring = Keyring::open(&settings, &secret, system_clock()).unwrap();
        let listening = listen(&socket, None).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let known = secret.clone();
        let task = tokio::spawn(async move {
            let until = async { stopped.await.unwrap_or_default() };
            listening.serve(ring, &known, system_clock(), until).await;
        });
        Served { _folder: folder, socket, log, secret, stop: Some(stop), task }
    }

    async fn stream(&self) -> UnixStream {
        UnixStream::connect(&self.socket).await.unwrap()
    }

    async fn link(&self) -> Link {
        proof::as_office(self.stream().await, &self.secret).await.unwrap()
    }

    /// Until the log says so.
    async fn noted(&self, what: &str) {
        for _ in 0..200 {
            if std::fs::read_to_string(&self.log).unwrap().contains(what) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the log does not say {what}");
    }

    /// The signer hangs up: nothing more comes, and no answer came.
    async fn is_ended(&self, mut stream: UnixStream) {
        let mut rest = Vec::new();
        // A reset is an end too.
        stream.read_to_end(&mut rest).await.ok();
        assert!(rest.is_empty(), "it answered {} bytes", rest.len());
    }
}

/// The bytes of one question as a frame of this link, and the link's counter moved on.
fn framed(link: &mut Link, question: &Question) -> Vec<u8> {
    let body = postcard::to_allocvec(question).unwrap();
    let length = (body.len() as u32).to_be_bytes();
    let code = link.outward.key.code(&[&link.outward.number.to_be_bytes(), &length, &body]);
    link.outward.number += 1;
    [&length[..], &body, &code].concat()
}

#[tokio::test]
async fn both_sides_prove_themselves_and_talk() {
    let served = Served::new().await;
    let remote = Remote::new(served.socket.clone(), &served.secret);
    assert!(remote.list_keys().await.unwrap().is_empty());
    let many = (0..20).map(|_| {
        let remote = remote.clone();
        tokio::spawn(async move { remote.list_keys().await })
    });
    for asked in futures_of(many).await {
        asked.unwrap();
    }
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&served.socket).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(listen(&served.socket, None).err().unwrap().kind(), std::io::ErrorKind::AddrInUse);
}

async fn futures_of<T>(tasks: impl Iterator<Item = tokio::task::JoinHandle<T>>) -> Vec<T> {
    let mut done = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        done.push(task.await.unwrap());
    }
    done
}

#[tokio::test]
async fn a_wrong_secret_opens_nothing_on_either_side() {
    let served = Served::new().await;
    let other = SharedSecret::generate().unwrap();
    // The office sees a signer that cannot prove itself.
    let error = Remote::new(served.socket.clone(), &other).list_keys().await.unwrap_err();
    assert_eq!(error.code(), "signer_unreachable");
    assert!(error.to_string().contains("shared secret"), "{error}");
    // The signer sees an office that cannot: whoever skips the check of the signer's proof gets no further.
    let mut stream = served.stream().await;
    stream.write_all(&[&b"certhall signer 1\n"[..], &[7; 32]].concat()).await.unwrap();
    let mut theirs = [0; 64];
    stream.read_exact(&mut theirs).await.unwrap();
    stream.write_all(&[0; 32]).await.unwrap();
    served.is_ended(stream).await;
    served.noted("does not know the shared secret").await;
}

#[tokio::test]
async fn a_tampered_frame_ends_the_link() {
    let served = Served::new().await;
    for at in [0, 4, 5, 20] {
        let mut link = served.link().await;
        let key = "issuing".to_owned();
        let mut frame = framed(&mut link, &Question::Sign { key, work: Vec::new() });
        let at = at.min(frame.len() - 1);
        // In the length this makes a frame that is too long; elsewhere a wrong code.
        frame[at] ^= 0x80;
        link.stream.write_all(&frame).await.unwrap();
        served.is_ended(link.stream).await;
    }
    served.noted(r#""deed":"stranger""#).await;
}

#[tokio::test]
async fn a_replayed_frame_ends_the_link() {
    let served = Served::new().await;
    let mut link = served.link().await;
    let frame = framed(&mut link, &Question::ListKeys);
    link.stream.write_all(&frame).await.unwrap();
    assert!(matches!(link.receive::<Answer>().await.unwrap(), Some(Answer::Keys(_))));
    link.stream.write_all(&frame).await.unwrap();
    served.is_ended(link.stream).await;
    served.noted("repeated").await;
    // On another link it is worth nothing either.
    let mut other = served.link().await;
    other.stream.write_all(&frame).await.unwrap();
    served.is_ended(other.stream).await;
}

#[tokio::test]
async fn an_oversized_frame_is_refused_before_it_is_read() {
    let served = Served::new().await;
    let mut link = served.link().await;
    link.stream.write_all(&(MAX_BODY as u32 + 1).to_be_bytes()).await.unwrap();
    served.is_ended(link.stream).await;
    served.noted("is too long").await;
    let mut link = served.link().await;
    let key = "x".repeat(MAX_BODY);
    let error = link.send(&Question::Sign { key, work: Vec::new() }).await.unwrap_err();
    assert!(matches!(error, LinkError::TooLong(_)));
}

#[tokio::test]
async fn another_protocol_is_hung_up_on() {
    let served = Served::new().await;
    let mut stream = served.stream().await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: signer\r\nAccept: everything there is\r\n\r\n").await.unwrap();
    served.is_ended(stream).await;
}

#[tokio::test]
async fn stopping_ends_idle_links_and_removes_the_socket() {
    let mut served = Served::new().await;
    let link = served.link().await;
    let remote = Arc::new(Remote::new(served.socket.clone(), &served.secret));
    remote.list_keys().await.unwrap();
    served.stop.take().unwrap().send(()).unwrap();
    (&mut served.task).await.unwrap();
    assert!(!served.socket.exists());
    served.is_ended(link.stream).await;
    assert_eq!(remote.list_keys().await.unwrap_err().code(), "signer_unreachable");
    served.noted(r#""deed":"stop""#).await;
}
