//! The fault switches: all off at start, set by `/faults` or `POST /control/faults`, for everything or for one subject
//! (an out_trade_no, phone number, yurRef, mail address, credit code or identity card).

use std::{collections::BTreeMap, sync::Mutex};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::world::held;

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerFault {
    #[default]
    None,
    /// The provider's 500 form, without effect.
    ServerError,
    /// The provider's "too many requests" form, without effect.
    TooMany,
    /// The effect happens, the answer does not come for 60 s.
    TimeoutAfterEffect,
    /// The effect happens, the answer is signed with a wrong key (providers that sign answers).
    BadSignature,
    /// A proxy's HTML page with 502, without effect.
    HtmlPage,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    pub fault: AnswerFault,
    /// Actions it is limited to (`create`, `query`, `close`, `refund`, `query_refund`, `send`, `check`, `pay`,
    /// `subscribe`); empty: all.
    pub on: Vec<String>,
    /// How many answers it still spoils; 0: all, until switched off.
    pub count: u32,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payment {
    pub answer: Answers,
    pub notice_delay_ms: u64,
    /// Further copies of each notice, sent at the same time.
    pub notice_copies: u32,
    /// While on, no notice leaves; the retry schedule goes on, so switching off lets later tries through.
    pub notice_dropped: bool,
    /// Signed with a wrong key.
    pub notice_forged: bool,
    /// Genuine signature, amount one fen higher.
    pub notice_tampered_amount: bool,
    /// Signed with a timestamp ten minutes old (WeChat Pay; Alipay: notify_time a day old).
    pub notice_stale: bool,
    /// The trade is paid and its notice delivered before the create call is answered.
    pub notice_before_answer: bool,
    /// Refunds end as ABNORMAL (WeChat Pay) or are refused (Alipay).
    pub refund_fails: bool,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    pub answer: Answers,
    /// No carrier limits.
    pub limits_lifted: bool,
    /// Every number answers "too many".
    pub refused: bool,
    /// Accepted, but never in the inbox.
    pub undelivered: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityOutcome {
    #[default]
    Decide,
    Mismatch,
    NoRecord,
    Busy,
    QuotaReached,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Identity {
    pub answer: Answers,
    pub outcome: IdentityOutcome,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistryOutcome {
    #[default]
    Decide,
    /// Another name stands there; of a person: with this number.
    NameDiffers,
    /// Another legal person.
    PersonDiffers,
    StruckOff,
    NoRecord,
    Busy,
}

/// By credit code, or by the number of an identity card.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Registry {
    pub answer: Answers,
    pub entry: RegistryOutcome,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bank {
    pub answer: Answers,
    /// The transfer is accepted and then fails (FIN, F).
    pub refused: bool,
    /// The transfer stays with the bank (BNK).
    pub held: bool,
    /// Paid first (S), sent back later (B).
    pub returned: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailRefusal {
    #[default]
    None,
    /// 451, try again later.
    Later,
    /// 550, never.
    Never,
    /// The line is cut in the middle of DATA.
    CutInData,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    pub refuse: MailRefusal,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    pub wechat_pay: Payment,
    pub alipay: Payment,
    pub sms: Sms,
    pub identity: Identity,
    pub registry: Registry,
    pub bank: Bank,
    /// Pushes are notices: `notice_forged` has a wrong salt, `notice_tampered_amount` another state than was signed, and
    /// `notice_stale` is without the newest line.
    pub courier: Payment,
    pub mail: Mail,
}

#[derive(Clone, Default, Serialize)]
pub struct Board {
    pub everywhere: Switches,
    /// A subject with switches of its own obeys these alone.
    pub only: BTreeMap<String, Switches>,
}

#[derive(Default)]
pub struct FaultBoard(Mutex<Board>);

impl FaultBoard {
    pub fn board(&self) -> Board {
        held(&self.0).clone()
    }

    pub fn clear(&self) {
        *held(&self.0) = Board::default();
    }

    pub fn of(&self, subject: &str) -> Switches {
        let board = held(&self.0);
        board.only.get(subject).unwrap_or(&board.everywhere).clone()
    }

    /// Merges switches, e.g. `{"wechat_pay":{"notice_dropped":true},"only":"T1"}`; `{"clear":true}` first turns all off.
    ///
    /// # Errors
    /// A switch that does not exist, or a value it cannot have; nothing is changed then.
    pub fn merge(&self, mut change: Value) -> Result<Board, String> {
        let fields = change.as_object_mut().ok_or("an object of switches is wanted")?;
        let clear = fields.remove("clear") == Some(Value::Bool(true));
        let only = match fields.remove("only") {
            None | Some(Value::Null) => None,
            Some(Value::String(subject)) => Some(subject),
            Some(_) => return Err("`only` is a text".to_owned()),
        };
        let mut board = held(&self.0);
        let mut next = if clear { Board::default() } else { board.clone() };
        let target = match only {
            None => &mut next.everywhere,
            Some(subject) => next.only.entry(subject).or_default(),
        };
        let mut whole = serde_json::to_value(&*target).map_err(|wrong| wrong.to_string())?;
        lay_over(&mut whole, change);
        *target = serde_json::from_value(whole).map_err(|wrong| wrong.to_string())?;
        *board = next;
        Ok(board.clone())
    }

    /// The answer fault for one call, counting it if it is limited in number.
    pub fn take_answer(
        &self,
        subject: &str,
        action: &str,
        pick: fn(&mut Switches) -> &mut Answers,
    ) -> AnswerFault {
        let mut board = held(&self.0);
        let board = &mut *board;
        let answers = pick(board.only.get_mut(subject).unwrap_or(&mut board.everywhere));
        if !answers.on.is_empty() && !answers.on.iter().any(|name| name == action) {
            return AnswerFault::None;
        }
        let fault = answers.fault;
        if answers.count == 1 {
            *answers = Answers::default();
        } else {
            answers.count = answers.count.saturating_sub(1);
        }
        fault
    }
}

fn lay_over(whole: &mut Value, change: Value) {
    match (whole, change) {
        (Value::Object(whole), Value::Object(change)) => {
            for (name, value) in change {
                lay_over(whole.entry(name).or_insert(Value::Null), value);
            }
        }
        (whole, change) => *whole = change,
    }
}
