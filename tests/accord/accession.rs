//! Who accedes to an accord that stands (model, section 7, step 0).

use super::{Game, STATES, TIES};
use mufakat::engine::model::arm::VotingRule::{Consensus, Lead, MinusX, QualifiedMajority};
use mufakat::engine::model::arm::{Joining, VotingRule};

#[test]
fn an_applicant_of_good_will_asks_itself_alone() {
    for (alone, slack) in TIES {
        for (gain, accord) in [
            (1.0, 0b0111),
            (-0.9 * slack, 0b0111),
            (-1.1 * slack, 0b0011),
        ] {
            let mut game = Game::of(VotingRule::None, 0b0011)
                .pays(0b0111, 2, gain)
                .pays(0b0111, 0, -1.0);
            game.alone[2] = alone;
            game.arm.members = 0b0111;
            game.arm.defection = false;
            game.ends(accord, 0);
        }
    }
}

#[test]
fn an_applicant_compares_with_staying_outside_and_members_with_being_without_it() {
    // Outside {0, 1} state 2 has 5 already.
    for (gain, accord) in [(5.0, 0b0111), (4.9, 0b0011)] {
        let mut game = Game::of(Consensus, 0b0011).pays(0b0011, 2, 5.0);
        game.arm.members = 0b0111;
        game.pays(0b0111, 2, gain).ends(accord, 0);
    }
    for (alone, slack) in TIES {
        for (change, accord) in [(-0.9 * slack, 0b0111), (-1.1 * slack, 0b0011)] {
            let mut game = Game::of(Consensus, 0b0011).pays(0b0011, 1, 5.0);
            game.alone[1] = alone;
            game.arm.members = 0b0111;
            game.pays(0b0111, 1, 5.0 + change).ends(accord, 0);
        }
    }
}

#[test]
fn consent_is_asked_of_the_members_by_the_rule() {
    // 3 applies to {0, 1, 2}, which 1 would rather not have.
    for (rule, opt_outs, lead, admitted) in [
        (VotingRule::None, 0, None, true),
        (Consensus, 0, None, false),
        (MinusX, 0, None, false),
        (MinusX, 1, None, true),
        (QualifiedMajority, 0, None, true),
        (Lead, 0, Some(0), true),
        (Lead, 0, Some(1), false),
        // The lead applies itself: nobody in the accord can let it in.
        (Lead, 0, Some(3), false),
    ] {
        let mut game = Game::of(rule, 0b0111).pays(0b1111, 1, -1.0);
        (game.arm.opt_outs, game.arm.lead) = (opt_outs, lead);
        game.arm.defection = false;
        let formed = game.form();
        let expected = if admitted { 0b1111 } else { 0b0111 };
        assert_eq!(formed.accord, expected, "{rule:?} {opt_outs} {lead:?}");
        assert_eq!((formed.rounds, formed.talked, formed.delay), (0, 0, 1.0));
        assert_eq!(formed.joined, 0b1000);
        let asked = if rule == VotingRule::None {
            0b1000
        } else {
            0b1101
        };
        assert_eq!(formed.yes, asked, "{rule:?}");
    }
}

#[test]
fn no_applicant_is_taken_against_its_will() {
    let game = Game::of(Consensus, 0b0111).pays(0b1111, 3, -1.0);
    game.ends(0b0111, 0);
    assert_eq!(game.form().yes, 0, "nobody else is asked");
}

#[test]
fn applicants_come_in_the_order_of_states_and_meet_those_let_in_before() {
    // 2 would come only once 3 is in: it has been refused by then.
    Game::of(Consensus, 0b0011)
        .pays(0b0111, 2, -1.0)
        .ends(0b1011, 0);
    // 3 would come only once 2 is in: it is.
    Game::of(Consensus, 0b0011)
        .pays(0b1011, 3, -1.0)
        .ends(0b1111, 0);
    // 2 is in, and has a vote on 3.
    Game::of(Consensus, 0b0011)
        .pays(0b1111, 2, -1.0)
        .ends(0b0111, 0);
    // 0 applies before 3 though it is no member yet when the window begins.
    Game::of(Consensus, 0b0110)
        .pays(0b1111, 0, -1.0)
        .ends(0b0111, 0);
}

#[test]
fn only_invited_states_below_their_probability_apply() {
    let mut game = Game::of(Consensus, 0b0011);
    game.arm_economy.rules.join = Some(0.5);
    game.joining = [0.9, 0.9, 0.5, 0.49];
    let formed = game.form();
    assert_eq!((formed.joined, formed.accord), (0b1000, 0b1011));
    game.arm_economy.rules.join = None;
    game.economy.will = vec![0.0, 0.0, 0.6, 0.4];
    let formed = game.form();
    assert_eq!((formed.joined, formed.accord), (0b0100, 0b0111));
    game.arm.joining = Joining::Goodwill;
    game.economy.goodwill = vec![0.0, 0.0, 0.4, 0.6];
    assert_eq!(game.form().accord, 0b1011);
    game.arm.members = 0b0111;
    assert_eq!(game.form().accord, 0b0011);
}

#[test]
fn votes_on_an_applicant_take_the_noise_of_the_first_round() {
    for i in [2, 0] {
        for (more, accord) in [(1e-6, 0b0111), (-1e-6, 0b0011)] {
            let mut game = Game::of(Consensus, 0b0011);
            game.arm.members = 0b0111;
            game.arm.defection = false;
            game.alone = [-10.0; STATES];
            game.arm_economy.rules.political_noise = 0.5;
            // Others gain by more than any noise.
            let (own, other) = (-0.5 * game.noise(i) * 10.0 + more, 1000.0);
            let game = (0..3).fold(game, |game, j| {
                game.pays(0b0111, j, if j == i { own } else { other })
            });
            game.ends(accord, 0);
        }
    }
    let mut guide = Game::of(VotingRule::None, 0b0011);
    guide.arm_economy.rules.political_noise = 1000.0;
    guide.alone = [-10.0; STATES];
    guide.ends(0b1111, 0);
}
