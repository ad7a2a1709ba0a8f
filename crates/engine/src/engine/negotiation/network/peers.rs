//! What a state loses where its neighbours, and the rest of the world, have access that it lacks: b of (16).

use crate::engine::model::valuation::Economy;

/// b_ih = Σ_{j≠i} p_ij·pos(r_jh − r_ih) + (1 − peers_inside)·(1 − r_ih), p_ij = peers_inside·market_j/Σ_{l≠i} market_l, 0 if that sum is 0;
/// `access` is r_·h, in \[0, 1\].
pub fn behind(economy: &Economy, i: usize, access: impl Fn(usize) -> f64) -> f64 {
    let own = access(i);
    let (mut ahead, mut markets) = (0.0, 0.0);
    for j in (0..economy.n).filter(|&j| j != i) {
        markets += economy.market[j];
        ahead += economy.market[j] * (access(j) - own).max(0.0);
    }
    let neighbours = if markets > 0.0 { ahead / markets } else { 0.0 };
    economy.peers_inside * neighbours + (1.0 - economy.peers_inside) * (1.0 - own)
}

/// Σ_h q_ih·b_ih (16), h by h, so that it is the same to the last bit wherever every r_·h is; `access` is r_lh, in \[0, 1\].
pub fn behind_all(economy: &Economy, i: usize, access: impl Fn(usize, usize) -> f64) -> f64 {
    let lag = |h: usize| {
        let coverage = economy.coverage[i * economy.m + h];
        coverage * behind(economy, i, |l| access(l, h))
    };
    (0..economy.m).map(lag).sum()
}

/// Σ_h q_ih·b_ih where nobody hosts anybody, (16) at ∅.
pub fn behind_without_hosts(economy: &Economy, i: usize) -> f64 {
    behind_all(economy, i, |l, _| economy.remote_value * economy.outside[l])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_falls_behind_neighbours_by_their_markets_and_behind_the_world() {
        let mut economy = Economy::new(3, 1, 0);
        economy.market = vec![1.0, 3.0, 1.0];
        economy.peers_inside = 0.6;
        let access = [0.2, 1.0, 0.1];
        // (3·0.8 + 1·0)/4 of neighbours, 0.8 of the world.
        let expected = 0.6 * 0.6 + 0.4 * 0.8;
        assert!((behind(&economy, 0, |l| access[l]) - expected).abs() < 1e-15);
        economy.market = vec![1.0, 0.0, 0.0];
        assert!((behind(&economy, 0, |l| access[l]) - 0.4 * 0.8).abs() < 1e-15);
    }
}
