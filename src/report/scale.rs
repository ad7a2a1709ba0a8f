//! Whether an amount is much: the same paid out evenly over the years of the scenario, beside a year's GDP and by head.

use crate::engine::model::Model;
use crate::engine::model::keys::StateKey;
use crate::engine::model::layout::Slot;

/// What a year's payment is beside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearlyScale {
    /// The payment of a year as a share of GDP at the start.
    pub gdp: f64,
    /// US$ a head a year; none where the scenario gives no population or counts in something else.
    pub head: Option<f64>,
}

/// The scale of present values, US$ bn, of some states by their index, taken together: each is paid out evenly over the T years of the
/// scenario, PV / a with a = ∫₀ᵀ (1 + r)⁻ᵗ dt = (1 − (1 + r)⁻ᵀ) / ln(1 + r), r the state's discount rate (its median), or T where r = 0.
/// GDP and population are those at the start (their medians).
pub fn scale(model: &Model, values: impl IntoIterator<Item = (usize, f64)>) -> YearlyScale {
    let base = |i: usize, key: StateKey| model.base[model.layout.index(Slot::State(i, key))];
    let horizon = &model.horizon;
    let years = horizon.windows as f64 * horizon.window_years;
    let (mut paid, mut gdp, mut people) = (0.0, 0.0, 0.0);
    for (i, value) in values {
        paid += value / annuity(base(i, StateKey::DiscountRate), years);
        gdp += base(i, StateKey::Gdp);
        people += base(i, StateKey::Population);
    }
    // One million is what holds where nothing is said.
    let said = (0..model.states.len()).any(|i| base(i, StateKey::Population) != 1.0);
    let said = said && model.words.are_in_dollars();
    YearlyScale {
        gdp: paid / gdp,
        head: said.then(|| 1000.0 * paid / people),
    }
}

/// What one unit a year, paid evenly over so many years, is worth at their start.
fn annuity(rate: f64, years: f64) -> f64 {
    match libm::log1p(rate) {
        0.0 => years,
        force => -libm::expm1(-force * years) / force,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::model;

    #[test]
    fn an_annuity_is_the_sum_of_its_payments() {
        // A thousand payments a year, each in the middle of its time.
        for (rate, years) in [(0.05, 12.0), (0.3, 3.0), (0.0, 7.5)] {
            let steps = (1000.0 * years) as usize;
            let sum: f64 = (0..steps)
                .map(|step| libm::pow(1.0 + rate, -(step as f64 + 0.5) / 1000.0) / 1000.0)
                .sum();
            assert!(
                (annuity(rate, years) - sum).abs() < 1e-6 * sum,
                "{rate} {years}"
            );
        }
    }

    #[test]
    fn the_scale_of_two_states_by_hand() {
        let mut model = model();
        let mut set = |i: usize, key: StateKey, value: f64| {
            let slot = model.layout.index(Slot::State(i, key));
            model.base[slot] = value;
        };
        for (i, gdp, people) in [(0, 100.0, 20.0), (1, 300.0, 60.0)] {
            set(i, StateKey::Gdp, gdp);
            set(i, StateKey::Population, people);
        }
        // Six years at no rate: 1.2 bn are 0.2 bn a year.
        let both = scale(&model, [(0, 0.6), (1, 0.6)]);
        assert!((both.gdp - 0.2 / 400.0).abs() < 1e-15);
        assert!((both.head.expect("given") - 0.2e9 / 80e6).abs() < 1e-12);
        let one = scale(&model, [(1, 0.6)]);
        assert!((one.gdp - 0.1 / 300.0).abs() < 1e-15);
        for i in 0..2 {
            let slot = model.layout.index(Slot::State(i, StateKey::Population));
            model.base[slot] = 1.0;
        }
        assert_eq!(scale(&model, [(0, 1.0)]).head, None);
    }
}
