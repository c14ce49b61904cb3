//! A courier's number of a parcel, as its label carries it. No courier publishes a rule; the shapes are those that their
//! labels have, and a number that fits none of them is a slip of the scanner.

use super::{EntryError, compact, length_between, only};

/// In capitals. `company` is the tracker's code of the courier (`shunfeng`); of others than those below any 6 to 32 letters
/// and digits hold.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`, `waybill_of_another`.
pub fn parse(company: &str, text: &str) -> Result<String, EntryError> {
    let number = compact(text).to_ascii_uppercase();
    length_between(&number, 6, 32)?;
    only(&number, |character| character.is_ascii_alphanumeric())?;
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|each| each.is_ascii_digit())
    };
    let after = |prefix: &str| number.strip_prefix(prefix);
    let fits = match company {
        "shunfeng" => after("SF").is_some_and(|rest| digits(rest, 10, 15)) || digits(&number, 12, 15),
        // S10 of the Universal Postal Union for some, thirteen digits for most.
        "ems" => digits(&number, 13, 13) || (number.len() == 13 && number.ends_with("CN")),
        "jd" => after("JD").is_some_and(|rest| (10..=18).contains(&rest.len())),
        "yuantong" => after("YT").is_some_and(|rest| digits(rest, 10, 15)) || digits(&number, 10, 18),
        "zhongtong" | "yunda" | "shentong" => digits(&number, 10, 15),
        _ => true,
    };
    if fits { Ok(number) } else { Err(EntryError::new("waybill_of_another")) }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_number_is_of_its_courier() {
        assert_eq!(parse("shunfeng", " sf 1234-5678 90123 ").unwrap(), "SF1234567890123");
        for (company, number) in [
            ("shunfeng", "444003077898"),
            ("ems", "1183904561012"),
            ("ems", "EA123456789CN"),
            ("jd", "JDVA00123456789"),
            ("yuantong", "YT2538471123456"),
            ("zhongtong", "773012345678"),
            ("yunda", "462012345678901"),
            ("somebody", "AB12CD"),
        ] {
            assert_eq!(parse(company, number).as_deref(), Ok(number), "{company}");
        }
        for (company, number, code) in [
            ("shunfeng", "JD0012345678901", "waybill_of_another"),
            ("zhongtong", "SF1234567890123", "waybill_of_another"),
            ("ems", "12345678", "waybill_of_another"),
            ("somebody", "12345", "too_short"),
            ("shunfeng", "顺丰12345678", "forbidden_character"),
            ("jd", "", "empty"),
        ] {
            assert_eq!(parse(company, number).unwrap_err().code, code, "{company} {number}");
        }
    }
}
