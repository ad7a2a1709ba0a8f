//! The keys of every table, in the order of the contract.

use crate::engine::model::words::{Joining, Mode, Order, Others, Sharing, Solution, TermEffect, Turn, Uplift, Vocabulary, VotingRule, Weights};
use crate::theory::draws::design::Sampler;
use crate::engine::model::keys::{
    ArmKey, BargainingKey, DynamicsKey, HyperscalerKey, MarketKey, PairKey, Range, StateKey,
    TermKey,
};
use crate::scenario::most::{MOST_CELLS, MOST_TRIALS};
use crate::scenario::quantity::GRADES;
use crate::scenario::schema::key::{Default, Form, FileKey};
use crate::engine::model::pedigree::BEST_MARK;
use crate::engine::model::question::REGION;
use crate::scenario::schema::section::FileTable;
use Default::{Absent, Boolean, Integer, Number, Required, Word};
use std::sync::LazyLock;

const ANY: &[Mode] = Mode::ALL;
const ACCORD: &[Mode] = &[Mode::Framework, Mode::Bloc];
const BLOC: &[Mode] = &[Mode::Bloc];
const TABLES: &[Mode] = &[Mode::Bilateral, Mode::Framework, Mode::Bloc];

/// Each thread holds every window of a world in memory.
const MOST_WINDOWS: u64 = 1000;
/// Talks that never agree play every round of every window.
const MOST_ROUNDS: u64 = 1000;
/// Words that stand within sentences and at the heads of columns.
const LONGEST_WORD: usize = 40;
const LONGEST_LINE: usize = 200;
const COUNT: u64 = u32::MAX as u64;

/// Keys by the position of their section in [`FileTable`].
static ALL: LazyLock<Vec<Vec<FileKey>>> = LazyLock::new(|| {
    vec![
        root(),
        question(),
        words(),
        history(),
        history_figure(),
        history_observed(),
        history_winner(),
        history_candidate(),
        simulation(),
        horizon(),
        market(),
        bargaining(),
        dynamics(),
        state(),
        hyperscaler(),
        term(),
        pair(),
        link(),
        arm(),
        event(),
        correlation(),
        pedigree(),
        sweep(),
        axis(),
        accords(),
    ]
});

impl FileTable {
    /// Its keys, in the order of the contract.
    pub fn keys(self) -> &'static [FileKey] {
        &ALL[self as usize]
    }

    /// The key named `name`.
    pub fn key(self, name: &str) -> Option<&'static FileKey> {
        self.keys().iter().find(|key| key.name == name)
    }

    /// Names of the keys that an arm of `mode` knows, all of them where there is no mode.
    pub fn names(self, mode: Option<Mode>) -> Vec<&'static str> {
        let known = self.keys().iter().filter(|key| key.known_to(mode));
        known.map(|key| key.name).collect()
    }

    /// Whether the table must be there because one of its keys is required.
    pub fn is_required(self) -> bool {
        !self.is_list()
            && self
                .keys()
                .iter()
                .any(|key| key.default == Required)
    }
}

fn key(name: &'static str, form: Form, default: Default, doc: &'static str) -> FileKey {
    FileKey {
        name,
        form,
        default,
        modes: ANY,
        doc,
    }
}

/// A number of the model: its name and range are those of the model's key.
macro_rules! number {
    ($key:expr, $default:expr, $doc:literal) => {
        key($key.name(), Form::Quantity($key.range()), $default, $doc)
    };
}

fn root() -> Vec<FileKey> {
    vec![
        key("schema", Form::Integer(1, 1), Required, "Version of the format"),
        key("name", Form::Text, Absent("the file's stem"), "Name of the scenario"),
        key("description", Form::Text, Word(""), "What the scenario is about"),
        key("extends", Form::Text, Absent("no base"), "What this one changes: a scenario file, relative to this one, or the name of a shipped scenario"),
    ]
}

fn question() -> Vec<FileKey> {
    vec![
        key("text", Form::Text, Absent("the description"), "The question that the scenario is to answer"),
        key("options", Form::Names(FileTable::Arm), Absent("every arm that is not switched off"), "The arms to choose from; the others are circumstances. Those that a stronger layer removes are none"),
        key("for", Form::Text, Word(REGION), "Whose view it takes: \"region\", or the id of a state or hyperscaler"),
    ]
}

fn words() -> Vec<FileKey> {
    let word = |name, usual, doc| key(name, Form::Line(LONGEST_WORD), Word(usual), doc);
    vec![
        word("state", "state", "What readers call one state"),
        word("states", "states", "What they call several"),
        word("hyperscaler", "hyperscaler", "What readers call one hyperscaler"),
        word("hyperscalers", "hyperscalers", "What they call several"),
        word("currency", "US$ bn", "What amounts are counted in"),
        word("region", "the region", "What readers call all states together"),
    ]
}

fn history() -> Vec<FileKey> {
    vec![
        key("who", Form::Line(LONGEST_LINE), Required, "Who bargained, in a line"),
        key("when", Form::Line(LONGEST_LINE), Required, "When"),
        key("outcome", Form::Line(LONGEST_LINE), Required, "Year of the observed figure; every input is of what stood before it"),
        key("outside", Form::Text, Required, "What each side had if talks failed"),
        key("mapping", Form::Text, Required, "Who is a state, who is a hyperscaler, what is the market, which terms, which money"),
        key("missing", Form::Texts, Absent("nothing"), "What the model cannot express of it"),
        key("figure", Form::Table(FileTable::HistoryFigure), Required, "What is compared, world by world"),
        key("observed", Form::Table(FileTable::HistoryObserved), Required, "What came of it, on record"),
        key("winner", Form::Table(FileTable::HistoryWinner), Absent("not on record"), "Who gained most"),
        key("after", Form::Text, Word(""), "Which assumption fails, or why it is right: written once the case was played, and no part of what was known before"),
    ]
}

fn history_figure() -> Vec<FileKey> {
    vec![
        key("what", Form::Text, Required, "What is compared, in words"),
        key("unit", Form::Line(LONGEST_WORD), Required, "Its unit"),
        key("result", Form::Result, Required, "The figure of a world is times * (result - less) / per: what is read"),
        key("less", Form::Result, Absent("nothing"), "What is taken from it"),
        key("per", Form::Result, Absent("nothing"), "What it is divided by"),
        key("times", Form::Number(Range::Finite), Number(1.0), "The factor, for example 100 for per cent"),
        key("gain", Form::Number(Range::Finite), Number(1.0), "1 where more is better for the side that joins, -1 where less is"),
    ]
}

fn history_observed() -> Vec<FileKey> {
    vec![
        key("value", Form::Number(Range::Finite), Required, "The figure on record"),
        key("low", Form::Number(Range::Finite), Required, "The least that it may have been"),
        key("high", Form::Number(Range::Finite), Required, "The most that it may have been"),
        key("source", Form::Text, Required, "Where it stands"),
        key("grade", Form::Word(GRADES, &[]), Required, "Grade of the source"),
        key("note", Form::Text, Absent("none"), "How the range was formed"),
    ]
}

fn history_winner() -> Vec<FileKey> {
    vec![
        key("observed", Form::Text, Required, "Who gained most, on record: one of those in `among`"),
        key("among", Form::List(FileTable::HistoryCandidate), Required, "Those among whom it is, at least two"),
    ]
}

fn history_candidate() -> Vec<FileKey> {
    vec![
        key("who", Form::Line(LONGEST_LINE), Required, "Who, in words"),
        key("result", Form::Result, Required, "What it gained is (result - less) / per, on average: what is read"),
        key("less", Form::Result, Absent("nothing"), "What is taken from it"),
        key("per", Form::Result, Absent("nothing"), "What it is divided by"),
    ]
}

fn simulation() -> Vec<FileKey> {
    let samplers = Form::Word(&Sampler::NAMES, &[]);
    vec![
        key("trials", Form::Integer(1, MOST_TRIALS), Integer(1000), "Number of sampled worlds"),
        key("seed", Form::Integer(0, u64::MAX), Integer(1), "Seed of all draws"),
        key("sampler", samplers, Word("random"), "How the uniforms of the trials are laid out"),
    ]
}

fn horizon() -> Vec<FileKey> {
    vec![
        key("start_year", Form::Number(Range::Finite), Required, "First year"),
        key("windows", Form::Integer(1, MOST_WINDOWS), Required, "Number of negotiation windows, at most 1000"),
        key("window_years", Form::Number(Range::Positive), Required, "Length of a window, years"),
        key("price_year", Form::Number(Range::Finite), Absent("start_year"), "Year of prices of gdp and digital_gmv"),
    ]
}

fn market() -> Vec<FileKey> {
    use MarketKey as K;
    let uplift = Form::Word(Uplift::KEYS, &[]);
    vec![
        number!(K::RegionEfficiency, Required, "How well a host serves another state of the region, where no link says otherwise"),
        number!(K::OutsideEfficiency, Required, "How well a state is served from outside the region"),
        number!(K::CapexIntensity, Required, "USD of capital per USD of yearly market and year"),
        number!(K::CapitalCharge, Required, "Cost of hosting per USD of capital"),
        number!(K::CoverageRate, Required, "How fast covered AI work saturates in market share"),
        number!(K::ContingentShare, Required, "Share of AI value that hangs on deals"),
        number!(K::TalentElasticity, Required, "Elasticity of AI value to talent"),
        number!(K::RampYears, Required, "Years until AI uplift is reached"),
        key("uplift_is", uplift, Word("growth"), "Whether ai_uplift adds to yearly growth or to the level"),
        number!(K::RemoteValue, Number(0.0), "Value to a state of remote service, as a share of local service"),
        number!(K::DataDrag, Number(0.0), "Loss of AI value by data rules"),
        number!(K::Diversion, Number(0.0), "Share of badly served demand that goes to rivals"),
        number!(K::Peers, Number(0.0), "What falling behind others costs a state, as a share of the value at stake"),
        number!(K::PeersInside, Number(1.0), "Share of it that is falling behind other states of the region"),
    ]
}

fn bargaining() -> Vec<FileKey> {
    use BargainingKey as K;
    let solution = Form::Word(Solution::KEYS, &[]);
    vec![
        key("solution", solution, Word("nash"), "Solution of the bargains"),
        key("transfers", Form::Boolean, Boolean(false), "Whether cash moves"),
        number!(K::Foresight, Required, "0: both sides look at what is signed; 1: they count on all expected deals"),
        key("order", Form::Word(Order::KEYS, &[]), Word("random"), "Order of the pairs in a window"),
        number!(K::RoundYears, Number(0.25), "Length of a round of offers, years"),
        key("others", Form::Word(Others::KEYS, &[]), Word("nash-in-nash"), "How the deals of one supplier count on each other"),
    ]
}

fn dynamics() -> Vec<FileKey> {
    use DynamicsKey as K;
    vec![
        number!(K::TalentRate, Number(0.0), "Adjustment of talent, per year"),
        number!(K::ComputeRate, Number(0.0), "Adjustment of compute, per year"),
        number!(K::DependencyRate, Number(0.0), "Adjustment of dependency, per year"),
        number!(K::LockIn, Number(0.0), "Cost of switching supplier, as a share of the value at stake"),
        number!(K::Sunk, Number(0.0), "Share of the entry cost that an incumbent host saves"),
        number!(K::PowerGain, Number(0.0), "Bargaining power per unit of talent gained"),
        number!(K::Repricing, Number(0.0), "How far a supplier reprices after signing, as a share of the cost of switching"),
        number!(K::Stranded, Number(0.0), "Share of what a supplier has built in a state that it loses by going"),
        number!(K::AssetDecay, Number(0.0), "Share of it that wears out, per year"),
        number!(K::RepricingForesight, Number(1.0), "Share of repricing that both sides foresee at the table"),
    ]
}

fn state() -> Vec<FileKey> {
    use StateKey as K;
    vec![
        key("id", Form::Id, Required, "Id"),
        key("name", Form::Text, Absent("the id"), "Name for readers"),
        number!(K::Gdp, Required, "GDP at the start, USD bn per year"),
        number!(K::GdpGrowth, Number(0.0), "Its real growth per year"),
        number!(K::Population, Number(1.0), "Population, million"),
        number!(K::DigitalGmv, Required, "Gross merchandise value of the digital economy at the start, USD bn per year"),
        number!(K::GmvGrowth, Number(0.0), "Its real growth per year"),
        number!(K::AiSpendShare, Required, "Spending on cloud and AI as a share of it"),
        number!(K::AiUplift, Required, "AI uplift as a share of GDP"),
        number!(K::Talent, Required, "Talent at the start, an index"),
        number!(K::Infrastructure, Required, "Infrastructure, an index"),
        number!(K::Compute, Required, "Share of its AI work that the state covers by itself at the start"),
        number!(K::Residency, Number(0.0), "Share of data that must stay at home"),
        number!(K::Strictness, Number(1.0), "Strictness of the state's own regime, 1 is the reference"),
        number!(K::Hub, Number(1.0), "Share of the region's demand that its power, land and grid could serve, its own included"),
        number!(K::BargainingPower, Required, "Exponent of the asymmetric Nash product"),
        number!(K::DiscountRate, Required, "Real discount rate per year"),
        number!(K::Will, Number(1.0), "Probability of joining an accord whose `join` is \"will\""),
        number!(K::Goodwill, Number(0.0), "Probability of joining an accord whose `join` is \"goodwill\""),
        key("values", Form::Levels, Absent("1 for every term"), "Multipliers of the terms' value to this state"),
    ]
}

fn hyperscaler() -> Vec<FileKey> {
    use HyperscalerKey as K;
    vec![
        key("id", Form::Id, Required, "Id"),
        key("name", Form::Text, Absent("the id"), "Name for readers"),
        key("home", Form::Text, Word(""), "Home, a label"),
        number!(K::MarketShare, Required, "Share of the market"),
        number!(K::OperatingMargin, Required, "Operating margin"),
        number!(K::DiscountRate, Required, "Real discount rate per year"),
        number!(K::EntryCost, Number(0.0), "Cost of entering a state, USD bn"),
        number!(K::ComplianceCost, Number(0.0), "Compliance cost in a state of strictness 1, USD bn per year"),
        number!(K::CapexBudget, Absent("unlimited"), "Capital per window, USD bn"),
        key("costs", Form::Levels, Absent("1 for every term"), "Multipliers of the terms' cost to this hyperscaler"),
    ]
}

fn term() -> Vec<FileKey> {
    use TermKey as K;
    let effects = TermEffect::ALL.iter().map(|effect| {
        let word = effect.word();
        key(word.key, Form::Quantity(Range::Finite), Number(0.0), word.meaning)
    });
    let keys = [
        key("id", Form::Id, Required, "Id"),
        key("name", Form::Text, Absent("the id"), "Name for readers"),
        number!(K::StateValue, Number(0.0), "Slope of the state's value per unit of deal size"),
        number!(K::StateCurvature, Number(0.0), "Curvature of the state's value"),
        number!(K::Cost, Number(0.0), "Slope of the hyperscaler's cost per unit of deal size"),
        number!(K::CostCurvature, Number(0.0), "Curvature of the hyperscaler's cost"),
        number!(K::Min, Number(0.0), "Lowest level"),
        number!(K::Max, Number(1.0), "Highest level"),
        number!(K::Floor, Absent("no floor"), "Floor under an accord"),
    ];
    let real = [
        key("unit", Form::Text, Absent("levels alone"), "What a level is in the world, for readers: \"people trained a year\""),
        key("at_zero", Form::Number(Range::Finite), Number(0.0), "What level 0 is, in that unit"),
        key("at_one", Form::Number(Range::Finite), Number(1.0), "What level 1 is, in that unit"),
        key("per_bn", Form::Boolean, Boolean(false), "Whether these are per USD bn of capital of the deal"),
        key("unit_source", Form::Text, Absent("none"), "Source of at_zero and at_one"),
        key("unit_grade", Form::Word(GRADES, &[]), Absent("none"), "Its grade"),
        key("unit_note", Form::Text, Absent("none"), "How level and unit belong together"),
    ];
    let price = number!(K::PriceEffect, Number(0.0), "How far it protects from repricing; times max, at most 1 in sum over the terms");
    keys.into_iter().chain(effects).chain([price]).chain(real).collect()
}

fn pair() -> Vec<FileKey> {
    vec![
        key("state", Form::Reference(FileTable::State), Required, "Id of the state"),
        key("hyperscaler", Form::Reference(FileTable::Hyperscaler), Required, "Id of the hyperscaler"),
        number!(PairKey::Fit, Number(1.0), "How well the supplier fits the state; multiplies its market share"),
        number!(PairKey::Feasible, Number(1.0), "Whether the two may deal at all"),
        key("hosted", Form::Boolean, Boolean(false), "Whether the state hosts the supplier before the first window"),
        number!(PairKey::Dependency, Number(0.0), "How dependent the state is on the supplier at the start"),
        number!(PairKey::Asset, Number(0.0), "What the supplier has built in the state at the start, USD bn"),
    ]
}

fn link() -> Vec<FileKey> {
    vec![
        key("between", Form::Ends, Required, "Ids of the two states"),
        key("efficiency", Form::Quantity(Range::Share), Required, "How well a host in one serves the other, both ways"),
    ]
}

fn arm() -> Vec<FileKey> {
    use ArmKey as K;
    let modes = Form::Word(Mode::KEYS, &[]);
    let rules = Form::Word(VotingRule::KEYS, &[]);
    let turns = Form::Word(Turn::KEYS, &[]);
    let sharing = Form::Word(Sharing::KEYS, &[]);
    let join = Form::QuantityOr(K::Join.range(), Joining::KEYS);
    let all = vec![
        key("name", Form::Id, Required, "Name"),
        key("mode", modes, Required, "Mode of negotiating"),
        key("title", Form::Text, Absent("the name"), "What it is in a few words, for readers: \"Binding rules, separate tables\""),
        key("what", Form::Text, Word(""), "What it is in a sentence, for readers"),
        number!(K::Active, Number(1.0), "Whether the arm's rules apply; 0 plays the window as bilateral"),
    ];
    let shortlist = key("shortlist", Form::Integer(1, COUNT), Absent("no limit"), "How many hyperscalers each table meets at most");
    let tables = [FileKey { modes: TABLES, ..shortlist }];
    let accord = vec![
        key("members", Form::Members, Word("all"), "Invited states"),
        key(K::Join.name(), join, Word("will"), "How probable it is that a state joins: its will, its goodwill, or a number"),
        key("standing", Form::Boolean, Boolean(true), "Whether the accord of one window stands in the next, to be joined and left"),
        number!(K::MostFavoured, Number(0.0), "Most-favoured clause: how far a supplier owes each member what it gave another; not with cash"),
        number!(K::Binding, Number(0.0), "How binding the accord is"),
        number!(K::Harmonisation, Number(0.0), "How far compliance with one member's regime counts in the others"),
        number!(K::CrossBorderData, Number(0.0), "How far data rules are undone among members"),
        number!(K::Recourse, Number(0.0), "Legal recourse against lock-in"),
        number!(K::Penalty, Number(0.0), "Penalty of leaving, as a share of the value at stake"),
        key("floors", Form::Levels, Absent("the terms' own floors"), "Floors of terms under this accord"),
        key("rule", rules, Word("consensus"), "How the accord is adopted"),
        key("opt_outs", Form::Integer(0, COUNT), Integer(0), "How many may opt out under minus-x"),
        number!(K::Quota, Number(0.5), "Quota of a qualified majority"),
        key("weights", Form::Word(Weights::KEYS, &[]), Word("equal"), "Weights of votes"),
        key("lead", Form::Reference(FileTable::State), Absent("none"), "The member that decides, under the rule lead"),
        key("max_rounds", Form::Integer(1, MOST_ROUNDS), Integer(1), "Most rounds of talks, itself at most 1000"),
        number!(K::RoundYears, Number(0.0), "Length of a round of talks, years"),
        number!(K::Interim, Number(0.0), "Share of the gains that flow while talks last"),
        number!(K::PoliticalNoise, Number(0.0), "Spread of political noise in votes"),
        key("defection", Form::Boolean, Boolean(true), "Whether members may leave"),
    ];
    let bloc = vec![
        number!(K::Pooling, Number(0.0), "Weight of the strongest member in the bloc's power"),
        key("turn", turns, Word("middle"), "When the bloc's tables come"),
        key("cover_all", Form::Boolean, Boolean(false), "Whether the bloc places hosts in all admitted members"),
        key("annexes", Form::Boolean, Boolean(false), "Whether a deal of the bloc has a schedule of terms for each member"),
        key("table", Form::Members, Word("all"), "The members that sit at one table; the others have their own"),
        key("sharing", sharing, Word("none"), "How the bloc divides its members' gains"),
        number!(K::SidePayments, Number(0.0), "Share of the members' gains that is pooled"),
    ];
    let accord = accord.into_iter().map(|key| FileKey { modes: ACCORD, ..key });
    let bloc = bloc.into_iter().map(|key| FileKey { modes: BLOC, ..key });
    all.into_iter().chain(tables).chain(accord).chain(bloc).collect()
}

fn event() -> Vec<FileKey> {
    vec![
        key("name", Form::Text, Required, "Name"),
        key("year", Form::Number(Range::Finite), Required, "It holds from the first window that starts at or after this year"),
        key("probability", Form::Number(Range::Share), Required, "Probability that it happens, drawn once per trial, unless an event before it sets another"),
        key("came", Form::Came, Absent("drawn"), "Whether it comes, world by world, instead of by its probability"),
        key("set", Form::Settings, Required, "Paths and the quantities that they take, and event.NAME.probability of events behind it"),
    ]
}

fn correlation() -> Vec<FileKey> {
    vec![
        key("between", Form::Paths, Required, "Paths of uncertain numbers; with `*` in every path, those with the same ids are paired"),
        key("rho", Form::Number(Range::Correlation), Required, "Correlation of their normal scores, of every pair"),
        key("fixed", Form::Paths, Absent("none"), "Paths of `between` that are constants now; what was tied to them is drawn as before"),
    ]
}

/// Marks and what they are of; what each mark means is written in [`crate::engine::model::pedigree`].
fn pedigree() -> Vec<FileKey> {
    let mark = |name, doc| key(name, Form::Integer(0, BEST_MARK.into()), Required, doc);
    vec![
        key("of", Form::Path, Required, "Path of what it judges, with `*` for every id; a later entry that matches the same path counts instead of this one"),
        mark("proxy", "How near what is known is to what the number stands for: 4 is the quantity itself, 0 something else"),
        mark("basis", "What is known of it: 4 is large samples of direct measurements, 1 educated guesses, 0 speculation"),
        mark("method", "How the number was made of it: 4 is the best practice of an established discipline, 0 no discernible rigour"),
        mark("validation", "What it was compared with: 4 is independent measurements of the same, 0 nothing"),
        key("reason", Form::Text, Required, "Why these marks, in a sentence"),
    ]
}

fn sweep() -> Vec<FileKey> {
    vec![
        key("axis", Form::List(FileTable::Axis), Required, "What varies"),
        key("design", Form::Word(&["cross", "one-at-a-time", "zip", "latin-hypercube"], &[]), Word("cross"), "How the axes are combined"),
        key("cells", Form::Integer(1, MOST_CELLS), Absent("as the axes give"), "Number of cells of a Latin hypercube"),
    ]
}

fn axis() -> Vec<FileKey> {
    vec![
        key("path", Form::Path, Required, "The path that varies"),
        key("values", Form::Values, Absent("from, to and steps"), "Its values"),
        key("from", Form::Number(Range::Finite), Absent("values"), "First value"),
        key("to", Form::Number(Range::Finite), Absent("values"), "Last value"),
        key("steps", Form::Integer(2, MOST_CELLS), Absent("values"), "Number of values, ends included; a Latin hypercube needs none"),
        key("scale", Form::Word(&["linear", "log"], &[]), Word("linear"), "Spacing of the values"),
    ]
}

fn accords() -> Vec<FileKey> {
    vec![
        key("base", Form::Reference(FileTable::Arm), Absent("the first accord arm"), "The accord whose rules are varied"),
        key("choose", Form::Choices, Absent("a grid of its own over mode, table, rule, binding, short list, annexes and sharing"), "What each rule may be; `members` also \"any\": every set of two states or more"),
        key("cost", Form::Costs, Absent("no cost"), "What it costs the region, once, that a rule is not as in the base, USD bn"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantities(section: FileTable) -> Vec<&'static str> {
        let keys = section.keys().iter();
        let numbers = keys.filter(|key| matches!(key.form, Form::Quantity(_) | Form::QuantityOr(..)));
        numbers.map(|key| key.name).collect()
    }

    #[test]
    fn every_number_of_the_model_is_a_key_of_the_file() {
        fn names<K: Copy>(all: &[K], name: fn(K) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|&key| name(key)).collect()
        }
        let cases = [
            (FileTable::Market, names(MarketKey::ALL, MarketKey::name)),
            (
                FileTable::Bargaining,
                names(BargainingKey::ALL, BargainingKey::name),
            ),
            (
                FileTable::Dynamics,
                names(DynamicsKey::ALL, DynamicsKey::name),
            ),
            (FileTable::State, names(StateKey::ALL, StateKey::name)),
            (
                FileTable::Hyperscaler,
                names(HyperscalerKey::ALL, HyperscalerKey::name),
            ),
            (FileTable::Term, [names(TermKey::ALL, TermKey::name), TermEffect::KEYS.to_vec()].concat()),
            (FileTable::Pair, names(PairKey::ALL, PairKey::name)),
            (FileTable::Arm, names(ArmKey::ALL, ArmKey::name)),
        ];
        for (section, mut expected) in cases {
            let mut found = quantities(section);
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{section:?}");
        }
    }

    #[test]
    fn the_table_is_in_the_order_of_the_sections() {
        assert!(FileTable::Root.key("schema").is_some());
        assert!(FileTable::Arm.key("pooling").is_some());
        assert!(FileTable::Axis.key("steps").is_some());
        assert!(FileTable::Event.key("probability").is_some());
    }

    #[test]
    fn modes_know_their_keys() {
        let cases = [
            (Mode::Bilateral, "binding", false),
            (Mode::Bilateral, "shortlist", true),
            (Mode::Contest, "shortlist", false),
            (Mode::Framework, "join", true),
            (Mode::Framework, "annexes", false),
            (Mode::Bilateral, "standing", false),
            (Mode::Contest, "members", false),
            (Mode::Contest, "active", true),
            (Mode::Framework, "binding", true),
            (Mode::Framework, "pooling", false),
            (Mode::Bloc, "pooling", true),
        ];
        for (mode, name, known) in cases {
            let key = FileTable::Arm.key(name).expect("a key of arms");
            assert_eq!(key.known_to(Some(mode)), known, "{mode:?} {name}");
        }
    }
}
