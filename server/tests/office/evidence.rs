//! Uploads: what a file is, what is left of it, where it lies, and who may look (R020, R136; threats 6, 12, 13).

use crate::applicant::Applicant;
use crate::house::House;
use crate::picture;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::error::FileRefusal;
use app::desk::evidence::{LIMIT_BYTES, LIMIT_PIXELS, MIN_EDGE_PX, picture_path, upload_path};
use app::desk::orders::OrderView;
use futures::future::join_all;
use image::ImageFormat;
use journey::evidence::EvidenceKind;
use journey::order::Standing;
use journey::step::Step;
use reqwest::Method;
use std::path::Path;

const LICENCE: EvidenceKind = EvidenceKind::BusinessLicence;

async fn at_evidence(house: &House) -> Applicant {
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Evidence).await;
    applicant
}

fn file_of(view: &OrderView, kind: EvidenceKind) -> Option<String> {
    view.evidence.iter().find(|one| one.kind == kind)?.file.as_ref().map(|file| file.id.clone())
}

/// The sealed files that lie beside the database.
fn on_disk(house: &House) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(house.town.data().join("evidence")).unwrap();
    files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[tokio::test]
async fn r136_a_polyglot_comes_back_as_a_picture_and_nothing_else() {
    let house = House::open().await;
    let mut applicant = at_evidence(&house).await;
    let polyglot = picture::polyglot();
    assert!(holds(&polyglot, b"Exif") && holds(&polyglot, b"evil.exe"));
    let view: OrderView = applicant.upload(LICENCE, polyglot.clone()).await.given();
    let shown = applicant.browser.get(&picture_path(&file_of(&view, LICENCE).unwrap())).await;
    assert_eq!(shown.status, 200);
    for word in [&b"Exif"[..], b"SecretCam", b"<?php", b"<script", b"PK\x03\x04", b"evil.exe", b"<html"] {
        assert!(!holds(&shown.body, word), "{} survived", String::from_utf8_lossy(word));
    }
    let picture = image::load_from_memory(&shown.body).unwrap();
    assert_eq!((picture.width(), picture.height()), (360, 320));
    // Served so that no browser makes more of it than a picture.
    let header = |name: &str| shown.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin");
}

#[tokio::test]
async fn r136_what_is_no_picture_is_refused_with_its_reason() {
    let house = House::open().await;
    let mut applicant = at_evidence(&house).await;
    let too_small = picture::encoded(299, 400, ImageFormat::Png);
    let torn = picture::scan()[..600].to_vec();
    let cases: [(&str, Vec<u8>, u16, FileRefusal); 9] = [
        ("a page", b"<html><script>alert(1)</script></html>".to_vec(), 415, FileRefusal::WrongType),
        ("a PDF", b"%PDF-1.7\n1 0 obj".to_vec(), 415, FileRefusal::WrongType),
        (
            "a drawing",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>".to_vec(),
            415,
            FileRefusal::WrongType,
        ),
        ("a GIF with an archive", b"GIF89a/*PK\x03\x04*/".to_vec(), 415, FileRefusal::WrongType),
        ("nothing", Vec::new(), 415, FileRefusal::WrongType),
        ("only a beginning", torn, 422, FileRefusal::Unreadable),
        ("a pixel bomb", picture::pixel_bomb(), 422, FileRefusal::TooManyPixels { limit: LIMIT_PIXELS }),
        ("a stamp", too_small, 422, FileRefusal::TooSmall { min_edge_px: MIN_EDGE_PX }),
        (
            "too much",
            vec![0xff; 8 * 1024 * 1024 + 1],
            413,
            FileRefusal::TooLarge { limit_bytes: LIMIT_BYTES },
        ),
    ];
    for (what, file, status, refusal) in cases {
        let answer = applicant.upload(LICENCE, file).await;
        assert_eq!(answer.refused(status), DeskError::File(refusal), "{what}");
    }
    let view = applicant.see().await;
    assert_eq!(file_of(&view, LICENCE), None);
    assert!(on_disk(&house).is_empty(), "nothing of it is kept");
}

#[tokio::test]
async fn r136_many_pixel_bombs_at_once_leave_the_office_answering() {
    let house = House::open().await;
    let applicant = at_evidence(&house).await;
    let path = upload_path(&applicant.number, LICENCE);
    let bombs = (0..20).map(|_| {
        let browser = applicant.browser.copy();
        let request = browser.ours(Method::POST, &path).body(picture::pixel_bomb());
        async move { browser.send(request).await.status }
    });
    let health = async {
        let begun = std::time::Instant::now();
        let status = house.town.browser().get("/healthz").await.status;
        (status, begun.elapsed())
    };
    let (statuses, (healthy, took)) = tokio::join!(join_all(bombs), health);
    assert!(statuses.iter().all(|status| *status == 422), "{statuses:?}");
    assert!(healthy == 200 && took.as_millis() < 2_000, "{took:?}");
}

#[tokio::test]
async fn r136_evidence_lies_sealed_and_goes_when_it_is_replaced() {
    let house = House::open().await;
    let mut applicant = at_evidence(&house).await;
    let first: OrderView = applicant.upload(LICENCE, picture::scan()).await.given();
    let second: OrderView = applicant.upload(LICENCE, picture::png()).await.given();
    let (first, second) = (file_of(&first, LICENCE).unwrap(), file_of(&second, LICENCE).unwrap());
    assert_ne!(first, second);
    assert_eq!(applicant.browser.get(&picture_path(&first)).await.refused(404), DeskError::NotFound);
    assert_eq!(applicant.browser.get(&picture_path(&second)).await.headers["content-type"], "image/png");
    let kept = on_disk(&house);
    assert_eq!(kept.len(), 1, "the first one's bytes are gone");
    assert!(!holds(&kept[0], b"PNG") && !holds(&kept[0], b"IDAT") && !holds(&kept[0], &[0xff, 0xd8, 0xff]));
    // Exchanged bytes do not open: each is sealed to its own name.
    applicant.upload(EvidenceKind::LegalPersonId, picture::scan()).await.given::<OrderView>();
    let folder = house.town.data().join("evidence");
    let other = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let other = other.into_iter().find(|path| path.file_name() != Path::new(&second).file_name()).unwrap();
    std::fs::copy(&other, folder.join(&second)).unwrap();
    let broken = applicant.browser.get(&picture_path(&second)).await;
    assert!(matches!(broken.refused(500), DeskError::Broken { .. }));
    // Taken back: nothing stays.
    applicant.take_back(EvidenceKind::LegalPersonId).await.given::<OrderView>();
    assert_eq!(on_disk(&house).len(), 1);
    assert_eq!(applicant.submit().await.refusal(), "evidence_missing");
}

#[tokio::test]
async fn r136_a_stranger_sees_no_picture() {
    let house = House::open().await;
    let mut applicant = at_evidence(&house).await;
    let view: OrderView = applicant.upload(LICENCE, picture::scan()).await.given();
    let path = picture_path(&file_of(&view, LICENCE).unwrap());
    assert_eq!(house.town.browser().get(&path).await.refused(401), DeskError::SignInAgain);
    let mut stranger = house.applicant();
    stranger.start().await.given::<String>();
    assert_eq!(stranger.browser.get(&path).await.refused(404), DeskError::NotFound);
    house.staffed().await;
    assert_eq!(house.producer().await.browser.get(&path).await.refused(403), DeskError::NotYourDesk);
    // Nor is there another way to the folder.
    for path in
        ["/files/evidence/..%2foffice.db", "/files/evidence/%2e%2e%2fmaster.key", "/evidence/", "/office.db"]
    {
        assert_ne!(applicant.browser.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn r020_only_what_is_asked_when_it_is_asked() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Confirm).await;
    assert_eq!(
        applicant.upload(LICENCE, picture::scan()).await.refusal(),
        "not_here",
        "R035: before its step"
    );
    applicant.confirm().await.given::<OrderView>();
    let other = applicant.upload(EvidenceKind::SealSample, picture::scan()).await;
    assert_eq!(other.refusal(), "evidence_not_asked");
    let request =
        applicant.browser.ours(Method::POST, &format!("/files/evidence/{}/passport", applicant.number));
    assert_eq!(applicant.browser.send(request.body(picture::scan())).await.refused(404), DeskError::NotFound);
    assert!(on_disk(&house).is_empty());
    applicant.upload_all().await;
    let before = applicant.version;
    applicant.submit().await.given::<OrderView>();
    assert_eq!(applicant.upload(LICENCE, picture::scan()).await.refusal(), "not_here", "after its step");
    assert_eq!(applicant.take_back(LICENCE).await.refusal(), "not_here");
    // R158: a page that is behind.
    applicant.version = before;
    assert_eq!(applicant.upload(LICENCE, picture::scan()).await.refused(409), DeskError::Changed);
    assert_eq!(on_disk(&house).len(), 3);
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::PhoneCheck));
}

#[tokio::test]
async fn r158_two_tabs_that_upload_the_same_at_once_leave_one_file() {
    let house = House::open().await;
    let mut applicant = at_evidence(&house).await;
    let path = upload_path(&applicant.number, LICENCE);
    let tabs = (0..6).map(|_| {
        let browser = applicant.browser.copy();
        let request = browser.ours(Method::POST, &path).header("x-order-version", applicant.version);
        let request = request.body(picture::scan());
        async move { browser.send(request).await }
    });
    let answers = join_all(tabs).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.refused(409), DeskError::Changed);
    }
    assert_eq!(on_disk(&house).len(), 1);
    assert!(file_of(&applicant.see().await, LICENCE).is_some());
}
