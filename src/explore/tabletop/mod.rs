//! A tabletop exercise: people play some delegations, the engine plays the other states and the suppliers, and rounds end in an accord or not.
//!
//! Everything that is shown is a function of a scenario and a log: the same log gives the same bytes. A [`log`] is lines of JSON;
//! [`record`] is what happened so far; [`arena`] plays the accord of those who said yes; [`replies`] lets states that nobody plays answer; [`menu`]
//! has the accords that a round is measured against; [`outcome`] is a round when it closes; [`card`], [`board`] and [`debrief`] say it in words,
//! tables and a figure. [`game`] holds it together for a host. It touches no file and no clock, and keeps no names.

pub mod arena;
pub mod board;
pub mod card;
pub mod debrief;
pub mod game;
pub mod log;
pub mod menu;
pub mod outcome;
pub mod played;
pub mod record;
pub mod replies;
mod words;
