//! Levels of terms as what they are in the world.

use crate::engine::model::{Model, TermMeasure};
use crate::theory::spelling::units::number;

/// What a level of the term with this id is, "162,000 people trained a year", to two digits; none where the scenario gives no unit.
pub(crate) fn real(model: &Model, id: &str, level: f64) -> Option<String> {
    let at = model.terms.iter().position(|term| term.id == id)?;
    model.measures[at]
        .as_ref()
        .map(|measure| written(measure, level))
}

/// The same without its unit: "162,000"; a percentage keeps its sign.
pub(crate) fn figure(model: &Model, id: &str, level: f64) -> Option<String> {
    let at = model.terms.iter().position(|term| term.id == id)?;
    model.measures[at].as_ref().map(|measure| {
        let sign = if measure.unit.starts_with('%') {
            "%"
        } else {
            ""
        };
        format!("{}{sign}", rounded(measure, level))
    })
}

fn written(measure: &TermMeasure, level: f64) -> String {
    let each = if measure.per_bn { " per US$ bn" } else { "" };
    let unit = &measure.unit;
    // A sign of percent follows its number.
    let gap = if unit.starts_with('%') { "" } else { " " };
    format!("{}{gap}{unit}{each}", rounded(measure, level))
}

fn rounded(measure: &TermMeasure, level: f64) -> String {
    let value = measure.of(level);
    let range = (measure.at_one - measure.at_zero).abs();
    let error = (0.03 * value.abs()).max(0.02 * range);
    number(value, Some(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Provenance;

    #[test]
    fn levels_are_scaled_between_both_ends() {
        let measure = |unit: &str, at_zero: f64, at_one: f64, per_bn: bool| TermMeasure {
            unit: unit.to_owned(),
            at_zero,
            at_one,
            per_bn,
            provenance: Provenance::default(),
        };
        let people = measure("people trained a year", 0.0, 200_000.0, true);
        assert_eq!(
            written(&people, 0.81),
            "160,000 people trained a year per US$ bn"
        );
        let rise = measure("% a year at most", 10.0, 0.0, false);
        assert_eq!(written(&rise, 0.25), "7.5% a year at most");
        assert_eq!(written(&rise, 1.0), "0.0% a year at most");
    }
}
