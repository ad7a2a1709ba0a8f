//! Correlated uniforms: a Gaussian copula.
//!
//! Correlation is of normal scores. With R the correlation matrix of a block of quantities, R = L·Lᵀ and independent uniforms u:
//!
//! ```text
//! z = Φ⁻¹(u),   z' = L·z,   u' = Φ(z')
//! ```
//!
//! so that each u' is uniform and each quantity keeps its own distribution. Two quantities with a continuous distribution and
//! correlation ρ of scores have Spearman's 6/π·asin(ρ/2) and Kendall's 2/π·asin(ρ). It works with every design, since only the
//! uniforms pass through it; quantities outside the blocks keep theirs bit by bit.

use crate::stats::special::{normal_cdf, normal_quantile};

/// The least and the largest uniform that may come out, both within (0, 1).
const ENDS: (f64, f64) = (f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);

/// Quantities that are correlated with each other.
#[derive(Debug, Clone, PartialEq)]
struct Block {
    /// Positions among the uniforms, ascending.
    members: Vec<usize>,
    /// L by rows, without what is above the diagonal.
    factor: Vec<f64>,
}

/// Which uniforms depend on each other, and how. None by default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Correlation {
    blocks: Vec<Block>,
}

impl Correlation {
    /// Whether nothing is correlated.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Makes independent uniforms correlated, in place.
    pub fn apply(&self, uniforms: &mut [f64]) {
        for block in &self.blocks {
            for &member in &block.members {
                uniforms[member] = normal_quantile(uniforms[member]);
            }
            // A row needs the scores of those before it, so that the last may be replaced first.
            for (row, &member) in block.members.iter().enumerate().rev() {
                let start = row * (row + 1) / 2;
                let weights = &block.factor[start..=start + row];
                let terms = weights.iter().zip(&block.members);
                let score = terms.map(|(weight, &of)| weight * uniforms[of]).sum();
                uniforms[member] = normal_cdf(score).clamp(ENDS.0, ENDS.1);
            }
        }
    }
}
