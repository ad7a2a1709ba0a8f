//! A store all of whose pieces are there.

use crate::cli::store::found::Found;
use crate::cli::store::pieces::Store;

/// All pieces of a store, of which every byte has been checked.
pub struct Merged {
    pub store: Store,
    pub found: Found,
}
