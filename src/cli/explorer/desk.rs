//! The engine with what was played before: going back to an earlier setting plays nothing again.

use crate::engine::model::Sampler;
use crate::explore::Explorer;
use crate::explore::messages::{ExploreSetting, PlayedPart, Refusal};
use crate::explore::played::PlayedSetting;
use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;

/// Most bytes of worlds of earlier settings.
const KEPT: usize = 256_000_000;

/// Most bytes of worlds of a part of the setting under way.
const LARGEST: u64 = 2_000_000_000;

/// A setting under way, and the worlds of earlier ones.
pub struct Desk {
    pub explorer: Explorer,
    at: Option<AtSetting>,
    kept: VecDeque<(String, Vec<u8>)>,
}

/// What is under way.
struct AtSetting {
    setting: ExploreSetting,
    /// What is played of it.
    parts: &'static [PlayedPart],
}

impl Desk {
    pub fn new(explorer: Explorer) -> Desk {
        Desk {
            explorer,
            at: None,
            kept: VecDeque::new(),
        }
    }

    /// Makes a setting the one under way, with all worlds of it that are kept.
    ///
    /// # Errors
    /// What is wrong with it; the one before then stays.
    pub fn put(&mut self, setting: &ExploreSetting) -> Result<(), Refusal> {
        if self.at.as_ref().is_some_and(|at| at.setting == *setting) {
            return Ok(());
        }
        let left = self.leave()?;
        let reply = self.explorer.set(setting)?;
        let parts: &[PlayedPart] = match reply.own {
            true => &[PlayedPart::Base, PlayedPart::Setting],
            false => &[PlayedPart::Base],
        };
        self.kept.extend(left);
        for &part in parts {
            let played = self.explorer.part(part)?;
            if let Some(bytes) = self.take_kept(&key(part, setting, played))
                && played_worlds(&self.explorer, part)? == 0
            {
                self.explorer.part_mut(part)?.take(&bytes)?;
            }
        }
        self.forget();
        self.at = Some(AtSetting {
            setting: setting.clone(),
            parts,
        });
        Ok(())
    }

    /// What was played of the setting under way.
    fn leave(&self) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
        let Some(AtSetting { setting, parts }) = &self.at else {
            return Ok(Vec::new());
        };
        let mut left = Vec::new();
        for &part in *parts {
            let bytes = self.bytes(part)?;
            if !bytes.is_empty() {
                left.push((key(part, setting, self.explorer.part(part)?), bytes));
            }
        }
        Ok(left)
    }

    /// The worlds of a part of the setting under way that were played.
    ///
    /// # Errors
    /// None is under way.
    pub fn bytes(&self, part: PlayedPart) -> Result<Vec<u8>, Refusal> {
        let played = self.explorer.part(part)?;
        match played.worlds() {
            0 => Ok(Vec::new()),
            worlds => Ok(played.pieces(worlds)?.flatten().copied().collect()),
        }
    }

    fn take_kept(&mut self, key: &str) -> Option<Vec<u8>> {
        let at = self.kept.iter().rposition(|(of, _)| of == key)?;
        self.kept.remove(at).map(|(_, bytes)| bytes)
    }

    /// Lets the oldest go where there is too much.
    fn forget(&mut self) {
        let bytes = |kept: &VecDeque<(String, Vec<u8>)>| -> usize {
            kept.iter().map(|(_, bytes)| bytes.len()).sum()
        };
        while bytes(&self.kept) > KEPT {
            self.kept.pop_front();
        }
    }

    /// Worlds that all parts of the setting under way have.
    ///
    /// # Errors
    /// None is under way.
    pub fn worlds(&self) -> Result<u64, Refusal> {
        let parts = self.at.as_ref().map_or(&[][..], |at| at.parts);
        let worlds = parts
            .iter()
            .map(|&part| played_worlds(&self.explorer, part));
        let worlds: Vec<u64> = worlds.collect::<Result<_, _>>()?;
        worlds.into_iter().min().ok_or_else(Refusal::nothing_set)
    }

    /// Plays each part up to so many worlds, until it is stopped.
    ///
    /// # Errors
    /// A world without a result, or more worlds than there is room for.
    pub fn play(&mut self, to: u64, stop: &AtomicBool) -> Result<(), Refusal> {
        let parts = self.at.as_ref().map_or(&[][..], |at| at.parts);
        for &part in parts {
            let played = self.explorer.part(part)?;
            let from = played.worlds();
            if from >= to {
                continue;
            }
            let bytes = played.play_until(from..to, stop)?;
            let of = played.chosen.setting.worlds;
            let width = bytes.len() as u64 / (to - from);
            let most = LARGEST / width.max(1);
            if of > most {
                return Err(Refusal::new(format!(
                    "{of} worlds of this scenario do not fit; {most} do"
                )));
            }
            self.explorer.part_mut(part)?.take(&bytes)?;
        }
        Ok(())
    }
}

fn played_worlds(explorer: &Explorer, part: PlayedPart) -> Result<u64, Refusal> {
    explorer.part(part).map(PlayedSetting::worlds)
}

/// What worlds are kept under: the scenario that they are of, but for how many where world k is the same however many there are.
fn key(part: PlayedPart, setting: &ExploreSetting, played: &PlayedSetting) -> String {
    let sampler = played.chosen.run.loaded.model.simulation.sampler;
    let mut of = match part {
        PlayedPart::Base => setting.without_changes(),
        PlayedPart::Setting => setting.clone(),
    };
    if matches!(sampler, Sampler::Random | Sampler::Antithetic) {
        of.worlds = 0;
    }
    serde_json::to_string(&of).expect("keys are strings")
}
