use super::*;
use app::desk::error::ReadRefusal as No;

const ROOT: &str = include_str!("../../../certificate/tests/certificates/golden/sm2_sm3/root.pem");
const LEAF: &str = include_str!("../../../certificate/tests/certificates/golden/sm2_sm3/person_signing.pem");

fn der(pem: &str) -> Vec<u8> {
    Certificate::from_pem(pem).unwrap().der().to_vec()
}

fn serials(read: Result<Vec<Certificate>, No>) -> Vec<String> {
    read.unwrap().iter().map(Certificate::serial_hex).collect()
}

#[test]
fn the_same_certificate_in_every_form() {
    let der = der(LEAF);
    let own = vec![Certificate::from_der(&der).unwrap().serial_hex()];
    let base64 = STANDARD.encode(&der);
    let lines: Vec<&str> = LEAF.lines().collect();
    let headless = lines[1..].join("\n");
    for text in [
        LEAF.to_owned(),
        format!("\u{feff}  {LEAF}\n\n"),
        LEAF.replace('\n', "\r\n"),
        format!("Bag Attributes\n  friendlyName: 张三\n{LEAF}"),
        headless,
        base64.trim_end_matches('=').to_owned(),
        format!("{}\n{}", &base64[..40], &base64[40..]),
        hex::encode(&der),
        hex::encode_upper(&der)
            .as_bytes()
            .chunks(2)
            .map(|c| std::str::from_utf8(c).unwrap())
            .collect::<Vec<_>>()
            .join(":"),
        format!("data:application/x-x509-ca-cert;base64,{base64}"),
        format!("data:application/octet-stream;base64,{}", STANDARD.encode(LEAF)),
    ] {
        assert_eq!(serials(read_text(&text)), own, "{text}");
    }
    assert_eq!(serials(read_file(&der)), own);
    assert_eq!(serials(read_file(LEAF.as_bytes())), own);
    let gbk = [b"\xd6\xa4\xca\xe9\n".as_slice(), LEAF.as_bytes()].concat();
    assert_eq!(serials(read_file(&gbk)), own);
    let bundle = chain::to_der(&[Certificate::from_pem(ROOT).unwrap(), Certificate::from_pem(LEAF).unwrap()]);
    assert_eq!(read_file(&bundle).unwrap().len(), 2);
    assert_eq!(read_text(&format!("{ROOT}{LEAF}")).unwrap().len(), 2);
}

#[test]
fn what_is_wrong_with_it() {
    let der = der(LEAF);
    let cut = CutOff(der.len(), der.len() - 10);
    let pem = |label: &str, der: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", STANDARD.encode(der))
    };
    for (text, no) in [
        (String::new(), No::Empty),
        (" \n ".to_owned(), No::Empty),
        ("x".repeat(LIMIT_BYTES + 1), No::TooLarge { limit_bytes: 65536 }),
        ("这不是证书".to_owned(), No::NotText),
        ("hello, world".to_owned(), No::NotText),
        (STANDARD.encode("hello"), No::NotCertificate),
        (LEAF.replace("-----END CERTIFICATE-----", ""), No::NoEnd),
        (pem("CERTIFICATE", &der[..der.len() - 10]), cut.into()),
        (
            STANDARD.encode([der.as_slice(), b"more"].concat()),
            No::TooMuch { expected: der.len() as u64, found: der.len() as u64 + 4 },
        ),
        (pem("PRIVATE KEY", b"any"), No::PrivateKey),
        (format!("{LEAF}{}", pem("ENCRYPTED PRIVATE KEY", b"any")), No::PrivateKey),
        (pem("CERTIFICATE REQUEST", b"any"), No::Request),
        (pem("X509 CRL", b"any"), No::RevocationList),
        (pem("PUBLIC KEY", b"any"), No::PublicKey),
        (pem("PGP SOMETHING", b"any"), No::OtherBlock),
        (pem("CERTIFICATE", &[0x30, 3, 2, 1, 5]), No::NotCertificate),
    ] {
        assert_eq!(read_text(&text).unwrap_err(), no, "{text:.60}");
    }
    assert_eq!(read_file(b"").unwrap_err(), No::Empty);
    assert_eq!(read_file(&[0xff, 0xd8, 0xff, 0xe0]).unwrap_err(), No::NotCertificate);
}

struct CutOff(usize, usize);

impl From<CutOff> for No {
    fn from(cut: CutOff) -> No {
        No::CutOff { expected: cut.0 as u64, found: cut.1 as u64 }
    }
}

/// As OpenSSL writes them; only their beginnings matter.
#[test]
fn other_files_are_told_apart_by_how_they_begin() {
    let begins = |hex: &str| {
        let inside = hex::decode(hex).unwrap();
        let mut der = vec![0x30, u8::try_from(inside.len()).unwrap()];
        der.extend(inside);
        read_der(&der).unwrap_err()
    };
    assert_eq!(begins("020103303000"), No::KeyStore);
    assert_eq!(begins("020100300506032b6570"), No::PrivateKey);
    assert_eq!(begins("3005 06032b6570 0302 0000".replace(' ', "").as_str()), No::PublicKey);
    assert_eq!(begins("3005 020100 3000 3000 030100".replace(' ', "").as_str()), No::Request);
    assert_eq!(begins("3005 020101 3000 3000 030100".replace(' ', "").as_str()), No::RevocationList);
}

#[test]
fn no_cut_and_no_flipped_byte_makes_it_panic() {
    let der = der(LEAF);
    for cut in 0..der.len() {
        assert!(read_file(&der[..cut]).is_err());
    }
    for place in 0..der.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut broken = der.clone();
            broken[place] ^= flip;
            let _ = read_file(&broken);
        }
    }
}
