//! The game that the server holds: one at a time changes it, and what changed it is on disk before anybody sees it.

use crate::cli::tabletop::codes::TableRole;
use crate::cli::tabletop::log_file::LogFile;
use crate::explore::messages::Refusal;
use crate::explore::tabletop::game::{
    TabletopBoard, TabletopDelegationView, TabletopFacilitatorView, TabletopGame, TabletopPlace,
};
use crate::explore::tabletop::log::TabletopEvent;
use crate::explore::tabletop::record::TabletopPhase;
use crate::report::document::{Document, Section, Text};
use serde::Serialize;

/// A game with its log, if it is written.
pub struct HeldGame {
    game: TabletopGame,
    log: Option<LogFile>,
    /// Why nothing may happen any more: then the game is ahead of its log.
    failed: Option<String>,
}

/// What a page shows.
#[derive(Debug, Clone, Serialize)]
pub struct TableView {
    /// How much has happened: it grows with every line of the log.
    pub version: u64,
    pub role: &'static str,
    pub board: TabletopBoard,
    pub delegation: Option<TabletopDelegationView>,
    pub facilitator: Option<TabletopFacilitatorView>,
    pub debrief: Option<TableDebrief>,
}

/// The parts of a debrief that a page shows.
#[derive(Debug, Clone, Serialize)]
pub struct TableDebrief {
    pub lead: Vec<Text>,
    pub sections: Vec<Section>,
    pub footer: Vec<Text>,
}

impl HeldGame {
    pub fn new(game: TabletopGame, log: Option<LogFile>) -> HeldGame {
        HeldGame {
            game,
            log,
            failed: None,
        }
    }

    /// Whether things may still happen in it.
    pub fn is_written(&self) -> bool {
        self.log.is_some()
    }

    /// Delegations with their names.
    pub fn places(&self) -> Vec<TabletopPlace> {
        self.game.board().delegations
    }

    /// How much has happened.
    pub fn version(&self) -> u64 {
        self.game.log().lines().count() as u64
    }

    /// The log.
    pub fn log(&self) -> String {
        self.game.log().to_owned()
    }

    /// Lets something happen.
    ///
    /// # Errors
    /// It may not, or it cannot be written.
    pub fn submit(&mut self, event: &TabletopEvent) -> Result<(), Refusal> {
        if let Some(reason) = &self.failed {
            return Err(Refusal::new(reason.clone()));
        }
        let Some(log) = &mut self.log else {
            return Err(Refusal::new("this exercise is replayed from its log"));
        };
        let line = self.game.submit(event)?;
        log.append(&line).map_err(|error| {
            let reason = format!("the log {} cannot be written: {error}", log.name());
            self.failed = Some(reason.clone());
            Refusal::new(reason)
        })
    }

    /// What a role sees.
    ///
    /// # Errors
    /// A world without a result.
    pub fn view(&mut self, role: &TableRole) -> Result<TableView, Refusal> {
        let delegation = match role.state() {
            Some(state) => Some(self.game.delegation(state)?),
            None => None,
        };
        let is_over = self.game.record().phase() == TabletopPhase::Over;
        let debrief = match is_over {
            true => {
                let document = self.game.debrief()?;
                Some(TableDebrief {
                    lead: document.lead,
                    sections: document.sections,
                    footer: document.footer,
                })
            }
            false => None,
        };
        Ok(TableView {
            version: self.version(),
            role: role.key(),
            board: self.game.board(),
            facilitator: role.facilitates().then(|| self.game.facilitator()),
            delegation,
            debrief,
        })
    }

    /// The debrief.
    ///
    /// # Errors
    /// It is not over yet, or a world has no result.
    pub fn debrief(&mut self) -> Result<Document, Refusal> {
        self.game.debrief()
    }
}
