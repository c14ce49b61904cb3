//! Which steps an order walks, and in which order (A01). All data.

use crate::{
    party::Party::{self, Organisation, Person},
    route::Route::{self, ByIdentity, ContactsOnly, Usual, WithEvidence},
    service::Service::{self, Application, Modification, Renewal, Replacement, Resumption, Unblock},
    step::Step::{self, *},
};

/// The steps of one way through one service; empty where the office does not offer that way.
pub const fn itinerary(service: Service, party: Party, route: Route) -> &'static [Step] {
    match (service, party, route) {
        // R035: the organisation confirms before it uploads …
        (Application, Organisation, Usual) => &[
            Details, Confirm, Evidence, PhoneCheck, Payment, Review, Passcode, Production, Dispatch, Receipt,
        ],
        // … a person uploads before confirming (R042, R043).
        (Application, Person, Usual) => &[
            Details, Evidence, Confirm, PhoneCheck, Payment, Review, Passcode, Production, Dispatch, Receipt,
        ],
        // R066: no upload, no review, no shipping.
        // A20: too late for a renewal, so an application's steps, and the key that its holder has.
        (Renewal, _, WithEvidence) => {
            &[KeyLogin, Details, Confirm, Evidence, PhoneCheck, Payment, Review, Issuing, Loading]
        }
        (Renewal, _, Usual) => &[KeyLogin, Details, PhoneCheck, Confirm, Payment, Issuing, Loading],
        (Unblock, _, Usual) => &[KeyPresence, Details, PhoneCheck, PinReset],
        (Unblock, _, ByIdentity) => &[KeyPresence, Details, IdentityCheck, PinReset],
        // R097: the voucher among the evidence replaces the payment; finance settles it before production (A36).
        (Replacement, Organisation, Usual) => &[
            Record, Details, Confirm, Evidence, Signature, Review, Settlement, Passcode, Production,
            Dispatch, Receipt,
        ],
        (Replacement, Person, Usual) => {
            &[Record, Details, Evidence, Signature, Payment, Review, Passcode, Production, Dispatch, Receipt]
        }
        // R111, R115, R116: no materials, no payment, the same for both parties.
        (Modification, _, Usual) => &[KeyLogin, Details, PhoneCheck, Issuing, Loading],
        (Modification, _, WithEvidence) => {
            &[KeyLogin, Details, PhoneCheck, Evidence, Review, Issuing, Loading]
        }
        (Modification, _, ContactsOnly) => &[KeyLogin, Details, PhoneCheck],
        (Modification, _, ByIdentity) => &[KeyLogin, Details, IdentityCheck],
        // B01: no key is shown, for nobody knows yet in whose hand it is; identity alone lifts the hold.
        (Resumption, _, Usual) => &[Record, Details, IdentityCheck],
        _ => &[],
    }
}

/// Every way the office offers, for documents and tests.
pub fn offered() -> impl Iterator<Item = (Service, Party, Route)> {
    Service::ALL.iter().flat_map(|&service| {
        Party::ALL.iter().flat_map(move |&party| {
            Route::ALL
                .iter()
                .map(move |&route| (service, party, route))
                .filter(|&(service, party, route)| !itinerary(service, party, route).is_empty())
        })
    })
}
