//! Who should not be answered is not, and whoever asks too much harms nobody else.

use super::client::{Reply, Server, read};
use serde_json::json;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;

/// Requests of which the server has to bear the sum, from so many connections at a time.
const REQUESTS: usize = 500;
const AT_ONCE: usize = 16;

/// Bytes of a body that is far too long.
const LONG_BODY: usize = 20_000_000;

/// The headers that every answer has.
#[track_caller]
fn assert_guarded(reply: &Reply) {
    for header in [
        "content-security-policy: default-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:;",
        "x-content-type-options: nosniff",
        "x-frame-options: deny",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(reply.head.contains(header), "{header}: {}", reply.head);
    }
    assert!(!reply.head.contains("access-control-allow-origin"));
}

#[test]
fn its_own_page_alone_is_answered() {
    let server = Server::start("two-states");
    let (port, token) = (server.port, &server.token);
    assert_eq!(token.len(), 32, "128 bits");
    let with = |method: &str, lines: &str| {
        let path = format!(
            "/{token}/{}",
            if method == "POST" { "api/open" } else { "" }
        );
        let head = format!("{method} {path} HTTP/1.0\r\nContent-Type: application/json\r\n{lines}");
        let reply = server.send(&head, b"");
        assert_guarded(&reply);
        reply.status
    };
    let own = format!("Host: 127.0.0.1:{port}\r\n");
    for method in ["GET", "POST"] {
        assert_eq!(with(method, &own), 200);
        assert_eq!(with(method, &format!("Host: localhost:{port}\r\n")), 200);
        assert_eq!(
            with(method, &format!("{own}Origin: http://127.0.0.1:{port}\r\n")),
            200
        );
        for host in [
            "evil.example".to_owned(),
            format!("evil.example:{port}"),
            format!("127.0.0.1.evil.example:{port}"),
            "127.0.0.1".to_owned(),
            format!("127.0.0.1:{}", port ^ 1),
        ] {
            assert_eq!(with(method, &format!("Host: {host}\r\n")), 421, "{host}");
        }
        assert_eq!(with(method, ""), 421);
        for origin in ["null", "http://evil.example", "https://127.0.0.1"] {
            let lines = format!("{own}Origin: {origin}\r\n");
            assert_eq!(with(method, &lines), 403, "{origin}");
        }
    }
}

#[test]
fn other_addresses_hold_nothing() {
    let server = Server::start("two-states");
    let token = &server.token;
    for path in [
        "/".to_owned(),
        "/favicon.ico".to_owned(),
        "/api/open".to_owned(),
        format!("/{}/", token.replace(|_| true, "0")),
        format!("/{}/", &token[1..]),
        format!("/{token}/Cargo.toml"),
        format!("/{token}/../Cargo.toml"),
        format!("/{token}/../../../../etc/passwd"),
        format!("/{token}/..%2f..%2f..%2fetc%2fpasswd"),
        format!("/{token}/%2e%2e/%2e%2e/etc/passwd"),
        format!("/{token}/dom.js/../../../etc/passwd"),
        format!("//{token}/"),
    ] {
        let reply = server.get(&path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.body.is_empty(), "{path}");
        assert_guarded(&reply);
    }
    for (method, path, status) in [
        ("GET", "api/open", 405),
        ("PUT", "api/open", 405),
        ("POST", "", 405),
        ("DELETE", "dom.js", 405),
        ("POST", "api/nothing", 404),
    ] {
        let head = server.head(method, &format!("/{token}/{path}"));
        assert_eq!(server.send(&head, b"").status, status, "{method} {path}");
    }
}

#[test]
fn the_page_has_its_scripts_beside_it() {
    let server = Server::start("two-states");
    let page = server.get(&format!("/{}/", server.token));
    let text = String::from_utf8(page.body).expect("text");
    let scripts: Vec<&str> = text.split("<script src=\"").skip(1).collect();
    assert!(scripts.len() > 10, "{}", scripts.len());
    for script in scripts {
        let name = script.split('"').next().expect("it ends");
        let reply = server.get(&format!("/{}/{name}", server.token));
        assert_eq!(reply.status, 200, "{name}");
        assert!(reply.head.contains("content-type: text/javascript"));
    }
    // What is inside is data, which no browser runs.
    assert_eq!(text.matches("<script>").count(), 0);
    let to_page = server.get(&format!("/{}", server.token));
    assert_eq!(to_page.status, 308);
}

#[test]
fn what_is_no_question_is_refused() {
    let server = Server::start("two-states");
    let path = format!("/{}/api/answer", server.token);
    for body in ["", "{", "[]", "{\"setting\": 3}", "{\"setting\": {}}"] {
        let reply = server.send(&server.head("POST", &path), body.as_bytes());
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.json()["error"]["message"].is_string());
    }
    let form = server
        .head("POST", &path)
        .replace("application/json", "text/plain");
    assert_eq!(server.send(&form, b"{}").status, 415);
    for sets in [
        json!({"market.diversion": "7"}),
        json!({"no.such.key": "1"}),
        json!({"market.diversion": "\"a"}),
    ] {
        let setting = server.setting(&sets, 4);
        let reply = server.call("answer", &json!({"setting": setting, "view": {}}));
        let events = reply.events();
        assert_eq!(events.len(), 1);
        assert!(events[0]["error"]["message"].is_string(), "{events:?}");
        let shown = server.call(
            "show",
            &json!({"setting": setting, "view": {}, "worlds": 4}),
        );
        // A browser would log another status as an error of the page.
        assert_eq!(shown.status, 200);
        assert!(shown.json()["error"]["message"].is_string());
    }
}

#[test]
fn a_long_body_is_refused_before_it_is_read() {
    let server = Server::start("two-states");
    let path = format!("/{}/api/answer", server.token);
    let piece = vec![b' '; 1 << 16];
    let mut stream = server.connect();
    let head = server.head("POST", &path);
    let head = format!("{head}Content-Length: {LONG_BODY}\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it reads");
    assert_eq!(read(stream).status, 413);

    // One that does not say how long it is.
    let mut stream = server.connect();
    let head = server.head("POST", &path).replace("HTTP/1.0", "HTTP/1.1");
    let head = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it reads");
    let chunk = [
        format!("{:x}\r\n", piece.len()).into_bytes(),
        piece,
        b"\r\n".to_vec(),
    ]
    .concat();
    let written = (0..LONG_BODY / chunk.len()).take_while(|_| stream.write_all(&chunk).is_ok());
    let written = written.count();
    assert!(written < LONG_BODY / chunk.len() / 2, "{written} pieces");
    assert_eq!(server.get(&format!("/{}/", server.token)).status, 200);
}

#[test]
fn five_hundred_requests_are_borne() {
    let server = Server::start("two-states");
    let question = json!({"setting": server.setting(&json!({}), 200), "view": {}});
    let (next, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while next.fetch_add(1, Ordering::Relaxed) < REQUESTS {
                    let reply = server.call("answer", &question);
                    assert!([200, 503].contains(&reply.status), "{}", reply.head);
                    if reply.status == 200 {
                        let events = reply.events();
                        assert_eq!(events.last().expect("a frame")["finished"], true);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert!(answered.into_inner() > 0);
    assert_eq!(server.call("answer", &question).status, 200);
}

#[test]
fn too_many_at_once_are_told_so() {
    let server = Server::start("core-three");
    let question = json!({"setting": server.setting(&json!({}), 20_000), "view": {}});
    let mut seated: Vec<_> = (0..8).map(|_| server.ask("answer", &question)).collect();
    // Each has its seat when its first line has come.
    for stream in &mut seated {
        stream.read_exact(&mut [0; 12]).expect("an answer");
    }
    assert_eq!(server.call("answer", &question).status, 503);
    drop(seated.pop());
    let few = json!({"setting": server.setting(&json!({}), 4), "view": {}});
    let reply = (0..600).map(|_| server.call("answer", &few)).find(|reply| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        reply.status == 200
    });
    assert_eq!(
        reply
            .expect("a seat is free")
            .events()
            .last()
            .expect("a frame")["finished"],
        true
    );
}
