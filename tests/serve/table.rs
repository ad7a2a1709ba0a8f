//! An exercise at a table: who may do what, what is on disk, and five delegations that play it through in a browser.

use crate::support::browser::{chromium, python};
use crate::support::program::{check, program, root};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long an answer may take on a busy machine.
const LONG: Duration = Duration::from_secs(240);

/// A table that ends with its test.
struct Table {
    child: Child,
    port: u16,
    /// Codes by names.
    codes: Vec<(String, String)>,
}

impl Table {
    /// Starts one that says so many addresses.
    fn start(arguments: &[&str], addresses: usize) -> Table {
        let mut command = program(root());
        let command = command.arg("serve").args(arguments).arg("-q");
        let command = command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut port = 0;
        let mut codes = Vec::new();
        for _ in 0..addresses {
            let line = out.next().expect("a line").expect("text");
            let (name, rest) = line
                .split_once("  http://127.0.0.1:")
                .unwrap_or_else(|| panic!("no address of this machine: {line}"));
            let (at, code) = rest.split_once('/').expect("a path");
            port = at.parse().expect("a port");
            codes.push((
                name.trim().to_owned(),
                code.trim_end_matches('/').to_owned(),
            ));
        }
        Table { child, port, codes }
    }

    fn code(&self, name: &str) -> &str {
        let found = self.codes.iter().find(|one| one.0 == name);
        &found
            .unwrap_or_else(|| panic!("{name}: {:?}", self.codes))
            .1
    }

    /// Status and body of what is asked with a host.
    fn asked(&self, host: &str, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(LONG)).expect("a time");
        let request = format!(
            "{method} {path} HTTP/1.0\r\nHost: {host}:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.asked("127.0.0.1", "GET", path, "")
    }

    /// What a role is told when it does something.
    fn does(&self, name: &str, deed: &Value) -> Value {
        let path = format!("/{}/api/do", self.code(name));
        let (status, body) = self.asked("127.0.0.1", "POST", &path, &deed.to_string());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    fn sees(&self, name: &str) -> Value {
        let (status, body) = self.get(&format!("/{}/api/view", self.code(name)));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// The debrief as Markdown and as a page.
    fn debrief(&self, name: &str) -> [String; 2] {
        ["debrief.md", "debrief.html"].map(|file| {
            let (status, body) = self.get(&format!("/{}/{file}", self.code(name)));
            assert_eq!(status, 200, "{file}");
            body
        })
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a debrief comes to once its log is replayed.
fn replayed(log: &Path) -> [String; 2] {
    let log = log.to_str().expect("a name");
    let table = Table::start(&["--replay", log], 1);
    table.debrief("debrief")
}

#[test]
fn a_table_is_played_by_roles_and_had_again_from_its_log() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = directory.path().join("table.jsonl");
    let name = log.to_str().expect("a name");
    let arguments = [
        "two-states",
        "--table",
        "--delegation",
        "L,S",
        "--rounds",
        "1",
        "--round-worlds",
        "4",
        "--log-file",
        name,
    ];
    let table = Table::start(&arguments, 4);
    for (path, status) in [("/", 200), ("/table-join.js", 200), ("/nobody/", 404)] {
        assert_eq!(table.get(path).0, status, "{path}");
    }
    let page = format!("/{}/", table.code("Large"));
    assert_eq!(table.get(&page).0, 200);
    assert_eq!(table.asked("evil.example", "GET", &page, "").0, 421);
    assert_eq!(
        table.get(&format!("/{}/debrief.md", table.code("board"))).0,
        404
    );
    let refused = |told: Value| told["error"]["message"].is_string();
    let invited = json!({"do": "proposal", "proposal": {"invited": ["L", "S"]}});
    assert!(refused(table.does("Large", &invited)), "it facilitates not");
    assert!(refused(table.does("board", &json!({"do": "seat"}))));
    assert!(!refused(table.does("Large", &json!({"do": "seat"}))));
    assert!(!refused(table.does("facilitator", &invited)));
    assert!(!refused(
        table.does("Large", &json!({"do": "answer", "join": true}))
    ));
    let small = table.sees("Small");
    assert_eq!(small["delegation"]["state"], "S");
    assert!(small["facilitator"].is_null());
    assert!(
        table.sees("board")["delegation"].is_null(),
        "cards are hidden"
    );
    for deed in [
        json!({"do": "close", "round": 1}),
        json!({"do": "end", "rounds": 1}),
    ] {
        assert!(!refused(table.does("facilitator", &deed)), "{deed}");
    }
    assert!(
        refused(table.does("Small", &json!({"do": "seat"}))),
        "it is over"
    );
    let written = std::fs::read_to_string(&log).expect("it is written");
    let kept = table.get(&format!("/{}/log.jsonl", table.code("facilitator")));
    assert_eq!(kept, (200, written.clone()));
    assert_eq!(written.lines().count(), 6, "{written}");
    assert_eq!(
        table.get(&format!("/{}/log.jsonl", table.code("board"))).0,
        404
    );
    assert_eq!(replayed(&log), table.debrief("board"));
    // A log is never written over.
    let (_, said) = check(&[&["serve"][..], &arguments].concat(), 4);
    assert!(said.contains("it is there already"), "{said}");
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn five_delegations_play_it_through_in_a_browser() {
    let (Some(browser), Some(python)) = (chromium(), python("playwright")) else {
        eprintln!(
            "skipped: no Chromium (MUFAKAT_BROWSER) or no Python with playwright (MUFAKAT_PYTHON)"
        );
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let log = directory.path().join("table.jsonl");
    let name = log.to_str().expect("a name");
    let arguments = [
        "--table",
        "--delegation",
        "SG,MY,ID,TH,VN",
        "--rounds",
        "2",
        "--round-worlds",
        "8",
        "--log-file",
        name,
    ];
    let table = Table::start(&arguments, 7);
    let addresses = table.codes.iter();
    let addresses: serde_json::Map<String, Value> = addresses
        .map(|(name, code)| {
            let address = format!("http://127.0.0.1:{}/{code}/", table.port);
            (name.clone(), address.into())
        })
        .collect();
    let output = Command::new(python)
        .arg(root().join("tests/serve/table.py"))
        .arg(browser)
        .arg(Value::Object(addresses).to_string())
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for what in ["errors", "wide", "nameless"] {
        assert_eq!(seen[what], json!([]), "{what}");
    }
    for (name, card) in seen["cards"].as_object().expect("five") {
        assert!(
            card.as_str()
                .is_some_and(|card| card.contains("Your red lines"))
        );
        let heading = seen["headings"][name].as_str().expect("text");
        assert!(heading.starts_with(name), "{heading}");
        let debrief = seen["debrief"][name].as_str().expect("text");
        assert!(debrief.contains("the last round at the table"), "{debrief}");
    }
    let unseen = seen["unseen"].as_str().expect("text");
    assert!(
        unseen.contains("has answered") && !unseen.contains("red lines"),
        "{unseen}"
    );
    let rounds = seen["rounds"].as_str().expect("text");
    assert!(rounds.contains("Round 2"), "{rounds}");
    let again = replayed(&log);
    assert_eq!(seen["debrief.md"], again[0].as_str());
    assert_eq!(seen["debrief.html"], again[1].as_str());
}
