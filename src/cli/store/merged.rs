//! A store all of whose pieces are there.

use crate::cli::store::found::{Found, Sink};
use crate::cli::store::pieces::Store;
use crate::error::Error;

/// All pieces of a store, of which every byte has been checked.
pub struct Merged {
    pub store: Store,
    pub found: Found,
}

impl Merged {
    /// Hands every piece from `from` on to `sink`, in order.
    pub fn pieces(&self, from: u64, sink: &mut OldSink<'_>) -> Result<(), Error> {
        let mut index = 0;
        let sink: &mut Sink<'_> = &mut |bytes: &[u8]| {
            index += 1;
            match index > from {
                true => sink(index - 1, bytes),
                false => Ok(()),
            }
        };
        self.found.each(&self.store, sink)
    }
}

/// Takes in the number of a piece and its bytes.
pub type OldSink<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Error> + 'a;
