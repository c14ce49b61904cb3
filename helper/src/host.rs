//! The conversation with the browser: one frame in, one frame out, until the pipe closes.

use std::{
    error::Error,
    io::{Read, Write},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use futures::executor::block_on;
use helper::ring::Ring;
use key::{
    KeyError,
    message::{Answer, CONNECTION, Envelope, Request, Stamped, VERSION},
};
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use crate::{
    allowed::places,
    frame::{self, FrameError},
    origin::is_origin,
    prompt::{self, Leash},
    serve::Helper,
    settings::{self, Effective},
};

/// A page that has asked for the keys hears of one that comes or goes within this time.
const LOOK: Duration = Duration::from_millis(400);

/// Ends well when the browser closes the pipe, badly when a frame cannot be a frame: after that nothing can be read.
///
/// The pipe is read beside the work, so that a window does not stay open for a page that is gone.
pub fn run(input: impl Read + Send + 'static, mut output: impl Write) -> Result<(), Box<dyn Error>> {
    let leash = Leash::default();
    let settings = settings::effective().unwrap_or_else(|error| {
        // Without settings it obeys nobody; looking at keys works, so that a page can say what is wrong.
        eprintln!("certhall-helper: {error}");
        Effective::default()
    });
    let prompt = prompt::open(&settings.prompt, leash.clone());
    let mut helper = Helper::start(Ring::of(places()?), settings.offices, prompt)?;
    let (messages, mut watching) = (messages(input, leash), false);
    loop {
        let message = match messages.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                if watching && helper.ports_stirred() {
                    say(&mut output, CONNECTION, Answer::PortsChanged {})?;
                }
                continue;
            }
            Ok(message) => message,
        };
        let message = match message {
            Ok(message) => message,
            Err(error @ (FrameError::TooLong(_) | FrameError::Torn)) => {
                let refusal = KeyError::Malformed(error.to_string());
                say(&mut output, CONNECTION, Answer::Failed { error: refusal })?;
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        };
        let (id, answer) = match read(&message) {
            Ok((origin, asked)) => {
                if matches!(asked.body, Request::ListKeys {}) {
                    // What is in now this page is about to hear.
                    watching = true;
                    helper.ports_stirred();
                }
                let served = helper.serve(&origin, asked.body, asked.mandate.as_ref());
                (asked.id, block_on(served))
            }
            Err((id, error)) => (id, Err(error)),
        };
        say(&mut output, id, answer.unwrap_or_else(|error| Answer::Failed { error }))?;
    }
}

type Frame = Result<Zeroizing<Vec<u8>>, FrameError>;

/// The frames as they come, until the pipe closes or breaks; then the leash is pulled.
fn messages(mut input: impl Read + Send + 'static, leash: Leash) -> Receiver<Frame> {
    // One waits while one is worked on: a page that floods is held back by its own pipe.
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        loop {
            let frame = frame::read(&mut input).transpose();
            let last = !matches!(frame, Some(Ok(_)));
            if last {
                leash.pull();
            }
            let heard = frame.is_none_or(|frame| sender.send(frame).is_ok());
            if last || !heard {
                return;
            }
        }
    });
    receiver
}

fn say(output: &mut impl Write, id: u32, answer: Answer) -> Result<(), Box<dyn Error>> {
    Ok(frame::write(output, &serde_json::to_vec(&Envelope::new(id, answer))?)?)
}

/// The origin and the request, or the refusal and the id it belongs to. Parser messages quote the input, which may be a
/// PIN: they are never passed on (R129).
fn read(message: &[u8]) -> Result<(String, Envelope<Request>), (u32, KeyError)> {
    let malformed = |text: &str| KeyError::Malformed(text.into());
    let outer: Stamped<Envelope<IgnoredAny>> =
        serde_json::from_slice(message).map_err(|_| (CONNECTION, malformed("not a stamped envelope")))?;
    let id = outer.message.id;
    if outer.message.version != VERSION {
        return Err((id, KeyError::Unsupported));
    }
    if !is_origin(&outer.origin) {
        return Err((id, KeyError::Denied));
    }
    match serde_json::from_slice::<Stamped<Envelope<Request>>>(message) {
        Ok(inner) => Ok((inner.origin, inner.message)),
        Err(error) if error.to_string().starts_with("unknown variant") => Err((id, KeyError::Unsupported)),
        Err(_) => Err((id, malformed("the fields do not fit the verb"))),
    }
}
