//! The conversation with the browser: one frame in, one frame out, until the pipe closes.

use std::{
    error::Error,
    io::{Read, Write},
};

use futures::executor::block_on;
use helper::ring::Ring;
use key::{
    KeyError,
    message::{Answer, CONNECTION, Envelope, Request, Stamped, VERSION},
};
use serde::de::IgnoredAny;

use crate::{
    allowed::places,
    frame::{self, FrameError},
    origin::is_origin,
    serve::Helper,
};

/// Ends well when the browser closes the pipe, badly when a frame cannot be a frame: after that nothing can be read.
pub fn run(mut input: impl Read, mut output: impl Write) -> Result<(), Box<dyn Error>> {
    let mut helper = Helper::start(Ring::of(places()?))?;
    loop {
        let message = match frame::read(&mut input) {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(()),
            Err(error @ (FrameError::TooLong(_) | FrameError::Torn)) => {
                let refusal = KeyError::Malformed(error.to_string());
                say(&mut output, CONNECTION, Answer::Failed { error: refusal })?;
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        };
        let (id, answer) = match read(&message) {
            Ok((id, origin, request)) => (id, block_on(helper.serve(&origin, request))),
            Err((id, error)) => (id, Err(error)),
        };
        say(&mut output, id, answer.unwrap_or_else(|error| Answer::Failed { error }))?;
    }
}

fn say(output: &mut impl Write, id: u32, answer: Answer) -> Result<(), Box<dyn Error>> {
    Ok(frame::write(output, &serde_json::to_vec(&Envelope::new(id, answer))?)?)
}

/// The request, or the refusal and the id it belongs to. Parser messages quote the input, which may be a PIN: they are
/// never passed on (R129).
fn read(message: &[u8]) -> Result<(u32, String, Request), (u32, KeyError)> {
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
        Ok(inner) => Ok((id, inner.origin, inner.message.body)),
        Err(error) if error.to_string().starts_with("unknown variant") => Err((id, KeyError::Unsupported)),
        Err(_) => Err((id, malformed("the fields do not fit the verb"))),
    }
}
