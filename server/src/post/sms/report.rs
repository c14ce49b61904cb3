//! Delivery reports: what the carriers post to `/notify/sms/{carrier}` when a message has arrived, or will not.
//!
//! Sources: cloud.tencent.com/document/product/382/59178; help.aliyun.com/document_detail/101867 (HTTP push). Neither signs.

use serde::Deserialize;

/// Messages that one delivery may report.
const MOST: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// As in the receipt of the sending.
    pub id: String,
    pub delivered: bool,
}

#[derive(Deserialize)]
struct Tencent {
    sid: String,
    report_status: String,
}

#[derive(Deserialize)]
struct Aliyun {
    biz_id: String,
    success: bool,
}

/// The reports, and what the carrier wants to hear; `None` where it is no such carrier or no list of reports.
pub fn read(carrier: &str, body: &[u8]) -> Option<(Vec<Report>, &'static str)> {
    let (reports, answer): (Vec<Report>, _) = match carrier {
        "tencent" => {
            let told: Vec<Tencent> = serde_json::from_slice(body).ok()?;
            let report = |it: Tencent| Report { id: it.sid, delivered: it.report_status == "SUCCESS" };
            (told.into_iter().map(report).collect(), r#"{"result":0,"errmsg":"OK"}"#)
        }
        "aliyun" => {
            let told: Vec<Aliyun> = serde_json::from_slice(body).ok()?;
            let report = |it: Aliyun| Report { id: it.biz_id, delivered: it.success };
            (told.into_iter().map(report).collect(), r#"{"code":0,"msg":"OK"}"#)
        }
        _ => return None,
    };
    (reports.len() <= MOST).then_some((reports, answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_carriers_reports_are_read() {
        let tencent =
            br#"[{"user_receive_time":"2026-11-22 08:03:04","nationcode":"86","mobile":"13800138000",
            "report_status":"FAIL","errmsg":"UNDELIV","description":"x","sid":"2019:1"}]"#;
        let failed = Report { id: "2019:1".into(), delivered: false };
        assert_eq!(read("tencent", tencent).unwrap().0, [failed]);
        let aliyun = br#"[{"phone_number":"13800138000","success":true,"biz_id":"900^0","out_id":""}]"#;
        let arrived = Report { id: "900^0".into(), delivered: true };
        assert_eq!(read("aliyun", aliyun).unwrap().0, [arrived]);
        assert_eq!(read("aliyun", tencent), None);
        assert_eq!(read("tencent", b"{}"), None);
        assert_eq!(read("other", b"[]"), None);
    }
}
