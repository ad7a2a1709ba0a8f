//! What one world says of coalitions, as bytes.

use crate::study::farsighted::StableSet;
use crate::study::packed::{packed, packed_as, unpacked};
use crate::study::stability::judge::{PathVerdict, StateVerdict, WorldVerdict};

packed_as!(StableSet, one of [
    StableSet::Unique,
    StableSet::Found,
    StableSet::None,
    StableSet::Undecided,
]);
packed_as!(PathVerdict {
    sets,
    largest,
    stable_set
});
packed_as!(StateVerdict {
    shapley,
    nucleolus,
    pivotal,
    leaves,
    temptation,
    free_ride
});
packed_as!(WorldVerdict {
    in_force,
    before,
    accord,
    marks,
    gains,
    states,
    least_binding,
    paths
});

/// The bytes of a verdict: whether the rules are in force and, where they are, all that counts.
pub fn encode(verdict: &WorldVerdict) -> Vec<u8> {
    match verdict.in_force {
        true => packed(verdict),
        false => packed(&false),
    }
}

/// The verdict of some bytes; `None` where they are none.
pub fn decode(bytes: &[u8]) -> Option<WorldVerdict> {
    match unpacked(bytes) {
        Some(false) => Some(WorldVerdict::default()),
        _ => unpacked(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_read_back() {
        let verdict = WorldVerdict {
            in_force: true,
            before: 0b110,
            accord: 0b111,
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
            assert!(
                !in_force
                    || read.accord == 0b111 && read.gains == verdict.gains && read.states[1].leaves
            );
            assert!(decode(&bytes[..bytes.len() - 1]).is_none());
        }
    }
}
