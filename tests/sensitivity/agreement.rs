//! What δ and the share of the variance say of each other, against the table that they stand in.

use crate::support::program::check_in;

const SURE: [&str; 3] = [
    "state.B.talent=0.35",
    "state.C.bargaining_power=0.5",
    "hyperscaler.K.market_share=0.17",
];

/// What `sensitivity` says of the scenario that `new` writes, with some quantities made sure.
fn said(sure: &[&str]) -> String {
    let here = tempfile::tempdir().expect("a temporary directory");
    check_in(here.path(), &["new", "mine.toml"], 0);
    let set = sure.iter().flat_map(|one| ["-S", one]);
    let args = ["sensitivity", "mine.toml", "-n", "200", "-q"];
    let output = ["--output", "bloc.total.payoff.difference"];
    let args: Vec<&str> = args.into_iter().chain(output).chain(set).collect();
    let (out, _) = check_in(here.path(), &args, 0);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_share_of_nearly_all_sees_its_factor() {
    let text = said(&[&SURE[..], &["market.region_efficiency=0.6"]].concat());
    let agree = "delta and S1, the share of the variance, agree: both see `state.B.gdp`.";
    assert!(text.contains(agree), "{text}");
    assert!(!text.contains("does not see"), "{text}");
}

#[test]
fn two_factors_that_both_see_may_stand_in_another_order() {
    let text = said(&SURE);
    let differs = "The order differs: S1, the share of the variance, puts `market.region_efficiency` before \
                   `state.B.gdp`, delta the other way round; the intervals of delta overlap.";
    assert!(text.contains(differs), "{text}");
    assert!(!text.contains("does not see"), "{text}");
}
