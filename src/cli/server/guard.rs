//! Whom the server answers: pages that it sent itself, under the address at which it listens.
//!
//! A page of another site that a browser was led to cannot ask it: its Origin is another. One that has its own name point to 127.0.0.1 cannot
//! either: its Host is another (DNS rebinding).

use crate::cli::explorer::page::SERVER_POLICY;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Most bytes of what is asked.
pub const LARGEST: usize = 1_000_000;

/// Headers of every answer.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(SERVER_POLICY),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Where the server listens, and what the paths of its addresses begin with.
#[derive(Debug, Clone)]
pub struct LocalAddress {
    pub port: u16,
    pub token: String,
}

/// What a server is called by those who may ask it.
pub trait ServedHost: Send + Sync + 'static {
    /// Whether a host, with its port, is this server.
    fn is_host(&self, host: &str) -> bool;

    /// Why a request is not answered.
    fn refusal(&self, request: &Request) -> Option<(StatusCode, &'static str)> {
        let headers = request.headers();
        // A request may name its host in its first line too.
        let named = request
            .uri()
            .authority()
            .map(|authority| authority.as_str());
        let hosts = values(headers, &HOST);
        let is_host = |host: Option<&str>| host.is_some_and(|host| self.is_host(host));
        if hosts.len() != 1 || !hosts.into_iter().chain(named.map(Some)).all(is_host) {
            return Some((
                StatusCode::MISDIRECTED_REQUEST,
                "This server has another name.",
            ));
        }
        let of_own = |origin: Option<&str>| {
            let host = origin.and_then(|origin| origin.strip_prefix("http://"));
            is_host(host)
        };
        if !values(headers, &ORIGIN).into_iter().all(of_own) {
            return Some((StatusCode::FORBIDDEN, "Another page asks this."));
        }
        let length = headers
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok());
        let length = length.and_then(|length| length.parse::<u64>().ok());
        if length.is_some_and(|length| length > LARGEST as u64) {
            return Some((
                StatusCode::PAYLOAD_TOO_LARGE,
                "This is more than a megabyte.",
            ));
        }
        None
    }
}

impl LocalAddress {
    /// The address of the page.
    pub fn page(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }
}

impl ServedHost for LocalAddress {
    /// Whether a host is this one, `127.0.0.1` or `localhost` with the port.
    fn is_host(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port == self.port.to_string() => name,
            // The port that is not written.
            None if self.port == 80 => host,
            _ => return false,
        };
        name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
    }
}

/// The values of a header; none of one that is no text.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<Option<&'a str>> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| value.to_str().ok()).collect()
}

/// Lets a request pass, or refuses it; either way the answer says what a browser may do with it.
pub async fn guarded<H: ServedHost>(
    State(host): State<Arc<H>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match host.refusal(&request) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    response.headers_mut().extend(HEADERS);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn refused(of: &[(&str, &str)]) -> Option<u16> {
        let local = LocalAddress {
            port: 4321,
            token: String::new(),
        };
        let mut request = Request::builder().uri("/");
        for (name, value) in of {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        local.refusal(&request).map(|(status, _)| status.as_u16())
    }

    #[test]
    fn its_own_pages_are_answered() {
        for host in ["127.0.0.1:4321", "localhost:4321", "LOCALHOST:4321"] {
            assert_eq!(refused(&[("host", host)]), None, "{host}");
            let origin = format!("http://{host}");
            assert_eq!(refused(&[("host", host), ("origin", &origin)]), None);
        }
    }

    #[test]
    fn others_are_refused() {
        for host in [
            "",
            "evil.example:4321",
            "127.0.0.1",
            "127.0.0.1:432",
            "127.0.0.1.evil.example:4321",
            "localhost.:4321",
            "user@localhost:4321",
            "[::1]:4321",
        ] {
            assert_eq!(refused(&[("host", host)]), Some(421), "{host}");
        }
        assert_eq!(refused(&[]), Some(421));
        let own = ("host", "localhost:4321");
        assert_eq!(refused(&[own, ("host", "evil.example:4321")]), Some(421));
        for origin in [
            "null",
            "http://evil.example",
            "https://localhost:4321",
            "http://localhost",
        ] {
            assert_eq!(refused(&[own, ("origin", origin)]), Some(403), "{origin}");
        }
        let large = ("content-length", "100000000");
        assert_eq!(refused(&[own, large]), Some(413));
    }
}
