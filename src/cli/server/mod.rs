//! The explorer in a browser, played by this program: one page, one scenario, on this machine alone.
//!
//! It listens on 127.0.0.1, and every address begins with a token that only whoever started it knows. One thread has the engine; requests ask it
//! and wait. Who does not wait any more ends what is played for him.

pub mod browser;
pub mod connections;
mod desk;
pub mod guard;
mod player;
pub mod routes;
mod seats;

use crate::cli::args::common::Common;
use crate::cli::driver::fold::in_pool;
use crate::cli::explorer::open;
use crate::cli::interrupt;
use crate::cli::server::connections::Connections;
use crate::cli::server::guard::LocalAddress;
use crate::cli::server::player::play;
use crate::cli::server::routes::{Site, router};
use crate::error::{Error, reason};
use crate::explore::messages::OpenRequest;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Bytes of a token: 128 bits.
const TOKEN: usize = 16;

/// How often a signal is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// How long answers under way have to end.
const END: Duration = Duration::from_secs(2);

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
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(refused)?;
    let listener = runtime.block_on(TcpListener::bind(SocketAddr::from((
        Ipv4Addr::LOCALHOST,
        port,
    ))));
    let listener = listener.map_err(refused)?;
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
    runtime.block_on(until(&stop, listener, Arc::clone(&site), &player));
    site.seats.leave_all();
    drop(site);
    ended(runtime, player)
}

/// Answers requests until a signal comes or nobody plays any more.
async fn until(
    stop: &AtomicBool,
    listener: TcpListener,
    site: Arc<Site>,
    player: &JoinHandle<Result<(), Error>>,
) {
    let (end, ends) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(Connections::new(listener), router(Arc::clone(&site)));
    let server = server.with_graceful_shutdown(async {
        // Its other end goes away with the signal.
        let _ = ends.await;
    });
    let server = tokio::spawn(server.into_future());
    while !stop.load(Ordering::Relaxed) && !player.is_finished() && !server.is_finished() {
        sleep(LOOK).await;
    }
    site.seats.leave_all();
    drop(end);
    // Who still holds a connection then loses it.
    let _ = timeout(END, server).await;
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
