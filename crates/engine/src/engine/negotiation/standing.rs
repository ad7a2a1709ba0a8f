//! What earlier windows left. How it evolves is in `dynamics`.

use crate::engine::model::arm::StateSet;

/// What evolves from window to window (model, section 8).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// talent_i.
    pub talent: Vec<f64>,
    /// compute_i.
    pub compute: Vec<f64>,
    /// talent_i(0), that of window 0.
    pub first_talent: Vec<f64>,
    /// compute_i(0).
    pub first_compute: Vec<f64>,
    /// dependency_ih, n × m.
    pub dependency: Vec<f64>,
    /// asset_ih: what h has built in i, USD bn, n × m.
    pub asset: Vec<f64>,
    /// Hosts of h in the window before; before the first, those that the scenario gives.
    pub had: Vec<StateSet>,
}

impl Standing {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Standing {
        Standing {
            talent: vec![0.0; n],
            compute: vec![0.0; n],
            first_talent: vec![0.0; n],
            first_compute: vec![0.0; n],
            dependency: vec![0.0; n * m],
            asset: vec![0.0; n * m],
            had: vec![0; m],
        }
    }

    /// Copies another standing of the same size.
    pub fn copy_from(&mut self, other: &Standing) {
        self.talent.copy_from_slice(&other.talent);
        self.compute.copy_from_slice(&other.compute);
        self.first_talent.copy_from_slice(&other.first_talent);
        self.first_compute.copy_from_slice(&other.first_compute);
        self.dependency.copy_from_slice(&other.dependency);
        self.asset.copy_from_slice(&other.asset);
        self.had.copy_from_slice(&other.had);
    }
}
