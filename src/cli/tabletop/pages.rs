//! The pages of a table: one for all roles, and one on which a join code is typed.

use crate::cli::explorer::page::SERVER_POLICY;
use crate::report::render::html::STYLE;

/// A script of the page.
pub struct TableScript {
    pub name: &'static str,
    pub text: &'static str,
}

macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        &[$(TableScript {
            name: concat!($name, ".js"),
            text: include_str!(concat!("../../../explorer/page/", $name, ".js")),
        }),+]
    };
}

/// All of them, in the order in which they are run.
pub const TABLE_SCRIPTS: &[TableScript] =
    scripts!["dom", "blocks", "table-rules", "table-forms", "table"];

/// The script of the page on which a code is typed.
pub const JOIN_SCRIPT: TableScript = TableScript {
    name: "table-join.js",
    text: include_str!("../../../explorer/page/table-join.js"),
};

const TEMPLATE: &str = include_str!("../../../explorer/page/table.html");
const JOIN: &str = include_str!("../../../explorer/page/table-join.html");
const TABLE_STYLE: &str = include_str!("../../../explorer/page/table.css");

/// The page of all roles; what it shows it asks for.
pub fn table() -> String {
    let scripts = TABLE_SCRIPTS.iter();
    let scripts = scripts.map(|one| format!("<script src=\"{}\"></script>", one.name));
    filled(TEMPLATE).replace("{{scripts}}", &scripts.collect::<Vec<_>>().join("\n"))
}

/// The page on which a code is typed.
pub fn join() -> String {
    filled(JOIN).replace(
        "{{scripts}}",
        &format!("<script src=\"{}\"></script>", JOIN_SCRIPT.name),
    )
}

fn filled(template: &str) -> String {
    let style = format!("{STYLE}\n{TABLE_STYLE}");
    template
        .replace("{{csp}}", SERVER_POLICY)
        .replace("{{style}}", &style)
}
