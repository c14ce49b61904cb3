//! Who causes an event.

use serde::{Deserialize, Serialize};

use crate::coded::coded;

/// The name of a member of staff in the office's own book; never a person's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffId(pub String);

/// Who reports the event. The door (`server/src/advance.rs`) sets it from the session, never from the request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "staff", rename_all = "snake_case")]
pub enum Actor {
    /// The agent or holder at the counter.
    Applicant,
    Reviewer(StaffId),
    Producer(StaffId),
    Dispatcher(StaffId),
    Finance(StaffId),
    /// A payment, message, bank or courier provider, after its signature was checked.
    Provider,
    /// The office's own clockwork: timers, the issuing desk, the sealed passcode.
    Office,
}

coded! {
    /// An actor without a name, as the table speaks of it.
    Role {
        Applicant = "applicant" "申请人",
        Reviewer = "reviewer" "审核员",
        Producer = "producer" "制证员",
        Dispatcher = "dispatcher" "发货员",
        Finance = "finance" "财务",
        Provider = "provider" "外部机构",
        Office = "office" "系统",
    }
}

impl Actor {
    pub const fn role(&self) -> Role {
        match self {
            Actor::Applicant => Role::Applicant,
            Actor::Reviewer(_) => Role::Reviewer,
            Actor::Producer(_) => Role::Producer,
            Actor::Dispatcher(_) => Role::Dispatcher,
            Actor::Finance(_) => Role::Finance,
            Actor::Provider => Role::Provider,
            Actor::Office => Role::Office,
        }
    }

    /// The member of staff, where one acts.
    pub const fn staff(&self) -> Option<&StaffId> {
        match self {
            Actor::Reviewer(staff)
            | Actor::Producer(staff)
            | Actor::Dispatcher(staff)
            | Actor::Finance(staff) => Some(staff),
            Actor::Applicant | Actor::Provider | Actor::Office => None,
        }
    }
}
