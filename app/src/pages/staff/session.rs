//! Who sits at the desk. One per browser tab, shared by all staff pages; the office decides, this only remembers.

use crate::desk::DeskError;
use crate::desk::staff::{StaffView, staff_sign_out, staff_who};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// Not asked yet.
    Unknown,
    Nobody,
    Staff(StaffView),
}

#[derive(Clone, Copy)]
pub struct Session {
    who: RwSignal<Who>,
    /// Said above the sign-in form: why it is here again.
    notice: RwSignal<Option<&'static str>>,
    /// Said once by the next page that opens: what the last one has done.
    said: RwSignal<Option<String>>,
    /// Something runs that must not be cut off by idleness (a key is being written).
    busy: RwSignal<bool>,
}

/// Called once by the app: the staff pages find the same session as they come and go.
pub fn provide_session() {
    provide_context(Session {
        who: RwSignal::new(Who::Unknown),
        notice: RwSignal::new(None),
        said: RwSignal::new(None),
        busy: RwSignal::new(false),
    });
}

pub fn use_session() -> Session {
    expect_context::<Session>()
}

impl Session {
    /// Asks the office who is signed in, unless that is known.
    pub fn find_out(self) {
        if self.who.get_untracked() != Who::Unknown {
            return;
        }
        spawn_local(async move {
            match staff_who().await {
                Ok(Some(staff)) => self.enter(staff),
                Ok(None) => self.who.set(Who::Nobody),
                Err(error) => {
                    self.notice.set(Some(crate::wording::staff::WHO_FAILED));
                    leptos::logging::warn!("who: {error}");
                    self.who.set(Who::Nobody);
                }
            }
        });
    }

    pub fn enter(self, staff: StaffView) {
        self.notice.set(None);
        self.who.set(Who::Staff(staff));
    }

    /// 退出登录: the office ends the session; this tab forgets it even where the office cannot be reached.
    pub fn leave(self, notice: Option<&'static str>) {
        self.notice.set(notice);
        self.who.set(Who::Nobody);
        spawn_local(async move {
            if let Err(error) = staff_sign_out().await {
                leptos::logging::warn!("sign out: {error}");
            }
        });
    }

    /// Every page hands its refusals through here: one of them means that the session is over.
    pub fn heed(self, error: &DeskError) {
        if *error == DeskError::SignInAgain {
            self.notice.set(Some(crate::wording::staff::SIGNED_OUT));
            self.who.set(Who::Nobody);
        }
    }

    pub fn who(self) -> Who {
        self.who.get()
    }

    /// For what is built anew with each change of person.
    pub fn who_now(self) -> Who {
        self.who.get_untracked()
    }

    pub fn notice(self) -> Option<&'static str> {
        self.notice.get()
    }

    /// Leaves a sentence for the page that opens next.
    pub fn say(self, sentence: String) {
        self.said.set(Some(sentence));
    }

    pub fn take_said(self) -> Option<String> {
        self.said.try_update_untracked(Option::take).flatten()
    }

    pub fn set_busy(self, busy: bool) {
        self.busy.set(busy);
    }

    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Without tracking.
    pub fn is_busy(self) -> bool {
        self.busy.get_untracked()
    }
}
