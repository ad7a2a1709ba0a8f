//! What a method of sensitivity is, whichever it is.

use crate::study::factors::{Answer, FactorError, FactorStudy, REPLICATES};
use crate::study::readings::WorldReadings;
use crate::study::results::sensitivity::{FactorResult, OutputResult, TooFewVary};
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate, varies};

/// Fewer worlds than this leave the replicates of a design too few rows for an index.
pub const LEAST_ROWS: u64 = 512;

/// What it means that factors are told from chance by ranks, for a reader.
pub const CHANCE: &str = "chance: the probability that of so many factors without effect one goes together with the result as much, by ranks; below 5% it is told from chance.";

/// All that is particular to a method.
pub struct Description {
    /// Its name.
    pub name: &'static str,
    /// The measure that ranks factors.
    pub ranked_by: &'static str,
    /// Measures that are shown.
    pub shown: &'static [&'static str],
    /// A measure of another kind that is made beside it, with its kind in words: do both see the same?
    pub beside: Option<(&'static str, &'static str)>,
    /// What they mean, for a reader.
    pub meaning: &'static str,
    /// Whether several quantities can count as one factor.
    pub takes_groups: bool,
    /// Whether factors must be independent.
    pub needs_independence: bool,
    /// Whether what belongs to no factor is held at its median.
    pub holds_others: bool,
    /// Whether it lays out Sobol' sequences, which have so many points and dimensions and no more.
    pub is_sequence: bool,
    /// Whether factors are told from chance by ranks ([`CHANCE`] says so to a reader); else by the noise floor of their estimates, if there is one.
    pub told_by_ranks: bool,
    /// Whether its results must be differences of two arms.
    pub of_differences: bool,
    /// The option that it alone uses.
    pub option: Option<&'static str>,
    /// What is said instead of a number of worlds, which it does not use.
    pub instead_of_worlds: Option<&'static str>,
    /// Fewer worlds than this are rough; as for any study where it says nothing.
    pub few: Option<u64>,
    /// From fewer worlds than this it tells nothing.
    pub least: u64,
    /// Where its worlds come from.
    pub worlds: WorldsOfMethod,
}

/// What most methods have in common.
pub const PLAIN: Description = Description {
    name: "",
    ranked_by: "",
    shown: &[],
    beside: None,
    meaning: "",
    takes_groups: false,
    needs_independence: false,
    holds_others: false,
    is_sequence: false,
    told_by_ranks: false,
    of_differences: false,
    option: None,
    instead_of_worlds: None,
    few: None,
    least: 1,
    worlds: WorldsOfMethod::Any(FactorJudge {
        factor: |_, _, _| None,
        group: |_, _, _| None,
        whole: |_, _| None,
    }),
};

/// Where the worlds of a method come from.
#[derive(Clone, Copy)]
pub enum WorldsOfMethod {
    /// A design of its own.
    Own(OwnWorlds),
    /// Any, played for whatever.
    Any(FactorJudge),
}

/// Worlds that are played for a method.
#[derive(Clone, Copy)]
pub struct OwnWorlds {
    /// How many.
    pub count: fn(&FactorStudy<'_>, &Size) -> usize,
    /// Plays them and estimates; none if only a part of them was played, or it was stopped.
    pub estimates: fn(&FactorStudy<'_>, &Size) -> Result<Option<Estimates>, FactorError>,
}

/// What is learned of a factor whose members have these values.
pub type GroupJudge =
    fn(members: &[&[f64]], y: &[f64], bootstrap: &Bootstrap<'_>) -> Option<FactorResult>;

/// What is learned from worlds that are there.
#[derive(Clone, Copy)]
pub struct FactorJudge {
    /// Of a factor with these values: for y, against a choice that gives the same everywhere, here zero.
    pub factor: fn(x: &[f64], y: &[f64], bootstrap: &Bootstrap<'_>) -> Option<FactorResult>,
    /// Of several that are one factor; nothing for a method that takes no groups.
    pub group: GroupJudge,
    /// Of all factors at once, if it says anything: what it would be worth to know everything.
    pub whole: fn(y: &[f64], bootstrap: &Bootstrap<'_>) -> Option<Estimate>,
}

/// How large designs are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Rows of a replicate.
    pub rows: usize,
    /// Trajectories.
    pub walks: usize,
    /// Worlds of a tornado; 0 for medians.
    pub worlds: usize,
    /// Second-order indices too.
    pub second_order: bool,
}

/// Estimates of one output by replicates of `rows` rows each, or why there are none; `estimates` and how many replicates vary are those of the method. `None`
/// where it does not vary, or is absent in some world.
pub fn by_replicates(
    values: &[f64],
    rows: usize,
    estimates: Option<OutputResult>,
    varying: impl FnOnce() -> usize,
) -> Option<OutputResult> {
    let is_told = || values.iter().all(|value| value.is_finite()) && varies(values);
    estimates.or_else(|| {
        is_told().then(|| OutputResult {
            too_few: Some(TooFewVary::new(varying(), REPLICATES, rows)),
            ..OutputResult::default()
        })
    })
}

/// Estimates by result with the worlds that were played.
pub type Estimates = (Vec<Option<OutputResult>>, WorldReadings);

/// An answer with each estimate as the results of an output.
pub fn found<T>(answer: Answer<T>, result: impl Fn(T) -> OutputResult) -> Estimates {
    let estimates = answer.estimates.into_iter();
    let outputs = estimates.map(|one| one.map(&result)).collect();
    (outputs, answer.played)
}
