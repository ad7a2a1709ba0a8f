//! One table for words: what each choice of a scenario and each metric of its results is called, what it means, and which equation or section of
//! the model holds it.
//!
//! Whatever names a solution, a rule, a mode, an order, a term effect or a metric takes its words from here: the schema and the loader, results
//! and their units, and every text. A row here and, where something is computed, the file that the table of its kind names make a new one; see
//! `CONTRIBUTING.md`.

pub use crate::theory::bargaining::Solution;

/// What is said of one choice or metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// How it is written in a scenario or in results.
    pub key: &'static str,
    /// What a reader sees it called.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// The equation or section of the model that holds it.
    pub equation: &'static str,
    /// The unit of a metric; empty where it has none, and for choices.
    pub unit: &'static str,
}

/// A closed list of things that have words.
pub trait Vocabulary: Copy + PartialEq + 'static {
    /// All of them, in the order of the contract.
    const ALL: &'static [Self];
    /// Their keys, in the same order.
    const KEYS: &'static [&'static str];

    /// What is said of it.
    fn word(self) -> &'static Word;

    /// How it is written in a scenario or in results.
    fn key(self) -> &'static str {
        self.word().key
    }

    /// The one that is written so.
    fn from_key(key: &str) -> Option<Self> {
        let at = Self::KEYS.iter().position(|known| *known == key)?;
        Some(Self::ALL[at])
    }
}

/// Choices, a row each: key, name, meaning, equation.
macro_rules! choices {
    ($Enum:ident { $($Choice:ident = $key:literal, $name:literal, $meaning:literal, $equation:literal;)+ }) => {
        impl Vocabulary for $Enum {
            const ALL: &'static [$Enum] = &[$($Enum::$Choice),+];
            const KEYS: &'static [&'static str] = &[$($key),+];

            fn word(self) -> &'static Word {
                match self {
                    $($Enum::$Choice => &Word {
                        key: $key,
                        name: $name,
                        meaning: $meaning,
                        equation: $equation,
                        unit: "",
                    },)+
                }
            }
        }
    };
    ($(#[$meta:meta])* enum $Enum:ident { $($Choice:ident = $key:literal, $name:literal, $meaning:literal, $equation:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $Enum { $(#[doc = $meaning] $Choice,)+ }

        choices! { $Enum { $($Choice = $key, $name, $meaning, $equation;)+ } }
    };
}

/// Metrics, a row each: key, name, unit, meaning, equation.
macro_rules! metrics {
    ($(#[$meta:meta])* $Enum:ident { $($Metric:ident = $key:literal, $name:literal, $unit:literal, $meaning:literal, $equation:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $Enum { $(#[doc = $meaning] $Metric,)+ }

        impl Vocabulary for $Enum {
            const ALL: &'static [$Enum] = &[$($Enum::$Metric),+];
            const KEYS: &'static [&'static str] = &[$($key),+];

            fn word(self) -> &'static Word {
                match self {
                    $($Enum::$Metric => &Word {
                        key: $key,
                        name: $name,
                        meaning: $meaning,
                        equation: $equation,
                        unit: $unit,
                    },)+
                }
            }
        }

        impl $Enum {
            /// Every metric, in order.
            pub const ALL: &'static [$Enum] = <$Enum as Vocabulary>::ALL;
            /// How many metrics there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The name in results.
            pub fn name(self) -> &'static str {
                self.key()
            }

            /// The metric named `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::from_key(name)
            }
        }
    };
}

choices! {
    Solution {
        Nash = "nash", "Nash", "Maximises the product of gains, each to the power of its side's bargaining power.", "(25)";
        KalaiSmorodinsky = "kalai-smorodinsky", "Kalai-Smorodinsky", "Gives both sides the same share of the most that each could get.", "(26)";
        Egalitarian = "egalitarian", "egalitarian", "Gives both sides the same gain.", "(27)";
        Rubinstein = "rubinstein", "Rubinstein", "Alternating offers: what neither side would rather wait a round to better.", "(28)";
    }
}

choices! {
    /// Order of the pairs in a window (model, section 6).
    enum Order {
        Random = "random", "random", "By one keyed uniform per pair.", "section 6";
        Size = "size", "by size", "By descending deal size.", "section 6";
        Listed = "listed", "as listed", "State by state.", "section 6";
    }
}

choices! {
    /// How the deals of one hyperscaler count on each other (model, section 4).
    enum Others {
        NashInNash = "nash-in-nash", "Nash-in-Nash", "Each deal counts on all other expected deals.", "section 4";
        RandomOrder = "random-order", "random order", "Each deal counts on those struck before it, in random order.", "section 4";
    }
}

choices! {
    /// Whether `ai_uplift` adds to growth or to the level (7).
    enum Uplift {
        Growth = "growth", "growth", "Points added to yearly growth accumulate.", "(7)";
        Level = "level", "level", "A level reached over the ramp.", "(7)";
    }
}

choices! {
    /// A mode of negotiating (model, section 6).
    enum Mode {
        Bilateral = "bilateral", "bilateral arm", "Each pair by itself.", "section 6";
        Framework = "framework", "framework", "Common rules, separate tables.", "section 6";
        Bloc = "bloc", "bloc", "Common rules, one table.", "section 6";
        Contest = "contest", "contest", "Each hyperscaler auctions one hub.", "section 6";
    }
}

choices! {
    /// How an accord is adopted (model, section 7, step 2). `{opt_outs}` stands for the arm's number.
    enum VotingRule {
        Consensus = "consensus", "consensus", "All must say yes.", "section 7";
        MinusX = "minus-x", "consensus of all but up to {opt_outs}", "Those who say no may leave, up to `opt_outs`.", "section 7";
        QualifiedMajority = "qualified-majority", "qualified majority", "A weighted quota binds all.", "section 7";
        Lead = "lead", "the lead state", "The lead member decides.", "section 7";
        None = "none", "no vote", "No talks: those who joined are the accord.", "section 7";
        Mandate = "mandate", "a mandate", "No talks: all invited are the accord, and nobody leaves.", "section 7";
    }
}

choices! {
    /// What makes states join an accord (model, section 7).
    enum Joining {
        Will = "will", "will", "Each with its own probability `will`.", "section 7";
        Goodwill = "goodwill", "goodwill", "Each with its own probability `goodwill`.", "section 7";
    }
}

choices! {
    /// Weights of votes (model, section 7, step 2).
    enum Weights {
        Equal = "equal", "one state, one vote", "Every vote counts the same.", "section 7";
        Gdp = "gdp", "by GDP", "By GDP of the window.", "section 7";
        Population = "population", "by population", "By population.", "section 7";
    }
}

choices! {
    /// When a bloc's tables come (model, section 6).
    enum Turn {
        First = "first", "first", "Before all other pairs.", "section 6";
        Middle = "middle", "middle", "At the lower median of its pairs' places.", "section 6";
        Last = "last", "last", "After all other pairs.", "section 6";
    }
}

choices! {
    /// How a bloc divides its members' gains (model, section 7, step 5).
    enum Sharing {
        None = "none", "nothing shared", "Each member keeps what its own deals bring.", "section 7";
        Equal = "equal", "equal shares", "Equal shares.", "section 7";
        Gdp = "gdp", "by GDP", "By GDP of the window.", "section 7";
        Population = "population", "by population", "By population.", "section 7";
        Shapley = "shapley", "Shapley value", "By the Shapley value of the members' game.", "section 7";
        Nucleolus = "nucleolus", "nucleolus", "By the nucleolus of the members' game.", "section 7";
    }
}

choices! {
    /// What signed levels of a term do to the standing of a state, per unit of level (model, section 8).
    enum TermEffect {
        Talent = "talent_effect", "talent", "Effect on talent", "(35)";
        Compute = "compute_effect", "compute", "Effect on compute", "(36)";
        Portability = "portability_effect", "portability", "Effect against dependency", "(37)";
    }
}

metrics! {
    /// Metrics of a state in an arm.
    StateMetric {
        Payoff = "payoff", "payoff", "US$ bn", "Σ_w (1+r)^−t u_i, after sharing.", "(32)";
        Leverage = "leverage", "leverage", "share", "pos X/(pos X + pos Y) from discounted sums.", "(34)";
        Investment = "investment", "investment", "US$ bn", "Capital that goes where demand is served from.", "section 8";
        DealSize = "deal_size", "deal size", "US$ bn", "Σ Z signed.", "section 8";
        Concessions = "concessions", "concessions", "US$ per US$ of capital", "Σ(s + T)/Σ Z over its deals.", "section 8";
        Deals = "deals", "deals", "deals", "Signed pairs over all windows.", "section 10";
        Talent = "talent", "talent", "index from 0 to 1", "Talent after the last window.", "(35)";
        Compute = "compute", "compute", "index from 0 to 1", "Compute after the last window.", "(36)";
        Dependency = "dependency", "dependency", "share", "Mean dependency over feasible suppliers after the last window.", "(37)";
        SupplierGain = "supplier_gain", "supplier gain", "US$ bn", "Y_i: what hyperscalers gain by hosting in i.", "(34)";
        Exposure = "exposure", "exposure", "US$ bn", "Σ_h Λ_ih as it would stand after the last window.", "(20)";
        Access = "access", "access", "US$ bn", "Part of payoff: U_i(S) − U_i(∅).", "(32)";
        Terms = "terms", "terms", "US$ bn", "Part of payoff: Σ s.", "(32)";
        Cash = "cash", "cash", "US$ bn", "Part of payoff: Σ T.", "(32)";
        Repricing = "repricing", "repricing", "US$ bn", "Part of payoff: −Σ loss.", "(40)";
        Own = "own", "own", "US$ bn", "Part of payoff: U_i(∅) − U⁰_i.", "(32)";
        Delay = "delay", "delay", "US$ bn", "Part of payoff: (f − 1)·(access + terms + cash + repricing).", "(32)";
        Switching = "switching", "switching", "US$ bn", "Part of payoff: −Σ lost Λ.", "(32)";
        Sharing = "sharing", "sharing", "US$ bn", "Part of payoff: net side payment.", "(32)";
        BillShare = "bill_share", "share of the bill", "share", "Σ(s + T − loss) over Σ market·m·L: what deals win of the spending on AI.", "section 8";
        InvestmentPresent = "investment_present", "investment, present value", "US$ bn", "Investment, each window discounted at the state's rate, as supplier gain is.", "section 8";
    }
}

metrics! {
    /// Causes of a state's payoff in an arm, discounted sums; the last three only in an arm with an accord behind the first whose accord is agreed.
    CauseMetric {
        Alone = "alone", "alone", "US$ bn", "u_i(∅): what it gets without any accord.", "(43)";
        Rules = "rules", "rules", "US$ bn", "u_i(fw) − u_i(∅): the accord's rules at separate tables.", "(43)";
        Table = "table", "joint table", "US$ bn", "u_i(C) − u_i(fw): one table, and its short list.", "(43)";
        Sharing = "sharing", "sharing", "US$ bn", "Net side payment.", "(43)";
        Delay = "delay", "delay", "US$ bn", "What talks postpone.", "(43)";
        Members = "members", "who is in", "US$ bn", "u_i(C_a) − u_i(C_b): its own members instead of those of the first arm with an accord that is agreed.", "(44)";
        RulesSwapped = "rules_swapped", "rules, members swapped", "US$ bn", "Rules, with the members of that arm.", "(44)";
        TableSwapped = "table_swapped", "joint table, members swapped", "US$ bn", "Joint table, with the members of that arm.", "(44)";
    }
}

metrics! {
    /// Causes of what a state gets in one arm more than in another, discounted sums.
    DifferenceCause {
        Legacy = "legacy", "legacy", "US$ bn", "What each would get without any accord, one less the other: talent, compute and dependency that earlier deals built.", "(43)";
        Members = "members", "who is in", "US$ bn", "Other members than those of the first arm with an accord that is agreed.", "(44)";
        Rules = "rules", "rules", "US$ bn", "The accord's rules at separate tables; between two accords with the members of the earlier.", "(43)";
        Table = "table", "joint table", "US$ bn", "One table, and its short list; between two accords with the members of the earlier.", "(43)";
        Sharing = "sharing", "sharing", "US$ bn", "Net side payment.", "(43)";
        Delay = "delay", "delay", "US$ bn", "What talks postpone.", "(43)";
    }
}

metrics! {
    /// Metrics of a hyperscaler in an arm.
    HyperscalerMetric {
        Profit = "profit", "profit", "US$ bn", "Σ_w (1+r_h)^−t v_h.", "(33)";
        ComplianceCost = "compliance_cost", "compliance cost", "US$ bn", "Σ_w (1+r_h)^−t comp_h(S_h).", "(15)";
        Capex = "capex", "capital", "US$ bn", "Σ Z signed.", "(4)";
        CapexPresent = "capex_present", "capital, present value", "US$ bn", "Σ_w (1+r_h)^−t Z signed, discounted as profit is.", "(4)";
    }
}

metrics! {
    /// Metrics of the whole arm.
    TotalMetric {
        Payoff = "payoff", "payoff", "US$ bn", "Σ_i payoff.", "(32)";
        Profit = "profit", "profit", "US$ bn", "Σ_h profit.", "(33)";
        Leverage = "leverage", "leverage", "share", "From ΣX and ΣY.", "(34)";
        Investment = "investment", "investment", "US$ bn", "Σ_i investment.", "section 8";
        Deals = "deals", "deals", "deals", "Signed pairs over all windows.", "section 10";
        Herfindahl = "herfindahl", "concentration", "index from 0 to 1", "Σ of squared shares of investment.", "section 10";
        LargestShare = "largest_share", "largest state's share", "share", "Largest share of investment.", "section 10";
        Gini = "gini", "Gini", "index from 0 to 1", "Gini of payoff per head, weighted by population.", "section 10";
        BillShare = "bill_share", "share of the bill", "share", "Of the sums over states above and below the line.", "section 8";
    }
}

metrics! {
    /// Metrics of a window of an arm.
    WindowMetric {
        Deals = "deals", "deals", "deals", "Signed pairs.", "section 10";
        AccordSize = "accord_size", "members", "states", "Members of the accord.", "section 7";
        Rounds = "rounds", "rounds", "rounds", "Rounds of talks.", "section 7";
        Gini = "gini", "Gini", "index from 0 to 1", "Gini of payoff per head.", "section 10";
        RegionInvestment = "region_investment", "investment in the region", "US$ bn", "Σ_i investment of the window.", "section 8";
        Herfindahl = "herfindahl", "concentration", "index from 0 to 1", "Σ of squared shares of the window's investment, 0 without any.", "section 10";
        RegionLeverage = "region_leverage", "leverage of the region", "share", "From ΣX and ΣY of the window.", "(34)";
    }
}

metrics! {
    /// Metrics of a state in a window of an arm.
    WindowStateMetric {
        Payoff = "payoff", "payoff", "US$ bn", "u_i of the window, undiscounted.", "(32)";
        Leverage = "leverage", "leverage", "share", "Leverage of the window.", "(34)";
        Investment = "investment", "investment", "US$ bn", "Investment of the window.", "section 8";
        Member = "member", "member", "share", "1 if in the accord.", "section 7";
        Joined = "joined", "joined", "share", "1 if it would join, or applied to an accord that stands.", "section 7";
        Yes = "yes", "said yes", "share", "1 if its last vote was yes.", "section 7";
        Left = "left", "left", "share", "1 if it left in step 3.", "section 7";
    }
}

/// The unit of the metric named `name` in results, whichever kind it is of; empty where there is none.
pub fn unit_of_metric(name: &str) -> &'static str {
    fn unit<M: Vocabulary>(name: &str) -> Option<&'static str> {
        M::from_key(name).map(|metric| metric.word().unit)
    }
    let units = [
        unit::<StateMetric>,
        unit::<CauseMetric>,
        unit::<DifferenceCause>,
        unit::<HyperscalerMetric>,
        unit::<TotalMetric>,
        unit::<WindowMetric>,
        unit::<WindowStateMetric>,
    ];
    let known = units.into_iter().find_map(|unit| unit(name));
    known.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words<V: Vocabulary>() -> Vec<&'static Word> {
        V::ALL.iter().map(|one| one.word()).collect()
    }

    fn lists() -> Vec<Vec<&'static Word>> {
        vec![
            words::<Solution>(),
            words::<Order>(),
            words::<Others>(),
            words::<Uplift>(),
            words::<Mode>(),
            words::<VotingRule>(),
            words::<Joining>(),
            words::<Weights>(),
            words::<Turn>(),
            words::<Sharing>(),
            words::<TermEffect>(),
            words::<StateMetric>(),
            words::<CauseMetric>(),
            words::<DifferenceCause>(),
            words::<HyperscalerMetric>(),
            words::<TotalMetric>(),
            words::<WindowMetric>(),
            words::<WindowStateMetric>(),
        ]
    }

    #[test]
    fn keys_and_names_are_each_used_once_in_their_list() {
        for words in lists() {
            for what in [|word: &Word| word.key, |word: &Word| word.name] {
                let mut all: Vec<&str> = words.iter().map(|word| what(word)).collect();
                all.sort_unstable();
                let count = all.len();
                all.dedup();
                assert_eq!(all.len(), count, "{words:?}");
            }
        }
    }

    #[test]
    fn the_model_holds_what_words_cite() {
        let model = include_str!("../../../../../src/docs/model.md");
        for word in lists().into_iter().flatten() {
            let is_there = match word.equation.strip_prefix("section ") {
                Some(section) => model.contains(&format!("\n## {section}. ")),
                None => model.contains(word.equation),
            };
            assert!(is_there, "{word:?}");
        }
    }

    #[test]
    fn a_metric_has_one_unit() {
        let metrics = lists().into_iter().skip(11).flatten();
        for word in metrics {
            assert_eq!(unit_of_metric(word.key), word.unit, "{word:?}");
        }
    }
}
