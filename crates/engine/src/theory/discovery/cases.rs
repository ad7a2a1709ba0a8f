//! Worlds of interest among all worlds, and rules that describe them: a box in the space of the factors.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// Why worlds cannot be searched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// A column has another length than there are worlds.
    #[error("factor {factor} has {given} values for {worlds} worlds")]
    Length {
        /// Index of the factor.
        factor: usize,
        /// How many values the factor has.
        given: usize,
        /// How many worlds there are.
        worlds: usize,
    },
    /// A factor's value is infinite or not a number.
    #[error("factor {factor} is {given} in world {world}, must be finite")]
    NotFinite {
        /// Index of the factor.
        factor: usize,
        /// Index of the world.
        world: usize,
        /// The value.
        given: f64,
    },
    /// There is nothing to find.
    #[error("the condition holds in {hits} of {worlds} worlds: there is nothing to tell apart")]
    OneKind {
        /// Worlds of interest.
        hits: usize,
        /// All worlds.
        worlds: usize,
    },
    /// An option is outside its range.
    #[error("{option} must lie in {range}, not {given}")]
    Option {
        /// What the option is called.
        option: &'static str,
        /// What is allowed.
        range: &'static str,
        /// What was given.
        given: f64,
    },
}

/// A factor of at most so many values, of which each recurs, is one of kinds: a box may keep any of them, not only neighbours.
const KINDS: usize = 8;

/// Worlds with the values of their factors, and which of them are of interest.
#[derive(Debug, Clone)]
pub struct Cases<'a> {
    columns: Vec<Arc<FactorColumn<'a>>>,
    hits: Cow<'a, [bool]>,
    total_hits: usize,
}

/// A factor in all worlds.
#[derive(Debug)]
struct FactorColumn<'a> {
    values: Cow<'a, [f64]>,
    /// Worlds by rising value, once they are asked for.
    order: OnceLock<Vec<u32>>,
    /// Whether some worlds share a value, once it is asked for.
    has_ties: OnceLock<bool>,
    kinds: Option<Kinds>,
}

/// The values of a factor of few.
#[derive(Debug, Clone)]
pub(super) struct Kinds {
    /// They, rising.
    pub values: Vec<f64>,
    /// The place of its value among them, for each world.
    pub of: Vec<u8>,
}

impl Kinds {
    /// None if there are too many, or hardly one recurs.
    fn new(column: &[f64]) -> Option<Kinds> {
        let mut values: Vec<f64> = Vec::with_capacity(KINDS + 1);
        for &value in column {
            if !values.contains(&value) {
                values.push(value);
                if values.len() > KINDS {
                    return None;
                }
            }
        }
        if 2 * values.len() > column.len() {
            return None;
        }
        values.sort_by(f64::total_cmp);
        let place = |value: &f64| values.iter().position(|one| one == value);
        let of = column.iter().map(|value| place(value).unwrap_or(0) as u8);
        Some(Kinds {
            of: of.collect(),
            values,
        })
    }
}

impl<'a> Cases<'a> {
    /// `columns[j][k]` is factor j in world k; `hits[k]` says whether world k is of interest.
    ///
    /// # Errors
    /// Columns of other lengths than `hits`, values that are not finite, no hits or nothing but hits.
    pub fn new(columns: &[&'a [f64]], hits: &'a [bool]) -> Result<Cases<'a>, DiscoveryError> {
        let worlds = hits.len();
        for (factor, column) in columns.iter().enumerate() {
            if column.len() != worlds {
                return Err(DiscoveryError::Length {
                    factor,
                    given: column.len(),
                    worlds,
                });
            }
            if let Some(world) = column.iter().position(|value| !value.is_finite()) {
                return Err(DiscoveryError::NotFinite {
                    factor,
                    world,
                    given: column[world],
                });
            }
        }
        let column = |values: &&'a [f64]| {
            Arc::new(FactorColumn {
                values: Cow::Borrowed(*values),
                order: OnceLock::new(),
                has_ties: OnceLock::new(),
                kinds: Kinds::new(values),
            })
        };
        Cases::of_columns(columns.iter().map(column).collect(), Cow::Borrowed(hits))
    }

    fn of_columns(
        columns: Vec<Arc<FactorColumn<'a>>>,
        hits: Cow<'a, [bool]>,
    ) -> Result<Cases<'a>, DiscoveryError> {
        let (worlds, total_hits) = (hits.len(), hits.iter().filter(|&&hit| hit).count());
        if total_hits == 0 || total_hits == worlds {
            return Err(DiscoveryError::OneKind {
                hits: total_hits,
                worlds,
            });
        }
        Ok(Cases {
            columns,
            hits,
            total_hits,
        })
    }

    /// The same worlds with some of the factors, numbered anew in the order in which they are given.
    pub fn of_factors(&self, factors: &[usize]) -> Cases<'a> {
        let columns = factors.iter().map(|&one| Arc::clone(&self.columns[one]));
        Cases {
            columns: columns.collect(),
            ..self.clone()
        }
    }

    /// Some of the worlds, which are named by rising index.
    ///
    /// # Errors
    /// They are all of interest, or none of them is.
    pub fn part(&self, worlds: &[usize]) -> Result<Cases<'a>, DiscoveryError> {
        let mut place = vec![u32::MAX; self.worlds()];
        for (at, &world) in worlds.iter().enumerate() {
            place[world] = at as u32;
        }
        let column = |factor: usize| {
            let whole = &self.columns[factor];
            let order = self.order(factor).iter();
            let order = order.map(|&world| place[world as usize]);
            let order: Vec<u32> = order.filter(|&at| at != u32::MAX).collect();
            let kinds = whole.kinds.as_ref().map(|kinds| Kinds {
                values: kinds.values.clone(),
                of: worlds.iter().map(|&world| kinds.of[world]).collect(),
            });
            Arc::new(FactorColumn {
                values: worlds.iter().map(|&world| whole.values[world]).collect(),
                order: OnceLock::from(order),
                has_ties: OnceLock::new(),
                kinds,
            })
        };
        let columns = (0..self.factors()).map(column).collect();
        let hits = worlds.iter().map(|&world| self.hits[world]).collect();
        Cases::of_columns(columns, hits)
    }

    /// The same worlds of which others are of interest, as many as before: those that `uniform`, numbers in \[0, 1), picks.
    pub fn shuffled(&self, mut uniform: impl FnMut() -> f64) -> Cases<'a> {
        let mut hits = self.hits.to_vec();
        for last in (1..hits.len()).rev() {
            let pick = (uniform() * (last + 1) as f64) as usize;
            hits.swap(last, pick.min(last));
        }
        Cases {
            hits: Cow::Owned(hits),
            ..self.clone()
        }
    }

    /// How many worlds there are.
    pub fn worlds(&self) -> usize {
        self.hits.len()
    }

    /// How many factors there are.
    pub fn factors(&self) -> usize {
        self.columns.len()
    }

    /// How many worlds are of interest.
    pub fn total_hits(&self) -> usize {
        self.total_hits
    }

    /// The values of a factor.
    pub fn column(&self, factor: usize) -> &[f64] {
        &self.columns[factor].values
    }

    /// Whether a world is of interest.
    pub fn is_hit(&self, world: usize) -> bool {
        self.hits[world]
    }

    /// Worlds by rising value of a factor, those of one value by index.
    pub(super) fn order(&self, factor: usize) -> &[u32] {
        let column = &self.columns[factor];
        column.order.get_or_init(|| {
            let values = &column.values;
            let mut order: Vec<u32> = (0..values.len() as u32).collect();
            order.sort_by(|&x, &y| values[x as usize].total_cmp(&values[y as usize]));
            order
        })
    }

    /// The values of a factor that has few.
    pub(super) fn kinds(&self, factor: usize) -> Option<&Kinds> {
        self.columns[factor].kinds.as_ref()
    }

    /// Worlds and hits of each value of a factor of kinds, among `worlds`.
    pub(super) fn tally(
        &self,
        kinds: &Kinds,
        worlds: impl Iterator<Item = usize>,
    ) -> Vec<(usize, usize)> {
        let mut tally = vec![(0, 0); kinds.values.len()];
        for world in worlds {
            let of_kind = &mut tally[usize::from(kinds.of[world])];
            of_kind.0 += 1;
            of_kind.1 += usize::from(self.hits[world]);
        }
        tally
    }

    /// How far a factor tells worlds of interest from others, in \[0, 1\]: the Kolmogorov-Smirnov distance of its values in both kinds of worlds,
    /// max_x |F_hit(x) − F_other(x)|; for a factor of at most 8 values their total variation, ½·Σ_x |p_hit(x) − p_other(x)|, which needs no order.
    ///
    /// Cheap enough to choose among hundreds of factors those worth searching; it sees each by itself.
    ///
    /// # References
    /// Smirnov 1948, <https://doi.org/10.1214/aoms/1177730256>.
    pub fn separation(&self, factor: usize) -> f64 {
        let (hits, others) = (
            self.total_hits as f64,
            (self.worlds() - self.total_hits) as f64,
        );
        if let Some(kinds) = self.kinds(factor) {
            let tally = self.tally(kinds, 0..self.worlds());
            let apart =
                |&(all, hit): &(usize, usize)| hit as f64 / hits - (all - hit) as f64 / others;
            return 0.5 * tally.iter().map(apart).map(f64::abs).sum::<f64>();
        }
        let (column, order) = (self.column(factor), self.order(factor));
        let value = |world: u32| column[world as usize];
        let has_ties = *self.columns[factor].has_ties.get_or_init(|| {
            order
                .windows(2)
                .any(|pair| value(pair[0]) == value(pair[1]))
        });
        let (of_hit, of_other) = (1.0 / hits, -1.0 / others);
        let (mut balance, mut largest) = (0.0, 0.0f64);
        for (place, &world) in order.iter().enumerate() {
            balance += if self.hits[world as usize] {
                of_hit
            } else {
                of_other
            };
            // Worlds of one value count together.
            let next = order.get(place + 1).filter(|_| has_ties);
            if next.is_none_or(|&next| value(next) != value(world)) {
                largest = largest.max(balance.abs());
            }
        }
        largest
    }

    /// Which worlds a rule holds in.
    pub fn members(&self, rule: &Rule) -> Vec<bool> {
        let mut inside = vec![true; self.worlds()];
        for restriction in &rule.restrictions {
            let column = self.column(restriction.factor);
            let each = inside.iter_mut().zip(column);
            each.for_each(|(inside, &value)| *inside &= restriction.admits(value));
        }
        inside
    }

    /// Which restrictions each world breaks.
    pub(super) fn broken(&self, rule: &Rule) -> Vec<Broken> {
        let mut broken = vec![Broken(0); self.worlds()];
        for (place, restriction) in rule.restrictions.iter().enumerate() {
            self.each_broken(restriction, |world| {
                broken[world].0 += Broken::one(place).0;
            });
        }
        broken
    }

    /// Names the worlds that break a restriction.
    pub(super) fn each_broken(&self, restriction: &Restriction, mut named: impl FnMut(usize)) {
        let column = self.column(restriction.factor).iter().enumerate();
        let (low, high) = (restriction.low, restriction.high);
        if restriction.only.is_empty() {
            let outside = column.filter(|&(_, &value)| value < low || high < value);
            outside.for_each(|(world, _)| named(world));
        } else {
            let outside = column.filter(|&(_, &value)| !restriction.admits(value));
            outside.for_each(|(world, _)| named(world));
        }
    }

    /// The rule with its counts.
    pub fn describe(&self, rule: Rule) -> Candidate {
        let members = self.members(&rule);
        let inside = members.iter().filter(|&&member| member).count();
        let both = members.iter().zip(&*self.hits);
        let hits = both.filter(|&(&member, &hit)| member && hit).count();
        self.counted(rule, inside, hits)
    }

    /// The rule with counts that are known already.
    pub(super) fn counted(&self, rule: Rule, inside: usize, hits: usize) -> Candidate {
        Candidate {
            rule,
            inside,
            hits,
            coverage: hits as f64 / self.total_hits as f64,
            density: if inside > 0 {
                hits as f64 / inside as f64
            } else {
                0.0
            },
            mass: inside as f64 / self.worlds() as f64,
        }
    }
}

/// How many restrictions of a rule a world breaks, and the sum of their places: the place itself where there is one. Both in one number, so that a restriction is
/// added or taken off in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken(pub u64);

impl Broken {
    /// One restriction, at a place.
    pub fn one(place: usize) -> Broken {
        Broken((1 << 32) | place as u64)
    }

    /// Whether it breaks none, or only that at a place.
    pub fn is_free(self, place: usize) -> bool {
        self.0 == 0 || self == Broken::one(place)
    }

    /// The place of the only restriction that it breaks.
    pub fn alone(self) -> Option<usize> {
        (self.0 >> 32 == 1).then_some((self.0 & u64::from(u32::MAX)) as usize)
    }
}

/// What one factor may be: within bounds, or one of some values.
#[derive(Debug, Clone, PartialEq)]
pub struct Restriction {
    /// Index of the factor.
    pub factor: usize,
    /// Least value; infinite where there is no bound.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// The only values, of a factor of few; empty for all within the bounds.
    pub only: Vec<f64>,
}

impl Restriction {
    /// Whether a value is allowed.
    pub fn admits(&self, value: f64) -> bool {
        let listed = self.only.is_empty() || self.only.contains(&value);
        self.low <= value && value <= self.high && listed
    }
}

/// A box: all restrictions hold. None at all holds everywhere.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// The restricted factors, by rising index, each once.
    pub restrictions: Vec<Restriction>,
}

impl Rule {
    /// The same rule with the bounds of `factor` narrowed to `low` and `high`.
    pub fn narrowed(&self, factor: usize, low: f64, high: f64) -> Rule {
        let mut rule = self.clone();
        match rule
            .restrictions
            .binary_search_by_key(&factor, |r| r.factor)
        {
            Ok(place) => {
                let old = &mut rule.restrictions[place];
                old.low = old.low.max(low);
                old.high = old.high.min(high);
            }
            Err(place) => {
                let only = Vec::new();
                let restriction = Restriction {
                    factor,
                    low,
                    high,
                    only,
                };
                rule.restrictions.insert(place, restriction);
            }
        }
        rule
    }

    /// The same rule with `factor` allowed no other values than these, rising.
    pub fn limited(&self, factor: usize, only: Vec<f64>) -> Rule {
        let mut rule = self.narrowed(factor, f64::NEG_INFINITY, f64::INFINITY);
        let mut restrictions = rule.restrictions.iter_mut();
        let restriction = restrictions.find(|one| one.factor == factor);
        restriction.expect("it was narrowed").only = only;
        rule
    }

    /// The same rule with its factors numbered anew: factor j as `numbers[j]`, which rise.
    pub fn renumbered(&self, numbers: &[usize]) -> Rule {
        let mut rule = self.clone();
        for restriction in &mut rule.restrictions {
            restriction.factor = numbers[restriction.factor];
        }
        rule
    }

    /// The same rule without the restriction at `place`.
    pub fn without(&self, place: usize) -> Rule {
        let mut rule = self.clone();
        rule.restrictions.remove(place);
        rule
    }
}

/// A rule with what it achieves.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The box.
    pub rule: Rule,
    /// Worlds in which it holds.
    pub inside: usize,
    /// Those of them that are of interest.
    pub hits: usize,
    /// Hits in the box as a share of all hits: "81% of its losing worlds".
    pub coverage: f64,
    /// Hits in the box as a share of worlds in the box: "74% of the worlds inside"; 0 for an empty box.
    pub density: f64,
    /// Worlds in the box as a share of all worlds.
    pub mass: f64,
}

impl Candidate {
    /// The same with its factors numbered anew, as of [`Rule::renumbered`].
    pub fn renumbered(&self, numbers: &[usize]) -> Candidate {
        Candidate {
            rule: self.rule.renumbered(numbers),
            ..self.clone()
        }
    }

    /// How many factors the rule restricts: the fewer, the easier to say.
    pub fn restricted(&self) -> usize {
        self.rule.restrictions.len()
    }

    /// 2·coverage·density/(coverage + density): one number for the balance of both.
    pub fn balance(&self) -> f64 {
        let sum = self.coverage + self.density;
        if sum > 0.0 {
            2.0 * self.coverage * self.density / sum
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separation_by_hand() {
        let hits = [true, true, false, false];
        let apart = [0.1, 0.2, 0.3, 0.4];
        let mixed = [0.1, 0.3, 0.2, 0.4];
        let tied = [1.0, 0.0, 1.0, 0.0];
        let cases = Cases::new(&[&apart, &mixed, &tied], &hits).expect("both kinds");
        let found = [0, 1, 2].map(|factor| cases.separation(factor));
        assert_eq!(found, [1.0, 0.5, 0.0]);
    }

    #[test]
    fn a_rule_is_counted_by_hand() {
        let (x, y) = ([0.1, 0.2, 0.3, 0.4], [1.0, 0.0, 1.0, 0.0]);
        let hits = [true, false, true, false];
        let cases = Cases::new(&[&x, &y], &hits).expect("both kinds");
        let rule = Rule::default()
            .narrowed(1, 0.5, f64::INFINITY)
            .narrowed(0, 0.2, 0.9);
        assert_eq!(rule.restrictions[0].factor, 0);
        let found = cases.describe(rule.clone());
        assert_eq!((found.inside, found.hits, found.restricted()), (1, 1, 2));
        assert_eq!(
            (found.coverage, found.density, found.mass),
            (0.5, 1.0, 0.25)
        );
        assert!((found.balance() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(cases.describe(rule.without(0)).inside, 2);
        assert_eq!(rule.narrowed(0, 0.35, 2.0).restrictions[0].high, 0.9);
    }

    #[test]
    fn refused_cases() {
        let x = [0.0, f64::NAN];
        let both = [true, false];
        let cases = [
            (
                Cases::new(&[&x[..1]], &both),
                "factor 0 has 1 values for 2 worlds",
            ),
            (
                Cases::new(&[&x], &both),
                "factor 0 is NaN in world 1, must be finite",
            ),
            (
                Cases::new(&[&x[..1]], &both[..1]),
                "the condition holds in 1 of 1 worlds: there is nothing to tell apart",
            ),
        ];
        for (given, expected) in cases {
            assert_eq!(given.expect_err("refused").to_string(), expected);
        }
    }
}
