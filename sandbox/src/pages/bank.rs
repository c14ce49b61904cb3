//! A company account's statement, and the transfers the office ordered.

use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::page;
use crate::{wallet::yuan, world::World};

#[derive(Deserialize)]
pub struct Account {
    account: Option<String>,
}

pub async fn statement(State(world): State<Arc<World>>, Query(account): Query<Account>) -> Markup {
    let account = account.account.filter(|account| !account.is_empty());
    let lines = world.bank.list_lines(account.as_deref());
    let transfers = world.bank.list_transfers();
    page(
        "企业账户明细",
        html! {
            form method="get" {
                label { "账号" input type="text" name="account" inputmode="numeric" value=[account.as_deref()] placeholder="全部"; }
                button { "查看" }
            }
            br;
            @for line in lines.iter().rev() {
                .card {
                    .amount.(if line.fen > 0 { "ok" } else { "no" }) style="font-size:1.5rem;text-align:left" {
                        (if line.fen > 0 { "+" } else { "-" }) (yuan(line.fen.abs()))
                    }
                    p { "附言 " strong { (line.remark) } }
                    p.soft { (line.account_name) " " (line.account) br; "付款方 " (line.payer) br; (line.at) }
                }
            }
            @if lines.is_empty() { .card { "还没有入账。" } }
            @if !transfers.is_empty() {
                h2 { "付款指令" }
                @for transfer in transfers.iter().rev() {
                    .card {
                        (transfer.yur_ref) " → " (transfer.to_name) " ¥" (yuan(transfer.fen)) br;
                        span.soft { (transfer.req_sts) " " (transfer.rtn_flg) " " (transfer.rtn_nar) }
                    }
                }
            }
        },
    )
}
