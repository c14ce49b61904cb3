//! The writing of a new generation onto the holder's key, as the page does it, step by step or all of it.

use crate::key_holder::KeyHolder;
use app::desk::loading::{LoadingStage, LoadingView, NextPaper, NextRequest, Switched, SwitchedProof};
use app::desk::orders::OrderView;
use app::desk::production::{IssuedPair, ReadBackProof};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use key::KeyError;
use key::generation::{self, Sealed};
use key::message::{Generation, SealedTo};
use key::production::ReadBack;
use serde_json::json;

/// What ended one go at the writing; its words are for a test that fails.
#[derive(Debug)]
#[allow(dead_code, reason = "read by Debug")]
pub enum Broken {
    Key(KeyError),
    /// No answer, or not the one that was hoped for.
    Office(String),
}

impl From<KeyError> for Broken {
    fn from(error: KeyError) -> Broken {
        Broken::Key(error)
    }
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Broken {
        Broken::Office(error.to_string())
    }
}

impl KeyHolder {
    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        function: &str,
        arguments: serde_json::Value,
    ) -> Result<T, Broken> {
        let request = self.browser.ours(reqwest::Method::POST, &format!("/api/{function}"));
        let request = request.header("content-type", "application/json").body(arguments.to_string());
        let answer = self.browser.try_send(request).await?;
        if answer.status != 200 {
            return Err(Broken::Office(format!("{function}: {} {}", answer.status, answer.text())));
        }
        Ok(answer.given())
    }

    pub async fn paper(&self) -> Result<NextPaper, Broken> {
        self.ask("loading/make", json!({ "number": self.number, "key_serial": self.serial })).await
    }

    pub async fn make(&mut self, paper: &NextPaper) -> Result<NextRequest, KeyError> {
        let made = generation::make_next(self.opened().await?, &paper.subject, &paper.nonce).await?;
        Ok(NextRequest {
            request: BASE64.encode(made.request),
            proof: BASE64.encode(made.proof),
            endorsement: BASE64.encode(made.endorsement),
        })
    }

    pub async fn issue(&self, request: Option<&NextRequest>) -> Result<IssuedPair, Broken> {
        let arguments = json!({ "number": self.number, "key_serial": self.serial, "request": request });
        self.ask("loading/issue", arguments).await
    }

    pub async fn install(&mut self, pair: &IssuedPair) -> Result<(), KeyError> {
        let der = |text: &str| BASE64.decode(text).unwrap();
        let (sign, encrypt) = (der(&pair.sign_certificate), der(&pair.encrypt_certificate));
        let key = self.opened().await?;
        generation::install_next(key, &sign, &encrypt, &der(&pair.enveloped_key)).await
    }

    pub async fn switch(&mut self, pair: &IssuedPair) -> Result<(), KeyError> {
        let der = |text: &str| BASE64.decode(text).unwrap();
        let (sign, encrypt) = (der(&pair.sign_certificate), der(&pair.encrypt_certificate));
        generation::switch(self.opened().await?, &sign, &encrypt).await
    }

    pub async fn read_back(
        &mut self,
        generation: Generation,
        pair: &IssuedPair,
        past: &[SealedTo],
    ) -> Result<SwitchedProof, KeyError> {
        let der = |text: &str| BASE64.decode(text).unwrap();
        let past: Vec<([u8; 65], Vec<u8>)> =
            past.iter().map(|it| (der(&it.point).try_into().unwrap(), der(&it.sealed))).collect();
        let sealed: Vec<Sealed> = past.iter().map(|(point, challenge)| Sealed { point, challenge }).collect();
        let challenge = pair.sealed_challenge.as_deref().map(der);
        let key = self.opened().await?;
        let read = generation::read_back(key, generation, &pair.nonce, challenge.as_deref(), &sealed).await?;
        let past_proofs = read.past_proofs.clone();
        Ok(SwitchedProof { read: proof_of(read), past_proofs, prepared: None })
    }

    pub async fn report_written(&self, proof: &ReadBackProof) -> Result<(), Broken> {
        self.ask("loading/written", json!({ "number": self.number, "proof": proof })).await
    }

    pub async fn report_switched(&self, proof: &SwitchedProof) -> Result<Switched, Broken> {
        self.ask("loading/switched", json!({ "number": self.number, "proof": proof })).await
    }

    /// The writing, from wherever the office says that it stands, as the page does it. `cut` is asked before each act.
    pub async fn write(&mut self, cut: &mut impl FnMut(&str) -> Result<(), Broken>) -> Result<(), Broken> {
        cut("look")?;
        let view: LoadingView = self.ask("loading/look", json!({ "number": self.number })).await?;
        if view.stage == LoadingStage::Done {
            return Ok(());
        }
        cut("open")?;
        self.opened().await?;
        let mut pair = match view.stage {
            LoadingStage::Make => self.make_and_issue(cut).await?,
            _ => {
                cut("issue again")?;
                self.issue(None).await?
            }
        };
        cut("install")?;
        match self.install(&pair).await {
            // The key lost the pair that was certified.
            Err(KeyError::NotFound) => {
                pair = self.make_and_issue(cut).await?;
                self.install(&pair).await?;
            }
            other => other?,
        }
        // A key that had switched before it went has nothing beside it any more.
        cut("read back beside")?;
        match self.read_back(Generation::Next, &pair, &[]).await {
            Ok(beside) => {
                cut("report written")?;
                self.report_written(&beside.read).await?;
            }
            Err(KeyError::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
        cut("switch")?;
        self.switch(&pair).await?;
        cut("read back in use")?;
        let proof = self.read_back(Generation::InUse, &pair, &view.past).await?;
        cut("report switched")?;
        match self.report_switched(&proof).await? {
            Switched::Done { .. } => {}
            Switched::Missing { .. } | Switched::Brought { .. } => {
                return Err(Broken::Office("the key lost what is past".into()));
            }
        }
        // Recorded, and what follows from it not yet done.
        cut("look at the end")?;
        self.ask::<OrderView>("orders/view", json!({ "number": self.number })).await.map(drop)
    }

    async fn make_and_issue(
        &mut self,
        cut: &mut impl FnMut(&str) -> Result<(), Broken>,
    ) -> Result<IssuedPair, Broken> {
        cut("paper")?;
        let paper = self.paper().await?;
        cut("make")?;
        let request = self.make(&paper).await?;
        cut("issue")?;
        self.issue(Some(&request)).await
    }
}

fn proof_of(read: ReadBack) -> ReadBackProof {
    ReadBackProof {
        key_serial: read.serial,
        sign_certificate: BASE64.encode(read.sign_certificate),
        encrypt_certificate: BASE64.encode(read.encrypt_certificate),
        signature: BASE64.encode(read.signature),
        encryption_proof: read.encryption_proof,
        past_proofs: Vec::new(),
    }
}
