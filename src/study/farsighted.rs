//! Where coalitions go if states join and leave one at a time: step by step, and foreseeing where it ends.
//!
//! Nodes are the coalitions of two or more players and *alone*, the state without an accord (mask 0). Moves: a member leaves (exit; a
//! pair that loses one is alone), an outsider joins (entry, open membership), and two who are alone found an accord (both move).
//!
//! *Better replies.* A move is made if every mover gains by it at once, an exit in spite of the penalty (31). An *absorbing set* is a set
//! of nodes that the better replies never leave and within which each leads to each other: a strongly connected component without
//! a way out. A single node is a coalition at rest; several are a cycle. Every path ends in some absorbing set.
//!
//! *Farsighted stable set.* T farsightedly dominates C if moves lead from C to T such that each mover gets more in T than where it stands when
//! it moves (an exit still costs the penalty). A set V of nodes is a farsighted stable set if none of V dominates another of V and
//! every node outside is dominated by one of V: the stable set of von Neumann and Morgenstern under farsighted dominance. It may not
//! exist, and there may be several; a coalition that dominates every other node is one by itself.
//!
//! # References
//! Harsanyi 1974, <https://doi.org/10.1287/mnsc.20.11.1472>; Chwe 1994, <https://doi.org/10.1006/jeth.1994.1044>; Herings, Mauleon and Vannetelbosch
//! 2009, <https://doi.org/10.1016/j.geb.2008.12.009>; Mauleon, Vannetelbosch and Vergote 2011, <https://doi.org/10.3982/TE644>; absorbing sets:
//! Inarra, Larrea and Molis, Absorbing sets in roommate problems, Games and Economic Behavior 81 (2013), 165-178.

use crate::engine::model::arm::members;
use crate::study::accord_game::AccordGame;

/// Most players: dominance between all pairs of 2^12 coalitions takes half a second.
pub const FARSIGHTED_PLAYERS: usize = 12;

/// Most guesses in the search for a farsighted stable set before it counts as undecided.
const MOST_GUESSES: usize = 200;

/// Marks a node that the search has not met.
const UNSEEN: u32 = u32::MAX;

/// A move from one node to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Move {
    from: usize,
    to: usize,
    /// Who must gain.
    movers: usize,
    /// Whether it is an exit, which costs the penalty.
    exit: bool,
}

/// What the search for a farsighted stable set found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StableSet {
    /// The only one.
    Unique,
    /// One, and there may be others.
    Found,
    /// There is none.
    None,
    /// The search was given up.
    #[default]
    Undecided,
}

/// Where the coalitions of a game lead, by mask; masks of one player are no nodes and hold false. Used again for every world.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// Whether a node lies in an absorbing set.
    pub absorbing: Vec<bool>,
    /// Whether it lies in one that better replies reach from alone.
    pub from_alone: Vec<bool>,
    /// Whether it lies in one that better replies reach from the grand coalition.
    pub from_grand: Vec<bool>,
    /// Whether it lies in the farsighted stable set that was found.
    pub in_stable_set: Vec<bool>,
    /// Whether it is a farsighted stable set by itself.
    pub is_stable_alone: Vec<bool>,
    /// How many absorbing sets there are.
    pub sets: usize,
    /// Nodes of the largest absorbing set; more than one is a cycle.
    pub largest: usize,
    /// About the farsighted stable set.
    pub stable_set: StableSet,
}

impl Paths {
    /// Follows a game of at most [`FARSIGHTED_PLAYERS`] players.
    ///
    /// # Panics
    /// With more players.
    pub fn follow(&mut self, game: &AccordGame) {
        assert!(
            game.players() <= FARSIGHTED_PLAYERS,
            "{} players",
            game.players()
        );
        let replies = Replies::new(game);
        let components = replies.components();
        self.absorb(&replies, &components);
        self.from_alone = self.reached(&replies, 0);
        self.from_grand = self.reached(&replies, game.grand());
        self.foresee(game);
    }

    fn absorb(&mut self, replies: &Replies, components: &[u32]) {
        let count = components
            .iter()
            .filter(|&&c| c != UNSEEN)
            .max()
            .map_or(0, |&c| c as usize + 1);
        let (mut closed, mut sizes) = (vec![true; count], vec![0usize; count]);
        for node in replies.nodes() {
            let own = components[node] as usize;
            sizes[own] += 1;
            for &to in replies.of(node) {
                closed[own] &= components[to as usize] as usize == own;
            }
        }
        let of = |node: usize| components[node] as usize;
        self.absorbing = vec![false; components.len()];
        for node in replies.nodes() {
            self.absorbing[node] = closed[of(node)];
        }
        self.sets = closed.iter().filter(|&&closed| closed).count();
        let sizes = sizes.iter().zip(&closed).filter(|&(_, &closed)| closed);
        self.largest = sizes.map(|(&size, _)| size).max().unwrap_or(0);
    }

    /// The absorbing nodes that better replies reach from `start`.
    fn reached(&self, replies: &Replies, start: usize) -> Vec<bool> {
        let mut seen = vec![false; self.absorbing.len()];
        let mut waiting = vec![start];
        seen[start] = true;
        while let Some(node) = waiting.pop() {
            for &to in replies.of(node) {
                if !seen[to as usize] {
                    seen[to as usize] = true;
                    waiting.push(to as usize);
                }
            }
        }
        let both = seen.iter().zip(&self.absorbing);
        both.map(|(&seen, &absorbing)| seen && absorbing).collect()
    }

    fn foresee(&mut self, game: &AccordGame) {
        let dominance = Dominance::new(game);
        let nodes = dominance.nodes.len();
        let whole = 1 << game.players();
        self.is_stable_alone = vec![false; whole];
        for (t, &node) in dominance.nodes.iter().enumerate() {
            self.is_stable_alone[node] = dominance.count(t) == nodes - 1;
        }
        self.in_stable_set = vec![false; whole];
        let mut search = Search {
            dominance: &dominance,
            guesses: 0,
        };
        let (stable_set, found) = search.run();
        self.stable_set = stable_set;
        for t in found {
            self.in_stable_set[dominance.nodes[t]] = true;
        }
    }
}

/// Whether a mask is a node.
fn is_node(mask: usize) -> bool {
    mask.count_ones() != 1
}

/// Calls `visit` with every move from `from`.
fn moves_from(players: usize, from: usize, mut visit: impl FnMut(Move)) {
    if from == 0 {
        for i in 0..players {
            for j in i + 1..players {
                let pair = 1 << i | 1 << j;
                visit(Move {
                    from,
                    to: pair,
                    movers: pair,
                    exit: false,
                });
            }
        }
        return;
    }
    for p in 0..players {
        let exit = from >> p & 1 == 1;
        let to = from ^ 1 << p;
        visit(Move {
            from,
            to: if is_node(to) { to } else { 0 },
            movers: 1 << p,
            exit,
        });
    }
}

/// Calls `visit` with every move to `to`.
fn moves_to(players: usize, to: usize, mut visit: impl FnMut(Move)) {
    if to == 0 {
        for i in 0..players {
            for j in (0..players).filter(|&j| j != i) {
                visit(Move {
                    from: 1 << i | 1 << j,
                    to,
                    movers: 1 << i,
                    exit: true,
                });
            }
        }
        return;
    }
    for p in 0..players {
        let from = to ^ 1 << p;
        if is_node(from) {
            visit(Move {
                from,
                to,
                movers: 1 << p,
                exit: to >> p & 1 == 0,
            });
        }
    }
    if to.count_ones() == 2 {
        visit(Move {
            from: 0,
            to,
            movers: to,
            exit: false,
        });
    }
}

/// Whether every mover gets more in `end` than where it stands.
fn all_gain(game: &AccordGame, step: Move, end: usize) -> bool {
    members(step.movers as u64).all(|p| {
        let penalty = if step.exit { game.penalty(p) } else { 0.0 };
        game.payoff(end, p) - penalty - game.payoff(step.from, p) > game.slack(p)
    })
}

/// The graph of better replies.
struct Replies {
    /// Where the replies of each mask begin; one more than there are masks.
    starts: Vec<u32>,
    replies: Vec<u32>,
}

impl Replies {
    fn new(game: &AccordGame) -> Replies {
        let whole = 1usize << game.players();
        let mut graph = Replies {
            starts: vec![0],
            replies: Vec::new(),
        };
        for from in 0..whole {
            if is_node(from) {
                moves_from(game.players(), from, |step| {
                    if all_gain(game, step, step.to) {
                        graph.replies.push(step.to as u32);
                    }
                });
            }
            graph.starts.push(graph.replies.len() as u32);
        }
        graph
    }

    fn nodes(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.starts.len() - 1).filter(|&mask| is_node(mask))
    }

    fn of(&self, node: usize) -> &[u32] {
        &self.replies[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// The strongly connected component of each node (Tarjan 1972, <https://doi.org/10.1137/0201010>), without recursion.
    fn components(&self) -> Vec<u32> {
        let whole = self.starts.len() - 1;
        let mut components = vec![UNSEEN; whole];
        let (mut order, mut low) = (vec![UNSEEN; whole], vec![UNSEEN; whole]);
        let (mut open, mut path): (Vec<usize>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
        let (mut met, mut found) = (0, 0);
        for root in self.nodes() {
            if order[root] != UNSEEN {
                continue;
            }
            path.push((root, 0));
            while let Some((node, next)) = path.pop() {
                if next == 0 {
                    (order[node], low[node]) = (met, met);
                    met += 1;
                    open.push(node);
                }
                if let Some(&to) = self.of(node).get(next) {
                    let to = to as usize;
                    path.push((node, next + 1));
                    if order[to] == UNSEEN {
                        path.push((to, 0));
                    } else if components[to] == UNSEEN {
                        low[node] = low[node].min(order[to]);
                    }
                    continue;
                }
                if low[node] == order[node] {
                    while let Some(member) = open.pop() {
                        components[member] = found;
                        if member == node {
                            break;
                        }
                    }
                    found += 1;
                }
                if let Some(&(above, _)) = path.last() {
                    low[above] = low[above].min(low[node]);
                }
            }
        }
        components
    }
}

/// Which nodes each node farsightedly dominates, as bits in the order of `nodes`.
struct Dominance {
    nodes: Vec<usize>,
    words: usize,
    bits: Vec<u64>,
}

impl Dominance {
    fn new(game: &AccordGame) -> Dominance {
        let whole = 1usize << game.players();
        let nodes: Vec<usize> = (0..whole).filter(|&mask| is_node(mask)).collect();
        let mut place = vec![0; whole];
        for (at, &node) in nodes.iter().enumerate() {
            place[node] = at;
        }
        let words = nodes.len().div_ceil(64);
        let mut bits = vec![0u64; nodes.len() * words];
        let (mut waiting, mut seen) = (Vec::new(), vec![usize::MAX; whole]);
        for (t, &end) in nodes.iter().enumerate() {
            seen[end] = t;
            waiting.push(end);
            while let Some(node) = waiting.pop() {
                moves_to(game.players(), node, |step| {
                    if seen[step.from] != t && all_gain(game, step, end) {
                        seen[step.from] = t;
                        waiting.push(step.from);
                        let at = place[step.from];
                        bits[t * words + at / 64] |= 1 << (at % 64);
                    }
                });
            }
        }
        Dominance { nodes, words, bits }
    }

    /// Whether node t dominates node c.
    fn dominates(&self, t: usize, c: usize) -> bool {
        self.bits[t * self.words + c / 64] >> (c % 64) & 1 == 1
    }

    /// How many nodes t dominates.
    fn count(&self, t: usize) -> usize {
        let row = &self.bits[t * self.words..(t + 1) * self.words];
        row.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// What is known of a node in the search for a stable set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Open,
    In,
    /// Out, and dominated by one that is in.
    Dominated,
    /// Out because it dominates one that is in; one that is in must still dominate it.
    Owed,
}

/// The search for a stable set: what must be follows, and where nothing must, guesses, the node that dominates most first.
struct Search<'a> {
    dominance: &'a Dominance,
    guesses: usize,
}

impl Search<'_> {
    fn run(&mut self) -> (StableSet, Vec<usize>) {
        let mut known = vec![Known::Open; self.dominance.nodes.len()];
        let forced = self.deduce(&mut known);
        let unique = forced && !known.contains(&Known::Open);
        match self.complete(known, forced) {
            Some(found) if unique => (StableSet::Unique, found),
            Some(found) => (StableSet::Found, found),
            None if self.guesses > MOST_GUESSES => (StableSet::Undecided, Vec::new()),
            None => (StableSet::None, Vec::new()),
        }
    }

    /// A stable set that agrees with what is known, if the search finds one.
    fn complete(&mut self, known: Vec<Known>, consistent: bool) -> Option<Vec<usize>> {
        // What is left to try, most promising last.
        let mut waiting = vec![(known, consistent)];
        while let Some((known, consistent)) = waiting.pop() {
            if !consistent {
                continue;
            }
            let open = (0..known.len()).filter(|&t| known[t] == Known::Open);
            let Some(guess) = open.min_by_key(|&t| (usize::MAX - self.dominance.count(t), t))
            else {
                let all = 0..known.len();
                return Some(all.filter(|&t| known[t] == Known::In).collect());
            };
            self.guesses += 1;
            if self.guesses > MOST_GUESSES {
                return None;
            }
            let mut without = known.clone();
            without[guess] = Known::Owed;
            let consistent = self.deduce(&mut without);
            waiting.push((without, consistent));
            let mut with = known;
            let consistent = self.take(&mut with, guess) && self.deduce(&mut with);
            waiting.push((with, consistent));
        }
        None
    }

    /// Takes a node in; false where that contradicts what is known.
    fn take(&self, known: &mut [Known], t: usize) -> bool {
        known[t] = Known::In;
        for other in (0..known.len()).filter(|&other| other != t) {
            let below = self.dominance.dominates(t, other);
            if !below && !self.dominance.dominates(other, t) {
                continue;
            }
            match known[other] {
                Known::In => return false,
                _ if below => known[other] = Known::Dominated,
                Known::Open => known[other] = Known::Owed,
                _ => {}
            }
        }
        true
    }

    /// Draws conclusions until there are none: who has no one left that could dominate it is in; false where nothing can be right.
    fn deduce(&self, known: &mut [Known]) -> bool {
        loop {
            let mut changed = false;
            for t in 0..known.len() {
                if !matches!(known[t], Known::Open | Known::Owed) {
                    continue;
                }
                let possible = (0..known.len())
                    .any(|d| known[d] == Known::Open && d != t && self.dominance.dominates(d, t));
                if possible {
                    continue;
                }
                // An owed node that one that is in dominates has been marked as dominated.
                if known[t] == Known::Owed || !self.take(known, t) {
                    return false;
                }
                changed = true;
            }
            if !changed {
                return true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dominance among few nodes from pairs (who dominates, whom).
    fn dominance(count: usize, pairs: &[(usize, usize)]) -> Dominance {
        let mut bits = vec![0; count];
        for &(t, c) in pairs {
            bits[t] |= 1 << c;
        }
        Dominance {
            nodes: (0..count).collect(),
            words: 1,
            bits,
        }
    }

    fn searched(count: usize, pairs: &[(usize, usize)]) -> (StableSet, Vec<usize>) {
        let dominance = dominance(count, pairs);
        let mut search = Search {
            dominance: &dominance,
            guesses: 0,
        };
        search.run()
    }

    #[test]
    fn stable_sets_by_hand() {
        // A chain: 0 beats 1, 1 beats 2, so that 0 and 2 stand.
        assert_eq!(
            searched(3, &[(0, 1), (1, 2)]),
            (StableSet::Unique, vec![0, 2])
        );
        // Three in a circle: whoever stands is beaten by one whom nobody else beats.
        let circle = [(0, 1), (1, 2), (2, 0)];
        assert_eq!(searched(3, &circle), (StableSet::None, vec![]));
        // Four in a circle: the even ones or the odd ones.
        let (kind, found) = searched(4, &[(0, 1), (1, 2), (2, 3), (3, 0)]);
        assert_eq!((kind, found), (StableSet::Found, vec![0, 2]));
        // A fourth that beats one of three in a circle settles it.
        let settled = [(0, 1), (1, 2), (2, 0), (3, 0)];
        assert_eq!(searched(4, &settled), (StableSet::Unique, vec![1, 3]));
    }
}
