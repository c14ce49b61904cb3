//! WebHID: reports of 64 octets, both ways, without a report number.
//!
//! Chromium tells nothing about an exchange whose key is pulled: only `disconnect` comes, and what was promised may stay
//! open for ever. So each wait, for a report to leave as well as for one to come, is raced against that event and the clock.

use super::direct::{Bus, fault};
use super::js::{self, Ear};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot;
use futures::future::{Either, Shared, select};
use futures::{FutureExt, StreamExt};
use js_sys::{Array, DataView, Object, Reflect, Uint8Array};
use key::KeyError;
use key::frame::{PACKET, Packet};
use key::model::MODELS;
use key::wire::Pipe;
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

pub struct Hid;

pub struct HidPipe {
    device: JsValue,
    heard: UnboundedReceiver<Heard>,
    gone: Shared<oneshot::Receiver<()>>,
    patience: Rc<Cell<Duration>>,
    _ears: [Ear; 2],
}

enum Heard {
    Packet(Packet),
    Gone,
}

impl Bus for Hid {
    type Pipe = HidPipe;
    const PREFIX: &'static str = "hid";

    async fn granted() -> Result<Vec<JsValue>, KeyError> {
        let hid = js::of_navigator("hid").ok_or(KeyError::Unsupported)?;
        let devices = js::promise(&hid, "getDevices", &[]).await.map_err(|error| fault(&error))?;
        Ok(Array::from(&devices).iter().filter(may_be_ours).collect())
    }

    async fn choose() -> Result<(), KeyError> {
        let hid = js::of_navigator("hid").ok_or(KeyError::Unsupported)?;
        let filters = Array::new();
        for model in MODELS {
            let filter = Object::new();
            let numbers = [
                ("vendorId", u32::from(model.vendor)),
                ("productId", model.product.into()),
                ("usagePage", model.usage_page.into()),
            ];
            for (name, value) in numbers {
                let _ = Reflect::set(&filter, &name.into(), &value.into());
            }
            filters.push(&filter);
        }
        let options = Object::new();
        let _ = Reflect::set(&options, &"filters".into(), &filters);
        let chosen = js::promise(&hid, "requestDevice", &[&options]).await.map_err(|error| fault(&error))?;
        // No choice is an empty list here, and an exception in WebUSB.
        if Array::from(&chosen).length() == 0 { Err(KeyError::Cancelled) } else { Ok(()) }
    }

    async fn open(device: &JsValue, patience: Rc<Cell<Duration>>) -> Result<HidPipe, KeyError> {
        let hid = js::of_navigator("hid").ok_or(KeyError::Unsupported)?;
        let ((tell, heard), (say_gone, gone)) = (unbounded(), oneshot::channel());
        let _ears = [report_ear(device, tell.clone()), removal_ear(&hid, device, tell, say_gone)];
        let pipe = HidPipe { device: device.clone(), heard, gone: gone.shared(), patience, _ears };
        if js::member(device, "opened").is_none_or(|opened| opened.is_falsy()) {
            pipe.promised("open", &[]).await?;
        }
        Ok(pipe)
    }
}

fn report_ear(device: &JsValue, tell: UnboundedSender<Heard>) -> Ear {
    Ear::new(device, "inputreport", move |event| {
        let Some(data) = js::member(&event, "data").and_then(|data| data.dyn_into::<DataView>().ok()) else {
            return;
        };
        let mut packet = [0; PACKET];
        if data.byte_length() == PACKET {
            let bytes = Uint8Array::new_with_byte_offset_and_length(
                &data.buffer(),
                data.byte_offset() as u32,
                PACKET as u32,
            );
            bytes.copy_to(&mut packet);
            let _ = tell.unbounded_send(Heard::Packet(packet));
        }
    })
}

fn removal_ear(
    hid: &JsValue,
    device: &JsValue,
    tell: UnboundedSender<Heard>,
    gone: oneshot::Sender<()>,
) -> Ear {
    let (device, gone) = (device.clone(), Cell::new(Some(gone)));
    Ear::new(hid, "disconnect", move |event| {
        if js::member(&event, "device").as_ref() == Some(&device) {
            let _ = tell.unbounded_send(Heard::Gone);
            let _ = gone.take().map(|gone| gone.send(()));
        }
    })
}

/// Vendor, product and a collection on the page that our keys use.
fn may_be_ours(device: &JsValue) -> bool {
    let (vendor, product) = (js::number(device, "vendorId"), js::number(device, "productId"));
    let pages = js::member(device, "collections").map(|list| Array::from(&list)).unwrap_or_default();
    MODELS.iter().any(|model| {
        u32::from(model.vendor) == vendor
            && u32::from(model.product) == product
            && pages.iter().any(|page| js::number(&page, "usagePage") == u32::from(model.usage_page))
    })
}

impl HidPipe {
    async fn promised(&self, method: &str, arguments: &[&JsValue]) -> Result<(), KeyError> {
        let promise = js::promise(&self.device, method, arguments);
        let ends = select(self.gone.clone(), super::direct_clock::after(self.patience.get()).boxed_local());
        match select(promise.boxed_local(), ends).await {
            Either::Left((answer, _)) => answer.map(drop).map_err(|error| fault(&error)),
            Either::Right((Either::Left(_), _)) => Err(KeyError::Removed),
            Either::Right((Either::Right(_), _)) => Err(KeyError::Timeout),
        }
    }
}

impl Pipe for HidPipe {
    async fn send(&mut self, packet: &Packet) -> Result<(), KeyError> {
        let report = Uint8Array::from(packet.as_slice());
        let sent = self.promised("sendReport", &[&0.into(), &report]).await;
        // The copy may hold a PIN: it must not outlive the report.
        report.fill(0, 0, PACKET as u32);
        sent.map_err(|error| match error {
            // What a pulled device says depends on the moment.
            KeyError::Transport(_) | KeyError::Busy => KeyError::Removed,
            other => other,
        })
    }

    async fn receive(&mut self) -> Result<Packet, KeyError> {
        let patience = super::direct_clock::after(self.patience.get());
        match select(self.heard.next(), patience.boxed_local()).await {
            Either::Left((Some(Heard::Packet(packet)), _)) => Ok(packet),
            Either::Left((Some(Heard::Gone) | None, _)) => Err(KeyError::Removed),
            Either::Right(_) => Err(KeyError::Timeout),
        }
    }
}

impl Drop for HidPipe {
    fn drop(&mut self) {
        let _ = js::call(&self.device, "close", &[]);
    }
}
