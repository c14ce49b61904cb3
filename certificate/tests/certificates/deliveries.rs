//! What a holder gets: both forms of a delivery, a chain as P7B, a device's blobs, and the rules of a pair.

use certificate::delivery::signed_and_enveloped::{self, Sender};
use certificate::delivery::skf::{self, BlobError, Form};
use certificate::delivery::{CsrResponse, DeliveryError, chain};
use certificate::envelope::{self, EnvelopeError, Layout};
use certificate::pair::{self, PairFault};
use certificate::profile::{ORGANISATION_ENCRYPTION, ORGANISATION_SIGNING};
use certificate::{Authority, Certificate, Facts, KeyPair, Serial, cipher};
use der::Decode;
use der::asn1::Any;

use crate::dice::Dice;
use crate::judge::Judge;
use crate::stage;

/// A holder's two keys and certificates, and who issued them.
struct Holder {
    issuing: Authority,
    signing: KeyPair,
    encryption: KeyPair,
    signing_certificate: Certificate,
    encryption_certificate: Certificate,
}

fn facts(key: &KeyPair, serial: u64) -> Facts {
    Facts { serial: Serial::generate(&mut Dice::new(serial)).unwrap(), ..stage::facts(key) }
}

fn holder() -> Holder {
    let (_, issuing) = stage::authorities();
    let (signing, encryption) = (stage::key(5), stage::key(6));
    let signing_certificate = stage::issue(&issuing, &ORGANISATION_SIGNING, &facts(&signing, 5));
    let encryption_certificate = stage::issue(&issuing, &ORGANISATION_ENCRYPTION, &facts(&encryption, 6));
    Holder { issuing, signing, encryption, signing_certificate, encryption_certificate }
}

impl Holder {
    fn envelope(&self, layout: Layout) -> Vec<u8> {
        envelope::seal(&self.encryption, &self.signing.public_key(), layout, &mut Dice::new(8)).unwrap()
    }

    fn response(&self) -> CsrResponse {
        let chain = &self.issuing.certificate;
        CsrResponse {
            signing: vec![self.signing_certificate.clone(), chain.clone()],
            envelope: Some(self.envelope(Layout::Bytes64)),
            encryption: vec![self.encryption_certificate.clone(), chain.clone()],
        }
    }

    fn signed_and_enveloped(&self) -> Vec<u8> {
        let from = Sender { certificate: &self.issuing.certificate, key: &*self.issuing.key };
        signed_and_enveloped::seal(&self.encryption, &self.signing_certificate, from, &mut Dice::new(9))
            .unwrap()
    }

    fn open(&self, der: &[u8]) -> Result<KeyPair, DeliveryError> {
        let (to, expected) = (&self.signing_certificate, self.encryption.public_key());
        signed_and_enveloped::open(der, to, &self.signing, &expected, Some(&self.issuing.certificate))
    }
}

#[test]
fn a_csr_response_brings_both_certificates_and_the_key() {
    let holder = holder();
    let der = holder.response().to_der().unwrap();
    let read = CsrResponse::from_der(&der).unwrap();
    assert_eq!(read.find_signing(holder.signing_certificate.spki()), Some(&holder.signing_certificate));
    assert_eq!(read.find_encryption(), Some(&holder.encryption_certificate));
    assert_eq!(read.open(&holder.signing).unwrap().to_bytes(), holder.encryption.to_bytes());
    // A SET is sorted: reading and writing again changes nothing, whatever the order was.
    let mut turned = holder.response();
    turned.signing.reverse();
    assert_eq!(turned.to_der().unwrap(), der);
    assert_eq!(read.to_der().unwrap(), der);
    for length in 0..der.len() {
        assert!(CsrResponse::from_der(&der[..length]).is_err(), "cut at {length}");
    }
    let alone = CsrResponse { signing: vec![holder.signing_certificate.clone()], ..Default::default() };
    let read = CsrResponse::from_der(&alone.to_der().unwrap()).unwrap();
    assert_eq!(read, alone);
    assert_eq!(read.open(&holder.signing).unwrap_err(), DeliveryError::NoKey);
}

/// The tags are those of the standard, and OpenSSL finds the certificates under them.
#[test]
fn openssl_finds_its_way_in_a_csr_response() {
    let holder = holder();
    let judge = Judge::new("csr_response");
    judge.write("response.der", holder.response().to_der().unwrap());
    let shown = judge.must(&["asn1parse", "-inform", "DER", "-in", "response.der"]);
    let shown = String::from_utf8(shown).unwrap();
    let second: Vec<&str> = shown.lines().filter(|line| line.contains(":d=1 ")).collect();
    let tags = ["cons: SET", "cons: cont [ 0 ]", "cons: cont [ 1 ]"];
    assert!(second.len() == 3 && second.iter().zip(tags).all(|(line, tag)| line.contains(tag)), "{shown}");
    let leaves =
        shown.lines().filter(|line| line.contains(":d=2 ") && line.contains("cons: SEQUENCE")).count();
    assert!(leaves >= 4, "two certificates in each set: {shown}");
}

#[test]
fn a_response_with_a_foreign_key_is_refused() {
    let holder = holder();
    let other =
        envelope::seal(&stage::key(77), &holder.signing.public_key(), Layout::Bytes64, &mut Dice::new(8));
    let swapped = CsrResponse { envelope: Some(other.unwrap()), ..holder.response() };
    let read = CsrResponse::from_der(&swapped.to_der().unwrap()).unwrap();
    assert_eq!(read.find_encryption(), None);
    assert_eq!(read.open(&holder.signing).unwrap_err(), DeliveryError::WrongPair);
    let error = holder.response();
    let error = CsrResponse { envelope: Some(vec![0x30, 0]), ..error }.to_der().unwrap_err();
    assert_eq!(error, DeliveryError::Envelope(EnvelopeError::NotAnEnvelope));
}

#[test]
fn a_signed_and_enveloped_key_is_opened_by_its_holder_alone() {
    let holder = holder();
    let der = holder.signed_and_enveloped();
    assert_eq!(holder.open(&der).unwrap().to_bytes(), holder.encryption.to_bytes());
    assert_eq!(signed_and_enveloped::certificates(&der).unwrap()[0], holder.issuing.certificate);
    let (to, key, expected) = (&holder.signing_certificate, &holder.signing, holder.encryption.public_key());
    let open =
        |to, key, expected, from| signed_and_enveloped::open(&der, to, key, expected, from).unwrap_err();
    let stranger = stage::key(7);
    let other = stranger.public_key();
    assert_eq!(open(to, &stranger, &expected, None), DeliveryError::NotForThisKey);
    assert_eq!(open(&holder.encryption_certificate, key, &expected, None), DeliveryError::NotForThisKey);
    assert_eq!(open(to, key, &other, None), DeliveryError::WrongPair);
    assert_eq!(open(to, key, &expected, Some(to)), DeliveryError::Signature);
}

#[test]
fn no_changed_octet_of_a_delivery_passes() {
    let holder = holder();
    let der = holder.signed_and_enveloped();
    let certificate = holder.issuing.certificate.der();
    let sent = der.windows(certificate.len()).position(|window| window == certificate).unwrap();
    // The certificates that came along, with the header of their field, are a convenience: nothing rests on them.
    let sent = sent - 4..sent + certificate.len();
    for at in (0..der.len()).filter(|at| !sent.contains(at)) {
        let mut changed = der.clone();
        changed[at] ^= 1;
        assert!(holder.open(&changed).is_err(), "octet {at}");
    }
    for length in 0..der.len() {
        assert!(holder.open(&der[..length]).is_err(), "cut at {length}");
    }
}

fn members(value: &Any) -> Vec<Any> {
    let mut rest = value.value();
    let mut members = Vec::new();
    while !rest.is_empty() {
        let (member, left) = Any::from_der_partial(rest).unwrap();
        members.push(member);
        rest = left;
    }
    members
}

/// The field's own reading of GB/T 35275: OpenSSL unwraps the SM4 key, and 64 octets begin with 32 zeros.
#[test]
fn openssl_opens_a_signed_and_enveloped_key() {
    let holder = holder();
    let whole = members(&Any::from_der(&holder.signed_and_enveloped()).unwrap());
    let fields = members(&members(&whole[1])[0]);
    let recipient = members(&members(&fields[1])[0]);
    let content = members(&fields[3])[2].value().to_vec();
    assert_eq!(content[..16], content[16..32], "two equal blocks, as seen in the field");
    let signer = members(&members(&fields[5])[0]);
    let judge = Judge::new("signed_and_enveloped");
    judge.write("signing.pem", holder.signing.to_pkcs8_pem().unwrap().as_bytes());
    judge.write("sealed.der", recipient[3].value());
    judge.write("content.bin", &content);
    let key = judge.must(&["pkeyutl", "-decrypt", "-inkey", "signing.pem", "-in", "sealed.der"]);
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let clear = judge.must(&["enc", "-d", "-sm4-ecb", "-nopad", "-K", &key, "-in", "content.bin"]);
    assert_eq!((&clear[..32], &clear[32..]), (&[0; 32][..], &holder.encryption.to_bytes()[..]));
    judge.write("issuing.pem", holder.issuing.certificate.to_pem());
    judge.write("public.pem", judge.must(&["x509", "-in", "issuing.pem", "-noout", "-pubkey"]));
    judge.write("signature.der", signer[4].value());
    judge.write("clear.bin", &clear);
    let check = ["dgst", "-sm3", "-sigopt", crate::judge::DISTID, "-verify", "public.pem"];
    judge.must(&[&check[..], &["-signature", "signature.der", "clear.bin"]].concat());
}

#[test]
fn a_chain_is_one_file_for_openssl() {
    let (root, issuing) = stage::authorities();
    let certificates = [issuing.certificate, root.certificate];
    let der = chain::to_der(&certificates);
    let read = chain::from_der(&der).unwrap();
    assert!(read.len() == 2 && certificates.iter().all(|certificate| read.contains(certificate)));
    let judge = Judge::new("p7b");
    judge.write("chain.p7b", &der);
    let shown = judge.must(&["pkcs7", "-inform", "DER", "-in", "chain.p7b", "-print_certs"]);
    let shown = String::from_utf8(shown).unwrap();
    for certificate in &certificates {
        assert!(shown.contains(certificate.to_pem().trim_end()), "{shown}");
    }
    judge.write("chain.pem", certificates.iter().map(Certificate::to_pem).collect::<String>());
    let foreign = judge.must(&["crl2pkcs7", "-nocrl", "-certfile", "chain.pem", "-outform", "DER"]);
    assert_eq!(chain::from_der(&foreign).unwrap().len(), 2);
    for length in 0..der.len() {
        assert!(chain::from_der(&der[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn blobs_of_every_form_come_back() {
    let holder = holder();
    for form in Form::ALL {
        assert_eq!(Form::from_code(form.code()), Some(form));
        let envelope = holder.envelope(Layout::Bytes64);
        let blob = skf::enveloped_key_blob(&envelope, form).unwrap();
        assert_eq!(blob.len(), 372 + 16);
        let back = skf::envelope_from_blob(&blob, form).unwrap();
        assert_eq!(envelope::open(&back, &holder.signing).unwrap().to_bytes(), holder.encryption.to_bytes());
        for length in 0..blob.len() {
            assert!(skf::envelope_from_blob(&blob[..length], form).is_err(), "cut at {length}");
        }
    }
    let short = holder.envelope(Layout::Bytes32);
    assert_eq!(skf::enveloped_key_blob(&short, Form::Whole), Err(BlobError::NeedsWhole));
    // d alone is the same octets, however the envelope was sealed: ECB has no memory.
    let right = skf::enveloped_key_blob(&short, Form::Right).unwrap();
    let left = skf::enveloped_key_blob(&short, Form::Left).unwrap();
    assert_eq!((&right[12..44], &right[44..76]), (&[0; 32][..], &left[12..44]));
    assert_eq!(skf::envelope_from_blob(&right, Form::Left), Err(BlobError::NotABlob));
    assert_eq!(skf::envelope_from_blob(&left, Form::Right), Err(BlobError::NotABlob));
}

/// GM/T 0016-2012, 6.4: the offsets as a C compiler lays them out.
#[test]
fn a_blob_has_its_fields_where_the_standard_has_them() {
    let holder = holder();
    let blob = skf::enveloped_key_blob(&holder.envelope(Layout::Bytes64), Form::Whole).unwrap();
    let number = |at: usize| u32::from_le_bytes(blob[at..at + 4].try_into().unwrap());
    assert_eq!([number(0), number(4), number(8), number(76)], [1, 0x401, 256, 256]);
    let point = holder.encryption.public_key().to_point();
    assert_eq!((&blob[80..112], &blob[112..144]), (&[0; 32][..], &point[1..33]));
    assert_eq!((&blob[144..176], &blob[176..208]), (&[0; 32][..], &point[33..]));
    assert_eq!(number(368), 16);
    // ECCCIPHERBLOB at the end: what a device opens is the SM4 key of the envelope.
    let sealed = skf::cipher_from_blob(&blob[208..]).unwrap();
    assert_eq!(cipher::decrypt(&holder.signing, &sealed).unwrap().len(), 16);
    assert_eq!(skf::cipher_blob(&sealed).unwrap(), blob[208..]);
    // Compilers round ECCCIPHERBLOB up by the one octet of its array.
    let padded = [&blob[208..], &[0, 0, 0]].concat();
    assert_eq!(skf::cipher_from_blob(&padded).unwrap(), sealed);
    let longer = [&padded[..], &[0]].concat();
    assert_eq!(skf::cipher_from_blob(&longer), Err(BlobError::NotACipher));
}

#[test]
fn a_pair_is_a_pair() {
    let holder = holder();
    let (signing, encryption) = (&holder.signing_certificate, &holder.encryption_certificate);
    pair::check(signing, encryption).unwrap();
    let other = |change: &dyn Fn(&mut Facts)| {
        let mut facts = facts(&holder.encryption, 6);
        change(&mut facts);
        let certificate = stage::issue(&holder.issuing, &ORGANISATION_ENCRYPTION, &facts);
        pair::check(signing, &certificate)
    };
    assert_eq!(other(&|_| ()), Ok(()));
    assert_eq!(other(&|facts| facts.subject = stage::name("另一家", "另一家")), Err(PairFault::Subject));
    assert_eq!(other(&|facts| facts.validity.not_after -= 1), Err(PairFault::Dates));
    assert_eq!(other(&|facts| facts.validity.not_before += 1), Err(PairFault::Dates));
    assert_eq!(
        other(&|facts| facts.serial = Serial::generate(&mut Dice::new(5)).unwrap()),
        Err(PairFault::Serial)
    );
    assert_eq!(other(&|facts| facts.spki = signing.spki().to_vec()), Err(PairFault::Key));
    assert_eq!(pair::check(encryption, signing), Err(PairFault::Signing));
    let second = stage::issue(&holder.issuing, &ORGANISATION_SIGNING, &facts(&stage::key(7), 7));
    assert_eq!(pair::check(signing, &second), Err(PairFault::Encryption));
    let (root, _) = stage::authorities();
    let namesake = stage::name("证书大厅", "证书大厅签发 demo");
    let key = std::sync::Arc::new(stage::key(78));
    let other_key =
        root.new_issuing(&namesake, key, &stage::places(), stage::NOW, &mut Dice::new(78)).unwrap();
    let foreign = stage::issue(&other_key, &ORGANISATION_ENCRYPTION, &facts(&holder.encryption, 6));
    assert_eq!(pair::check(signing, &foreign), Err(PairFault::Issuer));
}
