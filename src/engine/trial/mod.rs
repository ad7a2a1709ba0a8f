//! One trial: every arm played on the same draw and the same process noise, window after window.

mod coalition_world;
mod desk;
mod error;
mod shelf;
mod table_world;

pub use coalition_world::CoalitionWorld;
pub use desk::{PlayedWindow, WindowScratch};
pub use error::TrialError;
pub use table_world::{Position, TableWorld};

use crate::engine::dynamics::advance;
use crate::engine::ledger::{Ledger, WindowResult};
use crate::engine::model::Model;
use crate::engine::model::keys::StateKey;
use crate::engine::model::world::{Streams, World};
use crate::engine::negotiation::account::Accounts;
use crate::engine::negotiation::board::{WindowPlay, WorkCounts};
use crate::engine::negotiation::coalitions::Coalitions;
use crate::engine::negotiation::expected::{Shedding, expected_network};
use crate::engine::negotiation::formation::{Assembly, Formed, Noise};
use crate::engine::negotiation::order::write_order;
use crate::engine::negotiation::payoff::{Parts, state_parts};
use crate::engine::negotiation::points::FrontierCache;
use crate::engine::negotiation::prospects::NoDealCache;
use crate::engine::negotiation::scene::{ArmEconomy, Standing};
use crate::engine::negotiation::table::Talks;
use shelf::WindowCache;

/// A set of arms: bit a stands for the arm with index a.
pub type ArmSet = u64;

/// The scratch memory of one thread: after [`Player::new`] playing a trial takes no more memory, but for coalitions beyond 512 in one
/// window.
pub struct Player {
    streams: Streams,
    world: World,
    sequences: Vec<Vec<usize>>,
    places: Vec<Vec<usize>>,
    desk: WindowScratch,
    ledger: Ledger,
    /// Per window, what arms have in common.
    shelves: Vec<WindowCache>,
}

impl Player {
    /// Takes all memory that trials of `model` need.
    pub fn new(model: &Model) -> Player {
        let (n, m, k, windows) = (
            model.states.len(),
            model.hyperscalers.len(),
            model.terms.len(),
            model.horizon.windows,
        );
        Player {
            streams: Streams::new(model),
            world: World::new(model),
            sequences: vec![vec![0; n * m]; windows],
            places: vec![vec![0; n * m]; windows],
            desk: WindowScratch {
                standing: Standing::new(n, m),
                scene: ArmEconomy::new(model),
                expected: vec![0; m],
                board: WindowPlay::new(n, m, k),
                coalitions: Coalitions::new(n, m, k),
                accounts: Accounts::new(n, m),
                parts: vec![Parts::default(); n],
                side_payments: vec![0.0; n],
                shedding: Shedding::new(n, m),
                prospects: NoDealCache::new(n, m),
                open: FrontierCache::new(n, m),
                floored: FrontierCache::new(n, m),
            },
            ledger: Ledger::new(model.outcome_layout()),
            shelves: (0..windows)
                .map(|_| WindowCache::new(n, m, k, model.arms.len()))
                .collect(),
        }
    }

    /// Plays every arm on the draw of `trial`.
    ///
    /// `rows` gets one row of [`Model::outcome_layout`] per arm, one after the other; `draws` the value of each uncertain quantity,
    /// in the order of `model.uncertain`.
    ///
    /// # Errors
    /// [`TrialError`] where a draw leaves its range or shares cannot be found.
    pub fn play(
        &mut self,
        model: &Model,
        trial: u64,
        rows: &mut [f64],
        draws: &mut [f64],
    ) -> Result<(), TrialError> {
        self.play_arms(model, trial, ArmSet::MAX, rows, draws)
    }

    /// Plays some arms on the draw of `trial`; the rows of others stay as they are. A row is the same as when all arms are played.
    ///
    /// # Errors
    /// [`TrialError`] where a draw leaves its range or shares cannot be found.
    pub fn play_arms(
        &mut self,
        model: &Model,
        trial: u64,
        arms: ArmSet,
        rows: &mut [f64],
        draws: &mut [f64],
    ) -> Result<(), TrialError> {
        self.open(model, trial, draws)?;
        self.play_rows(model, arms, rows)
    }

    fn play_rows(
        &mut self,
        model: &Model,
        arms: ArmSet,
        rows: &mut [f64],
    ) -> Result<(), TrialError> {
        let len = model.outcome_layout().len();
        for (index, row) in rows.chunks_exact_mut(len).enumerate() {
            if arms >> index & 1 == 1 {
                self.play_arm(model, index, row, &mut |_| {})?;
            }
        }
        Ok(())
    }

    /// Plays some arms on a world of the caller's own making: each uncertain quantity takes the value below which the share
    /// `uniforms[k]` of its distribution lies, k in the order of `model.uncertain` and `uniforms[k]` in (0, 1). Events and noise are
    /// those of `noise`, a trial. With the uniforms of [`Model::design`] for a trial, after `model.correlation.apply`, and that trial's
    /// noise, it is [`Player::play_arms`].
    ///
    /// `uniforms` may be longer: what lies behind the uncertain, as the dimensions of `model.shadows` do, is not read.
    ///
    /// Correlation is not applied here: uniforms that should follow it go through `model.correlation` before.
    ///
    /// # Errors
    /// [`TrialError`] where a draw leaves its range or shares cannot be found; its trial is `noise`.
    pub fn play_at(
        &mut self,
        model: &Model,
        noise: u64,
        uniforms: &[f64],
        arms: ArmSet,
        rows: &mut [f64],
        draws: &mut [f64],
    ) -> Result<(), TrialError> {
        self.world
            .draw_at(model, &self.streams, noise, uniforms, draws)?;
        self.write_orders(model);
        self.play_rows(model, arms, rows)
    }

    /// Plays one arm of a trial; its row is the same as when all arms are played.
    ///
    /// # Errors
    /// [`TrialError`] where a draw leaves its range or shares cannot be found.
    pub fn play_only(
        &mut self,
        model: &Model,
        trial: u64,
        arm: usize,
        row: &mut [f64],
        draws: &mut [f64],
    ) -> Result<(), TrialError> {
        self.open(model, trial, draws)?;
        self.play_arm(model, arm, row, &mut |_| {})
    }

    /// Plays one arm of a trial and shows each window to `follow`, with the record of its tables.
    ///
    /// # Errors
    /// [`TrialError`] where a draw leaves its range or shares cannot be found.
    pub fn follow(
        &mut self,
        model: &Model,
        trial: u64,
        arm: usize,
        row: &mut [f64],
        draws: &mut [f64],
        follow: &mut dyn FnMut(PlayedWindow),
    ) -> Result<(), TrialError> {
        self.open(model, trial, draws)?;
        self.desk.board.follow = true;
        self.desk.coalitions.follow = true;
        let played = self.play_arm(model, arm, row, follow);
        self.desk.board.follow = false;
        self.desk.coalitions.follow = false;
        played
    }

    /// Plays an arm up to a window and hands over the coalitions of that window, so that any of them can be looked at.
    ///
    /// Windows before are played as in a run. `window` is below W, `arm` one of the two kinds of accord.
    ///
    /// # Errors
    /// [`TrialError`] where a draw leaves its range or shares cannot be found.
    pub fn coalitions<R>(
        &mut self,
        model: &Model,
        trial: u64,
        arm: usize,
        window: usize,
        draws: &mut [f64],
        look: impl FnOnce(&mut CoalitionWorld) -> R,
    ) -> Result<R, TrialError> {
        self.open(model, trial, draws)?;
        self.play_before(model, arm, window)?;
        self.open_window(model, window);
        self.set_scene(model, arm, window);
        let economy = &self.world.economies[window];
        let desk = &mut self.desk;
        expected_network(
            economy,
            &desk.scene,
            &desk.standing,
            &mut desk.shedding,
            &mut desk.expected,
        );
        desk.coalitions.clear();
        desk.prospects.forget();
        let n = economy.n;
        let talks = Talks {
            economy,
            scene: &desk.scene,
            standing: &desk.standing,
            arm: &model.arms[arm],
            open: &desk.open,
            floored: &desk.floored,
            prospects: &desk.prospects,
            sequence: &self.sequences[window],
            places: &self.places[window],
        };
        let joining = &self.world.joining[window * n..(window + 1) * n];
        let noise = Noise {
            streams: &self.streams,
            trial,
            window,
            joining,
        };
        let window_years = model.horizon.window_years;
        let assembly = Assembly {
            talks,
            noise,
            expected: &desk.expected,
            window_years,
        };
        Ok(look(&mut CoalitionWorld {
            assembly,
            board: &mut desk.board,
            coalitions: &mut desk.coalitions,
        }))
    }

    /// Plays an arm up to a window and hands over that window with the accord that forms in it, so that any of its tables can be
    /// looked at and the window be played again otherwise.
    ///
    /// `window` is below W; the arm is no contest, which has no tables.
    ///
    /// # Errors
    /// [`TrialError`] where a draw leaves its range or shares cannot be found.
    pub fn tables<R>(
        &mut self,
        model: &Model,
        trial: u64,
        arm: usize,
        window: usize,
        draws: &mut [f64],
        look: impl FnOnce(&mut TableWorld) -> R,
    ) -> Result<R, TrialError> {
        self.open(model, trial, draws)?;
        let formed_before = self.play_before(model, arm, window)?;
        let formed = self.play_window(model, arm, window, formed_before)?;
        let desk = &mut self.desk;
        Ok(look(&mut TableWorld {
            talks: Talks {
                economy: &self.world.economies[window],
                scene: &desk.scene,
                standing: &desk.standing,
                arm: &model.arms[arm],
                open: &desk.open,
                floored: &desk.floored,
                prospects: &desk.prospects,
                sequence: &self.sequences[window],
                places: &self.places[window],
            },
            formed,
            expected: &desk.expected,
            board: &mut desk.board,
            accounts: &mut desk.accounts,
        }))
    }

    /// Plays the windows of an arm before `window`; whether an accord survived in one of them.
    fn play_before(
        &mut self,
        model: &Model,
        arm: usize,
        window: usize,
    ) -> Result<bool, TrialError> {
        let mut formed_before = false;
        for w in 0..window {
            formed_before |= self.play_window(model, arm, w, formed_before)?.accord != 0;
            let economy = &self.world.economies[w];
            advance(economy, &self.desk.board, &mut self.desk.standing);
        }
        Ok(formed_before)
    }

    /// Plays one window of an arm on the standing that the windows before left.
    fn play_window(
        &mut self,
        model: &Model,
        arm: usize,
        w: usize,
        formed_before: bool,
    ) -> Result<Formed, TrialError> {
        self.open_window(model, w);
        self.set_scene(model, arm, w);
        let formed = self.negotiate(model, arm, w, formed_before);
        self.check_shares(model, arm, w)?;
        Ok(formed)
    }

    /// What was computed so far.
    pub fn tally(&self) -> WorkCounts {
        self.desk.board.tally
    }

    /// The world of the last trial played.
    pub fn world(&self) -> &World {
        &self.world
    }

    fn open(&mut self, model: &Model, trial: u64, draws: &mut [f64]) -> Result<(), TrialError> {
        self.world.draw(model, &self.streams, trial, draws)?;
        self.write_orders(model);
        Ok(())
    }

    fn write_orders(&mut self, model: &Model) {
        let pairs = model.states.len() * model.hyperscalers.len();
        for w in 0..model.horizon.windows {
            let uniforms = &self.world.order[w * pairs..(w + 1) * pairs];
            let economy = &self.world.economies[w];
            write_order(
                model.order,
                economy,
                uniforms,
                &mut self.sequences[w],
                &mut self.places[w],
            );
            self.shelves[w].forget();
        }
        self.desk.scene.forget();
        self.desk.open.forget();
        self.desk.floored.forget();
    }

    fn play_arm(
        &mut self,
        model: &Model,
        index: usize,
        row: &mut [f64],
        follow: &mut dyn FnMut(PlayedWindow),
    ) -> Result<(), TrialError> {
        self.ledger.start(row);
        let mut formed_before = false;
        for w in 0..model.horizon.windows {
            let formed = self.play_window(model, index, w, formed_before)?;
            formed_before |= formed.accord != 0;
            let economy = &self.world.economies[w];
            let desk = &self.desk;
            let played = WindowResult {
                economy,
                board: &desk.board,
                accounts: &desk.accounts,
                formed,
                parts: &desk.parts,
                side_payments: &desk.side_payments,
                share_error: desk.coalitions.share_error,
            };
            self.ledger.book(w, played, row);
            follow(PlayedWindow {
                window: w,
                economy,
                desk,
                formed,
            });
            advance(economy, &self.desk.board, &mut self.desk.standing);
        }
        let last = &self.world.economies[model.horizon.windows - 1];
        let population = &self.world.economies[0].population;
        self.ledger
            .close(last, &self.desk.standing, population, row);
        Ok(())
    }

    /// Fills the scene of an arm in window w, and the points of its frontiers.
    fn set_scene(&mut self, model: &Model, arm: usize, w: usize) {
        let (values, economy) = (self.world.values(model, w), &self.world.economies[w]);
        let desk = &mut self.desk;
        desk.open.fill(economy, &economy.min);
        let (standing, points) = (&desk.standing, &desk.open);
        let first = self.shelves[w].first_power(economy, standing);
        (desk.scene).fill(model, values, arm, economy, standing, points, first);
        if desk.scene.has_accord(&model.arms[arm]) {
            desk.floored.fill(economy, &desk.scene.floored_min);
        }
    }

    /// An error if the window just played asked for shares that could not be found.
    fn check_shares(&mut self, model: &Model, arm: usize, window: usize) -> Result<(), TrialError> {
        match self.desk.coalitions.failure.take() {
            None => Ok(()),
            Some(reason) => Err(TrialError::Shares {
                trial: self.world.trial,
                arm: model.arms[arm].name.clone(),
                window,
                reason,
            }),
        }
    }

    /// Forgets what was settled in the window before, and sets the standing at the start of window w: the values of the draw in window 0, levels set by events later.
    fn open_window(&mut self, model: &Model, w: usize) {
        self.desk.board.forget();
        let standing = &mut self.desk.standing;
        let n = model.states.len();
        if w == 0 {
            let values = self.world.values(model, 0);
            for i in 0..n {
                standing.talent[i] = values[model.layout.state(i, StateKey::Talent)];
                standing.compute[i] = values[model.layout.state(i, StateKey::Compute)];
            }
            standing.first_talent.copy_from_slice(&standing.talent);
            standing.first_compute.copy_from_slice(&standing.compute);
            standing.dependency.fill(0.0);
            standing.had.fill(0);
            return;
        }
        for i in 0..n {
            let level = self.world.levels[w * n + i];
            standing.talent[i] = level.talent.unwrap_or(standing.talent[i]);
            standing.compute[i] = level.compute.unwrap_or(standing.compute[i]);
        }
    }

    /// Forms the accord of the window, plays it for good, and fills parts, side payments and accounts.
    fn negotiate(&mut self, model: &Model, index: usize, w: usize, formed_before: bool) -> Formed {
        let economy = &self.world.economies[w];
        let n = economy.n;
        let desk = &mut self.desk;
        let shelf = &mut self.shelves[w];
        let arm = &model.arms[index];
        let place = shelf.open(economy, arm, desk);
        let has_accord = desk.scene.has_accord(arm);
        if has_accord {
            let (scene, expected) = (&desk.scene, &desk.expected);
            (desk.prospects).fill(economy, scene, &desk.open, expected);
        }
        let talks = Talks {
            economy,
            scene: &desk.scene,
            standing: &desk.standing,
            arm,
            open: &desk.open,
            floored: &desk.floored,
            prospects: &desk.prospects,
            sequence: &self.sequences[w],
            places: &self.places[w],
        };
        desk.side_payments.fill(0.0);
        let mut formed = Formed {
            delay: 1.0,
            ..Formed::default()
        };
        if has_accord {
            let noise = Noise {
                streams: &self.streams,
                trial: self.world.trial,
                window: w,
                joining: &self.world.joining[w * n..(w + 1) * n],
            };
            let assembly = Assembly {
                talks,
                noise,
                expected: &desk.expected,
                window_years: model.horizon.window_years,
            };
            formed = assembly.form(&mut desk.board, &mut desk.coalitions, formed_before);
            assembly.pay(
                &mut desk.board,
                &mut desk.coalitions,
                &formed,
                &mut desk.side_payments,
            );
        }
        let (board, coalitions) = (&mut desk.board, &desk.coalitions);
        if board.follow || !coalitions.restore(board, formed.accord) {
            talks.play(board, &desk.expected, formed.accord);
        }
        talks.write_bundles(&mut desk.board);
        for i in 0..n {
            desk.parts[i] = state_parts(economy, &desk.scene, &desk.standing, &desk.board, i);
        }
        if formed.accord == 0 {
            desk.coalitions.store(0, &desk.parts);
        }
        shelf.close(place, desk);
        desk.accounts.fill(
            economy,
            &desk.scene,
            &desk.board,
            formed.talked,
            formed.delay,
        );
        formed
    }
}
