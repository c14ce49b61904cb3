//! A person's phone with both wallets: what the cashier shows for a scanned code, and paying it.

use std::sync::Arc;

use crate::{alipay, wechat_pay, world::World};

#[derive(Clone)]
pub struct Bill {
    pub provider: &'static str,
    pub out_trade_no: String,
    pub description: String,
    pub fen: i64,
    pub code: String,
    pub payable: Payable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Payable {
    Yes,
    No(PayError),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PayError {
    Unknown,
    Expired,
    Closed,
    AlreadyPaid,
}

impl PayError {
    pub fn words(self) -> &'static str {
        match self {
            Self::Unknown => "没有这个收款码或商户订单号",
            Self::Expired => "收款码已过期，请在商户页面重新获取",
            Self::Closed => "订单已关闭",
            Self::AlreadyPaid => "订单已支付，请勿重复付款",
        }
    }
}

/// `¥0.01`
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// Scans: with Alipay this is the moment the trade comes to be.
pub fn scan(world: &World, code_or_number: &str) -> Option<Bill> {
    let wanted = code_or_number.trim();
    wechat_pay::bill_of(world, wanted).or_else(|| alipay::scan(world, wanted))
}

/// Pays `fen` (the bill's amount when not given). `force` pays what is closed or expired, as happens when
/// closing and paying cross on the way.
///
/// # Errors
/// Why the wallet would not let the person pay.
pub fn pay(
    world: &Arc<World>,
    code_or_number: &str,
    fen: Option<i64>,
    force: bool,
) -> Result<Bill, PayError> {
    let bill = scan(world, code_or_number).ok_or(PayError::Unknown)?;
    if bill.provider == wechat_pay::PROVIDER {
        wechat_pay::pay(world, &bill.out_trade_no, fen, force)?;
    } else {
        alipay::pay(world, &bill.out_trade_no, fen, force)?;
    }
    Ok(bill)
}
