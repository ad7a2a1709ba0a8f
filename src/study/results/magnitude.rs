//! How large a result may be. The square of a number within the bound is finite, and so are sums of as many as there may be worlds, so that
//! no mean, spread or difference of what is let through is infinite or nothing.

use crate::engine::model::Model;
use crate::engine::outcome::OutcomeLayout;
use crate::study::results::quantity::Quantity;

/// Largest size of a result of a world; in US$ bn more than anything on record.
pub const LARGEST: f64 = 1e100;

/// A result that is not a number a reader could use.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NumericError {
    /// A trial gave infinity, or nothing where there must be a number.
    #[error("world {trial} (--trial {trial}): {path} is not a finite number")]
    Trial {
        /// Result path.
        path: String,
        /// Trial.
        trial: u64,
    },
    /// A trial gave a number that nothing can be told of.
    #[error(
        "world {trial} (--trial {trial}): {path} is {value:e}, and no result may be larger than {LARGEST:e}: look for what makes it so"
    )]
    TooLarge {
        /// Result path.
        path: String,
        /// Trial.
        trial: u64,
        /// The value.
        value: f64,
    },
    /// Values are too large for their mean or spread.
    #[error("{path}: values are too large to summarise")]
    Summary {
        /// Result path.
        path: String,
    },
}

/// An error where a number, which may be missing, is too large or infinite.
///
/// # Errors
/// It is; `path` tells which.
pub fn check(value: f64, trial: u64, path: impl FnOnce() -> String) -> Result<(), NumericError> {
    if value.is_nan() || value.abs() <= LARGEST {
        return Ok(());
    }
    let path = path();
    Err(match value.is_finite() {
        true => NumericError::TooLarge { path, trial, value },
        false => NumericError::Trial { path, trial },
    })
}

/// Checks the rows of a model.
pub struct RowCheck<'m> {
    model: &'m Model,
    layout: OutcomeLayout,
    quantities: Vec<Quantity>,
}

impl<'m> RowCheck<'m> {
    /// What checks the rows of `model`.
    pub fn new(model: &'m Model) -> RowCheck<'m> {
        let layout = model.outcome_layout();
        RowCheck {
            model,
            quantities: Quantity::summarised(&layout),
            layout,
        }
    }

    /// Checks the row of an arm.
    ///
    /// # Errors
    /// The first number that is too large, infinite, or missing where there must be one.
    pub fn check(&self, arm: usize, row: &[f64], trial: u64) -> Result<(), NumericError> {
        let at = |quantity: &Quantity| row[quantity.position(&self.layout)];
        let is_fine = |quantity: &&Quantity| {
            let value = at(quantity);
            value.abs() <= LARGEST || (value.is_nan() && quantity.may_be_none())
        };
        let Some(quantity) = self.quantities.iter().find(|one| !is_fine(one)) else {
            return Ok(());
        };
        let (value, name) = (at(quantity), &self.model.arms[arm].name);
        let path = format!("{name}.{}", quantity.name(self.model));
        match value.is_nan() {
            true => Err(NumericError::Trial { path, trial }),
            false => check(value, trial, || path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::model;

    #[test]
    fn numbers_that_nothing_can_be_told_of_are_refused() {
        let model = model();
        let rows = RowCheck::new(&model);
        let row = vec![1.0; model.outcome_layout().len()];
        assert_eq!(rows.check(0, &row, 3), Ok(()));
        for value in [2e100, -1e300, f64::INFINITY, f64::NAN] {
            let row = vec![value; row.len()];
            let error = rows.check(1, &row, 3).expect_err("no result");
            assert!(
                error.to_string().starts_with("world 3 (--trial 3): "),
                "{error}"
            );
        }
        assert_eq!(check(f64::NAN, 0, String::new), Ok(()));
        assert_eq!(check(-LARGEST, 0, String::new), Ok(()));
    }
}
