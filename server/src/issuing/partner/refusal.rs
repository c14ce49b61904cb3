//! Why a partner's request is not served: a stable code, the sentence that says what to do, and what a programmer needs.

use crate::fault::Fault;
use app::desk::DeskError;
use app::desk::error::StandingRefusal;
use app::wording::desk_error;
use certificate::{KeyError, RequestError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartnerRefusal {
    Malformed(String),
    TooLarge,
    NumberInvalid,
    NumberTaken,
    InProgress,
    NotFound,
    /// No such address at this door.
    NoSuchAddress,
    OtherMethod,
    ProfileUnknown(String),
    NoIssuer(&'static str),
    SubjectInvalid(String),
    /// An identity code that does not stand in certificates here, or a value that it cannot have.
    IdentityInvalid(String),
    DaysInvalid,
    Request(RequestError),
    KeyTaken,
    Lint(String),
    /// A certificate that stands so does not go this way.
    Standing(StandingRefusal),
    ReasonUnknown,
    Busy,
    SignerAway,
}

impl PartnerRefusal {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            PartnerRefusal::Malformed(_) => "malformed",
            PartnerRefusal::TooLarge => "too_large",
            PartnerRefusal::NumberInvalid => "number_invalid",
            PartnerRefusal::NumberTaken => "number_taken",
            PartnerRefusal::InProgress => "in_progress",
            PartnerRefusal::NotFound => "not_found",
            PartnerRefusal::NoSuchAddress => "no_such_address",
            PartnerRefusal::OtherMethod => "other_method",
            PartnerRefusal::ProfileUnknown(_) => "profile_not_allowed",
            PartnerRefusal::NoIssuer(_) => "no_issuer",
            PartnerRefusal::SubjectInvalid(_) => "subject_invalid",
            PartnerRefusal::IdentityInvalid(_) => "identity_invalid",
            PartnerRefusal::DaysInvalid => "days_invalid",
            PartnerRefusal::Request(error) => error.code(),
            PartnerRefusal::KeyTaken => "key_taken",
            PartnerRefusal::Lint(_) => "lint",
            PartnerRefusal::Standing(refusal) => refusal.code(),
            PartnerRefusal::ReasonUnknown => "reason_unknown",
            PartnerRefusal::Busy => "busy",
            PartnerRefusal::SignerAway => "signer_away",
        }
    }

    /// For the person at the partner who reads the log.
    pub fn sentence(&self) -> String {
        let text = match self {
            PartnerRefusal::Malformed(_) => "请求内容不是本接口规定的 JSON，请按接口说明检查字段",
            PartnerRefusal::TooLarge => "请求内容过大，请检查证书请求后重新提交",
            PartnerRefusal::NumberInvalid => {
                "业务编号应为 1 至 64 位字母、数字、点、下划线或连字符，请修改后重新提交"
            }
            PartnerRefusal::NumberTaken => "该业务编号已用于另一内容的申请，请使用新的业务编号",
            PartnerRefusal::InProgress => "该业务编号正在办理，请稍后以相同内容重试",
            PartnerRefusal::NotFound => "没有该业务编号的证书，请核对业务编号",
            PartnerRefusal::NoSuchAddress => "没有这个接口地址，请按接口说明核对路径",
            PartnerRefusal::OtherMethod => "该接口地址不支持此请求方法，请按接口说明更换方法",
            PartnerRefusal::ProfileUnknown(_) => "贵机构不能申请该证书模板，请核对模板名称或联系我们开通",
            PartnerRefusal::NoIssuer(_) => "本系统没有签发该类密钥证书的机构，请使用 SM2 密钥",
            PartnerRefusal::SubjectInvalid(_) => "证书主体不符合要求，请检查各项名称后重新提交",
            PartnerRefusal::IdentityInvalid(_) => {
                "身份标识不能写入证书，请核对标识名称和内容，或联系我们开通"
            }
            PartnerRefusal::DaysInvalid => "有效天数应为正整数，请修改后重新提交",
            PartnerRefusal::Request(error) => return error.to_string(),
            PartnerRefusal::KeyTaken => "该公钥已用于其他主体的证书，请重新生成密钥和证书请求",
            PartnerRefusal::Lint(_) => "按申请内容签发的证书不合规，请按说明修改申请内容",
            PartnerRefusal::Standing(refusal) => return desk_error(&DeskError::Standing(*refusal)),
            PartnerRefusal::ReasonUnknown => "吊销原因不正确，请按接口说明填写",
            PartnerRefusal::Busy => "系统繁忙，请稍后重试",
            PartnerRefusal::SignerAway => "签名服务暂时不可用，请稍后以相同业务编号重试",
        };
        text.to_owned()
    }

    /// For the programmer at the partner; empty where the code says all.
    pub fn detail(&self) -> &str {
        match self {
            PartnerRefusal::Malformed(detail)
            | PartnerRefusal::ProfileUnknown(detail)
            | PartnerRefusal::SubjectInvalid(detail)
            | PartnerRefusal::IdentityInvalid(detail)
            | PartnerRefusal::Lint(detail) => detail,
            PartnerRefusal::NoIssuer(kind) => kind,
            _ => "",
        }
    }
}

impl From<RequestError> for PartnerRefusal {
    fn from(error: RequestError) -> PartnerRefusal {
        PartnerRefusal::Request(error)
    }
}

impl From<KeyError> for PartnerRefusal {
    fn from(error: KeyError) -> PartnerRefusal {
        PartnerRefusal::Request(RequestError::Key(error))
    }
}

/// A refusal, or a fault of ours that a partner hears only a number of.
#[derive(Debug)]
pub enum PartnerFault {
    Refused(PartnerRefusal),
    Broken(String),
}

impl From<PartnerRefusal> for PartnerFault {
    fn from(refusal: PartnerRefusal) -> PartnerFault {
        PartnerFault::Refused(refusal)
    }
}

impl From<Fault> for PartnerFault {
    fn from(fault: Fault) -> PartnerFault {
        match fault {
            Fault::NotFound => PartnerRefusal::NotFound.into(),
            Fault::Standing(refusal) => PartnerRefusal::Standing(refusal).into(),
            other => PartnerFault::Broken(other.to_string()),
        }
    }
}
