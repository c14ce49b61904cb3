//! Roles as the database writes them: codes with a space between.

use crate::store::StoreError;
use crate::store::staff::StaffRow;
use app::desk::staff::Role;

const ALL: [Role; 6] =
    [Role::Reviewer, Role::Producer, Role::Dispatcher, Role::Finance, Role::Registrar, Role::Custodian];

pub fn code(role: Role) -> &'static str {
    match role {
        Role::Reviewer => "reviewer",
        Role::Producer => "producer",
        Role::Dispatcher => "dispatcher",
        Role::Finance => "finance",
        Role::Registrar => "registrar",
        Role::Custodian => "custodian",
    }
}

pub fn write(roles: &[Role]) -> String {
    roles.iter().map(|role| code(*role)).collect::<Vec<_>>().join(" ")
}

/// # Errors
/// A word that is no role: written by a newer office, or by hand.
pub fn read(row: &StaffRow) -> Result<Vec<Role>, StoreError> {
    let known = |word: &str| {
        ALL.into_iter()
            .find(|role| code(*role) == word)
            .ok_or_else(|| StoreError::impossible("staff", "roles", &row.id, format!("no role {word}")))
    };
    row.roles.split_whitespace().map(known).collect()
}
