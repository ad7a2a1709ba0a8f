//! Who may do what: each address begins with a code that stands for a role.

use crate::explore::tabletop::game::TabletopPlace;
use std::io;

/// Letters and digits of a code; none that is mistaken for another. There are 32, so that a byte gives each as often.
const SIGNS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// Length of a join code, which people type: 50 bits.
const JOIN: usize = 10;

/// Length of the facilitator's: 130 bits.
const FACILITATOR: usize = 26;

/// What whoever has a code may see and do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableRole {
    /// Puts proposals to the vote, closes rounds, ends the exercise.
    Facilitator,
    /// Sees its card and answers.
    Delegation(String),
    /// Both for one person.
    Alone(String),
    /// Sees what all may see.
    Board,
}

impl TableRole {
    /// The state that it plays.
    pub fn state(&self) -> Option<&str> {
        match self {
            TableRole::Delegation(state) | TableRole::Alone(state) => Some(state),
            TableRole::Facilitator | TableRole::Board => None,
        }
    }

    /// Whether it facilitates.
    pub fn facilitates(&self) -> bool {
        matches!(self, TableRole::Facilitator | TableRole::Alone(_))
    }

    /// Its name for the page.
    pub fn key(&self) -> &'static str {
        match self {
            TableRole::Facilitator => "facilitator",
            TableRole::Delegation(_) => "delegation",
            TableRole::Alone(_) => "alone",
            TableRole::Board => "board",
        }
    }
}

/// A role with its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCode {
    /// What it is called.
    pub name: String,
    pub role: TableRole,
    pub code: String,
}

/// Codes of all roles of a game with some delegations; of one that is replayed the board's alone.
pub fn codes(
    places: Vec<TabletopPlace>,
    is_written: bool,
    alone: Option<&str>,
) -> io::Result<Vec<TableCode>> {
    let of = |name: &str, role: TableRole, length: usize| {
        Ok::<_, io::Error>(TableCode {
            name: name.to_owned(),
            role,
            code: code(length)?,
        })
    };
    if !is_written {
        return Ok(vec![of("debrief", TableRole::Board, FACILITATOR)?]);
    }
    if let Some(state) = alone {
        let role = TableRole::Alone(state.to_owned());
        return Ok(vec![of("you", role, FACILITATOR)?]);
    }
    let mut codes = vec![
        of("facilitator", TableRole::Facilitator, FACILITATOR)?,
        of("board", TableRole::Board, JOIN)?,
    ];
    for place in places {
        codes.push(of(&place.name, TableRole::Delegation(place.state), JOIN)?);
    }
    Ok(codes)
}

fn code(length: usize) -> io::Result<String> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let signs = bytes
        .iter()
        .map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    Ok(signs.collect())
}
