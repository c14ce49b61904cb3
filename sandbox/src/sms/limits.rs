//! The carriers' own limits, counted on submission, not on delivery.

use super::Limit;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * 3600;

#[derive(Clone)]
pub struct Submission {
    pub carrier: &'static str,
    pub at: i64,
    pub phone: String,
    pub template_kind: String,
    pub verification: bool,
    pub text: String,
}

/// Counts the submission in, or says which limit it meets.
pub fn submit(before: &mut Vec<Submission>, new: Submission, lifted: bool) -> Result<(), Limit> {
    before.retain(|one| new.at - one.at < DAY);
    if !lifted {
        let same_phone: Vec<&Submission> =
            before.iter().filter(|one| one.carrier == new.carrier && one.phone == new.phone).collect();
        if new.carrier == super::tencent::CARRIER {
            tencent(&same_phone, &new)
        } else {
            aliyun(&same_phone, &new)
        }?;
    }
    before.push(new);
    Ok(())
}

/// The same text once in 30 s; ten messages a day.
fn tencent(same_phone: &[&Submission], new: &Submission) -> Result<(), Limit> {
    if same_phone.iter().any(|one| one.text == new.text && new.at - one.at < 30) {
        return Err(Limit::Shortly);
    }
    if same_phone.len() >= 10 { Err(Limit::Daily) } else { Ok(()) }
}

/// Codes: 1 a minute, 5 an hour, 10 a day per number; other notices: 50 a day per number and template.
fn aliyun(same_phone: &[&Submission], new: &Submission) -> Result<(), Limit> {
    let within =
        |seconds: i64| same_phone.iter().filter(|one| one.verification && new.at - one.at < seconds).count();
    if !new.verification {
        let same_template = same_phone.iter().filter(|one| one.template_kind == new.template_kind).count();
        return if same_template >= 50 { Err(Limit::Daily) } else { Ok(()) };
    }
    match (within(MINUTE), within(HOUR), within(DAY)) {
        (1.., _, _) => Err(Limit::Shortly),
        (_, 5.., _) => Err(Limit::Hourly),
        (_, _, 10..) => Err(Limit::Daily),
        _ => Ok(()),
    }
}
