//! How well an uncertain number is known: its pedigree, four marks with a reason, as in the NUSAP system.
//!
//! A distribution says how far a number may be from what is written; marks say how much that is worth. They are judgements of how the number was made
//! and enter no result.
//!
//! | mark | `proxy` | `basis` | `method` | `validation` |
//! | --- | --- | --- | --- | --- |
//! | 4 | the quantity itself | large samples of direct measurements, controlled experiments | best practice of an established discipline | compared with independent measurements of the same over a long range |
//! | 3 | a good fit | small samples of direct measurements, historical or field data | a reliable method common there, or the best of a young discipline | compared with independent measurements of something closely related, or over a shorter time |
//! | 2 | goes together with it, measures something else | derived or modelled data, indirect measurements | acceptable, with limited consensus on how reliable | compared with measurements that are not independent, with proxies, or in a limited range |
//! | 1 | weakly related, something in common | educated guesses, rules of thumb | preliminary, of unknown reliability | weak and very indirect |
//! | 0 | no clear relation | crude speculation | no discernible rigour | none |
//!
//! # References
//! S. O. Funtowicz, J. R. Ravetz, *Uncertainty and Quality in Science for Policy* (1990), [doi:10.1007/978-94-009-0621-1](https://doi.org/10.1007/978-94-009-0621-1);
//! J. P. van der Sluijs et al., "Combining quantitative and qualitative measures of uncertainty in model-based environmental assessment: the NUSAP
//! system", *Risk Analysis* 25 (2005), [doi:10.1111/j.1539-6924.2005.00604.x](https://doi.org/10.1111/j.1539-6924.2005.00604.x). The matrix follows
//! theirs in sense; their fifth column, theoretical understanding, is about models and left out.

/// The best mark.
pub const BEST_MARK: u8 = 4;

/// The names of the marks, in the order of [`Pedigree::marks`].
pub const MARKS: [&str; 4] = ["proxy", "basis", "method", "validation"];

/// How well a number is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pedigree {
    /// Each of [`MARKS`], from 0 to [`BEST_MARK`].
    pub marks: [u8; 4],
    /// Why these, in a sentence.
    pub reason: String,
}

impl Pedigree {
    /// Strength: the mean of the marks over the best, Σ m/(4·4), between 0 and 1.
    pub fn strength(&self) -> f64 {
        let sum: u32 = self.marks.iter().map(|&mark| u32::from(mark)).sum();
        f64::from(sum) / (MARKS.len() as f64 * f64::from(BEST_MARK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_by_hand() {
        for (marks, expected) in [
            ([0, 0, 0, 0], 0.0),
            ([4, 4, 4, 4], 1.0),
            ([1, 2, 0, 1], 0.25),
            ([3, 1, 2, 0], 0.375),
        ] {
            let reason = String::new();
            assert_eq!(Pedigree { marks, reason }.strength(), expected, "{marks:?}");
        }
    }
}
