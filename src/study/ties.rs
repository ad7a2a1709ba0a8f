//! Which factors are independent of each other: what correlation or the rows of a file tie must lie in one of them.
//!
//! A factor of tied quantities has uniforms of its own for all of them, and the copula or the file makes of those what it makes in a run. So factors are
//! independent while the quantities within one are as they are drawn.

use crate::engine::model::Model;
use crate::theory::draws::copula::Correlation;

/// Quantities that depend on each other, through others too, or one that depends on what an event draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TiedSet {
    /// Indices among `model.uncertain`.
    pub quantities: Vec<usize>,
    /// Where else numbers stand that they depend on, among the uniforms of a world: constants that were uncertain or that events make so, the rows
    /// that are drawn.
    pub shadows: Vec<usize>,
}

/// All sets of tied quantities of a model. One that is tied to constants alone is as good as free, unless an event draws at their uniforms.
pub fn tied_sets(model: &Model) -> Vec<TiedSet> {
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for mut tied in model.correlation.ties() {
        sets.retain(|set| {
            let meets = set.iter().any(|one| tied.contains(one));
            if meets {
                tied.extend(set);
            }
            !meets
        });
        tied.sort_unstable();
        tied.dedup();
        sets.push(tied);
    }
    sets.sort_unstable();
    let split = sets.into_iter().map(|mut set| {
        let shadows = set.split_off(set.partition_point(|&one| one < model.uncertain.len()));
        TiedSet {
            quantities: set,
            shadows,
        }
    });
    let drawn = model.events.iter().flat_map(|event| event.draws());
    let drawn: Vec<usize> = drawn.map(|draw| draw.uniform).collect();
    let acts = |set: &TiedSet| match set.quantities.len() {
        0 => false,
        1 => set.shadows.iter().any(|one| drawn.contains(one)),
        _ => true,
    };
    split.filter(acts).collect()
}

/// Where the numbers that a factor of `members` moves stand among the uniforms of a world: its quantities, its events, and behind them what its tied
/// quantities depend on.
pub fn positions(model: &Model, sets: &[TiedSet], members: &[usize]) -> Vec<usize> {
    let own = |set: &&TiedSet| set.quantities.iter().any(|one| members.contains(one));
    let shadows = sets.iter().filter(own).flat_map(|set| &set.shadows);
    let members = members.iter();
    let members = members.map(|&index| model.uniform_of_draw(index));
    members.chain(shadows.copied()).collect()
}

/// The correlation of quantities that are moved, all `members` of all factors; what is held stays at its median.
pub fn moved(model: &Model, sets: &[TiedSet], members: &[usize]) -> Correlation {
    let mut moved = vec![false; model.uniforms_len()];
    for &quantity in sets.iter().flat_map(|set| &set.quantities) {
        moved[quantity] = members.contains(&quantity);
    }
    model.correlation.among(|position| moved[position])
}

/// Two tied quantities that do not lie in the same factor: the one has a factor, the other another or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TieAcross {
    /// The first, with the index of its factor.
    pub one: (usize, usize),
    /// The second, with that of its own, if it has one.
    pub other: (usize, Option<usize>),
}

/// The first tie across factors, of which `factor` gives that of a quantity.
pub fn tie_across(sets: &[TiedSet], factor: impl Fn(usize) -> Option<usize>) -> Option<TieAcross> {
    sets.iter().find_map(|set| {
        let mut within = set.quantities.iter();
        let (one, of) = within.find_map(|&one| Some((one, factor(one)?)))?;
        let mut rest = set.quantities.iter();
        let &other = rest.find(|&&other| factor(other) != Some(of))?;
        Some(TieAcross {
            one: (one, of),
            other: (other, factor(other)),
        })
    })
}
