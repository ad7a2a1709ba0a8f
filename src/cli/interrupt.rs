//! Ctrl-C and SIGTERM: the first asks for an orderly end, a second ends the program at once.

use crate::cli::args::common::Common;
use crate::error::INTERRUPTED;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The flag of whoever holds the program; else one that becomes true at the first signal.
pub fn stop_of(common: &Common) -> Arc<AtomicBool> {
    match &common.host {
        Some(host) => Arc::clone(&host.stop),
        None => watch(),
    }
}

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
