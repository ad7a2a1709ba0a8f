//! Where the numbers of a page come from: paths of the scenario, and paths of results of `run`.

use crate::study::results::brief::{AccordPart, TablePart};
use indexmap::IndexMap;

/// By part of the document: paths that move it most directly, and after "result" where `run` reports it.
pub fn sources(table: &TablePart, accord: Option<&AccordPart>) -> IndexMap<String, Vec<String>> {
    let state = table.state.as_deref().unwrap_or("*");
    let (h, arm, window) = (&table.hyperscaler, &table.arm, table.window);
    let of_state = |key: &str| format!("state.{state}.{key}");
    let of_hyperscaler = |key: &str| format!("hyperscaler.{h}.{key}");
    let plain = |path: &str| path.to_owned();
    let rows: Vec<(&str, Vec<String>)> = vec![
        (
            "walk_away.state.own",
            vec![
                of_state("compute"),
                of_state("talent"),
                of_state("ai_uplift"),
            ],
        ),
        (
            "walk_away.state.other_suppliers",
            vec![
                plain("hyperscaler.*.market_share"),
                format!("pair.{state}.*.fit"),
                plain("market.coverage_rate"),
            ],
        ),
        (
            "walk_away.state.elsewhere",
            vec![
                plain("market.remote_value"),
                plain("market.region_efficiency"),
                plain("link.*.*.efficiency"),
                plain("state.*.hub"),
                of_state("residency"),
            ],
        ),
        (
            "walk_away.state.switching",
            vec![
                plain("dynamics.lock_in"),
                format!("result {arm}.state.{state}.dependency"),
            ],
        ),
        (
            "walk_away.state.other_deals",
            vec![
                format!("result {arm}.state.{state}.terms"),
                format!("result {arm}.state.{state}.cash"),
            ],
        ),
        (
            "walk_away.hyperscaler.home_margin",
            vec![
                of_hyperscaler("operating_margin"),
                of_state("digital_gmv"),
                of_state("ai_spend_share"),
                plain("market.outside_efficiency"),
                plain("market.diversion"),
            ],
        ),
        (
            "walk_away.hyperscaler.hosting",
            vec![
                of_hyperscaler("entry_cost"),
                plain("market.capital_charge"),
                plain("market.capex_intensity"),
            ],
        ),
        (
            "walk_away.hyperscaler.compliance",
            vec![
                of_hyperscaler("compliance_cost"),
                plain("state.*.strictness"),
            ],
        ),
        (
            "zone.deal",
            vec![format!("result arms.{arm}.pairs.{state}.{h}.signed")],
        ),
        (
            "predicted",
            vec![
                plain("bargaining.solution"),
                plain("bargaining.transfers"),
                of_state("bargaining_power"),
                plain("term.*"),
                format!("result {arm}.term.*"),
            ],
        ),
        (
            "leverage",
            vec![
                plain("bargaining.foresight"),
                plain("bargaining.order"),
                format!("result {arm}.window.{window}.state.{state}.leverage"),
            ],
        ),
    ];
    let accord = accord.map(|accord| {
        let of = |whose: &str| format!("result {}.{whose}", accord.arm);
        let paths = vec![
            format!("arm.{}.*", accord.arm),
            of(&format!("state.{state}.payoff.difference")),
            of(&format!("state.{state}.causes.*.difference")),
            of("total.payoff.difference"),
            of("total.causes.*.difference"),
        ];
        ("accord", paths)
    });
    rows.into_iter()
        .chain(accord)
        .map(|(part, paths)| (part.to_owned(), paths))
        .collect()
}
