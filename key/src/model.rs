//! The keys that this product knows by their USB numbers. What a device is, only its own answer to SELECT tells.

/// One model of key, as USB announces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    pub name: &'static str,
    pub vendor: u16,
    pub product: u16,
    /// Of the HID collection that our packets travel in; only a vendor page (FF00h and above) reaches a web page.
    pub usage_page: u16,
}

pub const MODELS: &[Model] = &[
    // pid.codes' number for tests: keys in software, and prototypes.
    Model { name: "certhall test key", vendor: 0x1209, product: 0x0001, usage_page: 0xFF00 },
];
