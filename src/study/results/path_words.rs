//! The words of a result path between its arm and what is read of it, each with its place for whoever mistypes one.

use crate::engine::model::{Identity, Model};
use crate::engine::outcome::{
    CauseMetric, DifferenceCause, HyperscalerMetric, StateMetric, TotalMetric, WindowMetric,
    WindowStateMetric,
};
use crate::study::results::quantity::{CauseDifference, Quantity};
use crate::theory::spelling::{listed, nearest};

/// What a path names in an arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A number of every trial.
    Quantity(Quantity),
    /// Share of trials in which hyperscaler h makes a loss.
    Loss(usize),
    /// A cause of the difference to another arm.
    Cause(CauseDifference),
}

impl Target {
    /// Whether results hold its mean alone.
    pub(crate) fn is_share(self) -> bool {
        match self {
            Target::Loss(_) => true,
            Target::Cause(_) => false,
            Target::Quantity(Quantity::WindowState(_, _, metric)) => metric.is_of_accord(),
            Target::Quantity(quantity) => matches!(
                quantity,
                Quantity::Formed | Quantity::Member(_) | Quantity::Left(_)
            ),
        }
    }
}

/// A path that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ResultPathError {
    /// Where the offending word starts, in bytes from the start of the path.
    pub offset: usize,
    /// Length of that word in bytes; 0 where one is missing.
    pub length: usize,
    /// What is wrong and, where a known word is near, which.
    pub message: String,
}

/// The words of a path, read one by one.
pub(crate) struct PathWords<'a> {
    words: Vec<(usize, &'a str)>,
    next: usize,
    end: usize,
}

impl<'a> PathWords<'a> {
    /// Those of `path`, of which none is read yet.
    pub(crate) fn new(path: &'a str) -> PathWords<'a> {
        let mut offset = 0;
        let words = path.split('.').map(|word| {
            let start = offset;
            offset += word.len() + 1;
            (start, word)
        });
        PathWords {
            words: words.collect(),
            next: 0,
            end: path.len(),
        }
    }

    /// The word that is read next.
    pub(crate) fn peek(&self) -> Option<&'a str> {
        self.words.get(self.next).map(|&(_, word)| word)
    }

    /// Reads the next word, whatever it is.
    pub(crate) fn skip(&mut self) {
        self.next += 1;
    }

    /// Reads one of `known`, which are `what`, and returns its index.
    pub(crate) fn one_of(&mut self, what: &str, known: &[&str]) -> Result<usize, ResultPathError> {
        let Some(&(offset, word)) = self.words.get(self.next) else {
            return Err(ResultPathError {
                offset: self.end,
                length: 0,
                message: format!(
                    "the path ends where {what} should follow: {}",
                    listed(known)
                ),
            });
        };
        self.next += 1;
        known
            .iter()
            .position(|&known| known == word)
            .ok_or_else(|| {
                let hint = match nearest(word, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known: {}", listed(known)),
                };
                ResultPathError {
                    offset,
                    length: word.len(),
                    message: format!("unknown {what} `{word}`; {hint}"),
                }
            })
    }

    fn id(&mut self, what: &str, of: &[Identity]) -> Result<usize, ResultPathError> {
        let ids: Vec<&str> = of.iter().map(|one| one.id.as_str()).collect();
        self.one_of(what, &ids)
    }

    /// An error about the word that was read last.
    pub(crate) fn refuse(&self, message: String) -> ResultPathError {
        let (offset, word) = self.words[self.next - 1];
        ResultPathError {
            offset,
            length: word.len(),
            message,
        }
    }
}

/// Reads a metric of one of the enums of [`crate::engine::outcome`].
macro_rules! metric {
    ($words:expr, $Enum:ident, $also:expr) => {{
        let names = $Enum::ALL.iter().map(|metric| metric.name());
        let known: Vec<&str> = names.chain($also).collect();
        let index = $words.one_of("metric", &known)?;
        $Enum::ALL.get(index).copied()
    }};
}

/// Reads what follows an arm, up to what is read of it.
pub(crate) fn read_target(
    words: &mut PathWords<'_>,
    model: &Model,
) -> Result<Target, ResultPathError> {
    let kinds = ["total", "state", "hyperscaler", "term", "accord", "window"];
    let quantity = match words.one_of("kind", &kinds)? {
        0 => match metric!(words, TotalMetric, ["causes"]) {
            Some(metric) => Quantity::Total(metric),
            None => return read_cause(words, None),
        },
        1 => {
            let i = words.id("state", &model.states)?;
            match metric!(words, StateMetric, ["causes"]) {
                Some(metric) => Quantity::State(i, metric),
                None => return read_cause(words, Some(i)),
            }
        }
        2 => {
            let h = words.id("hyperscaler", &model.hyperscalers)?;
            match metric!(words, HyperscalerMetric, ["loss"]) {
                Some(metric) => Quantity::Hyperscaler(h, metric),
                None => return Ok(Target::Loss(h)),
            }
        }
        3 => {
            let k = words.id("term", &model.terms)?;
            if words.peek() == Some("level") {
                words.skip();
            }
            Quantity::Term(k)
        }
        4 => {
            let known = ["formed", "size", "rounds", "member", "left", "share_error"];
            match words.one_of("metric", &known)? {
                0 => Quantity::Formed,
                1 => Quantity::Size,
                2 => Quantity::Rounds,
                3 => Quantity::Member(words.id("state", &model.states)?),
                4 => Quantity::Left(words.id("state", &model.states)?),
                _ => Quantity::ShareError,
            }
        }
        _ => read_window(words, model)?,
    };
    Ok(Target::Quantity(quantity))
}

/// Reads a cause, of a payoff where there is one of this name, else of a difference.
fn read_cause(words: &mut PathWords<'_>, of: Option<usize>) -> Result<Target, ResultPathError> {
    let of_payoff = CauseMetric::OF_PAYOFF;
    let of_difference = [DifferenceCause::Legacy, DifferenceCause::Members];
    let names = of_payoff.iter().map(|cause| cause.name());
    let also = of_difference.iter().map(|cause| cause.name());
    let known: Vec<&str> = names.chain(also).collect();
    let index = words.one_of("cause", &known)?;
    Ok(match of_payoff.get(index) {
        Some(&cause) => Target::Quantity(Quantity::Cause(of, cause)),
        None => Target::Cause(CauseDifference {
            of,
            cause: of_difference[index - of_payoff.len()],
        }),
    })
}

/// A cause that was read, as one of a payoff or of a `difference`.
pub(crate) fn of_causes(
    words: &PathWords<'_>,
    target: Target,
    difference: bool,
) -> Result<Target, ResultPathError> {
    let cause = |of, cause| Target::Cause(CauseDifference { of, cause });
    Ok(match (target, difference) {
        (Target::Quantity(Quantity::Cause(of, metric)), true) => match metric {
            CauseMetric::Rules => cause(of, DifferenceCause::Rules),
            CauseMetric::Table => cause(of, DifferenceCause::Table),
            CauseMetric::Sharing => cause(of, DifferenceCause::Sharing),
            CauseMetric::Delay => cause(of, DifferenceCause::Delay),
            _ => cause(of, DifferenceCause::Legacy),
        },
        (Target::Cause(_), false) => {
            let message =
                "legacy and members are causes of a difference: write `.difference` after";
            return Err(words.refuse(message.to_owned()));
        }
        _ => target,
    })
}

/// Metrics of a window that are no accord's.
const OF_WINDOW: [WindowMetric; 5] = [
    WindowMetric::Deals,
    WindowMetric::Gini,
    WindowMetric::RegionInvestment,
    WindowMetric::Herfindahl,
    WindowMetric::RegionLeverage,
];

fn read_window(words: &mut PathWords<'_>, model: &Model) -> Result<Quantity, ResultPathError> {
    let numbers: Vec<String> = (0..model.horizon.windows).map(|w| w.to_string()).collect();
    let known: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let w = words.one_of("window", &known)?;
    let of_states = WindowStateMetric::ALL.iter();
    let of_states: Vec<_> = of_states.filter(|metric| metric.is_of_accord()).collect();
    let names = of_states.iter().map(|metric| metric.name());
    let kinds: Vec<&str> = ["total", "state", "accord"]
        .into_iter()
        .chain(names)
        .collect();
    Ok(match words.one_of("kind", &kinds)? {
        0 => {
            let known = OF_WINDOW.map(|metric| metric.name());
            Quantity::Window(w, OF_WINDOW[words.one_of("metric", &known)?])
        }
        1 => {
            let i = words.id("state", &model.states)?;
            let metric = metric!(words, WindowStateMetric, []).expect("nothing else is known");
            Quantity::WindowState(w, i, metric)
        }
        2 => {
            let names = of_states.iter().map(|metric| metric.name());
            let known: Vec<&str> = ["size", "rounds"].into_iter().chain(names).collect();
            match words.one_of("metric", &known)? {
                0 => Quantity::Window(w, WindowMetric::AccordSize),
                1 => Quantity::Window(w, WindowMetric::Rounds),
                metric => {
                    let i = words.id("state", &model.states)?;
                    Quantity::WindowState(w, i, *of_states[metric - 2])
                }
            }
        }
        kind => {
            let i = words.id("state", &model.states)?;
            Quantity::WindowState(w, i, *of_states[kind - 3])
        }
    })
}
