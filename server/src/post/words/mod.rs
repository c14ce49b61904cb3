//! Owns: the sentences of the office's letters, the e-mail twins of the text messages (A55) and the invoice's.
//! Never: a passcode or a code: secrets go by SMS or transfer remark only. Sending.
//! Start at: `passed`.

#[cfg(test)]
mod tests;

use journey::Fen;

/// Subject and plain text of one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub text: String,
}

/// Who writes, and where a reader finds more. From the settings.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// `证书大厅`.
    pub office: String,
    /// The address of 订单查询.
    pub query_url: String,
    /// R006.
    pub hotline: String,
}

/// What a letter is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub order: &'a str,
    /// 证书使用单位, or the applicant.
    pub holder: &'a str,
}

/// R031, R032. `passcode_channel`: where the passcode goes, in the manual's words (R122).
pub fn passed(head: &Letterhead, about: About, passcode_channel: &str) -> Words {
    letter(
        head,
        about,
        "审核通过",
        &format!(
            "您的订单已通过审核，我们将为您制作数字证书。\n\n\
             证书密码：{passcode_channel}\n\n\
             证书制作完成后将寄往您填写的通讯地址，寄出时另行通知。"
        ),
    )
}

/// The same where the holder's own key is written anew (A20, A45): nothing is sent, and its password stays.
pub fn passed_on_own_key(head: &Letterhead, about: About) -> Words {
    letter(
        head,
        about,
        "审核通过",
        "您的订单已通过审核。\n\n\
         请打开订单查询，插入本订单的证书Key并输入证书密码，即可写入新证书；证书密码不变，无需邮寄。",
    )
}

/// The order came back: what to mend, one reason a line.
pub fn returned(head: &Letterhead, about: About, reasons: &[String]) -> Words {
    let list: String =
        reasons.iter().enumerate().map(|(i, reason)| format!("{}. {reason}\n", i + 1)).collect();
    letter(
        head,
        about,
        "需要补正",
        &format!(
            "您的订单需要补正后才能继续审核：\n\n{list}\n请在订单查询中修改并重新提交，已支付的费用无需再次支付。"
        ),
    )
}

/// R148. `refund`: what goes back, where something was paid.
pub fn rejected(head: &Letterhead, about: About, reason: &str, refund: Option<Fen>) -> Words {
    let money = refund.map_or_else(String::new, |amount| {
        format!("\n\n已支付的费用 {} 元将原路退回，到账时间以支付渠道为准。", amount.yuan())
    });
    letter(head, about, "未通过审核", &format!("很抱歉，您的订单未通过审核。\n\n原因：{reason}{money}"))
}

/// R035.
pub fn shipped(head: &Letterhead, about: About, courier: &str, waybill: &str) -> Words {
    letter(
        head,
        about,
        "证书已寄出",
        &format!(
            "您的数字证书已由{courier}寄出，运单号 {waybill}，请注意查收。\n\n\
             收到后请在订单查询中确认收货，首次使用时请修改证书密码。"
        ),
    )
}

/// R079, A31. `key`: the end of its serial.
pub fn unblocked(head: &Letterhead, about: About, key: &str, at: &str) -> Words {
    letter(
        head,
        about,
        "证书已解锁",
        &format!(
            "您尾号 {key} 的证书Key已于{at}解锁，并由办理人重新设置了证书密码。\n\n\
             新密码只有设置它的人知道，我们不保存。如非本单位或本人操作，请立即办理挂失，并致电客服热线。"
        ),
    )
}

/// B01: the holder's hold was lifted after an identity check.
pub fn resumed(head: &Letterhead, about: About) -> Words {
    letter(
        head,
        about,
        "证书已恢复使用",
        "您挂失的数字证书已由办理人通过身份核验恢复使用，签名证书与加密证书同时有效。\n\n\
         如非本单位或本人操作，请立即再次办理挂失，并致电客服热线。",
    )
}

/// Any other news of an order, in a few words.
pub fn progress(head: &Letterhead, about: About, status: &str) -> Words {
    letter(head, about, status, &format!("您的订单有新进展：{status}。\n\n详情请在订单查询中查看。"))
}

/// J34: of a certificate, not of an order.
pub fn expiring(head: &Letterhead, holder: &str, days: u32, day: time::Date) -> Words {
    let Letterhead { office, query_url, hotline } = head;
    let home = query_url.trim_end_matches("/query");
    Words {
        subject: format!("【{office}】数字证书将于 {day} 到期"),
        text: format!(
            "{holder}：\n\n您好！\n\n您的数字证书将在 {days} 天内到期（{day}）。请插入证书Key，在到期前办理证书更新：\n{home}\n\n\
             附件为日历提醒，可添加到您的日历。如已办理更新，请忽略本邮件。\n\n客服热线：{hotline}\n\n{office}\n\n\
             本邮件由系统自动发出，请勿直接回复。我们不会通过邮件向您索取密码或验证码。\n"
        ),
    }
}

/// What an invoice's letter says of it.
#[derive(Clone, Copy, Debug)]
pub struct InvoiceWords<'a> {
    pub number: &'a str,
    /// 发票抬头.
    pub title: &'a str,
    pub amount: Fen,
    /// Made in the sandbox: no tax document.
    pub specimen: bool,
}

/// R027, R028, R029. The documents are attached.
pub fn invoice(head: &Letterhead, about: About, invoice: InvoiceWords) -> Words {
    let validity = if invoice.specimen {
        "本发票为测试样张，非税务凭证。"
    } else {
        "电子发票是国税局认可的有效凭证，其法律效力、基本用途及使用规定同纸质发票，如需纸质票请下载附件后打印。"
    };
    letter(
        head,
        about,
        "电子发票",
        &format!(
            "您的订单已开具电子发票，请查收附件（PDF 与 XML）。\n\n\
             发票号码：{}\n发票抬头：{}\n价税合计：{} 元\n\n{validity}\n\n\
             您也可以随时在订单查询中查看和下载发票。",
            invoice.number,
            invoice.title,
            invoice.amount.yuan()
        ),
    )
}

/// A53: the invoice of this number was taken back. The documents are attached.
pub fn red_letter(head: &Letterhead, about: About, red: InvoiceWords, reversed: &str) -> Words {
    let validity = if red.specimen { "\n\n本发票为测试样张，非税务凭证。" } else { "" };
    letter(
        head,
        about,
        "红字电子发票",
        &format!(
            "您的订单已退款，原电子发票已红冲作废，请勿再用于报销或入账。红字发票请查收附件（PDF 与 XML）。\n\n\
             红字发票号码：{}\n原发票号码：{reversed}\n发票抬头：{}\n价税合计：-{} 元{validity}\n\n\
             您也可以随时在订单查询中查看和下载。",
            red.number,
            red.title,
            red.amount.yuan()
        ),
    )
}

fn letter(head: &Letterhead, about: About, topic: &str, body: &str) -> Words {
    let Letterhead { office, query_url, hotline } = head;
    let About { order, holder } = about;
    Words {
        subject: format!("【{office}】{topic}（订单 {order}）"),
        text: format!(
            "{holder}：\n\n您好！\n\n{body}\n\n订单号：{order}\n订单查询：{query_url}\n客服热线：{hotline}\n\n\
             {office}\n\n本邮件由系统自动发出，请勿直接回复。我们不会通过邮件向您索取密码或验证码。\n"
        ),
    }
}
