//! Who leaves an accord (31), and when one that stands dissolves (model, section 7, step 3).

use super::{Game, TIES};
use mufakat::engine::model::arm::VotingRule::{Consensus, Lead, QualifiedMajority};
use mufakat::engine::model::arm::{StateSet, VotingRule};

#[test]
fn who_gains_most_by_leaving_leaves_and_the_rest_look_again() {
    Game::new(VotingRule::None)
        .pays(0b1110, 0, 0.3)
        .pays(0b1101, 1, 0.5)
        .ends(0b1101, 0b0010);
    Game::new(VotingRule::None)
        .pays(0b1110, 0, 0.3)
        .pays(0b1101, 1, 0.5)
        .pays(0b1100, 0, 0.1)
        .ends(0b1100, 0b0011);
}

#[test]
fn of_equal_gains_the_earliest_members_counts_by_its_own_tolerance() {
    for (alone, less, leaver) in [
        ([0.0, 0.0], 0.5e-9, 0),
        ([0.0, 0.0], 2e-9, 1),
        ([2000.0, 0.0], 1e-6, 0),
        ([0.0, 2000.0], 1e-6, 1),
    ] {
        let mut game = Game::new(VotingRule::None)
            .pays(0b1110, 0, 0.5 - less)
            .pays(0b1101, 1, 0.5);
        game.alone[..2].copy_from_slice(&alone);
        game.ends(0b1111 & !(1 << leaver), 1 << leaver);
    }
}

#[test]
fn a_gain_within_rounding_keeps_nobody_out() {
    for (alone, slack) in TIES {
        for (gain, left) in [(0.9 * slack, 0), (1.1 * slack, 0b0100)] {
            let mut game = Game::new(VotingRule::None).pays(0b1011, 2, gain);
            game.alone[2] = alone;
            game.ends(0b1111 & !left, left);
        }
    }
}

#[test]
fn the_penalty_is_binding_and_of_what_the_state_has_without_the_accord() {
    // ½·½·8·(1 − ¾) = ½.
    for (gain, left) in [(0.5, 0), (0.5 + 2e-9, 0b0100)] {
        let mut game = Game::new(VotingRule::None).pays(0b1011, 2, gain);
        game.arm_economy.rules.binding = 0.5;
        game.arm_economy.rules.penalty = 0.5;
        game.arm_economy.value_out[2] = 8.0;
        game.arm_economy.value_in[2] = 100.0;
        game.standing.compute[2] = 0.75;
        game.ends(0b1111 & !left, left);
    }
}

#[test]
fn the_one_that_remains_has_not_left() {
    let mut game = Game::new(Consensus);
    game.arm.members = 0b0011;
    game.pays(0b0011, 1, 1.0).ends(0b0011, 0);
    // 1 is bound by the lead, and would rather be alone; so it has what it has alone, whatever a coalition of one would give.
    let mut game = Game::new(Lead).pays(0b0011, 1, -1.0);
    (game.arm.members, game.arm.lead) = (0b0011, Some(0));
    game.ends(0, 0b0010);
}

#[test]
fn who_was_outvoted_leaves_and_who_may_not_leave_stays() {
    for (rule, lead) in [(QualifiedMajority, None), (Lead, Some(0))] {
        let mut game = Game::new(rule).pays(0b1111, 3, -1.0);
        game.arm.lead = lead;
        game.ends(0b0111, 0b1000);
        game.arm.defection = false;
        game.ends(0b1111, 0);
    }
    Game::new(VotingRule::Mandate)
        .pays(0b1111, 3, -1.0)
        .ends(0b1111, 0);
    Game::of(Consensus, 0b1111)
        .pays(0b1111, 3, -1.0)
        .ends(0b0111, 0b1000);
}

/// An accord of {0, 1, 2} in which everybody has `inside` less than alone, whether it leaves or not.
fn trapped(before: StateSet, inside: [f64; 3]) -> Game {
    let mut game = Game::of(VotingRule::None, before);
    game.arm.members = 0b0111;
    (0..3).fold(game, |game, i| {
        let rest = 0b0111 & !(1 << i);
        game.pays(0b0111, i, -inside[i]).pays(rest, i, -inside[i])
    })
}

#[test]
fn an_accord_that_stands_dissolves_where_all_would_rather_be_alone() {
    trapped(0b0111, [1.0; 3]).ends(0, 0);
    trapped(0b0111, [1.0, 1.0, 1.1e-9]).ends(0, 0);
    trapped(0b0111, [1.0, 1.0, 0.9e-9]).ends(0b0111, 0);
    trapped(0b0111, [1.0, 1.0, -1.0]).ends(0b0111, 0);
    let mut large = trapped(0b0111, [1.0, 1.0, 1e-6]);
    large.alone[2] = 2000.0;
    large.ends(0b0111, 0);
    // A new one does not, nor one that nobody may leave.
    trapped(0, [1.0; 3]).ends(0b0111, 0);
    let mut kept = trapped(0b0111, [1.0; 3]);
    kept.arm.defection = false;
    kept.ends(0b0111, 0);
}

#[test]
fn the_rest_of_an_accord_dissolves_after_those_who_left() {
    // 2 gains 1 by leaving; 0 and 1 then would rather be alone, but each alone would pay a penalty of 1.
    let mut game = Game::of(Consensus, 0b0111)
        .pays(0b0111, 2, -1.0)
        .pays(0b0011, 0, -1.0)
        .pays(0b0011, 1, -1.0);
    game.arm.members = 0b0111;
    game.arm_economy.rules.binding = 1.0;
    game.arm_economy.rules.penalty = 1.0;
    game.arm_economy.value_out = vec![1.0, 1.0, 0.0, 0.0];
    game.ends(0, 0b0100);
}

#[test]
fn one_who_comes_can_keep_an_accord() {
    // Of {0, 1} each would rather be alone, of {0, 1, 2} nobody.
    for (joining, accord, left) in [(0.0, 0b0111, 0), (1.0, 0, 0b0001)] {
        let mut game = Game::of(VotingRule::None, 0b0011)
            .pays(0b0011, 0, -1.0)
            .pays(0b0011, 1, -1.0);
        game.arm.members = 0b0111;
        game.joining[2] = joining;
        game.ends(accord, left);
    }
}
