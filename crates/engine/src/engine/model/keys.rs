//! The numbers of a scenario, named once: each enum lists the keys of one table of the scenario file that may be
//! quantities, in the order of the file's documentation, with the range that values and draws must keep.
//!
//! Each key says in a sentence what it means: its documentation, and what a report calls it.
//!
//! What does not vary (names, counts, rules) lives in [`crate::engine::model::arm`] and [`crate::engine::model`].

use crate::engine::model::words::{TermEffect, Vocabulary};

/// The allowed range of a number of the scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// `[0, 1]`.
    Share,
    /// `(0, 1]`.
    PositiveShare,
    /// `[0.02, 0.98]`, the clamp of model (9).
    Power,
    /// `> 0`.
    Positive,
    /// `>= 0`.
    NonNegative,
    /// `> -1`: a growth rate.
    Growth,
    /// `[-1, 1]`.
    Correlation,
    /// Any finite number.
    Finite,
    /// `0` or `1`.
    Switch,
}

impl Range {
    /// Whether `value` is allowed. NaN never is; infinity only where the caller stores "absent" that way.
    pub fn contains(self, value: f64) -> bool {
        match self {
            Range::Share => (0.0..=1.0).contains(&value),
            Range::PositiveShare => value > 0.0 && value <= 1.0,
            Range::Power => (0.02..=0.98).contains(&value),
            Range::Positive => value > 0.0 && value.is_finite(),
            Range::NonNegative => value >= 0.0 && value.is_finite(),
            Range::Growth => value > -1.0 && value.is_finite(),
            Range::Correlation => (-1.0..=1.0).contains(&value),
            Range::Finite => value.is_finite(),
            Range::Switch => value == 0.0 || value == 1.0,
        }
    }

    /// The range in words, for messages: "a number in [0, 1]".
    pub fn describe(self) -> &'static str {
        match self {
            Range::Share => "a number in [0, 1]",
            Range::PositiveShare => "a number above 0 and at most 1",
            Range::Power => "a number in [0.02, 0.98]",
            Range::Positive => "a number above 0",
            Range::NonNegative => "a number that is 0 or more",
            Range::Growth => "a number above -1",
            Range::Correlation => "a number in [-1, 1]",
            Range::Finite => "a finite number",
            Range::Switch => "true, false, 0 or 1",
        }
    }

    /// The closed hull `(lowest, highest)` of the range, infinite where it has no bound.
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Range::Share | Range::PositiveShare | Range::Switch => (0.0, 1.0),
            Range::Power => (0.02, 0.98),
            Range::Positive | Range::NonNegative => (0.0, f64::INFINITY),
            Range::Growth => (-1.0, f64::INFINITY),
            Range::Correlation => (-1.0, 1.0),
            Range::Finite => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

macro_rules! keys {
    ($(#[$meta:meta])* $Enum:ident { $(#[doc = $doc:literal] $Key:ident = $name:literal, $range:expr;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $Enum { $(#[doc = $doc] $Key,)+ }

        impl $Enum {
            /// Every key, in order.
            pub const ALL: &'static [$Enum] = &[$($Enum::$Key),+];
            /// How many keys there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The key as written in the scenario file.
            pub fn name(self) -> &'static str {
                match self { $($Enum::$Key => $name,)+ }
            }

            /// The key named `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|key| key.name() == name)
            }

            /// The range of its value.
            pub fn range(self) -> Range {
                match self { $($Enum::$Key => $range,)+ }
            }

            /// What it means, in a sentence that may end with its equation in brackets.
            pub fn meaning(self) -> &'static str {
                match self { $($Enum::$Key => $doc,)+ }
            }
        }
    };
}

keys! {
    /// Keys of `[market]`.
    MarketKey {
        /// How well one state of the region can be served from another (10), where no link says it.
        RegionEfficiency = "region_efficiency", Range::Share;
        /// How well a state is served from outside the region (11).
        OutsideEfficiency = "outside_efficiency", Range::Share;
        /// Capital per dollar of yearly market (4).
        CapexIntensity = "capex_intensity", Range::NonNegative;
        /// Cost of hosting per dollar of capital (5).
        CapitalCharge = "capital_charge", Range::NonNegative;
        /// How fast further suppliers add to the AI work that is served (8).
        CoverageRate = "coverage_rate", Range::NonNegative;
        /// Share of the value of AI that hangs on deals with suppliers (7).
        ContingentShare = "contingent_share", Range::Share;
        /// How strongly the value of AI grows with talent (7).
        TalentElasticity = "talent_elasticity", Range::Share;
        /// Years until AI brings its full value (7).
        RampYears = "ramp_years", Range::NonNegative;
        /// What service from a neighbour is worth to a state, as a share of service at home (16).
        RemoteValue = "remote_value", Range::Share;
        /// What data rules cost of the value of AI (7).
        DataDrag = "data_drag", Range::Share;
        /// How much of a refused supplier's demand its rivals take (13).
        Diversion = "diversion", Range::Share;
        /// What falling behind others costs a state (16).
        Peers = "peers", Range::NonNegative;
        /// How much of that is falling behind other states of the region (16).
        PeersInside = "peers_inside", Range::Share;
    }
}

keys! {
    /// Uncertain keys of `[bargaining]`.
    BargainingKey {
        /// How far parties count on deals that are not signed yet (18).
        Foresight = "foresight", Range::Share;
        /// Length of a round of offers in years (28).
        RoundYears = "round_years", Range::NonNegative;
    }
}

keys! {
    /// Keys of `[dynamics]`.
    DynamicsKey {
        /// How fast talent grows with deals (35).
        TalentRate = "talent_rate", Range::Share;
        /// How fast own computing grows with deals (36).
        ComputeRate = "compute_rate", Range::Share;
        /// How fast dependency on a supplier grows (37).
        DependencyRate = "dependency_rate", Range::Share;
        /// What it costs a state to switch supplier (20).
        LockIn = "lock_in", Range::NonNegative;
        /// Share of the entry cost that a supplier saves where it is already (5).
        Sunk = "sunk", Range::Share;
        /// Bargaining power that talent brings (9).
        PowerGain = "power_gain", Range::NonNegative;
        /// How far suppliers raise prices after signing (39).
        Repricing = "repricing", Range::Share;
        /// Share of what a supplier has built that it loses by going (45).
        Stranded = "stranded", Range::Share;
        /// How fast what suppliers have built loses its worth (46).
        AssetDecay = "asset_decay", Range::Share;
        /// How much of later price rises both sides foresee (40).
        RepricingForesight = "repricing_foresight", Range::Share;
    }
}

keys! {
    /// Uncertain keys of `[[state]]`.
    StateKey {
        /// GDP at the start in USD bn (7).
        Gdp = "gdp", Range::Positive;
        /// Real growth of GDP per year.
        GdpGrowth = "gdp_growth", Range::Growth;
        /// Population in millions.
        Population = "population", Range::Positive;
        /// Size of the digital economy at the start in USD bn a year (2).
        DigitalGmv = "digital_gmv", Range::NonNegative;
        /// Real growth of the digital economy per year (2).
        GmvGrowth = "gmv_growth", Range::Growth;
        /// Spending on cloud and AI as a share of the digital economy (2).
        AiSpendShare = "ai_spend_share", Range::Share;
        /// What AI can add, as a share of GDP (7).
        AiUplift = "ai_uplift", Range::NonNegative;
        /// Talent at the start, an index (7).
        Talent = "talent", Range::Share;
        /// Infrastructure, an index (7).
        Infrastructure = "infrastructure", Range::Share;
        /// Share of its AI work that a state does with its own computing at the start (36).
        Compute = "compute", Range::Share;
        /// Share of data that must stay at home (10).
        Residency = "residency", Range::Share;
        /// Strictness of a state's own regime (6).
        Strictness = "strictness", Range::NonNegative;
        /// Room for data centres: the share of the region's demand that its power, land and grid could serve (10).
        Hub = "hub", Range::Share;
        /// Bargaining power (9).
        BargainingPower = "bargaining_power", Range::Power;
        /// Real discount rate per year.
        DiscountRate = "discount_rate", Range::NonNegative;
        /// Readiness to join a binding accord.
        Will = "will", Range::Share;
        /// Readiness to join a voluntary accord.
        Goodwill = "goodwill", Range::Share;
    }
}

keys! {
    /// Uncertain keys of `[[hyperscaler]]`.
    HyperscalerKey {
        /// Share of the market.
        MarketShare = "market_share", Range::Share;
        /// Operating margin (3).
        OperatingMargin = "operating_margin", Range::Share;
        /// Real discount rate per year.
        DiscountRate = "discount_rate", Range::NonNegative;
        /// Cost of entering a state in USD bn (5).
        EntryCost = "entry_cost", Range::NonNegative;
        /// Yearly cost of complying with a state's rules in USD bn (6).
        ComplianceCost = "compliance_cost", Range::NonNegative;
        /// Capital per window in USD bn; infinite where absent.
        CapexBudget = "capex_budget", Range::NonNegative;
    }
}

keys! {
    /// Uncertain keys of `[[term]]`, but for its effects, which [`TermEffect`] lists.
    TermKey {
        /// What a term is worth to a state (21).
        StateValue = "state_value", Range::Finite;
        /// How fast a term loses worth to a state as it rises (21).
        StateCurvature = "state_curvature", Range::NonNegative;
        /// What a term costs a supplier (22).
        Cost = "cost", Range::Finite;
        /// How fast the cost of a term grows as it rises (22).
        CostCurvature = "cost_curvature", Range::NonNegative;
        /// Lowest level of a term.
        Min = "min", Range::Finite;
        /// Highest level of a term.
        Max = "max", Range::Finite;
        /// Floor of an accord under a term; minus infinity where absent.
        Floor = "floor", Range::Finite;
        /// How far a term protects from price rises (40).
        PriceEffect = "price_effect", Range::NonNegative;
    }
}

keys! {
    /// Uncertain keys of `[[pair]]`.
    PairKey {
        /// How well a supplier fits a state; multiplies its market share.
        Fit = "fit", Range::NonNegative;
        /// Whether the two may deal at all.
        Feasible = "feasible", Range::Switch;
        /// How much a state depends on a supplier at the start (37).
        Dependency = "dependency", Range::Share;
        /// What a supplier has built at the start in USD bn (46).
        Asset = "asset", Range::NonNegative;
    }
}

keys! {
    /// Uncertain keys of `[[arm]]`.
    ArmKey {
        /// Whether the accord exists; 0 plays the window as bilateral.
        Active = "active", Range::Switch;
        /// Probability of joining the accord; not a number where the states' own readiness is.
        Join = "join", Range::Share;
        /// How far a supplier owes each member what it gave another (41).
        MostFavoured = "most_favoured", Range::Share;
        /// How binding the accord is.
        Binding = "binding", Range::Share;
        /// How far rules of members are one (15).
        Harmonisation = "harmonisation", Range::Share;
        /// How far data move among members in spite of data rules (10).
        CrossBorderData = "cross_border_data", Range::Share;
        /// Legal recourse of members against lock-in (20).
        Recourse = "recourse", Range::Share;
        /// Penalty of leaving the accord (31).
        Penalty = "penalty", Range::NonNegative;
        /// Quota of a qualified majority.
        Quota = "quota", Range::PositiveShare;
        /// Length of a round of talks in years.
        RoundYears = "round_years", Range::NonNegative;
        /// Share of the gains that flow while talks last.
        Interim = "interim", Range::Share;
        /// Political noise in votes.
        PoliticalNoise = "political_noise", Range::NonNegative;
        /// Weight of the strongest member in the power of a bloc (30).
        Pooling = "pooling", Range::Share;
        /// Share of the members' gains that is pooled.
        SidePayments = "side_payments", Range::Share;
    }
}

/// The range of the number at a path such as `state.SG.talent` or `arm.*.binding`; `None` where no number is.
pub fn range_of(path: &str) -> Option<Range> {
    known(path).map(|(range, _)| range)
}

/// What the number at a path means, in plain words without its equation: "What it costs a state to switch supplier"; `None` where no number is.
pub fn meaning_of(path: &str) -> Option<&'static str> {
    let (_, meaning) = known(path)?;
    let meaning = meaning.trim().trim_end_matches('.');
    let plain = match meaning
        .strip_suffix(')')
        .and_then(|said| said.rsplit_once(" ("))
    {
        Some((words, equation)) if equation.bytes().all(|byte| byte.is_ascii_digit()) => words,
        _ => meaning,
    };
    Some(plain.split(';').next().unwrap_or(plain))
}

/// Range and meaning of the number at a path.
fn known(path: &str) -> Option<(Range, &'static str)> {
    macro_rules! key {
        ($Key:ident, $name:expr) => {
            $Key::from_name($name).map(|key| (key.range(), key.meaning()))
        };
    }
    let words: Vec<&str> = path.split('.').collect();
    match words[..] {
        ["market", key] => key!(MarketKey, key),
        ["bargaining", key] => key!(BargainingKey, key),
        ["dynamics", key] => key!(DynamicsKey, key),
        ["state", _, key] => key!(StateKey, key),
        ["hyperscaler", _, key] => key!(HyperscalerKey, key),
        ["term", _, key] => TermEffect::from_key(key)
            .map(|effect| (Range::Finite, effect.word().meaning))
            .or_else(|| key!(TermKey, key)),
        ["pair", _, _, key] => key!(PairKey, key),
        ["link", _, _, "efficiency"] => {
            Some((Range::Share, "How well each serves the other (10)."))
        }
        ["arm", _, key] => key!(ArmKey, key),
        ["state", _, "values", _] => Some((
            Range::Finite,
            "What the term is worth to the state, as a multiple (21).",
        )),
        ["hyperscaler", _, "costs", _] => Some((
            Range::Finite,
            "What the term costs the supplier, as a multiple (22).",
        )),
        ["arm", _, "floors", _] => Some((Range::Finite, "Floor of the accord under the term.")),
        // The name of an event may have dots.
        ["event", _, .., "probability"] => {
            Some((Range::Share, "Probability that the event comes."))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_the_range_of_their_key() {
        assert_eq!(range_of("arm.bloc.binding"), Some(Range::Share));
        assert_eq!(range_of("arm.bloc.join"), Some(Range::Share));
        assert_eq!(range_of("event.a ban.probability"), Some(Range::Share));
        assert_eq!(range_of("event.'v1.2'.probability"), Some(Range::Share));
        assert_eq!(range_of("event.probability"), None);
        assert_eq!(range_of("event.a ban.came"), None);
        assert_eq!(range_of("pair.SG.MSFT.asset"), Some(Range::NonNegative));
        assert_eq!(
            range_of("term.price.price_effect"),
            Some(Range::NonNegative)
        );
        assert_eq!(range_of("arm.*.floors.tax"), Some(Range::Finite));
        assert_eq!(range_of("state.SG.gdp"), Some(Range::Positive));
        assert_eq!(range_of("pair.SG.MSFT.feasible"), Some(Range::Switch));
        assert_eq!(range_of("bargaining.solution"), None);
        assert_eq!(range_of("state.SG"), None);
    }
    #[test]
    fn what_a_number_means_is_said_without_its_equation() {
        assert_eq!(
            meaning_of("dynamics.lock_in"),
            Some("What it costs a state to switch supplier")
        );
        assert_eq!(
            meaning_of("pair.SG.MSFT.fit"),
            Some("How well a supplier fits a state")
        );
        assert_eq!(meaning_of("term.a.talent_effect"), Some("Effect on talent"));
        assert_eq!(meaning_of("state.SG"), None);
    }
}
