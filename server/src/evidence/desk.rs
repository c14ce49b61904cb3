//! Taking, removing and showing evidence.

use super::picture::{Picture, clean};
use super::seal::{self, Cut};
use super::sheet::SheetTerms;
use crate::advance::advance;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::sealing::create_private;
use crate::store::evidence::EvidenceFile;
use crate::store::seal_images::SealImage;
use crate::store::{self, Tx};
use crate::visits::order_for;
use app::desk::error::FileRefusal;
use app::desk::evidence::SealState;
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use journey::evidence::EvidenceKind;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Pictures decoded at one time: each may take half a gigabyte.
const AT_ONCE: usize = 2;

#[derive(Clone)]
pub struct Evidence {
    pub(super) ground: Ground,
    folder: PathBuf,
    decoding: Arc<Semaphore>,
    pub(super) terms: SheetTerms,
}

/// Who wants to see a picture.
#[derive(Clone, Debug)]
pub enum Looker {
    /// A visit, by its token's digest.
    Visit(Vec<u8>),
    /// A phone that holds this order's step (B26).
    Phone {
        order_id: String,
    },
    Staff(StaffId),
}

/// A picture to be shown.
pub struct Shown {
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Evidence {
    /// `folder` holds the sealed files; it is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(ground: Ground, folder: PathBuf, terms: SheetTerms) -> Result<Evidence, Fault> {
        std::fs::create_dir_all(&folder)?;
        Ok(Evidence { ground, folder, decoding: Arc::new(Semaphore::new(AT_ONCE)), terms })
    }

    /// Cleans and keeps an upload in place of an earlier one of its kind.
    ///
    /// # Errors
    /// The file's refusals; the rule book's where nothing may be uploaded now.
    pub async fn add(
        &self,
        visit: &[u8],
        number: String,
        seen: Option<i64>,
        kind: EvidenceKind,
        upload: Vec<u8>,
    ) -> Result<(), Fault> {
        // First whether it may come at all: decoding costs more than asking.
        let mut reader = self.ground.store.read().await?;
        order_for(&mut reader, visit, &number).await?;
        drop(reader);
        let (picture, cut) = self.decode(upload, kind).await?;
        let file = self.keep_bytes(&picture, kind).await?;
        let seal = match cut {
            Some(cut) => Some(self.keep_seal(&file.id, cut).await?),
            None => None,
        };
        let (desk, visit, id) = (self.clone(), visit.to_vec(), file.id.clone());
        let recorded = self.ground.store.write(move |tx| {
            Box::pin(async move { desk.record(tx, &visit, &number, seen, file, seal).await })
        });
        match recorded.await {
            Ok(old) => {
                self.forget_bytes(&old).await;
                Ok(())
            }
            Err(error) => {
                self.forget_bytes(&[id]).await;
                Err(error)
            }
        }
    }

    async fn record(
        &self,
        tx: &mut Tx,
        visit: &[u8],
        number: &str,
        seen: Option<i64>,
        file: EvidenceFile,
        seal: Option<SealImage>,
    ) -> Result<Vec<String>, Fault> {
        let row = order_for(tx, visit, number).await?;
        let file = EvidenceFile { order_id: row.id.clone(), ..file };
        let event = Event::EvidenceAdded { kind: file.kind, file: file.id.clone() };
        advance(tx, &self.ground, row, seen, event, &Actor::Applicant).await?;
        let old = store::evidence::remove(tx, &file.order_id, file.kind, self.ground.now()).await?;
        store::evidence::record(tx, &file).await?;
        if let Some(seal) = seal {
            let seal = SealImage { order_id: file.order_id.clone(), ..seal };
            store::seal_images::record(tx, &seal, self.ground.now()).await?;
        }
        Ok(old)
    }

    /// The cleaned picture; of a seal sample also what could be cut out of it.
    async fn decode(&self, upload: Vec<u8>, kind: EvidenceKind) -> Result<(Picture, Option<Cut>), Fault> {
        let _turn = self.decoding.acquire().await.map_err(|_| Fault::SlowDown { retry_after_s: 5 })?;
        let cleaned = tokio::task::spawn_blocking(move || {
            let (picture, image) = clean(&upload)?;
            let cut = (kind == EvidenceKind::SealSample).then(|| seal::cut(&image));
            Ok((picture, cut))
        })
        .await;
        // A decoder that panics has met a file it cannot read.
        cleaned.unwrap_or(Err(FileRefusal::Unreadable)).map_err(Fault::File)
    }

    /// Seals the bytes onto the disk under a fresh id, before the database knows of them: a crash leaves an unnamed
    /// file, never a name without a file.
    async fn keep_bytes(&self, picture: &Picture, kind: EvidenceKind) -> Result<EvidenceFile, Fault> {
        let id = self.ground.dice.id();
        let sealed = self.ground.sealing.seal(&place(&id), &picture.bytes);
        let file = self.folder.join(&id);
        tokio::task::spawn_blocking(move || create_private(&file, &sealed))
            .await
            .map_err(|e| Fault::Disk(std::io::Error::other(e)))??;
        Ok(EvidenceFile {
            id,
            order_id: String::new(),
            kind,
            media_type: picture.media_type.to_owned(),
            bytes: i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX),
            digest: hex::encode(ring::digest::digest(&ring::digest::SHA256, &picture.bytes)),
            added_at: self.ground.now(),
        })
    }

    /// The image lies sealed beside its scan, before the database knows of either.
    async fn keep_seal(&self, file_id: &str, cut: Cut) -> Result<SealImage, Fault> {
        let mut image = SealImage {
            file_id: file_id.to_owned(),
            order_id: String::new(),
            state: SealState::Cut,
            digest: None,
        };
        match cut {
            Cut::None(why) => image.state = why,
            Cut::Seal(bytes) => {
                image.digest = Some(hex::encode(ring::digest::digest(&ring::digest::SHA256, &bytes)));
                let sealed = self.ground.sealing.seal(&seal_place(file_id), &bytes);
                let file = self.folder.join(seal_file(file_id));
                tokio::task::spawn_blocking(move || create_private(&file, &sealed))
                    .await
                    .map_err(|e| Fault::Disk(std::io::Error::other(e)))??;
            }
        }
        Ok(image)
    }

    /// # Errors
    /// The rule book's, where nothing may be taken back now.
    pub async fn remove(
        &self,
        visit: &[u8],
        number: String,
        seen: Option<i64>,
        kind: EvidenceKind,
    ) -> Result<(), Fault> {
        let (desk, visit) = (self.clone(), visit.to_vec());
        let removed = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                let id = row.id.clone();
                advance(tx, &desk.ground, row, seen, Event::EvidenceRemoved { kind }, &Actor::Applicant)
                    .await?;
                Ok::<_, Fault>(store::evidence::remove(tx, &id, kind, desk.ground.now()).await?)
            })
        });
        let removed = removed.await?;
        self.forget_bytes(&removed).await;
        Ok(())
    }

    /// A picture, for its own applicant or for staff; a look of staff is recorded (threat 15).
    ///
    /// # Errors
    /// None such for this looker.
    pub async fn show(&self, looker: &Looker, id: &str) -> Result<Shown, Fault> {
        let file = self.look(looker, id).await?;
        let path = self.folder.join(&file.id);
        let sealed = tokio::fs::read(&path).await?;
        let bytes = self.ground.sealing.open(&place(&file.id), &sealed)?.to_vec();
        Ok(Shown { media_type: file.media_type, bytes })
    }

    /// The seal that was cut out of a scan, for whom the scan is.
    ///
    /// # Errors
    /// None such for this looker; nothing was cut out.
    pub async fn show_seal(&self, looker: &Looker, id: &str) -> Result<Shown, Fault> {
        let file = self.look(looker, id).await?;
        let mut reader = self.ground.store.read().await?;
        let image = store::seal_images::find(&mut reader, id).await?;
        drop(reader);
        image.filter(|image| image.state.has_image()).ok_or(Fault::NotFound)?;
        let sealed = tokio::fs::read(self.folder.join(seal_file(&file.id))).await?;
        let bytes = self.ground.sealing.open(&seal_place(&file.id), &sealed)?.to_vec();
        Ok(Shown { media_type: "image/png".to_owned(), bytes })
    }

    /// Whether this looker may see that file.
    async fn look(&self, looker: &Looker, id: &str) -> Result<EvidenceFile, Fault> {
        let mut reader = self.ground.store.read().await?;
        let file = store::evidence::find(&mut reader, id).await?.ok_or(Fault::NotFound)?;
        match looker {
            Looker::Visit(visit) => {
                if !store::visits::may_see(&mut reader, visit, &file.order_id).await? {
                    return Err(Fault::NotFound);
                }
            }
            Looker::Phone { order_id } if *order_id != file.order_id => return Err(Fault::NotFound),
            Looker::Phone { .. } => {}
            Looker::Staff(staff) => self.record_look(staff, &file).await?,
        }
        Ok(file)
    }

    async fn record_look(&self, staff: &StaffId, file: &EvidenceFile) -> Result<(), Fault> {
        let (ground, staff, file) = (self.ground.clone(), staff.clone(), file.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let (id, what) = (ground.dice.id(), file.kind.code());
                    let now = ground.now();
                    store::staff::record_look(tx, &id, &staff.0, &file.order_id, what, "review", now).await
                })
            })
            .await
            .map_err(Fault::Store)
    }

    /// Takes files off the disk whose rows say that they are gone.
    pub async fn forget_bytes(&self, ids: &[String]) {
        for id in ids {
            if let Err(error) = tokio::fs::remove_file(self.folder.join(id)).await {
                tracing::warn!(file = %id, %error, "evidence file stays on the disk");
            }
            match tokio::fs::remove_file(self.folder.join(seal_file(id))).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    tracing::warn!(file = %id, %error, "seal image stays on the disk");
                }
                _ => {}
            }
        }
    }
}

fn seal_place(id: &str) -> String {
    format!("evidence/{id}/seal")
}

fn seal_file(id: &str) -> String {
    format!("{id}.seal")
}

fn place(id: &str) -> String {
    format!("evidence/{id}")
}
