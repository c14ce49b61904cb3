//! No page may hang: a document that never ends holds a connection and shows nothing (leptos had such faults).

use crate::page;
use std::time::Duration;

const ROUNDS: usize = 20;
const LIMIT: Duration = Duration::from_secs(5);
const PATHS: [&str; 30] = [
    "/renew",
    "/modify",
    "/unblock",
    "/replace",
    "/replace/organisation",
    "/replace/person",
    "/lost",
    "/phone",
    "/key",
    "/key/pin",
    "/",
    "/apply/organisation",
    "/orders",
    "/orders/details",
    "/orders/evidence",
    "/orders/payment",
    "/orders/review",
    "/orders/nobody",
    "/query",
    "/trust",
    "/trust/check",
    "/trust/cps",
    "/staff",
    "/staff/review",
    "/staff/review/SQ1",
    "/staff/production/SQ1",
    "/staff/certificates",
    "/staff/recovery",
    "/staff/recovery/new",
    "/staff/recovery/KR1",
];

async fn every_page_again_and_again() {
    for round in 0..ROUNDS {
        for path in PATHS {
            let answered = tokio::time::timeout(LIMIT, page(path)).await;
            assert!(answered.is_ok(), "{path} hangs in round {round}");
        }
    }
}

#[tokio::test]
async fn no_page_hangs_on_one_thread() {
    every_page_again_and_again().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_page_hangs_on_four_threads() {
    let visitors: Vec<_> = (0..4).map(|_| tokio::spawn(every_page_again_and_again())).collect();
    for visitor in visitors {
        visitor.await.expect("no visitor waits for ever");
    }
}
