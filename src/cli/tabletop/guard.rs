//! Whom the server of a table answers: pages that it sent itself.
//!
//! A page of another site has another Origin. One whose own name points here has that name as Host (DNS rebinding); the server has no name, so that
//! it is asked by an address of the machine, or on the machine itself as `localhost`.

use crate::cli::server::guard::{HEADERS, values};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// Where it listens.
#[derive(Debug, Clone, Copy)]
pub struct TableHost {
    pub port: u16,
    /// Whether other machines may ask.
    pub is_open: bool,
}

impl TableHost {
    fn is_host(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port),
            // The port that is not written.
            _ => (host, "80"),
        };
        let inside = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        let address: Option<IpAddr> = inside.unwrap_or(name).parse().ok();
        let known = match address {
            Some(IpAddr::V4(Ipv4Addr::LOCALHOST)) => true,
            Some(_) => self.is_open,
            None => name.eq_ignore_ascii_case("localhost"),
        };
        known && port == self.port.to_string()
    }

    fn refusal(&self, request: &Request) -> Option<(StatusCode, &'static str)> {
        let hosts = values(request.headers(), &HOST);
        let named = request.uri().authority().map(|named| named.as_str());
        let is_host = |host: Option<&str>| host.is_some_and(|host| self.is_host(host));
        if hosts.len() != 1 || !hosts.into_iter().chain(named.map(Some)).all(is_host) {
            let why = "This server has another name.";
            return Some((StatusCode::MISDIRECTED_REQUEST, why));
        }
        let of_own = |origin: Option<&str>| {
            is_host(origin.and_then(|origin| origin.strip_prefix("http://")))
        };
        match values(request.headers(), &ORIGIN).into_iter().all(of_own) {
            true => None,
            false => Some((StatusCode::FORBIDDEN, "Another page asks this.")),
        }
    }
}

/// Lets a request pass, or refuses it; either way the answer says what a browser may do with it.
pub async fn guarded(State(host): State<Arc<TableHost>>, request: Request, next: Next) -> Response {
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

    #[test]
    fn it_is_asked_by_address_and_from_elsewhere_only_if_it_is_open() {
        let host = |is_open: bool| TableHost {
            port: 4321,
            is_open,
        };
        for (name, here, open) in [
            ("127.0.0.1:4321", true, true),
            ("LOCALHOST:4321", true, true),
            ("192.0.2.7:4321", false, true),
            ("[2001:db8::1]:4321", false, true),
            ("192.0.2.7", false, false),
            ("192.0.2.7:80", false, false),
            ("evil.example:4321", false, false),
            ("192.0.2.7.evil.example:4321", false, false),
            ("", false, false),
        ] {
            assert_eq!(host(false).is_host(name), here, "{name}");
            assert_eq!(host(true).is_host(name), open, "{name}");
        }
    }
}
