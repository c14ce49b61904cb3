//! The mail sink, spoken to line by line.

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::outside::Outside;

struct Mailer(BufReader<TcpStream>);

impl Mailer {
    async fn greet(outside: &Outside) -> Self {
        let mut mailer = Self(BufReader::new(TcpStream::connect(&outside.smtp).await.unwrap()));
        assert!(mailer.answer().await.starts_with("220 "));
        assert!(mailer.say("EHLO test").await.starts_with("250"));
        mailer
    }

    /// The last line of the answer.
    async fn answer(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await.unwrap();
            if line.is_empty() || line.as_bytes()[3] == b' ' {
                return line.trim_end().to_owned();
            }
        }
    }

    async fn say(&mut self, text: &str) -> String {
        self.0.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.unwrap();
        self.answer().await
    }

    async fn send(&mut self, to: &str, message: &str) -> String {
        assert!(self.say("MAIL FROM:<office@certhall.example> BODY=8BITMIME").await.starts_with("250"));
        let taken = self.say(&format!("RCPT TO:<{to}>")).await;
        if !taken.starts_with("250") {
            return taken;
        }
        assert!(self.say("DATA").await.starts_with("354"));
        self.say(&format!("{message}\r\n.")).await
    }
}

const MESSAGE: &str = "From: =?utf-8?B?6K+B5Lmm5aSn5Y6F?= <office@certhall.example>\r\n\
To: a@b.example\r\nSubject: =?utf-8?B?55S15a2Q5Y+R56Wo?=\r\nMessage-ID: <1@certhall.example>\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=x\r\n\r\n\
--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
正文\r\n..one dot\r\n...two dots\r\n\r\n\
--x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
Content-Disposition: attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf\r\n\r\nJVBERi0A\r\n--x--";

#[tokio::test]
async fn a_mail_is_read_with_its_dots_and_its_attachment() {
    let outside = Outside::start();
    let mut mailer = Mailer::greet(&outside).await;
    assert!(mailer.say("AUTH PLAIN AHUAcA==").await.starts_with("235"));
    assert!(mailer.send("a@b.example", MESSAGE).await.starts_with("250"));
    assert!(mailer.say("QUIT").await.starts_with("221"));

    let mails = outside.control("mail?to=A@B.example").await["mails"].clone();
    assert_eq!(mails.as_array().unwrap().len(), 1);
    let mail = &mails[0];
    assert_eq!(
        (&mail["subject"], &mail["from"]),
        (&json!("电子发票"), &json!("证书大厅 <office@certhall.example>"))
    );
    assert_eq!(mail["text"].as_str().unwrap().trim_end(), "正文\r\n.one dot\r\n..two dots");
    assert_eq!(mail["attachments"][0]["name"], "发票.pdf");

    let path = format!("{}/control/mail/{}/0", outside.http, mail["number"]);
    let part = outside.client.get(path).send().await.unwrap();
    assert_eq!(part.headers()["content-type"], "application/pdf");
    assert_eq!(part.bytes().await.unwrap().as_ref(), b"%PDF-\0");
}

#[tokio::test]
async fn refusals_by_switch_name_the_recipient_alone() {
    let outside = Outside::start();
    outside.faults(json!({ "only": "later@b.example", "mail": { "refuse": "later" } })).await;
    outside.faults(json!({ "only": "never@b.example", "mail": { "refuse": "never" } })).await;
    let mut mailer = Mailer::greet(&outside).await;
    assert!(mailer.send("later@b.example", MESSAGE).await.starts_with("451"));
    assert!(mailer.send("never@b.example", MESSAGE).await.starts_with("550"));
    assert!(mailer.send("fine@b.example", MESSAGE).await.starts_with("250"));
    assert_eq!(outside.control("mail").await["mails"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_line_cut_in_data_leaves_no_mail() {
    let outside = Outside::start();
    outside.faults(json!({ "mail": { "refuse": "cut_in_data" } })).await;
    let mut mailer = Mailer::greet(&outside).await;
    assert_eq!(mailer.send("a@b.example", MESSAGE).await, "");
    assert_eq!(outside.control("mail").await["mails"], json!([]));
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let outside = Outside::start();
    let mut mailer = Mailer::greet(&outside).await;
    assert!(mailer.say("RCPT TO:<a@b.example>").await.starts_with("503"));
    assert!(mailer.say("DATA").await.starts_with("503"));
    assert!(mailer.say("MAIL FROM:office").await.starts_with("501"));
    assert!(mailer.say("TURN").await.starts_with("502"));
}
