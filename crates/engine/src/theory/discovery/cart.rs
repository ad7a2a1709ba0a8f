//! A classification tree as a second opinion on boxes: grown by Gini impurity, pruned by cost-complexity with cross-validation.

use crate::theory::discovery::cases::{Candidate, Cases, DiscoveryError, Rule};

/// How the tree grows and is pruned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CartOptions {
    /// Most splits from the root to a leaf, 1 to 30.
    pub max_depth: usize,
    /// Fewest worlds of a leaf, as a share of all, in (0, 0.5); where one kind of world is rare, half of those will do.
    pub min_leaf: f64,
    /// Parts for cross-validation, 2 to 100.
    pub folds: usize,
}

impl Default for CartOptions {
    /// Six levels, leaves of 1% of the worlds or more, ten folds.
    fn default() -> Self {
        CartOptions {
            max_depth: 6,
            min_leaf: 0.01,
            folds: 10,
        }
    }
}

impl CartOptions {
    fn check(&self) -> Result<(), DiscoveryError> {
        let within = |option, range, given: f64, allowed| {
            if allowed {
                return Ok(());
            }
            Err(DiscoveryError::Option {
                option,
                range,
                given,
            })
        };
        let (depth, folds) = (self.max_depth, self.folds);
        within(
            "the depth",
            "[1, 30]",
            depth as f64,
            (1..=30).contains(&depth),
        )?;
        within(
            "the folds",
            "[2, 100]",
            folds as f64,
            (2..=100).contains(&folds),
        )?;
        let leaf = self.min_leaf;
        within("the least leaf", "(0, 0.5)", leaf, leaf > 0.0 && leaf < 0.5)
    }
}

/// A pruned tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The leaves as boxes, densest first; together they hold every world once.
    pub leaves: Vec<Candidate>,
    /// Share of worlds that the tree puts on the wrong side, when each is judged by a tree grown without it.
    pub validated_error: f64,
    /// The price of a leaf, in shares of worlds on the wrong side, at which this tree was pruned.
    pub complexity: f64,
}

impl Tree {
    /// The boxes in which more than half of the worlds are of interest, densest first; none where nothing is split.
    pub fn rules(&self) -> impl Iterator<Item = &Candidate> {
        let split = self.leaves.len() > 1;
        (self.leaves.iter()).filter(move |leaf| split && leaf.density > 0.5)
    }
}

/// Grows a tree that tells worlds of interest from others, and prunes it to the size that cross-validation supports.
///
/// A node is split where the Gini impurity 2p(1−p), weighted by worlds, falls most, halfway between two neighbouring values; the values of a factor of at most 8
/// are taken in the order of their share of hits, and any of them can be on one side (Breiman et al., theorem 4.5). Weakest links are cut one by one:
/// the node whose cut costs least in wrongly placed worlds per leaf saved, g = (R(t) − R(T_t))/(|T_t| − 1). Each pruned tree stands for the prices
/// of a leaf from its own cut to the next, and is validated at their geometric mean on `folds` parts of the worlds (fixed by a hash of the index, kinds in
/// proportion). The smallest tree within one standard error of the best is returned.
///
/// # Errors
/// An option outside its range.
///
/// # References
/// Breiman, Friedman, Olshen and Stone, Classification and Regression Trees (1984), chapters 3 and 4.
pub fn cart(cases: &Cases, options: &CartOptions) -> Result<Tree, DiscoveryError> {
    options.check()?;
    let worlds = cases.worlds();
    let all: Vec<u32> = (0..worlds as u32).collect();
    let whole = Grown::new(cases, options, all.clone());
    let prices = whole.prices();
    let folds = folds(cases, options.folds);
    // Wrongly placed worlds of each pruned tree, over all folds.
    let mut wrong = vec![0usize; prices.len()];
    for fold in 0..options.folds {
        let (test, train) = all.iter().partition(|&&k| folds[k as usize] == fold);
        let (test, train): (Vec<u32>, Vec<u32>) = (test, train);
        if train.is_empty() {
            continue;
        }
        // A leaf's price is in shares of the worlds that the tree was grown on.
        let grown = Grown::new(cases, options, train);
        for (place, wrong) in wrong.iter_mut().enumerate() {
            let price = between_prices(&prices, place);
            let leaves = grown.pruned(price);
            let misplaced = |&&k: &&u32| grown.judges(&leaves, k) != cases.is_hit(k as usize);
            *wrong += test.iter().filter(misplaced).count();
        }
    }
    let share = |count: usize| count as f64 / worlds as f64;
    let best = wrong.iter().copied().min().map_or(0.0, share);
    let allowed = best + libm::sqrt(best * (1.0 - best) / worlds as f64);
    let place = (0..wrong.len())
        .rev()
        .find(|&place| share(wrong[place]) <= allowed);
    let place = place.unwrap_or(0);
    let mut leaves: Vec<Candidate> = (whole.pruned(prices[place]).iter().enumerate())
        .filter(|&(_, &leaf)| leaf)
        .map(|(node, _)| cases.describe(whole.nodes[node].rule.clone()))
        .collect();
    leaves.sort_by(|x, y| y.density.total_cmp(&x.density));
    Ok(Tree {
        leaves,
        validated_error: share(wrong[place]),
        complexity: prices[place],
    })
}

/// All nodes of the whole tree as boxes, before it is pruned.
///
/// # Errors
/// An option outside its range.
pub fn nodes(cases: &Cases, options: &CartOptions) -> Result<Vec<Candidate>, DiscoveryError> {
    options.check()?;
    let whole = Grown::new(cases, options, (0..cases.worlds() as u32).collect());
    let nodes = whole.nodes.iter();
    let boxes = nodes.map(|node| cases.counted(node.rule.clone(), node.worlds, node.hits));
    Ok(boxes.collect())
}

/// The price at which the tree at `place` is validated: the geometric mean of its own and the next.
fn between_prices(prices: &[f64], place: usize) -> f64 {
    let next = prices.get(place + 1);
    next.map_or(f64::INFINITY, |next| libm::sqrt(prices[place] * next))
}

/// The fold of each world: worlds of either kind in the order of a hash of their index are dealt out in turn.
///
/// The index itself would not do: in a low-discrepancy design it fixes where the world lies.
fn folds(cases: &Cases, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cases.worlds()).collect();
    order.sort_by_key(|&k| (cases.is_hit(k), mixed(k as u64), k));
    let mut folds = vec![0; order.len()];
    for (place, &world) in order.iter().enumerate() {
        folds[world] = place % count;
    }
    folds
}

/// A hash of a whole number (the finaliser of SplitMix64, Steele et al. 2014, <https://doi.org/10.1145/2714064.2660195>).
fn mixed(k: u64) -> u64 {
    let k = k.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let k = (k ^ (k >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let k = (k ^ (k >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    k ^ (k >> 31)
}

struct CartNode {
    rule: Rule,
    worlds: usize,
    hits: usize,
    /// How it is split, and the nodes of both sides.
    split: Option<(NodeSplit, usize, usize)>,
}

/// What goes to the first side of a split.
#[derive(Debug, Clone)]
enum NodeSplit {
    /// Values of a factor up to a limit.
    At(usize, f64),
    /// Kinds of a factor that are marked.
    Kinds(usize, Vec<bool>),
}

impl NodeSplit {
    fn is_low(&self, cases: &Cases, world: u32) -> bool {
        match self {
            NodeSplit::At(factor, limit) => cases.column(*factor)[world as usize] <= *limit,
            NodeSplit::Kinds(factor, low) => {
                let kinds = cases.kinds(*factor).expect("a factor of kinds");
                low[usize::from(kinds.of[world as usize])]
            }
        }
    }

    /// The rules of both sides in a node with a rule.
    fn rules(&self, cases: &Cases, rule: &Rule) -> (Rule, Rule) {
        match self {
            // Rules include both ends: the upper box starts at the next larger number.
            NodeSplit::At(factor, limit) => (
                rule.narrowed(*factor, f64::NEG_INFINITY, *limit),
                rule.narrowed(*factor, limit.next_up(), f64::INFINITY),
            ),
            NodeSplit::Kinds(factor, low) => {
                let kinds = cases.kinds(*factor).expect("a factor of kinds");
                let mut before = rule.restrictions.iter();
                let before = before.find(|one| one.factor == *factor);
                let side = |is_low: bool| {
                    let values = kinds.values.iter().zip(low);
                    let values = values.filter(|&(&value, &low)| {
                        low == is_low && before.is_none_or(|one| one.admits(value))
                    });
                    rule.limited(*factor, values.map(|(&value, _)| value).collect())
                };
                (side(true), side(false))
            }
        }
    }
}

impl CartNode {
    /// Worlds on the wrong side if this node is a leaf.
    fn wrong(&self) -> usize {
        self.hits.min(self.worlds - self.hits)
    }
}

/// A full tree on some of the worlds; children come after their parents.
struct Grown<'a> {
    cases: &'a Cases<'a>,
    nodes: Vec<CartNode>,
    worlds: usize,
}

impl<'a> Grown<'a> {
    fn new(cases: &'a Cases<'a>, options: &CartOptions, worlds: Vec<u32>) -> Grown<'a> {
        let mut tree = Grown {
            cases,
            nodes: Vec::new(),
            worlds: worlds.len(),
        };
        let mut is_used = vec![false; cases.worlds()];
        worlds.iter().for_each(|&k| is_used[k as usize] = true);
        // None of a factor of kinds, which has no need of an order.
        let order = |factor: usize| -> Vec<u32> {
            let order = cases.order(factor).iter().copied();
            match cases.kinds(factor) {
                None => order.filter(|&k| is_used[k as usize]).collect(),
                Some(_) => Vec::new(),
            }
        };
        let orders = (0..cases.factors()).map(order).collect();
        let hits = worlds.iter().filter(|&&k| cases.is_hit(k as usize)).count();
        let fewer = hits.min(worlds.len() - hits);
        let least = (options.min_leaf * worlds.len() as f64).ceil() as usize;
        let least = least.min(fewer.div_ceil(2)).max(1);
        tree.grow(Rule::default(), worlds, orders, options.max_depth, least);
        tree
    }

    fn grow(
        &mut self,
        rule: Rule,
        worlds: Vec<u32>,
        orders: Vec<Vec<u32>>,
        depth: usize,
        least: usize,
    ) -> usize {
        let hit = |&&k: &&u32| self.cases.is_hit(k as usize);
        let place = self.nodes.len();
        self.nodes.push(CartNode {
            rule: rule.clone(),
            worlds: worlds.len(),
            hits: worlds.iter().filter(hit).count(),
            split: None,
        });
        if depth == 0 || self.nodes[place].wrong() == 0 {
            return place;
        }
        let Some(split) = self.best_split(place, &worlds, &orders, least) else {
            return place;
        };
        let is_low: Vec<bool> = (0..self.cases.worlds() as u32)
            .map(|k| split.is_low(self.cases, k))
            .collect();
        let part = |low: bool| -> Vec<Vec<u32>> {
            let keep = |order: &Vec<u32>| {
                let kept = order.iter().copied();
                kept.filter(|&k| is_low[k as usize] == low).collect()
            };
            orders.iter().map(keep).collect()
        };
        let (low_orders, high_orders) = (part(true), part(false));
        let (low, high) = worlds.into_iter().partition(|&k| is_low[k as usize]);
        let (low_rule, high_rule) = split.rules(self.cases, &rule);
        let low = self.grow(low_rule, low, low_orders, depth - 1, least);
        let high = self.grow(high_rule, high, high_orders, depth - 1, least);
        self.nodes[place].split = Some((split, low, high));
        place
    }

    /// The split after which impurity is least, the first of equals; none if none lowers it.
    fn best_split(
        &self,
        node: usize,
        members: &[u32],
        orders: &[Vec<u32>],
        least: usize,
    ) -> Option<NodeSplit> {
        let (worlds, hits) = (self.nodes[node].worlds, self.nodes[node].hits);
        // Half the Gini impurity, weighted by worlds.
        let impurity = |n: usize, h: usize| h as f64 * (n - h) as f64 / n as f64;
        let mut best = impurity(worlds, hits) * (1.0 - 1e-9);
        let mut found = None;
        let mut lowers = |low: usize, low_hits: usize| {
            if low < least || worlds - low < least {
                return false;
            }
            let after = impurity(low, low_hits) + impurity(worlds - low, hits - low_hits);
            let lowers = after < best;
            if lowers {
                best = after;
            }
            lowers
        };
        for (factor, order) in orders.iter().enumerate() {
            if let Some(kinds) = self.cases.kinds(factor) {
                let tally = self.cases.tally(kinds, members.iter().map(|&k| k as usize));
                let share = |kind: usize| tally[kind].1 as f64 / tally[kind].0 as f64;
                let mut present: Vec<usize> =
                    (0..tally.len()).filter(|&kind| tally[kind].0 > 0).collect();
                present.sort_by(|&x, &y| share(x).total_cmp(&share(y)));
                let (mut low, mut low_hits) = (0, 0);
                let mut marked = vec![false; tally.len()];
                for &kind in &present[..present.len() - 1] {
                    (low, low_hits) = (low + tally[kind].0, low_hits + tally[kind].1);
                    marked[kind] = true;
                    if lowers(low, low_hits) {
                        found = Some(NodeSplit::Kinds(factor, marked.clone()));
                    }
                }
                continue;
            }
            let column = self.cases.column(factor);
            let mut low_hits = 0;
            for (low, pair) in order.windows(2).enumerate() {
                low_hits += usize::from(self.cases.is_hit(pair[0] as usize));
                let (value, next) = (column[pair[0] as usize], column[pair[1] as usize]);
                if value != next && lowers(low + 1, low_hits) {
                    let middle = 0.5 * value + 0.5 * next;
                    let limit = if middle < next { middle } else { value };
                    found = Some(NodeSplit::At(factor, limit));
                }
            }
        }
        found
    }

    /// Prices of a leaf, rising from 0, at which the next weakest link is cut.
    fn prices(&self) -> Vec<f64> {
        let mut prices = vec![0.0];
        loop {
            let last = prices[prices.len() - 1];
            let weakest = self.weakest(&self.pruned(last));
            match weakest.filter(|&price| price > last) {
                Some(price) => prices.push(price),
                None => return prices,
            }
        }
    }

    /// Wrong worlds and leaves below each node, given which nodes are leaves.
    fn below(&self, leaves: &[bool]) -> Vec<(usize, usize)> {
        let mut below = vec![(0, 0); self.nodes.len()];
        for place in (0..self.nodes.len()).rev() {
            below[place] = match self.nodes[place].split {
                Some((_, low, high)) if !leaves[place] => {
                    (below[low].0 + below[high].0, below[low].1 + below[high].1)
                }
                _ => (self.nodes[place].wrong(), 1),
            };
        }
        below
    }

    /// The least price at which another node becomes a leaf; none if the root is one.
    fn weakest(&self, leaves: &[bool]) -> Option<f64> {
        let below = self.below(leaves);
        let mut cut = leaves.to_vec();
        let mut least: Option<f64> = None;
        for (place, node) in self.nodes.iter().enumerate() {
            let Some((_, low, high)) = node.split else {
                continue;
            };
            if cut[place] {
                // Nothing below a leaf is left to cut.
                (cut[low], cut[high]) = (true, true);
                continue;
            }
            let price = self.price(place, below[place]);
            least = Some(least.map_or(price, |least| least.min(price)));
        }
        least
    }

    /// What a leaf must cost for a cut at this node to pay: wrong worlds gained per leaf saved, as a share of worlds.
    fn price(&self, place: usize, (wrong, leaves): (usize, usize)) -> f64 {
        let worse = (self.nodes[place].wrong() - wrong) as f64;
        worse / ((leaves - 1).max(1) * self.worlds) as f64
    }

    /// Which nodes are leaves at a price: of every subtree that does not pay, the root.
    fn pruned(&self, price: f64) -> Vec<bool> {
        let mut leaves: Vec<bool> = self.nodes.iter().map(|node| node.split.is_none()).collect();
        // Children come after parents, so in reverse each node is judged with its subtree already pruned.
        let mut below = vec![(0, 0); self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate().rev() {
            below[place] = (node.wrong(), 1);
            if let Some((_, low, high)) = node.split {
                let kept = (below[low].0 + below[high].0, below[low].1 + below[high].1);
                leaves[place] = self.price(place, kept) <= price;
                if !leaves[place] {
                    below[place] = kept;
                }
            }
        }
        self.reached(leaves)
    }

    /// Only those leaves that no other leaf lies above.
    fn reached(&self, mut leaves: Vec<bool>) -> Vec<bool> {
        let mut cut = vec![false; leaves.len()];
        for (place, node) in self.nodes.iter().enumerate() {
            if let Some((_, low, high)) = node.split {
                let below = cut[place] || leaves[place];
                (cut[low], cut[high]) = (below, below);
            }
            leaves[place] &= !cut[place];
        }
        leaves
    }

    /// Whether the pruned tree takes a world for one of interest.
    fn judges(&self, leaves: &[bool], world: u32) -> bool {
        let mut place = 0;
        while !leaves[place] {
            let (split, low, high) = self.nodes[place].split.as_ref().expect("not a leaf");
            let is_low = split.is_low(self.cases, world);
            place = if is_low { *low } else { *high };
        }
        2 * self.nodes[place].hits > self.nodes[place].worlds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::rng::Stream;

    fn columns(worlds: usize, factors: u64) -> Vec<Vec<f64>> {
        let stream = Stream::new(6, "worlds");
        let one = |factor| {
            (0..worlds as u64)
                .map(|k| stream.uniform(k, factor))
                .collect()
        };
        (0..factors).map(one).collect()
    }

    fn tree(columns: &[Vec<f64>], hits: &[bool]) -> Tree {
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let cases = Cases::new(&columns, hits).expect("both kinds");
        let tree = cart(&cases, &CartOptions::default()).expect("valid options");
        let inside: usize = tree.leaves.iter().map(|leaf| leaf.inside).sum();
        assert_eq!(inside, hits.len(), "leaves share out the worlds");
        let densities: Vec<f64> = tree.leaves.iter().map(|leaf| leaf.density).collect();
        assert!(densities.is_sorted_by(|x, y| x >= y));
        tree
    }

    #[test]
    fn a_box_with_noise_is_found_and_noise_is_pruned() {
        let columns = columns(2000, 4);
        let hits: Vec<bool> = (0..2000)
            .map(|k| (columns[0][k] < 0.4 && columns[2][k] > 0.5) != (columns[3][k] < 0.1))
            .collect();
        // The fourth factor says which worlds are noise, so the tree may not see it.
        let tree = tree(&columns[..3], &hits);
        let rules: Vec<&Candidate> = tree.rules().collect();
        let [rule] = rules[..] else {
            panic!("{rules:?}")
        };
        let [first, second] = &rule.rule.restrictions[..] else {
            panic!("{rule:?}");
        };
        assert!((first.high - 0.4).abs() < 0.02 && (second.low - 0.5).abs() < 0.02);
        assert_eq!((first.factor, second.factor), (0, 2));
        assert!((tree.validated_error - 0.1).abs() < 0.03, "{tree:?}");
    }

    #[test]
    fn pure_noise_is_one_leaf() {
        let columns = columns(1000, 4);
        let hits: Vec<bool> = columns[3].iter().map(|&u| u < 0.3).collect();
        let tree = tree(&columns[..3], &hits);
        assert_eq!(tree.leaves.len(), 1);
        assert_eq!(tree.rules().count(), 0);
        assert!(tree.leaves[0].rule.restrictions.is_empty());
    }

    #[test]
    fn weakest_links_by_hand() {
        // 8 worlds 0..8 in one factor; hits 0, 1, 2 and 5: the best first split is after 2, then around 5.
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        let hits = [true, true, true, false, false, true, false, false];
        let cases = Cases::new(&[&x], &hits).expect("both kinds");
        let options = CartOptions {
            max_depth: 5,
            min_leaf: 0.1,
            folds: 2,
        };
        let grown = Grown::new(&cases, &options, (0..8).collect());
        // Without the split around 5 one world of 8 is wrong and two leaves are saved; without any, four are wrong.
        assert_eq!(grown.prices(), [0.0, 1.0 / 16.0, 3.0 / 8.0]);
        let leaves = |price: f64| grown.pruned(price).iter().filter(|&&leaf| leaf).count();
        assert_eq!((leaves(0.0), leaves(0.1), leaves(0.4)), (4, 2, 1));
    }

    #[test]
    fn refused_options() {
        let columns = columns(20, 1);
        let hits: Vec<bool> = (0..20).map(|k| k % 2 == 0).collect();
        let cases = Cases::new(&[&columns[0]], &hits).expect("both kinds");
        for (max_depth, min_leaf, folds) in [(0, 0.1, 5), (31, 0.1, 5), (3, 0.5, 5), (3, 0.1, 1)] {
            let options = CartOptions {
                max_depth,
                min_leaf,
                folds,
            };
            assert!(cart(&cases, &options).is_err(), "{options:?}");
        }
    }
}
