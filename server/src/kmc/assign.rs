//! A pair for a case: taken in the transaction that issues, put into its envelope outside of it, kept in the next one.
//!
//! `assign` → commit → `seal` → `record`: the scalar multiplications hold nobody up, and a crash between any two gives
//! the same pair again.

use super::{Kmc, wrong};
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::encryption_pairs::{self as pairs, FreshPair, Owner, PairRow, Sealed};
use certificate::digest::spki_digest;
use certificate::envelope::{self, Layout};
use certificate::{KeyPair, Name, PublicKey, SoftwareKey};
use std::collections::HashMap;
use zeroize::Zeroizing;

/// Who wants a pair.
#[derive(Clone, Debug)]
pub struct Want {
    pub owner: Owner,
    /// The holder's: what the envelope is sealed to.
    pub signing_key: PublicKey,
    /// Of the UKEY; empty where none is known. Its model decides the envelope's form.
    pub key_serial: String,
}

/// A pair in use, as its owner may know it.
#[derive(Clone, Debug)]
pub struct Pair {
    pub id: String,
    /// DER SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
    /// SM2EnvelopedKey to the owner's signing key; `None` until it is sealed.
    pub envelope: Option<Vec<u8>>,
    signing_key: PublicKey,
    layout: Layout,
    sealed: Sealed,
}

impl Kmc {
    /// Gives each case the pair that it has in use, or one from the pool, in the order of the wants. Two statements,
    /// however many they are; an owner may want once in a call.
    ///
    /// # Errors
    /// The store's own; a pair that is in use for another signing key (retire it first).
    pub async fn assign(&self, tx: &mut Tx, wants: &[Want]) -> Result<Vec<Pair>, Fault> {
        let owners: Vec<Owner> = wants.iter().map(|want| want.owner.clone()).collect();
        let mut found = pairs::list_in_use(tx, &owners).await?;
        let fresh: Vec<(Owner, Vec<u8>)> = wants
            .iter()
            .filter(|want| !found.contains_key(&want.owner))
            .map(|want| (want.owner.clone(), want.signing_key.to_spki_der()))
            .collect();
        found.extend(self.take(tx, &fresh).await?);
        wants
            .iter()
            .map(|want| {
                let row = found.remove(&want.owner);
                self.pair(want, row.ok_or_else(|| wrong("an owner wants two pairs at once"))?)
            })
            .collect()
    }

    /// From the pool; what it has not got is made on the spot.
    async fn take(&self, tx: &mut Tx, wants: &[(Owner, Vec<u8>)]) -> Result<HashMap<Owner, PairRow>, Fault> {
        let now = self.ground.now();
        let mut taken = pairs::take(tx, wants, now).await?;
        self.pool.gave(taken.len());
        if taken.len() < wants.len() {
            let missing: Vec<_> =
                wants.iter().filter(|(owner, _)| !taken.contains_key(owner)).cloned().collect();
            tracing::warn!(pairs = missing.len(), "the pool of standby pairs is empty: made on the spot");
            self.pool.ring();
            let made = self.make(missing.len())?;
            pairs::record_standby(tx, &made, now).await?;
            taken.extend(pairs::take(tx, &missing, now).await?);
        }
        Ok(taken)
    }

    /// Fresh pairs, sealed.
    pub(super) fn make(&self, count: usize) -> Result<Vec<FreshPair>, Fault> {
        let pairs = KeyPair::generate_many(count, &mut self.ground.dice.clone()).map_err(wrong)?;
        let fresh = |pair: KeyPair| {
            let (id, public_key) = (self.ground.dice.id(), pair.public_key().to_spki_der());
            let both = Zeroizing::new([pair.to_bytes().as_slice(), &spki_digest(&public_key)].concat());
            FreshPair { sealed: self.keys.seal(&place(&id), &both), public_key, id }
        };
        Ok(pairs.into_iter().map(fresh).collect())
    }

    fn pair(&self, want: &Want, row: PairRow) -> Result<Pair, Fault> {
        if row.signing_key.is_some_and(|key| key != want.signing_key.to_spki_der()) {
            return Err(wrong("the encryption pair in use is for another signing key"));
        }
        Ok(Pair {
            id: row.id,
            public_key: row.public_key,
            envelope: row.envelope,
            signing_key: want.signing_key,
            layout: self.settings.form_for(&want.key_serial).layout(),
            sealed: row.sealed,
        })
    }

    /// The pair's envelope, made here and now: three scalar multiplications, for a thread that may block.
    ///
    /// # Errors
    /// A seal that does not open, or opens to another pair.
    pub fn envelope(&self, pair: &Pair) -> Result<Vec<u8>, Fault> {
        self.envelope_for(&pair.id, &pair.public_key, &pair.sealed, &pair.signing_key, pair.layout)
    }

    /// A PKCS#10 request for the pair's own certificate: an authority upstream wants the proof that somebody holds the key.
    ///
    /// # Errors
    /// As [`Kmc::envelope`].
    pub fn request(&self, pair: &Pair, subject: &Name) -> Result<Vec<u8>, Fault> {
        let key = SoftwareKey::Sm2(self.open_pair(&pair.id, &pair.public_key, &pair.sealed)?);
        certificate::request::build(subject, &key).map_err(wrong)
    }

    pub(super) fn envelope_for(
        &self,
        id: &str,
        public_key: &[u8],
        sealed: &Sealed,
        receiver: &PublicKey,
        layout: Layout,
    ) -> Result<Vec<u8>, Fault> {
        let pair = self.open_pair(id, public_key, sealed)?;
        envelope::seal(&pair, receiver, layout, &mut self.ground.dice.clone()).map_err(wrong)
    }

    /// The one place where a private key comes into the clear: on its way into an envelope, or to sign its request.
    fn open_pair(&self, id: &str, public_key: &[u8], sealed: &Sealed) -> Result<KeyPair, Fault> {
        let strangers = || wrong(format!("encryption pair {id}: its halves do not belong together"));
        let clear = self.keys.open_sealed(&place(id), sealed)?;
        let (d, digest) = clear.split_first_chunk::<32>().ok_or_else(strangers)?;
        // Under the seal lies which public key d belongs to. With pairs of before it does not, and d is asked itself.
        if digest.is_empty() {
            let pair = KeyPair::from_bytes(d).map_err(wrong)?;
            let same = pair.public_key().to_spki_der() == public_key;
            return if same { Ok(pair) } else { Err(strangers()) };
        }
        if digest != spki_digest(public_key) {
            return Err(strangers());
        }
        KeyPair::from_halves(d, PublicKey::from_spki_der(public_key).map_err(wrong)?).map_err(wrong)
    }

    /// Makes the envelopes that are missing, on a thread for such work.
    ///
    /// # Errors
    /// As [`Kmc::envelope`].
    pub async fn seal(&self, mut pairs: Vec<Pair>) -> Result<Vec<Pair>, Fault> {
        if pairs.iter().all(|pair| pair.envelope.is_some()) {
            return Ok(pairs);
        }
        let centre = self.clone();
        let sealed = tokio::task::spawn_blocking(move || {
            let missing = pairs.iter_mut().filter(|pair| pair.envelope.is_none()).collect::<Vec<_>>();
            let open = |pair: &&mut Pair| centre.open_pair(&pair.id, &pair.public_key, &pair.sealed);
            let opened = missing.iter().map(open).collect::<Result<Vec<_>, _>>()?;
            let parts: Vec<_> = opened
                .iter()
                .zip(&missing)
                .map(|(clear, pair)| (clear, &pair.signing_key, pair.layout))
                .collect();
            let envelopes = envelope::seal_all(&parts, &mut centre.ground.dice.clone()).map_err(wrong)?;
            missing.into_iter().zip(envelopes).for_each(|(pair, made)| pair.envelope = Some(made));
            Ok(pairs)
        });
        sealed.await.map_err(|error| Fault::Disk(std::io::Error::other(error)))?
    }

    /// Keeps the envelopes. Where another run was faster, its envelope stands and is given; a pair that was retired
    /// meanwhile has none.
    ///
    /// # Errors
    /// The store's own.
    pub async fn record(&self, tx: &mut Tx, mut pairs: Vec<Pair>) -> Result<Vec<Pair>, Fault> {
        let made: Vec<(String, Vec<u8>)> =
            pairs.iter().filter_map(|pair| Some((pair.id.clone(), pair.envelope.clone()?))).collect();
        let mut kept = pairs::keep_envelopes(tx, &made).await?;
        for pair in &mut pairs {
            pair.envelope = kept.remove(&pair.id);
        }
        Ok(pairs)
    }

    /// The order's pair in its envelope, all in one transaction.
    ///
    /// # Errors
    /// As [`Kmc::assign`] and [`Kmc::envelope`].
    pub async fn pair_for(
        &self,
        tx: &mut Tx,
        order_id: &str,
        signing_key: &PublicKey,
    ) -> Result<Pair, Fault> {
        let owner = Owner::Order(order_id.to_owned());
        let want = Want { owner, signing_key: *signing_key, key_serial: String::new() };
        let mut pairs = self.assign(tx, &[want]).await?;
        for pair in pairs.iter_mut().filter(|pair| pair.envelope.is_none()) {
            pair.envelope = Some(self.envelope(pair)?);
        }
        self.record(tx, pairs).await?.pop().ok_or_else(|| wrong("no pair was taken"))
    }
}

/// What a sealed private key is bound to.
pub(super) fn place(id: &str) -> String {
    format!("encryption_pairs.sealed_key/{id}")
}
