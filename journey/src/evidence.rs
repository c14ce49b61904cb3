//! What must be uploaded (鉴证资料), by service, party and route.

use crate::{
    coded::coded,
    entry::identity_document::IdentityDocument,
    party::Party::{self, Organisation, Person},
    route::Route::{self, Usual, WithEvidence},
    service::Service::{self, Application, Modification, Renewal, Replacement},
};

coded! {
    /// One upload. Each kind holds one file; a new one takes the place of the old.
    EvidenceKind {
        BusinessLicence = "business_licence" "营业执照扫描件",
        LegalPersonId = "legal_person_id" "法人身份证扫描件",
        Authorisation = "authorisation" "法人授权书",
        HolderId = "holder_id" "申请人身份证原件扫描件",
        SealSample = "seal_sample" "个人签章图片",
        PaymentVoucher = "payment_voucher" "付款凭证",
    }
}

impl EvidenceKind {
    /// What the upload must show.
    pub const fn hint(self) -> &'static str {
        match self {
            EvidenceKind::BusinessLicence => "请上传营业执照原件的彩色扫描件或照片,四角完整、文字清晰。",
            EvidenceKind::LegalPersonId => "请将法人身份证人像面与国徽面放在同一页后扫描上传。",
            EvidenceKind::Authorisation => "请下载模板填写,由法人签字并加盖公章后扫描上传。",
            EvidenceKind::HolderId => "请将申请人身份证原件人像面与国徽面放在同一页后扫描上传。",
            EvidenceKind::SealSample => "请下载《个人签章采样表》,签名或盖个人印章并加盖公章后扫描上传。",
            EvidenceKind::PaymentVoucher => "请上传银行回单或转账截图,须能看清付款户名、金额与日期。",
        }
    }
}

/// The title where the holder shows another document than an identity card (A50).
pub const fn title_for(kind: EvidenceKind, document: IdentityDocument) -> &'static str {
    use IdentityDocument::*;
    match (kind, document) {
        (EvidenceKind::HolderId, Passport) => "申请人护照原件扫描件",
        (EvidenceKind::HolderId, HongKongMacaoPermit) => "申请人港澳居民来往内地通行证原件扫描件",
        (EvidenceKind::HolderId, TaiwanPermit) => "申请人台湾居民来往大陆通行证原件扫描件",
        (kind, _) => kind.title(),
    }
}

/// What the upload must show of this document.
pub const fn hint_for(kind: EvidenceKind, document: IdentityDocument) -> &'static str {
    use IdentityDocument::*;
    match (kind, document) {
        (EvidenceKind::HolderId, Passport) => {
            "请上传护照原件的照片资料页,四角完整,姓名、号码与底部两行字符清晰可读。"
        }
        (EvidenceKind::HolderId, HongKongMacaoPermit | TaiwanPermit) => {
            "请将通行证原件的正面与背面放在同一页后扫描上传。"
        }
        (kind, _) => kind.hint(),
    }
}

/// What this way demands, in the order the page asks for it; empty where nothing is uploaded.
///
/// R020, R039, R040, R094, R105, R111. A45 for the modification that the registry does not confirm.
pub const fn required(service: Service, party: Party, route: Route) -> &'static [EvidenceKind] {
    use EvidenceKind::*;
    match (service, party, route) {
        (Application, Organisation, Usual) => &[BusinessLicence, LegalPersonId, Authorisation],
        (Application, Person, Usual) => &[HolderId, SealSample],
        (Replacement, Organisation, Usual) => &[BusinessLicence, LegalPersonId, PaymentVoucher],
        (Replacement, Person, Usual) => &[HolderId],
        (Renewal | Modification, Organisation, WithEvidence) => {
            &[BusinessLicence, LegalPersonId, Authorisation]
        }
        (Renewal | Modification, Person, WithEvidence) => &[HolderId],
        _ => &[],
    }
}
