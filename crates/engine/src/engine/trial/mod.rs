//! One trial: every arm played on the same draw and the same process noise, window after window.

mod coalition_world;
mod error;
mod scratch;
mod table_world;
mod window_cache;

pub use coalition_world::CoalitionWorld;
pub use error::TrialError;
pub use scratch::{PlayedWindow, WindowScratch};
pub use table_world::{Position, TableWorld};

use crate::engine::dynamics::advance;
use crate::engine::ledger::{Ledger, LedgerInputs};
use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::keys::{PairKey, StateKey};
use crate::engine::model::layout::Slot;
use crate::engine::model::world::{Streams, World};
use crate::engine::negotiation::accord::causes::Counterfactuals;
use crate::engine::negotiation::accord::coalitions::Coalitions;
use crate::engine::negotiation::accord::formation::{Assembly, Formed, Noise, Precedent};
use crate::engine::negotiation::account::Accounts;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::frontiers::FrontierCache;
use crate::engine::negotiation::payoff::{PayoffParts, state_parts};
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::order::write_order;
use crate::engine::negotiation::tables::play::{WindowPlay, WorkCounts};
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::negotiation::tables::talks::Talks;
use window_cache::WindowCache;

/// A set of arms: bit a stands for the arm with index a.
pub type ArmSet = u64;

/// The scratch memory of one thread: after [`Player::new`] playing a trial takes no more memory, but for coalitions beyond 512 in one
/// window.
pub struct Player {
    streams: Streams,
    world: World,
    sequences: Vec<Vec<usize>>,
    places: Vec<Vec<usize>>,
    scratch: WindowScratch,
    ledger: Ledger,
    /// Per window, what arms have in common.
    caches: Vec<WindowCache>,
    /// Per window of the trial, the accord of the arm whose members count in (44), once it was played.
    others: Vec<StateSet>,
    others_known: bool,
    /// The window whose service is in use.
    served_window: Option<usize>,
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
            scratch: WindowScratch {
                standing: Standing::new(n, m),
                arm_economy: ArmEconomy::new(model),
                play: WindowPlay::new(n, m, k),
                coalitions: Coalitions::new(n, m, k),
                accounts: Accounts::new(n, m),
                parts: vec![PayoffParts::default(); n],
                side_payments: vec![0.0; n],
                causes: vec![Counterfactuals::default(); n],
                open: FrontierCache::new(n, m),
                floored: FrontierCache::new(n, m),
            },
            ledger: Ledger::new(model.outcome_layout(), model.horizon.window_years),
            caches: (0..windows)
                .map(|_| WindowCache::new(n, m, k, model.arms.len()))
                .collect(),
            others: vec![0; windows],
            others_known: false,
            served_window: None,
        }
    }

    /// Plays every arm on the draw of `trial`.
    ///
    /// `rows` gets one row of [`Model::outcome_layout`] per arm, one after the other; `draws` the value of each uncertain quantity,
    /// in the order of `model.uncertain`, and behind them, as far as it has room ([`Model::draws_len`]), whether each event came.
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
    /// `uniforms[k]` of its distribution lies, k in the order of `model.uncertain` and `uniforms[k]` in (0, 1). Noise is
    /// that of `noise`, a trial, and so are events that have no uniform. With the uniforms of [`Model::design`] for a trial, after `model.correlation.apply`, and that trial's
    /// noise, it is [`Player::play_arms`].
    ///
    /// `uniforms` may be longer, up to [`Model::uniforms_len`]: behind the uncertain lie the dimensions of `model.shadows`, at which events draw, and behind
    /// those the uniforms of `model.events`: an event comes if its own is below its probability. What is NaN is as in `noise`.
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
        self.find_others(model, arm)?;
        self.scratch.play.follow = true;
        self.scratch.coalitions.follow = true;
        let played = self.play_arm(model, arm, row, follow);
        self.scratch.play.follow = false;
        self.scratch.coalitions.follow = false;
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
        observe: impl FnOnce(&mut CoalitionWorld) -> R,
    ) -> Result<R, TrialError> {
        self.open(model, trial, draws)?;
        let before = self.play_before(model, arm, window)?;
        self.open_window(model, window);
        self.set_scene(model, arm, window);
        let economy = &self.world.economies[window];
        let scratch = &mut self.scratch;
        scratch.coalitions.clear();
        let n = economy.n;
        let talks = Talks {
            economy,
            arm_economy: &scratch.arm_economy,
            standing: &scratch.standing,
            arm: &model.arms[arm],
            open: &scratch.open,
            floored: &scratch.floored,
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
            window_years,
        };
        let observed = observe(&mut CoalitionWorld {
            assembly,
            before,
            play: &mut scratch.play,
            coalitions: &mut scratch.coalitions,
        });
        self.check(model, arm, window).map(|()| observed)
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
        observe: impl FnOnce(&mut TableWorld) -> R,
    ) -> Result<R, TrialError> {
        self.open(model, trial, draws)?;
        let before = self.play_before(model, arm, window)?;
        let formed = self.play_window(model, arm, window, before, Depth::Play)?;
        let scratch = &mut self.scratch;
        let observed = observe(&mut TableWorld {
            talks: Talks {
                economy: &self.world.economies[window],
                arm_economy: &scratch.arm_economy,
                standing: &scratch.standing,
                arm: &model.arms[arm],
                open: &scratch.open,
                floored: &scratch.floored,
                sequence: &self.sequences[window],
                places: &self.places[window],
            },
            formed,
            play: &mut scratch.play,
            accounts: &mut scratch.accounts,
        });
        self.check(model, arm, window).map(|()| observed)
    }

    /// Plays the windows of an arm before `window`; what they leave of its accord.
    fn play_before(
        &mut self,
        model: &Model,
        arm: usize,
        window: usize,
    ) -> Result<Precedent, TrialError> {
        let mut before = Precedent::default();
        for w in 0..window {
            let formed = self.play_window(model, arm, w, before, Depth::Play)?;
            before = before.after(&formed);
            let economy = &self.world.economies[w];
            advance(economy, &self.scratch.play, &mut self.scratch.standing);
        }
        Ok(before)
    }

    /// Plays the arm whose members count in (44) for the sake of another, unless it was played in this trial.
    fn find_others(&mut self, model: &Model, arm: usize) -> Result<(), TrialError> {
        match model.members_reference() {
            Some(first) if model.swaps_members(arm) && !self.others_known => self
                .play_before(model, first, model.horizon.windows)
                .map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Plays one window of an arm on the standing that the windows before left.
    fn play_window(
        &mut self,
        model: &Model,
        arm: usize,
        w: usize,
        before: Precedent,
        depth: Depth,
    ) -> Result<Formed, TrialError> {
        self.open_window(model, w);
        self.set_scene(model, arm, w);
        let formed = self.negotiate(model, arm, w, before, depth);
        self.check(model, arm, w)?;
        if model.members_reference() == Some(arm) {
            self.others[w] = formed.accord;
            self.others_known |= w + 1 == model.horizon.windows;
        }
        Ok(formed)
    }

    /// What was computed so far.
    pub fn tally(&self) -> WorkCounts {
        self.scratch.play.tally
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
        self.take_service(None);
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
            self.caches[w].forget();
        }
        self.others_known = false;
        self.scratch.open.forget();
        self.scratch.floored.forget();
    }

    fn play_arm(
        &mut self,
        model: &Model,
        index: usize,
        row: &mut [f64],
        follow: &mut dyn FnMut(PlayedWindow),
    ) -> Result<(), TrialError> {
        self.find_others(model, index)?;
        self.ledger.start(row);
        let mut before = Precedent::default();
        for w in 0..model.horizon.windows {
            let formed = self.play_window(model, index, w, before, Depth::Books)?;
            before = before.after(&formed);
            let economy = &self.world.economies[w];
            let scratch = &self.scratch;
            let played = LedgerInputs {
                economy,
                play: &scratch.play,
                accounts: &scratch.accounts,
                formed,
                parts: &scratch.parts,
                side_payments: &scratch.side_payments,
                causes: &scratch.causes,
                share_error: scratch.coalitions.share_error,
            };
            self.ledger.book(w, played, row);
            follow(PlayedWindow {
                window: w,
                economy,
                scratch,
                formed,
            });
            advance(economy, &self.scratch.play, &mut self.scratch.standing);
        }
        let last = &self.world.economies[model.horizon.windows - 1];
        let population = &self.world.economies[0].population;
        self.ledger
            .close(last, &self.scratch.standing, population, row);
        Ok(())
    }

    /// Fills what hangs on an arm in window w, and the points of its frontiers.
    fn set_scene(&mut self, model: &Model, arm: usize, w: usize) {
        let (values, economy) = (self.world.values(model, w), &self.world.economies[w]);
        let scratch = &mut self.scratch;
        scratch.open.fill(economy, &economy.min);
        let (standing, points) = (&scratch.standing, &scratch.open);
        let first = self.caches[w].first_power(economy, standing);
        (scratch.arm_economy).fill(model, values, arm, economy, standing, points, first);
        if scratch.arm_economy.has_accord(&model.arms[arm]) {
            scratch
                .floored
                .fill(economy, &scratch.arm_economy.floored_min);
        }
    }

    /// An error if the window just played asked for something that could not be found.
    fn check(&mut self, model: &Model, arm: usize, window: usize) -> Result<(), TrialError> {
        let (trial, name) = (self.world.trial, &model.arms[arm].name);
        if let Some(reason) = self.scratch.coalitions.failure.take() {
            return Err(TrialError::Shares {
                trial,
                arm: name.clone(),
                window,
                reason,
            });
        }
        let Some(failure) = self.scratch.play.failure.take() else {
            return Ok(());
        };
        let table: Vec<&str> = members(failure.table)
            .map(|i| model.states[i].id.as_str())
            .collect();
        Err(TrialError::Parties {
            trial,
            arm: name.clone(),
            window,
            table: table.join(", "),
            hyperscaler: model.hyperscalers[failure.hyperscaler].id.clone(),
            parties: failure.parties,
        })
    }

    /// Puts the service of a window to use, which its arms have in common, and that of the window before back.
    fn take_service(&mut self, w: Option<usize>) {
        let (service, economies) = (&mut self.scratch.play.service, &self.world.economies);
        if self.served_window == w {
            return;
        }
        if let Some(last) = self.served_window {
            self.caches[last].trade_service(&economies[last], service);
        }
        self.served_window = w;
        if let Some(w) = w {
            self.caches[w].trade_service(&economies[w], service);
        }
    }

    /// Forgets what was settled in the window before, and sets the standing at the start of window w: the values of the draw and the hosts of the scenario in window 0, levels
    /// set by events later.
    fn open_window(&mut self, model: &Model, w: usize) {
        self.scratch.play.forget();
        self.take_service(Some(w));
        let standing = &mut self.scratch.standing;
        let n = model.states.len();
        if w == 0 {
            let values = self.world.values(model, 0);
            for i in 0..n {
                standing.talent[i] = values[model.layout.state(i, StateKey::Talent)];
                standing.compute[i] = values[model.layout.state(i, StateKey::Compute)];
            }
            standing.first_talent.copy_from_slice(&standing.talent);
            standing.first_compute.copy_from_slice(&standing.compute);
            let m = model.hyperscalers.len();
            for p in 0..n * m {
                let pair = |key| values[model.layout.index(Slot::Pair(p / m, p % m, key))];
                standing.dependency[p] = pair(PairKey::Dependency);
                standing.asset[p] = pair(PairKey::Asset);
            }
            standing.had.copy_from_slice(&model.hosted);
            return;
        }
        for i in 0..n {
            let level = self.world.levels[w * n + i];
            standing.talent[i] = level.talent.unwrap_or(standing.talent[i]);
            standing.compute[i] = level.compute.unwrap_or(standing.compute[i]);
        }
    }

    /// Forms the accord of the window, plays it for good, and fills parts and side payments; causes and accounts where they are to be
    /// booked.
    fn negotiate(
        &mut self,
        model: &Model,
        index: usize,
        w: usize,
        before: Precedent,
        depth: Depth,
    ) -> Formed {
        let economy = &self.world.economies[w];
        let n = economy.n;
        let scratch = &mut self.scratch;
        let cache = &mut self.caches[w];
        let arm = &model.arms[index];
        let place = cache.open(arm, scratch);
        let talks = Talks {
            economy,
            arm_economy: &scratch.arm_economy,
            standing: &scratch.standing,
            arm,
            open: &scratch.open,
            floored: &scratch.floored,
            sequence: &self.sequences[w],
            places: &self.places[w],
        };
        let (play, coalitions) = (&mut scratch.play, &mut scratch.coalitions);
        scratch.side_payments.fill(0.0);
        let mut formed = Formed {
            delay: 1.0,
            ..Formed::default()
        };
        let swaps = model.swaps_members(index);
        let mut weighed = false;
        if talks.arm_economy.has_accord(arm) {
            let noise = Noise {
                streams: &self.streams,
                trial: self.world.trial,
                window: w,
                joining: &self.world.joining[w * n..(w + 1) * n],
            };
            let assembly = Assembly {
                talks,
                noise,
                window_years: model.horizon.window_years,
            };
            formed = assembly.form(play, coalitions, before);
            assembly.pay(play, coalitions, &formed, &mut scratch.side_payments);
            let other = swaps.then(|| self.others[w]);
            weighed = depth == Depth::Books && formed.accord | other.unwrap_or(0) != 0;
            if weighed {
                let causes = &mut scratch.causes;
                assembly.weigh_causes(play, coalitions, formed.accord, other, causes);
            }
        }
        if play.follow || !coalitions.restore(play, formed.accord) {
            talks.play(play, Setting::whole(formed.accord));
        }
        talks.write_bundles(play);
        for i in 0..n {
            scratch.parts[i] = state_parts(economy, talks.arm_economy, talks.standing, play, i);
        }
        if formed.accord == 0 {
            coalitions.store(0, &scratch.parts);
        }
        if depth == Depth::Books {
            if !weighed {
                let alone = |parts: &PayoffParts| parts.gross() + parts.rest();
                for (cause, parts) in scratch.causes.iter_mut().zip(&scratch.parts) {
                    *cause = Counterfactuals::without_accord(alone(parts), swaps);
                }
            }
            let (talked, delay) = (formed.talked, formed.delay);
            (scratch.accounts).fill(economy, talks.arm_economy, play, talked, delay);
        }
        cache.close(place, scratch);
        formed
    }
}

/// How much of a window is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// What leads to the next.
    Play,
    /// Causes and accounts besides.
    Books,
}
