//! What the reference is given: every number of every window, the fixed rules of the arms, and the noise of the process.

/// A set of states: bit i is state i.
pub type Set = u64;

pub fn has(set: Set, i: usize) -> bool {
    set >> i & 1 == 1
}

pub fn with(set: Set, i: usize) -> Set {
    set | 1 << i
}

pub fn without(set: Set, i: usize) -> Set {
    set & !(1 << i)
}

/// In index order.
pub fn list(set: Set) -> impl Iterator<Item = usize> + Clone {
    std::iter::successors(Some(set), |&left| Some(left & left.wrapping_sub(1)))
        .take_while(|&left| left != 0)
        .map(|left| left.trailing_zeros() as usize)
}

pub fn count(set: Set) -> usize {
    set.count_ones() as usize
}

#[derive(Clone, Debug)]
pub struct Given {
    /// L.
    pub years: f64,
    /// `uplift_is = "level"`.
    pub level: bool,
    pub solution: Solution,
    /// `transfers`.
    pub cash: bool,
    pub order: Order,
    /// `others = "random-order"`.
    pub random_order: bool,
    /// By state and hyperscaler, before the first window.
    pub hosted: Vec<Vec<bool>>,
    pub states: Vec<String>,
    pub hyperscalers: Vec<String>,
    pub arms: Vec<Arm>,
    pub windows: Vec<Numbers>,
}

impl Given {
    /// Number of states.
    pub fn n(&self) -> usize {
        self.states.len()
    }

    /// Number of hyperscalers.
    pub fn m(&self) -> usize {
        self.hyperscalers.len()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solution {
    Nash,
    KalaiSmorodinsky,
    Egalitarian,
    Rubinstein,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Random,
    Size,
    Listed,
}

/// What is fixed about an arm.
#[derive(Clone, Debug)]
pub struct Arm {
    pub name: String,
    pub mode: Mode,
    pub shortlist: Option<usize>,
    pub members: Set,
    pub join: Join,
    pub standing: bool,
    pub rule: Rule,
    pub opt_outs: usize,
    pub weights: Weights,
    pub lead: Option<usize>,
    pub max_rounds: usize,
    pub defection: bool,
    pub turn: Turn,
    pub cover_all: bool,
    pub annexes: bool,
    /// Absent: "all".
    pub table: Option<Set>,
    pub sharing: Sharing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Bilateral,
    Framework,
    Bloc,
    Contest,
}

impl Mode {
    pub fn accord(self) -> bool {
        matches!(self, Mode::Framework | Mode::Bloc)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    Will,
    Goodwill,
    /// The number is [`ArmNumbers::join`].
    Number,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Consensus,
    MinusX,
    QualifiedMajority,
    Lead,
    None,
    Mandate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    Equal,
    Gdp,
    Population,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    First,
    Middle,
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    None,
    Equal,
    Gdp,
    Population,
    Shapley,
    Nucleolus,
}

/// The numbers of one window, events included.
#[derive(Clone, Debug)]
pub struct Numbers {
    pub region_efficiency: f64,
    pub outside_efficiency: f64,
    pub capex_intensity: f64,
    pub capital_charge: f64,
    pub coverage_rate: f64,
    pub contingent_share: f64,
    pub talent_elasticity: f64,
    pub ramp_years: f64,
    pub remote_value: f64,
    pub data_drag: f64,
    pub diversion: f64,
    pub peers: f64,
    pub peers_inside: f64,
    pub foresight: f64,
    pub round_years: f64,
    pub talent_rate: f64,
    pub compute_rate: f64,
    pub dependency_rate: f64,
    pub asset_decay: f64,
    pub lock_in: f64,
    pub sunk: f64,
    pub power_gain: f64,
    pub repricing: f64,
    pub repricing_foresight: f64,
    pub stranded: f64,
    pub states: Vec<State>,
    pub hyperscalers: Vec<Hyperscaler>,
    pub terms: Vec<Term>,
    /// By state and hyperscaler.
    pub fit: Vec<Vec<f64>>,
    pub feasible: Vec<Vec<bool>>,
    /// e_ij.
    pub efficiency: Vec<Vec<f64>>,
    pub arms: Vec<ArmNumbers>,
    /// By state and hyperscaler: ranked for `order = "random"`.
    pub ranks: Vec<Vec<f64>>,
    /// One uniform per state.
    pub joining: Vec<f64>,
    /// By round (the first is 0) and state; a round that is not listed has zeros.
    pub votes: Vec<Vec<f64>>,
}

#[derive(Clone, Debug)]
pub struct State {
    /// gdp_i and digital_gmv_i of this window, growth included.
    pub gdp: f64,
    pub gmv: f64,
    pub population: f64,
    pub ai_spend_share: f64,
    pub ai_uplift: f64,
    pub infrastructure: f64,
    pub residency: f64,
    pub strictness: f64,
    pub hub: f64,
    pub bargaining_power: f64,
    pub discount_rate: f64,
    pub will: f64,
    pub goodwill: f64,
    /// values_i[k].
    pub values: Vec<f64>,
    /// In the first window talent_i(0), compute_i(0); later the level that an event sets at the start of this window.
    pub talent: Option<f64>,
    pub compute: Option<f64>,
    /// By hyperscaler, at the start.
    pub dependency: Vec<f64>,
    pub asset: Vec<f64>,
}

#[derive(Clone, Debug)]
pub struct Hyperscaler {
    pub market_share: f64,
    pub operating_margin: f64,
    pub discount_rate: f64,
    pub entry_cost: f64,
    pub compliance_cost: f64,
    /// Infinite where there is none.
    pub capex_budget: f64,
    /// costs_h[k].
    pub costs: Vec<f64>,
}

#[derive(Clone, Debug)]
pub struct Term {
    pub state_value: f64,
    pub state_curvature: f64,
    pub cost: f64,
    pub cost_curvature: f64,
    pub min: f64,
    pub max: f64,
    pub talent_effect: f64,
    pub compute_effect: f64,
    pub portability_effect: f64,
    pub price_effect: f64,
}

/// The numbers of an arm in one window.
#[derive(Clone, Debug)]
pub struct ArmNumbers {
    pub active: bool,
    /// p_i where `join` is a number.
    pub join: f64,
    pub most_favoured: f64,
    pub binding: f64,
    pub harmonisation: f64,
    pub cross_border_data: f64,
    pub recourse: f64,
    pub penalty: f64,
    /// By term: the arm's floor, else the term's, else −∞.
    pub floors: Vec<f64>,
    pub quota: f64,
    pub round_years: f64,
    pub interim: f64,
    pub political_noise: f64,
    pub pooling: f64,
    pub side_payments: f64,
}
