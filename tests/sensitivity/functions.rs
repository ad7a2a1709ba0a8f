//! Functions on the unit cube of which the indices are known exactly.

use mufakat::theory::stats::special::normal_quantile;
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

/// Bratley, Fox and Niederreiter 1992: Σ (−1)^i Π_(j ≤ i) x_j.
pub fn bratley(u: &[f64]) -> f64 {
    let (mut product, mut sum, mut sign) = (1.0, 0.0, 1.0);
    for x in u {
        product *= x;
        sign = -sign;
        sum += sign * product;
    }
    sum
}

/// Morris 1991, equation 7, of twenty inputs; the coefficients that he draws from a standard normal distribution are here its quantiles, shuffled.
pub fn morris(u: &[f64]) -> f64 {
    let drawn = |k: usize| normal_quantile((((k * 89) % 211) as f64 + 0.5) / 211.0);
    let curved = [2, 4, 6];
    let w = |i: usize| match curved.contains(&i) {
        true => 2.0 * (1.1 * u[i] / (u[i] + 0.1) - 0.5),
        false => 2.0 * (u[i] - 0.5),
    };
    let w: Vec<f64> = (0..20).map(w).collect();
    let mut y = 5.0 * w[0] * w[1] * w[2] * w[3];
    for i in 0..20 {
        y += w[i] * if i < 10 { 20.0 } else { drawn(i) };
        for j in i + 1..20 {
            y += w[i] * w[j] * if j < 6 { -15.0 } else { drawn(20 * i + j) };
            for l in j + 1..5 {
                y -= 10.0 * w[i] * w[j] * w[l];
            }
        }
    }
    y
}
