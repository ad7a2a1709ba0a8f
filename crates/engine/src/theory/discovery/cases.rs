//! Worlds of interest among all worlds, and rules that describe them: a box in the space of the factors.

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

/// Worlds with the values of their factors, and which of them are of interest.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases<'a> {
    columns: Vec<&'a [f64]>,
    hits: &'a [bool],
    total_hits: usize,
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
        let total_hits = hits.iter().filter(|&&hit| hit).count();
        if total_hits == 0 || total_hits == worlds {
            return Err(DiscoveryError::OneKind {
                hits: total_hits,
                worlds,
            });
        }
        Ok(Cases {
            columns: columns.to_vec(),
            hits,
            total_hits,
        })
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
    pub fn column(&self, factor: usize) -> &'a [f64] {
        self.columns[factor]
    }

    /// Whether a world is of interest.
    pub fn is_hit(&self, world: usize) -> bool {
        self.hits[world]
    }

    /// How far a factor tells worlds of interest from others: the Kolmogorov-Smirnov distance of its values in both kinds,
    /// max_x |F_hit(x) − F_other(x)|, in \[0, 1\].
    ///
    /// Cheap enough to choose among hundreds of factors those worth searching; it sees each by itself.
    ///
    /// # References
    /// Smirnov 1948, <https://doi.org/10.1214/aoms/1177730256>.
    pub fn separation(&self, factor: usize) -> f64 {
        let column = self.columns[factor];
        let mut order: Vec<usize> = (0..column.len()).collect();
        order.sort_by(|&x, &y| column[x].total_cmp(&column[y]));
        let (hits, others) = (
            self.total_hits as f64,
            (self.worlds() - self.total_hits) as f64,
        );
        let (mut balance, mut largest) = (0.0, 0.0f64);
        for (place, &world) in order.iter().enumerate() {
            balance += if self.hits[world] {
                1.0 / hits
            } else {
                -1.0 / others
            };
            // Worlds of one value count together.
            let next = order.get(place + 1).map(|&next| column[next]);
            if next != Some(column[world]) {
                largest = largest.max(balance.abs());
            }
        }
        largest
    }

    /// Which worlds a rule holds in.
    pub fn members(&self, rule: &Rule) -> Vec<bool> {
        let mut inside = vec![true; self.worlds()];
        for restriction in &rule.restrictions {
            let column = self.columns[restriction.factor];
            let each = inside.iter_mut().zip(column);
            each.for_each(|(inside, &value)| *inside &= restriction.admits(value));
        }
        inside
    }

    /// The rule with its counts.
    pub fn describe(&self, rule: Rule) -> Candidate {
        let members = self.members(&rule);
        let inside = members.iter().filter(|&&member| member).count();
        let both = members.iter().zip(self.hits);
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

/// Bounds of one factor, both ends included; infinite where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Restriction {
    /// Index of the factor.
    pub factor: usize,
    /// Least value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
}

impl Restriction {
    /// Whether a value lies within the bounds.
    pub fn admits(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
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
            Err(place) => rule
                .restrictions
                .insert(place, Restriction { factor, low, high }),
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
