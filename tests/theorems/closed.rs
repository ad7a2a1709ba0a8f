//! T8, T9, T14 and T15: what splitting, room, peers and assets bring, in closed form.

use super::{
    BILATERAL, BLOC, ROUNDING, all_deal, close, first, roomy, sum_of, with_keys, with_value,
    with_values,
};
use crate::support::{Scenarios, Symmetric, follow, model, play};
use mufakat::engine::model::arm::full_set;

#[test]
fn t8_splitting_a_state_in_two_is_neutral() {
    let mut scenarios = Scenarios::new(81);
    for _ in 0..40 {
        // The first state is whole in one scenario and comes as two halves in the other, which serve each other as well as themselves.
        let others = 1 + scenarios.below(3);
        let demands: Vec<f64> = (0..others).map(|_| scenarios.between(0.3, 1.5)).collect();
        let rooms: Vec<f64> = (0..others).map(|_| scenarios.between(0.0, 1.0)).collect();
        let value = scenarios.between(0.1, 1.0);
        let setting = Symmetric {
            hyperscalers: 1 + scenarios.below(2),
            entry_cost: 0.0,
            efficiency: scenarios.between(0.2, 1.0),
            outside: scenarios.between(0.0, 0.2),
            foresight: scenarios.between(0.0, 1.0),
            power: scenarios.between(0.1, 0.9),
            ..Symmetric::new(1)
        };
        let text = |halves: usize| {
            let setting = Symmetric {
                demands: [&vec![2.0 / halves as f64; halves][..], &demands].concat(),
                ..setting.clone()
            };
            let mut text = with_value(&setting.text(), value, 1.0);
            for i in 0..halves {
                let id = format!("id = \"S{i}\"");
                text = text.replace(
                    &format!("{id}\ngdp = 1\n"),
                    &format!("{id}\ngdp = {}\n", 2.0 / halves as f64),
                );
            }
            for (j, room) in rooms.iter().enumerate() {
                let keys = format!("hub = {room}");
                text = with_keys(&text, &[(&format!("id = \"S{}\"", halves + j), &keys)]);
            }
            if halves == 1 {
                return text + BILATERAL;
            }
            let link = "[[link]]\nbetween = [\"S0\", \"S1\"]\nefficiency = 1\n";
            text + link + BLOC + &first(2)
        };
        let (whole, halves) = (&play(&text(1))[0], &play(&text(2))[0]);
        close(sum_of(halves, 2), whole.payoff(0), ROUNDING);
        for j in 0..others {
            close(halves.payoff(2 + j), whole.payoff(1 + j), ROUNDING);
        }
        for h in 0..setting.hyperscalers {
            close(halves.profit(h), whole.profit(h), ROUNDING);
        }
    }
}

#[test]
fn t9_room_decides_what_a_bloc_gains() {
    let mut scenarios = Scenarios::new(91);
    let (mut gained, mut nothing) = (0, 0);
    for _ in 0..80 {
        let n = 2 + scenarios.below(6);
        let members = 2 + scenarios.below(n - 1);
        let demand = scenarios.between(0.5, 2.0);
        let hub = scenarios.between(0.0, 4.0 / n as f64).min(1.0);
        let setting = Symmetric {
            entry_cost: 0.0,
            efficiency: scenarios.between(0.5, 1.0),
            outside: scenarios.between(0.0, 0.4),
            power: scenarios.between(0.1, 0.9),
            demands: vec![demand; n],
            arms: format!("{BILATERAL}{BLOC}{}", first(members)),
            ..Symmetric::new(n)
        };
        let mut text = setting.text();
        for i in 0..n {
            let keys = format!("hub = {hub}");
            text = with_keys(&text, &[(&format!("id = \"S{i}\""), &keys)]);
        }
        let outcomes = play(&text);
        let gain = sum_of(&outcomes[1], members) - sum_of(&outcomes[0], members);
        // Rooms in units of D: of one host for others, and of all outsiders together.
        let room = (hub * n as f64 - 1.0).max(0.0);
        let (bloc, outsiders) = (members as f64, (n - members) as f64);
        let apart = bloc * ((n - 1) as f64 * room).min(1.0);
        let together = bloc.min(outsiders * room);
        let unit = setting.power * demand * (setting.efficiency - setting.outside);
        close(gain, unit * (apart - together), ROUNDING);
        if outsiders * room >= bloc {
            close(gain, 0.0, ROUNDING);
            nothing += 1;
        } else if room > 0.0 {
            gained += 1;
        }
    }
    assert!(gained > 10 && nothing > 3, "{gained} and {nothing}");
}

#[test]
fn t14_one_table_ends_the_fear_of_falling_behind() {
    let mut scenarios = Scenarios::new(141);
    for round in 0..40 {
        let n = 2 + scenarios.below(5);
        let (value, rate) = (scenarios.between(0.2, 3.0), scenarios.between(0.3, 2.0));
        let compute = scenarios.between(0.0, 0.6);
        let peers = scenarios.between(0.0, 0.8);
        let inside = if round % 4 == 0 {
            0.0
        } else {
            scenarios.between(0.0, 1.0)
        };
        let setting = Symmetric {
            efficiency: 0.0,
            outside: 0.0,
            power: scenarios.between(0.1, 0.9),
            extra_market: format!("peers = {peers}\npeers_inside = {inside}"),
            arms: BILATERAL.to_owned() + BLOC,
            ..roomy(n, vec![1.0; n])
        };
        let text = with_value(&setting.text(), value, rate);
        let text = with_values(&text, &[("compute", compute)]);
        let model = model(&text);
        for arm in 0..2 {
            assert!(all_deal(&follow(&model, arm), &[full_set(n)]), "all deal");
        }
        let outcomes = play(&text);
        let lacking = value * (1.0 - compute) * (1.0 - (-rate).exp());
        let expected = (1.0 - setting.power) * n as f64 * peers * inside * lacking;
        close(
            outcomes[1].total() - outcomes[0].total(),
            expected,
            ROUNDING,
        );
    }
}

#[test]
fn t15_what_is_built_is_leverage_against_who_built_it() {
    let mut scenarios = Scenarios::new(151);
    for _ in 0..40 {
        let (stranded, asset) = (scenarios.between(0.0, 1.0), scenarios.between(0.0, 2.0));
        let setting = Symmetric {
            outside: scenarios.between(0.0, 0.8),
            power: scenarios.between(0.05, 0.95),
            foresight: scenarios.between(0.0, 1.0),
            arms: BILATERAL.to_owned(),
            ..Symmetric::new(1)
        };
        let (lock_in, dependency) = (scenarios.between(0.0, 0.5), scenarios.between(0.0, 1.0));
        let text = |asset: f64| {
            with_value(&setting.text(), 0.6, 1.0)
                + &format!(
                    "[dynamics]\nlock_in = {lock_in}\nstranded = {stranded}\n[[pair]]\nstate = \"S0\"\nhyperscaler = \"H0\"\nhosted = true\n\
                     dependency = {dependency}\nasset = {asset}\n"
                )
        };
        let (before, after) = (&play(&text(0.0))[0], &play(&text(asset))[0]);
        let moved = setting.power * stranded * asset;
        close(after.payoff(0) - before.payoff(0), moved, ROUNDING);
        close(after.profit(0) - before.profit(0), -moved, ROUNDING);
    }
}
