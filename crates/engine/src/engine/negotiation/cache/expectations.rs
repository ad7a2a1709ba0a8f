//! Expected networks that were found before in this window: under the same accord and refusals they are the same (17).

use crate::engine::model::arm::StateSet;

/// Networks remembered in a window.
const MOST: usize = 256;

/// What an expected network hangs on besides the arm's window: the accord, and who refuses whom where that is one party at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectationKey {
    accord: StateSet,
    /// The party that refuses, empty where nobody does.
    party: StateSet,
    /// Those whom it refuses, as bits.
    suppliers: u64,
}

impl ExpectationKey {
    /// The key of an accord and the states that refuse each hyperscaler; none where several parties refuse.
    pub fn of(accord: StateSet, refused: &[StateSet]) -> Option<ExpectationKey> {
        let refusing = refused
            .iter()
            .enumerate()
            .filter(|(_, states)| **states != 0);
        let (mut party, mut suppliers) = (0, 0);
        for (h, &states) in refusing {
            if party != 0 && party != states {
                return None;
            }
            party = states;
            suppliers |= 1 << h;
        }
        Some(ExpectationKey {
            accord,
            party,
            suppliers,
        })
    }
}

/// Expected networks by key.
#[derive(Debug, Clone)]
pub struct ExpectationCache {
    m: usize,
    keys: Vec<ExpectationKey>,
    hosts: Vec<StateSet>,
}

impl ExpectationCache {
    /// Room for networks of m hyperscalers.
    pub fn new(m: usize) -> ExpectationCache {
        ExpectationCache {
            m,
            keys: Vec::with_capacity(MOST),
            hosts: Vec::with_capacity(MOST * m),
        }
    }

    /// Forgets everything: another window, arm or world begins.
    pub fn forget(&mut self) {
        self.keys.clear();
        self.hosts.clear();
    }

    /// Writes the hosts expected under a key, if they are known; whether they are.
    pub fn find(&self, key: ExpectationKey, hosts: &mut [StateSet]) -> bool {
        let at = self.keys.iter().position(|&known| known == key);
        if let Some(at) = at {
            hosts.copy_from_slice(&self.hosts[at * self.m..(at + 1) * self.m]);
        }
        at.is_some()
    }

    /// Remembers the hosts expected under a key, while there is room.
    pub fn keep(&mut self, key: ExpectationKey, hosts: &[StateSet]) {
        if self.keys.len() < MOST {
            self.keys.push(key);
            self.hosts.extend_from_slice(hosts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_one_party_have_a_key_of_their_own_and_those_of_several_none() {
        let mut cache = ExpectationCache::new(3);
        let key = |accord, refused: [StateSet; 3]| ExpectationKey::of(accord, &refused);
        let keys = [
            key(3, [0, 0, 0]),
            key(3, [0, 3, 0]),
            key(3, [3, 3, 0]),
            key(3, [0, 1, 0]),
            key(7, [0, 3, 0]),
        ];
        for (at, one) in keys.iter().enumerate() {
            let one = one.expect("one party at most");
            assert!(!cache.find(one, &mut [0; 3]), "{at}");
            cache.keep(one, &[at as StateSet; 3]);
        }
        for (at, one) in keys.iter().enumerate() {
            let mut hosts = [9; 3];
            assert!(cache.find(one.expect("one party"), &mut hosts));
            assert_eq!(hosts, [at as StateSet; 3]);
        }
        assert_eq!(key(3, [1, 2, 0]), None);
        cache.forget();
        assert!(!cache.find(keys[0].expect("nobody"), &mut [0; 3]));
    }
}
