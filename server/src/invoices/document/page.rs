//! Where everything stands on the page: the look of a 数电票 (普通发票).

use super::Invoice;
use super::invoice::Line;
use crate::paper::{Align, Canvas, Frame, Ink, PdfError, Style};

pub const WIDTH: f32 = 210.0;
pub const HEIGHT: f32 = 148.0;

const FORM: Ink = Ink(0x8c, 0x2b, 0x1f);
const WRITING: Ink = Ink(0x14, 0x14, 0x14);
const ALARM: Ink = Ink(0xd0, 0x10, 0x10);
const PAPER: Ink = Ink(0xff, 0xff, 0xff);

const LABEL: Style = Style::new(9.0, FORM);
const VALUE: Style = Style::new(9.0, WRITING);

const LEFT: f32 = 9.0;
const RIGHT: f32 = WIDTH - LEFT;
const MIDDLE: f32 = WIDTH / 2.0;
/// The vertical labels' column.
const SIDE: f32 = 7.0;

/// The rows' upper edges.
const PARTIES: f32 = 26.0;
const ITEMS: f32 = 48.0;
const TOTAL: f32 = 102.0;
const REMARK: f32 = 111.0;
const BOTTOM: f32 = 129.0;

const MARK: &str = "测试样张，非税务凭证";

struct Column {
    title: &'static str,
    from: f32,
    to: f32,
    align: Align,
}

const COLUMNS: [Column; 8] = [
    Column { title: "项目名称", from: LEFT + 1.5, to: 64.0, align: Align::Left },
    Column { title: "规格型号", from: 64.0, to: 84.0, align: Align::Centre },
    Column { title: "单位", from: 84.0, to: 96.0, align: Align::Centre },
    Column { title: "数量", from: 96.0, to: 109.0, align: Align::Right },
    Column { title: "单价", from: 109.0, to: 133.0, align: Align::Right },
    Column { title: "金额", from: 133.0, to: 156.0, align: Align::Right },
    Column { title: "税率/征收率", from: 159.0, to: 180.0, align: Align::Centre },
    Column { title: "税额", from: 180.0, to: RIGHT - 1.5, align: Align::Right },
];
const AMOUNT: usize = 5;
const TAX: usize = 7;

pub fn draw(canvas: &mut Canvas, invoice: &Invoice) -> Result<(), PdfError> {
    heading(canvas, invoice)?;
    parties(canvas, invoice)?;
    items(canvas, invoice)?;
    total(canvas, invoice)?;
    remark(canvas, invoice)?;
    if invoice.specimen {
        mark(canvas)?;
    }
    Ok(())
}

fn heading(canvas: &mut Canvas, invoice: &Invoice) -> Result<(), PdfError> {
    canvas.words(MIDDLE, 15.5, Style::new(18.0, FORM).align(Align::Centre).bold(), "电子发票（普通发票）")?;
    canvas.line((MIDDLE - 36.0, 18.6), (MIDDLE + 36.0, 18.6), 0.8, FORM);
    canvas.line((MIDDLE - 36.0, 19.6), (MIDDLE + 36.0, 19.6), 0.8, FORM);
    let date = invoice.issued_at.beijing_date();
    let date = format!("{}年{:02}月{:02}日", date.year(), u8::from(date.month()), date.day());
    for (y, label, value) in [(14.5, "发票号码：", invoice.number.as_str()), (20.5, "开票日期：", &date)]
    {
        canvas.words(149.0, y, LABEL, label)?;
        canvas.words(165.5, y, VALUE, value)?;
    }
    Ok(())
}

/// Buyer on the left, seller on the right.
fn parties(canvas: &mut Canvas, invoice: &Invoice) -> Result<(), PdfError> {
    let height = ITEMS - PARTIES;
    let buyer_number = invoice.buyer.tax_number.as_deref().unwrap_or("");
    let sides = [
        (LEFT, "购买方信息", invoice.buyer.title.as_str(), buyer_number),
        (MIDDLE, "销售方信息", &invoice.seller.name, &invoice.seller.tax_number),
    ];
    for (x, title, name, number) in sides {
        let width = RIGHT - MIDDLE;
        canvas.frame(Frame { x, y: PARTIES, width, height }, 0.6, FORM);
        canvas.line((x + SIDE, PARTIES), (x + SIDE, ITEMS), 0.6, FORM);
        canvas.column(Frame { x, y: PARTIES + 1.0, width: SIDE, height: height - 2.0 }, LABEL, title)?;
        let inside = x + SIDE + 2.0;
        let name_row = Frame { x: inside, y: PARTIES + 2.0, width: 10.0, height: 10.0 };
        canvas.fit(name_row, LABEL, "名称：")?;
        let frame = Frame { x: inside + 10.0, width: width - SIDE - 14.0, ..name_row };
        canvas.fit(frame, VALUE, name)?;
        let number_row = Frame { x: inside, y: PARTIES + 14.0, width: 50.0, height: 5.0 };
        canvas.fit(number_row, LABEL, "统一社会信用代码/纳税人识别号：")?;
        let frame = Frame { x: inside + 49.0, width: width - SIDE - 51.5, ..number_row };
        canvas.fit(frame, VALUE, number)?;
    }
    Ok(())
}

fn items(canvas: &mut Canvas, invoice: &Invoice) -> Result<(), PdfError> {
    canvas.frame(Frame { x: LEFT, y: ITEMS, width: RIGHT - LEFT, height: TOTAL - ITEMS }, 0.6, FORM);
    for column in &COLUMNS {
        cell(canvas, column, ITEMS + 1.0, 4.6, LABEL, column.title)?;
    }
    let height = (TOTAL - 7.0 - ITEMS - 6.5) / super::invoice::MOST_LINES as f32;
    for (index, line) in invoice.lines.iter().enumerate() {
        item(canvas, invoice, line, ITEMS + 6.5 + height * index as f32, height)?;
    }
    let sums = invoice.sums();
    let y = TOTAL - 6.4;
    cell(canvas, &COLUMNS[0], y, 5.0, LABEL.align(Align::Centre), "合　　计")?;
    cell(canvas, &COLUMNS[AMOUNT], y, 5.0, VALUE, &format!("¥{}", sums.without_tax.yuan()))?;
    cell(canvas, &COLUMNS[TAX], y, 5.0, VALUE, &format!("¥{}", sums.tax.yuan()))
}

fn item(canvas: &mut Canvas, invoice: &Invoice, line: &Line, y: f32, height: f32) -> Result<(), PdfError> {
    let sums = invoice.sums_of(line);
    let values = [
        line.name.clone(),
        line.model.clone(),
        line.unit.clone(),
        invoice.quantity_of(line),
        line.unit_price(),
        sums.without_tax.yuan(),
        format!("{}%", line.rate.percent()),
        sums.tax.yuan(),
    ];
    for (column, value) in COLUMNS.iter().zip(&values) {
        cell(canvas, column, y, height, VALUE, value)?;
    }
    Ok(())
}

fn cell(
    canvas: &mut Canvas,
    column: &Column,
    y: f32,
    height: f32,
    style: Style,
    text: &str,
) -> Result<(), PdfError> {
    let frame = Frame { x: column.from, y, width: column.to - column.from, height };
    let align = if let Align::Centre = style.align { Align::Centre } else { column.align };
    canvas.fit(frame, style.align(align), text)
}

fn total(canvas: &mut Canvas, invoice: &Invoice) -> Result<(), PdfError> {
    let height = REMARK - TOTAL;
    let total = invoice.sums().total;
    canvas.frame(Frame { x: LEFT, y: TOTAL, width: RIGHT - LEFT, height }, 0.6, FORM);
    canvas.line((64.0, TOTAL), (64.0, REMARK), 0.6, FORM);
    let frame = Frame { x: LEFT, y: TOTAL, width: 64.0 - LEFT, height };
    canvas.fit(frame, LABEL.align(Align::Centre), "价税合计（大写）")?;
    let frame = Frame { x: 67.0, y: TOTAL, width: 75.0, height };
    canvas.fit(frame, VALUE.bold(), &total.capitals())?;
    canvas.words(149.0, TOTAL + 5.7, LABEL, "（小写）")?;
    canvas.words(165.5, TOTAL + 5.7, VALUE.bold(), &format!("¥{}", total.yuan()))
}

fn remark(canvas: &mut Canvas, invoice: &Invoice) -> Result<(), PdfError> {
    let height = BOTTOM - REMARK;
    canvas.frame(Frame { x: LEFT, y: REMARK, width: RIGHT - LEFT, height }, 0.6, FORM);
    canvas.line((LEFT + SIDE, REMARK), (LEFT + SIDE, BOTTOM), 0.6, FORM);
    canvas.column(Frame { x: LEFT, y: REMARK, width: SIDE, height }, LABEL, "备注")?;
    let frame = Frame {
        x: LEFT + SIDE + 2.0,
        y: REMARK + 1.0,
        width: RIGHT - LEFT - SIDE - 4.0,
        height: height - 2.0,
    };
    canvas.fit(frame, VALUE, &invoice.remark)?;
    canvas.words(LEFT + SIDE + 2.0, BOTTOM + 7.0, LABEL, "开票人：")?;
    canvas.words(LEFT + SIDE + 16.0, BOTTOM + 7.0, VALUE, &invoice.drawer)
}

/// Loud on the screen, on paper and on a photocopy.
fn mark(canvas: &mut Canvas) -> Result<(), PdfError> {
    canvas.filled(Frame { x: LEFT, y: 9.0, width: 52.0, height: 9.0 }, ALARM);
    let frame = Frame { x: LEFT, y: 9.0, width: 52.0, height: 9.0 };
    canvas.fit(frame, Style::new(12.0, PAPER).align(Align::Centre).bold(), MARK)?;
    canvas.slanted(MIDDLE, 84.0, -24.0, Style::new(50.0, ALARM), MARK)
}
