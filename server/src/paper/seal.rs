//! A signature inside a PDF (ISO 32000-1, 12.8): an incremental update appends a signature field and leaves a hole; what is
//! signed is every octet of the file but the hole.

/// Why a file cannot take a seal: it was not written by us.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file of another form: {0}")]
pub struct SealFault(&'static str);

/// Room for the seal, in octets: a signature with its certificates has two thousand.
const ROOM: usize = 12_288;

/// A file with a hole for its seal.
pub struct Sealing {
    bytes: Vec<u8>,
    /// Of the hole, with the angle brackets around its digits.
    hole: std::ops::Range<usize>,
}

impl Sealing {
    /// Appends the field to a file of ours. `at` is a PDF date, `name` who signs.
    ///
    /// # Errors
    /// A file without what [`super::write`] writes.
    pub fn prepare(file: Vec<u8>, at: &str, name: &str) -> Result<Sealing, SealFault> {
        let known = Known::read(&file)?;
        let (field, value) = (known.size, known.size + 1);
        let mut bytes = file;
        let mut offsets: Vec<(usize, usize)> = Vec::new();
        let mut put = |bytes: &mut Vec<u8>, number: usize, body: &str| {
            offsets.push((number, bytes.len() + 1));
            bytes.extend_from_slice(format!("\n{number} 0 obj\n{body}\nendobj").as_bytes());
        };
        let form = format!("/AcroForm<</Fields[{field} 0 R]/SigFlags 3>>");
        put(&mut bytes, known.root, &within(&known.catalogue, &form)?);
        let annots = format!("/Annots[{field} 0 R]");
        put(&mut bytes, known.page, &within(&known.page_body, &annots)?);
        let page = known.page;
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/P {page} 0 R/V {value} 0 R>>"
        );
        put(&mut bytes, field, &widget);
        let digits = "0".repeat(ROOM * 2);
        let signature = format!(
            "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/M({at})/Name{}/ByteRange[{BLANK}]/Contents<{digits}>>>",
            text(name)
        );
        put(&mut bytes, value, &signature);
        let table = bytes.len() + 1;
        let mut cross = String::from("\nxref\n");
        for (number, offset) in &offsets {
            cross.push_str(&format!("{number} 1\n{offset:010} 00000 n \n"));
        }
        let Known { root, previous, id, .. } = &known;
        let size = value + 1;
        cross.push_str(&format!(
            "trailer\n<</Size {size}/Root {root} 0 R/Prev {previous}{id}>>\nstartxref\n{table}\n%%EOF\n"
        ));
        bytes.extend_from_slice(cross.as_bytes());
        let start = find_last(&bytes, b"/Contents<").ok_or(SealFault("no hole"))? + b"/Contents".len();
        let hole = start..start + ROOM * 2 + 2;
        let ranges = format!("0 {} {} {}", hole.start, hole.end, bytes.len() - hole.end);
        let blank = find_last(&bytes, BLANK.as_bytes()).ok_or(SealFault("no ranges"))?;
        let ranges = format!("{ranges:<width$}", width = BLANK.len());
        bytes[blank..blank + BLANK.len()].copy_from_slice(ranges.as_bytes());
        Ok(Sealing { bytes, hole })
    }

    /// What is signed.
    pub fn content(&self) -> Vec<u8> {
        [&self.bytes[..self.hole.start], &self.bytes[self.hole.end..]].concat()
    }

    /// The whole file, with the seal in its hole.
    ///
    /// # Errors
    /// A seal that is larger than the room.
    pub fn finish(mut self, seal: &[u8]) -> Result<Vec<u8>, SealFault> {
        if seal.len() > ROOM {
            return Err(SealFault("the seal is too large"));
        }
        let digits = hex::encode(seal);
        let start = self.hole.start + 1;
        self.bytes[start..start + digits.len()].copy_from_slice(digits.as_bytes());
        Ok(self.bytes)
    }

    /// Takes a sealed file apart again: what is signed, and the seal with the zeros behind it.
    pub fn open(file: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let start = find_last(file, b"/ByteRange[")? + b"/ByteRange[".len();
        let end = start + file[start..].iter().position(|byte| *byte == b']')?;
        let numbers: Vec<usize> = std::str::from_utf8(&file[start..end])
            .ok()?
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        let [zero, first, second, rest] = numbers[..] else { return None };
        if zero != 0 || second + rest != file.len() || first + 2 > second {
            return None;
        }
        let seal = hex::decode(file.get(first + 1..second - 1)?).ok()?;
        Some(([file.get(..first)?, file.get(second..)?].concat(), seal))
    }
}

const BLANK: &str = "0 ********** ********** **********";

/// What an update must know of the file before it.
struct Known {
    root: usize,
    catalogue: String,
    page: usize,
    page_body: String,
    size: usize,
    previous: usize,
    /// `/ID[…]`, as it stands.
    id: String,
}

impl Known {
    fn read(file: &[u8]) -> Result<Known, SealFault> {
        let start = find_last(file, b"startxref").ok_or(SealFault("no startxref"))?;
        let previous = number(&file[start + b"startxref".len()..]).ok_or(SealFault("no offset"))?;
        let trailer = find_last(file, b"trailer").ok_or(SealFault("no trailer"))?;
        let trailer = String::from_utf8_lossy(&file[trailer..start]).into_owned();
        let after = |key: &'static str| {
            let at = trailer.find(key).ok_or(SealFault(key))? + key.len();
            number(&trailer.as_bytes()[at..]).ok_or(SealFault(key))
        };
        let root = after("/Root")?;
        let catalogue = object(file, root).ok_or(SealFault("no catalogue"))?;
        let (page, page_body) = page(file).ok_or(SealFault("no page"))?;
        let id = trailer.find("/ID").and_then(|at| {
            let end = trailer[at..].find(']')?;
            Some(trailer[at..=at + end].to_owned())
        });
        Ok(Known {
            root,
            catalogue,
            page,
            page_body,
            size: after("/Size")?,
            previous,
            id: id.unwrap_or_default(),
        })
    }
}

/// The body of an object.
fn object(file: &[u8], number: usize) -> Option<String> {
    let head = format!("\n{number} 0 obj");
    let at = find_last(file, head.as_bytes())? + head.len();
    let end = at + find(&file[at..], b"endobj")?;
    Some(String::from_utf8_lossy(&file[at..end]).trim().to_owned())
}

/// The one page, and its number.
fn page(file: &[u8]) -> Option<(usize, String)> {
    (1..2000).find_map(|number| {
        let body = object(file, number)?;
        let is_page = body.replace([' ', '\n'], "").contains("/Type/Page/");
        is_page.then_some((number, body))
    })
}

/// The dictionary with one more entry.
fn within(body: &str, entry: &str) -> Result<String, SealFault> {
    let inside = body.strip_suffix(">>").ok_or(SealFault("no dictionary"))?;
    Ok(format!("{inside}{entry}>>"))
}

/// A text string in UTF-16.
fn text(text: &str) -> String {
    let octets: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    format!("<feff{}>", hex::encode(octets))
}

fn number(bytes: &[u8]) -> Option<usize> {
    let digits: Vec<u8> = bytes
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take_while(|byte| byte.is_ascii_digit())
        .copied()
        .collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}
