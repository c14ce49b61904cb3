//! Which answer belongs to which question. Pure: no browser in it, so that it is tested on any machine.

use super::AccessError;
use futures::channel::oneshot::{Receiver, Sender, channel};
use key::message::{Answer, CONNECTION, Envelope, VERSION};
use std::collections::HashMap;

pub type Reply = Result<Answer, AccessError>;

/// The questions that are open. Each is settled exactly once; what comes later to a settled id is dropped.
#[derive(Default)]
pub struct Inbox {
    last: u32,
    open: HashMap<u32, Sender<Reply>>,
}

impl Inbox {
    /// A fresh id, and where its reply will arrive.
    pub fn open(&mut self) -> (u32, Receiver<Reply>) {
        // 0 is the connection's own id.
        self.last = self.last.checked_add(1).unwrap_or(1);
        let (sender, receiver) = channel();
        self.open.insert(self.last, sender);
        (self.last, receiver)
    }

    pub fn settle(&mut self, id: u32, reply: Reply) {
        if let Some(sender) = self.open.remove(&id) {
            // Nobody may be waiting any more (the page was left): that is no fault.
            let _ = sender.send(reply);
        }
    }

    pub fn fail_all(&mut self, error: &AccessError) {
        for (_, sender) in self.open.drain() {
            let _ = sender.send(Err(error.clone()));
        }
    }

    /// Takes in one message from the helper as JSON text; true when it says that something came or went.
    pub fn receive(&mut self, text: &str) -> bool {
        match read(text) {
            Ok((CONNECTION, Ok(Answer::PortsChanged {}))) => return true,
            Ok((CONNECTION, Ok(Answer::Failed { error }))) => self.fail_all(&error.into()),
            Ok((CONNECTION, _)) => self.fail_all(&AccessError::Unexpected),
            Ok((id, reply)) => self.settle(id, reply),
            Err(error) => self.fail_all(&error),
        }
        false
    }
}

fn read(text: &str) -> Result<(u32, Reply), AccessError> {
    let envelope: Envelope<serde_json::Value> =
        serde_json::from_str(text).map_err(|_| AccessError::Unexpected)?;
    if envelope.version != VERSION {
        return Err(AccessError::OtherVersion);
    }
    Ok((envelope.id, serde_json::from_value(envelope.body).map_err(|_| AccessError::Unexpected)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use key::KeyError;

    fn arrived(mut receiver: Receiver<Reply>) -> Option<Reply> {
        receiver.try_recv().expect("the inbox still holds the other end, or has sent")
    }

    #[test]
    fn answers_find_their_question_in_any_order() {
        let mut inbox = Inbox::default();
        let (first, at_first) = inbox.open();
        let (second, at_second) = inbox.open();
        inbox.receive(&format!(r#"{{"version":1,"id":{second},"body":{{"answer":"installed"}}}}"#));
        inbox.receive(&format!(r#"{{"version":1,"id":{first},"body":{{"answer":"keys","keys":[]}}}}"#));
        assert_eq!(arrived(at_first), Some(Ok(Answer::Keys { keys: vec![] })));
        assert_eq!(arrived(at_second), Some(Ok(Answer::Installed {})));
    }

    #[test]
    fn a_second_answer_to_one_question_is_dropped() {
        let mut inbox = Inbox::default();
        let (id, at) = inbox.open();
        inbox.settle(id, Err(KeyError::Timeout.into()));
        inbox.receive(&format!(r#"{{"version":1,"id":{id},"body":{{"answer":"installed"}}}}"#));
        assert_eq!(arrived(at), Some(Err(KeyError::Timeout.into())));
    }

    #[test]
    fn a_missing_helper_fails_every_open_question() {
        let mut inbox = Inbox::default();
        let (_, one) = inbox.open();
        let (_, two) = inbox.open();
        inbox.receive(r#"{"version":1,"id":0,"body":{"answer":"failed","error":{"kind":"helper_missing"}}}"#);
        assert_eq!(arrived(one), Some(Err(KeyError::HelperMissing.into())));
        assert_eq!(arrived(two), Some(Err(KeyError::HelperMissing.into())));
    }

    #[test]
    fn what_is_not_asked_for_settles_no_question() {
        let mut inbox = Inbox::default();
        let (id, at) = inbox.open();
        assert!(inbox.receive(r#"{"version":1,"id":0,"body":{"answer":"ports_changed"}}"#));
        assert!(!inbox.receive(&format!(r#"{{"version":1,"id":{id},"body":{{"answer":"installed"}}}}"#)));
        assert_eq!(arrived(at), Some(Ok(Answer::Installed {})));
    }

    #[test]
    fn another_version_and_an_unknown_answer_are_told_apart() {
        let mut inbox = Inbox::default();
        let (id, at) = inbox.open();
        inbox.receive(&format!(r#"{{"version":1,"id":{id},"body":{{"answer":"sings"}}}}"#));
        assert_eq!(arrived(at), Some(Err(AccessError::Unexpected)));
        let (_, at) = inbox.open();
        inbox.receive(r#"{"version":2,"id":9,"body":{"whatever":1}}"#);
        assert_eq!(arrived(at), Some(Err(AccessError::OtherVersion)));
    }

    #[test]
    fn r156_a_lost_connection_is_never_a_wrong_pin() {
        let mut inbox = Inbox::default();
        let (_, at) = inbox.open();
        inbox.fail_all(&AccessError::ConnectionLost);
        let reply = arrived(at).expect("settled");
        assert_eq!(reply, Err(AccessError::ConnectionLost));
        assert!(!matches!(reply, Err(AccessError::Key(KeyError::PinWrong { .. } | KeyError::PinLocked))));
    }
}
