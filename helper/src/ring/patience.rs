//! A call that may never come back: made by a thread of its own, and given up after a while.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use key::KeyError;
use zeroize::Zeroizing;

/// A pair is made on a slow card in ten seconds, seldom in twenty.
pub const LONGEST: Duration = Duration::from_secs(30);

type Answered = Result<Vec<u8>, KeyError>;

/// Somebody who answers one question after the other. Once given up it stays so: a late answer is nobody's.
pub struct Worker {
    /// `None` once it shall end.
    questions: Option<Sender<Zeroizing<Vec<u8>>>>,
    answers: Receiver<Answered>,
    given_up: bool,
}

impl Worker {
    /// # Errors
    /// The system has no thread left.
    pub fn start(mut answer: impl FnMut(&[u8]) -> Answered + Send + 'static) -> Result<Self, KeyError> {
        let (questions, asked) = channel::<Zeroizing<Vec<u8>>>();
        let (say, answers) = channel();
        let begun = thread::Builder::new().name("card".into()).spawn(move || {
            while let Ok(question) = asked.recv() {
                if say.send(answer(&question)).is_err() {
                    break;
                }
            }
            // Who waits for the end of `say` knows that the card was let go.
            drop(answer);
            drop(say);
        });
        begun.map_err(|error| KeyError::Transport(error.to_string()))?;
        Ok(Self { questions: Some(questions), answers, given_up: false })
    }

    /// # Errors
    /// `Timeout` after `patience`; `Removed` ever after.
    pub fn ask(&mut self, question: &[u8], patience: Duration) -> Answered {
        let gone = || KeyError::Removed;
        if self.given_up {
            return Err(gone());
        }
        let questions = self.questions.as_ref().ok_or_else(gone)?;
        questions.send(Zeroizing::new(question.to_vec())).map_err(|_| gone())?;
        match self.answers.recv_timeout(patience) {
            Ok(answered) => answered,
            Err(RecvTimeoutError::Timeout) => {
                self.given_up = true;
                Err(KeyError::Timeout)
            }
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

/// Waits a little until it has let go: letting go of a card resets it, and that must not hit whoever opens it next.
impl Drop for Worker {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.answers.recv_timeout(Duration::from_secs(2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_answer_is_nobodys() {
        let mut worker = Worker::start(|question| {
            if question == b"slow" {
                thread::sleep(Duration::from_millis(60));
            }
            Ok(question.to_vec())
        })
        .unwrap();
        let short = Duration::from_millis(20);
        assert_eq!(worker.ask(b"quick", LONGEST), Ok(b"quick".to_vec()));
        assert_eq!(worker.ask(b"slow", short), Err(KeyError::Timeout));
        thread::sleep(Duration::from_millis(80));
        assert_eq!(worker.ask(b"quick", LONGEST), Err(KeyError::Removed));
    }
}
