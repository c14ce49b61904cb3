//! Samples beside the uploads (可参考下图, R021): drawings of what a good scan shows, with nobody's data on them.

use journey::evidence::EvidenceKind;
use leptos::prelude::*;

#[component]
pub fn Sample(kind: EvidenceKind) -> impl IntoView {
    let picture = match kind {
        EvidenceKind::BusinessLicence => licence().into_any(),
        EvidenceKind::LegalPersonId | EvidenceKind::HolderId => id_card().into_any(),
        EvidenceKind::Authorisation => letter("授权书").into_any(),
        EvidenceKind::SealSample => letter("采样表").into_any(),
        EvidenceKind::PaymentVoucher => letter("回单").into_any(),
    };
    view! {
        <figure class="sample">
            <svg viewBox="0 0 160 112" role="img" aria-label=format!("{}示例", kind.title())>{picture}</svg>
            <figcaption>"示例"</figcaption>
        </figure>
    }
}

/// Lines of writing: (x, y, width).
fn lines(rows: &'static [(u16, u16, u16)]) -> impl IntoView {
    rows.iter()
        .map(|(x, y, width)| view! { <rect class="sample-line" x=*x y=*y width=*width height="4" rx="2" /> })
        .collect_view()
}

fn seal(x: u16, y: u16) -> impl IntoView {
    view! {
        <g class="sample-seal" fill="none" stroke-width="2.5">
            <circle cx=x cy=y r="15" />
            <path d=format!("M{x} {}l2.4 5h5.2l-4.2 3.2 1.6 5.2-5-3.1-5 3.1 1.6-5.2-4.2-3.2h5.2z", y - 7) />
        </g>
    }
}

fn licence() -> impl IntoView {
    view! {
        <rect class="sample-paper" x="8" y="6" width="144" height="100" rx="3" />
        <rect class="sample-frame" x="14" y="12" width="132" height="88" rx="2" fill="none" />
        <text class="sample-title" x="80" y="31" text-anchor="middle">"营业执照"</text>
        {lines(&[(26, 42, 52), (26, 52, 64), (26, 62, 44), (26, 72, 58), (26, 82, 40)])}
        <rect class="sample-code" x="118" y="20" width="18" height="18" />
        {seal(116, 76)}
    }
}

fn id_card() -> impl IntoView {
    view! {
        <rect class="sample-paper" x="6" y="26" width="72" height="60" rx="5" />
        {lines(&[(13, 38, 24), (13, 48, 30), (13, 58, 26), (13, 74, 56)])}
        <rect class="sample-photo" x="52" y="36" width="20" height="28" rx="2" />
        <circle class="sample-face" cx="62" cy="46" r="5" />
        <path class="sample-face" d="M54 63c1-7 4-9 8-9s7 2 8 9z" />
        <rect class="sample-paper" x="84" y="26" width="70" height="60" rx="5" />
        <circle class="sample-emblem" cx="100" cy="44" r="8" />
        <text class="sample-small" x="130" y="48" text-anchor="middle">"居民身份证"</text>
        {lines(&[(94, 66, 50), (94, 76, 40)])}
    }
}

fn letter(title: &'static str) -> impl IntoView {
    view! {
        <rect class="sample-paper" x="38" y="4" width="84" height="104" rx="3" />
        <text class="sample-title" x="80" y="24" text-anchor="middle">{title}</text>
        {lines(&[(48, 34, 64), (48, 44, 64), (48, 54, 56), (48, 64, 40), (48, 88, 24)])}
        {seal(100, 84)}
    }
}
