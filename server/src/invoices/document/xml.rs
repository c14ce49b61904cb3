//! The invoice as XML, in the shape of 数电票 files (`EInvoice`), as several independent readers agree on it.

use super::invoice::Line;
use super::{Buyer, Invoice, Seller};
use journey::Moment;

const SPECIMEN: &str = "测试样张，非税务凭证";

/// A whole file, UTF-8. The invoice must have passed `check`.
pub fn write(invoice: &Invoice) -> String {
    let sums = invoice.sums();
    let mut xml = Writer { text: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), depth: 0 };
    xml.inside("EInvoice", |xml| {
        xml.inside("Header", |xml| {
            xml.value("EIid", &invoice.number);
            xml.value("EInvoiceTag", if invoice.specimen { "SPECIMEN" } else { "SWEI3200" });
            xml.value("Version", "0.2");
            xml.inside("InherentLabel", |xml| {
                xml.label("InIssuType", if invoice.reverses.is_some() { "N" } else { "Y" }, "是否蓝字发票");
                xml.label("EInvoiceType", "1", "数电发票");
                xml.label("GeneralOrSpecialVAT", "02", "普通发票");
            });
        });
        xml.inside("EInvoiceData", |xml| {
            xml.inside("SellerInformation", |xml| {
                xml.value("SellerIdNum", &invoice.seller.tax_number);
                xml.value("SellerName", &invoice.seller.name);
            });
            xml.inside("BuyerInformation", |xml| {
                xml.value("BuyerIdNum", invoice.buyer.tax_number.as_deref().unwrap_or(""));
                xml.value("BuyerName", &invoice.buyer.title);
            });
            xml.inside("BasicInformation", |xml| {
                xml.value("TotalAmWithoutTax", &sums.without_tax.yuan());
                xml.value("TotalTaxAm", &sums.tax.yuan());
                xml.value("TotalTax-includedAmount", &sums.total.yuan());
                xml.value("TotalTax-includedAmountInChinese", &sums.total.capitals());
                xml.value("Drawer", &invoice.drawer);
                xml.value("RequestTime", &time(invoice.issued_at));
            });
            for line in &invoice.lines {
                xml.inside("IssuItemInformation", |xml| item(xml, invoice, line));
            }
            xml.inside("AdditionalInformation", |xml| {
                let mark = if invoice.specimen { format!("{SPECIMEN}；") } else { String::new() };
                xml.value("Remark", &format!("{mark}{}", invoice.remark));
            });
        });
        xml.inside("TaxSupervisionInfo", |xml| {
            xml.value("InvoiceNumber", &invoice.number);
            xml.value("IssueTime", &time(invoice.issued_at));
            // Only the tax bureau may name itself here.
            xml.value("TaxBureauCode", "");
            xml.value("TaxBureauName", if invoice.specimen { SPECIMEN } else { "" });
        });
    });
    xml.text
}

fn item(xml: &mut Writer, invoice: &Invoice, line: &Line) {
    let sums = invoice.sums_of(line);
    xml.value("ItemName", &line.name);
    xml.value("SpecMod", &line.model);
    xml.value("MeaUnits", &line.unit);
    xml.value("Quantity", &invoice.quantity_of(line));
    xml.value("UnPrice", &line.unit_price());
    xml.value("Amount", &sums.without_tax.yuan());
    xml.value("TaxRate", &format!("0.{:02}", line.rate.percent()));
    xml.value("ComTaxAm", &sums.tax.yuan());
    xml.value("TotaltaxIncludedAmount", &sums.total.yuan());
    xml.value("TaxClassificationCode", &line.tax_class);
}

/// Who sold and who bought, as a file of ours states it; `None`: it is not one.
pub fn read_parties(text: &str) -> Option<(Seller, Buyer)> {
    let value = |name: &str| {
        let (_, after) = text.split_once(&format!("<{name}>"))?;
        let (value, _) = after.split_once(&format!("</{name}>"))?;
        Some(unescaped(value))
    };
    let seller = Seller { name: value("SellerName")?, tax_number: value("SellerIdNum")? };
    let tax_number = Some(value("BuyerIdNum")?).filter(|number| !number.is_empty());
    Some((seller, Buyer { title: value("BuyerName")?, tax_number }))
}

/// `2026-11-22 16:18:00`, Beijing.
fn time(at: Moment) -> String {
    format!("{at}:{:02}", at.beijing().second())
}

/// Elements of known names round escaped text; nothing else is ever needed here.
struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    fn inside(&mut self, name: &str, content: impl FnOnce(&mut Writer)) {
        self.line(&format!("<{name}>"));
        self.depth += 1;
        content(self);
        self.depth -= 1;
        self.line(&format!("</{name}>"));
    }

    fn value(&mut self, name: &str, value: &str) {
        self.line(&format!("<{name}>{}</{name}>", escaped(value)));
    }

    fn label(&mut self, name: &str, code: &str, words: &str) {
        self.inside(name, |xml| {
            xml.value("LabelCode", code);
            xml.value("LabelName", words);
        });
    }

    fn line(&mut self, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Markup characters by entity; what XML 1.0 cannot hold at all is left out.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\t' | '\n' | '\r' => text.push_str(&format!("&#{};", u32::from(character))),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            plain => text.push(plain),
        }
    }
    text
}

/// What `escaped` wrote, as it was.
fn unescaped(text: &str) -> String {
    [
        ("&#9;", "\t"),
        ("&#10;", "\n"),
        ("&#13;", "\r"),
        ("&quot;", "\""),
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}
