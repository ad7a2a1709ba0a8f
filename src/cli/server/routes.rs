//! What is at which address, and how requests become errands of the player.

use crate::cli::args::common::Common;
use crate::cli::driver::fold::in_pool;
use crate::cli::explorer::page::{PageParts, SCRIPTS, sent};
use crate::cli::explorer::player::{Errand, PageCall, PageQuestion, Refused, Said, searched};
use crate::cli::server::guard::{LARGEST, LocalAddress, guarded};
use crate::cli::server::seats::{Leaves, Seat, Seats};
use crate::explore::messages::{OpenRequest, OpenedScenario, Refusal};
use crate::explore::{of_json, to_json};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::unfold;
use serde_json::json;
use std::convert::Infallible;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

const JSON: &str = "application/json";

/// How long what is asked may take to arrive.
const ARRIVES: Duration = Duration::from_secs(10);

/// What requests share.
pub struct Site {
    pub local: Arc<LocalAddress>,
    pub seats: Seats,
    page: String,
    opened: Bytes,
    request: OpenRequest,
    common: Common,
    errands: Mutex<Sender<Errand>>,
}

impl Site {
    pub fn new(
        local: LocalAddress,
        (request, opened): (&OpenRequest, &OpenedScenario),
        errands: Sender<Errand>,
        common: &Common,
    ) -> Site {
        let page = sent(&PageParts {
            title: &opened.title,
            host: &json!({"kind": "server"}),
            fixed: "<p>This page needs scripts.</p>",
            rules: "",
        });
        Site {
            local: Arc::new(local),
            seats: Seats::new(),
            page,
            opened: to_json(opened).into(),
            request: request.clone(),
            common: common.clone(),
            errands: Mutex::new(errands),
        }
    }

    /// A seat; else why there is none.
    fn seat(&self, page: Option<String>) -> Result<Arc<Seat>, Denied> {
        let why = "too much is asked at once; ask again when something is answered";
        let denied = || Denied::new(StatusCode::SERVICE_UNAVAILABLE, why);
        self.seats.take(page).ok_or_else(denied)
    }

    /// A seat, and an errand given for it; else why there is none.
    fn give(
        &self,
        question: PageQuestion,
        errand: impl FnOnce(PageQuestion, Arc<Seat>) -> Errand,
        page: Option<String>,
    ) -> Result<Arc<Seat>, Denied> {
        let seat = self.seat(page)?;
        let errand = errand(question, Arc::clone(&seat));
        let errands = self.errands.lock();
        let given = errands.is_ok_and(|errands| errands.send(errand).is_ok());
        match given {
            true => Ok(seat),
            false => Err(Denied::nobody_plays()),
        }
    }
}

/// All addresses of a site.
pub fn router(site: Arc<Site>) -> Router {
    let LocalAddress { token, .. } = &*site.local;
    Router::new()
        .route(&format!("/{token}"), get(to_page))
        .route(&format!("/{token}/"), get(page))
        .route(&format!("/{token}/{{file}}"), get(script))
        .route(&format!("/{token}/api/open"), post(open))
        .route(&format!("/{token}/api/answer"), post(answer))
        .route(&format!("/{token}/api/find"), post(find))
        .route(&format!("/{token}/api/{{call}}"), post(call))
        .layer(from_fn_with_state(
            Arc::clone(&site.local),
            guarded::<LocalAddress>,
        ))
        .with_state(site)
}

async fn to_page(State(site): State<Arc<Site>>) -> Response {
    let address = format!("/{}/", site.local.token);
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, address)]).into_response()
}

async fn page(State(site): State<Arc<Site>>) -> Html<String> {
    Html(site.page.clone())
}

async fn script(Path(file): Path<String>) -> Response {
    let found = SCRIPTS.iter().find(|script| script.name == file);
    match found {
        Some(script) => (
            [(CONTENT_TYPE, "text/javascript; charset=utf-8")],
            script.text,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn open(State(site): State<Arc<Site>>, request: Request) -> Result<Response, Denied> {
    // Nothing is asked in it, but a connection with something unread would be cut off.
    asked(request).await?;
    Ok(([(CONTENT_TYPE, JSON)], site.opened.clone()).into_response())
}

/// One message.
async fn call(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Denied> {
    let unknown = || Denied::new(StatusCode::NOT_FOUND, "there is no such call");
    let of = PageCall::named(&name).ok_or_else(unknown)?;
    let json = replied(&site, of, question(request).await?).await?;
    Ok(([(CONTENT_TYPE, JSON)], json).into_response())
}

/// What the player replies to a call.
async fn replied(site: &Site, of: PageCall, question: PageQuestion) -> Result<Vec<u8>, Denied> {
    let (reply, replied) = oneshot::channel();
    let errand = |question, seat: Arc<Seat>| Errand::Call {
        of,
        question,
        unwanted: seat.stop(),
        reply: {
            let leaves = Leaves(seat);
            Box::new(move |said| {
                // Who has gone away misses nothing.
                let _ = reply.send(said);
                drop(leaves);
            })
        },
    };
    let _leaves = Leaves(site.give(question, errand, None)?);
    let replied = replied.await.map_err(|_| Denied::nobody_plays())?;
    replied.map_err(Denied::of)
}

/// Frames as events of a stream, until the last or until the page goes away.
async fn answer(State(site): State<Arc<Site>>, request: Request) -> Result<Response, Denied> {
    let question = question(request).await?;
    let page = question.page.clone();
    let (frames, said) = watch::channel(Said::default());
    let errand = |question, seat: Arc<Seat>| Errand::Answer {
        question,
        unwanted: seat.stop(),
        frames: {
            let leaves = Leaves(seat);
            // A reader that is slow finds the newest when he looks.
            Box::new(move |said| !leaves.0.is_left() && frames.send(said).is_ok())
        },
    };
    let leaves = Leaves(site.give(question, errand, page)?);
    let events = unfold(Some((said, leaves)), |under| async {
        let (mut said, leaves) = under?;
        if said.changed().await.is_err() {
            let last = Said::ended();
            return Some((Ok::<_, Infallible>(event(&last.json)), None));
        }
        let now = said.borrow_and_update().clone();
        let rest = (!now.is_last).then_some((said, leaves));
        Some((Ok(event(&now.json)), rest))
    });
    Ok(stream(Body::from_stream(events)))
}

/// What a search found, as an event; it has an engine of its own, so that answers go on.
async fn find(State(site): State<Arc<Site>>, request: Request) -> Result<Response, Denied> {
    let question = question(request).await?;
    let nothing = || Denied::new(StatusCode::BAD_REQUEST, "it does not say what to find");
    let find = question.find.clone().ok_or_else(nothing)?;
    let setting = question.setting.clone();
    let worlds = replied(&site, PageCall::Worlds, question).await?;
    let seat = site.seat(None)?;
    let _leaves = Leaves(Arc::clone(&seat));
    let search = move || {
        in_pool(&site.common, || {
            let stop = seat.stop();
            Ok(searched(&site.request, (&setting, &find), &worlds, &stop))
        })
    };
    match spawn_blocking(search).await {
        Ok(Ok(json)) => Ok(stream(event(&json).into())),
        _ => Err(Denied::nobody_plays()),
    }
}

fn stream(body: Body) -> Response {
    ([(CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// A message as an event; JSON of one line.
fn event(json: &[u8]) -> Bytes {
    [b"data: ", json, b"\n\n"].concat().into()
}

/// What a request asks.
async fn question(request: Request) -> Result<PageQuestion, Denied> {
    of_json(&asked(request).await?).map_err(|refusal| Denied {
        status: StatusCode::BAD_REQUEST,
        refusal,
    })
}

/// The body of a request.
pub async fn asked(request: Request) -> Result<Bytes, Denied> {
    let (head, body) = request.into_parts();
    if !is_json(&head.headers) {
        let why = "what is asked comes as application/json";
        return Err(Denied::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    let bytes = timeout(ARRIVES, to_bytes(body, LARGEST)).await;
    let late = |_| Denied::new(StatusCode::REQUEST_TIMEOUT, "this took too long to arrive");
    let long = |_| {
        Denied::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "this is more than a megabyte",
        )
    };
    bytes.map_err(late)?.map_err(long)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(JSON))
}

/// Why a request gets nothing else.
pub struct Denied {
    status: StatusCode,
    refusal: Refusal,
}

impl Denied {
    fn new(status: StatusCode, why: &str) -> Denied {
        Denied {
            status,
            refusal: Refusal::new(why),
        }
    }

    /// A refusal that a page reads: no browser logs it as an error of the page.
    pub fn of(refusal: Refusal) -> Denied {
        Denied {
            status: StatusCode::OK,
            refusal,
        }
    }

    fn nobody_plays() -> Denied {
        let why = "this could not be answered; ask again";
        Denied::new(StatusCode::INTERNAL_SERVER_ERROR, why)
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let json = to_json(&Refused {
            error: &self.refusal,
        });
        (self.status, [(CONTENT_TYPE, JSON)], json).into_response()
    }
}
