//! The sheet itself (R040, R041): printed, signed or stamped, scanned, and found again by its marks.

use super::geometry::{BOX, MARK, MARKS, MODULE, PAGE, POINTER, POINTER_SIZE};
use crate::paper::{self, About, Align, Canvas, Fonts, Frame, Ink, PdfError, Style};
use journey::Moment;

const BLACK: Ink = Ink(0, 0, 0);
const WHITE: Ink = Ink(0xff, 0xff, 0xff);
const WRITING: Ink = Ink(0x1c, 0x1c, 0x1c);
const QUIET: Ink = Ink(0x6b, 0x6b, 0x6b);
const LINE: Ink = Ink(0x9a, 0x9a, 0x9a);

const TEXT: Style = Style::new(11.0, WRITING);
const SMALL: Style = Style::new(9.0, QUIET);
const MIDDLE: f32 = PAGE.0 / 2.0;
const LEFT: f32 = 30.0;
const RIGHT: f32 = 180.0;

/// What stands on one copy.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Empty where it is not known yet: a line to write on.
    pub name: String,
    /// The order's number, or empty.
    pub number: String,
    /// Whether the organisation's seal belongs on it (A09).
    pub stamped: bool,
    /// Who gives it out.
    pub office: String,
}

/// A whole PDF file.
///
/// # Errors
/// A character without a glyph (a rare name): ask again without the name.
pub fn write(sheet: &Sheet, made_at: Moment, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let about = About {
        title: "个人签章采样表".to_owned(),
        author: sheet.office.clone(),
        id: format!("seal-sheet-{}", sheet.number),
        at: made_at,
    };
    paper::write(&about, PAGE, fonts, |canvas| draw(canvas, sheet))
}

fn draw(canvas: &mut Canvas, sheet: &Sheet) -> Result<(), PdfError> {
    canvas.words(MIDDLE, 34.0, Style::new(22.0, WRITING).align(Align::Centre).bold(), "个人签章采样表")?;
    let subtitle = format!("{} · 用于制作个人电子签章", sheet.office);
    canvas.words(MIDDLE, 42.0, SMALL.align(Align::Centre), &subtitle)?;
    canvas.line((LEFT, 48.0), (RIGHT, 48.0), 0.8, LINE);
    field(canvas, 60.0, "申请人姓名", &sheet.name)?;
    field(canvas, 70.0, "订单号", &sheet.number)?;
    canvas.words(LEFT, 82.0, TEXT, "请用黑色或蓝色签字笔签名，或加盖个人印章；不要超出边框。")?;
    canvas.words(
        LEFT,
        89.0,
        SMALL,
        "四角的黑色标记用于自动识别，请勿涂画或遮挡，扫描或拍照时须全部拍到。",
    )?;
    marks(canvas);
    let (x, y, width, height) = BOX;
    canvas.frame(Frame { x, y, width, height }, 1.0, LINE);
    canvas.words(MIDDLE, y - 3.5, SMALL.align(Align::Centre), "签名或个人印章")?;
    foot(canvas, sheet)
}

/// A label and its value, or a line to write on.
fn field(canvas: &mut Canvas, y: f32, label: &str, value: &str) -> Result<(), PdfError> {
    canvas.words(LEFT, y, TEXT, label)?;
    if value.is_empty() {
        canvas.line((LEFT + 28.0, y + 1.2), (LEFT + 108.0, y + 1.2), 0.6, LINE);
        return Ok(());
    }
    let frame = Frame { x: LEFT + 28.0, y: y - 6.0, width: RIGHT - LEFT - 28.0, height: 8.0 };
    canvas.fit(frame, TEXT.bold(), value)
}

fn marks(canvas: &mut Canvas) {
    let square = |(x, y): (f32, f32), size: f32| Frame {
        x: x - size / 2.0,
        y: y - size / 2.0,
        width: size,
        height: size,
    };
    for middle in MARKS {
        canvas.filled(square(middle, MARK), BLACK);
        canvas.filled(square(middle, MODULE * 5.0), WHITE);
        canvas.filled(square(middle, MODULE * 3.0), BLACK);
    }
    canvas.filled(square(POINTER, POINTER_SIZE), BLACK);
}

fn foot(canvas: &mut Canvas, sheet: &Sheet) -> Result<(), PdfError> {
    let date = "日期：　　　　年　　　月　　　日";
    if sheet.stamped {
        canvas.words(LEFT, 212.0, TEXT, "所在单位（加盖公章）：")?;
        canvas.frame(Frame { x: LEFT, y: 217.0, width: 70.0, height: 50.0 }, 0.6, LINE);
        canvas.words(115.0, 225.0, SMALL, "公章应清晰完整，与单位名称一致。")?;
        canvas.words(115.0, 262.0, TEXT, date)?;
    } else {
        canvas.words(LEFT, 212.0, TEXT, "以上签名或印章为本人真实签章，同意用于制作个人电子签章。")?;
        canvas.words(LEFT, 226.0, TEXT, date)?;
    }
    canvas.words(
        MIDDLE,
        283.0,
        SMALL.align(Align::Centre),
        "本表打印在 A4 纸上，签章后扫描或拍照，在办理页面“个人签章图片”处上传。",
    )
}
