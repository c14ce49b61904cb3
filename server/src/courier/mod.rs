//! Owns: what a courier's tracker can be asked about a parcel, and what it tells: the port and the couriers that parcels go
//! with.
//! Never: an order, the store; what follows from news (dispatch's).
//! Start at: `Tracker`; the one that is built is `kuaidi100/`.

pub mod kuaidi100;

use crate::outside::{CallError, SetupError};
use app::desk::parcels::ScanState;
use async_trait::async_trait;
use journey::Moment;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// `[courier]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourierSettings {
    /// `https://poll.kuaidi100.com`
    pub base_url: String,
    pub customer: String,
    pub key_file: PathBuf,
    /// The couriers that parcels go with, by the tracker's codes; the first is offered first.
    pub companies: Vec<String>,
    /// A courier's own page about a parcel, by code; `{waybill}` in it becomes the number.
    #[serde(default)]
    pub pages: BTreeMap<String, String>,
    /// Days after the courier says 签收 until the order is received without its applicant's word; 0: at once.
    #[serde(default = "three")]
    pub receipt_days: i64,
}

fn three() -> i64 {
    3
}

/// The tracker's codes of the couriers that this office knows, with their names, and whether the tracker wants the end of
/// a phone number.
const KNOWN: [(&str, &str, bool); 9] = [
    ("shunfeng", "顺丰速运", true),
    ("ems", "EMS", false),
    ("jd", "京东快递", false),
    ("zhongtong", "中通快递", true),
    ("yuantong", "圆通速递", false),
    ("yunda", "韵达快递", false),
    ("shentong", "申通快递", false),
    ("debangkuaidi", "德邦快递", false),
    ("youzhengguonei", "邮政快递包裹", false),
];

/// A courier that parcels go with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// The tracker's word for it.
    pub code: &'static str,
    pub name: &'static str,
    pub wants_phone: bool,
    page: Option<String>,
}

impl Company {
    /// The courier's own page about this parcel.
    pub fn page(&self, waybill: &str) -> Option<String> {
        self.page.as_ref().map(|page| page.replace("{waybill}", waybill))
    }
}

/// The couriers of the settings, and the tracker that knows where their parcels are. Cheap to clone.
#[derive(Clone)]
pub struct Couriers {
    pub tracker: Arc<dyn Tracker>,
    companies: Arc<[Company]>,
    pub callback_url: String,
    pub receipt_days: i64,
}

impl Couriers {
    /// # Errors
    /// A code that nobody knows, no courier at all, or a page that is no address.
    pub fn new(
        settings: &CourierSettings,
        tracker: Arc<dyn Tracker>,
        public_origin: &str,
    ) -> Result<Couriers, SetupError> {
        let known = |code: &String| {
            let (code, name, wants_phone) = KNOWN
                .into_iter()
                .find(|(known, ..)| known == code)
                .ok_or_else(|| SetupError::new("courier.companies", format!("{code} is not known here")))?;
            let page = settings.pages.get(code).cloned();
            if page.as_ref().is_some_and(|page| !page.starts_with("https://") && !page.starts_with("http://"))
            {
                return Err(SetupError::new(format!("courier.pages.{code}"), "not an http(s) address"));
            }
            Ok(Company { code, name, wants_phone, page })
        };
        let companies: Vec<Company> = settings.companies.iter().map(known).collect::<Result<_, _>>()?;
        if companies.is_empty() {
            return Err(SetupError::new("courier.companies", "names no courier"));
        }
        Ok(Couriers {
            tracker,
            companies: companies.into(),
            callback_url: format!("{public_origin}/notify/courier"),
            receipt_days: settings.receipt_days.max(0),
        })
    }

    pub fn companies(&self) -> &[Company] {
        &self.companies
    }

    pub fn find(&self, name: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.name == name)
    }
}

/// Who knows where parcels are. A new one is another `impl`.
#[async_trait]
pub trait Tracker: Send + Sync {
    /// From now on it pushes news of this parcel. May be repeated.
    async fn subscribe(&self, parcel: &Parcel<'_>, callback_url: &str, salt: &str) -> Result<(), CallError>;

    /// Everything it knows now.
    async fn query(&self, parcel: &Parcel<'_>) -> Result<News, CallError>;

    /// Reads what came to the callback address; nothing of it is proven before `Push::is_signed_with`.
    fn read(&self, body: &[u8]) -> Option<Push>;

    /// The answer it expects: `true` when the news is kept and needs no repetition. JSON.
    fn acknowledgement(&self, kept: bool) -> &'static str;
}

/// A parcel, as a tracker is asked about it.
pub struct Parcel<'a> {
    pub company: &'a str,
    pub waybill: &'a str,
    /// The last four digits of the recipient's phone, where the courier wants them.
    pub phone: Option<&'a str>,
}

/// What a tracker tells of one parcel: its whole way so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Oldest first.
    pub lines: Vec<Line>,
    /// It will say no more, and why.
    pub given_up: Option<String>,
}

/// One stop of a parcel's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub at: Moment,
    pub state: ScanState,
    /// The courier's own words.
    pub words: String,
}

/// What came to the callback address.
pub struct Push {
    pub waybill: String,
    pub news: News,
    param: String,
    sign: String,
}

impl Push {
    /// Whether it was signed with this parcel's salt; in constant time.
    pub fn is_signed_with(&self, salt: &str) -> bool {
        kuaidi100::signature::is_of_push(&self.sign, &self.param, salt)
    }
}

#[cfg(test)]
mod tests;
