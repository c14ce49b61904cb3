//! What the reviewer has marked for correction: fields and evidence, each with a reason and a note (退回补正).

use journey::event::{ReturnItem, ReturnReason, ReturnTarget};
use leptos::prelude::*;

#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub target: ReturnTarget,
    pub reason: ReturnReason,
    pub note: String,
}

impl Mark {
    /// The reason that fits most often stands chosen at first.
    fn fresh(target: ReturnTarget) -> Mark {
        let reason = match target {
            ReturnTarget::Field(_) => ReturnReason::Mismatch,
            ReturnTarget::Evidence(_) => ReturnReason::Unreadable,
        };
        Mark { target, reason, note: String::new() }
    }

    /// "Other" alone tells the applicant nothing.
    pub fn is_complete(&self) -> bool {
        self.reason != ReturnReason::Other || !self.note.trim().is_empty()
    }

    fn into_item(self) -> ReturnItem {
        let note = self.note.trim();
        ReturnItem {
            note: (!note.is_empty()).then(|| note.to_owned()),
            item: self.target,
            reason: self.reason,
        }
    }
}

/// The marks of one case while it is on the screen.
#[derive(Clone, Copy)]
pub struct Marks {
    list: RwSignal<Vec<Mark>>,
    /// Marking is switched on: each line shows its box.
    pub marking: RwSignal<bool>,
}

impl Marks {
    pub fn new() -> Marks {
        Marks { list: RwSignal::new(Vec::new()), marking: RwSignal::new(false) }
    }

    pub fn of(self, target: &ReturnTarget) -> Option<Mark> {
        self.list.with(|list| list.iter().find(|mark| mark.target == *target).cloned())
    }

    pub fn toggle(self, target: ReturnTarget) {
        self.list.update(|list| match list.iter().position(|mark| mark.target == target) {
            Some(place) => drop(list.remove(place)),
            None => list.push(Mark::fresh(target)),
        });
    }

    pub fn change(self, target: &ReturnTarget, change: impl FnOnce(&mut Mark)) {
        self.list.update(|list| {
            if let Some(mark) = list.iter_mut().find(|mark| mark.target == *target) {
                change(mark);
            }
        });
    }

    /// As they are now, without tracking.
    pub fn all(self) -> Vec<Mark> {
        self.list.get_untracked()
    }

    pub fn count(self) -> usize {
        self.list.with(Vec::len)
    }

    pub fn are_complete(self) -> bool {
        self.list.with(|list| !list.is_empty() && list.iter().all(Mark::is_complete))
    }

    pub fn items(self) -> Vec<ReturnItem> {
        self.all().into_iter().map(Mark::into_item).collect()
    }

    pub fn drop_all(self) {
        self.list.set(Vec::new());
        self.marking.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use journey::evidence::EvidenceKind;

    #[test]
    fn a_mark_becomes_an_item_and_other_wants_a_note() {
        let mut mark = Mark::fresh(ReturnTarget::Evidence(EvidenceKind::BusinessLicence));
        assert_eq!(mark.reason, ReturnReason::Unreadable);
        assert!(mark.is_complete());
        mark.reason = ReturnReason::Other;
        mark.note = "   ".into();
        assert!(!mark.is_complete());
        mark.note = " 缺少背面 ".into();
        assert!(mark.is_complete());
        let item = mark.into_item();
        assert_eq!(item.note.as_deref(), Some("缺少背面"));
        assert_eq!(item.item, ReturnTarget::Evidence(EvidenceKind::BusinessLicence));
        assert_eq!(Mark::fresh(ReturnTarget::Field("agent_phone".into())).into_item().note, None);
    }
}
