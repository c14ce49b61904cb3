//! The office's end: a signing desk in another process.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::frame::Link;
use super::{Answer, LinkError, Question, proof};
use crate::desk::{KeyDescription, SigningDesk, Work};
use crate::refusal::SignError;
use crate::secret::SharedSecret;

/// Links at the same time.
const LINKS: usize = 8;

/// A question is split beyond this.
const WORK_A_QUESTION: usize = 256;
const BYTES_A_QUESTION: usize = 32 * 1024 * 1024;

/// A device may be slow; longer than this it is gone.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// Pauses before a new try: a signer that is started again is back by then.
const PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1500)];

/// The desk of a `certhall-signer`. Connects when asked, and again after the signer was away: asking twice does no harm,
/// since the same work is signed again. Cheap to clone.
#[derive(Clone)]
pub struct Remote(Arc<Inner>);

struct Inner {
    socket: PathBuf,
    secret: SharedSecret,
    idle: Mutex<Vec<Link>>,
    slots: Semaphore,
}

impl Remote {
    pub fn new(socket: PathBuf, secret: &SharedSecret) -> Remote {
        let (idle, slots) = (Mutex::default(), Semaphore::new(LINKS));
        Remote(Arc::new(Inner { socket, secret: secret.clone(), idle, slots }))
    }

    async fn ask(&self, question: &Question) -> Result<Answer, SignError> {
        let closed = |_| SignError::Unreachable("this office is closing".to_owned());
        let _slot = self.0.slots.acquire().await.map_err(closed)?;
        // Links from before the signer was started again are dead, all of them: they cost no pause.
        while let Some(mut link) = self.take_idle() {
            match self.ask_on(&mut link, question).await {
                Ok(answer) => return Ok(self.keep(link, answer)),
                Err(error @ (LinkError::TooLong(_) | LinkError::Slow)) => return Err(refusal(error)),
                Err(_) => {}
            }
        }
        let mut last = LinkError::Slow;
        for pause in PAUSES {
            sleep(pause).await;
            match self.connect_and_ask(question).await {
                Ok((link, answer)) => return Ok(self.keep(link, answer)),
                // A refused connection may be taken later; waiting changes neither secret nor size, and has been done.
                Err(LinkError::Io(error)) => last = LinkError::Io(error),
                Err(error) => return Err(refusal(error)),
            }
        }
        Err(refusal(last))
    }

    async fn connect_and_ask(&self, question: &Question) -> Result<(Link, Answer), LinkError> {
        let stream = UnixStream::connect(&self.0.socket).await?;
        let mut link = proof::as_office(stream, &self.0.secret).await?;
        let answer = self.ask_on(&mut link, question).await?;
        Ok((link, answer))
    }

    async fn ask_on(&self, link: &mut Link, question: &Question) -> Result<Answer, LinkError> {
        let talk = async {
            link.send(question).await?;
            let gone = || LinkError::Io(std::io::ErrorKind::UnexpectedEof.into());
            link.receive().await?.ok_or_else(gone)
        };
        timeout(ANSWER_TIME, talk).await.map_err(|_| LinkError::Slow)?
    }

    fn keep(&self, link: Link, answer: Answer) -> Answer {
        self.idle().push(link);
        answer
    }

    fn take_idle(&self) -> Option<Link> {
        self.idle().pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Link>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refusal(error: LinkError) -> SignError {
    match error {
        LinkError::TooLong(size) => SignError::TooMuch(format!("{size} bytes")),
        error => SignError::Unreachable(error.to_string()),
    }
}

fn nonsense() -> SignError {
    SignError::Unreachable("its answer is to another question".to_owned())
}

#[async_trait::async_trait]
impl SigningDesk for Remote {
    async fn sign(&self, key: &str, work: Vec<Work>) -> Vec<Result<Vec<u8>, SignError>> {
        let mut signed = Vec::with_capacity(work.len());
        for work in split(work) {
            let count = work.len();
            let answer = self.ask(&Question::Sign { key: key.to_owned(), work }).await;
            signed.extend(match answer {
                Ok(Answer::Signed(answers)) if answers.len() == count => answers,
                Ok(_) => vec![Err(nonsense()); count],
                Err(error) => vec![Err(error); count],
            });
        }
        signed
    }

    async fn list_keys(&self) -> Result<Vec<KeyDescription>, SignError> {
        match self.ask(&Question::ListKeys).await? {
            Answer::Keys(keys) => Ok(keys),
            Answer::Signed(_) => Err(nonsense()),
        }
    }
}

/// In the same order, in pieces that fit a frame; a single piece too long for one is refused on sending.
fn split(work: Vec<Work>) -> Vec<Vec<Work>> {
    let mut questions: Vec<Vec<Work>> = Vec::new();
    let mut bytes = 0;
    for work in work.into_iter().map(Work::bare) {
        let size = work.to_be_signed().len();
        let full = |it: &Vec<Work>| it.len() >= WORK_A_QUESTION || bytes + size > BYTES_A_QUESTION;
        if questions.last().is_none_or(full) {
            questions.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        questions.last_mut().expect("one was just pushed").push(work);
    }
    questions
}
