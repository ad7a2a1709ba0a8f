//! How states that nobody plays answer: each as its mean gain inside against outside tells it, given the answers of all others.
//!
//! ```text
//! in_i(C)  = mean over worlds of what the accord of C∪i adds to i's payoff + payments due to i − payments due from i, both ends in C∪i
//! out_i(C) = the same of the accord of C∖i; no payment is due to or from i
//! ```
//!
//! i joins if in_i ≥ out_i. All begin as those who join, and are asked in the order of the scenario until nobody changes its answer: then no one of
//! them would gain by another answer. Where they still change after six passes, the last answers count and the round says so.

use crate::engine::model::arm::{StateSet, members as each};
use crate::explore::messages::Refusal;
use crate::explore::tabletop::arena::TabletopArena;
use crate::explore::tabletop::log::TabletopProposal;

/// Most times that all are asked.
const PASSES: usize = 6;

/// Gains that differ by less, in US$ bn, are the same: then a state joins.
const TIE: f64 = 1e-9;

/// Who is in once all have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TabletopReplies {
    /// Who joins.
    pub members: StateSet,
    /// Whether nobody would change its answer.
    pub settled: bool,
}

/// What a state is paid, less what it pays, if some states are in: US$ bn.
pub fn paid(
    arena: &TabletopArena,
    proposal: &TabletopProposal,
    i: usize,
    members: StateSet,
) -> f64 {
    let inside = |id: &String| arena.state(id).is_some_and(|at| members >> at & 1 == 1);
    let due = proposal.payments.iter();
    let due = due.filter(|one| inside(&one.from) && inside(&one.to));
    let of = due.map(|one| {
        let is = |id: &String| f64::from(u8::from(arena.state(id) == Some(i)));
        (is(&one.to) - is(&one.from)) * one.usd_bn
    });
    of.sum()
}

/// What a proposal brings a state if it is in and if it is out, the others given: US$ bn, payments included.
///
/// # Errors
/// The rules are not valid, or a world has no result.
pub fn inside_and_outside(
    arena: &mut TabletopArena,
    proposal: &TabletopProposal,
    i: usize,
    others: StateSet,
) -> Result<[f64; 2], Refusal> {
    let (with, without) = (others | 1 << i, others & !(1 << i));
    let inside = match with.count_ones() {
        0 | 1 => 0.0,
        _ => arena.play(&proposal.sets, with)?.gain(i) + paid(arena, proposal, i, with),
    };
    let outside = match without.count_ones() {
        0 | 1 => 0.0,
        _ => arena.play(&proposal.sets, without)?.gain(i),
    };
    Ok([inside, outside])
}

/// Lets states answer that nobody plays, `engine`, where people said yes for `yes`.
///
/// # Errors
/// As for [`inside_and_outside`].
pub fn replies(
    arena: &mut TabletopArena,
    proposal: &TabletopProposal,
    yes: StateSet,
    engine: StateSet,
) -> Result<TabletopReplies, Refusal> {
    let mut members = yes | engine;
    for _ in 0..PASSES {
        let before = members;
        for i in each(engine) {
            let [inside, outside] = inside_and_outside(arena, proposal, i, members)?;
            match inside >= outside - TIE {
                true => members |= 1 << i,
                false => members &= !(1 << i),
            }
        }
        if members == before {
            return Ok(TabletopReplies {
                members,
                settled: true,
            });
        }
    }
    Ok(TabletopReplies {
        members,
        settled: engine == 0,
    })
}
