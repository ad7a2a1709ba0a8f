//! A server, and HTTP by hand: what a browser would never send can be sent too.

use crate::support::program::{interrupt, program, root};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How long an answer may take on a busy machine.
pub const LONG: Duration = Duration::from_secs(120);

/// A server that ends with its test.
pub struct Server {
    child: Child,
    pub port: u16,
    pub token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    /// Its body as JSON.
    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        let shown: String = text.chars().take(200).collect();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {shown}"))
    }

    /// The messages of its events.
    pub fn events(&self) -> Vec<Value> {
        let text = String::from_utf8_lossy(&self.body);
        let events = text.split("\n\n").filter(|event| !event.is_empty());
        events
            .map(|event| {
                let data = event.strip_prefix("data: ").expect("an event has data");
                serde_json::from_str(data).expect("JSON")
            })
            .collect()
    }
}

impl Server {
    /// Starts one for a scenario.
    pub fn start(scenario: &str) -> Server {
        let mut command = program(root());
        let command = command.args(["serve", scenario, "-q"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut address = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        out.read_line(&mut address).expect("it says its address");
        let rest = address.trim().strip_prefix("http://127.0.0.1:");
        let (port, path) = rest
            .and_then(|rest| rest.split_once('/'))
            .expect("an address");
        Server {
            child,
            port: port.parse().expect("a port"),
            token: path.trim_end_matches('/').to_owned(),
        }
    }

    /// A connection to it.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(LONG)).expect("a time");
        stream.set_write_timeout(Some(LONG)).expect("a time");
        stream
    }

    /// The first lines of a request of its own page, without the length of what follows.
    pub fn head(&self, method: &str, path: &str) -> String {
        format!(
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n",
            self.port
        )
    }

    /// What lines and a body are answered with.
    pub fn send(&self, head: &str, body: &[u8]) -> Reply {
        let mut stream = self.connect();
        let head = format!("{head}Content-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).expect("it reads");
        stream.write_all(body).expect("it reads");
        read(stream)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send(&self.head("GET", path), b"")
    }

    /// What a call of a page is answered with.
    pub fn call(&self, name: &str, body: &Value) -> Reply {
        let path = format!("/{}/api/{name}", self.token);
        self.send(&self.head("POST", &path), body.to_string().as_bytes())
    }

    /// A call of which nothing was read yet.
    pub fn ask(&self, name: &str, body: &Value) -> TcpStream {
        let mut stream = self.connect();
        let path = format!("/{}/api/{name}", self.token);
        let body = body.to_string();
        let head = self.head("POST", &path);
        let head = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).expect("it reads");
        stream
    }

    /// The setting that is looked at first, with changes, in so many worlds.
    pub fn setting(&self, sets: &Value, worlds: u64) -> Value {
        let opened = self.call("open", &json!({})).json();
        json!({
            "arm": opened["arm"], "reference": opened["reference"], "others": [],
            "sets": sets, "seed": opened["seed"], "worlds": worlds,
        })
    }

    /// Asks it to end, and waits: its exit code and how long that took.
    pub fn end(&mut self) -> (Option<i32>, Duration) {
        let started = Instant::now();
        interrupt(&self.child);
        let status = self.child.wait().expect("it ends");
        (status.code(), started.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All that comes until the other side ends.
pub fn read(mut stream: TcpStream) -> Reply {
    let mut bytes = Vec::new();
    // A refusal may come with a reset behind it.
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let Some(end) = end else {
        return Reply {
            status: 0,
            head: String::new(),
            body: bytes,
        };
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Reply {
        status: status.expect("a status"),
        body: bytes[end + 4..].to_vec(),
        head,
    }
}
