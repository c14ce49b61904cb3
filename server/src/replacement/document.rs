//! The signed application as a document: what was signed, by whom, how and when, and the seal over all of it (A41).

use super::sign::{Record, open_record};
use super::view::document_place;
use super::{Replacements, Sealed};
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::paper::{About, Align, Canvas, Frame, Ink, PdfError, Sealing, Style, write};
use crate::store;
use crate::store::orders::OrderRow;
use crate::store::signatures::SignatureRow;
use app::desk::replacement::{FIELD, Mark};
use certificate::NameParts;
use journey::party::Party;

/// A4.
const PAGE: (f32, f32) = (210.0, 297.0);
const LEFT: f32 = 22.0;
const WIDTH: f32 = PAGE.0 - 2.0 * LEFT;
const INK: Ink = Ink(0x1b, 0x27, 0x33);
const SOFT: Ink = Ink(0x52, 0x60, 0x6d);

impl Replacements {
    /// The errand of a signature: makes its document, seals it and keeps it. One that stands already stays.
    ///
    /// # Errors
    /// The store's own; the issuing desk's.
    pub async fn seal_document(&self, order_id: &str, version: i64) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let signature = store::signatures::find_version(&mut reader, order_id, version).await?;
        drop(reader);
        let Some(signature) = signature else { return Ok(Outcome::give_up("no such signature")) };
        if signature.document.is_some() {
            return Ok(Outcome::done());
        }
        let record = open_record(&self.ground, &signature)?;
        let drawn = self.draw(&row, &signature, &record).await?;
        let broken = |error: crate::paper::SealFault| Fault::Document(error.to_string());
        let sealing = Sealing::prepare(drawn, &pdf_date(&signature), &record.signer).map_err(broken)?;
        let Sealed { der, certificate_serial } = self
            .seal
            .seal(format!("{}.{version}", row.number), signer(&row, &record), sealing.content())
            .await?;
        let document = sealing.finish(&der).map_err(broken)?;
        let kept = self.ground.sealing.seal(&document_place(order_id, version), &document);
        let (ground, id) = (self.ground.clone(), order_id.to_owned());
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let now = ground.now();
                store::signatures::keep_document(tx, &id, version, &certificate_serial, &kept, now).await?;
                Ok(())
            })
        }))
    }

    async fn draw(
        &self,
        row: &OrderRow,
        signature: &SignatureRow,
        record: &Record,
    ) -> Result<Vec<u8>, Fault> {
        let about = About {
            title: format!("补办申请 {}", row.number),
            author: record.signer.clone(),
            id: format!("{}.{}", row.number, signature.version),
            at: signature.signed_at,
        };
        let (fonts, lines, mark) = (self.fonts.clone(), lines(row, signature, record), record.mark.clone());
        let number = row.number.clone();
        let drawn = tokio::task::spawn_blocking(move || {
            write(&about, PAGE, &fonts, |canvas| page(canvas, &number, &lines, &mark))
        });
        let drawn = drawn.await.map_err(|e| Fault::Document(e.to_string()))?;
        drawn.map_err(|e| Fault::Document(e.to_string()))
    }
}

/// Whom the event certificate names: who signed, and for which organisation.
fn signer(row: &OrderRow, record: &Record) -> NameParts {
    let organisation = match row.order.party {
        Party::Organisation => record.holder.clone(),
        Party::Person => None,
    };
    NameParts {
        country: Some("CN".to_owned()),
        organisation,
        common_name: Some(record.signer.clone()),
        ..NameParts::default()
    }
}

/// Label and text of each line below the heading.
fn lines(row: &OrderRow, signature: &SignatureRow, record: &Record) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = record
        .statement
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("{}.", at + 1), text.clone()))
        .collect();
    lines.push(("申请信息".into(), format!("SHA-256 {}", signature.digest)));
    for (title, digest) in &record.uploads {
        lines.push((title.clone(), format!("SHA-256 {digest}")));
    }
    lines.push(("签署人".into(), record.signer.clone()));
    lines.push(("短信验证".into(), format!("验证码发送至 {}，验证通过", record.masked_phone)));
    lines.push(("签署时间".into(), format!("{}（北京时间）", signature.signed_at)));
    lines.push(("订单号".into(), row.number.clone()));
    lines
}

fn page(canvas: &mut Canvas, number: &str, lines: &[(String, String)], mark: &Mark) -> Result<(), PdfError> {
    canvas.words(
        PAGE.0 / 2.0,
        28.0,
        Style::new(18.0, INK).align(Align::Centre).bold(),
        "数字证书补办申请书",
    )?;
    canvas.words(
        PAGE.0 / 2.0,
        36.0,
        Style::new(9.0, SOFT).align(Align::Centre),
        &format!("订单号 {number}"),
    )?;
    let mut y = 44.0;
    for (label, text) in lines {
        let tall = 8.0 * (1.0 + (text.chars().count() as f32 / 44.0).floor());
        let label_frame = Frame { x: LEFT, y, width: 32.0, height: 8.0 };
        canvas.fit(label_frame, Style::new(10.0, SOFT), label)?;
        let frame = Frame { x: LEFT + 34.0, y, width: WIDTH - 34.0, height: tall };
        canvas.fit(frame, Style::new(10.0, INK), text)?;
        y += tall + 1.0;
    }
    canvas.words(LEFT, y + 8.0, Style::new(10.0, SOFT), "签名")?;
    let field = Frame { x: LEFT + 34.0, y: y + 3.0, width: 90.0, height: 36.0 };
    canvas.frame(field, 0.4, SOFT);
    drawn(canvas, field, mark)?;
    let foot = Frame { x: LEFT, y: field.y + field.height + 8.0, width: WIDTH, height: 16.0 };
    canvas.fit(
        foot,
        Style::new(9.0, SOFT),
        "本文件以签署人的事件型数字证书（SM2）加盖电子签名，签名内含签署时间；文件任何改动都会使签名失效。",
    )
}

fn drawn(canvas: &mut Canvas, field: Frame, mark: &Mark) -> Result<(), PdfError> {
    match mark {
        Mark::Typed { name } => {
            canvas.fit(field, Style::new(24.0, INK).align(Align::Centre), name)?;
            let note = Frame { y: field.y + field.height + 1.0, height: 5.0, ..field };
            canvas.fit(note, Style::new(8.0, SOFT), "（键盘签名）")
        }
        Mark::Drawn { strokes } => {
            let at = |(x, y): (u16, u16)| {
                let (across, down) = (f32::from(x) / f32::from(FIELD.0), f32::from(y) / f32::from(FIELD.1));
                (field.x + field.width * across, field.y + field.height * down)
            };
            for stroke in strokes {
                canvas.way(&stroke.iter().copied().map(at).collect::<Vec<_>>(), 1.2, INK);
            }
            Ok(())
        }
    }
}

/// `D:20261122230000+08'00'`
fn pdf_date(signature: &SignatureRow) -> String {
    let at = signature.signed_at.beijing();
    let (date, time) = (at.date(), at.time());
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+08'00'",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}
