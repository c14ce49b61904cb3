//! Owns: what an operator sets: TOML files merged left to right, then `CERTHALL__SECTION__KEY` of the environment.
//! Never: a default for a secret, an unknown key, a sandbox in production.
//! Start at: `Settings`.

mod load;

pub use load::{SettingsError, load};

use crate::courier::CourierSettings;
use crate::identity::provider::tencent::IdentitySettings;
pub use crate::issuing::CertificateSettings;
pub use crate::issuing::settings::{ImportedAuthority, PartnerSettings, SignerSettings, UpstreamSettings};
use crate::kmc::KmcSettings;
use crate::paper::FontSettings;
use crate::post::ReminderSettings;
use crate::post::mail::MailSettings;
use crate::post::sms::SmsSettings;
use crate::post::transfer::cmb::CmbSettings;
use crate::registry::tencent::RegistrySettings;
use crate::status::StatusSettings;
use crate::till::provider::alipay::AlipaySettings;
use crate::till::provider::wechat_pay::WechatPaySettings;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub office: OfficeSettings,
    #[serde(default)]
    pub authority: AuthoritySettings,
    #[serde(default)]
    pub status: StatusSettings,
    #[serde(default)]
    pub certificates: CertificateSettings,
    #[serde(default)]
    pub signer: SignerSettings,
    /// Registration authorities of partners, by name.
    #[serde(default)]
    pub partners: BTreeMap<String, PartnerSettings>,
    pub upstream: Option<UpstreamSettings>,
    #[serde(default)]
    pub prices: Prices,
    /// Where an organisation's transfer goes; none: its replacement is not offered.
    pub remittance: Option<RemittanceSettings>,
    #[serde(default)]
    pub invoice: InvoiceSettings,
    #[serde(default)]
    pub reminders: ReminderSettings,
    #[serde(default)]
    pub kmc: KmcSettings,
    pub wechat_pay: Option<WechatPaySettings>,
    pub alipay: Option<AlipaySettings>,
    pub sms: SmsSettings,
    pub bank: CmbSettings,
    pub identity: IdentitySettings,
    pub registry: RegistrySettings,
    pub mail: MailSettings,
    /// None: dispatch types what the couriers say.
    pub courier: Option<CourierSettings>,
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
    /// Orders that one address (/24, /56) may start in an hour without a key.
    #[serde(default = "default_starts")]
    pub starts_per_address_hour: i64,
    /// Days that an untouched draft lives (R160).
    #[serde(default = "default_draft_days")]
    pub draft_days: i64,
    /// A person's certificate is for somebody in an organisation, whose seal stands on the seal sample (机构个人); false:
    /// for a natural person, without one (自然人) (A09).
    #[serde(default = "yes")]
    pub person_in_organisation: bool,
    /// A person's passcode that went as a transfer's remark goes by SMS too, where an identity card was shown (A08).
    #[serde(default = "yes")]
    pub person_remark_also_by_sms: bool,
    /// A reverse proxy whose `X-Forwarded-For` is believed; none: the peer's address counts.
    #[serde(default)]
    pub trusted_proxy: Option<std::net::IpAddr>,
}

fn default_log() -> String {
    "info".to_owned()
}

fn yes() -> bool {
    true
}

fn default_codes() -> i64 {
    20
}

fn default_starts() -> i64 {
    60
}

fn default_draft_days() -> i64 {
    30
}

/// The authority as people read it, and where its status lists are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthoritySettings {
    pub name: String,
    pub hotline: String,
    pub help_url: String,
    /// Subject of the root and the issuing authority.
    pub organisation: String,
    /// `http://host[:port]` where revocation lists, status answers and authority certificates are published; stands in
    /// every certificate. None: the office's own origin.
    pub status_origin: Option<String>,
    /// Certificate policies, dotted decimal.
    pub policies: Vec<String>,
    /// Authorities made elsewhere, by name (`root`, `issuing`, `root_rsa` …); without any a demonstration makes its own
    /// at the first start.
    pub imported: BTreeMap<String, ImportedAuthority>,
}

/// A56: neutral names, no real brand.
impl Default for AuthoritySettings {
    fn default() -> Self {
        AuthoritySettings {
            name: "证书大厅".to_owned(),
            hotline: "010-58515511".to_owned(),
            help_url: "http://help.bjca.org.cn/".to_owned(),
            organisation: "证书大厅示范电子认证中心".to_owned(),
            status_origin: None,
            policies: Vec::new(),
            imported: BTreeMap::new(),
        }
    }
}

/// The designated account (R083).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemittanceSettings {
    pub account_name: String,
    pub bank: String,
    pub account_number: String,
}

impl From<RemittanceSettings> for app::desk::replacement::Account {
    fn from(settings: RemittanceSettings) -> Self {
        let RemittanceSettings { account_name: name, bank, account_number: number } = settings;
        app::desk::replacement::Account { name, bank, number }
    }
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
#[serde(deny_unknown_fields, default)]
pub struct InvoiceSettings {
    pub seller_name: String,
    pub seller_tax_number: String,
    /// Marks every document 「测试样张，非税务凭证」; only a tax platform's adapter may turn it off.
    pub specimen: bool,
    pub font: FontSettings,
}

impl Default for InvoiceSettings {
    fn default() -> Self {
        InvoiceSettings {
            seller_name: "证书大厅示范电子认证中心".to_owned(),
            seller_tax_number: "91110108MA01ABCDXY".to_owned(),
            specimen: true,
            // Where Debian's fonts-noto-cjk puts it; 2 is the simplified face of the collection.
            font: FontSettings {
                font_file: PathBuf::from("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
                font_index: 2,
                fallback_file: None,
                fallback_index: 0,
            },
        }
    }
}

impl Settings {
    /// The base addresses of the outside parties, by section.
    pub fn providers(&self) -> Vec<(&'static str, &str)> {
        let mut all = vec![
            ("bank", self.bank.base_url.as_str()),
            ("identity", self.identity.base_url.as_str()),
            ("registry", self.registry.organisation_url.as_str()),
            ("registry", self.registry.person_url.as_str()),
            ("mail", self.mail.host.as_str()),
        ];
        all.extend(self.courier.as_ref().map(|s| ("courier", s.base_url.as_str())));
        all.extend(self.wechat_pay.as_ref().map(|s| ("wechat_pay", s.base_url.as_str())));
        all.extend(self.alipay.as_ref().map(|s| ("alipay", s.gateway_url.as_str())));
        all.extend(self.upstream.as_ref().map(|s| ("upstream", s.url.as_str())));
        all.extend(self.sms.tencent.as_ref().map(|s| ("sms.tencent", s.base_url.as_str())));
        all.extend(self.sms.aliyun.as_ref().map(|s| ("sms.aliyun", s.base_url.as_str())));
        all
    }
}
