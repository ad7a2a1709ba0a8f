//! The log of an exercise: a line of JSON for the game, then one for each thing that happened. It has no names of people and no times.

use crate::explore::messages::Refusal;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Worlds in which a round is played, unless the facilitator wants others.
pub const TABLETOP_WORLDS: u64 = 64;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase", deny_unknown_fields)]
pub enum TabletopEvent {
    /// The first line: what is played.
    Game(TabletopStart),
    /// Somebody sits down for a delegation.
    Seat(TabletopSeat),
    /// The facilitator puts something to the vote; it replaces what was there and was not closed.
    Proposal(TabletopProposal),
    /// A delegation answers; a later answer of the same round replaces it.
    Answer(TabletopAnswer),
    /// The facilitator closes the round.
    Close(TabletopClose),
    /// The exercise is over.
    End(TabletopEnd),
}

/// What is played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabletopStart {
    /// Version of the program.
    pub version: String,
    /// What the scenario is called.
    pub scenario: String,
    /// SHA-256 of the scenario after all its layers, in hexadecimal.
    pub hash: String,
    /// The seed of the worlds.
    pub seed: u64,
    /// How many worlds a round is played in.
    pub worlds: u64,
    /// The accord that proposals start from.
    pub arm: String,
    /// What accords are compared with.
    pub reference: String,
    /// Ids of the states that people may play; the engine plays the others, and those at whose seat nobody sits.
    pub delegations: Vec<String>,
    /// How many rounds there are at most.
    pub rounds: usize,
}

/// Whose seat is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabletopSeat {
    /// Id of the state.
    pub state: String,
}

/// What is put to the vote.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabletopProposal {
    /// Ids of the states that are invited, two at least.
    pub invited: Vec<String>,
    /// Rules as assignments over the accord, as `--set` takes them: `arm.NAME.KEY` with a value as TOML.
    #[serde(default)]
    pub sets: IndexMap<String, String>,
    /// Payments between two states that are due if both are in.
    #[serde(default)]
    pub payments: Vec<FixedPayment>,
}

/// A payment that is offered: due once, if both states are in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedPayment {
    /// Who pays.
    pub from: String,
    /// Who is paid.
    pub to: String,
    /// How much, US$ bn of present value, above 0.
    pub usd_bn: f64,
}

/// What a delegation answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabletopAnswer {
    /// Id of its state.
    pub state: String,
    /// Whether it joins.
    pub join: bool,
    /// Rules that it would rather have, for the facilitator: assignments as those of a proposal.
    #[serde(default)]
    pub wish: IndexMap<String, String>,
}

/// Which round is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabletopClose {
    /// From 1.
    pub round: usize,
}

/// After how many rounds it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabletopEnd {
    /// Rounds that were closed.
    pub rounds: usize,
}

/// An event as a line, with its end.
pub fn line(event: &TabletopEvent) -> String {
    let text = serde_json::to_string(event).expect("keys are strings and numbers are finite");
    format!("{text}\n")
}

/// The events of a log.
///
/// # Errors
/// A line that is none, with its number.
pub fn events(log: &str) -> Result<Vec<TabletopEvent>, Refusal> {
    let lines = log.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let events = lines.map(|(at, line)| {
        serde_json::from_str(line).map_err(|error| {
            Refusal::new(format!(
                "line {} of the log is not understood: {error}",
                at + 1
            ))
        })
    });
    events.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_lines_that_are_read_as_they_are_written() {
        let answer = TabletopAnswer {
            state: "ID".to_owned(),
            join: true,
            wish: IndexMap::from([("arm.bloc.binding".to_owned(), "1".to_owned())]),
        };
        let log = [
            TabletopEvent::Proposal(TabletopProposal {
                invited: vec!["ID".to_owned(), "SG".to_owned()],
                payments: vec![FixedPayment {
                    from: "SG".to_owned(),
                    to: "ID".to_owned(),
                    usd_bn: 0.1,
                }],
                ..TabletopProposal::default()
            }),
            TabletopEvent::Answer(answer),
            TabletopEvent::Close(TabletopClose { round: 1 }),
            TabletopEvent::End(TabletopEnd { rounds: 1 }),
        ];
        let text: String = log.iter().map(line).collect();
        assert_eq!(events(&text).expect("it is a log"), log);
        assert_eq!(text.lines().nth(2), Some(r#"{"event":"close","round":1}"#));
        let refusal = events("{\"event\":\"end\",\"rounds\":0}\n{}").expect_err("no event");
        assert!(refusal.message.starts_with("line 2"), "{refusal:?}");
    }
}
