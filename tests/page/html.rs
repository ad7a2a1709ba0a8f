//! Just enough of HTML to check what is written.

use serde_json::Value;

/// Elements that have no end.
const VOID: [&str; 5] = ["meta", "link", "input", "br", "wbr"];

/// A page that was found well nested.
pub struct Html {
    /// Elements in order: name and attributes.
    elements: Vec<(String, Vec<(String, String)>)>,
}

/// A number as a page writes it.
#[derive(Debug)]
pub struct Data {
    pub value: f64,
    pub path: String,
    pub text: String,
}

impl Html {
    /// Reads a page; panics where elements are not nested.
    pub fn parse(text: &str) -> Html {
        let mut open: Vec<String> = Vec::new();
        let mut elements = Vec::new();
        let body = text
            .strip_prefix("<!DOCTYPE html>")
            .expect("a page of HTML");
        let mut rest = body;
        while let Some(start) = rest.find('<') {
            rest = &rest[start + 1..];
            let end = rest.find('>').expect("the end of a tag");
            let tag = &rest[..end];
            rest = &rest[end + 1..];
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(
                    open.pop().as_deref(),
                    Some(name),
                    "</{name}> before {:.80}",
                    rest
                );
                continue;
            }
            let tag = tag.trim_end();
            let closed = tag.ends_with('/');
            let (name, attributes) = parts(tag.trim_end_matches('/'));
            if name == "style" {
                rest = &rest[rest.find("</style>").expect("its end")..];
            }
            if !closed && !VOID.contains(&name.as_str()) {
                open.push(name.clone());
            }
            elements.push((name, attributes));
        }
        assert!(open.is_empty(), "{open:?}");
        Html { elements }
    }

    /// All values of an attribute.
    pub fn attributes(&self, name: &str) -> Vec<String> {
        let all = self.elements.iter().flat_map(|(_, attributes)| attributes);
        all.filter(|(one, _)| one == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Levels of headings in order.
    pub fn headings(&self) -> Vec<u8> {
        let names = self.elements.iter().map(|(name, _)| name.as_bytes());
        names
            .filter(|name| name.len() == 2 && name[0] == b'h' && name[1].is_ascii_digit())
            .map(|name| name[1] - b'0')
            .collect()
    }
}

/// A text without the entities that the template writes.
fn unescaped(text: &str) -> String {
    let entities = [
        ("&#x2f;", "/"),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Name and attributes of a tag.
fn parts(tag: &str) -> (String, Vec<(String, String)>) {
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').expect("a closed quote");
        attributes.push((key.trim().to_owned(), unescaped(value)));
        rest = after;
    }
    (name.to_owned(), attributes)
}

/// The numbers of a page.
pub fn data(text: &str) -> Vec<Data> {
    let numbers = text.split("<data ").skip(1).map(|rest| {
        let attribute = |name: &str| {
            let value = rest
                .split(&format!("{name}=\""))
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            unescaped(value.expect("an attribute"))
        };
        let text = rest
            .split('>')
            .nth(1)
            .and_then(|rest| rest.split('<').next());
        Data {
            value: attribute("value").parse().expect("a number"),
            path: attribute("data-path"),
            text: unescaped(text.expect("a text")),
        }
    });
    numbers.collect()
}

/// The number that stands at a path of the results; ` / ` divides, before it a minus turns the sign of what ` + ` adds up.
pub fn resolve(results: &Value, path: &str) -> Option<f64> {
    if let Some((one, other)) = path.split_once(" / ") {
        return Some(resolve(results, one)? / resolve(results, other)?);
    }
    if let Some(path) = path.strip_prefix('-') {
        return Some(-resolve(results, path)?);
    }
    if path.contains(" + ") {
        return path.split(" + ").map(|one| resolve(results, one)).sum();
    }
    at(results, path)
}

/// Keys may hold dots themselves: the first way through that ends at a number.
fn at(value: &Value, path: &str) -> Option<f64> {
    let ends = path
        .match_indices('.')
        .map(|(at, _)| at)
        .chain([path.len()]);
    for end in ends {
        let (key, rest) = (&path[..end], path.get(end + 1..));
        let inner = match value {
            Value::Array(list) => key.parse::<usize>().ok().and_then(|index| list.get(index)),
            value => value.get(key),
        };
        let found = match (inner, rest) {
            (Some(inner), None) => inner.as_f64(),
            (Some(inner), Some(rest)) => at(inner, rest),
            (None, _) => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// What a page holds as files: by name, the text of each address `data:`.
pub fn enclosed(page: &str) -> Vec<(String, String)> {
    let links = page.split("<a href=\"data:text/csv;charset=utf-8,").skip(1);
    let files = links.map(|rest| {
        let (text, rest) = rest.split_once('"').expect("the end of the address");
        let name = rest
            .strip_prefix(" download=\"")
            .expect("a name to save it by");
        let name = name.split_once('"').expect("the end of the name").0;
        (name.to_owned(), decoded(text))
    });
    files.collect()
}

/// A part of an address with its `%XX` as the bytes that they are.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).expect("two digits"));
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// A page as it is read: a line for each heading, sentence, row and figure, and at the end how many numbers know their path.
pub fn reads(page: &str) -> String {
    let body = page.split_once("<body>").expect("a body").1;
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        text += &before.replace('\n', " ");
        let (tag, after) = after.split_once('>').expect("the end of a tag");
        let name = parts(tag.trim_end_matches('/')).0;
        rest = after;
        text += match name.as_str() {
            "h1" => "\n\n# ",
            "h2" => "\n\n## ",
            "h3" => "\n\n### ",
            "li" => "\n- ",
            "summary" => "\n> ",
            "figcaption" => "\n[figure] ",
            "p" | "tr" | "caption" | "label" | "legend" | "pre" | "nav" | "desc" => "\n",
            "/th" | "/td" => " | ",
            _ => "",
        };
        // What is drawn is not read, but for the words that stand for it.
        if name == "title" {
            rest = &rest[rest.find("</title>").expect("its end")..];
        } else if name == "/desc" {
            rest = &rest[rest.find("</svg>").expect("its end")..];
        }
    }
    let lines = text.lines().map(str::trim_end);
    let lines = lines.map(|line| line.trim_end_matches(" |"));
    let read = unescaped(&lines.collect::<Vec<_>>().join("\n"));
    format!(
        "{}\n\n{} numbers know their path",
        read.trim(),
        data(page).len()
    )
}
