//! The parcels that somebody asked to be told about, and their ways.

use std::{collections::BTreeMap, sync::Mutex};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Refusal;
use crate::{clock, world::held};

/// 快递100 takes a number four times.
const SUBSCRIPTIONS: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Collected,
    InTransit,
    OutForDelivery,
    Delivered,
    Troubled,
    Refused,
    Returned,
}

impl State {
    pub const ALL: [State; 7] = [
        State::Collected,
        State::InTransit,
        State::OutForDelivery,
        State::Delivered,
        State::Troubled,
        State::Refused,
        State::Returned,
    ];

    pub fn title(self) -> &'static str {
        match self {
            State::Collected => "揽收",
            State::InTransit => "在途",
            State::OutForDelivery => "派件",
            State::Delivered => "签收",
            State::Troubled => "疑难",
            State::Refused => "拒签",
            State::Returned => "退回",
        }
    }

    /// The state's number, and the longer one of a line.
    fn codes(self) -> (&'static str, &'static str) {
        match self {
            State::Collected => ("1", "103"),
            State::InTransit => ("0", "1002"),
            State::OutForDelivery => ("5", "5"),
            State::Delivered => ("3", "301"),
            State::Troubled => ("2", "206"),
            State::Refused => ("14", "14"),
            State::Returned => ("6", "6"),
        }
    }

    fn words(self) -> &'static str {
        match self {
            State::Collected => "【北京海淀中关村营业点】已揽收",
            State::InTransit => "快件到达【北京转运中心】，准备发往下一站",
            State::OutForDelivery => "快件正在派送途中，派件员：沙箱小哥，电话：95338",
            State::Delivered => "已签收，签收人：本人。感谢使用",
            State::Troubled => "派送不成功：收件人电话无人接听，改日再派",
            State::Refused => "收件人拒收快件",
            State::Returned => "快件已退回寄件人",
        }
    }
}

#[derive(Clone)]
pub struct Subscription {
    pub url: String,
    pub salt: String,
}

#[derive(Clone, Serialize)]
pub struct Line {
    pub at: String,
    pub state: State,
    pub words: String,
}

#[derive(Clone, Serialize)]
pub struct Parcel {
    pub company: String,
    pub number: String,
    /// The four digits that came with the subscription.
    pub phone: String,
    /// Oldest first.
    pub way: Vec<Line>,
    #[serde(skip)]
    pub subscriptions: Vec<Subscription>,
}

impl Parcel {
    /// As an answer and a push carry it: newest first.
    pub fn result(&self) -> Value {
        let line = |line: &Line| {
            json!({
                "time": line.at, "ftime": line.at, "context": line.words, "status": line.state.title(),
                "statusCode": line.state.codes().1, "areaName": null,
            })
        };
        let last = self.way.last().map(|line| line.state);
        json!({
            "message": "ok", "status": "200", "nu": self.number, "com": self.company, "condition": "00",
            "ischeck": if last == Some(State::Delivered) { "1" } else { "0" },
            "state": last.map_or("0", |state| state.codes().0),
            "data": self.way.iter().rev().map(line).collect::<Vec<_>>(),
        })
    }

    /// The tracker says no more after these.
    pub fn is_over(&self) -> bool {
        self.way.last().is_some_and(|line| matches!(line.state, State::Delivered | State::Returned))
    }
}

#[derive(Default)]
pub struct Books(Mutex<BTreeMap<String, Parcel>>);

impl Books {
    pub fn clear(&self) {
        held(&self.0).clear();
    }

    pub fn list(&self) -> Vec<Parcel> {
        held(&self.0).values().cloned().collect()
    }

    pub fn find(&self, number: &str) -> Option<Parcel> {
        held(&self.0).get(number).cloned()
    }

    /// The parcel as it is now.
    ///
    /// # Errors
    /// This subscription stands already, or four others do.
    pub fn subscribe(
        &self,
        company: &str,
        number: &str,
        phone: &str,
        subscription: Subscription,
    ) -> Result<Parcel, Refusal> {
        let mut books = held(&self.0);
        let parcel = books.entry(number.to_owned()).or_insert_with(|| Parcel {
            company: company.to_owned(),
            number: number.to_owned(),
            phone: phone.to_owned(),
            way: Vec::new(),
            subscriptions: Vec::new(),
        });
        let twice = parcel.subscriptions.iter().any(|other| other.url == subscription.url);
        if twice || parcel.subscriptions.len() >= SUBSCRIPTIONS {
            return Err(("501", "重复订阅"));
        }
        parcel.subscriptions.push(subscription);
        Ok(parcel.clone())
    }

    pub fn move_on(&self, number: &str, state: State, words: Option<String>) -> Option<Parcel> {
        let mut books = held(&self.0);
        let parcel = books.get_mut(number)?;
        let words = words.unwrap_or_else(|| state.words().to_owned());
        parcel.way.push(Line { at: clock::beijing_plain(), state, words });
        Some(parcel.clone())
    }
}
