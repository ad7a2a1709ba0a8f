//! What is at which address of a table: below each code the page of its role, what it sees, what it does, and word of every change.

use crate::cli::args::common::Common;
use crate::cli::driver::fold::in_pool;
use crate::cli::server::guard::guarded;
use crate::cli::server::routes::{Denied, asked};
use crate::cli::tabletop::codes::{TableCode, TableRole};
use crate::cli::tabletop::deeds::TableDeed;
use crate::cli::tabletop::guard::TableHost;
use crate::cli::tabletop::held::HeldGame;
use crate::cli::tabletop::pages::{JOIN_SCRIPT, TABLE_SCRIPTS, join, table};
use crate::explore::messages::Refusal;
use crate::explore::{of_json, to_json};
use crate::report::render::{html, markdown};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

const JSON: &str = "application/json";

/// How long who has no code waits for the word that there is nothing: codes cannot be tried in a row.
const UNKNOWN: Duration = Duration::from_millis(500);

/// A stream says that often that it is still there.
const STILL: Duration = Duration::from_secs(15);

/// What is said when the server ends.
const ENDS: u64 = u64::MAX;

/// What requests share.
pub struct TableSite {
    host: Arc<TableHost>,
    codes: Vec<TableCode>,
    held: Mutex<HeldGame>,
    changes: watch::Sender<u64>,
    common: Common,
}

impl TableSite {
    pub fn new(
        host: TableHost,
        codes: Vec<TableCode>,
        held: HeldGame,
        common: &Common,
    ) -> TableSite {
        TableSite {
            host: Arc::new(host),
            codes,
            changes: watch::Sender::new(held.version()),
            held: Mutex::new(held),
            common: common.clone(),
        }
    }

    /// Lets all streams end.
    pub fn end(&self) {
        self.changes.send_replace(ENDS);
    }

    fn role(&self, code: &str) -> Option<TableRole> {
        // All signs are looked at, so that how long it takes says nothing of how many are right.
        let same = |one: &TableCode| {
            let pairs = one.code.bytes().zip(code.bytes());
            let differ = pairs.fold(one.code.len() ^ code.len(), |all, (one, other)| {
                all | usize::from(one ^ other)
            });
            differ == 0
        };
        let found = self.codes.iter().find(|one| same(one));
        found.map(|one| one.role.clone())
    }

    /// Does something with the game on the threads of the engine. The lock is taken before them: threads that wait for it could not play.
    fn with<R: Send>(
        &self,
        work: impl FnOnce(&mut HeldGame) -> Result<R, Refusal> + Send,
    ) -> Result<R, Refusal> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held: &mut HeldGame = &mut held;
        let done = in_pool(&self.common, || Ok(work(held)));
        done.unwrap_or_else(|error| Err(Refusal::new(error.to_string())))
    }
}

/// All addresses of a table.
pub fn router(site: Arc<TableSite>) -> Router {
    Router::new()
        .route("/", get(|| async { Html(join()) }))
        .route(
            "/table-join.js",
            get(|| async { script(JOIN_SCRIPT.text).into_response() }),
        )
        .route("/{code}", get(to_page))
        .route("/{code}/", get(page))
        .route("/{code}/{file}", get(file))
        .route("/{code}/api/view", get(view))
        .route("/{code}/api/do", post(deed))
        .route("/{code}/api/changes", get(changes))
        .layer(from_fn_with_state(
            Arc::clone(&site.host),
            guarded::<TableHost>,
        ))
        .with_state(site)
}

/// The role of a code; of none, nothing after a while.
async fn role(site: &TableSite, code: &str) -> Result<TableRole, StatusCode> {
    match site.role(code) {
        Some(role) => Ok(role),
        None => {
            sleep(UNKNOWN).await;
            Err(StatusCode::NOT_FOUND)
        }
    }
}

async fn to_page(
    State(site): State<Arc<TableSite>>,
    Path(code): Path<String>,
) -> Result<Response, StatusCode> {
    role(&site, &code).await?;
    let to = [(LOCATION, format!("/{code}/"))];
    Ok((StatusCode::PERMANENT_REDIRECT, to).into_response())
}

async fn page(
    State(site): State<Arc<TableSite>>,
    Path(code): Path<String>,
) -> Result<Html<String>, StatusCode> {
    role(&site, &code).await?;
    Ok(Html(table()))
}

fn script(text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], text)
}

/// A script, or once it is over the debrief and, for whoever facilitated or replays, the log.
async fn file(
    State(site): State<Arc<TableSite>>,
    Path((code, file)): Path<(String, String)>,
) -> Result<Response, StatusCode> {
    let role = role(&site, &code).await?;
    if let Some(found) = TABLE_SCRIPTS.iter().find(|one| one.name == file) {
        return Ok(script(found.text).into_response());
    }
    let made = spawn_blocking(move || site.with(|held| written(held, &file, &role))).await;
    match made {
        Ok(Ok(Some((kind, text)))) => Ok(([(CONTENT_TYPE, kind)], text).into_response()),
        _ => Err(StatusCode::NOT_FOUND),
    }
}

/// A file for a reader with its kind; none of that name.
fn written(
    held: &mut HeldGame,
    file: &str,
    role: &TableRole,
) -> Result<Option<(&'static str, String)>, Refusal> {
    Ok(match file {
        "debrief.md" => Some((
            "text/markdown; charset=utf-8",
            markdown::render(&held.debrief()?),
        )),
        "debrief.html" => {
            let page = html::render(&held.debrief()?, None);
            let page = page.map_err(|error| Refusal::new(error.to_string()))?;
            Some(("text/html; charset=utf-8", page))
        }
        "log.jsonl" if role.facilitates() => Some(("application/jsonl; charset=utf-8", held.log())),
        _ => None,
    })
}

async fn view(
    State(site): State<Arc<TableSite>>,
    Path(code): Path<String>,
) -> Result<Response, StatusCode> {
    let role = role(&site, &code).await?;
    let seen = spawn_blocking(move || site.with(|held| held.view(&role))).await;
    match seen {
        Ok(Ok(view)) => Ok(([(CONTENT_TYPE, JSON)], to_json(&view)).into_response()),
        Ok(Err(refusal)) => Ok(Denied::of(refusal).into_response()),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn deed(
    State(site): State<Arc<TableSite>>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, StatusCode> {
    let role = role(&site, &code).await?;
    let bytes = match asked(request).await {
        Ok(bytes) => bytes,
        Err(denied) => return Ok(denied.into_response()),
    };
    let shared = Arc::clone(&site);
    let done = spawn_blocking(move || {
        let deed: TableDeed = of_json(&bytes)?;
        let event = deed.event(&role)?;
        shared.with(|held| {
            held.submit(&event)?;
            Ok(held.version())
        })
    });
    match done.await {
        Ok(Ok(version)) => {
            // The newest alone matters, and the end is never taken back.
            site.changes.send_if_modified(|now| {
                let newer = version > *now;
                if newer {
                    *now = version;
                }
                newer
            });
            Ok(([(CONTENT_TYPE, JSON)], to_json(&version)).into_response())
        }
        Ok(Err(refusal)) => Ok(Denied::of(refusal).into_response()),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// How much has happened, now and after each change.
async fn changes(
    State(site): State<Arc<TableSite>>,
    Path(code): Path<String>,
) -> Result<Response, StatusCode> {
    role(&site, &code).await?;
    let mut seen = site.changes.subscribe();
    seen.mark_changed();
    let events = unfold(seen, |mut seen| async {
        let said = match timeout(STILL, seen.changed()).await {
            Ok(Ok(())) => match *seen.borrow_and_update() {
                ENDS => return None,
                version => format!("data: {version}\n\n"),
            },
            Ok(Err(_)) => return None,
            Err(_) => ": still there\n\n".to_owned(),
        };
        Some((Ok::<_, Infallible>(said), seen))
    });
    let kind = [(CONTENT_TYPE, "text/event-stream")];
    Ok((kind, Body::from_stream(events)).into_response())
}
