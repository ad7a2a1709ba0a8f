//! Whom the server of a table answers: pages that it sent itself.
//!
//! A page of another site has another Origin. One whose own name points here has that name as Host (DNS rebinding); the server has no name, so that
//! it is asked by an address of the machine, or on the machine itself as `localhost`.

use crate::cli::server::guard::ServedHost;
use std::net::{IpAddr, Ipv4Addr};

/// Where it listens.
#[derive(Debug, Clone, Copy)]
pub struct TableHost {
    pub port: u16,
    /// Whether other machines may ask.
    pub is_open: bool,
}

impl ServedHost for TableHost {
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
