//! WebUSB: the key's own vendor interface, packets of 64 octets on its two bulk endpoints.
//!
//! Chromium never lets a page claim HID, mass storage or smart card interfaces: keys that have nothing else are reached
//! through the helper.

use super::direct::{Bus, fault};
use super::js;
use futures::FutureExt;
use futures::future::{Either, select};
use js_sys::{Array, DataView, Object, Reflect, Uint8Array};
use key::KeyError;
use key::frame::{PACKET, Packet};
use key::model::MODELS;
use key::wire::Pipe;
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// Vendor specific (USB-IF base class FFh).
const VENDOR_CLASS: u32 = 0xFF;

pub struct Usb;

pub struct UsbPipe {
    device: Opened,
    read_from: u32,
    write_to: u32,
}

/// A device of this page; closed, with all that is still under way on it, when nobody has it any more.
struct Opened {
    device: JsValue,
    patience: Rc<Cell<Duration>>,
}

impl Bus for Usb {
    type Pipe = UsbPipe;
    const PREFIX: &'static str = "usb";

    async fn granted() -> Result<Vec<JsValue>, KeyError> {
        let usb = js::of_navigator("usb").ok_or(KeyError::Unsupported)?;
        let devices = js::promise(&usb, "getDevices", &[]).await.map_err(|error| fault(&error))?;
        Ok(Array::from(&devices).iter().filter(may_be_ours).collect())
    }

    async fn choose() -> Result<(), KeyError> {
        let usb = js::of_navigator("usb").ok_or(KeyError::Unsupported)?;
        let filters = Array::new();
        for model in MODELS {
            let filter = Object::new();
            for (name, value) in [("vendorId", model.vendor), ("productId", model.product)] {
                let _ = Reflect::set(&filter, &name.into(), &value.into());
            }
            filters.push(&filter);
        }
        let options = Object::new();
        let _ = Reflect::set(&options, &"filters".into(), &filters);
        let chosen = js::promise(&usb, "requestDevice", &[&options]).await;
        chosen.map(drop).map_err(|error| match fault(&error) {
            // "No device selected."
            KeyError::Removed => KeyError::Cancelled,
            other => other,
        })
    }

    async fn open(device: &JsValue, patience: Rc<Cell<Duration>>) -> Result<UsbPipe, KeyError> {
        let opened = Opened { device: device.clone(), patience };
        if js::member(device, "opened").is_none_or(|opened| opened.is_falsy()) {
            opened.promised("open", &[]).await?;
        }
        if js::member(device, "configuration").is_none() {
            opened.promised("selectConfiguration", &[&1.into()]).await?;
        }
        let (interface, read_from, write_to) = vendor_interface(device).ok_or(KeyError::Unsupported)?;
        opened.promised("claimInterface", &[&interface.into()]).await.map_err(|error| match error {
            // Another page or program has it.
            KeyError::Transport(_) => KeyError::Busy,
            other => other,
        })?;
        Ok(UsbPipe { device: opened, read_from, write_to })
    }
}

fn may_be_ours(device: &JsValue) -> bool {
    let (vendor, product) = (js::number(device, "vendorId"), js::number(device, "productId"));
    MODELS.iter().any(|model| u32::from(model.vendor) == vendor && u32::from(model.product) == product)
}

/// Number of the vendor interface, and of its endpoints to read from and to write to.
fn vendor_interface(device: &JsValue) -> Option<(u32, u32, u32)> {
    let configuration = js::member(device, "configuration")?;
    Array::from(&js::member(&configuration, "interfaces")?).iter().find_map(|interface| {
        let alternate = js::member(&interface, "alternate")?;
        if js::number(&alternate, "interfaceClass") != VENDOR_CLASS {
            return None;
        }
        let endpoints = Array::from(&js::member(&alternate, "endpoints")?);
        let end = |direction: &str| {
            let of = |it: &JsValue| js::member(it, "direction").and_then(|text| text.as_string());
            let found = endpoints.iter().find(|endpoint| of(endpoint).as_deref() == Some(direction))?;
            Some(js::number(&found, "endpointNumber"))
        };
        Some((js::number(&interface, "interfaceNumber"), end("in")?, end("out")?))
    })
}

impl Opened {
    /// A device that hangs keeps none of its promises, and no browser gives up by itself.
    async fn promised(&self, method: &str, arguments: &[&JsValue]) -> Result<JsValue, KeyError> {
        let promise = js::promise(&self.device, method, arguments);
        let patience = super::direct_clock::after(self.patience.get());
        match select(promise.boxed_local(), patience.boxed_local()).await {
            Either::Left((answer, _)) => answer.map_err(|error| fault(&error)),
            Either::Right(_) => Err(KeyError::Timeout),
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let _ = js::call(&self.device, "close", &[]);
    }
}

impl Pipe for UsbPipe {
    async fn send(&mut self, packet: &Packet) -> Result<(), KeyError> {
        let bytes = Uint8Array::from(packet.as_slice());
        let sent = self.device.promised("transferOut", &[&self.write_to.into(), &bytes]).await;
        // The copy may hold a PIN: it must not outlive the transfer.
        bytes.fill(0, 0, PACKET as u32);
        sent.map(drop).map_err(pulled)
    }

    async fn receive(&mut self) -> Result<Packet, KeyError> {
        let (endpoint, length) = (self.read_from.into(), (PACKET as u32).into());
        let came = self.device.promised("transferIn", &[&endpoint, &length]).await.map_err(pulled)?;
        let data = js::member(&came, "data").and_then(|data| data.dyn_into::<DataView>().ok());
        let mut packet = [0; PACKET];
        match data.filter(|data| data.byte_length() == PACKET) {
            Some(data) => {
                let (start, length) = (data.byte_offset() as u32, PACKET as u32);
                Uint8Array::new_with_byte_offset_and_length(&data.buffer(), start, length)
                    .copy_to(&mut packet);
                Ok(packet)
            }
            None => Err(KeyError::Transport("a packet of another size".into())),
        }
    }
}

/// A transfer that fails in the middle: the key was pulled, says every browser in words of its own (Chromium `AbortError`
/// for one that it had not sent yet; nobody cancels a transfer).
fn pulled(error: KeyError) -> KeyError {
    match error {
        KeyError::Transport(_) | KeyError::Busy | KeyError::Cancelled => KeyError::Removed,
        other => other,
    }
}
