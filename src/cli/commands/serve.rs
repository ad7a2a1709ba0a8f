//! `mufakat serve`: the explorer in a browser, or an exercise at a table, where that is built in.

use crate::cli::args::common::Common;
use crate::cli::args::serve::ServeArgs;
use crate::cli::exit::Status;
use crate::error::Error;

/// Serves a scenario until a signal comes.
#[cfg(feature = "serve")]
pub fn serve(args: &ServeArgs, common: &Common) -> Result<Status, Error> {
    use crate::cli::explorer::request;
    use crate::cli::server;
    use crate::cli::{output, source, tabletop};

    if args.tabletop.table || args.tabletop.replay.is_some() {
        tabletop::serve(args, common)?;
        return Ok(Status::Done);
    }
    let loaded = source::load_named(args.scenario(), &args.layers, common)?;
    let request = request(args.scenario(), &loaded, None);
    server::serve(request, args.port, common, |address| {
        output::result(&format!("{address}\n"))?;
        if !args.no_open && output::is_terminal() {
            server::browser::open(address);
        }
        output::note(common, "Ctrl-C ends it.\n");
        Ok(())
    })?;
    Ok(Status::Done)
}

/// Says how the program is built that serves.
#[cfg(not(feature = "serve"))]
pub fn serve(_: &ServeArgs, _: &Common) -> Result<Status, Error> {
    Err(Error::NoServer)
}
