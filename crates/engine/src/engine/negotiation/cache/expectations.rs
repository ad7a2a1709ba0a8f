//! Expected networks that were found before in this window: under the same accord and without refusals they are the same (17).

use crate::engine::model::arm::StateSet;

/// Accords remembered in a window.
const MOST: usize = 256;

/// Expected networks by accord.
#[derive(Debug, Clone)]
pub struct ExpectationCache {
    m: usize,
    accords: Vec<StateSet>,
    hosts: Vec<StateSet>,
}

impl ExpectationCache {
    /// Room for networks of m hyperscalers.
    pub fn new(m: usize) -> ExpectationCache {
        ExpectationCache {
            m,
            accords: Vec::with_capacity(MOST),
            hosts: Vec::with_capacity(MOST * m),
        }
    }

    /// Forgets everything: another window, arm or world begins.
    pub fn forget(&mut self) {
        self.accords.clear();
        self.hosts.clear();
    }

    /// Writes the hosts expected under an accord, if they are known; whether they are.
    pub fn find(&self, accord: StateSet, hosts: &mut [StateSet]) -> bool {
        let at = self.accords.iter().position(|&known| known == accord);
        if let Some(at) = at {
            hosts.copy_from_slice(&self.hosts[at * self.m..(at + 1) * self.m]);
        }
        at.is_some()
    }

    /// Remembers the hosts expected under an accord, while there is room.
    pub fn keep(&mut self, accord: StateSet, hosts: &[StateSet]) {
        if self.accords.len() < MOST {
            self.accords.push(accord);
            self.hosts.extend_from_slice(hosts);
        }
    }
}
