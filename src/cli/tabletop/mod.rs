//! An exercise at a table, served: the facilitator, the delegations and the board each have an address that nobody can guess.
//!
//! It listens on 127.0.0.1 unless told otherwise. What happens is written to a log before it is shown; the log has no names and is enough to have
//! everything again.

mod codes;
mod deeds;
mod guard;
mod held;
mod log_file;
mod pages;
mod routes;

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::serve::ServeArgs;
use crate::cli::driver::fold::in_pool;
use crate::cli::explorer::request;
use crate::cli::server::listening::{END, answering, listening};
use crate::cli::tabletop::codes::{TableCode, TableRole, codes};
use crate::cli::tabletop::guard::TableHost;
use crate::cli::tabletop::held::HeldGame;
use crate::cli::tabletop::log_file::LogFile;
use crate::cli::tabletop::routes::{TableSite, router};
use crate::cli::{interrupt, output, server, source};
use crate::error::{Error, reason};
use crate::explore::messages::{OpenRequest, Refusal};
use crate::explore::tabletop::arena::TabletopChoice;
use crate::explore::tabletop::game::TabletopGame;
use crate::explore::tabletop::log::{TabletopEvent, events};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Serves an exercise, or the debrief of one, until a signal comes.
pub fn serve(args: &ServeArgs, common: &Common) -> Result<(), Error> {
    let held = match &args.tabletop.replay {
        Some(log) => replayed(args, log, common)?,
        None => started(args, common)?,
    };
    let listen = args.tabletop.listen;
    let address = SocketAddr::new(listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), args.port);
    let refused = |error: io::Error| Error::Listen {
        address,
        reason: reason(&error),
    };
    let stop = interrupt::watch();
    let (runtime, listener) = listening(address).map_err(refused)?;
    let host = TableHost {
        port: listener.local_addr().map_err(refused)?.port(),
        is_open: listen.is_some_and(|address| !address.is_loopback()),
    };
    let codes = codes(
        held.places(),
        held.is_written(),
        args.tabletop.alone.as_deref(),
    )
    .map_err(refused)?;
    let shown = SocketAddr::new(shown(address.ip()), host.port);
    announce(args, common, &codes, shown)?;
    let site = Arc::new(TableSite::new(host, codes, held, common));
    let is_over = || stop.load(Ordering::Relaxed);
    let router = router(Arc::clone(&site));
    runtime.block_on(answering(listener, router, is_over, || site.end()));
    runtime.shutdown_timeout(END);
    Ok(())
}

/// A new exercise with its log.
fn started(args: &ServeArgs, common: &Common) -> Result<HeldGame, Error> {
    let table = &args.tabletop;
    let loaded = source::load_named(args.scenario(), &layers(args), common)?;
    let request = request(args.scenario(), &loaded, None);
    let states = loaded.model.states.iter().map(|one| one.id.clone());
    let delegations = match (&table.alone, table.delegation.is_empty()) {
        (Some(state), _) => vec![state.clone()],
        (None, false) => table.delegation.clone(),
        (None, true) => states.collect(),
    };
    let choice = TabletopChoice {
        arm: table.accord.clone(),
        delegations,
        rounds: table.rounds,
        worlds: table.round_worlds,
        seed: args.layers.seed,
    };
    let refused = |refusal: Refusal| unplayed(&request, refusal);
    let start = choice.start(&request).map_err(refused)?;
    let game = in_pool(common, || {
        TabletopGame::new(&request, start).map_err(refused)
    })?;
    let log = LogFile::create(table.log_file.as_deref(), game.log())?;
    output::note(common, &format!("The log is {}.\n", log.name()));
    Ok(HeldGame::new(game, Some(log)))
}

/// An exercise as its log tells it.
fn replayed(args: &ServeArgs, log: &Path, common: &Common) -> Result<HeldGame, Error> {
    let text = std::fs::read_to_string(log).map_err(Error::unreadable(log))?;
    let name = log.display().to_string();
    let refused = |refusal: Refusal| Error::Unexplored {
        name: name.clone(),
        reason: refusal.message,
    };
    let first = events(text.lines().next().unwrap_or_default()).map_err(refused)?;
    let typed = match &first[..] {
        [TabletopEvent::Game(start)] if args.scenario.is_none() => start.scenario.as_str(),
        _ => args.scenario(),
    };
    let loaded = source::load_named(typed, &layers(args), common)?;
    let request = request(typed, &loaded, None);
    let game = in_pool(common, || {
        TabletopGame::replay(&request, &text).map_err(refused)
    })?;
    Ok(HeldGame::new(game, None))
}

/// Layers over the scenario but for its seed and worlds, which the log has: so its hash is that of any seed.
fn layers(args: &ServeArgs) -> Layers {
    Layers {
        trials: None,
        seed: None,
        ..args.layers.clone()
    }
}

fn unplayed(request: &OpenRequest, refusal: Refusal) -> Error {
    Error::Unexplored {
        name: request.name.clone(),
        reason: refusal.message,
    }
}

/// The address that others can ask: of all addresses of the machine the one from which it reaches others.
fn shown(listen: IpAddr) -> IpAddr {
    if !listen.is_unspecified() {
        return listen;
    }
    let reaches = || -> io::Result<IpAddr> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        // Nothing is sent; the address is one of those that are kept for examples.
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        Ok(socket.local_addr()?.ip())
    };
    reaches().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// Says who finds what where.
fn announce(
    args: &ServeArgs,
    common: &Common,
    codes: &[TableCode],
    shown: SocketAddr,
) -> Result<(), Error> {
    let width = codes.iter().map(|one| one.name.chars().count()).max();
    let width = width.unwrap_or(0);
    let lines = codes
        .iter()
        .map(|one| format!("{:width$}  http://{shown}/{}/\n", one.name, one.code));
    output::result(&lines.collect::<String>())?;
    if let Some(first) = codes.first()
        && !args.no_open
        && output::is_terminal()
    {
        server::browser::open(&format!("http://{shown}/{}/", first.code));
    }
    let has_delegations = codes
        .iter()
        .any(|one| matches!(one.role, TableRole::Delegation(_)));
    let join = match has_delegations {
        true => format!(
            "Give each delegation its address, or http://{shown}/ and the code at the end of it.\n"
        ),
        false => String::new(),
    };
    output::note(common, &format!("{join}Ctrl-C ends it.\n"));
    Ok(())
}
