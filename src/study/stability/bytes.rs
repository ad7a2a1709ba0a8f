//! What one world says of coalitions, as bytes.

use crate::study::farsighted::StableSet;
use crate::study::stability::judge::{PathVerdict, StateVerdict, WorldVerdict};

const STABLE_SETS: [StableSet; 4] = [
    StableSet::Unique,
    StableSet::Found,
    StableSet::None,
    StableSet::Undecided,
];

/// The bytes of a verdict: whether the rules are in force and, where they are, all that counts.
pub fn encode(verdict: &WorldVerdict) -> Vec<u8> {
    let mut bytes = vec![u8::from(verdict.in_force)];
    if !verdict.in_force {
        return bytes;
    }
    for length in [verdict.marks.len(), verdict.states.len()] {
        bytes.extend((length as u64).to_le_bytes());
    }
    bytes.extend(verdict.marks.iter().flat_map(|mark| mark.to_le_bytes()));
    let mut number = |value: f64| bytes.extend(value.to_le_bytes());
    verdict.gains.iter().for_each(|&gain| number(gain));
    for state in &verdict.states {
        number(state.shapley);
        number(state.nucleolus);
        number(state.pivotal);
        number(f64::from(u8::from(state.leaves)));
        number(state.temptation);
        number(state.free_ride);
    }
    number(verdict.least_binding);
    let PathVerdict {
        sets,
        largest,
        stable_set,
    } = verdict.paths;
    let place = STABLE_SETS.iter().position(|&one| one == stable_set);
    let place = place.expect("all are listed");
    for count in [sets, largest, place] {
        bytes.extend((count as u64).to_le_bytes());
    }
    bytes
}

/// The verdict of some bytes; `None` where they are none.
pub fn decode(bytes: &[u8]) -> Option<WorldVerdict> {
    let (&in_force, rest) = bytes.split_first()?;
    let mut verdict = WorldVerdict {
        in_force: in_force == 1,
        ..WorldVerdict::default()
    };
    if !verdict.in_force {
        return rest.is_empty().then_some(verdict);
    }
    let mut words = Words(rest);
    let (masks, players) = (words.count()?, words.count()?);
    for _ in 0..masks {
        verdict.marks.push(u16::from_le_bytes(words.take()?));
    }
    for _ in 0..masks {
        verdict.gains.push(words.number()?);
    }
    for _ in 0..players {
        verdict.states.push(StateVerdict {
            shapley: words.number()?,
            nucleolus: words.number()?,
            pivotal: words.number()?,
            leaves: words.number()? != 0.0,
            temptation: words.number()?,
            free_ride: words.number()?,
        });
    }
    verdict.least_binding = words.number()?;
    verdict.paths = PathVerdict {
        sets: words.count()?,
        largest: words.count()?,
        stable_set: *STABLE_SETS.get(words.count()?)?,
    };
    words.0.is_empty().then_some(verdict)
}

/// Bytes that are read from their start.
struct Words<'a>(&'a [u8]);

impl Words<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (&word, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(word)
    }

    fn number(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.take()?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_read_back() {
        let verdict = WorldVerdict {
            in_force: true,
            marks: vec![0, 1, 513, 65535],
            gains: vec![0.0, -0.0, 1e-300, -2.5],
            states: vec![
                StateVerdict {
                    shapley: 0.1,
                    nucleolus: 0.2,
                    pivotal: f64::NAN,
                    leaves: true,
                    temptation: -1.0,
                    free_ride: 3.0,
                };
                2
            ],
            least_binding: f64::INFINITY,
            paths: PathVerdict {
                sets: 3,
                largest: 2,
                stable_set: StableSet::None,
            },
        };
        for in_force in [true, false] {
            let verdict = WorldVerdict {
                in_force,
                ..verdict.clone()
            };
            let bytes = encode(&verdict);
            let read = decode(&bytes).expect("whole");
            assert_eq!(encode(&read), bytes);
            assert_eq!(read.in_force, in_force);
            assert!(!in_force || read.gains == verdict.gains && read.states[1].leaves);
            assert!(decode(&bytes[..bytes.len() - 1]).is_none());
        }
    }
}
