//! Parcels on their way: where each is, taken down by dispatch, shown to its applicant (R034, B24).

use super::DeskError;
use journey::moment::Moment;
use journey::order::Parcel;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// Where a parcel is. It only goes on, never back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanState {
    Collected,
    InTransit,
    OutForDelivery,
    Delivered,
    Returned,
    Lost,
}

impl ScanState {
    pub const ALL: [ScanState; 6] = [
        ScanState::Collected,
        ScanState::InTransit,
        ScanState::OutForDelivery,
        ScanState::Delivered,
        ScanState::Returned,
        ScanState::Lost,
    ];

    pub fn code(self) -> &'static str {
        match self {
            ScanState::Collected => "collected",
            ScanState::InTransit => "in_transit",
            ScanState::OutForDelivery => "out_for_delivery",
            ScanState::Delivered => "delivered",
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
            ScanState::Delivered => "快递已签收",
            ScanState::Returned => "已退回",
            ScanState::Lost => "快件丢失",
        }
    }

    /// Whether a parcel may be there after it was at `before`: on its way the same again (another place), after its end
    /// nothing.
    pub fn may_follow(self, before: Option<ScanState>) -> bool {
        match before {
            None => true,
            Some(ScanState::Delivered | ScanState::Returned | ScanState::Lost) => false,
            Some(before) => self >= before,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::ScanState::*;

    #[test]
    fn a_parcel_never_goes_back() {
        assert!(Collected.may_follow(None) && InTransit.may_follow(Some(InTransit)));
        assert!(Lost.may_follow(Some(Collected)) && Returned.may_follow(Some(OutForDelivery)));
        assert!(!OutForDelivery.may_follow(Some(Delivered)), "签收 then 派件");
        assert!(!Collected.may_follow(Some(InTransit)) && !Delivered.may_follow(Some(Lost)));
    }
}
