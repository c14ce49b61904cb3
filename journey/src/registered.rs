//! What a register says otherwise than the certificate (A19).

use crate::coded::coded;

coded! {
    /// The title is how a sentence to the holder names it.
    RegisteredFact {
        /// The organisation is struck off, revoked or closed.
        Status = "status" "登记状态",
        OrganisationName = "organisation_name" "单位名称",
        LegalPerson = "legal_person" "法定代表人信息",
        /// A person's name does not go with their number any more.
        PersonName = "person_name" "姓名",
    }
}
