//! One play of a window: who meets whom, in which order, under a given accord (model, section 6).
//!
//! Not here: which accord that is (`formation`) and what one window leaves to the next, which is in `dynamics`.

use crate::engine::model::arm::{Mode, StateSet, Turn, full_set};
use crate::engine::negotiation::board::WindowPlay;
use crate::engine::negotiation::order::table_place;
use crate::engine::negotiation::table::Talks;
use std::ops::ControlFlow;

/// A meeting of the window: who sits down with a hyperscaler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meeting {
    /// State and hyperscaler.
    Pair(usize, usize),
    /// The whole bloc and a hyperscaler.
    Bloc(usize),
}

impl Talks<'_> {
    /// Plays the window under M = `accord` (empty: bilateral, or the contest of such an arm) from the expected network.
    pub fn play(&self, board: &mut WindowPlay, expected: &[StateSet], accord: StateSet) {
        self.begin(board, expected, accord);
        self.play_out(board);
        board.shows = Some(accord);
    }

    /// Starts the window under M = `accord`, every table of which is to be held.
    pub(crate) fn begin(&self, board: &mut WindowPlay, expected: &[StateSet], accord: StateSet) {
        board.draft = false;
        board.shows = None;
        board.start(self.economy, self.scene, self.standing, expected, accord);
    }

    /// The same where only payoffs are asked for: tables without prospects are left out, and with them their erosion.
    pub fn play_draft(&self, board: &mut WindowPlay, expected: &[StateSet], accord: StateSet) {
        self.begin(board, expected, accord);
        board.draft = true;
        self.play_out(board);
    }

    fn play_out(&self, board: &mut WindowPlay) {
        match self.arm.mode {
            Mode::Contest if self.scene.rules.active => self.play_contest(board),
            _ => self.each_meeting(board, |board, meeting| {
                self.hold(board, meeting);
                ControlFlow::Continue(())
            }),
        }
    }

    /// Holds a meeting.
    pub(crate) fn hold(&self, board: &mut WindowPlay, meeting: Meeting) {
        match meeting {
            Meeting::Pair(i, h) => self.meet_pair(board, i, h),
            Meeting::Bloc(h) => self.meet_bloc(board, h),
        }
    }

    /// Shows `visit` the meetings of a started window in turn, until it breaks off. Contests have none.
    pub(crate) fn each_meeting(
        &self,
        board: &mut WindowPlay,
        mut visit: impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) {
        // Whether it broke off is known to who did.
        let _ = if self.arm.mode == Mode::Bloc && board.accord != 0 {
            self.each_of_bloc(board, &mut visit)
        } else {
            self.each_pair(board, 0, &mut visit)
        };
    }

    /// Every pair in turn, except those of `absent` states.
    fn each_pair(
        &self,
        board: &mut WindowPlay,
        absent: StateSet,
        visit: &mut impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for &p in self.sequence {
            let (i, h) = (p / self.economy.m, p % self.economy.m);
            if absent >> i & 1 == 0 {
                visit(board, Meeting::Pair(i, h))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn each_of_bloc(
        &self,
        board: &mut WindowPlay,
        visit: &mut impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let bloc = board.accord;
        self.invite_bids(board);
        self.find_places(board, bloc);
        match self.arm.turn {
            Turn::First => {
                self.each_table(board, visit)?;
                self.each_pair(board, bloc, visit)
            }
            Turn::Last => {
                self.each_pair(board, bloc, visit)?;
                self.each_table(board, visit)
            }
            Turn::Middle => {
                for (place, &p) in self.sequence.iter().enumerate() {
                    let (i, h) = (p / self.economy.m, p % self.economy.m);
                    if bloc >> i & 1 == 0 {
                        visit(board, Meeting::Pair(i, h))?;
                    } else if board.joint.places[h] == Some(place) {
                        visit(board, Meeting::Bloc(h))?;
                    }
                }
                ControlFlow::Continue(())
            }
        }
    }

    fn find_places(&self, board: &mut WindowPlay, table: StateSet) {
        for h in 0..self.economy.m {
            board.joint.places[h] =
                table_place(self.economy, self.places, table, h, &mut board.joint.order);
        }
    }

    /// The bloc's tables among themselves, by place.
    fn each_table(
        &self,
        board: &mut WindowPlay,
        visit: &mut impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for position in self.tables_by_place(board) {
            let h = board.joint.queue[position];
            visit(board, Meeting::Bloc(h))?;
        }
        ControlFlow::Continue(())
    }

    fn tables_by_place(&self, board: &mut WindowPlay) -> std::ops::Range<usize> {
        let joint = &mut board.joint;
        joint.queue.clear();
        joint
            .queue
            .extend((0..self.economy.m).filter(|&h| joint.places[h].is_some()));
        joint.queue.sort_unstable_by_key(|&h| joint.places[h]);
        0..joint.queue.len()
    }

    fn play_contest(&self, board: &mut WindowPlay) {
        self.find_places(board, full_set(self.economy.n));
        for position in self.tables_by_place(board) {
            let h = board.joint.queue[position];
            self.auction(board, h);
        }
    }
}
