//! The tables of one window, section 6: separate tables, blocs, short lists, contests, and a supplier that would lose (42).

use super::bargain::{Bargain, Point, last_that_holds};
use super::given::{Arm, Mode, Order, Set, count, has, list, with};
use super::network::Economy;
use super::table::{Seating, Table};
use std::fmt::Write as _;

/// What i has from h.
#[derive(Clone, Debug)]
pub struct Signed {
    pub levels: Vec<f64>,
    /// s_ih, g_ih, T_ih, loss_ih.
    pub value: f64,
    pub cost: f64,
    pub transfer: f64,
    pub loss: f64,
}

#[derive(Clone, Debug)]
pub struct Deal {
    pub placed: Set,
    pub h: usize,
    pub bargain: Bargain,
    pub point: Point,
}

/// A table as it went, for those who look for differences.
#[derive(Clone, Debug)]
pub struct Record {
    pub table: Set,
    pub h: usize,
    pub placed: Set,
    /// S_h when the table met.
    pub signed: Vec<Set>,
    pub bargain: Option<Bargain>,
    pub point: Option<Point>,
    pub note: String,
}

/// One run of a window's tables.
#[derive(Clone, Debug)]
pub struct Play {
    /// M.
    pub accord: Set,
    /// B.
    pub bloc: Set,
    /// E.
    pub expected: Vec<Set>,
    /// S.
    pub hosts: Vec<Set>,
    /// By state and hyperscaler.
    pub signed: Vec<Vec<Option<Signed>>>,
    pub records: Vec<Record>,
    /// By party: T, L and R_h of every h.
    pub lists: Vec<(Set, Set, Vec<f64>)>,
}

/// The places of the pairs in the order of a window.
pub fn places(economy: &Economy) -> Vec<Vec<usize>> {
    let mut pairs: Vec<(usize, usize)> = (0..economy.n)
        .flat_map(|i| (0..economy.m).map(move |h| (i, h)))
        .collect();
    match economy.given.order {
        Order::Listed => {}
        Order::Size => {
            pairs.sort_by(|a, b| economy.size[b.0][b.1].total_cmp(&economy.size[a.0][a.1]))
        }
        Order::Random => {
            let ranks = &economy.numbers.ranks;
            pairs.sort_by(|a, b| ranks[a.0][a.1].total_cmp(&ranks[b.0][b.1]));
        }
    }
    let mut places = vec![vec![0; economy.m]; economy.n];
    for (place, (i, h)) in pairs.into_iter().enumerate() {
        places[i][h] = place;
    }
    places
}

/// Plays the tables. `mode` is that of the arm, or bilateral where the arm is not active; `tenders` says whether short lists apply.
pub fn play(economy: &Economy, arm: &Arm, mode: Mode, bloc: Set, tenders: bool) -> Play {
    let places = places(economy);
    let seating = Seating {
        economy,
        arm,
        bloc,
        places: &places,
    };
    let hosts = (0..economy.m)
        .map(|h| {
            list(economy.feasible(h))
                .filter(|&i| economy.standing.had[i][h])
                .fold(0, with)
        })
        .collect();
    let mut run = Run {
        seating: &seating,
        budget: economy
            .numbers
            .hyperscalers
            .iter()
            .map(|h| h.capex_budget)
            .collect(),
        deals: Vec::new(),
        play: Play {
            accord: economy.accord,
            bloc,
            expected: Vec::new(),
            hosts,
            signed: vec![vec![None; economy.m]; economy.n],
            records: Vec::new(),
            lists: Vec::new(),
        },
    };
    if mode == Mode::Contest {
        run.contest();
    } else {
        run.talks(mode, tenders);
    }
    run.sign();
    run.play
}

struct Run<'a> {
    seating: &'a Seating<'a>,
    /// What is left of each capex_budget.
    budget: Vec<f64>,
    deals: Vec<Deal>,
    play: Play,
}

impl Run<'_> {
    fn talks(&mut self, mode: Mode, tenders: bool) {
        let economy = self.seating.economy;
        let parties: Vec<Set> = match mode {
            _ if !tenders => Vec::new(),
            Mode::Bilateral => (0..economy.n).map(|i| with(0, i)).collect(),
            Mode::Framework => list(economy.accord).map(|i| with(0, i)).collect(),
            Mode::Bloc if self.play.bloc != 0 => vec![self.play.bloc],
            Mode::Bloc | Mode::Contest => Vec::new(),
        };
        let mut refusing = vec![0; economy.m];
        for party in parties {
            if let Some((kept, reserves)) = self.tender(party) {
                for h in (0..economy.m).filter(|&h| !has(kept, h)) {
                    refusing[h] |= party;
                }
                self.play.lists.push((party, kept, reserves));
            }
        }
        self.play.expected = economy.expected(&refusing);
        let mut tables: Vec<Set> = list(!self.play.bloc & full(economy.n))
            .map(|i| with(0, i))
            .collect();
        if self.play.bloc != 0 {
            tables.push(self.play.bloc);
        }
        let mut meetings = Vec::new();
        for table in tables {
            for h in 0..economy.m {
                if let Some(turn) = self.seating.turn(table, h) {
                    meetings.push((turn, table, h));
                }
            }
        }
        meetings.sort_by_key(|meeting| meeting.0);
        for (_, table, h) in meetings {
            self.meet(table, h, refusing[h] & table != 0);
        }
        for h in 0..economy.m {
            self.concede(h);
        }
    }

    /// The bid of h with the list `kept`: s* at the table of T with ρ = 1, nobody signed, the full budget.
    fn bid(&self, party: Set, h: usize, kept: Set) -> Option<f64> {
        let economy = self.seating.economy;
        let refusing: Vec<Set> = (0..economy.m)
            .map(|g| if has(kept, g) { 0 } else { party })
            .collect();
        let expected = economy.expected(&refusing);
        let nobody = vec![0; economy.m];
        let table = Table {
            states: party,
            h,
            signed: &nobody,
            expected: &expected,
            foresight: 1.0,
            claims: &vec![f64::NEG_INFINITY; economy.numbers.terms.len()],
        };
        let budget = economy.numbers.hyperscalers[h].capex_budget;
        let placed = self.seating.placed(&table, budget);
        if placed == 0 {
            return None;
        }
        self.seating.bargain(&table, placed).state_best()
    }

    /// The list L and the reserves R_h of a party; none where there is no tender.
    fn tender(&self, party: Set) -> Option<(Set, Vec<f64>)> {
        let economy = self.seating.economy;
        let most = self.seating.arm.shortlist?;
        let able = (0..economy.m)
            .filter(|&h| economy.feasible(h) & party != 0)
            .fold(0, with);
        if most >= count(able) {
            return None;
        }
        let mut kept: Set = able;
        loop {
            let bids: Vec<(usize, Option<f64>)> =
                list(kept).map(|h| (h, self.bid(party, h, kept))).collect();
            if let Some(&(h, _)) = bids.iter().rev().find(|bid| bid.1.is_none()) {
                kept &= !with(0, h);
                continue;
            }
            if count(kept) <= most {
                break;
            }
            let amount = |bid: &(usize, Option<f64>)| bid.1.expect("all bid");
            let lowest = bids.iter().map(amount).fold(f64::INFINITY, f64::min);
            let last = bids.iter().rev().find(|bid| amount(bid) <= lowest + 1e-12);
            kept &= !with(0, last.expect("the lowest itself").0);
        }
        let reserves = (0..economy.m)
            .map(|h| {
                if !has(kept, h) {
                    return 0.0;
                }
                list(able & !kept)
                    .filter_map(|g| self.bid(party, g, with(kept & !with(0, h), g)))
                    .fold(0.0, f64::max)
            })
            .collect();
        Some((kept, reserves))
    }

    /// The table of T with h comes up.
    fn meet(&mut self, states: Set, h: usize, refused: bool) {
        let economy = self.seating.economy;
        self.play.hosts[h] &= !states;
        let signed = self.play.hosts.clone();
        let expected = self.play.expected.clone();
        let mut record = Record {
            table: states,
            h,
            placed: 0,
            signed: signed.clone(),
            bargain: None,
            point: None,
            note: String::new(),
        };
        if refused {
            record.note.push_str("refused");
            self.play.records.push(record);
            return;
        }
        let terms = economy.numbers.terms.len();
        let none = vec![f64::NEG_INFINITY; terms];
        let mut table = Table {
            states,
            h,
            signed: &signed,
            expected: &expected,
            foresight: economy.numbers.foresight,
            claims: &none,
        };
        let placed = self.seating.placed(&table, self.budget[h]);
        record.placed = placed;
        if placed == 0 {
            record.note.push_str("nobody placed");
            self.play.records.push(record);
            return;
        }
        let mut bargain = self.seating.bargain(&table, placed);
        if count(states) == 1 && states != self.play.bloc {
            let i = list(states).next().expect("one state");
            let got: Vec<Option<Vec<f64>>> = (0..economy.n)
                .map(|j| {
                    let deal = self
                        .deals
                        .iter()
                        .find(|deal| deal.h == h && has(deal.placed, j))?;
                    Some(self.seating.levels(deal.placed, &deal.point.levels, j))
                })
                .collect();
            let claims = self.seating.claims(i, h, signed[h], &got);
            table.claims = &claims;
            let claiming = self.seating.bargain(&table, placed);
            if claiming.exists() {
                bargain = claiming;
            }
        }
        let point = bargain.solve().map(|point| {
            let reserve = self
                .play
                .lists
                .iter()
                .find(|list| list.0 == states)
                .map_or(f64::NEG_INFINITY, |list| list.2[h]);
            if point.state < reserve {
                let best = bargain.state_best().expect("a deal exists");
                let _ = write!(record.note, "reserve {reserve} from {}", point.state);
                bargain.state_gets(reserve.min(best))
            } else {
                point
            }
        });
        record.bargain = Some(bargain.clone());
        record.point.clone_from(&point);
        self.play.records.push(record);
        if let Some(point) = point {
            self.play.hosts[h] |= placed;
            self.budget[h] -= list(placed).map(|i| economy.size[i][h]).sum::<f64>();
            self.deals.push(Deal {
                placed,
                h,
                bargain,
                point,
            });
        }
    }

    /// What i has by a deal.
    fn part(&self, deal: &Deal, i: usize) -> Signed {
        let (economy, h) = (self.seating.economy, deal.h);
        let phi = economy.numbers.repricing_foresight;
        let levels = self.seating.levels(deal.placed, &deal.point.levels, i);
        let (value, cost) = economy.worth(i, h, &levels);
        let loss = |l: usize| {
            let levels = self.seating.levels(deal.placed, &deal.point.levels, l);
            economy.loss(l, h, &levels)
        };
        let transfer = if economy.given.cash {
            let back: f64 = list(deal.placed).map(|l| phi * loss(l)).sum();
            let size: f64 = list(deal.placed).map(|l| economy.size[l][h]).sum();
            let share = if size == 0.0 {
                1.0 / count(deal.placed) as f64
            } else {
                economy.size[i][h] / size
            };
            phi * loss(i) + (deal.point.transfer - back) * share
        } else {
            0.0
        };
        Signed {
            levels,
            value,
            cost,
            transfer,
            loss: loss(i),
        }
    }

    /// Σ_{i∈S_h} (Θ_ih − g_ih − T_ih + loss_ih) of (42) with the deals of h at other points.
    fn keeps(&self, h: usize, points: &[Point]) -> f64 {
        let economy = self.seating.economy;
        let deals = self.deals.iter().filter(|deal| deal.h == h);
        let mut keeps = 0.0;
        for (deal, point) in deals.zip(points) {
            let moved = Deal {
                point: point.clone(),
                ..deal.clone()
            };
            for i in list(deal.placed) {
                let part = self.part(&moved, i);
                keeps += economy.stranded[i][h] - part.cost - part.transfer + part.loss;
            }
        }
        keeps
    }

    /// A supplier that would lose (42).
    fn concede(&mut self, h: usize) {
        let economy = self.seating.economy;
        let hosts = &self.play.hosts;
        let rivals = economy.rivals(h, hosts);
        let profit = economy.profit(h, hosts[h], &rivals);
        let gain = profit - economy.profit(h, 0, &rivals);
        let at = |share: f64| -> Vec<Point> {
            let deals = self.deals.iter().filter(|deal| deal.h == h);
            deals
                .map(|deal| deal.bargain.state_gets(share * deal.point.state))
                .collect()
        };
        let agreed: Vec<Point> = self
            .deals
            .iter()
            .filter(|deal| deal.h == h)
            .map(|deal| deal.point.clone())
            .collect();
        let before = gain + self.keeps(h, &agreed);
        if before >= -1e-9 * profit.abs().max(1.0) {
            return;
        }
        let mut record = Record {
            table: 0,
            h,
            placed: hosts[h],
            signed: hosts.clone(),
            bargain: None,
            point: None,
            note: format!("would lose {before}: "),
        };
        if gain + self.keeps(h, &at(0.0)) < 0.0 {
            record.note.push_str("leaves");
            self.play.hosts[h] = 0;
            self.deals.retain(|deal| deal.h != h);
        } else {
            let share = last_that_holds(|share| gain + self.keeps(h, &at(share)) >= 0.0);
            let _ = write!(record.note, "all keep {share}");
            let points = at(share);
            let deals = self.deals.iter_mut().filter(|deal| deal.h == h);
            for (deal, point) in deals.zip(points) {
                deal.point = point;
            }
        }
        self.play.records.push(record);
    }

    /// A contest: each h auctions one hub.
    fn contest(&mut self) {
        let economy = self.seating.economy;
        let everyone = full(economy.n);
        let mut auctions: Vec<(usize, usize)> = (0..economy.m)
            .filter_map(|h| Some((self.seating.place(everyone, h)?, h)))
            .collect();
        auctions.sort_unstable();
        self.play.expected = vec![0; economy.m];
        for (_, h) in auctions {
            self.play.hosts[h] = 0;
            let signed = self.play.hosts.clone();
            let mut bids: Vec<(f64, usize, Bargain)> = Vec::new();
            for i in list(economy.feasible(h)) {
                if economy.size[i][h] > self.budget[h] {
                    continue;
                }
                let table = Table {
                    states: with(0, i),
                    h,
                    signed: &signed,
                    expected: &self.play.expected,
                    foresight: 0.0,
                    claims: &vec![f64::NEG_INFINITY; economy.numbers.terms.len()],
                };
                let bargain = self.seating.bargain(&table, with(0, i));
                let bid = bargain.hyperscaler_best();
                self.play.records.push(Record {
                    table: with(0, i),
                    h,
                    placed: with(0, i),
                    signed: signed.clone(),
                    bargain: Some(bargain.clone()),
                    point: None,
                    note: format!("bids {bid:?}"),
                });
                if let Some(bid) = bid {
                    bids.push((bid, i, bargain));
                }
            }
            // Stable: of equal bids the earliest comes first.
            bids.sort_by(|a, b| b.0.total_cmp(&a.0));
            if let Some((_, i, bargain)) = bids.first() {
                let second = bids.get(1).map_or(0.0, |bid| bid.0);
                self.play.hosts[h] = with(0, *i);
                self.deals.push(Deal {
                    placed: with(0, *i),
                    h,
                    bargain: bargain.clone(),
                    point: bargain.hyperscaler_gets(second),
                });
            }
        }
    }

    fn sign(&mut self) {
        for deal in &self.deals {
            for i in list(deal.placed) {
                self.play.signed[i][deal.h] = Some(self.part(deal, i));
            }
        }
    }
}

/// All of n states.
pub fn full(n: usize) -> Set {
    (0..n).fold(0, with)
}
