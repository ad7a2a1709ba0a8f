//! A result that differs by rounding alone has no driver under any method, in the same words.

use crate::support::program::check_in;
use std::fs;

/// The shares of two states in what is invested are 2/3 and 1/3 in every world, but for the last digit: 5/9.
const CONSTANT: &str = r#"
extends = "two-states"
[market]
capex_intensity = { dist = "uniform", min = 0.01, max = 0.6 }
capital_charge = { dist = "uniform", min = 0.03, max = 0.05 }
[[state]]
id = "L"
gdp = { dist = "uniform", min = 900, max = 1100 }
"#;

#[test]
fn what_differs_by_rounding_alone_has_no_driver() {
    let here = tempfile::tempdir().expect("a temporary directory");
    fs::write(here.path().join("constant.toml"), CONSTANT).expect("it is writable");
    let output = ["--output", "bilateral.total.herfindahl", "-q"];
    for method in ["pawn", "delta", "sobol", "shapley", "tornado", "morris"] {
        let worlds = match method {
            "morris" => &[][..],
            _ => &["-n", "256"],
        };
        let args = ["sensitivity", "constant.toml", "--method", method];
        let (out, _) = check_in(here.path(), &[&args[..], worlds, &output].concat(), 0);
        let said = "`bilateral.total.herfindahl` does not vary, or some world lacks it: nothing to attribute.";
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.starts_with(said), "{method}: {out}");
    }
}
