//! The text of a key file: a header that anybody may read and nobody may change, then the sealed key.
//!
//! ```text
//! certhall authority key 1
//! note: 演示密钥，仅供试用 / DEMO KEY, for trying out only      only in a demo's
//! name: issuing
//! kind: sm2
//! demo: yes
//! kdf: argon2id m=65536 t=3 p=4
//! salt: 32 hexadecimal digits
//! cipher: sm4-gcm
//! nonce: 24 hexadecimal digits
//! public: SubjectPublicKeyInfo, base64
//! sealed: PKCS#8 and tag, base64
//! ```
//! Every byte before `sealed:` is authenticated by the tag.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::Cost;

const FIRST: &str = "certhall authority key 1";
const BANNER: &str = "演示密钥，仅供试用 / DEMO KEY, for trying out only";

/// What stands in the clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub name: String,
    /// [`certificate::KeyKind::code`].
    pub kind: String,
    pub demo: bool,
    pub cost: Cost,
    pub salt: [u8; 16],
    pub nonce: [u8; 12],
    pub spki: Vec<u8>,
}

impl Header {
    pub fn to_text(&self) -> String {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let note = if self.demo { format!("note: {BANNER}\n") } else { String::new() };
        format!(
            "{FIRST}\n{note}name: {}\nkind: {}\ndemo: {}\nkdf: argon2id m={memory_kib} t={passes} p={lanes}\n\
             salt: {}\ncipher: sm4-gcm\nnonce: {}\npublic: {}\n",
            self.name,
            self.kind,
            if self.demo { "yes" } else { "no" },
            hex::encode(self.salt),
            hex::encode(self.nonce),
            BASE64.encode(&self.spki),
        )
    }
}

pub(crate) fn whole(head: &str, sealed: &[u8]) -> String {
    format!("{head}sealed: {}\n", BASE64.encode(sealed))
}

/// Header, its exact text, and the sealed key. Only the one form that [`Header::to_text`] writes is taken.
pub(crate) fn parse(text: &str) -> Result<(Header, String, Vec<u8>), String> {
    let no = |what: &str| format!("this is no key file of ours: {what}");
    let (head, sealed) = text.split_once("sealed: ").ok_or_else(|| no("it has no sealed key"))?;
    let sealed = BASE64.decode(sealed.trim_end()).map_err(|_| no("its sealed key is not base64"))?;
    if head.lines().next() != Some(FIRST) {
        return Err(no("its first line is another one"));
    }
    let field = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.ok_or_else(|| no(&format!("it has no {name}")))
    };
    let header = Header {
        name: field("name")?.to_owned(),
        kind: field("kind")?.to_owned(),
        demo: field("demo")? == "yes",
        cost: cost(field("kdf")?).ok_or_else(|| no("kdf"))?,
        salt: digits(field("salt")?).ok_or_else(|| no("salt"))?,
        nonce: digits(field("nonce")?).ok_or_else(|| no("nonce"))?,
        spki: BASE64.decode(field("public")?).map_err(|_| no("public"))?,
    };
    if header.to_text() != head {
        return Err(no("its header is written otherwise"));
    }
    Ok((header, head.to_owned(), sealed))
}

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

fn cost(text: &str) -> Option<Cost> {
    let mut words = text.strip_prefix("argon2id ")?.split(' ');
    let mut number = |name: &str| words.next()?.strip_prefix(name)?.parse().ok();
    Some(Cost { memory_kib: number("m=")?, passes: number("t=")?, lanes: number("p=")? })
}
