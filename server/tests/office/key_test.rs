//! 测试证书Key (J35).

use crate::key_holder::KeyHolder;
use crate::renewal::until_the_new_pair_counts;
use app::desk::held::HeldState;
use journey::payment::Channel;

#[tokio::test]
async fn j35_a_key_is_tested_before_and_after_a_renewal() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let first = holder.test().await;
    assert!(first.signs && first.opens && first.chain, "{first:?}");
    assert_eq!((first.past, first.past_opened, first.state), (0, 0, HeldState::Good));
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    until_the_new_pair_counts(&house, &holder.serial).await;
    let second = holder.test().await;
    assert!(second.signs && second.opens && second.chain, "{second:?}");
    assert_eq!((second.past, second.past_opened), (1, 1), "B02");
}
