//! The wire to one key: an APDU goes in, the answer with its status word comes out.

use crate::KeyError;

/// One exchange at a time (`&mut self`). A channel is open until it says `Removed`; then it is finished for good, even if
/// the key comes back. Futures need not be `Send`: the same trait serves the browser, where none is.
#[allow(async_fn_in_trait)]
pub trait Channel {
    /// `apdu` is a command of ISO 7816-4, short or extended. Never repeats it.
    async fn exchange(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError>;
}
