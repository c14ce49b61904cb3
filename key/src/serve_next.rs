//! The verbs of the next generation, as `serve` carries them out.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    KeyError,
    generation::{self, Sealed, install_next, make_next, switch},
    key::Key,
    message::{Answer, EnvelopedPast, Generation, Request, SealedTo},
    past::prepare_past,
    serve::decode,
    signing::Point,
};

/// # Errors
/// The key's own; `Unsupported` for every other verb.
pub(crate) async fn carry_out<K: Key>(key: &mut K, request: Request) -> Result<Answer, KeyError> {
    match request {
        Request::MakeNext { subject, nonce, .. } => {
            let made = make_next(key, &subject, &nonce).await?;
            Ok(Answer::NextMade {
                serial: made.serial,
                request: STANDARD.encode(made.request),
                proof: STANDARD.encode(made.proof),
                endorsement: STANDARD.encode(made.endorsement),
            })
        }
        Request::InstallNext { sign_certificate, encrypt_certificate, enveloped_key, .. } => {
            let sign = decode("sign_certificate", &sign_certificate)?;
            let encrypt = decode("encrypt_certificate", &encrypt_certificate)?;
            install_next(key, &sign, &encrypt, &decode("enveloped_key", &enveloped_key)?).await?;
            Ok(Answer::Installed {})
        }
        Request::Switch { sign_certificate, encrypt_certificate, .. } => {
            let sign = decode("sign_certificate", &sign_certificate)?;
            switch(key, &sign, &decode("encrypt_certificate", &encrypt_certificate)?).await?;
            Ok(Answer::Switched {})
        }
        Request::PreparePast { pairs, nonce, .. } => {
            let prepared = prepare_past(key, pairs, &nonce).await?;
            let places = prepared.places.iter().map(|place| STANDARD.encode(place)).collect();
            Ok(Answer::PastPrepared { places, signature: STANDARD.encode(prepared.signature) })
        }
        Request::InstallPast { pairs, .. } => {
            for EnvelopedPast { to, enveloped_key } in &pairs {
                let place = point("pairs.to", to)?;
                key.import_past_pair(&place, &decode("pairs.enveloped_key", enveloped_key)?).await?;
            }
            Ok(Answer::Installed {})
        }
        Request::ReadBack { nonce, sealed_challenge, generation, past, .. } => {
            read_back(key, generation, &nonce, sealed_challenge, &past).await
        }
        _ => Err(KeyError::Unsupported),
    }
}

async fn read_back<K: Key>(
    key: &mut K,
    generation: Generation,
    nonce: &str,
    sealed_challenge: Option<String>,
    past: &[SealedTo],
) -> Result<Answer, KeyError> {
    let sealed = sealed_challenge.map(|sealed| decode("sealed_challenge", &sealed)).transpose()?;
    let mut opened = Vec::new();
    for SealedTo { point, sealed } in past {
        opened.push((self::point("past.point", point)?, decode("past.sealed", sealed)?));
    }
    let past: Vec<Sealed> = opened.iter().map(|(point, challenge)| Sealed { point, challenge }).collect();
    let read = generation::read_back(key, generation, nonce, sealed.as_deref(), &past).await?;
    Ok(Answer::ReadBack {
        serial: read.serial,
        sign_certificate: STANDARD.encode(read.sign_certificate),
        encrypt_certificate: STANDARD.encode(read.encrypt_certificate),
        signature: STANDARD.encode(read.signature),
        encryption_proof: read.encryption_proof,
        past_proofs: read.past_proofs,
    })
}

fn point(field: &str, text: &str) -> Result<Point, KeyError> {
    let point = decode(field, text)?.try_into();
    point.map_err(|_| KeyError::Malformed(format!("{field} is not an uncompressed point")))
}
