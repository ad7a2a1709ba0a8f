//! Ctrl-C and SIGTERM: the first asks for an orderly end, a second ends the program at once.

use crate::error::INTERRUPTED;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A flag that becomes true at the first signal. Where signals cannot be watched it stays false, and a signal ends the
/// program as usual.
pub fn watch() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // The order matters: the first signal finds the flag unset, passes the shutdown and sets it.
        let _ =
            flag::register_conditional_shutdown(signal, i32::from(INTERRUPTED), Arc::clone(&stop));
        let _ = flag::register(signal, Arc::clone(&stop));
    }
    stop
}
