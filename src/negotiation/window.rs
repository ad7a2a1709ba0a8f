//! One play of a window: who meets whom, in which order, under a given accord (model, section 6).
//!
//! Not here: which accord that is (`formation`) and what one window leaves to the next, which is in `dynamics`.

use crate::model::arm::{Mode, StateSet, Turn, full_set};
use crate::negotiation::board::Board;
use crate::negotiation::network::Network;
use crate::negotiation::order::table_place;
use crate::negotiation::table::Talks;

impl Talks<'_> {
    /// Plays the window under M = `accord` (empty: bilateral, or the contest of such an arm) from the expected network.
    pub fn play(&self, board: &mut Board, expected: &Network, accord: StateSet) {
        board.start(self.economy, self.scene, self.standing, expected, accord);
        match self.arm.mode {
            Mode::Contest if self.scene.rules.active => self.play_contest(board),
            Mode::Bloc if accord != 0 => self.play_bloc(board),
            _ => self.play_pairs(board, 0),
        }
    }

    /// Every pair in turn, except those of `absent` states.
    fn play_pairs(&self, board: &mut Board, absent: StateSet) {
        for &p in self.sequence {
            let (i, h) = (p / self.economy.m, p % self.economy.m);
            if absent >> i & 1 == 0 {
                self.meet_pair(board, i, h);
            }
        }
    }

    fn play_bloc(&self, board: &mut Board) {
        let bloc = board.accord;
        self.invite_bids(board);
        self.find_places(board, bloc);
        match self.arm.turn {
            Turn::First => {
                self.play_tables(board);
                self.play_pairs(board, bloc);
            }
            Turn::Last => {
                self.play_pairs(board, bloc);
                self.play_tables(board);
            }
            Turn::Middle => {
                for (place, &p) in self.sequence.iter().enumerate() {
                    let (i, h) = (p / self.economy.m, p % self.economy.m);
                    if bloc >> i & 1 == 0 {
                        self.meet_pair(board, i, h);
                    } else if board.joint.places[h] == Some(place) {
                        self.meet_bloc(board, h);
                    }
                }
            }
        }
    }

    fn find_places(&self, board: &mut Board, table: StateSet) {
        for h in 0..self.economy.m {
            board.joint.places[h] =
                table_place(self.economy, self.places, table, h, &mut board.joint.order);
        }
    }

    /// The bloc's tables among themselves, by place.
    fn play_tables(&self, board: &mut Board) {
        for position in self.tables_by_place(board) {
            let h = board.joint.queue[position];
            self.meet_bloc(board, h);
        }
    }

    fn tables_by_place(&self, board: &mut Board) -> std::ops::Range<usize> {
        let joint = &mut board.joint;
        joint.queue.clear();
        joint
            .queue
            .extend((0..self.economy.m).filter(|&h| joint.places[h].is_some()));
        joint.queue.sort_unstable_by_key(|&h| joint.places[h]);
        0..joint.queue.len()
    }

    fn play_contest(&self, board: &mut Board) {
        self.find_places(board, full_set(self.economy.n));
        for position in self.tables_by_place(board) {
            let h = board.joint.queue[position];
            self.auction(board, h);
        }
    }
}
