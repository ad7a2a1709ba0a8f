//! Functions on the unit cube of which the indices are known exactly.

use std::f64::consts::PI;

/// Ishigami and Homma 1990 with a = 7, b = 0.1, on (−π, π)³.
pub fn ishigami(u: &[f64]) -> f64 {
    let x = |i: usize| PI * (2.0 * u[i] - 1.0);
    let sin = |i: usize| x(i).sin();
    sin(0) + 7.0 * sin(1) * sin(1) + 0.1 * x(2).powi(4) * sin(0)
}

pub const ISHIGAMI_FIRST: [f64; 3] = [0.31390519114781146, 0.4424111447900409, 0.0];
pub const ISHIGAMI_TOTAL: [f64; 3] = [0.5575888552099592, 0.4424111447900409, 0.24368366406214773];

/// Coefficients of Sobol's G with 20 inputs: 0, 1, 4.5, 9, then 99.
pub fn g_coefficients() -> Vec<f64> {
    let mut a = vec![0.0, 1.0, 4.5, 9.0];
    a.resize(20, 99.0);
    a
}

/// Sobol's G: Π (|4x_i − 2| + a_i)/(1 + a_i).
pub fn g(u: &[f64]) -> f64 {
    let a = g_coefficients();
    let terms = u.iter().zip(&a);
    terms
        .map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a))
        .product()
}

/// V_i of G, and V.
pub fn g_variances() -> (Vec<f64>, f64) {
    let each: Vec<f64> = g_coefficients()
        .iter()
        .map(|a| 1.0 / 3.0 / ((1.0 + a) * (1.0 + a)))
        .collect();
    let whole = each.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
    (each, whole)
}
