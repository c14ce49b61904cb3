//! Owns: what an operator sets: TOML files merged left to right, then `CERTHALL__SECTION__KEY` of the environment.
//! Never: a default for a secret, an unknown key, a sandbox in production.
//! Start at: `Settings`.

mod load;

pub use load::{SettingsError, load};

use crate::invoices::document::FontSettings;
use crate::post::mail::MailSettings;
use crate::post::sms::SmsSettings;
use crate::post::transfer::cmb::CmbSettings;
use crate::till::provider::alipay::AlipaySettings;
use crate::till::provider::wechat_pay::WechatPaySettings;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub office: OfficeSettings,
    pub authority: AuthoritySettings,
    #[serde(default)]
    pub prices: Prices,
    pub invoice: InvoiceSettings,
    pub wechat_pay: Option<WechatPaySettings>,
    pub alipay: Option<AlipaySettings>,
    pub sms: SmsSettings,
    pub bank: CmbSettings,
    pub mail: MailSettings,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeSettings {
    pub listen: SocketAddr,
    /// Scheme, host and port as the browser sees them; notices and cookies go by it.
    pub public_origin: String,
    /// Database, sealed evidence and the master key.
    pub data_dir: PathBuf,
    /// The browser bundle that Trunk built.
    pub dist_dir: PathBuf,
    /// Demonstration: outside parties may be a sandbox on this machine, demo staff are made at the first start, and
    /// every page says so. Without it a loopback provider is refused.
    #[serde(default)]
    pub demo: bool,
    /// A filter of `tracing`, such as `info,server=debug`.
    #[serde(default = "default_log")]
    pub log: String,
    /// Codes that one address (/24, /56) may ask for in an hour.
    #[serde(default = "default_codes")]
    pub codes_per_address_hour: i64,
    /// Days that an untouched draft lives (R160).
    #[serde(default = "default_draft_days")]
    pub draft_days: i64,
    /// A reverse proxy whose `X-Forwarded-For` is believed; none: the peer's address counts.
    #[serde(default)]
    pub trusted_proxy: Option<std::net::IpAddr>,
}

fn default_log() -> String {
    "info".to_owned()
}

fn default_codes() -> i64 {
    20
}

fn default_draft_days() -> i64 {
    30
}

/// The authority as people read it, and where its status lists are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoritySettings {
    pub name: String,
    pub hotline: String,
    pub help_url: String,
    /// Subject of the root and the issuing authority.
    pub organisation: String,
    #[serde(default)]
    pub crl_url: Option<String>,
    #[serde(default)]
    pub ocsp_url: Option<String>,
}

/// Prices in fen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Prices {
    pub application_organisation: i64,
    pub application_person: i64,
    pub renewal: i64,
    pub replacement: i64,
}

impl Default for Prices {
    fn default() -> Self {
        Prices {
            application_organisation: 28_000,
            application_person: 10_000,
            renewal: 20_000,
            replacement: 8_000,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvoiceSettings {
    pub seller_name: String,
    pub seller_tax_number: String,
    /// Marks every document 「测试样张，非税务凭证」; only a tax platform's adapter may turn it off.
    #[serde(default = "default_specimen")]
    pub specimen: bool,
    pub font: FontSettings,
}

fn default_specimen() -> bool {
    true
}

impl Settings {
    /// The base addresses of the outside parties, by section.
    pub fn providers(&self) -> Vec<(&'static str, &str)> {
        let mut all = vec![("bank", self.bank.base_url.as_str()), ("mail", self.mail.host.as_str())];
        all.extend(self.wechat_pay.as_ref().map(|s| ("wechat_pay", s.base_url.as_str())));
        all.extend(self.alipay.as_ref().map(|s| ("alipay", s.gateway_url.as_str())));
        all.extend(self.sms.tencent.as_ref().map(|s| ("sms.tencent", s.base_url.as_str())));
        all.extend(self.sms.aliyun.as_ref().map(|s| ("sms.aliyun", s.base_url.as_str())));
        all
    }
}
