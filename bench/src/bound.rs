//! What the SM2 library itself can do at best: the limit that an order is compared with.

use crate::Failure;
use crate::dice::Dice;
use crate::figure::median;
use certificate::envelope::{self, Layout};
use certificate::key_kind::KeyKind;
use certificate::software_key::SoftwareKey;
use certificate::{KeyPair, Signer as _, rand_core::TryRng};
use sm2::dsa::signature::{Signer, Verifier};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::Generate;
use sm2::pke::EncryptingKey;
use sm2::{PublicKey, SecretKey};
use std::hint::black_box;

/// A to-be-signed certificate is about this long.
const MESSAGE: usize = 600;
const ROUNDS: usize = 5;

/// Seconds of CPU time of this thread; the kernel knows it to the nanosecond, and tells it anew a few hundred times a
/// second.
fn thread_seconds() -> f64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    said.split(' ').next().and_then(|ran| ran.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

/// Microseconds of CPU for one of them: the median of rounds of a tenth of a second each.
pub fn cost(mut work: impl FnMut()) -> f64 {
    let mut costs = Vec::new();
    for _ in 0..ROUNDS {
        let (start, mut count) = (thread_seconds(), 0);
        let spent = loop {
            for _ in 0..10 {
                work();
            }
            count += 10;
            let spent = thread_seconds() - start;
            if spent > 0.1 {
                break spent;
            }
        };
        costs.push(spent / f64::from(count) * 1e6);
    }
    median(costs)
}

/// Microseconds of CPU of the library's operations.
pub struct Costs {
    pub sign: f64,
    pub verify: f64,
    pub encrypt: f64,
}

impl Costs {
    pub fn measure() -> Costs {
        let mut dice = Dice::default();
        let mut message = [0; MESSAGE];
        dice.try_fill_bytes(&mut message).expect("the operating system has dice");
        let secret = SecretKey::try_generate_from_rng(&mut dice).expect("the operating system has dice");
        let key = SigningKey::new("1234567812345678", &secret).expect("a key of ours signs");
        let public: PublicKey = secret.public_key();
        let judge = VerifyingKey::new("1234567812345678", public).expect("a key of ours verifies");
        let signature: Signature = key.sign(&message);
        let sealer = EncryptingKey::new(public);
        Costs {
            sign: cost(|| {
                let signature: Signature = key.sign(&message);
                black_box(signature);
            }),
            verify: cost(|| judge.verify(&message, &signature).expect("it was signed so")),
            // What an envelope holds beside this (a block or two of SM4) is nothing.
            encrypt: cost(|| {
                black_box(sealer.encrypt_der(&mut dice, &[7; 16]).expect("16 bytes can be sealed"));
            }),
        }
    }

    /// Double certificates that one core could make in a second if it did nothing but two signatures, one proof of
    /// possession and one envelope.
    pub fn double_certificates(&self) -> f64 {
        1e6 / (2.0 * self.sign + self.verify + self.encrypt)
    }
}

/// `bench sm2`: the library's operations beside ours.
pub fn table() {
    let mut dice = Dice::default();
    let library = Costs::measure();
    let pair = KeyPair::generate(&mut dice).expect("the operating system has dice");
    let message = [9; MESSAGE];
    let signature = pair.sign(&message).expect("a key of ours signs");
    let public = pair.public_key();
    let sign = cost(|| {
        black_box(pair.sign(&message).expect("a key of ours signs"));
    });
    let any = cost(|| public.verify(&message, &signature).expect("it was signed so"));
    public.expect_many_signatures();
    let known = cost(|| public.verify(&message, &signature).expect("it was signed so"));
    let other = KeyPair::generate(&mut dice).expect("the operating system has dice");
    let seal = cost(|| {
        black_box(envelope::seal(&other, &public, Layout::default(), &mut dice).expect("it can be sealed"));
    });
    let mut dice = Dice::default();
    let make = cost(|| {
        black_box(KeyPair::generate(&mut dice).expect("the operating system has dice"));
    });
    println!("microseconds of CPU                 library     ours");
    println!("sign                               {:8.1} {sign:8.1}", library.sign);
    println!("verify, any key                    {:8.1} {any:8.1}", library.verify);
    println!("verify, a known key                {:8.1} {known:8.1}", library.verify);
    println!("envelope                           {:8.1} {seal:8.1}", library.encrypt);
    println!("key pair                                  - {make:8.1}");
    batches(&pair, &other);
    println!("double certificates a second, at most: {:.0}", library.double_certificates());
}

/// What one costs in the batches of an office under load.
fn batches(pair: &KeyPair, other: &KeyPair) {
    const BATCH: usize = 64;
    /// Of the pool of standby pairs.
    const PAIRS: usize = 16;
    let mut dice = Dice::default();
    let (message, public) = ([9; MESSAGE], pair.public_key());
    let sign = cost(|| drop(black_box(pair.sign_all(&[&message[..]; BATCH]))));
    let parts = [(other, &public, Layout::default()); BATCH];
    let seal = cost(|| {
        black_box(envelope::seal_all(&parts, &mut dice).expect("they can be sealed"));
    });
    let make = cost(|| {
        black_box(KeyPair::generate_many(PAIRS, &mut dice).expect("the operating system has dice"));
    });
    println!("sign, one of a batch of {BATCH}                 - {:8.1}", sign / BATCH as f64);
    println!("envelope, one of a batch of {BATCH}             - {:8.1}", seal / BATCH as f64);
    println!("key pair, one of a batch of {PAIRS}             - {:8.1}", make / PAIRS as f64);
}

/// Signatures of one core in a second, by the library behind the office's own software keys.
pub fn signatures(kind: KeyKind) -> Result<f64, Failure> {
    let key = SoftwareKey::generate(kind, &mut Dice::default())?;
    let message = [9; MESSAGE];
    Ok(1e6
        / cost(|| {
            black_box(key.sign(&message).expect("a key of ours signs"));
        }))
}

/// Seconds of CPU that this takes once.
pub fn once(work: impl FnOnce() -> Result<(), Failure>) -> Result<f64, Failure> {
    let start = thread_seconds();
    work()?;
    Ok(thread_seconds() - start)
}
