//! Who accedes to an accord that stands (model, section 7, step 0).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::accord::coalitions::{Coalitions, MemberWeighing, TalkRecord};
use crate::engine::negotiation::accord::formation::{Assembly, Formed};
use crate::engine::negotiation::accord::polls::weigh_vote;
use crate::engine::negotiation::accord::voting;
use crate::engine::negotiation::tables::play::WindowPlay;

impl Assembly<'_> {
    /// Invited states outside that would join apply in the order of states, and the accord grows as they are let in; the accord.
    pub(super) fn accede(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        standing: StateSet,
        formed: &mut Formed,
    ) -> StateSet {
        let mut accord = standing;
        for i in members(self.talks.arm.members & !standing).filter(|&i| self.would_join(i)) {
            formed.joined |= 1 << i;
            if self.admits(play, coalitions, accord, i, &mut formed.yes) {
                accord |= 1 << i;
                coalitions.keep(play, accord);
            }
        }
        accord
    }

    /// Whether the members of a coalition consent to one more where those of `yes` agree.
    pub fn consents(&self, coalition: StateSet, yes: StateSet) -> bool {
        voting::consents(&self.ballot(), coalition, || yes)
    }

    /// Whether i wants to be in and the members consent; `yes` takes the votes cast.
    fn admits(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        i: usize,
        yes: &mut StateSet,
    ) -> bool {
        let applicant = self.weigh_accession(play, coalitions, accord, i, i);
        note(yes, &applicant);
        let mut consent = Vec::new();
        let admitted = applicant.acts
            && voting::consents(&self.ballot(), accord, || {
                let mut agreeing = 0;
                for j in members(accord) {
                    let weighed = self.weigh_accession(play, coalitions, accord, i, j);
                    note(&mut agreeing, &weighed);
                    note(yes, &weighed);
                    if coalitions.follow {
                        consent.push(weighed);
                    }
                }
                agreeing
            });
        if coalitions.follow {
            coalitions.records.push(TalkRecord::Accession {
                coalition: accord,
                applicant,
                consent,
                admitted,
            });
        }
        admitted
    }

    /// What state j, the applicant i itself or a member, says of i's accession: u_j(C∪i) + political_noise·ε_j·|alone_j| >= u_j(C), ε of
    /// the first round; without noise where nobody votes.
    fn weigh_accession(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        i: usize,
        j: usize,
    ) -> MemberWeighing {
        let alone = self.alone(play, coalitions, j);
        let outside = self.undelayed(play, coalitions, accord, j);
        coalitions.keep(play, accord);
        let inside = self.undelayed(play, coalitions, accord | 1 << i, j);
        let shift = if voting::has_talks(self.talks.arm.rule) {
            self.political_noise(j, 0, alone)
        } else {
            0.0
        };
        weigh_vote(j, inside, outside, shift, alone)
    }
}

/// Takes the last vote of a state.
fn note(yes: &mut StateSet, weighed: &MemberWeighing) {
    let bit = 1 << weighed.state;
    if weighed.acts {
        *yes |= bit;
    } else {
        *yes &= !bit;
    }
}
