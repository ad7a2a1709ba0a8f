//! The numbers of a scenario, named once: each enum lists the keys of one table of the scenario file that may be
//! quantities, in the order of the file's documentation, with the range that values and draws must keep.
//!
//! What does not vary (names, counts, rules) lives in [`crate::engine::model::arm`] and [`crate::engine::model`].

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
    ($(#[$meta:meta])* $Enum:ident { $($(#[$doc:meta])* $Key:ident = $name:literal, $range:expr;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $Enum { $($(#[$doc])* $Key,)+ }

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
        }
    };
}

keys! {
    /// Keys of `[market]`.
    MarketKey {
        /// e of (10) where no link names the pair.
        RegionEfficiency = "region_efficiency", Range::Share;
        /// How well a state is served from outside the region (11).
        OutsideEfficiency = "outside_efficiency", Range::Share;
        /// USD of capital per USD of yearly market and year (4).
        CapexIntensity = "capex_intensity", Range::NonNegative;
        /// Cost of hosting per USD of capital (5).
        CapitalCharge = "capital_charge", Range::NonNegative;
        /// How fast covered AI work saturates in market share (8).
        CoverageRate = "coverage_rate", Range::NonNegative;
        /// Share of AI value that hangs on deals (7).
        ContingentShare = "contingent_share", Range::Share;
        /// α of (7).
        TalentElasticity = "talent_elasticity", Range::Share;
        /// R of (7), years.
        RampYears = "ramp_years", Range::NonNegative;
        /// Value to a state of remote service, as a share of local service (16).
        RemoteValue = "remote_value", Range::Share;
        /// Loss of AI value by data rules (7).
        DataDrag = "data_drag", Range::Share;
        /// δ of (13).
        Diversion = "diversion", Range::Share;
        /// What falling behind others costs, as a share of V·(1−compute) (16).
        Peers = "peers", Range::NonNegative;
        /// Share of it that is falling behind other states of the region (16).
        PeersInside = "peers_inside", Range::Share;
    }
}

keys! {
    /// Uncertain keys of `[bargaining]`.
    BargainingKey {
        /// ρ of (18): 0 looks at what is signed, 1 counts on all expected deals.
        Foresight = "foresight", Range::Share;
        /// Length of a round of offers (28), years.
        RoundYears = "round_years", Range::NonNegative;
    }
}

keys! {
    /// Keys of `[dynamics]`.
    DynamicsKey {
        /// Rate of (35), per year.
        TalentRate = "talent_rate", Range::Share;
        /// Rate of (36), per year.
        ComputeRate = "compute_rate", Range::Share;
        /// Rate of (37), per year.
        DependencyRate = "dependency_rate", Range::Share;
        /// Cost of switching hyperscaler (20).
        LockIn = "lock_in", Range::NonNegative;
        /// Share of the entry cost that an incumbent host saves (5).
        Sunk = "sunk", Range::Share;
        /// Bargaining power per unit of talent gained (9).
        PowerGain = "power_gain", Range::NonNegative;
        /// r of (39): how far h reprices after signing.
        Repricing = "repricing", Range::Share;
        /// Share of what h has built that it loses by going (45).
        Stranded = "stranded", Range::Share;
        /// Rate of (46), per year.
        AssetDecay = "asset_decay", Range::Share;
        /// φ of (40): the share of repricing that both sides foresee.
        RepricingForesight = "repricing_foresight", Range::Share;
    }
}

keys! {
    /// Uncertain keys of `[[state]]`.
    StateKey {
        /// GDP at the start, USD bn per year.
        Gdp = "gdp", Range::Positive;
        /// Real growth of GDP per year.
        GdpGrowth = "gdp_growth", Range::Growth;
        /// Population, million.
        Population = "population", Range::Positive;
        /// Gross merchandise value of the digital economy at the start, USD bn per year.
        DigitalGmv = "digital_gmv", Range::NonNegative;
        /// Its real growth per year.
        GmvGrowth = "gmv_growth", Range::Growth;
        /// Spending on cloud and AI as a share of it (2).
        AiSpendShare = "ai_spend_share", Range::Share;
        /// AI uplift as a share of GDP (7).
        AiUplift = "ai_uplift", Range::NonNegative;
        /// Talent at the start, an index.
        Talent = "talent", Range::Share;
        /// Infrastructure, an index.
        Infrastructure = "infrastructure", Range::Share;
        /// Share of its AI work that the state covers by itself at the start.
        Compute = "compute", Range::Share;
        /// Share of data that must stay at home.
        Residency = "residency", Range::Share;
        /// Strictness of the state's own regime; 1 is the reference (6).
        Strictness = "strictness", Range::NonNegative;
        /// Share of the region's demand that its power, land and grid could serve, its own included and first (10).
        Hub = "hub", Range::Share;
        /// β of the asymmetric Nash product (9).
        BargainingPower = "bargaining_power", Range::Power;
        /// Real discount rate per year.
        DiscountRate = "discount_rate", Range::NonNegative;
        /// Probability of joining an accord whose `join` is "will".
        Will = "will", Range::Share;
        /// Probability of joining an accord whose `join` is "goodwill".
        Goodwill = "goodwill", Range::Share;
    }
}

keys! {
    /// Uncertain keys of `[[hyperscaler]]`.
    HyperscalerKey {
        /// Share of the market.
        MarketShare = "market_share", Range::Share;
        /// Operating margin.
        OperatingMargin = "operating_margin", Range::Share;
        /// Real discount rate per year.
        DiscountRate = "discount_rate", Range::NonNegative;
        /// Cost of entering a state, USD bn (5).
        EntryCost = "entry_cost", Range::NonNegative;
        /// Compliance cost per year in a state of strictness 1, USD bn (6).
        ComplianceCost = "compliance_cost", Range::NonNegative;
        /// Capital per window, USD bn; infinite where absent.
        CapexBudget = "capex_budget", Range::NonNegative;
    }
}

keys! {
    /// Uncertain keys of `[[term]]`, but for its effects, which [`TermEffect`](crate::engine::model::words::TermEffect) lists.
    TermKey {
        /// Slope of the state's value (21).
        StateValue = "state_value", Range::Finite;
        /// b of (21).
        StateCurvature = "state_curvature", Range::NonNegative;
        /// Slope of the hyperscaler's cost (22).
        Cost = "cost", Range::Finite;
        /// d of (22).
        CostCurvature = "cost_curvature", Range::NonNegative;
        /// Lowest level.
        Min = "min", Range::Finite;
        /// Highest level.
        Max = "max", Range::Finite;
        /// Floor of an accord; minus infinity where absent.
        Floor = "floor", Range::Finite;
        /// How far it protects from repricing, per unit of level (40).
        PriceEffect = "price_effect", Range::NonNegative;
    }
}

keys! {
    /// Uncertain keys of `[[pair]]`.
    PairKey {
        /// How well the hyperscaler fits the state; multiplies its market share.
        Fit = "fit", Range::NonNegative;
        /// Whether the two may deal at all.
        Feasible = "feasible", Range::Switch;
        /// dependency_ih at the start (37).
        Dependency = "dependency", Range::Share;
        /// asset_ih at the start, USD bn (46).
        Asset = "asset", Range::NonNegative;
    }
}

keys! {
    /// Uncertain keys of `[[arm]]`.
    ArmKey {
        /// Whether the accord exists; 0 plays the window as bilateral.
        Active = "active", Range::Switch;
        /// Probability of joining; not a number where the states' own `will` or `goodwill` is.
        Join = "join", Range::Share;
        /// Most-favoured clause: how far h owes each member what it gave another (41).
        MostFavoured = "most_favoured", Range::Share;
        /// How binding the accord is.
        Binding = "binding", Range::Share;
        /// η of (15).
        Harmonisation = "harmonisation", Range::Share;
        /// κ: how far a cross-border arrangement undoes data rules among members.
        CrossBorderData = "cross_border_data", Range::Share;
        /// Legal recourse against lock-in (20).
        Recourse = "recourse", Range::Share;
        /// Penalty of leaving, as a share of V·(1−compute) (31).
        Penalty = "penalty", Range::NonNegative;
        /// Quota of a qualified majority.
        Quota = "quota", Range::PositiveShare;
        /// Length of a round of talks, years.
        RoundYears = "round_years", Range::NonNegative;
        /// Share of the gains that flow while talks last.
        Interim = "interim", Range::Share;
        /// Spread of political noise in votes, as a share of |alone|.
        PoliticalNoise = "political_noise", Range::NonNegative;
        /// Weight of the strongest member in the bloc's power (30).
        Pooling = "pooling", Range::Share;
        /// ς: share of the members' gains that is pooled.
        SidePayments = "side_payments", Range::Share;
    }
}

/// The range of the number at a path such as `state.SG.talent` or `arm.*.binding`; `None` where no number is.
pub fn range_of(path: &str) -> Option<Range> {
    let words: Vec<&str> = path.split('.').collect();
    match words[..] {
        ["market", key] => MarketKey::from_name(key).map(MarketKey::range),
        ["bargaining", key] => BargainingKey::from_name(key).map(BargainingKey::range),
        ["dynamics", key] => DynamicsKey::from_name(key).map(DynamicsKey::range),
        ["state", _, key] => StateKey::from_name(key).map(StateKey::range),
        ["hyperscaler", _, key] => HyperscalerKey::from_name(key).map(HyperscalerKey::range),
        ["term", _, key] => TermKey::from_name(key).map(TermKey::range),
        ["pair", _, _, key] => PairKey::from_name(key).map(PairKey::range),
        ["link", _, _, "efficiency"] => Some(Range::Share),
        ["arm", _, key] => ArmKey::from_name(key).map(ArmKey::range),
        ["state", _, "values", _] | ["hyperscaler", _, "costs", _] | ["arm", _, "floors", _] => {
            Some(Range::Finite)
        }
        // The name of an event may have dots.
        ["event", _, .., "probability"] => Some(Range::Share),
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
}
