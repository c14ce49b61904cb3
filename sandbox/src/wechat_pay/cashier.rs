//! The wallet's side of a trade: what the cashier shows, and the moment a person pays.

use std::sync::Arc;

use super::{notice, trade, trade::TradeState};
use crate::{
    clock, dice, notices,
    wallet::{Bill, PayError, Payable},
    world::World,
};

/// A person pays on the phone; the notice goes out.
///
/// # Errors
/// Why the wallet would not let them.
pub fn pay(world: &Arc<World>, out_trade_no: &str, fen: Option<i64>, force: bool) -> Result<(), PayError> {
    let paid = settle(world, out_trade_no, fen, force)?;
    notices::send(world, paid);
    Ok(())
}

pub fn settle(
    world: &World,
    out_trade_no: &str,
    fen: Option<i64>,
    force: bool,
) -> Result<notices::Notice, PayError> {
    let mut trades = trade::open_books(world);
    let trade = trades.get_mut(out_trade_no).ok_or(PayError::Unknown)?;
    match trade.state {
        TradeState::NotPay if force || trade.code_dies_at > world.clock.seconds() => {}
        TradeState::NotPay => return Err(PayError::Expired),
        TradeState::Closed if force => {}
        TradeState::Closed => return Err(PayError::Closed),
        TradeState::Success | TradeState::Refund => return Err(PayError::AlreadyPaid),
    }
    trade.state = TradeState::Success;
    trade.paid_fen = fen.unwrap_or(trade.total_fen);
    trade.transaction_id = format!("4200{}{}", clock::beijing_compact(), dice::digits(10));
    trade.success_time = clock::beijing_rfc3339();
    Ok(notice::paid(world, trade))
}

/// What the cashier shows for a scanned code or an out_trade_no.
pub fn bill_of(world: &World, code_or_number: &str) -> Option<Bill> {
    let trades = trade::open_books(world);
    let trade = trades
        .values()
        .find(|trade| trade.code_url == code_or_number || trade.out_trade_no == code_or_number)?;
    let payable = match trade.state {
        TradeState::NotPay if trade.code_dies_at > world.clock.seconds() => Payable::Yes,
        TradeState::NotPay => Payable::No(PayError::Expired),
        TradeState::Closed => Payable::No(PayError::Closed),
        TradeState::Success | TradeState::Refund => Payable::No(PayError::AlreadyPaid),
    };
    Some(Bill {
        provider: super::PROVIDER,
        out_trade_no: trade.out_trade_no.clone(),
        description: trade.description.clone(),
        fen: trade.total_fen,
        code: trade.code_url.clone(),
        payable,
    })
}
