//! What the office answered: its status line and its body, both to be looked at.

use app::desk::DeskError;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// What was asked for.
    #[track_caller]
    pub fn given<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A no, with this status line.
    #[track_caller]
    pub fn refused(&self, status: u16) -> DeskError {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The rule book's no, by its reason code.
    #[track_caller]
    pub fn refusal(&self) -> &'static str {
        match self.refused(409) {
            DeskError::Refused(refusal) => refusal.code(),
            other => panic!("not the rule book's no: {other:?}"),
        }
    }

    /// The fields that do not hold, each with its code.
    #[track_caller]
    pub fn fields(&self) -> Vec<(String, String)> {
        match self.refused(422) {
            DeskError::Fields(fields) => fields.into_iter().map(|field| (field.field, field.code)).collect(),
            other => panic!("not about fields: {other:?}"),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
