//! The page of the explorer, put together from its files in `explorer/page`, which are part of the program.
//!
//! A policy forbids whatever the page does not need: a file and a notebook have its scripts inside and name them by their hashes, a server sends them
//! from its own address. No text of a scenario can become a script in any of them.

use crate::report::render::html::STYLE;
use crate::theory::spelling::foreign::marked;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A script of the page.
pub struct PageScript {
    /// Its file.
    pub name: &'static str,
    pub text: &'static str,
}

macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        &[$(PageScript {
            name: concat!($name, ".js"),
            text: include_str!(concat!("../../../explorer/page/", $name, ".js")),
        }),+]
    };
}

/// All of them, in the order in which they are run.
pub const SCRIPTS: &[PageScript] = scripts![
    "dom",
    "blocks",
    "address",
    "settings",
    "control",
    "controls",
    "find",
    "walk",
    "view",
    "save",
    "actions",
    "host-server",
    "host-file",
    "app",
    "start",
];

/// The host that a page in a notebook has in place of those two.
const NOTEBOOK_HOST: &str = include_str!("../../../explorer/page/host-notebook.js");

/// What a worker of a page that stands alone runs.
pub const WORKER: &str = include_str!("../../../explorer/page/worker.js");

const TEMPLATE: &str = include_str!("../../../explorer/page/page.html");
const OWN_STYLE: &str = include_str!("../../../explorer/page/explore.css");

/// From which width on the controls have a column of their own: that of a window, and that of a cell of a notebook, where letters are smaller.
const WINDOW: [&str; 2] = ["(min-width: 60.01rem)", "(max-width: 60rem)"];
const CELL: [&str; 2] = ["(min-width: 44.01rem)", "(max-width: 44rem)"];
const CELL_LETTERS: &str = "html { font-size: 87.5%; }";

/// Where the template has the scripts.
#[cfg(any(test, feature = "serve"))]
const SCRIPTS_INSIDE: &str = "<script>\n{{scripts}}\n</script>";

/// What a page holds.
pub struct PageParts<'a> {
    /// What it is called.
    pub title: &'a str,
    /// What its host is, for its scripts.
    pub host: &'a Value,
    /// What readers without scripts get, as HTML.
    pub fixed: &'a str,
    /// Further rules of its style.
    pub rules: &'a str,
}

/// The policy of a page that a server sends.
#[cfg(any(test, feature = "serve"))]
pub const SERVER_POLICY: &str = "default-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'";

/// A page with all that it needs inside.
pub fn alone(parts: &PageParts<'_>) -> String {
    let texts: Vec<&str> = SCRIPTS.iter().map(|script| script.text).collect();
    let more = ("'wasm-unsafe-eval' blob:", "worker-src blob:; ");
    inside(parts, &texts.join("\n"), more)
}

/// The page in a notebook, the same for every scenario; without what only readers of its source need, since notebooks keep it.
pub fn within_notebook() -> String {
    let texts = SCRIPTS.iter().filter_map(|script| match script.name {
        "host-server.js" => None,
        "host-file.js" => Some(NOTEBOOK_HOST),
        _ => Some(script.text),
    });
    let texts: Vec<&str> = texts.collect();
    let parts = PageParts {
        title: "mufakat",
        host: &json!({"kind": "notebook"}),
        fixed: "",
        rules: CELL_LETTERS,
    };
    let scripts = squeezed(&texts.join("\n"));
    let page = squeezed(&inside(&parts, &scripts, ("", "")));
    let narrower = |page: String, (window, cell): (&str, &str)| page.replace(window, cell);
    WINDOW.into_iter().zip(CELL).fold(page, narrower)
}

/// A text without indentation, empty lines and lines of comment.
pub fn squeezed(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let is_comment = |line: &str| {
        line.starts_with("//")
            || (line.starts_with("/*") && line.find("*/") == Some(line.len() - 2))
    };
    let lines = lines.filter(|line| !line.is_empty() && !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// A page with its scripts inside, and what they may do besides: sources of further scripts, and another part of the policy.
fn inside(parts: &PageParts<'_>, scripts: &str, (sources, more): (&str, &str)) -> String {
    let hash = STANDARD.encode(Sha256::digest(format!("\n{scripts}\n")));
    let sources = format!("'sha256-{hash}' {sources}");
    let sources = sources.trim_end();
    let policy = format!(
        "default-src 'none'; script-src {sources}; {more}connect-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    );
    filled(TEMPLATE, parts, &policy, scripts)
}

/// A page whose scripts stand beside it.
#[cfg(any(test, feature = "serve"))]
pub fn sent(parts: &PageParts<'_>) -> String {
    let scripts = SCRIPTS.iter();
    let scripts = scripts.map(|script| format!("<script src=\"{}\"></script>", script.name));
    let scripts: Vec<String> = scripts.collect();
    let template = TEMPLATE.replace(SCRIPTS_INSIDE, &scripts.join("\n"));
    filled(&template, parts, SERVER_POLICY, "")
}

fn filled(template: &str, parts: &PageParts<'_>, policy: &str, scripts: &str) -> String {
    let style = format!("{STYLE}\n{OWN_STYLE}\n{}", parts.rules);
    // Within a script no text may look like the end of one.
    let host = marked(&parts.host.to_string()).replace('<', "\\u003c");
    fill(
        template,
        &[
            ("title", &escaped(parts.title)),
            ("csp", policy),
            ("style", &style),
            ("static", parts.fixed),
            ("host", &host),
            ("scripts", scripts),
        ],
    )
}

/// A template with texts at its places, each `{{name}}`; what they hold is not looked at.
fn fill(template: &str, texts: &[(&str, &str)]) -> String {
    let mut pieces = template.split("{{");
    let mut page = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").unwrap_or((piece, ""));
        let found = texts.iter().find(|(known, _)| *known == name);
        page += found.map_or("", |(_, text)| text);
        page += rest;
    }
    page
}

fn escaped(text: &str) -> String {
    let text = marked(text).replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(host: &Value) -> PageParts<'_> {
        PageParts {
            title: "A <b> & {{scripts}}",
            host,
            fixed: "<p>{{csp}}</p>",
            rules: "",
        }
    }

    #[test]
    fn no_text_becomes_a_script() {
        let host = json!({"kind": "file", "name": "</script><script>alert(1)</script>{{style}}"});
        for page in [alone(&parts(&host)), sent(&parts(&host))] {
            assert!(!page.contains("<script>alert"));
            assert!(page.contains(r"\u003c/script>\u003cscript>alert(1)\u003c/script>{{style}}"));
            assert!(page.contains("<title>A &lt;b&gt; &amp; {{scripts}}</title>"));
            assert!(page.contains("<p>{{csp}}</p>"));
        }
    }

    #[test]
    fn every_place_of_the_template_is_filled() {
        let host = json!({"kind": "server"});
        let plain = PageParts {
            title: "T",
            fixed: "",
            ..parts(&host)
        };
        for page in [alone(&plain), sent(&plain)] {
            assert!(!page.contains("{{"), "a place is empty or unknown");
            assert!(page.contains(r#"{"kind":"server"}"#));
        }
        assert!(TEMPLATE.contains(SCRIPTS_INSIDE));
        assert_eq!(sent(&plain).matches("<script src=").count(), SCRIPTS.len());
        assert!(
            SCRIPTS
                .iter()
                .all(|script| !script.text.contains("</script"))
        );
    }

    #[test]
    fn a_page_with_its_scripts_inside_runs_them_alone() {
        for page in [alone(&parts(&json!({}))), within_notebook()] {
            let start = page.rfind("<script>").expect("there is one") + "<script>".len();
            let end = page.rfind("</script>").expect("it ends");
            let hash = STANDARD.encode(Sha256::digest(&page[start..end]));
            assert!(page.contains(&format!("script-src 'sha256-{hash}'")));
        }
    }

    #[test]
    fn a_notebook_has_one_host_and_it_comes_before_the_start() {
        let page = within_notebook();
        assert!(!page.contains("hosts.server =") && !page.contains("hosts.file ="));
        let host = page.find("hosts.notebook =").expect("it has its host");
        let start = page.find("window.mufakat.start()").expect("it starts");
        assert!(host < start && !page.contains("{{"));
        assert!(CELL.iter().all(|width| page.contains(width)));
    }

    #[test]
    fn squeezing_changes_no_string() {
        let scripts = SCRIPTS.iter().map(|script| script.text);
        for line in scripts.chain([NOTEBOOK_HOST]).flat_map(str::lines) {
            // Backticks span lines, apart from those in strings.
            let backticks = line.replace("\"`\"", "").matches('`').count();
            assert!(backticks % 2 == 0, "{line}");
        }
        let text = "  a {\n    // why\n\n    b: \"//c\"\n  }\n/* d */\n/* e */ f\n";
        assert_eq!(squeezed(text), "a {\nb: \"//c\"\n}\n/* e */ f");
    }
}
