use super::*;

fn head() -> Letterhead {
    Letterhead {
        office: "证书大厅".to_owned(),
        query_url: "https://certhall.example/query".to_owned(),
        hotline: "010-58515511".to_owned(),
    }
}

const ABOUT: About = About { order: "20261122000007", holder: "北京某某科技有限公司" };

#[test]
fn every_letter_names_the_order_in_subject_and_text_and_says_where_to_ask() {
    let invoice_words = InvoiceWords {
        number: "26112000000000000001",
        title: "某公司",
        amount: Fen(20_000),
        specimen: false,
    };
    let letters = [
        passed(&head(), ABOUT, "发送至法人手机"),
        passed_on_own_key(&head(), ABOUT),
        returned(&head(), ABOUT, &["营业执照不清晰".to_owned()]),
        rejected(&head(), ABOUT, "资料不符", None),
        shipped(&head(), ABOUT, "顺丰速运", "SF1234567890"),
        invoice(&head(), ABOUT, invoice_words),
    ];
    for Words { subject, text } in letters {
        assert!(subject.contains(ABOUT.order), "{subject}");
        for part in [ABOUT.order, ABOUT.holder, "https://certhall.example/query", "010-58515511"] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }
}

#[test]
fn a_returned_order_lists_each_reason() {
    let words = returned(&head(), ABOUT, &["营业执照不清晰".to_owned(), "授权书未盖章".to_owned()]);
    assert!(words.text.contains("1. 营业执照不清晰\n2. 授权书未盖章\n"), "{}", words.text);
}

#[test]
fn r148_a_rejected_order_speaks_of_money_only_where_some_was_paid() {
    let free = rejected(&head(), ABOUT, "资料不符", None);
    let paid = rejected(&head(), ABOUT, "资料不符", Some(Fen(20_001)));
    assert!(!free.text.contains("退回"), "{}", free.text);
    assert!(paid.text.contains("200.01 元将原路退回"), "{}", paid.text);
}

#[test]
fn r028_a_real_invoice_states_its_force_and_a_specimen_denies_it() {
    let words = |specimen| {
        let facts =
            InvoiceWords {
                number: "26112000000000000001", title: "某公司", amount: Fen(20_000), specimen
            };
        invoice(&head(), ABOUT, facts).text
    };
    assert!(words(false).contains("法律效力、基本用途及使用规定同纸质发票"));
    assert!(!words(true).contains("法律效力"));
    assert!(words(true).contains("测试样张，非税务凭证"));
}
