//! Keyed randomness: a uniform depends on (seed, purpose, trial, position) and on nothing else.
//!
//! A [`Stream`] is a ChaCha8 generator whose 256-bit key is the BLAKE3 hash of the seed and the purpose (a path, or what
//! the noise is for, with the ids that it belongs to). The trial is ChaCha's stream number, so a trial's numbers never
//! depend on how many trials there are, nor on what else is drawn. No generator is shared between trials or threads.

use crate::theory::draws::blocks::{IN_BLOCK, TOGETHER, first_uniforms};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::Open01;

fn hashed(seed: u64, purpose: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.update(purpose.as_bytes());
    *hasher.finalize().as_bytes()
}

/// A 64-bit key of `purpose` under `seed`.
pub fn key(seed: u64, purpose: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = hashed(seed, purpose);
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// All uniforms of one purpose.
#[derive(Debug, Clone)]
pub struct Stream {
    start: ChaCha8Rng,
    key: [u32; 8],
}

impl Stream {
    /// The stream of `purpose`, for example `state.SG.talent` or `noise.order.SG.MSFT`, under `seed`.
    pub fn new(seed: u64, purpose: &str) -> Stream {
        let seed = hashed(seed, purpose);
        let (words, _) = seed.as_chunks::<4>();
        let mut key = [0; 8];
        for (word, bytes) in key.iter_mut().zip(words) {
            *word = u32::from_le_bytes(*bytes);
        }
        Stream {
            start: ChaCha8Rng::from_seed(seed),
            key,
        }
    }

    /// The uniform at `position` in `trial`, strictly between 0 and 1.
    pub fn uniform(&self, trial: u64, position: u64) -> f64 {
        let mut generator = self.at(trial);
        generator.set_word_pos(2 * u128::from(position));
        generator.sample(Open01)
    }

    /// Hands on the uniforms at positions 0 to 7 of `trial` in each of many streams, with the stream's place among them.
    pub fn firsts<'a>(
        streams: impl ExactSizeIterator<Item = &'a Stream>,
        trial: u64,
        mut hand_on: impl FnMut(usize, &[f64; IN_BLOCK]),
    ) {
        let count = streams.len();
        let mut streams = streams.map(|stream| &stream.key);
        for first in (0..count).step_by(TOGETHER) {
            let Some(one) = streams.next() else {
                return;
            };
            let keys = std::array::from_fn(|k| match k {
                0 => one,
                _ => streams.next().unwrap_or(one),
            });
            let uniforms = first_uniforms(keys, trial);
            for (k, uniforms) in uniforms.iter().take(count - first).enumerate() {
                hand_on(first + k, uniforms);
            }
        }
    }

    /// The uniforms of `trial` from `position` on, one a call.
    pub fn sequence(&self, trial: u64, position: u64) -> impl FnMut() -> f64 + use<> {
        let mut generator = self.at(trial);
        generator.set_word_pos(2 * u128::from(position));
        move || generator.sample(Open01)
    }

    /// Fills `out` with the uniforms at positions 0, 1, ... of `trial`.
    pub fn fill(&self, trial: u64, out: &mut [f64]) {
        let mut generator = self.at(trial);
        for value in out {
            *value = generator.sample(Open01);
        }
    }

    fn at(&self, trial: u64) -> ChaCha8Rng {
        let mut generator = self.start.clone();
        generator.set_stream(trial);
        generator
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_depends_on_its_key_alone() {
        let stream = Stream::new(7, "state.A.talent");
        let mut row = [0.0; 5];
        stream.fill(3, &mut row);
        for (position, &value) in row.iter().enumerate() {
            assert_eq!(value, stream.uniform(3, position as u64));
            assert!(value > 0.0 && value < 1.0);
        }
        assert_eq!(row[0], Stream::new(7, "state.A.talent").uniform(3, 0));
        assert_ne!(row[0], stream.uniform(4, 0));
        assert_ne!(row[0], Stream::new(8, "state.A.talent").uniform(3, 0));
        assert_ne!(row[0], Stream::new(7, "state.B.talent").uniform(3, 0));
    }

    #[test]
    fn streams_side_by_side_give_the_same_numbers() {
        let streams: Vec<Stream> = (0..7)
            .map(|k| Stream::new(k, &format!("state.{k}.talent")))
            .collect();
        for trial in [0, 3, u64::from(u32::MAX) + 5] {
            let mut seen = Vec::new();
            Stream::firsts(streams.iter(), trial, |at, uniforms| {
                seen.push(at);
                let mut row = [0.0; IN_BLOCK];
                streams[at].fill(trial, &mut row);
                assert_eq!(*uniforms, row, "stream {at}, trial {trial}");
            });
            assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6]);
        }
    }

    #[test]
    fn uniforms_are_uniform_across_trials() {
        let stream = Stream::new(1, "market.diversion");
        let count = 20_000;
        let mean = (0..count)
            .map(|trial| stream.uniform(trial, 0))
            .sum::<f64>()
            / count as f64;
        let std_error = (1.0f64 / 12.0 / count as f64).sqrt();
        assert!((mean - 0.5).abs() < 4.0 * std_error, "mean {mean}");
    }
}
