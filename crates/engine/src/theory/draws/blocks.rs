//! ChaCha8 for four streams side by side: a draw asks hundreds of streams for a few numbers each.
//!
//! The numbers are those of `rand_chacha` and `Open01`, which serve whoever reads on from there; a test holds them to it.
//!
//! # References
//! Bernstein, ChaCha, a variant of Salsa20, 2008, <https://cr.yp.to/chacha.html>.

use wide::u32x4;

/// Uniforms that one block of a stream holds.
pub const IN_BLOCK: usize = 8;
/// Streams that are looked at together.
pub const TOGETHER: usize = 4;

/// The uniforms at positions 0 to 7 of `trial` in the streams of four keys.
pub fn first_uniforms(keys: [&[u32; 8]; TOGETHER], trial: u64) -> [[f64; IN_BLOCK]; TOGETHER] {
    let start = start(keys, trial);
    let mut words = start;
    for _ in 0..4 {
        double_round(&mut words);
    }
    let mut uniforms = [[0.0; IN_BLOCK]; TOGETHER];
    for position in 0..IN_BLOCK {
        let low = (words[2 * position] + start[2 * position]).to_array();
        let high = (words[2 * position + 1] + start[2 * position + 1]).to_array();
        for (of, (&low, &high)) in uniforms.iter_mut().zip(low.iter().zip(&high)) {
            of[position] = open(u64::from(high) << 32 | u64::from(low));
        }
    }
    uniforms
}

/// Constants, keys, block 0, and the trial as the number of the stream.
fn start(keys: [&[u32; 8]; TOGETHER], trial: u64) -> [u32x4; 16] {
    const EXPAND: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
    let mut words = [u32x4::ZERO; 16];
    for (word, constant) in words.iter_mut().zip(EXPAND) {
        *word = u32x4::splat(constant);
    }
    for (at, word) in words[4..12].iter_mut().enumerate() {
        *word = u32x4::from(keys.map(|key| key[at]));
    }
    words[14] = u32x4::splat(trial as u32);
    words[15] = u32x4::splat((trial >> 32) as u32);
    words
}

#[inline(always)]
fn double_round(words: &mut [u32x4; 16]) {
    for [a, b, c, d] in [
        [0, 4, 8, 12],
        [1, 5, 9, 13],
        [2, 6, 10, 14],
        [3, 7, 11, 15],
        [0, 5, 10, 15],
        [1, 6, 11, 12],
        [2, 7, 8, 13],
        [3, 4, 9, 14],
    ] {
        words[a] += words[b];
        words[d] = turned::<16>(words[d] ^ words[a]);
        words[c] += words[d];
        words[b] = turned::<12>(words[b] ^ words[c]);
        words[a] += words[b];
        words[d] = turned::<8>(words[d] ^ words[a]);
        words[c] += words[d];
        words[b] = turned::<7>(words[b] ^ words[c]);
    }
}

#[inline(always)]
fn turned<const BITS: u32>(word: u32x4) -> u32x4 {
    (word << BITS) | (word >> (32 - BITS))
}

/// A number strictly between 0 and 1 from the upper 52 bits, in the middle of its step.
fn open(bits: u64) -> f64 {
    const ONE: u64 = 1023 << 52;
    f64::from_bits(bits >> 12 | ONE) - (1.0 - f64::EPSILON / 2.0)
}
