//! What factors decide, learned from any worlds that were played: PAWN, Borgonovo's δ, the value of information, each beside what inert factors get
//! by chance.

use crate::engine::simulate::in_parallel;
use crate::study::factors::{NoiseFloor, bootstrap, noise_floor};
use crate::theory::draws::rng::Stream;
use crate::theory::sensitivity::classes::dummy_factor;
use crate::theory::sensitivity::estimate::Estimate;
use crate::theory::sensitivity::given_data::{evpi, evppi, given_first_order};
use crate::theory::sensitivity::moment_free::{Pawn, borgonovo, pawn};
use std::sync::atomic::AtomicBool;

/// How factors are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learning {
    /// PAWN.
    Pawn,
    /// Borgonovo's δ, with the first-order index.
    Delta,
    /// What it is worth to know a factor before the choice between two arms.
    Evppi,
}

/// What was learned of one factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Learned {
    /// PAWN.
    Pawn(Pawn),
    /// Borgonovo's δ.
    Delta {
        /// δ.
        delta: Estimate,
        /// First-order Sobol' index, where it can be estimated.
        first: Option<Estimate>,
    },
    /// Value of information, in the unit of the result.
    Evppi(Estimate),
}

impl Learned {
    /// The number by which factors are compared.
    pub fn main(&self) -> f64 {
        match self {
            Learned::Pawn(pawn) => pawn.median.value,
            Learned::Delta { delta, .. } => delta.value,
            Learned::Evppi(estimate) => estimate.value,
        }
    }
}

/// What was learned of one result.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnedOutput {
    /// By factor; none where the factor does not vary.
    pub factors: Vec<Option<Learned>>,
    /// What inert factors get by chance.
    pub noise_floor: Option<NoiseFloor>,
    /// What it is worth to know everything; for the value of information alone.
    pub evpi: Option<Estimate>,
}

/// The stop flag ended the judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

/// Judges each of `columns`, the values of a factor in all worlds, for the result `y` in the same worlds. `None` where some world lacks the
/// result or it does not vary. Intervals are made by a bootstrap, and inert factors drawn, under `seed`.
///
/// # Errors
/// The stop flag was set.
pub fn learn(
    learning: Learning,
    columns: &[&[f64]],
    y: &[f64],
    seed: u64,
    stop: &AtomicBool,
) -> Result<Option<LearnedOutput>, Stopped> {
    if y.iter().any(|value| !value.is_finite()) || y.iter().all(|value| *value == y[0]) {
        return Ok(None);
    }
    let stream = Stream::new(seed, "sensitivity.bootstrap");
    let zeros = vec![0.0; y.len()];
    let judge = |x: &[f64]| judged(learning, x, (&zeros, y), &stream);
    let dummy = |k: usize| {
        let stream = Stream::new(seed, &format!("sensitivity.dummy.{k}"));
        judge(&dummy_factor(y.len(), &stream)).map(|learned| learned.main())
    };
    let factors = in_parallel(columns.len(), stop, |index| judge(columns[index]));
    let factors = factors.map_err(|_| Stopped)?;
    let dummies = in_parallel(NoiseFloor::DUMMIES, stop, dummy).map_err(|_| Stopped)?;
    let dummies: Vec<f64> = dummies.into_iter().flatten().collect();
    Ok(Some(LearnedOutput {
        noise_floor: noise_floor(&dummies, factors.len()),
        factors,
        evpi: match learning {
            Learning::Evppi => evpi(&[&zeros, y], &bootstrap(&stream)),
            _ => None,
        },
    }))
}

/// One factor; `zeros` is the other choice, to which y is the difference.
fn judged(
    learning: Learning,
    x: &[f64],
    (zeros, y): (&[f64], &[f64]),
    stream: &Stream,
) -> Option<Learned> {
    let bootstrap = bootstrap(stream);
    match learning {
        Learning::Pawn => pawn(x, y, &bootstrap).map(Learned::Pawn),
        Learning::Delta => Some(Learned::Delta {
            delta: borgonovo(x, y, &bootstrap)?,
            first: given_first_order(x, y, &bootstrap),
        }),
        Learning::Evppi => evppi(x, &[zeros, y], &bootstrap).map(Learned::Evppi),
    }
}
