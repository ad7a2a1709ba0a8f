//! An exercise at a table: its log is enough, members are those who said yes, and nobody whom the engine plays would answer otherwise.

use crate::explore::printed;
use indexmap::IndexMap;
use mufakat::engine::model::arm::members;
use mufakat::explore::messages::OpenRequest;
use mufakat::explore::tabletop::arena::TabletopChoice;
use mufakat::explore::tabletop::game::TabletopGame;
use mufakat::explore::tabletop::log::{
    FixedPayment, TabletopAnswer, TabletopClose, TabletopEnd, TabletopEvent, TabletopProposal,
    TabletopSeat,
};
use mufakat::explore::tabletop::record::TabletopPhase;
use mufakat::explore::tabletop::replies::inside_and_outside;
use mufakat::report::document::Document;
use mufakat::report::render::markdown::render;

fn request(name: &str) -> OpenRequest {
    OpenRequest {
        name: name.to_owned(),
        text: printed(&["show", name, "-q"]),
        ranked: None,
    }
}

fn game(request: &OpenRequest, delegations: &[&str], worlds: u64) -> TabletopGame {
    let choice = TabletopChoice {
        arm: None,
        delegations: delegations.iter().map(|id| (*id).to_owned()).collect(),
        rounds: 3,
        worlds,
        seed: None,
    };
    let start = choice.start(request).expect("it has an accord");
    TabletopGame::new(request, start).expect("it is valid")
}

fn seat(id: &str) -> TabletopEvent {
    TabletopEvent::Seat(TabletopSeat {
        state: id.to_owned(),
    })
}

fn answer(id: &str, join: bool) -> TabletopEvent {
    TabletopEvent::Answer(TabletopAnswer {
        state: id.to_owned(),
        join,
        wish: IndexMap::new(),
    })
}

fn proposal(invited: &[&str], sets: &[(&str, &str)]) -> TabletopProposal {
    let sets = sets.iter();
    TabletopProposal {
        invited: invited.iter().map(|id| (*id).to_owned()).collect(),
        sets: sets
            .map(|(path, to)| ((*path).to_owned(), (*to).to_owned()))
            .collect(),
        payments: Vec::new(),
    }
}

fn submit(game: &mut TabletopGame, events: impl IntoIterator<Item = TabletopEvent>) {
    for event in events {
        game.submit(&event).expect("it may happen");
    }
}

fn close(round: usize) -> TabletopEvent {
    TabletopEvent::Close(TabletopClose { round })
}

fn end(rounds: usize) -> TabletopEvent {
    TabletopEvent::End(TabletopEnd { rounds })
}

/// A debrief as bytes: its blocks and its Markdown.
fn bytes(document: &Document) -> String {
    let shape = serde_json::to_string(document).expect("plain data");
    shape + &render(document)
}

const STATES: [&str; 4] = ["SG", "MY", "ID", "TH"];

#[test]
fn a_log_gives_the_same_bytes_again() {
    let request = request("asean-2027");
    let mut played = game(&request, &STATES[..3], 4);
    let arm = played.record().start.arm.clone();
    let mut first = proposal(&STATES, &[(&format!("arm.{arm}.binding"), "1")]);
    first.payments.push(FixedPayment {
        from: "SG".to_owned(),
        to: "ID".to_owned(),
        usd_bn: 0.25,
    });
    let wish = TabletopAnswer {
        state: "ID".to_owned(),
        join: true,
        wish: IndexMap::from([(format!("arm.{arm}.recourse"), "1".to_owned())]),
    };
    submit(
        &mut played,
        [
            seat("SG"),
            seat("ID"),
            TabletopEvent::Proposal(first),
            answer("SG", true),
            TabletopEvent::Answer(wish),
        ],
    );
    let view = |game: &mut TabletopGame| {
        let board = serde_json::to_string(&game.board()).expect("plain data");
        let facilitator = serde_json::to_string(&game.facilitator()).expect("plain data");
        let card = game.delegation("ID").expect("it is one");
        board + &facilitator + &serde_json::to_string(&card).expect("plain data")
    };
    let mut halfway = TabletopGame::replay(&request, played.log()).expect("it is a log");
    assert_eq!(view(&mut halfway), view(&mut played));
    submit(
        &mut played,
        [
            close(1),
            TabletopEvent::Proposal(proposal(&["SG", "TH"], &[])),
            answer("SG", false),
            close(2),
            end(2),
        ],
    );
    let outcome = &played.outcomes()[0];
    // Nobody sits for Malaysia, so that the engine plays it.
    assert_eq!(outcome.people.count_ones(), 2, "{:b}", outcome.people);
    assert!(outcome.paid.iter().sum::<f64>().abs() < 1e-12);
    assert_eq!(outcome.paid.iter().filter(|&&paid| paid != 0.0).count(), 2);
    assert!(!played.outcomes()[1].formed(), "it takes two");
    let log = played.log().to_owned();
    let mut again = TabletopGame::replay(&request, &log).expect("it is a log");
    assert_eq!(again.log(), log);
    assert_eq!(view(&mut again), view(&mut played));
    let document = played.debrief().expect("it is over");
    assert_eq!(
        bytes(&again.debrief().expect("it is over")),
        bytes(&document)
    );
    let text = render(&document);
    for part in ["Predicted against played", "Round 2", "No accord", "pays"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn members_are_those_who_said_yes_and_the_engine_answers_best() {
    let request = request("asean-2027");
    let mut game = game(&request, &["SG"], 4);
    let arm = game.record().start.arm.clone();
    let binding = proposal(&STATES, &[(&format!("arm.{arm}.defection"), "false")]);
    submit(
        &mut game,
        [
            seat("SG"),
            TabletopEvent::Proposal(binding.clone()),
            answer("SG", true),
            close(1),
        ],
    );
    let outcome = game.outcomes()[0].clone();
    assert!(outcome.formed() && outcome.yes & !outcome.invited == 0);
    for world in &outcome.play.worlds {
        assert_eq!(world.members, outcome.yes, "nobody may leave");
        assert_eq!(world.left, 0);
    }
    assert!(outcome.settled);
    for i in members(outcome.invited & !outcome.people) {
        let [inside, outside] =
            inside_and_outside(game.arena_mut(), &binding, i, outcome.yes).expect("it plays");
        match outcome.yes >> i & 1 {
            1 => assert!(inside >= outside - 1e-9, "{i}: {inside} {outside}"),
            _ => assert!(inside < outside, "{i}: {inside} {outside}"),
        }
    }
    // Where leaving is free, members are at most those who said yes.
    let loose = [
        (format!("arm.{arm}.binding"), "0"),
        (format!("arm.{arm}.penalty"), "0"),
    ];
    let loose: Vec<(&str, &str)> = loose
        .iter()
        .map(|(path, to)| (path.as_str(), *to))
        .collect();
    submit(
        &mut game,
        [
            TabletopEvent::Proposal(proposal(&STATES, &loose)),
            answer("SG", true),
            close(2),
        ],
    );
    let outcome = &game.outcomes()[1];
    for world in &outcome.play.worlds {
        assert_eq!((world.members | world.left) & !outcome.yes, 0);
    }
    let best = outcome.best().expect("there is a menu").play.region();
    assert!(best >= outcome.play.region(), "what was played is on it");
    assert!(
        outcome
            .nash_share()
            .is_none_or(|share| (0.0..=1.0).contains(&share))
    );
}

#[test]
fn one_person_plays_against_the_engine_to_the_end() {
    let request = request("two-states");
    let state = {
        let choice = TabletopChoice {
            arm: None,
            delegations: vec!["nobody".to_owned()],
            rounds: 1,
            worlds: 4,
            seed: None,
        };
        let start = choice.start(&request).expect("it has an accord");
        let refusal = TabletopGame::new(&request, start).map(|_| ());
        assert!(refusal.is_err(), "there is no such state");
        "L"
    };
    let mut game = game(&request, &[state], 4);
    let all: Vec<String> = game
        .facilitator()
        .states
        .iter()
        .map(|one| one.state.clone())
        .collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    submit(&mut game, [seat(state)]);
    for round in 1..=3 {
        submit(
            &mut game,
            [
                TabletopEvent::Proposal(proposal(&all, &[])),
                answer(state, true),
                close(round),
            ],
        );
    }
    let more = game.submit(&TabletopEvent::Proposal(proposal(&all, &[])));
    assert!(more.is_err(), "all rounds are played");
    assert!(game.debrief().is_err(), "it is not over");
    submit(&mut game, [end(3)]);
    assert_eq!(game.board().phase, TabletopPhase::Over);
    assert_eq!(game.debrief().expect("it is over").sections.len(), 6);
}

#[test]
fn what_may_not_happen_changes_nothing() {
    let request = request("two-states");
    let mut game = game(&request, &["L"], 2);
    let log = game.log().to_owned();
    let unknown = proposal(&["L", "S"], &[("market.diversion", "0")]);
    let wrong = proposal(&["L", "S"], &[("arm.bloc.binding", "many")]);
    for event in [
        answer("L", true),
        seat("S"),
        close(1),
        end(1),
        TabletopEvent::Proposal(proposal(&["L"], &[])),
        TabletopEvent::Proposal(unknown),
        TabletopEvent::Proposal(wrong),
    ] {
        assert!(game.submit(&event).is_err(), "{event:?}");
    }
    assert_eq!(game.log(), log);
    assert!(game.delegation("S").is_err(), "S is played by the engine");
}
