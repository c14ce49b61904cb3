//! The conversation with the person, the same on every port: tries first, the PIN that stands, the new one twice.

use key::{
    KeyError, Pin,
    key::{Key, PinKind},
    mandate::Mandate,
    message::Request,
    pin_rule,
    verb::Pins,
};

use super::{Asks, Prompt, Question};

/// With this many tries left, or fewer, the person is asked whether they are sure.
const FEW: u8 = 2;
/// A person who cannot find a PIN that is taken gives up sooner.
const ROUNDS: usize = 10;

/// Fills the request's places for PINs. Asks nothing where it has none.
///
/// # Errors
/// `Cancelled` by the person; `PinLocked` before anybody types in vain; the key's own.
pub async fn fill<K: Key>(
    key: &mut K,
    prompt: &mut dyn Prompt,
    mandate: &Mandate,
    request: &mut Request,
) -> Result<(), KeyError> {
    let Pins { current, new } = request.pins();
    if current.is_none() && new.is_none() {
        return Ok(());
    }
    let serial = key.identify().await?.serial;
    let ask = Question {
        origin: &mandate.origin,
        purpose: &mandate.purpose,
        serial: &serial,
        left: None,
        asks: Asks::Current,
        fault: None,
    };
    let mut typed = None;
    if let Some(place) = current {
        let left = match key.pin_info(PinKind::User).await {
            Ok(info) if info.left == 0 => return Err(KeyError::PinLocked),
            Ok(info) => Some(info.left),
            // One that does not count aloud: the window names no number.
            Err(KeyError::Unsupported) => None,
            Err(error) => return Err(error),
        };
        let ask = Question { left, ..ask.clone() };
        if left.is_some_and(|left| left <= FEW) {
            prompt.confirm(&Question { asks: Asks::GoOn, ..ask.clone() })?;
        }
        let pin = fitting(prompt, &ask)?;
        typed = Some(pin.clone());
        *place = Some(pin);
    }
    if let Some(place) = new {
        *place = Some(chosen(prompt, &ask, typed.as_ref())?);
    }
    Ok(())
}

/// What no key could hold is asked for again: it would cost a try.
fn fitting(prompt: &mut dyn Prompt, ask: &Question) -> Result<Pin, KeyError> {
    let mut fault = None;
    for _ in 0..ROUNDS {
        let pin = prompt.pin(&Question { fault, ..ask.clone() })?;
        if pin.fits() {
            return Ok(pin);
        }
        fault = Some(pin_rule::WeakPin::Length.sentence());
    }
    Err(KeyError::Cancelled)
}

/// A new PIN that keeps the rule (K16), typed twice alike.
fn chosen(prompt: &mut dyn Prompt, ask: &Question, current: Option<&Pin>) -> Result<Pin, KeyError> {
    let mut fault = None;
    for _ in 0..ROUNDS {
        let pin = prompt.pin(&Question { asks: Asks::New, fault, ..ask.clone() })?;
        if let Err(weak) = pin_rule::check(&pin, current, &[]) {
            fault = Some(weak.sentence());
            continue;
        }
        if prompt.pin(&Question { asks: Asks::Again, ..ask.clone() })? == pin {
            return Ok(pin);
        }
        fault = Some("两次输入的新密码不一致，请重新设置。");
    }
    Err(KeyError::Cancelled)
}
