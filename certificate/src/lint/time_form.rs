//! Dates through 2049 are UTCTime, later ones GeneralizedTime.

use x509_cert::time::Time;

use super::{Candidate, Rule};

pub(super) static RULE: Rule =
    Rule { name: "time_form", citation: "RFC 5280, 4.1.2.5; GM/T 0015-2023 (UTCTime to 2049)", check };

fn check(candidate: &Candidate) -> Result<(), String> {
    let validity = &candidate.tbs.validity;
    for (which, time) in [("notBefore", validity.not_before), ("notAfter", validity.not_after)] {
        // The other mistake, a UTCTime after 2049, cannot be written: UTCTime has two digits for the year.
        if matches!(time, Time::GeneralTime(late) if late.to_date_time().year() <= 2049) {
            return Err(format!("{which} is a GeneralizedTime before 2050"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use der::asn1::GeneralizedTime;
    use x509_cert::time::Time;

    use crate::lint::specimen::fails;

    #[test]
    fn a_generalized_time_before_2050() {
        fails("time_form", |tbs| {
            let moment = tbs.validity.not_after.to_date_time();
            tbs.validity.not_after = Time::GeneralTime(GeneralizedTime::from_date_time(moment));
        });
    }
}
