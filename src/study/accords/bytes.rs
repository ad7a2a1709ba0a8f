//! What accords came to in some worlds, as the bytes of a piece: a line of JSON that says which are not valid, then numbers.

use crate::engine::model::arm::StateSet;
use crate::study::accords::arena::BatchWorlds;
use crate::study::accords::objectives::{AccordWorld, CAUSES};
use crate::study::pieces::{StudyError, write_numbers};

/// Numbers of a world besides gains and profits: three sets of states.
const SETS: usize = 3;

/// A batch of accords as bytes.
pub fn to_bytes(batch: &BatchWorlds) -> Vec<u8> {
    let refused: Vec<Option<&String>> = batch.iter().map(|one| one.as_ref().err()).collect();
    let mut bytes = serde_json::to_vec(&refused).expect("text is valid JSON");
    bytes.push(b'\n');
    for world in batch.iter().flatten().flatten() {
        let sets = [world.better, world.members, world.left].map(f64::from_bits);
        let numbers = world
            .gains
            .iter()
            .chain(&world.profits)
            .chain(&world.causes);
        write_numbers(&mut bytes, numbers.chain(&sets));
    }
    bytes
}

/// What [`to_bytes`] wrote of so many accords, states and hyperscalers.
///
/// # Errors
/// It is something else.
pub fn of_bytes(
    bytes: &[u8],
    accords: usize,
    (states, suppliers): (usize, usize),
) -> Result<BatchWorlds, StudyError> {
    let line = bytes.iter().position(|&byte| byte == b'\n');
    let (head, body) = bytes.split_at(line.ok_or(StudyError::Foreign)?);
    let refused: Vec<Option<String>> =
        serde_json::from_slice(head).map_err(|_| StudyError::Foreign)?;
    let valid = refused.iter().filter(|one| one.is_none()).count();
    let (words, rest) = body[1..].as_chunks::<8>();
    let length = states + suppliers + CAUSES.len() + SETS;
    let worlds = words.len() / (length * valid.max(1));
    let is_whole = words.len() == worlds * length * valid && rest.is_empty();
    if refused.len() != accords || !is_whole {
        return Err(StudyError::Foreign);
    }
    let mut numbers = words.iter().map(|word| f64::from_le_bytes(*word));
    let mut take = |count: usize| -> Vec<f64> { numbers.by_ref().take(count).collect() };
    let mut world = || {
        let (gains, profits) = (take(states), take(suppliers));
        let causes = take(CAUSES.len());
        let sets = take(SETS);
        let set = |at: usize| -> StateSet { sets[at].to_bits() };
        AccordWorld {
            better: set(0),
            members: set(1),
            left: set(2),
            causes: std::array::from_fn(|at| causes[at]),
            gains,
            profits,
        }
    };
    let each = refused.into_iter().map(|refused| match refused {
        Some(reason) => Err(reason),
        None => Ok((0..worlds).map(|_| world()).collect()),
    });
    Ok(each.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_back() {
        let world = |gain: f64, members: StateSet| AccordWorld {
            gains: vec![gain, 1.0],
            profits: vec![-0.5],
            better: 0b10,
            members,
            left: StateSet::MAX,
            causes: [0.1; CAUSES.len()],
        };
        let batch = vec![
            Ok(vec![world(0.1, 3), world(-0.2, 1 << 63)]),
            Err("no \"accord\"\n".to_owned()),
            Ok(vec![world(0.3, 0), world(0.4, 1)]),
        ];
        let bytes = to_bytes(&batch);
        assert_eq!(of_bytes(&bytes, 3, (2, 1)).expect("whole"), batch);
        for (bytes, accords) in [
            (&bytes[..bytes.len() - 1], 3),
            (&bytes[..], 2),
            (&[][..], 0),
        ] {
            assert!(of_bytes(bytes, accords, (2, 1)).is_err());
        }
    }
}
