//! Parcels on their way: where each is, as the courier says or dispatch takes down, shown to its applicant (R034, B24).

use super::DeskError;
use super::orders::OrderView;
use journey::moment::Moment;
use journey::order::Parcel;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// Where a parcel is. It only goes on, never back; what is in trouble may go on again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanState {
    Collected,
    InTransit,
    OutForDelivery,
    /// 疑难: nobody at home, an address that is none, late.
    Troubled,
    Delivered,
    /// The recipient would not take it; it is on its way back, or will be.
    Refused,
    Returned,
    Lost,
}

impl ScanState {
    pub const ALL: [ScanState; 8] = [
        ScanState::Collected,
        ScanState::InTransit,
        ScanState::OutForDelivery,
        ScanState::Troubled,
        ScanState::Delivered,
        ScanState::Refused,
        ScanState::Returned,
        ScanState::Lost,
    ];

    pub fn code(self) -> &'static str {
        match self {
            ScanState::Collected => "collected",
            ScanState::InTransit => "in_transit",
            ScanState::OutForDelivery => "out_for_delivery",
            ScanState::Troubled => "troubled",
            ScanState::Delivered => "delivered",
            ScanState::Refused => "refused",
            ScanState::Returned => "returned",
            ScanState::Lost => "lost",
        }
    }

    pub fn from_code(code: &str) -> Option<ScanState> {
        ScanState::ALL.into_iter().find(|state| state.code() == code)
    }

    pub fn title(self) -> &'static str {
        match self {
            ScanState::Collected => "快递已揽收",
            ScanState::InTransit => "运输中",
            ScanState::OutForDelivery => "派送中",
            ScanState::Troubled => "派送遇到问题",
            ScanState::Delivered => "快递已签收",
            ScanState::Refused => "已拒签",
            ScanState::Returned => "已退回",
            ScanState::Lost => "快件丢失",
        }
    }

    /// Whether dispatch may say that a parcel is there after it was at `before`: on its way the same again (another
    /// place), after its end nothing.
    pub fn may_follow(self, before: Option<ScanState>) -> bool {
        match before {
            Some(ScanState::Troubled) => self != ScanState::Collected,
            Some(before) if before <= ScanState::OutForDelivery => self >= before,
            before => self.may_come_after(before),
        }
    }

    /// Whether a courier may say so. Sorting centres come in any order and doors twice, but after its end a parcel goes
    /// nowhere, and what was refused is signed for by its sender alone.
    pub fn may_come_after(self, before: Option<ScanState>) -> bool {
        match before {
            Some(ScanState::Delivered | ScanState::Returned | ScanState::Lost) => false,
            Some(ScanState::Refused) => matches!(self, ScanState::Returned | ScanState::Lost),
            _ => true,
        }
    }

    /// Somebody at dispatch has something to do.
    pub fn wants_care(self) -> bool {
        matches!(self, ScanState::Troubled | ScanState::Refused | ScanState::Returned | ScanState::Lost)
    }
}

/// A courier that parcels go with, where the office asks one tracker for all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CourierView {
    pub name: String,
    /// Whose numbers have which shape: `journey::entry::waybill`.
    pub code: String,
}

/// That the courier is asked for news of a parcel; where nobody is asked, its way is taken down by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Following {
    /// When the courier last said something.
    pub heard_at: Option<Moment>,
    /// The applicant may ask again from then on.
    pub again_at: Option<Moment>,
    /// The courier finds nothing under this number.
    pub lost_track: bool,
    /// The courier's own page about it.
    pub page: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScanView {
    pub state: ScanState,
    /// Where, in a few words; may be empty.
    pub place: String,
    pub at: Moment,
}

/// A parcel that has left and is not confirmed yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParcelLine {
    pub number: String,
    /// Masked where it is a person's.
    pub holder_name: String,
    pub parcel: Parcel,
    pub last: Option<ScanView>,
    #[serde(default)]
    pub following: Option<Following>,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait ParcelsDesk: Send + Sync {
    async fn under_way(&self, caller: super::Caller) -> Result<Vec<ParcelLine>, DeskError>;
    async fn track(
        &self,
        caller: super::Caller,
        number: String,
        state: ScanState,
        place: String,
    ) -> Result<(), DeskError>;
    async fn couriers(&self, caller: super::Caller) -> Result<Vec<CourierView>, DeskError>;
    async fn ask_courier(&self, caller: super::Caller, number: String) -> Result<OrderView, DeskError>;
}

/// What has left and is not received, for dispatch.
#[server(prefix = "/api", endpoint = "dispatch/under_way", input = Json, output = Json)]
pub async fn parcels_under_way() -> Result<Vec<ParcelLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.parcels.under_way(caller).await)
}

/// Takes down where a parcel is, as the courier says.
#[server(prefix = "/api", endpoint = "dispatch/track", input = Json, output = Json)]
pub async fn track_parcel(number: String, state: ScanState, place: String) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.parcels.track(caller, number, state, place).await)
}

/// The couriers that parcels go with; empty: any, and their news is taken down by hand.
#[server(prefix = "/api", endpoint = "dispatch/couriers", input = Json, output = Json)]
pub async fn list_couriers() -> Result<Vec<CourierView>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.parcels.couriers(caller).await)
}

/// 刷新: the courier is asked now, so often.
#[server(prefix = "/api", endpoint = "orders/parcel/ask", input = Json, output = Json)]
pub async fn ask_courier(number: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.parcels.ask_courier(caller, number).await)
}

#[cfg(test)]
mod tests {
    use super::ScanState::*;

    #[test]
    fn a_parcel_never_goes_back() {
        assert!(Collected.may_follow(None) && InTransit.may_follow(Some(InTransit)));
        assert!(Lost.may_follow(Some(Collected)) && Returned.may_follow(Some(OutForDelivery)));
        assert!(!OutForDelivery.may_follow(Some(Delivered)), "签收 then 派件");
        assert!(InTransit.may_follow(Some(Troubled)) && Delivered.may_follow(Some(Troubled)));
        assert!(!Delivered.may_follow(Some(Refused)) && Returned.may_follow(Some(Refused)));
        assert!(!Collected.may_follow(Some(InTransit)) && !Delivered.may_follow(Some(Lost)));
    }

    #[test]
    fn a_courier_may_go_back_to_a_centre_and_never_from_an_end() {
        assert!(
            InTransit.may_come_after(Some(OutForDelivery)) && OutForDelivery.may_come_after(Some(Troubled))
        );
        for end in [Delivered, Returned, Lost] {
            assert!(super::ScanState::ALL.iter().all(|state| !state.may_come_after(Some(end))));
        }
        assert!(!Delivered.may_come_after(Some(Refused)), "the sender signs for what comes back");
    }
}
