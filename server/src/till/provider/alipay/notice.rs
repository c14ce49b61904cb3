//! A notice: a signed form. Refunds come to the same address as payments, and must not be read as such.

use super::super::{Notice, NoticeError, NoticeFact, RefundFact};
use super::{answer, signature};
use crate::outside::rsa::VerifyingKey;
use journey::{Fen, Moment};
use std::collections::BTreeMap;

type Form = BTreeMap<String, String>;

/// Reads a form POST: signature first, then whose it is, then what it says.
pub fn read(body: &[u8], key: &VerifyingKey, app_id: &str, seller_id: &str) -> Result<Notice, NoticeError> {
    let form = verified(body, key)?;
    for (name, ours) in [("app_id", app_id), ("seller_id", seller_id)] {
        if field(&form, name)? != ours {
            return Err(NoticeError::NotOurs { what: if name == "app_id" { "app_id" } else { "seller_id" } });
        }
    }
    Ok(Notice { event_id: event_id(&form), fact: fact(&form)? })
}

/// The decoded form without its signature. It is decoded once, nothing is trimmed, and empty values stay: each of these
/// changes the signed text.
fn verified(body: &[u8], key: &VerifyingKey) -> Result<Form, NoticeError> {
    let mut form = Form::new();
    for (name, value) in form_urlencoded::parse(body) {
        if form.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(NoticeError::Malformed("a field stands twice".to_owned()));
        }
    }
    let unverified = |why: &str| NoticeError::Unverified(why.to_owned());
    let sign = form.remove("sign").ok_or_else(|| unverified("no sign"))?;
    let sign_type = form.remove("sign_type").ok_or_else(|| unverified("no sign_type"))?;
    if sign_type != "RSA2" {
        return Err(unverified("sign_type is not RSA2"));
    }
    if key.verifies(signature::text(&form).as_bytes(), &sign) {
        return Ok(form);
    }
    // Second chance, as Alipay's own library gives: some products sign with sign_type inside.
    form.insert("sign_type".to_owned(), sign_type);
    if key.verifies(signature::text(&form).as_bytes(), &sign) {
        Ok(form)
    } else {
        Err(unverified("does not verify"))
    }
}

/// notify_id may change from one repetition to the next; what the notice speaks of does not.
fn event_id(form: &Form) -> String {
    ["trade_no", "trade_status", "out_biz_no", "refund_fee", "gmt_refund"]
        .map(|name| form.get(name).map_or("", String::as_str))
        .join("|")
}

fn fact(form: &Form) -> Result<NoticeFact, NoticeError> {
    let status = field(form, "trade_status")?;
    let out_trade_no = field(form, "out_trade_no")?.to_owned();
    let says_refund =
        ["gmt_refund", "refund_fee", "out_biz_no"].iter().any(|name| filled(form, name).is_some());
    if says_refund {
        return refund(form, out_trade_no);
    }
    if !matches!(status, "TRADE_SUCCESS" | "TRADE_FINISHED") {
        return Ok(NoticeFact::Other(status.to_owned()));
    }
    Ok(NoticeFact::Payment {
        out_trade_no,
        transaction: field(form, "trade_no")?.to_owned(),
        amount: amount(form, "total_amount")?,
        at: moment(field(form, "gmt_payment")?)?,
    })
}

/// TRADE_SUCCESS after a part, TRADE_CLOSED after all of it. The fee is what has gone back of this trade so far.
fn refund(form: &Form, out_trade_no: String) -> Result<NoticeFact, NoticeError> {
    let Some(out_refund_no) = filled(form, "out_biz_no") else {
        return Ok(NoticeFact::Other("a refund without our number".to_owned()));
    };
    let at = filled(form, "gmt_refund").map(moment).transpose()?;
    let refund = format!("{}/{out_refund_no}", field(form, "trade_no")?);
    let fact = RefundFact::Succeeded { refund, amount: amount(form, "refund_fee")?, at };
    Ok(NoticeFact::Refund { out_trade_no, out_refund_no: out_refund_no.to_owned(), fact })
}

fn field<'a>(form: &'a Form, name: &str) -> Result<&'a str, NoticeError> {
    form.get(name).map(String::as_str).ok_or_else(|| NoticeError::Malformed(format!("no {name}")))
}

fn filled<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    form.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

fn amount(form: &Form, name: &str) -> Result<Fen, NoticeError> {
    let text = field(form, name)?;
    Fen::parse_yuan(text).ok_or_else(|| NoticeError::Malformed(format!("{name} {text}")))
}

fn moment(text: &str) -> Result<Moment, NoticeError> {
    answer::beijing_moment(text).map_err(NoticeError::Malformed)
}
