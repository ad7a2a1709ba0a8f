//! The accords that a round is measured against: a short menu, played in the same worlds, and no search over all that could be agreed.
//!
//! It has the proposal's rules with all states whom the scenario's accord invites, with all but each one of them, with all that the proposal invites
//! and with those who said yes; and, with all and with those who said yes, the same rules with binding at 1 and, at one table, with nothing shared,
//! half of the gains shared by GDP, and half shared equally. What is not valid is left out.

use crate::engine::model::arm::{StateSet, members as each};
use crate::explore::messages::Refusal;
use crate::explore::tabletop::arena::{TabletopArena, TabletopSets};
use crate::explore::tabletop::log::TabletopProposal;
use crate::explore::tabletop::played::TabletopPlay;
use std::sync::Arc;

/// An accord of the menu.
#[derive(Debug, Clone, PartialEq)]
pub struct MenuAccord {
    /// Who is in, in words.
    pub who: String,
    /// Which rules, in words.
    pub rules: String,
    /// Who is in.
    pub members: StateSet,
    /// What it came to.
    pub play: Arc<TabletopPlay>,
    /// [`nash`] of its members' mean gains, without payments.
    pub nash: f64,
}

/// The geometric mean of gains, the Nash product's root: (Π_i g_i)^(1/n); 0 of none, or where one gains nothing.
pub fn nash(gains: &[f64]) -> f64 {
    if gains.is_empty() || gains.iter().any(|&gain| gain <= 0.0) {
        return 0.0;
    }
    let sum: f64 = gains.iter().map(|&gain| libm::log(gain)).sum();
    libm::exp(sum / gains.len() as f64)
}

/// Rules in words with the keys that they set over the proposal.
type MenuRules = (&'static str, &'static [(&'static str, &'static str)]);

const AS_PROPOSED: MenuRules = ("as proposed", &[]);
const BINDING: MenuRules = ("fully binding", &[("binding", "1")]);
const SHARED: [MenuRules; 3] = [
    ("nothing shared", &[("side_payments", "0")]),
    (
        "half shared by GDP",
        &[("sharing", "\"gdp\""), ("side_payments", "0.5")],
    ),
    (
        "half shared equally",
        &[("sharing", "\"equal\""), ("side_payments", "0.5")],
    ),
];

/// The menu of a proposal, of whose states some said yes; of equal accords the first is kept.
///
/// # Errors
/// A world without a result under the proposal's own rules.
pub fn menu(
    arena: &mut TabletopArena,
    proposal: &TabletopProposal,
    yes: StateSet,
) -> Result<Vec<MenuAccord>, Refusal> {
    let all = arena.own_members();
    let names: Vec<String> = {
        let states = arena.model().states.iter();
        states.map(|one| one.name.clone()).collect()
    };
    let mut found = Vec::new();
    let mut sets = vec![("all".to_owned(), all)];
    sets.extend(each(all).map(|i| (format!("all but {}", names[i]), all & !(1 << i))));
    sets.push(("all invited".to_owned(), arena.set_of(&proposal.invited)));
    sets.push(("those who said yes".to_owned(), yes));
    for (who, members) in &sets {
        add(arena, proposal, (who, *members), AS_PROPOSED, &mut found)?;
    }
    let mut rules = vec![BINDING];
    if arena.is_bloc() {
        rules.extend(SHARED);
    }
    for rules in rules {
        for (who, members) in [("all", all), ("those who said yes", yes)] {
            // Rules that the scenario does not take are no part of the menu.
            let added = add(arena, proposal, (who, members), rules, &mut found);
            added.or_else(|refusal| match arena.check(&with(arena, proposal, rules)) {
                Ok(()) => Err(refusal),
                Err(_) => Ok(()),
            })?;
        }
    }
    Ok(found)
}

fn with(arena: &TabletopArena, proposal: &TabletopProposal, rules: MenuRules) -> TabletopSets {
    let mut sets = proposal.sets.clone();
    for (key, value) in rules.1 {
        sets.insert(arena.path(key), (*value).to_owned());
    }
    sets
}

fn add(
    arena: &mut TabletopArena,
    proposal: &TabletopProposal,
    (who, members): (&str, StateSet),
    rules: MenuRules,
    found: &mut Vec<MenuAccord>,
) -> Result<(), Refusal> {
    let same = |one: &MenuAccord| one.members == members && one.rules == rules.0;
    if members.count_ones() < 2 || found.iter().any(same) {
        return Ok(());
    }
    let sets = with(arena, proposal, rules);
    let played = arena.play(&sets, members)?;
    let gains: Vec<f64> = each(members).map(|i| played.gain(i)).collect();
    found.push(MenuAccord {
        who: who.to_owned(),
        rules: rules.0.to_owned(),
        members,
        nash: nash(&gains),
        play: played,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nash_product_is_zero_where_one_loses() {
        assert_eq!(nash(&[]), 0.0);
        assert_eq!(nash(&[2.0, -1.0]), 0.0);
        assert_eq!(nash(&[2.0, 0.0]), 0.0);
        assert!((nash(&[4.0, 1.0]) - 2.0).abs() < 1e-12);
    }
}
