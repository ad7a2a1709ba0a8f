//! The explorer in a browser, played by this program: one page, one scenario, on this machine alone.
//!
//! It listens on 127.0.0.1, and every address begins with a token that only whoever started it knows. One thread has the engine; requests ask it
//! and wait. Who does not wait any more ends what is played for him.

pub mod browser;
pub mod connections;
pub mod guard;
pub mod listening;
pub mod routes;
mod seats;

use crate::cli::args::common::Common;
use crate::cli::driver::fold::in_pool;
use crate::cli::explorer::open;
use crate::cli::explorer::player::play;
use crate::cli::interrupt;
use crate::cli::server::guard::LocalAddress;
use crate::cli::server::listening::{END, answering, listening};
use crate::cli::server::routes::{Site, router};
use crate::error::{Error, reason};
use crate::explore::messages::OpenRequest;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// Bytes of a token: 128 bits.
const TOKEN: usize = 16;

/// Serves a scenario until a signal comes; says its address once it can be asked.
pub fn serve(
    request: OpenRequest,
    port: u16,
    common: &Common,
    ready: impl FnOnce(&str) -> Result<(), Error>,
) -> Result<(), Error> {
    let refused = |error: io::Error| Error::Port {
        port,
        reason: reason(&error),
    };
    let stop = interrupt::watch();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (runtime, listener) = listening(address).map_err(refused)?;
    let local = LocalAddress {
        port: listener.local_addr().map_err(refused)?.port(),
        token: token().map_err(refused)?,
    };
    let (jobs, asked) = mpsc::channel();
    let (_, opened) = open(&request)?;
    let site = Arc::new(Site::new(local, (&request, &opened), jobs, common));
    let player = runtime.spawn_blocking({
        let common = common.clone();
        move || in_pool(&common, || play(&request, asked))
    });
    ready(&site.local.page())?;
    let is_over = || stop.load(Ordering::Relaxed) || player.is_finished();
    let router = router(Arc::clone(&site));
    runtime.block_on(answering(listener, router, is_over, || {
        site.seats.leave_all();
    }));
    site.seats.leave_all();
    drop(site);
    ended(runtime, player)
}

/// What the player ended with, if it ended by itself.
fn ended(runtime: Runtime, player: JoinHandle<Result<(), Error>>) -> Result<(), Error> {
    let result = match player.is_finished() {
        true => runtime.block_on(player).unwrap_or(Ok(())),
        false => Ok(()),
    };
    runtime.shutdown_timeout(END);
    result
}

/// A token that nobody can guess, in hexadecimal digits.
fn token() -> io::Result<String> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
