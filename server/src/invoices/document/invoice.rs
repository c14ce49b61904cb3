//! The facts of one invoice, and its sums.
//!
//! Prices are what the payer paid, tax included. Each line's tax is split off and rounded alone, so that the lines add up
//! to the paid fen exactly and every column adds up to its total.

use journey::{Fen, Moment};

/// One 数电票 (普通发票) as it is printed and filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// 20 digits, given by the tax side.
    pub number: String,
    pub issued_at: Moment,
    pub seller: Seller,
    pub buyer: Buyer,
    pub lines: Vec<Line>,
    /// 备注, e.g. the order's number.
    pub remark: String,
    /// A red letter takes back the invoice of this number: the same lines, less than nothing.
    pub reverses: Option<String>,
    /// 开票人.
    pub drawer: String,
    /// Not from the tax side: the page says so loudly and the XML carries no 监制.
    pub specimen: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seller {
    pub name: String,
    /// 统一社会信用代码/纳税人识别号.
    pub tax_number: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// 发票抬头.
    pub title: String,
    /// Organisations have one, persons none.
    pub tax_number: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// With its class: `*信息技术服务*数字证书服务费`.
    pub name: String,
    /// 规格型号, may be empty.
    pub model: String,
    /// 单位, e.g. `年`, `个`.
    pub unit: String,
    pub quantity: u32,
    /// For the whole line, tax included.
    pub amount: Fen,
    pub rate: Rate,
    /// 税收分类编码, 19 digits.
    pub tax_class: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// 6 %: modern services.
    Services,
    /// 13 %: goods, such as the key.
    Goods,
}

/// An amount split: `without + tax` is always what was paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub without_tax: Fen,
    pub tax: Fen,
    pub total: Fen,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    #[error("an invoice number has 20 digits")]
    Number,
    #[error("an invoice has 1 to {MOST_LINES} lines")]
    Lines,
    /// Nothing, or less than nothing, is not invoiced; more than 64 bits of fen is not money.
    #[error("line {0}: amount or quantity")]
    Amount(usize),
    #[error("the lines add up to {lines}, {paid} was paid", lines = .lines.yuan(), paid = .paid.yuan())]
    Sum { lines: Fen, paid: Fen },
}

/// More do not fit the page; an order has two.
pub const MOST_LINES: usize = 8;

impl Rate {
    pub const fn percent(self) -> i64 {
        match self {
            Rate::Services => 6,
            Rate::Goods => 13,
        }
    }
}

impl Line {
    /// Without tax = amount / (1 + rate), rounded half up to a fen; the tax is the rest.
    pub fn sums(&self) -> Sums {
        let divisor = 100 + i128::from(self.rate.percent());
        let without = (i128::from(self.amount.get()) * 200 + divisor).div_euclid(2 * divisor);
        // Less than the amount, which fits.
        let without_tax = Fen(without as i64);
        Sums { without_tax, tax: Fen(self.amount.get() - without_tax.get()), total: self.amount }
    }

    /// The price of one, without tax, in yuan: up to eight decimals, as the tax side counts.
    pub fn unit_price(&self) -> String {
        let hundred_millionths = i128::from(self.sums().without_tax.get()) * 1_000_000 * 2;
        let quantity = i128::from(self.quantity.max(1));
        let rounded = (hundred_millionths + quantity).div_euclid(2 * quantity);
        let (whole, part) = (rounded / 100_000_000, rounded % 100_000_000);
        let part = format!("{part:08}");
        // At least fen, as prices are read.
        let kept = part.trim_end_matches('0').len().max(2);
        format!("{whole}.{}", &part[..kept])
    }
}

impl Invoice {
    /// Checks what the documents take for granted, and that the lines are exactly what was paid.
    pub fn check(&self, paid: Fen) -> Result<(), InvoiceError> {
        if self.number.len() != 20 || !self.number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvoiceError::Number);
        }
        if self.lines.is_empty() || self.lines.len() > MOST_LINES {
            return Err(InvoiceError::Lines);
        }
        for (index, line) in self.lines.iter().enumerate() {
            if !line.amount.is_positive() || line.quantity == 0 {
                return Err(InvoiceError::Amount(index + 1));
            }
        }
        let lines =
            Fen::checked_sum(self.lines.iter().map(|line| line.amount)).ok_or(InvoiceError::Amount(0))?;
        if lines == paid { Ok(()) } else { Err(InvoiceError::Sum { lines, paid }) }
    }

    /// The totals: the columns' sums, not a second rounding.
    pub fn sums(&self) -> Sums {
        self.lines.iter().map(|line| self.sums_of(line)).fold(Sums::default(), |all, line| Sums {
            without_tax: Fen(all.without_tax.get() + line.without_tax.get()),
            tax: Fen(all.tax.get() + line.tax.get()),
            total: Fen(all.total.get() + line.total.get()),
        })
    }

    /// A line's amounts as this document states them. Turned round after the rounding, so that an invoice and its red
    /// letter cancel to the fen.
    pub fn sums_of(&self, line: &Line) -> Sums {
        let Sums { without_tax, tax, total } = line.sums();
        match self.reverses {
            None => Sums { without_tax, tax, total },
            Some(_) => {
                Sums { without_tax: Fen(-without_tax.get()), tax: Fen(-tax.get()), total: Fen(-total.get()) }
            }
        }
    }

    /// `1`, or `-1` on a red letter.
    pub fn quantity_of(&self, line: &Line) -> String {
        let sign = if self.reverses.is_some() { "-" } else { "" };
        format!("{sign}{}", line.quantity)
    }
}
