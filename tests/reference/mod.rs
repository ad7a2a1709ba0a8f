//! A slow reference of the model, written from its text equation by equation and from nothing of the engine: what is computed once there is
//! computed again here, and nothing is clever. It takes what it needs as [`given::Given`].
//!
//! | file | equations |
//! | --- | --- |
//! | `given` | inputs |
//! | `network` | (1)-(17), (20), (39), (40), (45) |
//! | `bargain` | (23)-(29) |
//! | `table` | (18), (19), (30), (38), (41) |
//! | `tables` | section 6, (42) |
//! | `accord` | section 7 |
//! | `account` | (32)-(34) |
//! | `dynamics` | (35)-(37), (46) |
//! | this one | a run: totals, (43), (44) |

pub mod accord;
pub mod account;
pub mod bargain;
pub mod drawn;
pub mod dynamics;
pub mod explain;
pub mod given;
pub mod network;
pub mod plain;
pub mod row;
pub mod table;
pub mod tables;

use accord::{Evaluated, Formed, Window};
use account::Parts;
use given::{Given, Rule, Set, count, has};
use network::Standing;
use std::rc::Rc;
use tables::Play;

/// The causes of a state's payoff in one window (43), or their discounted sums.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Causes {
    pub alone: f64,
    pub rules: f64,
    pub table: f64,
    pub sharing: f64,
    pub delay: f64,
}

/// One window of an arm as it went.
pub struct Played {
    pub standing: Standing,
    pub play: Play,
    pub formed: Formed,
    /// f_i.
    pub delays: Vec<f64>,
    pub parts: Vec<Parts>,
    /// u_i, sharing and delay included.
    pub payoff: Vec<f64>,
    pub causes: Vec<Causes>,
    /// v_h.
    pub profit: Vec<f64>,
    /// Y_i of (34).
    pub supplier_gain: Vec<f64>,
    pub investment: Vec<f64>,
    pub spending: Vec<f64>,
    /// By state, where the arm has them, the members of (44), and rules and table with the members of the other arm.
    pub swapped: Option<Vec<[f64; 3]>>,
}

/// One arm.
pub struct Run {
    pub windows: Vec<Played>,
    pub last: Standing,
    /// By state.
    pub payoff: Vec<f64>,
    pub leverage: Vec<f64>,
    pub investment: Vec<f64>,
    pub bill_share: Vec<f64>,
    pub causes: Vec<Causes>,
    /// By hyperscaler.
    pub profit: Vec<f64>,
    /// By state, for an accord arm after the first whose rule is not "none": the split of the difference to that one.
    pub against: Option<Vec<Against>>,
}

/// The difference of an arm to the first accord arm whose rule is not "none", split (44).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Against {
    pub legacy: f64,
    pub members: f64,
    pub rules: f64,
    pub table: f64,
    pub sharing: f64,
    pub delay: f64,
}

/// Plays every arm.
pub fn run(given: &Given) -> Vec<Run> {
    let first = first_with_talks(given);
    let mut runs: Vec<Run> = Vec::new();
    for index in 0..given.arms.len() {
        let earlier = first
            .filter(|&b| b < index && given.arms[index].mode.accord())
            .map(|b| &runs[b]);
        runs.push(run_arm(given, index, earlier));
    }
    runs
}

/// The first accord arm whose rule is not "none".
pub fn first_with_talks(given: &Given) -> Option<usize> {
    given
        .arms
        .iter()
        .position(|arm| arm.mode.accord() && arm.rule != Rule::None)
}

/// Plays one arm; `earlier` is the arm b of (44).
pub fn run_arm(given: &Given, index: usize, earlier: Option<&Run>) -> Run {
    let first = dynamics::start(given);
    let mut standing = first.clone();
    let mut before: Set = 0;
    let mut survived = false;
    let mut windows: Vec<Played> = Vec::new();
    for w in 0..given.windows.len() {
        dynamics::set_by_events(given, w, &mut standing);
        let other = earlier.map(|run| &run.windows[w]);
        let now = standing.clone();
        let window = Window::new(given, w, index, &now, &first);
        let (played, next) = play_window(&window, before, survived, other);
        before = played.formed.accord;
        survived |= before != 0;
        standing = next;
        windows.push(played);
    }
    totals(given, windows, standing, earlier)
}

fn play_window(
    window: &Window,
    before: Set,
    survived: bool,
    other: Option<&Played>,
) -> (Played, Standing) {
    let (given, n) = (window.given, window.given.n());
    let talks = window.arm.mode.accord() && window.rules.active;
    let (formed, evaluated): (Formed, Rc<Evaluated>) = if talks {
        let formed = window.form(before);
        (formed, window.under(formed.accord, false))
    } else {
        (Formed::default(), Rc::new(window.without_accord()))
    };
    let rounds = formed.rounds as f64 * window.rules.round_years / given.years;
    let delay = if survived {
        1.0
    } else {
        1.0 - (1.0 - window.rules.interim) * rounds.min(1.0)
    };
    let delays: Vec<f64> = (0..n)
        .map(|i| if has(formed.talked, i) { delay } else { 1.0 })
        .collect();
    let (economy, play) = (&evaluated.economy, &evaluated.play);
    let unshared: Vec<f64> = (0..n)
        .map(|i| evaluated.parts[i].payoff(delays[i]))
        .collect();
    let payoff = if talks {
        window.shared(formed.accord, &delays)
    } else {
        unshared.clone()
    };
    let split = |accord: Set, i: usize| {
        let alone = window.under(0, false).payoff(i);
        let apart = window.under(accord, true).payoff(i);
        let whole = window.under(accord, false).payoff(i);
        if accord == 0 {
            (alone, 0.0, 0.0)
        } else {
            (alone, apart - alone, whole - apart)
        }
    };
    let causes: Vec<Causes> = (0..n)
        .map(|i| {
            let (alone, rules, table) = if talks {
                split(formed.accord, i)
            } else {
                (evaluated.payoff(i), 0.0, 0.0)
            };
            Causes {
                alone,
                rules,
                table,
                sharing: payoff[i] - unshared[i],
                delay: unshared[i] - evaluated.payoff(i),
            }
        })
        .collect();
    let swapped = other.map(|other| {
        (0..n)
            .map(|i| {
                if !talks {
                    return [0.0; 3];
                }
                let accord = other.formed.accord;
                let members = evaluated.payoff(i) - window.under(accord, false).payoff(i);
                let (_, rules, table) = split(accord, i);
                [members, rules, table]
            })
            .collect()
    });
    let played = Played {
        standing: window.standing.clone(),
        profit: (0..given.m())
            .map(|h| account::profit(economy, play, h, formed.talked, delay, &delays))
            .collect(),
        supplier_gain: (0..n)
            .map(|i| account::supplier_gain(economy, play, i, delays[i]))
            .collect(),
        investment: (0..n)
            .map(|i| account::investment(economy, play, i))
            .collect(),
        spending: (0..n).map(|i| account::spending(economy, i)).collect(),
        parts: evaluated.parts.clone(),
        play: play.clone(),
        formed,
        delays,
        payoff,
        causes,
        swapped,
    };
    let next = dynamics::next(economy, play);
    (played, next)
}

fn totals(given: &Given, windows: Vec<Played>, last: Standing, earlier: Option<&Run>) -> Run {
    let (n, m) = (given.n(), given.m());
    let discounted = |rate: &dyn Fn(usize) -> f64, of: &dyn Fn(&Played) -> f64| -> f64 {
        windows
            .iter()
            .enumerate()
            .map(|(w, played)| (1.0 + rate(w)).powf(-(w as f64 * given.years)) * of(played))
            .sum()
    };
    let by_state = |i: usize, of: &dyn Fn(&Played) -> f64| {
        discounted(&|w| given.windows[w].states[i].discount_rate, of)
    };
    let causes: Vec<Causes> = (0..n)
        .map(|i| Causes {
            alone: by_state(i, &|played| played.causes[i].alone),
            rules: by_state(i, &|played| played.causes[i].rules),
            table: by_state(i, &|played| played.causes[i].table),
            sharing: by_state(i, &|played| played.causes[i].sharing),
            delay: by_state(i, &|played| played.causes[i].delay),
        })
        .collect();
    let against = earlier.map(|earlier| {
        (0..n)
            .map(|i| {
                let part = |k: usize| {
                    by_state(i, &|played| {
                        played.swapped.as_ref().expect("split in every window")[i][k]
                    })
                };
                let theirs = &earlier.causes[i];
                Against {
                    legacy: causes[i].alone - theirs.alone,
                    members: part(0),
                    rules: part(1) - theirs.rules,
                    table: part(2) - theirs.table,
                    sharing: causes[i].sharing - theirs.sharing,
                    delay: causes[i].delay - theirs.delay,
                }
            })
            .collect()
    });
    Run {
        payoff: (0..n)
            .map(|i| by_state(i, &|played| played.payoff[i]))
            .collect(),
        leverage: (0..n)
            .map(|i| {
                let gains = by_state(i, &|played| played.delays[i] * played.parts[i].deals());
                let theirs = by_state(i, &|played| played.supplier_gain[i]);
                account::leverage(gains, theirs)
            })
            .collect(),
        investment: (0..n)
            .map(|i| windows.iter().map(|played| played.investment[i]).sum())
            .collect(),
        bill_share: (0..n)
            .map(|i| {
                let spent: f64 = windows.iter().map(|played| played.spending[i]).sum();
                let won: f64 = windows
                    .iter()
                    .map(|played| account::won(&played.play, i))
                    .sum();
                if spent == 0.0 { 0.0 } else { won / spent }
            })
            .collect(),
        profit: (0..m)
            .map(|h| {
                discounted(
                    &|w| given.windows[w].hyperscalers[h].discount_rate,
                    &|played| played.profit[h],
                )
            })
            .collect(),
        causes,
        last,
        windows,
        against,
    }
}

impl Played {
    /// Signed pairs.
    pub fn deals(&self) -> usize {
        self.play.hosts.iter().map(|&hosts| count(hosts)).sum()
    }
}
