//! The search of a scenario discovery: which boxes to offer for a condition, which of them are more than chance, and a tree as second opinion.
//!
//! The algorithms are those of [`crate::theory::discovery`]; here lies what is chosen among their answers. A box is named as a cause only if it passes twice. Each half of the worlds
//! chooses boxes that the other judges ([`confirmed`]): what is left of their restrictions says by which factors all worlds are then searched. And more must speak for what is found
//! there than for the best of as few restrictions that the same search finds in nineteen of twenty shuffles of the condition. So too the tree. All else may be chance.
//!
//! Where nothing is a cause, at most 19 of 200 seeds name one at 200, 500 and 1,000 worlds of nine factors: `tests/discovery` holds it to that.

use crate::engine::simulate::in_parallel;
use crate::study::pieces::StudyError;
use crate::theory::discovery::cart::{CartOptions, cart, nodes};
use crate::theory::discovery::chance::{
    Confirmed, at_least_by_chance, clearest, confirmed, evidence, halves,
};
use crate::theory::discovery::prim::PrimOptions;
use crate::theory::discovery::significance::{quasi_p_values, reproducibility};
use crate::theory::discovery::trade_off::{best_of_each, cover, trade_off};
use crate::theory::discovery::{Candidate, Cases, DiscoveryError};
use crate::theory::draws::rng::Stream;
use std::sync::atomic::AtomicBool;

/// How much denser than all worlds a box is, if it is not said.
const DENSER: f64 = 1.25;

/// How often something is named where nothing is, at most.
const LEVEL: f64 = 0.05;

/// Shuffles of the condition: of 59, two at most may find as much.
const SHUFFLES: usize = 59;

/// Random halves of the worlds that are searched again.
const HALVES: usize = 10;

/// Most quantities that are searched; of more, those that tell the worlds apart best by themselves. Among hundreds, chance alone
/// offers restrictions that look good.
const SEARCHED: usize = 25;

/// Most boxes that cover one after the other.
const COVER: usize = 4;

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// Most restrictions of a box.
    pub restrictions: usize,
    /// Least share of worlds in a box in which the condition holds, in (0, 1]; by default a quarter more than in all worlds or, where that is
    /// much, a quarter of the way to all.
    pub density: Option<f64>,
    /// Seed of random halves and shuffles.
    pub seed: u64,
}

/// A box with the quasi-p-value of each of its restrictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// The box.
    pub candidate: Candidate,
    /// Quasi-p-values, restriction by restriction.
    pub quasi_p: Vec<f64>,
}

/// What a search found; factors are numbered as in the cases that were given.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchResult {
    /// The factors that were searched, by rising index: all of up to 25, else those that tell the worlds apart best by themselves.
    pub searched: Vec<usize>,
    /// The box to quote first, then the best of every other number of restrictions; none unless the first is more than chance.
    pub boxes: Vec<Offered>,
    /// The best box of every number of restrictions among those that did not pass.
    pub may_be_chance: Vec<Offered>,
    /// How each restriction of the first box stood up.
    pub trust: Vec<Trust>,
    /// Boxes that cover the hits one after the other.
    pub cover: Vec<Offered>,
    /// Leaves of the tree in which the condition holds in most worlds, as far as they are more than chance.
    pub tree: Vec<Offered>,
    /// The others.
    pub tree_may_be_chance: Vec<Offered>,
    /// Share of worlds on the wrong side of the tree, by cross-validation.
    pub validated_error: f64,
    /// What each half of the worlds says of the first box and of the tree of the other; none where they have too few worlds of one kind to say anything.
    pub held_out: Vec<HeldOut>,
    /// What shuffles say; none if nothing was left to ask them about.
    pub shuffled: Option<Shuffled>,
    /// Every box that no other beats.
    pub trade_off: Vec<Candidate>,
}

/// How far a restriction can be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trust {
    /// Its factor.
    pub factor: usize,
    /// How often the box nearest in coverage restricts the same factor when a random half of the worlds is searched.
    pub again: f64,
    /// How likely the worlds that it keeps were as dense by chance, among held-out worlds that meet the other restrictions.
    pub by_chance: f64,
}

/// Boxes and tree that one half of the worlds chose, among the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldOut {
    /// How many worlds there are.
    pub worlds: usize,
    /// How many are hits.
    pub hits: usize,
    /// The first box; none if none is dense enough.
    pub first: Option<Unseen>,
    /// The leaves of the tree in which most worlds are hits, together; none if there is none.
    pub tree: Option<Unseen>,
}

/// Worlds that had no part in the choice of a box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unseen {
    /// Worlds in it.
    pub inside: usize,
    /// Hits among them.
    pub hits: usize,
    /// How likely so many of them were hits by chance.
    pub by_chance: f64,
}

/// Shuffles of the condition in which the same search was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shuffled {
    /// How many.
    pub searches: usize,
    /// How many had a box, or a node of a tree, for which as much speaks as for the first box.
    pub as_strong: usize,
}

/// The factors worth searching, by rising index: all of up to 25, else those that tell the worlds apart best by themselves.
fn worth_searching(cases: &Cases<'_>) -> Vec<usize> {
    let mut factors: Vec<usize> = (0..cases.factors()).collect();
    if factors.len() > SEARCHED {
        let separation: Vec<f64> = factors.iter().map(|&one| cases.separation(one)).collect();
        factors.sort_by(|&x, &y| separation[y].total_cmp(&separation[x]));
        factors.truncate(SEARCHED);
        factors.sort_unstable();
    }
    factors
}

/// What one search goes by.
struct BoxSearch {
    options: PrimOptions,
    tree: CartOptions,
    restrictions: usize,
    density: f64,
}

/// What is found by some of the factors.
struct FoundBoxes<'a> {
    factors: Vec<usize>,
    cases: Cases<'a>,
    front: Vec<Candidate>,
}

impl BoxSearch {
    /// The trade-off of all boxes by some factors of `all`.
    fn by<'a>(
        &self,
        all: &Cases<'a>,
        factors: Vec<usize>,
    ) -> Result<FoundBoxes<'a>, DiscoveryError> {
        let cases = all.of_factors(&factors);
        let front = trade_off(&cases, &self.options)?;
        Ok(FoundBoxes {
            factors,
            cases,
            front,
        })
    }

    /// The best box of every number of restrictions, in the numbers of all factors.
    fn best(&self, found: &FoundBoxes<'_>) -> Vec<Candidate> {
        let best = best_of_each(&found.front, self.restrictions, self.density);
        let best = best.into_iter();
        best.map(|one| one.renumbered(&found.factors)).collect()
    }

    /// Boxes that cover one after the other, `most` of them, each the one to quote.
    fn cover(&self, found: &FoundBoxes<'_>, most: usize) -> Vec<Candidate> {
        let boxes = cover(&found.cases, &found.front, &self.options, most, |front| {
            let best = best_of_each(front, self.restrictions, self.density);
            best.into_iter().next()
        });
        let boxes = boxes.iter();
        boxes.map(|one| one.renumbered(&found.factors)).collect()
    }

    /// Boxes that cover one after the other, each the one to judge by other worlds.
    fn clearest(&self, found: &FoundBoxes<'_>) -> Vec<Candidate> {
        let boxes = cover(&found.cases, &found.front, &self.options, COVER, |front| {
            clearest(front, self.restrictions, self.density)
        });
        let boxes = boxes.iter();
        boxes.map(|one| one.renumbered(&found.factors)).collect()
    }

    /// The leaves of the tree in which most worlds are hits, and its error.
    fn leaves(&self, found: &FoundBoxes<'_>) -> Result<(Vec<Candidate>, f64), DiscoveryError> {
        let tree = cart(&found.cases, &self.tree)?;
        let leaves = tree.rules().map(|one| one.renumbered(&found.factors));
        Ok((leaves.collect(), tree.validated_error))
    }

    /// How much speaks for the best box, and the best node of a tree, of at most so many restrictions: by their number, from 1 on.
    fn strongest(&self, all: &Cases<'_>) -> Result<Strongest, DiscoveryError> {
        let found = self.by(all, worth_searching(all))?;
        let best = best_of_each(&found.front, self.restrictions, self.density);
        let nodes = nodes(&found.cases, &self.tree)?;
        let rising = |boxes: &[&Candidate]| {
            let most = boxes.iter().map(|one| one.restricted()).max().unwrap_or(0);
            let up_to = |restrictions: usize| {
                let simple = boxes.iter();
                let simple = simple.filter(|one| one.restricted() <= restrictions);
                let evidence = simple.map(|one| evidence(one, all.worlds(), all.total_hits()));
                evidence.fold(0.0, f64::max)
            };
            (1..=most).map(up_to).collect()
        };
        Ok(Strongest {
            boxes: rising(&best),
            nodes: rising(&nodes.iter().collect::<Vec<_>>()),
        })
    }
}

/// How much speaks for the best box, and the best node of a tree, of at most so many restrictions: by their number, from 1 on.
struct Strongest {
    boxes: Vec<f64>,
    nodes: Vec<f64>,
}

/// What each half of the worlds found and the other says of it.
struct Judged {
    halves: Vec<HeldOut>,
    /// Boxes of each half that passed, one after the other.
    passed: Vec<Vec<Confirmed>>,
}

impl Judged {
    fn tree_passed(&self) -> bool {
        let mut trees = self.halves.iter().filter_map(|half| half.tree);
        trees.any(|tree| tree.by_chance <= LEVEL)
    }

    /// Factors that some box restricts, by rising index.
    fn factors(&self) -> Vec<usize> {
        let mut factors: Vec<usize> = self.restrictions().map(|(factor, _)| factor).collect();
        factors.sort_unstable();
        factors.dedup();
        factors
    }

    /// Factors that are restricted, with how likely that was as dense by chance.
    fn restrictions(&self) -> impl Iterator<Item = (usize, f64)> {
        self.passed.iter().flatten().flat_map(|one| {
            let factors = one.rule.restrictions.iter().map(|one| one.factor);
            factors.zip(one.by_chance.iter().copied())
        })
    }

    /// Most boxes of a half that passed.
    fn boxes(&self) -> usize {
        self.passed.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// Searches each half of the worlds and judges by the other; nothing where they could not tell even the best of boxes from chance.
fn judged(search: &BoxSearch, all: &Cases<'_>, stream: &Stream) -> Result<Judged, DiscoveryError> {
    let mut judged = Judged {
        halves: Vec::new(),
        passed: Vec::new(),
    };
    let Ok([one, other]) = halves(all, stream) else {
        return Ok(judged);
    };
    let can_tell = |half: &Cases<'_>| {
        let (worlds, hits) = (half.worlds(), half.total_hits());
        at_least_by_chance(hits, hits, hits, worlds) <= LEVEL
    };
    if !can_tell(&one) || !can_tell(&other) {
        return Ok(judged);
    }
    for (seen, unseen) in [(&one, &other), (&other, &one)] {
        let found = search.by(seen, worth_searching(seen))?;
        let boxes = search.clearest(&found);
        let (leaves, _) = search.leaves(&found)?;
        judged.halves.push(HeldOut {
            worlds: unseen.worlds(),
            hits: unseen.total_hits(),
            first: counted(&boxes[..boxes.len().min(1)], unseen),
            tree: counted(&leaves, unseen),
        });
        judged.passed.push(confirmed(&boxes, unseen, LEVEL));
    }
    Ok(judged)
}

/// Boxes together among worlds that had no part in their choice; none without any.
fn counted(boxes: &[Candidate], unseen: &Cases<'_>) -> Option<Unseen> {
    let mut is_inside = vec![false; unseen.worlds()];
    for one in boxes {
        let members = unseen.members(&one.rule);
        let each = is_inside.iter_mut().zip(members);
        each.for_each(|(inside, member)| *inside |= member);
    }
    let members = (0..unseen.worlds()).filter(|&world| is_inside[world]);
    let (inside, hits) = members.fold((0, 0), |(n, h), world| {
        (n + 1, h + usize::from(unseen.is_hit(world)))
    });
    let by_chance = at_least_by_chance(hits, inside, unseen.total_hits(), unseen.worlds());
    (!boxes.is_empty()).then_some(Unseen {
        inside,
        hits,
        by_chance,
    })
}

/// How much speaks for the strongest of what is found in each shuffle of the condition.
struct Shuffles(Vec<Strongest>);

impl Shuffles {
    fn new(
        search: &BoxSearch,
        all: &Cases<'_>,
        stream: &Stream,
        stop: &AtomicBool,
    ) -> Result<Shuffles, StudyError> {
        let strongest = in_parallel(SHUFFLES, stop, |shuffle| {
            let shuffled = all.shuffled(stream.sequence(shuffle as u64, 0));
            search.strongest(&shuffled)
        });
        let strongest = strongest.map_err(|_| StudyError::Stopped)?;
        let strongest: Result<Vec<Strongest>, DiscoveryError> = strongest.into_iter().collect();
        Ok(Shuffles(strongest?))
    }

    /// How many of them have a box, or a node of a tree, that is as simple and for which as much speaks.
    fn as_strong(&self, one: &Candidate, all: &Cases<'_>, of: fn(&Strongest) -> &[f64]) -> usize {
        let own = evidence(one, all.worlds(), all.total_hits());
        let others = self.0.iter().filter(|strongest| {
            let by_number = of(strongest);
            let simple = &by_number[..one.restricted().min(by_number.len())];
            simple.last().is_some_and(|&other| other >= own)
        });
        others.count()
    }

    /// Whether a box is stronger than what chance finds: with it among them, it is one of the strongest twentieth.
    fn passes(&self, one: &Candidate, all: &Cases<'_>, of: fn(&Strongest) -> &[f64]) -> bool {
        let (searches, as_strong) = (self.0.len() + 1, self.as_strong(one, all, of) + 1);
        as_strong as f64 <= LEVEL * searches as f64
    }
}

/// Searches the worlds of `all`.
///
/// # Errors
/// As for [`prim`](crate::theory::discovery::prim::prim), a density outside its range, or the stop flag was set.
pub fn search(
    all: &Cases<'_>,
    wanted: Wanted,
    stop: &AtomicBool,
) -> Result<SearchResult, StudyError> {
    let search = BoxSearch {
        options: PrimOptions {
            moved: wanted.restrictions,
            ..PrimOptions::default()
        },
        tree: CartOptions::default(),
        restrictions: wanted.restrictions,
        density: least_density(all, wanted)?,
    };
    let stream = |purpose: &str| Stream::new(wanted.seed, purpose);
    let whole = search.by(all, worth_searching(all))?;
    let (leaves, validated_error) = search.leaves(&whole)?;
    let judged = judged(&search, all, &stream("discovery.held-out"))?;
    let told = search.by(all, judged.factors())?;
    let mut boxes = search.best(&told);
    let tree_passed = judged.tree_passed();
    let shuffles = match boxes.is_empty() && !tree_passed {
        true => None,
        false => Some(Shuffles::new(
            &search,
            all,
            &stream("discovery.shuffles"),
            stop,
        )?),
    };
    let passes = |one: &Candidate, of: fn(&Strongest) -> &[f64]| {
        let shuffles = shuffles.as_ref();
        shuffles.is_some_and(|shuffles| shuffles.passes(one, all, of))
    };
    let first = boxes.first().cloned();
    if !first
        .as_ref()
        .is_some_and(|first| passes(first, |one| &one.boxes))
    {
        boxes.clear();
    }
    let is_told = |one: &Candidate| {
        let mut restrictions = one.rule.restrictions.iter();
        !boxes.is_empty() && restrictions.all(|one| told.factors.contains(&one.factor))
    };
    let doubtful = search.best(&whole).into_iter().filter(|one| !is_told(one));
    let doubtful: Vec<Candidate> = doubtful.collect();
    let (tree, doubtful_leaves): (Vec<Candidate>, Vec<Candidate>) =
        (leaves.into_iter()).partition(|leaf| tree_passed && passes(leaf, |one| &one.nodes));
    let covered = match boxes.is_empty() {
        true => Vec::new(),
        false => search.cover(&told, judged.boxes()),
    };
    let halves = stream("discovery.halves");
    let offered = |all_of: Vec<Candidate>| -> Vec<Offered> {
        let all_of = all_of.into_iter().map(|candidate| Offered {
            quasi_p: quasi_p_values(all, &candidate.rule),
            candidate,
        });
        all_of.collect()
    };
    Ok(SearchResult {
        trust: trust(boxes.first(), &whole, &search, &judged, &halves)?,
        boxes: offered(boxes),
        may_be_chance: offered(doubtful),
        cover: offered(covered),
        tree: offered(tree),
        tree_may_be_chance: offered(doubtful_leaves),
        validated_error,
        held_out: judged.halves,
        shuffled: first.zip(shuffles).map(|(first, shuffles)| Shuffled {
            searches: shuffles.0.len(),
            as_strong: shuffles.as_strong(&first, all, |one| &one.boxes),
        }),
        trade_off: whole.front,
        searched: whole.factors,
    })
}

/// How each restriction of a box stands up.
fn trust(
    first: Option<&Candidate>,
    whole: &FoundBoxes<'_>,
    search: &BoxSearch,
    judged: &Judged,
    stream: &Stream,
) -> Result<Vec<Trust>, DiscoveryError> {
    let Some(first) = first else {
        return Ok(Vec::new());
    };
    let again = reproducibility(&whole.cases, first, &search.options, HALVES, stream)?;
    let again_of = |factor: usize| {
        let mut again = again.iter();
        let of = again.find(|one| whole.factors[one.factor] == factor);
        of.map_or(0.0, |one| one.at_coverage)
    };
    let by_chance = |factor: usize| {
        let of = judged.restrictions().filter(|&(one, _)| one == factor);
        of.map(|(_, p)| p).fold(1.0, f64::min)
    };
    let trust = first.rule.restrictions.iter().map(|one| Trust {
        factor: one.factor,
        again: again_of(one.factor),
        by_chance: by_chance(one.factor),
    });
    Ok(trust.collect())
}

/// The density that a box must have.
fn least_density(cases: &Cases<'_>, wanted: Wanted) -> Result<f64, DiscoveryError> {
    let share = cases.total_hits() as f64 / cases.worlds() as f64;
    let usual = (DENSER * share).min(share + (1.0 - share) / 4.0);
    let density = wanted.density.unwrap_or(usual);
    let in_range = density > 0.0 && density <= 1.0;
    in_range.then_some(density).ok_or(DiscoveryError::Option {
        option: "--density",
        range: "(0, 1]",
        given: density,
    })
}
