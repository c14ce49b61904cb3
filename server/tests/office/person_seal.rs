//! The seal sample: the real sheet, printed to pixels, signed, scanned askew, cut out, looked at and taken (R040, R041).

use crate::house::House;
use crate::person_holder::{EVIDENCE, Person};
use crate::picture;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::evidence::{BLANK_SHEET_PATH, SealState, picture_path, seal_path, sheet_path};
use app::desk::orders::{Act, OrderView};
use app::desk::review::CaseView;
use image::{ImageFormat, Rgb, RgbImage};
use journey::details::DetailsForm;
use journey::event::EventKind;
use journey::order::Standing;
use journey::refusal::Refusal;
use journey::step::Step;
use serde_json::json;
use std::io::Cursor;
use std::process::Command;

/// What a printer and a scanner make of the PDF: 110 dots to the inch.
fn printed(pdf: &[u8]) -> RgbImage {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.pdf");
    std::fs::write(&file, pdf).unwrap();
    let out = folder.path().join("sheet");
    let done =
        Command::new("pdftoppm").args(["-r", "110", "-png", "-singlefile"]).arg(&file).arg(&out).status();
    assert!(done.expect("pdftoppm of poppler-utils is there").success());
    image::open(out.with_extension("png")).unwrap().to_rgb8()
}

fn words(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.pdf");
    std::fs::write(&file, pdf).unwrap();
    let out = Command::new("pdftotext").args(["-layout"]).arg(&file).arg("-").output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

/// A pen's stroke through the middle of the sheet's box, and the scan laid askew: turned, in grey light, as JPEG.
fn signed_and_scanned(mut sheet: RgbImage) -> Vec<u8> {
    let per_mm = 110.0 / 25.4;
    for step in 0..4000 {
        let along = step as f32 / 4000.0;
        let (x, y) = (70.0 + 60.0 * along, 145.0 + 15.0 * (along * 19.0).sin());
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (1, 2), (2, 2)] {
            let (u, v) = ((x * per_mm) as u32 + dx, (y * per_mm) as u32 + dy);
            sheet.put_pixel(u, v, Rgb([20, 22, 60]));
        }
    }
    let (width, height) = sheet.dimensions();
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    let (sin, cos) = 6.0_f32.to_radians().sin_cos();
    let askew = RgbImage::from_fn(width + 160, height + 160, |u, v| {
        let (x, y) = (u as f32 - 80.0 - middle_x, v as f32 - 80.0 - middle_y);
        let (x, y) = (x * cos + y * sin + middle_x, y * cos - x * sin + middle_y);
        let on = x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32;
        let seen = if on { sheet.get_pixel(x as u32, y as u32).0 } else { [120, 110, 100] };
        let light = 0.95 - 0.3 * u as f32 / (width + 160) as f32;
        Rgb(seen.map(|value| (f32::from(value) * light) as u8))
    });
    let mut bytes = Cursor::new(Vec::new());
    askew.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn r041_the_sheet_is_on_the_form_and_carries_the_name_that_is_known() {
    let house = House::open().await;
    let mut person = Person::made_up(&house.town);
    person.start().await.given::<String>();
    let path = sheet_path(&person.number);
    let sheet = person.browser.get(&path).await;
    assert_eq!((sheet.status, sheet.headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
    let text = words(&sheet.body);
    assert!(text.contains("个人签章采样表") && text.contains(&person.number), "{text}");
    assert!(
        text.contains("加盖公章"),
        "A09: for somebody in an organisation, unless it is set otherwise {text}"
    );
    assert!(!text.contains(&person.name));
    let draft = DetailsForm {
        holder_name: person.name.clone(),
        holder_id: person.id_number.clone(),
        ..Default::default()
    };
    let kept = json!({ "number": person.number, "details": draft });
    person.browser.call("orders/draft", kept).await.given::<app::desk::orders::DraftKept>();
    let text = words(&person.browser.get(&path).await.body);
    assert!(text.contains(&person.name), "{text}");
    assert!(!text.contains(&person.id_number), "R141");
    // Nobody else gets it; a blank one everybody.
    let mut stranger = Person::made_up(&house.town);
    stranger.start().await.given::<String>();
    assert_eq!(stranger.browser.get(&path).await.refused(404), DeskError::NotFound);
    assert_eq!(house.town.browser().get(&path).await.refused(401), DeskError::SignInAgain);
    let blank = house.town.browser().get(BLANK_SHEET_PATH).await;
    assert_eq!(blank.status, 200);
    assert!(!words(&blank.body).contains(&person.name));
    // An organisation has no such sheet.
    let mut agent = house.applicant();
    agent.start().await.given::<String>();
    assert_eq!(agent.browser.get(&sheet_path(&agent.number)).await.refused(404), DeskError::NotFound);
}

#[tokio::test]
async fn a09_a_natural_person_needs_no_organisations_seal() {
    let house = House::open_with("codes_per_address_hour = 1000\nperson_in_organisation = false").await;
    let person = Person::made_up(&house.town);
    assert!(!person.catalogue().await.person_in_organisation);
    let text = words(&person.browser.get(BLANK_SHEET_PATH).await.body);
    assert!(!text.contains("公章") && text.contains("本人真实签章"), "{text}");
}

#[tokio::test]
async fn r040_the_seal_is_cut_out_shown_and_taken_before_the_application_goes_on() {
    let house = House::open().await;
    let mut person = Person::made_up(&house.town);
    person.walk_to(Step::Evidence).await;
    person.upload(EVIDENCE[0], picture::scan()).await.given::<OrderView>();
    let sheet = printed(&person.browser.get(&sheet_path(&person.number)).await.body);
    // The box is empty: said so, and the scan may stay for a person to look at.
    let mut plain = Cursor::new(Vec::new());
    sheet.write_to(&mut plain, ImageFormat::Png).unwrap();
    let view: OrderView = person.upload(EVIDENCE[1], plain.into_inner()).await.given();
    assert_eq!(view.evidence[1].seal, Some(SealState::Empty));
    // Signed: cut out, and the application waits for its applicant.
    let view: OrderView = person.upload(EVIDENCE[1], signed_and_scanned(sheet)).await.given();
    assert_eq!(view.evidence[1].seal, Some(SealState::Cut));
    let file = view.evidence[1].file.clone().unwrap().id;
    let submit = view.moves.iter().find(|offered| offered.event == EventKind::EvidenceSubmitted).unwrap();
    assert_eq!(submit.blocked, Some(Refusal::SealNotAccepted));
    assert_eq!(person.act(Act::SubmitEvidence).await.refusal(), "seal_not_accepted");

    let seal = person.browser.get(&seal_path(&file)).await;
    assert_eq!((seal.status, seal.headers["content-type"].to_str().unwrap()), (200, "image/png"));
    let image = image::load_from_memory(&seal.body).unwrap().to_rgba8();
    // 60 by 30 millimetres and two of margin on each side, upright again.
    let shape = f64::from(image.width()) / f64::from(image.height());
    assert!((1.6..2.2).contains(&shape), "{:?}", image.dimensions());
    let inked = image.pixels().filter(|pixel| pixel[3] > 127).count();
    let covered = inked as f64 / f64::from(image.width() * image.height());
    assert!((0.02..0.3).contains(&covered), "{covered}");
    // Theirs alone, sealed on the disk, and gone with its scan.
    let stranger = Person::made_up(&house.town);
    assert_eq!(stranger.browser.get(&seal_path(&file)).await.refused(401), DeskError::SignInAgain);
    let kept = std::fs::read(house.town.data().join("evidence").join(format!("{file}.seal"))).unwrap();
    assert!(!kept.windows(4).any(|window| window == b"\x89PNG"));

    let view: OrderView = person.accept_seal(&file).await.given();
    assert_eq!(view.evidence[1].seal, Some(SealState::Accepted));
    let view: OrderView = person.act(Act::SubmitEvidence).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Confirm), "R042");
    assert_eq!(person.accept_seal(&file).await.refusal(), "not_here");
    person.walk_to(Step::Review).await;
    house.staffed().await;
    let reviewer = house.reviewer().await;
    let case: CaseView = reviewer.claim(&person.number).await.given();
    assert_eq!(case.evidence[1].seal, Some(SealState::Accepted));
    for path in [picture_path(&file), seal_path(&file)] {
        assert_eq!(reviewer.browser.get(&path).await.status, 200, "{path}");
    }
    assert_eq!(
        house.producer().await.browser.get(&seal_path(&file)).await.refused(403),
        DeskError::NotYourDesk
    );
}

#[tokio::test]
async fn r136_a_seal_goes_with_its_scan() {
    let house = House::open().await;
    let mut person = Person::made_up(&house.town);
    person.walk_to(Step::Evidence).await;
    let sheet = printed(&person.browser.get(&sheet_path(&person.number)).await.body);
    let scan = signed_and_scanned(sheet);
    let view: OrderView = person.upload(EVIDENCE[1], scan).await.given();
    let file = view.evidence[1].file.clone().unwrap().id;
    let kept = house.town.data().join("evidence").join(format!("{file}.seal"));
    assert!(kept.exists());
    person.upload(EVIDENCE[1], picture::scan()).await.given::<OrderView>();
    assert!(!kept.exists(), "replaced");
    assert_eq!(person.browser.get(&seal_path(&file)).await.refused(404), DeskError::NotFound);
}
