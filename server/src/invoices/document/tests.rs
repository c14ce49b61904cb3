use super::*;
use crate::paper::{FontSettings, Fonts, PdfError};
use journey::{Fen, Moment};

fn line(amount: i64, rate: Rate, quantity: u32) -> Line {
    Line {
        name: "*信息技术服务*数字证书服务费".to_owned(),
        model: String::new(),
        unit: "年".to_owned(),
        quantity,
        amount: Fen(amount),
        rate,
        tax_class: "3040203000000000000".to_owned(),
    }
}

fn invoice(lines: Vec<Line>) -> Invoice {
    Invoice {
        number: "26112000000000000001".to_owned(),
        issued_at: Moment::from_millis(1_795_335_480_000),
        seller: Seller {
            name: "证书大厅数字认证有限公司".to_owned(),
            tax_number: "91110108MA01ABCD5X".to_owned(),
        },
        buyer: Buyer {
            title: "北京某某科技发展有限公司".to_owned(),
            tax_number: Some("91110108MA00000000".to_owned()),
        },
        lines,
        remark: "订单号：20261122000007".to_owned(),
        reverses: None,
        drawer: "系统".to_owned(),
        specimen: true,
    }
}

fn fonts() -> Fonts {
    Fonts::read(&FontSettings {
        font_file: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc".into(),
        font_index: 2,
        fallback_file: None,
        fallback_index: 0,
    })
    .expect("fonts-noto-cjk is installed")
}

#[test]
fn every_amount_up_to_a_thousand_yuan_splits_without_losing_a_fen() {
    for amount in 1..=100_000 {
        for rate in [Rate::Services, Rate::Goods] {
            let sums = line(amount, rate, 1).sums();
            assert_eq!(sums.without_tax.get() + sums.tax.get(), amount);
            // The tax of the rounded base is the tax shown, to within the half fen that the rounding moved.
            let off = (sums.tax.get() * 100 - sums.without_tax.get() * rate.percent()).abs();
            assert!(off <= 50 + rate.percent() / 2, "{amount} {rate:?} {sums:?}");
        }
    }
}

/// Known by hand: 200.00 / 1.06 = 188.679…, 60.00 / 1.13 = 53.097….
#[test]
fn known_amounts() {
    let sums = |amount, rate| {
        let sums = line(amount, rate, 1).sums();
        (sums.without_tax.yuan(), sums.tax.yuan())
    };
    assert_eq!(sums(20_000, Rate::Services), ("188.68".to_owned(), "11.32".to_owned()));
    assert_eq!(sums(6_000, Rate::Goods), ("53.10".to_owned(), "6.90".to_owned()));
    assert_eq!(sums(1, Rate::Goods), ("0.01".to_owned(), "0.00".to_owned()));
}

#[test]
fn the_totals_are_the_columns_sums() {
    let invoice =
        invoice(vec![line(29, Rate::Services, 1), line(110, Rate::Goods, 1), line(1, Rate::Services, 1)]);
    assert_eq!(invoice.check(Fen(140)), Ok(()));
    let sums = invoice.sums();
    assert_eq!(sums.total, Fen(140));
    assert_eq!(sums.without_tax.get() + sums.tax.get(), 140);
}

#[test]
fn a53_a_red_letter_takes_back_what_its_invoice_said_to_the_fen() {
    let blue = invoice(vec![line(29, Rate::Services, 1), line(110, Rate::Goods, 3)]);
    let red = Invoice {
        number: "26112000000000000002".to_owned(),
        reverses: Some(blue.number.clone()),
        ..blue.clone()
    };
    assert_eq!(red.check(Fen(139)), Ok(()));
    let (plus, minus) = (blue.sums(), red.sums());
    for (taken, given) in
        [(minus.without_tax, plus.without_tax), (minus.tax, plus.tax), (minus.total, plus.total)]
    {
        assert_eq!(taken.get() + given.get(), 0);
    }
    let xml = xml::write(&red);
    assert!(xml.contains("<TotalTax-includedAmount>-1.39</TotalTax-includedAmount>"), "{xml}");
    assert!(xml.contains("<Quantity>-3</Quantity>") && xml.contains("<LabelCode>N</LabelCode>"), "{xml}");
    assert!(pdf::write(&red, &fonts()).is_ok());
}

#[test]
fn an_invoice_over_another_amount_than_was_paid_is_refused() {
    let good = invoice(vec![line(20_000, Rate::Services, 1)]);
    assert_eq!(good.check(Fen(19_999)), Err(InvoiceError::Sum { lines: Fen(20_000), paid: Fen(19_999) }));
    assert_eq!(invoice(vec![]).check(Fen(0)), Err(InvoiceError::Lines));
    assert_eq!(invoice(vec![line(0, Rate::Goods, 1)]).check(Fen(0)), Err(InvoiceError::Amount(1)));
    let short = Invoice { number: "1".to_owned(), ..good };
    assert_eq!(short.check(Fen(20_000)), Err(InvoiceError::Number));
}

#[test]
fn the_unit_price_has_up_to_eight_decimals() {
    assert_eq!(line(20_000, Rate::Services, 1).unit_price(), "188.68");
    assert_eq!(line(20_000, Rate::Services, 3).unit_price(), "62.89333333");
    assert_eq!(line(10_600, Rate::Services, 1).unit_price(), "100.00");
}

#[test]
fn names_with_markup_stay_text_in_the_xml() {
    let mut invoice = invoice(vec![line(20_000, Rate::Services, 1)]);
    invoice.buyer.title = "甲<乙>&\"丙\"\u{1}公司".to_owned();
    let xml = xml::write(&invoice);
    assert!(xml.contains("<BuyerName>甲&lt;乙&gt;&amp;&quot;丙&quot;公司</BuyerName>"), "{xml}");
    assert!(xml.contains("<TotalTax-includedAmount>200.00</TotalTax-includedAmount>"));
    assert!(xml.contains("<TotalTax-includedAmountInChinese>贰佰元整</TotalTax-includedAmountInChinese>"));
    assert!(xml.contains("测试样张，非税务凭证；订单号：20261122000007"));
}

#[test]
fn a53_both_parties_are_read_back_as_they_were_written() {
    let mut one = invoice(vec![line(28_000, Rate::Services, 1)]);
    one.buyer.title = "A&B <有限> \"公司\" &lt;".into();
    assert_eq!(xml::read_parties(&xml::write(&one)), Some((one.seller.clone(), one.buyer.clone())));
    one.buyer.tax_number = None;
    assert_eq!(xml::read_parties(&xml::write(&one)), Some((one.seller, one.buyer)));
    assert_eq!(xml::read_parties("<EInvoice></EInvoice>"), None);
}

#[test]
fn a_real_invoice_carries_no_specimen_mark() {
    let real = Invoice { specimen: false, ..invoice(vec![line(20_000, Rate::Services, 1)]) };
    assert!(!xml::write(&real).contains("样张"));
    let (real, specimen) =
        (pdf::write(&real, &fonts()).unwrap(), pdf::write(&invoice(real.lines.clone()), &fonts()).unwrap());
    assert!(specimen.len() > real.len() + 200, "the mark adds glyphs: {} {}", specimen.len(), real.len());
}

#[test]
fn the_page_is_small_and_the_same_each_time() {
    let invoice = invoice(vec![line(20_000, Rate::Services, 1), line(6_000, Rate::Goods, 1)]);
    let pdf = pdf::write(&invoice, &fonts()).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let claims = String::from_utf8_lossy(&pdf).replace('"', "'").contains("pdfaid:part");
    assert!(claims, "PDF/A says what it is in its XMP");
    assert!(pdf.len() < 100_000, "{} bytes: the font is not cut down", pdf.len());
    assert_eq!(pdf, pdf::write(&invoice, &fonts()).unwrap());
}

#[test]
fn a_character_that_no_font_has_is_named() {
    let mut invoice = invoice(vec![line(20_000, Rate::Services, 1)]);
    invoice.buyer.title = "㛃记商行".to_owned();
    assert!(pdf::write(&invoice, &fonts()).is_ok());
    invoice.buyer.title = "\u{31350}记商行".to_owned();
    assert_eq!(pdf::write(&invoice, &fonts()), Err(PdfError::MissingGlyph('\u{31350}')));
}

#[test]
fn long_names_wrap_and_shrink_and_endless_ones_are_refused() {
    let mut invoice = invoice(vec![line(20_000, Rate::Services, 1)]);
    invoice.buyer.title = "中".repeat(100);
    assert!(pdf::write(&invoice, &fonts()).is_ok());
    invoice.buyer.title = "中".repeat(1000);
    assert!(matches!(pdf::write(&invoice, &fonts()), Err(PdfError::TooLong(_))));
}
