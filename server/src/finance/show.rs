//! What stands on the finance desk: each line with the order that it points to and what differs.

use super::Finance;
use crate::details;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::bank_lines::{self, LineRow};
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::finance::{BankLine, Candidate, Difference, FinanceView, LineState, RefundLine};

impl Finance {
    /// # Errors
    /// The store's own.
    pub async fn view(&self) -> Result<FinanceView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut waiting = Vec::new();
        for (id, reference) in bank_lines::list_waiting(&mut reader).await? {
            waiting.push((store::orders::load(&mut reader, &id).await?, reference));
        }
        let mut lines = Vec::new();
        for line in bank_lines::list(&mut reader).await? {
            lines.push(self.line(&mut reader, line, &waiting).await?);
        }
        let mut candidates = Vec::new();
        for (row, reference) in &waiting {
            candidates.push(candidate(&mut reader, &self.ground, row, reference, None).await?);
        }
        let mut refunds = Vec::new();
        for (bank_number, amount, since) in bank_lines::list_refunds(&mut reader).await? {
            refunds.push(refund(&mut reader, bank_number, amount, since).await?);
        }
        let ended = self.list_ended(&mut reader).await?;
        Ok(FinanceView { lines, waiting: candidates, refunds, ended })
    }

    async fn line(
        &self,
        tx: &mut Tx,
        line: LineRow,
        waiting: &[(OrderRow, String)],
    ) -> Result<BankLine, Fault> {
        let order = match &line.order_id {
            Some(id) => {
                let row = store::orders::load(tx, id).await?;
                let reference = store::replacements::find(tx, id).await?.and_then(|known| known.reference);
                Some(candidate(tx, &self.ground, &row, &reference.unwrap_or_default(), None).await?)
            }
            None if line.state == "open" => match self.suggested(&line, waiting)? {
                Some((row, reference)) => {
                    Some(candidate(tx, &self.ground, row, reference, Some(&line)).await?)
                }
                None => None,
            },
            None => None,
        };
        let decided_by = match &line.decided_by {
            Some(id) => store::staff::find_name(tx, id).await?,
            None => None,
        };
        Ok(BankLine {
            state: match line.state.as_str() {
                "matched" => LineState::Matched,
                "put_aside" => LineState::PutAside,
                _ => LineState::Open,
            },
            id: line.id,
            bank_number: line.bank_number,
            booked_on: line.booked_on,
            amount: line.amount,
            payer_name: line.payer_name,
            payer_account: line.payer_account,
            remark: line.remark,
            order,
            decided_by,
            why: line.why.filter(|why| !why.is_empty()),
        })
    }

    /// The order whose reference the remark carries; else the only one of the payer's name.
    fn suggested<'a>(
        &self,
        line: &LineRow,
        waiting: &'a [(OrderRow, String)],
    ) -> Result<Option<&'a (OrderRow, String)>, Fault> {
        if let Some(found) = waiting.iter().find(|(_, reference)| carries(&line.remark, reference)) {
            return Ok(Some(found));
        }
        let mut named = Vec::new();
        for one in waiting {
            if same_name(&details::open(&self.ground, &one.0)?.holder_name, &line.payer_name) {
                named.push(one);
            }
        }
        Ok(if let [only] = named[..] { Some(only) } else { None })
    }
}

/// An order as finance sees it, with what differs from this line.
pub(super) async fn candidate(
    tx: &mut Tx,
    ground: &Ground,
    row: &OrderRow,
    reference: &str,
    line: Option<&LineRow>,
) -> Result<Candidate, Fault> {
    let form = details::open(ground, row)?;
    let (voucher_id, same_voucher) = bank_lines::find_voucher(tx, &row.id).await?.unzip();
    let same_voucher: Vec<String> = same_voucher.unwrap_or_default();
    let mut differs = Vec::new();
    if let Some(line) = line {
        match row.order.price {
            None => differs.push(Difference::NotDue),
            Some(due) if line.amount < due => differs.push(Difference::Short),
            Some(due) if line.amount > due => differs.push(Difference::Over),
            Some(_) => {}
        }
        if !same_name(&form.holder_name, &line.payer_name) {
            differs.push(Difference::Name);
        }
        if !carries(&line.remark, reference) {
            differs.push(Difference::Reference);
        }
        if row.order.paid.is_some() {
            differs.push(Difference::Paid);
        }
    }
    if !same_voucher.is_empty() {
        differs.push(Difference::SameVoucher);
    }
    Ok(Candidate {
        number: row.number.clone(),
        holder_name: form.holder_name.clone(),
        reference: reference.to_owned(),
        due: row.order.price,
        paid: row.order.paid.is_some(),
        step: row.order.standing.title().to_owned(),
        differs,
        same_voucher,
        voucher_id,
        opened_at: row.opened_at,
    })
}

async fn refund(
    tx: &mut Tx,
    bank_number: String,
    amount: journey::money::Fen,
    since: journey::moment::Moment,
) -> Result<RefundLine, Fault> {
    let line = bank_lines::find_by_bank_number(tx, &bank_number).await?.ok_or(Fault::NotFound)?;
    let number = match &line.order_id {
        Some(id) => store::orders::load(tx, id).await?.number,
        None => String::new(),
    };
    Ok(RefundLine {
        number,
        amount,
        payer_name: line.payer_name,
        payer_account: line.payer_account,
        bank_number,
        since,
    })
}

fn carries(remark: &str, reference: &str) -> bool {
    let plain: String = remark.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    !reference.is_empty() && plain.to_ascii_uppercase().contains(reference)
}

/// Banks write brackets and blanks in their own way.
fn same_name(ours: &str, theirs: &str) -> bool {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                '（' => '(',
                '）' => ')',
                other => other,
            })
            .collect()
    };
    plain(ours) == plain(theirs)
}

#[cfg(test)]
mod tests {
    use super::{carries, same_name};

    #[test]
    fn a_remark_carries_the_reference_among_other_words_r083() {
        assert!(carries("证书补办费 k7m-3qx", "K7M3QX") && !carries("证书补办费", "K7M3QX"));
        assert!(!carries("anything", ""));
    }

    #[test]
    fn brackets_and_blanks_do_not_make_another_name() {
        assert!(same_name("示例（北京）有限公司", "示例(北京) 有限公司"));
        assert!(!same_name("示例有限公司", "示例有限责任公司"));
    }
}
