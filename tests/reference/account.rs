//! Payoffs (32), (33) and the account of who gains by hosting (34).

use super::given::{Set, has, list};
use super::network::Economy;
use super::tables::Play;

/// The parts of (32) with f = 1: U_i(S) − U_i(∅), Σ s, Σ T, −Σ loss, U_i(∅) − U⁰_i, −Σ lost Λ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    pub access: f64,
    pub terms: f64,
    pub cash: f64,
    pub repricing: f64,
    pub own: f64,
    pub switching: f64,
}

impl Parts {
    /// What f_i multiplies.
    pub fn deals(&self) -> f64 {
        self.access + self.terms + self.cash + self.repricing
    }

    /// u_i (32) before sharing.
    pub fn payoff(&self, delay: f64) -> f64 {
        delay * self.deals() + self.own + self.switching
    }
}

/// `blank` is the window with talent_i(0), compute_i(0) and M = ∅.
pub fn parts(economy: &Economy, blank: &Economy, play: &Play, i: usize) -> Parts {
    let nobody = vec![0; economy.m];
    let empty = economy.access(i, &nobody);
    let deals = || play.signed[i].iter().flatten();
    let lost: f64 = (0..economy.m)
        .filter(|&h| economy.standing.had[i][h] && !has(play.hosts[h], i))
        .map(|h| economy.switching[i][h])
        .sum();
    Parts {
        access: economy.access(i, &play.hosts) - empty,
        terms: deals().map(|deal| deal.value).sum(),
        cash: deals().map(|deal| deal.transfer).sum(),
        repricing: -deals().map(|deal| deal.loss).sum::<f64>(),
        own: empty - blank.access(i, &nobody),
        switching: -lost,
    }
}

/// v_h (33) with f for the states J, and f_i = `delays[i]`.
pub fn profit(
    economy: &Economy,
    play: &Play,
    h: usize,
    talked: Set,
    delay: f64,
    delays: &[f64],
) -> f64 {
    let rivals = economy.rivals(h, &play.hosts);
    let worth = |hosts: Set| economy.profit(h, hosts, &rivals);
    let hosts = play.hosts[h];
    let outside = worth(hosts & !talked);
    let given: f64 = list(hosts)
        .map(|i| {
            let deal = play.signed[i][h].as_ref().expect("a host has signed");
            delays[i] * (deal.cost + deal.transfer - deal.loss)
        })
        .sum();
    let lost: f64 = (0..economy.n)
        .filter(|&i| economy.standing.had[i][h] && !has(hosts, i))
        .map(|i| economy.stranded[i][h])
        .sum();
    delay * (worth(hosts) - outside) + outside - worth(0) - given - lost
}

/// ζ_ih (34).
fn hosting(economy: &Economy, play: &Play, i: usize, h: usize) -> f64 {
    let (hosts, numbers) = (play.hosts[h], economy.numbers);
    let service = economy.service(h, hosts);
    let served = &service.served;
    let rivals = economy.rivals(h, &play.hosts);
    let now = economy.captured(h, hosts, &rivals);
    let none = economy.captured(h, 0, &rivals);
    let mut sum = -economy.hosting[i][h];
    for l in 0..economy.n {
        let part = if has(hosts, l) {
            if l == i { 1.0 } else { 0.0 }
        } else {
            let all: f64 = list(hosts).map(|j| economy.adds[l][j] * served[l][j]).sum();
            if all == 0.0 {
                0.0
            } else {
                economy.adds[l][i] * served[l][i] / all
            }
        };
        sum += part * economy.demand[l][h] * (now[l] - none[l]);
        if !has(hosts, l) {
            sum -= numbers.capital_charge * economy.size[l][h] * served[l][i];
        }
    }
    let costs: f64 = list(hosts).map(|j| economy.compliance[j][h]).sum();
    if costs != 0.0 {
        sum -= economy.compliance_of(h, hosts) * economy.compliance[i][h] / costs;
    }
    sum
}

/// Y_i of (34): what hyperscalers gain by hosting in i.
pub fn supplier_gain(economy: &Economy, play: &Play, i: usize, delay: f64) -> f64 {
    (0..economy.m)
        .filter_map(|h| Some((h, play.signed[i][h].as_ref()?)))
        .map(|(h, deal)| {
            let earned = hosting(economy, play, i, h);
            delay * (earned - deal.cost - deal.transfer + deal.loss)
        })
        .sum()
}

/// investment_i of one window.
pub fn investment(economy: &Economy, play: &Play, i: usize) -> f64 {
    let mut sum = 0.0;
    for h in 0..economy.m {
        let service = economy.service(h, play.hosts[h]);
        let rivals = economy.rivals(h, &play.hosts);
        let captured = economy.captured(h, play.hosts[h], &rivals);
        for l in 0..economy.n {
            if service.quality[l] > 0.0 {
                let y = service.served[l][i];
                sum += economy.size[l][h] * y * captured[l] / service.quality[l];
            }
        }
    }
    sum
}

/// i's spending on AI in one window, the denominator of bill_share.
pub fn spending(economy: &Economy, i: usize) -> f64 {
    economy.market[i] * economy.shares[i] * economy.given.years
}

/// Σ (s + T − loss) of one window, the numerator of bill_share.
pub fn won(play: &Play, i: usize) -> f64 {
    play.signed[i]
        .iter()
        .flatten()
        .map(|deal| deal.value + deal.transfer - deal.loss)
        .sum()
}

/// leverage from discounted X and Y.
pub fn leverage(gains: f64, supplier_gains: f64) -> f64 {
    let (gains, supplier_gains) = (gains.max(0.0), supplier_gains.max(0.0));
    if gains + supplier_gains == 0.0 {
        0.0
    } else {
        gains / (gains + supplier_gains)
    }
}
