//! The status desk when things happen at the same time: a change while an answer is signed, a change while old answers
//! are signed again, somebody who never ends a question, a list that is late.

use crate::house::House;
use crate::lone_desk::LoneDesk;
use crate::publishing::until_list;
use crate::relying::{Relying, pairs, reason};
use crate::town::{Streets, until};
use certificate::revocation::Reason;
use certificate::status::{
    CertificateId, Hash, NoAnswer, Standing, StatusRequest, StatusResponse, error_response,
};
use server::standing::{By, Which};
use server::status::Status;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

const HOUR: i64 = 3600;

async fn change(status: Status, serial: String, suspend: bool) {
    let (which, by) = (Which::Serial(serial), By::new("tester", "试验"));
    let changed = if suspend { status.suspend(which, by).await } else { status.resume(which, by).await };
    changed.unwrap();
}

impl LoneDesk {
    /// While each of the next answers is signed, its certificate is suspended, resumed, suspended, …
    fn changes_while_signing(&self, serial: &str, times: usize) {
        let each = (0..times).map(|turn| {
            let change = change(self.status.clone(), serial.to_owned(), turn % 2 == 0);
            Box::pin(change) as futures::future::BoxFuture<'static, ()>
        });
        // The last one is taken first.
        *self.pen.meanwhile.lock().unwrap() = each.rev().collect();
    }

    fn asked(&self, serials: &[&str], nonce: Option<Vec<u8>>) -> Vec<u8> {
        let id = |serial: &&str| CertificateId::new(Hash::Sha1, &self.issuing, &hex::decode(serial).unwrap());
        StatusRequest { ids: serials.iter().map(id).collect(), nonce }.to_der()
    }
}

#[tokio::test]
async fn r162_no_answer_of_before_a_change_is_given_after_it() {
    let desk = LoneDesk::open().await;
    let held = Standing::Revoked { at: desk.now(), reason: Reason::CertificateHold };
    let kind = |standing: Standing| std::mem::discriminant(&standing);
    // From memory at other times, for this asker alone, and among others.
    for (nonce, beside) in [(None, false), (Some(vec![7; 16]), false), (None, true)] {
        let [serial, other] = [desk.issued(1, 365).await.remove(0), desk.issued(1, 365).await.remove(0)];
        let serials = if beside { vec![other.as_str(), serial.as_str()] } else { vec![serial.as_str()] };
        let question = desk.asked(&serials, nonce);
        desk.changes_while_signing(&serial, 1);
        let reply = desk.status.answer("issuing", &question).await.unwrap();
        let response = StatusResponse::from_der(&reply.bytes).unwrap();
        let told = response.standing(&desk.issuing, &hex::decode(&serial).unwrap(), desk.now()).unwrap();
        assert_eq!(
            kind(told),
            kind(held),
            "{} asked for, nonce: {}",
            serials.len(),
            response.nonce.is_some()
        );

        // Whoever changes three times while it is signed: not now.
        change(desk.status.clone(), serial.clone(), false).await;
        desk.changes_while_signing(&serial, 3);
        let reply = desk.status.answer("issuing", &question).await.unwrap();
        assert_eq!((reply.bytes, reply.life), (error_response(NoAnswer::TryLater).to_vec(), None));
        assert_eq!(kind(desk.standing(&serial).await), kind(held));
    }
}

#[tokio::test]
async fn r162_a_change_is_listed_while_old_answers_are_signed_again() {
    let mut desk = LoneDesk::open().await;
    desk.work().await;
    let [old, lost] = [desk.issued(1, 365).await.remove(0), desk.issued(1, 365).await.remove(0)];
    assert_eq!(desk.standing(&old).await, Standing::Good);
    until_list(&desk, true, "the first delta", |_| true).await;
    let (begins, begun) = oneshot::channel();
    let (end, ends) = oneshot::channel::<()>();
    *desk.pen.meanwhile.lock().unwrap() = vec![Box::pin(async move {
        begins.send(()).unwrap();
        ends.await.unwrap();
    })];
    desk.clock.forward_s(3 * HOUR + 60);
    begun.await.unwrap();
    desk.suspend(&lost).await;
    desk.clock.forward_s(2);
    until_list(&desk, true, "the delta", |list| reason(list, &lost).is_some()).await;
    desk.clock.forward_s(10);
    until_list(&desk, false, "the full list", |list| reason(list, &lost).is_some()).await;
    assert!(!end.is_closed(), "they are still being signed");
    let signed = desk.pen.answers.load(Ordering::SeqCst);
    end.send(()).unwrap();
    until("the old answer signed again", || async {
        (desk.pen.answers.load(Ordering::SeqCst) > signed).then_some(())
    })
    .await;
    desk.rest().await;
}

#[tokio::test]
async fn a_question_that_never_ends_is_ended() {
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let (sign, _) = pairs(&house, "issuing", 1).await.remove(0);
    let mut slow = TcpStream::connect(house.town().url.strip_prefix("http://").unwrap()).await.unwrap();
    let head = "POST /ocsp/issuing HTTP/1.1\r\nhost: office\r\ncontent-length: 100\r\n\r\n0";
    slow.write_all(head.as_bytes()).await.unwrap();
    let (mut said, started) = ([0; 12], Instant::now());
    let answered = tokio::time::timeout(Duration::from_secs(20), slow.read_exact(&mut said));
    let (answered, standing) = tokio::join!(answered, relying.standing(&sign));
    answered.expect("an answer in time").unwrap();
    assert_eq!((&said, standing), (b"HTTP/1.1 408", Standing::Good));
    assert!(started.elapsed() >= Duration::from_secs(2), "a slow line is no fault");
}

#[tokio::test]
async fn a_list_that_is_late_is_said_to_whoever_watches() {
    let house = House::open_with(
        "codes_per_address_hour = 1000\n[status.elsewhere.root]\nlist_file = \"not_brought.crl\"",
    )
    .await;
    let browser = house.town().browser();
    let said = until("the lists of the others", || async {
        let answer = browser.get("/readyz").await;
        assert_eq!(answer.status, 200, "the rest of the office works");
        let said = String::from_utf8(answer.body).unwrap();
        (said.lines().count() == 2).then_some(said)
    })
    .await;
    assert_eq!(said, "ready\nroot: a revocation list is older than its plan\n");
}
