//! The explorer's page as its hosts have it: a file that stands alone, a server, a notebook; and the engine behind the latter two.

pub mod desk;
pub mod file;
pub mod notebook;
pub mod page;
pub mod player;
pub mod ranked;

use crate::cli::shipped;
use crate::error::Error;
use crate::explore::Explorer;
use crate::explore::controls::RankedInputs;
use crate::explore::messages::{OpenRequest, OpenedScenario};
use crate::scenario::{Loaded, Request, load};
use std::path::Path;

/// What opens a scenario under the name that was typed; without an order of its inputs, in the one that comes with the program, if there is one.
pub fn request(typed: &str, loaded: &Loaded, ranked: Option<RankedInputs>) -> OpenRequest {
    let name = shown_name(typed);
    // A file is not what comes with the program, whatever it is called.
    let is_shipped = !Path::new(typed).is_file() && shipped::find(typed).is_some();
    OpenRequest {
        ranked: ranked.or_else(|| ranked::shipped(&name).filter(|_| is_shipped)),
        text: loaded.resolved.clone(),
        name,
    }
}

/// What opens a scenario of which the text alone is known; in the order that comes with the program, where it is one that does.
pub fn of_text(name: &str, text: &str) -> OpenRequest {
    let shipped = shipped::find(name).and_then(|shipped| {
        let mut base = |name: &str| {
            shipped::find(name).map_or_else(|| Err(String::new()), |one| Ok(one.text.to_owned()))
        };
        load(&Request::new(shipped.name, shipped.text), &mut base).ok()
    });
    let is_shipped = shipped.is_some_and(|loaded| loaded.resolved == text);
    OpenRequest {
        ranked: ranked::shipped(name).filter(|_| is_shipped),
        name: shown_name(name),
        text: text.to_owned(),
    }
}

/// A scenario that is explored, and what can be moved in it.
pub fn open(request: &OpenRequest) -> Result<(Explorer, OpenedScenario), Error> {
    Explorer::open(request.clone()).map_err(|refusal| Error::Unexplored {
        name: request.name.clone(),
        reason: refusal.message,
    })
}

/// The name of a scenario without its folders, of which readers elsewhere need not know.
fn shown_name(typed: &str) -> String {
    let path = Path::new(typed.strip_suffix(".toml").unwrap_or(typed));
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.map_or_else(|| typed.to_owned(), |name| name.into_owned())
}
