//! The run as an adviser to a minister reads it: join or not, under which rule, what it takes, who must be paid.

use super::causes;
use super::facts::Facts;
use super::winners::summary;
use crate::engine::model::arm::Sharing;
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Block, Heading, Reading, Rows, Table, Text, heading, joined, of_study, paragraph, plain,
};
use crate::report::numbers::{Pair, frequency, share};
use crate::report::sections::columns::paired;
use crate::report::sections::stability::binding;
use crate::report::sentence::say;
use crate::report::verdict::{Verdict, and};
use crate::theory::spelling::units::number;

/// A state that is worse off in more worlds than this is named.
const OFTEN: f64 = 0.25;

pub(super) fn reading(facts: &Facts<'_>) -> Reading {
    let blocks = match facts.headline() {
        None => vec![paragraph("There is one arm only: nothing to join.")],
        Some(headline) => {
            let mut blocks = vec![
                heading("Join or not"),
                paragraph(summary(facts, headline)),
                paragraph(joining(facts, headline)),
            ];
            let causes = causes::read(facts);
            if !causes.is_empty() {
                blocks.push(heading("What makes the difference"));
                blocks.extend(causes);
            }
            blocks.extend([
                heading("Under which rule"),
                rules(facts).into(),
                heading("What enforcement it takes"),
            ]);
            blocks.extend(enforcement(facts));
            blocks.extend([
                heading("Who must be paid"),
                paragraph(paid(facts, headline)),
                paragraph(sharing(facts, headline)),
            ]);
            blocks
        }
    };
    Reading {
        id: "adviser".to_owned(),
        name: "policy adviser".to_owned(),
        title: "For a policy adviser".to_owned(),
        blocks,
    }
}

/// Who joins of its own accord.
fn joining(facts: &Facts<'_>, arm: usize) -> Text {
    if !facts.model.arms[arm].is_accord() {
        return say!("{} is no accord: there is nothing to join.", facts.arm(arm));
    }
    let accord = &facts.result(arm).accord;
    let path = |key: &str| format!("arms.{}.accord.{key}", facts.name(arm));
    let mut members: Vec<(&String, f64)> = accord
        .member
        .iter()
        .map(|(id, share)| (id, *share))
        .collect();
    members.sort_by(|one, other| other.1.total_cmp(&one.1));
    let forms = match (facts.is_single(), accord.formed > 0.0) {
        (true, true) => say!("An accord forms"),
        (true, false) => return say!("No accord forms."),
        _ => say!(
            "An accord forms in {} sampled worlds",
            frequency(accord.formed, facts.trials(), path("formed"))
        ),
    };
    let (Some(most), Some(least)) = (members.first(), members.last()) else {
        return say!("{}.", forms);
    };
    let name = |id: &str| {
        let state = facts.model.states.iter().find(|state| state.id == id);
        state.map_or(id.to_owned(), |state| state.name.clone())
    };
    say!(
        "{}; most often in it is {} ({} of windows and worlds), least often {} ({}).",
        forms,
        name(most.0),
        share(most.1, path(&format!("member.{}", most.0))),
        name(least.0),
        share(least.1, path(&format!("member.{}", least.0)))
    )
}

/// All arms, ranked by what they bring.
fn rules(facts: &Facts<'_>) -> Table {
    let pair = |arm: usize| facts.total_pair(arm, facts.reference, TotalMetric::Payoff);
    let mut arms = facts.others();
    arms.sort_by(|&one, &other| pair(other).value().total_cmp(&pair(one).value()));
    let count = facts.model.states.len();
    let states = |arm: usize, sign: i32| {
        let pairs = (0..count).map(|i| facts.state_pair(arm, facts.reference, i, "payoff"));
        let of_sign = pairs.filter(|pair| pair.verdict().sign() == sign);
        format!("{} of {count}", of_sign.count())
    };
    let rows = Rows::of(arms).column(Heading::number("arm"), |&arm| facts.arm(arm));
    paired(
        rows,
        ["difference", "better in", "the states together"],
        Verdict::words,
        |&arm| Some(pair(arm)),
    )
    .column(Heading::number("states better off"), |&arm| states(arm, 1))
    .column(Heading::number("states worse off"), |&arm| states(arm, -1))
    .table(
        "adviser-rules",
        format!(
            "Ways to negotiate, by what they bring all states together against {}; {}; states better or worse off on average, beyond error",
            facts.name(facts.reference),
            facts.unit()
        ),
    )
}

/// Binding, penalty and leaving by arm; what a study of stability says.
fn enforcement(facts: &Facts<'_>) -> Vec<Block> {
    let value = |arm: usize, key: ArmKey| {
        let slot = facts.model.layout.index(Slot::Arm(arm, key));
        let uncertain = facts.model.uncertain.iter().any(|one| one.slot == slot);
        let text = number(facts.model.base[slot], None);
        let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
        let text = if text.is_empty() {
            "0".to_owned()
        } else {
            text
        };
        if uncertain {
            format!("{text} (median)")
        } else {
            text
        }
    };
    let left = |&arm: &usize| -> Text {
        let left = facts.result(arm).accord.left.iter();
        let most = left.reduce(|most, one| if one.1 > most.1 { one } else { most });
        match most {
            Some((id, &value)) if value > 0.0 => {
                let path = format!("arms.{}.accord.left.{id}", facts.name(arm));
                say!("{}, {}", id.as_str(), share(value, path))
            }
            _ => plain("nobody"),
        }
    };
    let table = Rows::of(facts.accords())
        .column(Heading::number("arm"), |&arm| facts.arm(arm))
        .column(Heading::number("binding"), |&arm| value(arm, ArmKey::Binding))
        .column(Heading::number("penalty"), |&arm| value(arm, ArmKey::Penalty))
        .column(Heading::number("left most often"), left)
        .table(
            "adviser-enforcement",
            "How binding each accord is (0 to 1), the penalty for leaving (share of AI value), and who left most often (share of windows and worlds)",
        );
    let mut blocks = vec![table.into()];
    let studies = facts.stability();
    let said =
        studies.flat_map(|(name, results)| of_study(&name, vec![paragraph(binding(results))]));
    let said: Vec<Block> = said.collect();
    match said.is_empty() {
        false => blocks.extend(said),
        true if facts.explored => blocks.push(paragraph(say!(
            "How binding an accord must be for all to stay is looked for apart: the search for the least binding says it."
        ))),
        true => blocks.push(paragraph(say!(
            "How binding an accord must be for all to stay is not part of a run: `mufakat stability` says it, and its directory can be given with `--with`."
        ))),
    }
    blocks
}

/// Who loses, and how much would make up for it.
fn paid(facts: &Facts<'_>, arm: usize) -> Text {
    let ranked = facts.ranked(arm, facts.reference);
    let losers: Vec<&(usize, Pair)> = ranked
        .iter()
        .filter(|(_, pair)| pair.verdict().sign() < 0)
        .collect();
    let open: Vec<String> = ranked
        .iter()
        .filter(|(_, pair)| pair.verdict().sign() == 0)
        .map(|(i, _)| facts.state(*i).name.clone())
        .collect();
    let mut said = match (losers.is_empty(), facts.is_single()) {
        (true, true) => say!("As {} no state is worse off", facts.arm(arm)),
        (true, false) => say!(
            "As {} no state is worse off on average beyond error",
            facts.arm(arm)
        ),
        _ => {
            let each = losers.iter().map(|(i, pair)| {
                let name = facts.state(*i).name.as_str();
                say!("{} loses US$ {} bn", name, pair.difference().amount())
            });
            say!("As {} on average {}", facts.arm(arm), joined(each, "; "))
        }
    };
    if !open.is_empty() {
        said.extend(say!(", and no clear difference is seen for {}", and(&open)));
    }
    said.extend(say!("."));
    let often = ranked.iter().filter(|(_, pair)| {
        !facts.is_single() && pair.paired.worse.is_some_and(|worse| worse > OFTEN)
    });
    let often = often.map(|(i, pair)| say!("{} ({})", facts.state(*i).name.as_str(), pair.worse()));
    let often = joined(often, ", ");
    if !often.is_empty() {
        said.extend(say!(" Worse off in more than 25 of 100 worlds: {}.", often));
    }
    said
}

/// What arms that share gains change.
fn sharing(facts: &Facts<'_>, headline: usize) -> Text {
    let sharing = facts
        .others()
        .into_iter()
        .filter(|&arm| facts.model.arms[arm].sharing != Sharing::None && arm != headline);
    let sharing: Vec<usize> = sharing.collect();
    if sharing.is_empty() {
        return say!("No other arm of this run shares the members' gains among them.");
    }
    let said = sharing.into_iter().map(|arm| {
        let pair = facts.total_pair(arm, headline, TotalMetric::Payoff);
        say!(
            "With gains shared among members, {} brings all states {} bn against {} ({}). ",
            facts.arm(arm),
            pair.difference().difference(),
            facts.arm(headline),
            pair.verdict().of_level()
        )
    });
    said.flatten().collect()
}
