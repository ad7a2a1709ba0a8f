//! Groups of consecutive trials that are independent of each other although the trials within one are not.
//!
//! A design that spreads its points makes them depend on each other; only groups of them (a pair, a replicate) are independent, and
//! the error of a mean is told by the groups alone.

/// Consecutive groups of one size, of which the first few have one member more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Groups {
    size: u64,
    larger: u64,
}

/// Where a trial lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Index of its group.
    pub group: u64,
    /// Place in the group, from 0.
    pub place: u64,
    /// Members of the group.
    pub size: u64,
}

impl Groups {
    /// Each trial is a group of its own.
    pub const SINGLE: Groups = Groups { size: 1, larger: 0 };

    /// Groups of `size` trials, at least 1.
    pub fn of_size(size: u64) -> Groups {
        Groups {
            size: size.max(1),
            larger: 0,
        }
    }

    /// `trials` trials in `groups` groups, whose sizes differ by one at most. Never more groups than trials, and at least one.
    pub fn split(trials: u64, groups: u64) -> Groups {
        let groups = groups.clamp(1, trials.max(1));
        Groups {
            size: (trials / groups).max(1),
            larger: trials % groups,
        }
    }

    /// Whether each trial is a group of its own.
    pub fn is_single(self) -> bool {
        self == Groups::SINGLE
    }

    /// The group of a trial. Trials beyond those that were split lie in further groups.
    pub fn locate(self, trial: u64) -> Member {
        let (size, larger) = (self.size, self.larger);
        let in_larger = larger * (size + 1);
        if trial < in_larger {
            return Member {
                group: trial / (size + 1),
                place: trial % (size + 1),
                size: size + 1,
            };
        }
        let trial = trial - in_larger;
        Member {
            group: larger + trial / size,
            place: trial % size,
            size,
        }
    }

    /// Whether a group ends once so many trials have been seen.
    pub fn ends_at(self, trials: u64) -> bool {
        trials > 0 && {
            let last = self.locate(trials - 1);
            last.place + 1 == last.size
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trial_has_its_place() {
        for (trials, groups) in [(20, 5), (23, 5), (4, 9), (1, 16), (1000, 16)] {
            let split = Groups::split(trials, groups);
            let mut ends = 0;
            let mut expected = (0, 0);
            for trial in 0..trials {
                let member = split.locate(trial);
                assert_eq!((member.group, member.place), expected);
                let ended = member.place + 1 == member.size;
                assert_eq!(split.ends_at(trial + 1), ended);
                expected = match ended {
                    true => (member.group + 1, 0),
                    false => (member.group, member.place + 1),
                };
                ends += u64::from(ended);
            }
            assert_eq!(ends, groups.min(trials), "the last group is whole");
        }
        assert!(!Groups::of_size(2).ends_at(0));
        assert_eq!(Groups::of_size(2).locate(7).group, 3);
    }

    #[test]
    fn trials_beyond_lie_in_further_groups() {
        let split = Groups::split(10, 3);
        assert_eq!(split.locate(9).group, 2);
        assert_eq!(
            split.locate(10),
            Member {
                group: 3,
                place: 0,
                size: 3
            }
        );
    }
}
