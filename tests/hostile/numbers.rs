//! Numbers that nothing can be told of are refused by every command, with their world and path; no document and no text holds what is no number.

use crate::hostile::place;
use crate::support::program::ran;

/// A study of each kind.
const STUDIES: [&str; 15] = [
    "run in.toml",
    "explain in.toml",
    "explain in.toml --trial 3 --full",
    "threshold in.toml --solve arm.bloc.binding --where bloc.total.payoff=1 --points 3",
    "compare in.toml in.toml",
    "sweep in.toml --vary market.diversion=0,1",
    "theories in.toml",
    "stability in.toml --arm bloc",
    "brief in.toml --state A --with H",
    "discover in.toml --when bloc.total.payoff.difference<1",
    "pedigree in.toml",
    "sensitivity in.toml --method delta",
    "sensitivity in.toml --method tornado",
    "turn in.toml --starts 2",
    "accords in.toml --plays 60",
];

/// Words by which a number is written that is none.
const NONE: [&str; 5] = ["NaN", "nan", "inf", "Infinity", "-inf"];

#[test]
fn no_text_and_no_document_holds_what_is_no_number() {
    let (_place, path) = place();
    for gdp in ["1e-300", "1e60", "1e99", "1e150", "1e290", "1.7e308"] {
        let set = format!("state.A.gdp={gdp}");
        for study in STUDIES {
            let too_large = ["1e150", "1e290", "1.7e308"].contains(&gdp);
            let forms: &[&[&str]] = match too_large || study.contains("--full") {
                true => &[&[]],
                false => &[&[], &["--json"]],
            };
            for form in forms {
                let args: Vec<&str> = study.split(' ').collect();
                let more = ["-q", "-n", "24", "-S", &set];
                let (code, out, err) = ran(&path, &[&args[..], &more, form].concat());
                let what = format!("{study} -S {set}: {code}\n{err}");
                match too_large {
                    true if study.starts_with("discover") => {
                        assert!([2, 5].contains(&code), "{what}")
                    }
                    true => assert_eq!(code, 5, "{what}"),
                    false => assert!([0, 2].contains(&code), "{what}"),
                }
                let cells_fail = ["sweep", "theories"]
                    .iter()
                    .any(|one| study.starts_with(one));
                if code == 5 && !cells_fail {
                    assert!(err.contains("(--trial "), "{what}");
                }
                let said = out + &err;
                let words = said.split(|c: char| !(c.is_alphanumeric() || c == '-'));
                let none = words.filter(|word| NONE.contains(word)).collect::<Vec<_>>();
                assert!(none.is_empty(), "{what}\n{said}");
            }
        }
    }
}
