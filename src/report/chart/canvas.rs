//! Shapes of an SVG. Colours are left to the stylesheet: shapes carry classes, so that one figure serves light, dark and print.

use std::fmt::Write;

/// Height of text, in units of the figure.
pub const TEXT: f64 = 12.0;

/// Mean width of a character, as a share of its height: of the common sans-serif fonts, on the safe side.
const WIDE: f64 = 0.6;

/// Where a text is tied to its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone)]
pub struct Canvas {
    body: String,
    width: f64,
    height: f64,
}

impl Canvas {
    /// An empty one of a width and height in its own units.
    pub fn new(width: f64, height: f64) -> Canvas {
        Canvas {
            body: String::new(),
            width,
            height,
        }
    }

    pub fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let (x1, y1, x2, y2) = (short(x1), short(y1), short(x2), short(y2));
        self.push(&format!(
            r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#
        ));
    }

    /// A box between two corners.
    pub fn rect(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let (x, y) = (short(x1.min(x2)), short(y1.min(y2)));
        let (width, height) = (short((x2 - x1).abs()), short((y2 - y1).abs()));
        self.push(&format!(
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
        ));
    }

    /// Lines through points; `closed` joins the last to the first. Nothing below two points.
    pub fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool) {
        if points.len() < 2 {
            return;
        }
        let mut d = String::new();
        for (k, (x, y)) in points.iter().enumerate() {
            let command = if k == 0 { 'M' } else { 'L' };
            let _ = write!(d, "{command}{} {}", short(*x), short(*y));
        }
        let end = if closed { "Z" } else { "" };
        self.push(&format!(r#"<path class="{class}" d="{d}{end}"/>"#));
    }

    pub fn dot(&mut self, class: &str, (x, y): (f64, f64)) {
        let (x, y) = (short(x), short(y));
        self.push(&format!(
            r#"<circle class="{class}" cx="{x}" cy="{y}" r="1.8"/>"#
        ));
    }

    /// A disc of a radius.
    pub fn disc(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let (x, y, radius) = (short(x), short(y), short(radius));
        self.push(&format!(
            r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}"/>"#
        ));
    }

    /// The mark of series `series`: each has a shape of its own, so that colour is never all that tells them apart.
    pub fn mark(&mut self, series: usize, at: (f64, f64)) {
        self.mark_in(&format!("c{}", series % SERIES), series, at);
    }

    /// The mark of a series in another colour than its own.
    pub fn mark_in(&mut self, colour: &str, series: usize, (x, y): (f64, f64)) {
        const R: f64 = 4.0;
        let class = format!("mark {colour}");
        let around = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
            points
                .iter()
                .map(|(dx, dy)| (x + R * dx, y + R * dy))
                .collect()
        };
        match series % SERIES {
            0 => self.push(&format!(
                r#"<circle class="{class}" cx="{}" cy="{}" r="{R}"/>"#,
                short(x),
                short(y)
            )),
            1 => self.rect(
                &class,
                (x - 0.85 * R, y - 0.85 * R),
                (x + 0.85 * R, y + 0.85 * R),
            ),
            2 => self.path(
                &class,
                &around(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
                true,
            ),
            3 => self.path(
                &class,
                &around(&[(0.0, -1.2), (1.1, 0.9), (-1.1, 0.9)]),
                true,
            ),
            4 => self.path(
                &class,
                &around(&[(0.0, 1.2), (1.1, -0.9), (-1.1, -0.9)]),
                true,
            ),
            5 => self.push(&format!(
                r#"<circle class="{class} open" cx="{}" cy="{}" r="{}"/>"#,
                short(x),
                short(y),
                R - 0.6
            )),
            6 => self.rect(
                &format!("{class} open"),
                (x - 3.2, y - 3.2),
                (x + 3.2, y + 3.2),
            ),
            _ => {
                self.line(&format!("{class} open"), (x - R, y - R), (x + R, y + R));
                self.line(&format!("{class} open"), (x - R, y + R), (x + R, y - R));
            }
        }
    }

    /// A text on the line through `y`.
    pub fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let (x, y, text) = (short(x), short(y), escaped(text));
        self.push(&format!(
            r#"<text class="{class}" x="{x}" y="{y}"{anchor}>{text}</text>"#
        ));
    }

    /// The whole figure: `id` names it within a page, `title` and `alternative` say what it shows to those who do not see it.
    pub fn finish(self, id: &str, title: &str, alternative: &str) -> String {
        let (id, title, alternative) = (escaped(id), escaped(title), escaped(alternative));
        format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{alternative}</desc>{}</svg>",
            short(self.width),
            short(self.height),
            self.body
        )
    }

    pub fn width(&self) -> f64 {
        self.width
    }

    fn push(&mut self, shape: &str) {
        self.body.push_str(shape);
    }
}

/// How many series have a colour and a mark of their own.
pub const SERIES: usize = 8;

/// About how wide a text is.
pub fn width(text: &str) -> f64 {
    WIDE * TEXT * text.chars().count() as f64
}

/// A path in lines of at most `most` units, broken behind its dots.
pub fn folded(path: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in path.split_inclusive('.') {
        match lines.last_mut() {
            Some(line) if width(line) + width(part) <= most => line.push_str(part),
            _ => lines.push(part.to_owned()),
        }
    }
    lines
}

/// A name in lines: between words, or behind dots where it is one long word.
pub fn fitted(name: &str, most: f64) -> Vec<String> {
    match name.contains(' ') {
        true => broken(name, most),
        false => folded(name, most),
    }
}

/// A text in lines of at most `most` units, broken between words.
pub fn broken(text: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + width(word) + WIDE * TEXT <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A text that is safe within SVG and HTML.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A position to a tenth of a unit, in few bytes.
fn short(x: f64) -> String {
    let text = format!("{x:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0" } else { text }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_users_write_cannot_leave_its_element() {
        let mut canvas = Canvas::new(10.0, 10.0);
        canvas.text("t", (1.04, -0.04), Anchor::End, "<b> & \"c\"");
        let svg = canvas.finish("x", "a < b", "'");
        assert!(svg.contains(r#"<text class="t" x="1" y="0" text-anchor="end">&lt;b&gt; &amp; &quot;c&quot;</text>"#), "{svg}");
        assert!(
            svg.contains("a &lt; b</title>") && svg.contains("&#39;</desc>"),
            "{svg}"
        );
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(
            broken("one two three", width("one two")),
            ["one two", "three"]
        );
        assert_eq!(broken("unbreakable", 1.0), ["unbreakable"]);
        let path = "state.SG.talent";
        assert_eq!(fitted(path, width("state.SG.")), ["state.SG.", "talent"]);
        assert_eq!(fitted(path, 500.0), [path]);
    }

    #[test]
    fn series_differ_by_more_than_colour() {
        let shape = |series: usize| {
            let mut canvas = Canvas::new(10.0, 10.0);
            canvas.mark(series, (5.0, 5.0));
            canvas.body.replace(&format!("c{series}"), "")
        };
        let shapes: std::collections::BTreeSet<String> = (0..SERIES).map(shape).collect();
        assert_eq!(shapes.len(), SERIES);
    }
}
