//! A server from its first request to a signal: where it listens, and how it ends.

use crate::cli::server::connections::Connections;
use axum::Router;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// How often a signal is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// How long answers under way have to end.
pub const END: Duration = Duration::from_secs(2);

/// Listens at an address, on a port that the system chooses where it is 0.
pub fn listening(address: SocketAddr) -> io::Result<(Runtime, TcpListener)> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let listener = runtime.block_on(TcpListener::bind(address))?;
    Ok((runtime, listener))
}

/// Answers requests until it is over; then `leave` lets those who wait go.
pub async fn answering(
    listener: TcpListener,
    router: Router,
    is_over: impl Fn() -> bool,
    leave: impl FnOnce(),
) {
    let (end, ends) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(Connections::new(listener), router);
    let server = server.with_graceful_shutdown(async {
        // Its other end goes away with the signal.
        let _ = ends.await;
    });
    let server = tokio::spawn(server.into_future());
    while !is_over() && !server.is_finished() {
        sleep(LOOK).await;
    }
    leave();
    drop(end);
    // Who still holds a connection then loses it.
    let _ = timeout(END, server).await;
}
