//! SMTP, as much as a mailer needs: EHLO, AUTH (any name and password), MAIL, RCPT, DATA, RSET, NOOP, QUIT.

use std::sync::Arc;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{clock, faults::MailRefusal, journal::Finding, world::World};

const LARGEST_MAIL: usize = 25 * 1024 * 1024;
const LONGEST_LINE: u64 = 64 * 1024;

pub async fn listen(listener: TcpListener, world: Arc<World>) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                // A client that hangs up early is no event worth telling.
                let _ = Session { stream: BufReader::new(stream), world, from: None, to: Vec::new() }
                    .talk()
                    .await;
            });
        }
    }
}

struct Session {
    stream: BufReader<TcpStream>,
    world: Arc<World>,
    from: Option<String>,
    to: Vec<String>,
}

/// `None`: the connection ends.
type Line = std::io::Result<Option<Vec<u8>>>;

impl Session {
    async fn talk(mut self) -> std::io::Result<()> {
        self.say("220 sandbox.certhall.example ESMTP sandbox").await?;
        while let Some(line) = self.line().await? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let (verb, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.begin_again();
                    let offers = "250-sandbox.certhall.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 26214400";
                    self.say(offers).await?;
                }
                "HELO" => self.say("250 sandbox.certhall.example").await?,
                "AUTH" => self.authenticate(rest).await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.recipient(rest).await?,
                "DATA" => {
                    if !self.data().await? {
                        return Ok(());
                    }
                }
                "RSET" => {
                    self.begin_again();
                    self.say("250 2.0.0 Ok").await?;
                }
                "NOOP" => self.say("250 2.0.0 Ok").await?,
                "QUIT" => return self.say("221 2.0.0 Bye").await,
                _ => self.say("502 5.5.2 Command not recognized").await?,
            }
        }
        Ok(())
    }

    async fn authenticate(&mut self, rest: &str) -> std::io::Result<()> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let prompts: &[&str] = match (mechanism.to_ascii_uppercase().as_str(), initial) {
            ("PLAIN", "") => &["334 "],
            ("PLAIN", _) => &[],
            // "Username:" and "Password:" in base64.
            ("LOGIN", "") => &["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"],
            ("LOGIN", _) => &["334 UGFzc3dvcmQ6"],
            _ => return self.say("504 5.5.4 Unrecognized authentication type").await,
        };
        for prompt in prompts {
            self.say(prompt).await?;
            self.line().await?;
        }
        self.say("235 2.7.0 Authentication successful").await
    }

    async fn mail(&mut self, rest: &str) -> std::io::Result<()> {
        let Some(address) = path(rest, "FROM:") else {
            return self.say("501 5.5.4 Syntax: MAIL FROM:<address>").await;
        };
        self.begin_again();
        self.from = Some(address);
        self.say("250 2.1.0 Ok").await
    }

    async fn recipient(&mut self, rest: &str) -> std::io::Result<()> {
        if self.from.is_none() {
            return self.say("503 5.5.1 Error: need MAIL command").await;
        }
        let Some(address) = path(rest, "TO:").filter(|address| address.contains('@')) else {
            return self.say("501 5.5.4 Syntax: RCPT TO:<address>").await;
        };
        let answer = match self.world.faults.of(&address).mail.refuse {
            MailRefusal::Later => "451 4.3.0 Mailbox temporarily unavailable, try again later",
            MailRefusal::Never => "550 5.1.1 No such user here",
            MailRefusal::None | MailRefusal::CutInData => {
                self.to.push(address);
                return self.say("250 2.1.5 Ok").await;
            }
        };
        self.note(&address, answer, b"");
        self.say(answer).await
    }

    /// False when a fault switch cut the line.
    async fn data(&mut self) -> std::io::Result<bool> {
        let (Some(from), false) = (self.from.clone(), self.to.is_empty()) else {
            self.say("503 5.5.1 Error: need RCPT command").await?;
            return Ok(true);
        };
        let to = std::mem::take(&mut self.to);
        if to.iter().any(|one| self.world.faults.of(one).mail.refuse == MailRefusal::CutInData) {
            self.note(&to.join(", "), "fault: line cut in DATA", b"");
            self.say("354 End data with <CR><LF>.<CR><LF>").await?;
            self.line().await?;
            return Ok(false);
        }
        self.say("354 End data with <CR><LF>.<CR><LF>").await?;
        let Some(raw) = self.message().await? else { return Ok(false) };
        if raw.len() > LARGEST_MAIL {
            self.note(&to.join(", "), "552 too large", b"");
            self.say("552 5.3.4 Message size exceeds fixed limit").await?;
            return Ok(true);
        }
        self.note(&to.join(", "), "ok", &raw);
        self.world.mail.put(clock::beijing_rfc3339(), from, to, raw);
        self.begin_again();
        self.say("250 2.0.0 Ok: queued").await?;
        Ok(true)
    }

    /// Up to the lone dot; a line that begins with a dot was sent with one more (RFC 5321, 4.5.2).
    async fn message(&mut self) -> Line {
        let mut raw = Vec::new();
        while let Some(line) = self.line().await? {
            if line == b".\r\n" || line == b".\n" {
                return Ok(Some(raw));
            }
            // Past the limit we go on reading, to answer at the end, and keep no more.
            if raw.len() <= LARGEST_MAIL {
                raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            }
        }
        Ok(None)
    }

    async fn line(&mut self) -> Line {
        let mut line = Vec::new();
        let read = (&mut self.stream).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
        Ok((read > 0).then_some(line))
    }

    async fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await
    }

    fn begin_again(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn note(&self, about: &str, verdict: &str, raw: &[u8]) {
        let finding = Finding {
            provider: "mail",
            action: "send".to_owned(),
            about: about.to_owned(),
            verdict: verdict.to_owned(),
            checked: String::new(),
        };
        let status = if verdict == "ok" {
            250
        } else {
            verdict.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0)
        };
        self.world.journal.record("in", finding, "SMTP", (status, raw, b""));
    }
}

/// The address in `FROM:<a@b> SIZE=…`.
fn path(rest: &str, keyword: &str) -> Option<String> {
    let start = rest.get(..keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (address, _) = rest[keyword.len()..].trim_start().strip_prefix('<')?.split_once('>')?;
    Some(address.to_owned())
}
