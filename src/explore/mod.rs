//! A scenario whose settings a reader moves: what can be moved, what a setting comes to, and what a reader sees of it.
//!
//! It knows no host: messages come in as JSON and go out as JSON, worlds as bytes, so that a server, a page that stands alone and a notebook
//! show the same. `explorer/README.md` has the messages. Worlds are played in blocks that a host cuts as it likes; they are the worlds of `run`.

pub mod controls;
pub mod export;
pub mod find;
mod labels;
pub mod messages;
mod order;
pub mod played;
pub mod setting;
pub mod tabletop;

use crate::engine::simulate::Watch;
use crate::explore::controls::{decided, uncertain};
use crate::explore::export::{Exported, export};
use crate::explore::find::find;
use crate::explore::messages::{
    BlockRequest, ExploreSetting, ExploreView, ExportRequest, FindRequest, FoundAnswer,
    OpenRequest, OpenedScenario, OrderRequest, PlayedPart, Refusal, ShowRequest,
};
use crate::explore::order::{InputOrder, order};
use crate::explore::played::PlayedSetting;
use crate::explore::setting::{ChosenSetting, first_setting};
use crate::report::sections::run::beside::frame::{Beside, Frame};
use crate::scenario::{Loaded, Request, load};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::atomic::AtomicBool;

/// An opened scenario, the setting under way, and the same arms of the scenario as it was opened.
pub struct Explorer {
    name: String,
    loaded: Loaded,
    base: Option<PlayedSetting>,
    own: Option<PlayedSetting>,
}

impl Explorer {
    /// Opens a scenario; gives what can be moved.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn open(request: OpenRequest) -> Result<(Explorer, OpenedScenario), Refusal> {
        let read = |_: &str| Err("a scenario that is explored extends no file".to_owned());
        let loaded = load(
            &Request::new(request.name.as_str(), request.text.as_str()),
            &mut { read },
        );
        let loaded = loaded.map_err(|error| Refusal::of(&error))?;
        let setting = first_setting(&loaded)?;
        let opened = OpenedScenario {
            decided: decided(&loaded),
            uncertain: uncertain(&loaded, request.ranked.as_ref()),
            ranked: request.ranked.map(|ranked| ranked.by),
            ..OpenedScenario::of(&loaded, &request.name, &setting)
        };
        let explorer = Explorer {
            name: request.name,
            loaded,
            base: None,
            own: None,
        };
        Ok((explorer, opened))
    }

    /// Makes a setting the one that is played; the worlds of the scenario as it was opened are kept where the same arms are looked at.
    ///
    /// # Errors
    /// What is wrong with the setting.
    pub fn set(&mut self, setting: &ExploreSetting) -> Result<SetReply, Refusal> {
        let base = ChosenSetting::new(&self.loaded, &self.name, &setting.without_changes())?;
        let kept = self.base.as_ref().is_some_and(|one| one.is_of(&base));
        let own = match setting.is_base() {
            true => None,
            false => Some(ChosenSetting::new(&self.loaded, &self.name, setting)?),
        };
        match &mut self.base {
            // Its worlds stay; more of them may be wanted than before.
            Some(one) if kept => one.chosen = base,
            other => *other = Some(PlayedSetting::new(base)),
        }
        self.own = own.map(PlayedSetting::new);
        Ok(SetReply {
            kept,
            own: self.own.is_some(),
            worlds: setting.worlds,
        })
    }

    /// The worlds of a part of what is set.
    ///
    /// # Errors
    /// Nothing is set, or there is no such part.
    pub fn part(&self, of: PlayedPart) -> Result<&PlayedSetting, Refusal> {
        let part = match of {
            PlayedPart::Base => self.base.as_ref(),
            PlayedPart::Setting => self.own.as_ref().or(self.base.as_ref()),
        };
        part.ok_or_else(Refusal::nothing_set)
    }

    /// The same, to take worlds in.
    ///
    /// # Errors
    /// As for [`Explorer::part`].
    pub fn part_mut(&mut self, of: PlayedPart) -> Result<&mut PlayedSetting, Refusal> {
        let part = match of {
            PlayedPart::Setting if self.own.is_some() => self.own.as_mut(),
            _ => self.base.as_mut(),
        };
        part.ok_or_else(Refusal::nothing_set)
    }

    /// What a reader sees of the first `worlds` worlds.
    ///
    /// # Errors
    /// Nothing is set, fewer worlds were taken in, or they have no results.
    pub fn show(&self, view: &ExploreView, worlds: u64) -> Result<Frame, Refusal> {
        let own = self.part(PlayedPart::Setting)?;
        let of = own.chosen.setting.worlds;
        let own_view = own.view(worlds, view)?;
        let base = match &self.own {
            None => None,
            Some(_) => Some(self.part(PlayedPart::Base)?.view(worlds, view)?),
        };
        let told = match view.world {
            Some(world) => Some((world, own.world(world)?)),
            None => None,
        };
        let beside = Beside {
            own: own_view.facts(),
            base: base.as_ref().map(|view| view.facts()),
            differences: own.differences(worlds),
            told,
            reader: view.reader,
            figure: view.figure.clone(),
        };
        Ok(beside.frame(of))
    }

    /// What a setting is for others: a scenario, results, worlds, a note.
    ///
    /// # Errors
    /// As for [`Explorer::show`].
    pub fn export(&self, request: &ExportRequest) -> Result<Exported, Refusal> {
        export(self.part(PlayedPart::Setting)?, request)
    }

    /// Looks for something from where the setting stands.
    ///
    /// # Errors
    /// Nothing is set, what is asked does not fit it, or it was ended.
    pub fn find(&self, request: &FindRequest, watch: Watch<'_>) -> Result<FoundAnswer, Refusal> {
        find(self.part(PlayedPart::Setting)?, request, watch)
    }

    /// What nobody decides, in the order in which it goes with the answer of the worlds that were played.
    ///
    /// # Errors
    /// As for [`Explorer::show`].
    pub fn order(&self, worlds: u64) -> Result<InputOrder, Refusal> {
        Ok(order(self.part(PlayedPart::Base)?, worlds))
    }

    /// Answers a call by its name: for hosts that hand on messages. The reply of `play` is bytes, every other JSON.
    ///
    /// # Errors
    /// A [`Refusal`] as JSON.
    pub fn call(&mut self, name: &str, request: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
        self.answer(name, request)
            .map_err(|refusal| to_json(&refusal))
    }

    fn answer(&mut self, name: &str, request: &[u8]) -> Result<Vec<u8>, Refusal> {
        match name {
            "set" => Ok(to_json(&self.set(&of_json(request)?)?)),
            "play" => {
                let block: BlockRequest = of_json(request)?;
                self.part(block.of)?.play(block.from..block.to)
            }
            "take-base" => self.take(PlayedPart::Base, request),
            "take-setting" => self.take(PlayedPart::Setting, request),
            "show" => {
                let asked: ShowRequest = of_json(request)?;
                Ok(to_json(&self.show(&asked.view, asked.worlds)?))
            }
            "export" => Ok(to_json(&self.export(&of_json(request)?)?)),
            "find" => {
                let watch = Watch {
                    stop: &AtomicBool::new(false),
                    on_trial: &|| {},
                };
                Ok(to_json(&self.find(&of_json(request)?, watch)?))
            }
            "order" => {
                let asked: OrderRequest = of_json(request)?;
                Ok(to_json(&self.order(asked.worlds)?))
            }
            other => Err(Refusal::new(format!("there is no call `{other}`"))),
        }
    }

    fn take(&mut self, of: PlayedPart, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
        let part = self.part_mut(of)?;
        part.take(bytes)?;
        Ok(to_json(&part.worlds()))
    }
}

/// What came of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetReply {
    /// Whether the worlds of the scenario as it was opened are still there.
    pub kept: bool,
    /// Whether the setting differs from the scenario: then both are to be played.
    pub own: bool,
    /// How many worlds are to be played of each.
    pub worlds: u64,
}

/// A message as JSON.
pub fn to_json<T: Serialize>(message: &T) -> Vec<u8> {
    serde_json::to_vec(message).expect("keys are strings and numbers are finite")
}

/// A message that came as JSON.
///
/// # Errors
/// It is none of its kind.
pub fn of_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes)
        .map_err(|error| Refusal::new(format!("the message is not understood: {error}")))
}
