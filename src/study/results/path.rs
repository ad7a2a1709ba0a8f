//! Paths into results: `ARM.KIND[.ID].METRIC[.difference][.STATISTIC]`, the mean if no statistic is named.
//!
//! KIND is `total`, `state` (of both also `causes.NAME`), `hyperscaler`, `term` (its metric `level` may be left out) or `accord` (`formed`, `size`,
//! `rounds`, `member.ID`, `left.ID`); `ARM.window.W` is followed by `total.deals`, `total.gini`, `state.ID.payoff`,
//! `leverage`, `member` and so on, by `member.ID`, `joined.ID`, `yes.ID`, `left.ID`, or by `accord.size`, `accord.rounds`. Windows count from 0.

use crate::engine::model::Model;
use crate::engine::outcome::{
    CauseMetric, HyperscalerMetric, ReadAs, Relation, RowReading, WindowMetric, WindowStateMetric,
};
use crate::study::results::path_words::{
    PathWords, ResultPathError, Target, of_causes, read_target,
};
use crate::study::results::quantity::{CauseDifference, Quantity};
use crate::study::results::run::{ArmResult, Paired, Results, WindowResult};
use crate::study::threshold::Over;
use crate::theory::stats::summary::Stat;

/// A statistic of a distribution, or a share of trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // named as in the results document
pub enum Statistic {
    Mean,
    Sd,
    Se,
    P05,
    P25,
    P50,
    P75,
    P95,
    Min,
    Max,
    Better,
    Same,
    Worse,
}

const STATISTICS: [(&str, Statistic); 13] = [
    ("mean", Statistic::Mean),
    ("sd", Statistic::Sd),
    ("se", Statistic::Se),
    ("p05", Statistic::P05),
    ("p25", Statistic::P25),
    ("p50", Statistic::P50),
    ("p75", Statistic::P75),
    ("p95", Statistic::P95),
    ("min", Statistic::Min),
    ("max", Statistic::Max),
    ("better", Statistic::Better),
    ("same", Statistic::Same),
    ("worse", Statistic::Worse),
];

impl Statistic {
    fn of_shares(self) -> bool {
        matches!(self, Statistic::Better | Statistic::Same | Statistic::Worse)
    }

    fn of(self, stat: &Stat) -> Option<f64> {
        Some(match self {
            Statistic::Mean => stat.mean,
            Statistic::Sd => return stat.sd,
            Statistic::Se => return stat.se,
            Statistic::P05 => stat.p05,
            Statistic::P25 => stat.p25,
            Statistic::P50 => stat.p50,
            Statistic::P75 => stat.p75,
            Statistic::P95 => stat.p95,
            Statistic::Min => stat.min,
            Statistic::Max => stat.max,
            Statistic::Better | Statistic::Same | Statistic::Worse => return None,
        })
    }

    fn of_paired(self, paired: &Paired) -> Option<f64> {
        match self {
            Statistic::Better => paired.better,
            Statistic::Same => paired.same,
            Statistic::Worse => paired.worse,
            other => other.of(paired.difference.as_ref()?),
        }
    }
}

/// A path into results, resolved against a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultPath {
    /// Index of the arm.
    pub arm: usize,
    /// What it names there.
    pub target: Target,
    /// Whether it is the paired difference to the reference arm.
    pub difference: bool,
    /// Which statistic over trials.
    pub statistic: Statistic,
}

/// The numbers of a trial of which a path is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathParts {
    /// Arm and quantity that is read.
    pub own: (usize, Quantity),
    /// Arm and quantity to which it is the difference, if it is one.
    pub other: Option<(usize, Quantity)>,
    /// What is read of them.
    pub form: ReadAs,
}

impl ResultPath {
    /// Its statistic of a difference.
    pub fn of_paired(&self, paired: &Paired) -> Option<f64> {
        self.statistic.of_paired(paired)
    }

    /// Reads a path.
    ///
    /// # Errors
    /// A word that names nothing in `model`, with its place and the nearest known word.
    pub fn parse(path: &str, model: &Model) -> Result<ResultPath, ResultPathError> {
        let mut words = PathWords::new(path);
        let arms: Vec<&str> = model.arms.iter().map(|arm| arm.name.as_str()).collect();
        let arm = words.one_of("arm", &arms)?;
        let target = read_target(&mut words, model)?;
        let difference = words.peek() == Some("difference");
        let target = of_causes(&words, target, difference)?;
        if difference {
            words.skip();
            let compared = match target {
                Target::Quantity(quantity) => quantity.is_compared(),
                Target::Cause(_) => true,
                Target::Loss(_) => false,
            };
            if !compared {
                let message =
                    "arms are compared by totals and by metrics of states and hyperscalers alone";
                return Err(words.refuse(message.to_owned()));
            }
        }
        let statistic = match words.peek() {
            None => Statistic::Mean,
            Some(_) => {
                // What was meant may be the difference, which can still be written here.
                let before = if difference { &[][..] } else { &["difference"] };
                let names = before.iter().copied();
                let names: Vec<&str> = names.chain(STATISTICS.map(|(name, _)| name)).collect();
                STATISTICS[words.one_of("statistic", &names)? - before.len()].1
            }
        };
        if target.is_share() && statistic != Statistic::Mean {
            return Err(words.refuse("a share of worlds has no statistic but its mean".to_owned()));
        }
        if statistic.of_shares() && !difference {
            let message =
                "better, same and worse belong to a difference: write `.difference` before";
            return Err(words.refuse(message.to_owned()));
        }
        if statistic.of_shares() && matches!(target, Target::Cause(_)) {
            let message = "causes have no shares of worlds, only a difference";
            return Err(words.refuse(message.to_owned()));
        }
        if words.peek().is_some() {
            words.skip();
            return Err(words.refuse("nothing may follow a statistic".to_owned()));
        }
        Ok(ResultPath {
            arm,
            target,
            difference,
            statistic,
        })
    }

    /// The path in full, as a reader would write it.
    pub fn describe(&self, model: &Model) -> String {
        let target = match self.target {
            Target::Quantity(quantity) => quantity.name(model),
            Target::Loss(h) => format!("hyperscaler.{}.loss", model.hyperscalers[h].id),
            Target::Cause(cause) => cause.name(model),
        };
        let difference = if self.difference { ".difference" } else { "" };
        let statistics = STATISTICS.iter();
        let mut named = statistics.filter(|(_, statistic)| *statistic == self.statistic);
        let name = named.next().map_or("mean", |(name, _)| name);
        format!("{}.{target}{difference}.{name}", model.arms[self.arm].name)
    }

    /// What is taken over worlds of its reading; `None` for a standard error, which is of no curve.
    pub fn over(&self) -> Option<Over> {
        Some(match self.statistic {
            Statistic::Mean | Statistic::Better | Statistic::Same | Statistic::Worse => Over::Mean,
            Statistic::Sd => Over::Deviation,
            Statistic::Se => return None,
            Statistic::P05 => Over::Quantile(0.05),
            Statistic::P25 => Over::Quantile(0.25),
            Statistic::P50 => Over::Quantile(0.5),
            Statistic::P75 => Over::Quantile(0.75),
            Statistic::P95 => Over::Quantile(0.95),
            Statistic::Min => Over::Quantile(0.0),
            Statistic::Max => Over::Quantile(1.0),
        })
    }

    /// The number of a trial of `model` that it names, with differences to the arm `reference`; its statistic over trials is that of
    /// the path, where shares of trials are means.
    pub fn reading(&self, model: &Model, reference: usize) -> RowReading {
        let PathParts {
            own: (arm, quantity),
            form,
            ..
        } = self.parts(model, reference);
        RowReading {
            arm,
            position: quantity.position(&model.outcome_layout()),
            form,
        }
    }

    /// The numbers of which it is made, with differences to the arm `reference`.
    pub fn parts(&self, model: &Model, reference: usize) -> PathParts {
        let plain = |quantity, form| PathParts {
            own: (self.arm, quantity),
            other: self.difference.then_some((reference, quantity)),
            form,
        };
        match self.target {
            Target::Loss(h) => {
                let profit = Quantity::Hyperscaler(h, HyperscalerMetric::Profit);
                plain(profit, ReadAs::Negative)
            }
            Target::Cause(cause) => self.parts_of_cause(model, cause, reference),
            Target::Quantity(quantity) => {
                let form = match (self.difference, self.statistic) {
                    (false, _) => ReadAs::Value,
                    (true, Statistic::Better) => ReadAs::Lies(Relation::Better, reference),
                    (true, Statistic::Same) => ReadAs::Lies(Relation::Same, reference),
                    (true, Statistic::Worse) => ReadAs::Lies(Relation::Worse, reference),
                    (true, _) => ReadAs::Difference(reference),
                };
                plain(quantity, form)
            }
        }
    }

    /// A difference of causes is that of the later arm less that of the earlier, or its opposite.
    fn parts_of_cause(
        &self,
        model: &Model,
        difference: CauseDifference,
        reference: usize,
    ) -> PathParts {
        let (later, earlier) = (self.arm.max(reference), self.arm.min(reference));
        let alone = |arm, quantity, form| PathParts {
            own: (arm, quantity),
            other: None,
            form,
        };
        let Some((own, other)) = difference.terms(model, (later, earlier)) else {
            let quantity = Quantity::Cause(difference.of, CauseMetric::Members);
            return alone(self.arm, quantity, ReadAs::Nothing);
        };
        let Some(other) = other else {
            let form = match self.arm == later {
                true => ReadAs::Value,
                false => ReadAs::Opposite,
            };
            return alone(later, own, form);
        };
        let (own, other) = match self.arm == later {
            true => ((later, own), (earlier, other)),
            false => ((earlier, other), (later, own)),
        };
        PathParts {
            own,
            other: Some(other),
            form: ReadAs::Less {
                arm: other.0,
                position: other.1.position(&model.outcome_layout()),
            },
        }
    }

    /// Its value in the results of `model`, with differences to the arm `reference`; `None` where the run has none.
    pub fn value(&self, model: &Model, results: &Results, reference: usize) -> Option<f64> {
        let name = |arm: usize| model.arms[arm].name.as_str();
        if self.difference {
            let (at, reversed) = results.comparison(name(self.arm), name(reference))?;
            let comparison = &results.comparisons[at];
            if let Target::Cause(CauseDifference { of, cause }) = self.target {
                let causes = match of {
                    Some(i) => &comparison.states.get(&model.states[i].id)?.causes,
                    None => &comparison.totals.causes,
                };
                let stat = causes.get(cause.name())?.difference?;
                return self
                    .statistic
                    .of(&if reversed { stat.negated() } else { stat });
            }
            let paired = match self.target {
                Target::Quantity(Quantity::Total(metric)) => {
                    comparison.totals.metrics.get(metric.name())?
                }
                Target::Quantity(Quantity::State(i, metric)) => comparison
                    .states
                    .get(&model.states[i].id)?
                    .metrics
                    .get(metric.name())?,
                Target::Quantity(Quantity::Hyperscaler(h, metric)) => {
                    let id = &model.hyperscalers[h].id;
                    comparison.hyperscalers.get(id)?.get(metric.name())?
                }
                _ => return None,
            };
            return if reversed {
                self.statistic.of_paired(&paired.mirrored())
            } else {
                self.statistic.of_paired(paired)
            };
        }
        let arm = results.arms.get(name(self.arm))?;
        match self.target {
            Target::Loss(h) => Some(arm.hyperscalers.get(&model.hyperscalers[h].id)?.loss),
            Target::Cause(_) => None,
            Target::Quantity(quantity) => match share_of(model, arm, quantity) {
                Some(share) => Some(share),
                None => self.statistic.of(stat_of(model, arm, quantity)?),
            },
        }
    }
}

/// The share that results hold of a quantity, if they hold a share.
fn share_of(model: &Model, arm: &ArmResult, quantity: Quantity) -> Option<f64> {
    let id = |i: usize| &model.states[i].id;
    match quantity {
        Quantity::Formed => Some(arm.accord.formed),
        Quantity::Member(i) => arm.accord.member.get(id(i)).copied(),
        Quantity::Left(i) => arm.accord.left.get(id(i)).copied(),
        Quantity::WindowState(w, i, metric) => {
            arm.windows.get(w)?.share(metric)?.get(id(i)).copied()
        }
        _ => None,
    }
}

/// The distribution that results hold of a quantity.
fn stat_of<'a>(model: &Model, arm: &'a ArmResult, quantity: Quantity) -> Option<&'a Stat> {
    let id = |i: usize| &model.states[i].id;
    let window = |w: usize| -> Option<&'a WindowResult> { arm.windows.get(w) };
    match quantity {
        Quantity::Total(metric) => arm.totals.metrics.get(metric.name())?.as_ref(),
        Quantity::State(i, metric) => (arm.states.get(id(i))?.metrics)
            .get(metric.name())?
            .as_ref(),
        Quantity::Cause(of, cause) => {
            let all = match of {
                Some(i) => &arm.states.get(id(i))?.causes,
                None => &arm.totals.causes,
            };
            all.get(cause.name())?.as_ref()
        }
        Quantity::Hyperscaler(h, metric) => {
            let hyperscaler = arm.hyperscalers.get(&model.hyperscalers[h].id)?;
            hyperscaler.metric(metric)
        }
        Quantity::Term(k) => arm.terms.get(&model.terms[k].id)?.as_ref(),
        Quantity::Size => arm.accord.size.as_ref(),
        Quantity::Rounds => arm.accord.rounds.as_ref(),
        Quantity::ShareError => arm.accord.share_error.as_ref(),
        Quantity::Pressure(hosts) => {
            let erosion = arm.erosion.iter().find(|erosion| erosion.hosts == hosts)?;
            erosion.pressure.as_ref()
        }
        Quantity::Window(w, metric) => match metric {
            WindowMetric::Deals => window(w)?.deals.as_ref(),
            WindowMetric::AccordSize => window(w)?.accord_size.as_ref(),
            WindowMetric::Rounds => window(w)?.rounds.as_ref(),
            WindowMetric::Gini => window(w)?.gini.as_ref(),
            WindowMetric::RegionInvestment => window(w)?.region_investment.as_ref(),
            WindowMetric::Herfindahl => window(w)?.herfindahl.as_ref(),
            WindowMetric::RegionLeverage => window(w)?.region_leverage.as_ref(),
        },
        Quantity::WindowState(w, i, WindowStateMetric::Payoff) => {
            window(w)?.payoff.get(id(i))?.as_ref()
        }
        Quantity::WindowState(w, i, WindowStateMetric::Leverage) => {
            window(w)?.leverage.get(id(i))?.as_ref()
        }
        Quantity::WindowState(w, i, WindowStateMetric::Investment) => {
            window(w)?.investment.get(id(i))?.as_ref()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::{PAYOFFS, model, results};

    #[test]
    fn paths_read_the_document() {
        let model = model();
        let results = results(&model, &PAYOFFS);
        let cases = [
            ("bloc.state.A.payoff", Some(1.25)),
            ("bloc.state.A.payoff.max", Some(2.0)),
            ("bloc.state.A.payoff.difference", Some(0.25)),
            ("bloc.state.A.payoff.difference.worse", Some(0.25)),
            ("bilateral.total.payoff", Some(2.0)),
            ("bloc.hyperscaler.H.loss", Some(0.5)),
            ("bloc.term.tax", Some(0.5)),
            ("bloc.term.tax.level.p95", Some(0.5)),
            ("bloc.accord.formed", Some(1.0)),
            ("bloc.accord.size.p05", Some(2.0)),
            ("bloc.accord.member.B", Some(1.0)),
            ("bloc.window.1.state.B.payoff.min", Some(0.0)),
            ("bloc.window.0.state.B.left", Some(0.0)),
            ("bloc.window.1.member.B", Some(1.0)),
            ("bloc.window.1.state.B.member.mean", Some(1.0)),
            ("bloc.window.1.accord.member.B", Some(1.0)),
            ("bloc.window.0.joined.A", Some(1.0)),
            ("bloc.window.0.yes.A", Some(0.5)),
            ("bilateral.window.0.joined.A", Some(0.0)),
            ("bloc.window.0.accord.rounds", Some(1.0)),
            ("bloc.window.0.total.deals", Some(1.0)),
            ("bloc.window.0.total.gini", None),
            ("bilateral.state.A.payoff.difference", None),
            ("bloc.total.causes.alone", Some(2.0)),
            ("bloc.state.A.causes.rules.max", Some(0.5)),
            ("bloc.state.A.causes.rules.difference", Some(0.125)),
            ("bloc.state.A.causes.table.difference.min", Some(-1.0)),
            ("bloc.total.causes.legacy.difference", Some(0.0)),
            ("bloc.total.causes.members.difference", None),
        ];
        for (text, expected) in cases {
            let path = ResultPath::parse(text, &model).expect(text);
            assert_eq!(path.value(&model, &results, 0), expected, "{text}");
        }
        let path = ResultPath::parse("bilateral.state.A.payoff.difference.p95", &model);
        let value = path.expect("valid").value(&model, &results, 2);
        // Against bloc the differences are those of bloc with the other sign: -1, 0, 1, -1.
        assert!((value.expect("stored the other way") - 0.85).abs() < 1e-12);
        let path = ResultPath::parse("bilateral.state.A.causes.rules.difference.min", &model);
        let value = path.expect("valid").value(&model, &results, 2);
        assert_eq!(value, Some(-0.5), "of 0.5, 0, 0, 0 the other way");
    }

    #[test]
    fn mistakes_say_where_and_what_is_near() {
        let model = model();
        let cases = [
            (
                "blok.total.payoff",
                0,
                "unknown arm `blok`; did you mean `bloc`?",
            ),
            ("bloc.totals.payoff", 5, "did you mean `total`?"),
            (
                "bloc.state.C.payoff",
                11,
                "unknown state `C`; known: `A`, `B`",
            ),
            ("bloc.state.A.payof", 13, "did you mean `payoff`?"),
            (
                "bloc.state.A",
                12,
                "the path ends where metric should follow",
            ),
            ("bloc.state.A.payoff.p50.x", 24, "nothing may follow"),
            ("bloc.accord.formed.p50", 19, "no statistic but its mean"),
            ("bloc.term.tax.difference", 14, "compared by totals"),
            ("bloc.state.A.payoff.better", 20, "write `.difference`"),
            ("bloc.window.0.membr.A", 14, "did you mean `member`?"),
            (
                "bloc.window.0.joined.A.p50",
                23,
                "no statistic but its mean",
            ),
            ("bloc.window.0.yes", 17, "ends where state should follow"),
            ("bloc.total.causes.legacy", 18, "write `.difference`"),
            ("bloc.total.causes.rules.difference.worse", 35, "no shares"),
            ("bloc.state.A.causes.rule", 20, "did you mean `rules`?"),
            (
                "bloc.window.2.total.deals",
                12,
                "unknown window `2`; known: `0`, `1`",
            ),
        ];
        for (text, offset, message) in cases {
            let error = ResultPath::parse(text, &model).expect_err(text);
            assert_eq!(error.offset, offset, "{text}");
            assert!(error.message.contains(message), "{}", error.message);
        }
    }
}
