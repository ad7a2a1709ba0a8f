//! One play of a window: who meets whom, in which order, under a given accord (model, section 6).
//!
//! Not here: which accord that is (`formation`) and what one window leaves to the next, which is in `dynamics`.

use crate::engine::model::arm::{Mode, StateSet, Turn, full_set};
use crate::engine::negotiation::tables::order::table_place;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::negotiation::tables::talks::Talks;
use std::ops::ControlFlow;

/// A meeting of the window: who sits down with a hyperscaler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meeting {
    /// State i and hyperscaler h, as (i, h).
    Pair(usize, usize),
    /// The whole bloc and a hyperscaler.
    Bloc(usize),
}

impl Talks<'_> {
    /// Plays the window under a setting (without an accord: bilateral, or the contest of such an arm).
    pub fn play(&self, play: &mut WindowPlay, setting: Setting) {
        self.begin(play, setting);
        self.play_out(play);
        play.shows = Some(setting);
    }

    /// Starts the window under a setting, every table of which is to be held.
    pub(crate) fn begin(&self, play: &mut WindowPlay, setting: Setting) {
        play.shows = None;
        play.tally.plays += 1;
        self.set_parties(play, setting);
        self.invite_tenders(play, setting);
        self.start(play);
    }

    /// B, the states at one table.
    fn joint_table(&self, setting: Setting) -> StateSet {
        match setting.apart {
            true => 0,
            false => self.arm.joint_table(setting.accord),
        }
    }

    /// Sets M and B, and who meets when.
    pub(crate) fn set_parties(&self, play: &mut WindowPlay, setting: Setting) {
        let bloc = self.joint_table(setting);
        play.set_parties(
            self.economy,
            self.arm_economy,
            self.standing,
            setting.accord,
            bloc,
        );
        self.find_places(play, bloc);
    }

    fn play_out(&self, play: &mut WindowPlay) {
        match self.arm.mode {
            Mode::Contest if self.arm_economy.rules.active => self.play_contest(play),
            _ => {
                self.each_meeting(play, |play, meeting| {
                    self.hold(play, meeting);
                    ControlFlow::Continue(())
                });
                self.concede(play);
            }
        }
    }

    /// Holds a meeting.
    pub(crate) fn hold(&self, play: &mut WindowPlay, meeting: Meeting) {
        match meeting {
            Meeting::Pair(i, h) => self.meet_pair(play, i, h),
            Meeting::Bloc(h) => self.meet_bloc(play, h),
        }
    }

    /// Shows `visit` the meetings of a started window in turn, until it breaks off. Contests have none.
    pub(crate) fn each_meeting(
        &self,
        play: &mut WindowPlay,
        mut visit: impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) {
        // Whether it broke off is known to who did.
        let _ = if play.bloc != 0 {
            self.each_of_bloc(play, &mut visit)
        } else {
            self.each_pair(play, &mut visit)
        };
    }

    /// Every pair in turn, except those of the bloc.
    fn each_pair(
        &self,
        play: &mut WindowPlay,
        visit: &mut impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for &p in self.sequence {
            let (i, h) = (p / self.economy.m, p % self.economy.m);
            if play.bloc >> i & 1 == 0 {
                visit(play, Meeting::Pair(i, h))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn each_of_bloc(
        &self,
        play: &mut WindowPlay,
        visit: &mut impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match self.arm.turn {
            Turn::First => {
                self.each_table(play, visit)?;
                self.each_pair(play, visit)
            }
            Turn::Last => {
                self.each_pair(play, visit)?;
                self.each_table(play, visit)
            }
            Turn::Middle => {
                for (place, &p) in self.sequence.iter().enumerate() {
                    let (i, h) = (p / self.economy.m, p % self.economy.m);
                    if play.bloc >> i & 1 == 0 {
                        visit(play, Meeting::Pair(i, h))?;
                    } else if play.joint.places[h] == Some(place) {
                        visit(play, Meeting::Bloc(h))?;
                    }
                }
                ControlFlow::Continue(())
            }
        }
    }

    fn find_places(&self, play: &mut WindowPlay, table: StateSet) {
        for h in 0..self.economy.m {
            play.joint.places[h] =
                table_place(self.economy, self.places, table, h, &mut play.joint.order);
        }
    }

    /// The bloc's tables among themselves, by place.
    fn each_table(
        &self,
        play: &mut WindowPlay,
        visit: &mut impl FnMut(&mut WindowPlay, Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for position in self.tables_by_place(play) {
            let h = play.joint.queue[position];
            visit(play, Meeting::Bloc(h))?;
        }
        ControlFlow::Continue(())
    }

    fn tables_by_place(&self, play: &mut WindowPlay) -> std::ops::Range<usize> {
        let joint = &mut play.joint;
        joint.queue.clear();
        joint
            .queue
            .extend((0..self.economy.m).filter(|&h| joint.places[h].is_some()));
        joint.queue.sort_unstable_by_key(|&h| joint.places[h]);
        0..joint.queue.len()
    }

    fn play_contest(&self, play: &mut WindowPlay) {
        self.find_places(play, full_set(self.economy.n));
        for position in self.tables_by_place(play) {
            let h = play.joint.queue[position];
            self.auction(play, h);
        }
    }
}
