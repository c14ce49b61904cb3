//! Smart card readers, by PC/SC: a place is a reader and how many cards it has seen.
//!
//! Other programs may use the card between two exchanges, as the system wants it; when we let go, the card is reset, and
//! with that every PIN that was verified.

use key::{KeyError, channel::Channel, session::ApduKey};
use pcsc::{Context, Disposition, Protocols, ReaderState, Scope, ShareMode, State};

use super::{
    OpenKey,
    patience::{LONGEST, Worker},
    socket::{Port, at_once},
};

#[derive(Default)]
pub struct Readers {
    /// `None` until the system's service answers; it may be started after us, and again.
    context: Option<Context>,
}

pub struct CardChannel(Worker);

/// Separates reader and count: no reader's name has a line feed.
const THEN: char = '\n';

impl Port for Readers {
    fn places(&mut self) -> Result<Vec<String>, KeyError> {
        if self.context.is_none() {
            match Context::establish(Scope::User) {
                Ok(context) => self.context = Some(context),
                // A computer without the service has no readers.
                Err(_) => return Ok(Vec::new()),
            }
        }
        let Some(context) = &self.context else { return Ok(Vec::new()) };
        match filled(context) {
            Ok(places) => Ok(places),
            Err(_) => {
                self.context = None;
                Ok(Vec::new())
            }
        }
    }

    fn open(&mut self, place: &str) -> Result<OpenKey, KeyError> {
        let context = self.context.as_ref().ok_or(KeyError::Removed)?;
        let reader = place.split(THEN).next().unwrap_or_default();
        at_once(ApduKey::open(CardChannel::open(context, reader)?)).map(OpenKey::Card)
    }
}

/// Readers with a card that answers.
fn filled(context: &Context) -> Result<Vec<String>, pcsc::Error> {
    let names = match context.list_readers_owned() {
        Err(pcsc::Error::NoReadersAvailable) => return Ok(Vec::new()),
        names => names?,
    };
    let mut states: Vec<ReaderState> =
        names.into_iter().map(|name| ReaderState::new(name, State::UNAWARE)).collect();
    if states.is_empty() {
        return Ok(Vec::new());
    }
    context.get_status_change(std::time::Duration::ZERO, &mut states)?;
    let there = |state: &&ReaderState| {
        state.event_state().contains(State::PRESENT) && !state.event_state().contains(State::MUTE)
    };
    let place =
        |state: &ReaderState| format!("{}{THEN}{}", state.name().to_string_lossy(), state.event_count());
    Ok(states.iter().filter(there).map(place).collect())
}

impl CardChannel {
    /// # Errors
    /// `Removed`, or `Busy` when another program has the card for itself.
    pub fn open(context: &Context, reader: &str) -> Result<Self, KeyError> {
        let reader = std::ffi::CString::new(reader).map_err(|_| KeyError::Removed)?;
        let card = context.connect(&reader, ShareMode::Shared, Protocols::ANY).map_err(fault)?;
        let held = Held(Some(card));
        let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        Worker::start(move |apdu| {
            let card = held.0.as_ref().ok_or(KeyError::Removed)?;
            let answer = card.transmit(apdu, &mut buffer).map_err(fault)?;
            // Some readers answer for a card that has just left.
            if answer.len() < 2 { Err(KeyError::Removed) } else { Ok(answer.to_vec()) }
        })
        .map(CardChannel)
    }
}

impl Channel for CardChannel {
    async fn exchange(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.ask(apdu, LONGEST)
    }
}

struct Held(Option<pcsc::Card>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(card) = self.0.take() {
            // A card that is gone has forgotten by itself.
            let _ = card.disconnect(Disposition::ResetCard);
        }
    }
}

fn fault(error: pcsc::Error) -> KeyError {
    use pcsc::Error as E;
    match error {
        E::NoSmartcard
        | E::RemovedCard
        | E::UnpoweredCard
        | E::UnresponsiveCard
        | E::ResetCard
        | E::ReaderUnavailable
        | E::UnknownReader
        | E::NoService
        | E::ServiceStopped
        | E::CommError
        | E::NotTransacted
        | E::InvalidHandle => KeyError::Removed,
        E::SharingViolation => KeyError::Busy,
        E::NoAccess | E::SecurityViolation => KeyError::Denied,
        // A card without contacts for our protocol is no key of ours.
        E::ProtoMismatch | E::UnsupportedCard => KeyError::Unsupported,
        E::Timeout => KeyError::Timeout,
        other => KeyError::Transport(other.to_string()),
    }
}
