//! A key that has lost its encryption pairs of before gets them back from the key centre with the next certificate (B02).

use crate::house::House;
use crate::key_holder::KeyHolder;
use crate::workbench;
use app::desk::loading::{LoadingView, Switched, SwitchedProof};
use app::desk::orders::OrderView;
use app::desk::production::{IssuedPair, PreparedPast};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Certificate, cipher};
use journey::order::Standing;
use journey::payment::Channel;
use journey::route::Route;
use journey::service::Service;
use key::generation;
use key::key::Slot;
use key::message::Generation;
use server::clock::{Dice, SystemEntropy};
use std::sync::Arc;

impl KeyHolder {
    /// The container with the pairs of before is gone.
    fn lose_history(&mut self) {
        self.helper_dies();
        let file = self.keys().join(format!("{}.softkey", self.serial));
        let mut memory: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert!(!memory["past"].as_array().unwrap().is_empty());
        memory["past"] = serde_json::json!([]);
        std::fs::write(&file, memory.to_string()).unwrap();
    }

    async fn has(&mut self, point: &[u8; 65]) -> bool {
        generation::find_slot(self.opened().await.unwrap(), point).await.unwrap().is_some()
    }
}

/// A renewed key that lost its pairs of before, and switched to the certificate of this name.
async fn switched_without_history(name: &str) -> (House, KeyHolder, IssuedPair, SwitchedProof) {
    let (house, mut holder) = KeyHolder::since(300).await;
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    holder.lose_history();
    let mut form = holder.begin(Service::Modification, Route::Usual).await;
    form.holder_name = name.into();
    (form.account_name, form.invoice_title) = (String::new(), String::new());
    holder.enter(&form).await.given::<OrderView>();
    holder.check_phone().await.given::<OrderView>();
    let view: LoadingView = holder.loading().await.given();
    let paper = holder.paper().await.unwrap();
    let request = holder.make(&paper).await.unwrap();
    let pair = holder.issue(Some(&request)).await.unwrap();
    holder.install(&pair).await.unwrap();
    holder.switch(&pair).await.unwrap();
    let proof = holder.read_back(Generation::InUse, &pair, &view.past).await.unwrap();
    (house, holder, pair, proof)
}

#[tokio::test]
async fn b02_a_key_that_lost_its_history_gets_it_back_with_the_next_certificate() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let first =
        Certificate::from_der(&holder.certificate(Slot::Encrypt).await).unwrap().public_key().unwrap();
    let bid = b"a bid of the year before the last";
    let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
    let sealed = cipher::encrypt(&first, bid, &mut dice).unwrap();
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    let second =
        Certificate::from_der(&holder.certificate(Slot::Encrypt).await).unwrap().public_key().unwrap();
    holder.lose_history();
    assert!(!holder.has(&first.to_point()).await);

    let form = holder.begin(Service::Modification, Route::Usual).await;
    let form = journey::details::DetailsForm {
        holder_name: "北京示例失而复得科技有限公司".into(),
        account_name: String::new(),
        invoice_title: String::new(),
        ..form
    };
    holder.enter(&form).await.given::<OrderView>();
    holder.check_phone().await.given::<OrderView>();
    let view: LoadingView = holder.loading().await.given();
    assert_eq!(view.past.len(), 2, "the pair that is replaced, and the one before");
    let paper = holder.paper().await.unwrap();
    let request = holder.make(&paper).await.unwrap();
    let pair = holder.issue(Some(&request)).await.unwrap();
    holder.install(&pair).await.unwrap();
    let beside = holder.read_back(Generation::Next, &pair, &[]).await.unwrap();
    holder.report_written(&beside.read).await.unwrap();
    holder.switch(&pair).await.unwrap();
    let proof = holder.read_back(Generation::InUse, &pair, &view.past).await.unwrap();
    assert!(proof.past_proofs[0].is_some() && proof.past_proofs[1].is_none());
    let Switched::Missing { pairs: 1 } = holder.report_switched(&proof).await.unwrap() else {
        panic!("the pair that the key has lost was not missed, or the other one was")
    };
    let key = holder.opened().await.unwrap();
    let prepared = workbench::prepared(key, 1, &pair.nonce).await;
    // A place that the key did not name, or for another order.
    for wrong in [
        PreparedPast { places: vec![BASE64.encode(first.to_point())], ..prepared.clone() },
        workbench::prepared(key, 1, &"00".repeat(32)).await,
    ] {
        let wrong = SwitchedProof { prepared: Some(wrong), ..proof.clone() };
        assert!(holder.report_switched(&wrong).await.is_err(), "a pair left for a stranger");
    }
    let prepared = SwitchedProof { prepared: Some(prepared), ..proof };
    let Switched::Brought { pairs } = holder.report_switched(&prepared).await.unwrap() else {
        panic!("the pair did not come")
    };
    workbench::bring(holder.opened().await.unwrap(), &pairs).await;
    let proof = holder.read_back(Generation::InUse, &pair, &view.past).await.unwrap();
    assert!(matches!(holder.report_switched(&proof).await.unwrap(), Switched::Done { .. }));
    assert_eq!(holder.see().await.standing, Standing::Completed);
    assert!(holder.has(&second.to_point()).await);
    assert_eq!(holder.decrypt_with_any(&first.to_point(), &sealed).await, bid);
    drop(house);
}

/// Something else than what was asked is no proof, and what cannot be brought twice does not hold the order up.
#[tokio::test]
async fn b02_a_key_that_keeps_losing_the_older_pairs_is_not_held_up_for_ever() {
    let (_house, mut holder, pair, proof) =
        Box::pin(switched_without_history("北京示例得而复失科技有限公司")).await;
    let mut forged = proof.clone();
    forged.past_proofs[1] = forged.past_proofs[0].clone();
    assert!(holder.report_switched(&forged).await.is_err());
    for _ in 0..2 {
        assert!(matches!(holder.report_switched(&proof).await.unwrap(), Switched::Missing { pairs: 1 }));
        let key = holder.opened().await.unwrap();
        let prepared = Some(workbench::prepared(key, 1, &pair.nonce).await);
        let prepared = SwitchedProof { prepared, ..proof.clone() };
        let answer = holder.report_switched(&prepared).await.unwrap();
        assert!(matches!(answer, Switched::Brought { pairs } if pairs.len() == 1));
        holder.town.clock.forward_s(60);
    }
    assert!(matches!(holder.report_switched(&proof).await.unwrap(), Switched::Done { .. }));
    assert_eq!(holder.see().await.standing, Standing::Completed);
}

/// What found no place finds none on another try: the certificate is done with the years that the key holds.
#[tokio::test]
async fn b02_a_key_with_less_room_than_it_lacks_goes_on() {
    let (_house, holder, _pair, proof) =
        Box::pin(switched_without_history("北京示例满满当当科技有限公司")).await;
    let full = Some(PreparedPast { places: Vec::new(), signature: String::new() });
    // Without the pair that is being replaced it does not go on, room or no room.
    let mut without = SwitchedProof { prepared: full.clone(), ..proof.clone() };
    without.past_proofs[0] = None;
    assert!(matches!(holder.report_switched(&without).await.unwrap(), Switched::Missing { .. }));
    let without = SwitchedProof { prepared: full, ..proof };
    assert!(matches!(holder.report_switched(&without).await.unwrap(), Switched::Done { .. }));
    assert_eq!(holder.see().await.standing, Standing::Completed);
}
