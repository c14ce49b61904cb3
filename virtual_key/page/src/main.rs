//! A page that opens a key by the counter's own code (`app/src/key_access`) and does what the laws at the other end of its
//! line ask, over WebHID or WebUSB. Part of no bundle of the product: built and served by the walks alone.
//!
//! `window.key(over, order)` takes one order as JSON (`line.rs`) and promises one report. One at a time.

mod line;

use app::key_access::direct::{self, Bus};
use app::key_access::hid::Hid;
use app::key_access::usb::Usb;
use js_sys::{Function, Promise, Reflect};
use key::KeyError;
use key::remote::{Said, Verb, carry_out};
use key::session::ApduKey;
use key::tape::Tape;
use key::wire::{Pipe, Wire};
use line::{Order, Report};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

const PATIENCE: Duration = Duration::from_secs(20);

/// What is open on one bus.
type Open<B> = RefCell<Option<Session<<B as Bus>::Pipe>>>;

struct Session<P: Pipe> {
    key: ApduKey<Tape<Wire<P>>>,
    tape: Tape<Wire<P>>,
    /// The commands of the last turn.
    sent: Vec<Vec<u8>>,
}

thread_local! {
    static HID: Rc<Open<Hid>> = Rc::default();
    static USB: Rc<Open<Usb>> = Rc::default();
}

fn main() {
    console_error_panic_hook::set_once();
    let obey = Closure::<dyn Fn(String, String) -> Promise>::new(|over: String, order: String| {
        future_to_promise(async move {
            let said = match over.as_str() {
                "hid" => obey::<Hid>(&HID.with(Rc::clone), &order).await,
                "usb" => obey::<Usb>(&USB.with(Rc::clone), &order).await,
                _ => return Err("there is no such bus".into()),
            };
            Ok(said.into())
        })
    });
    let obey: Function = obey.into_js_value().unchecked_into();
    let _ = Reflect::set(&js_sys::global(), &"key".into(), &obey);
}

async fn obey<B: Bus>(open: &Open<B>, order: &str) -> String {
    let report = match serde_json::from_str(order) {
        Ok(order) => carry_out_order::<B>(open, order).await.unwrap_or_else(Report::Failed),
        Err(error) => Report::Failed(KeyError::Malformed(error.to_string())),
    };
    serde_json::to_string(&report).unwrap_or_default()
}

async fn carry_out_order<B: Bus>(open: &Open<B>, order: Order) -> Result<Report, KeyError> {
    match order {
        Order::Count => Ok(Report::Seen(B::granted().await?.len())),
        Order::Open => {
            let devices: Vec<JsValue> = B::granted().await?;
            let [device] = &devices[..] else { return Err(KeyError::Removed) };
            let tape = Tape::of(direct::wire::<B>(device, Rc::new(Cell::new(PATIENCE))).await?);
            let key = ApduKey::open(tape.clone()).await?;
            open.replace(Some(Session { key, tape, sent: Vec::new() }));
            Ok(Report::Done)
        }
        Order::Close => {
            if let Some(session) = open.take() {
                // A key that is gone has forgotten by itself.
                let _ = session.key.close().await;
            }
            Ok(Report::Done)
        }
        Order::Ask(verb) => {
            with(open, async |session| carry_out(&mut session.key, verb).await.map(Report::Said)).await
        }
        Order::Turn(verbs) => with(open, async |session| turn(session, verbs).await).await,
        Order::Again => with(open, async |session| again(session).await).await,
    }
}

/// The session stays what it is, whatever came of it: a wire that broke says so again.
async fn with<P: Pipe>(
    open: &RefCell<Option<Session<P>>>,
    work: impl AsyncFnOnce(&mut Session<P>) -> Result<Report, KeyError>,
) -> Result<Report, KeyError> {
    let mut session = open.take().ok_or(KeyError::Removed)?;
    let report = work(&mut session).await;
    open.replace(Some(session));
    report
}

async fn turn<P: Pipe>(session: &mut Session<P>, verbs: Vec<Verb>) -> Result<Report, KeyError> {
    session.tape.take();
    let since = now();
    for verb in verbs {
        if let Said::Failed(error) = carry_out(&mut session.key, verb).await? {
            return Err(error);
        }
    }
    let took = Report::Took(now() - since);
    session.sent = session.tape.take();
    Ok(took)
}

async fn again<P: Pipe>(session: &mut Session<P>) -> Result<Report, KeyError> {
    let since = now();
    session.tape.play(&session.sent).await?;
    Ok(Report::Took(now() - since))
}

/// Microseconds of `performance.now()`: Chromium counts by hundreds of them.
fn now() -> u64 {
    let performance = Reflect::get(&js_sys::global(), &"performance".into()).unwrap_or_default();
    let read = Reflect::get(&performance, &"now".into()).ok().and_then(|now| now.dyn_into::<Function>().ok());
    let millis = read.and_then(|now| now.call0(&performance).ok()).and_then(|now| now.as_f64());
    (millis.unwrap_or_default() * 1000.0) as u64
}
