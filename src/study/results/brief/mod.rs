//! A negotiator's page: its document ([`BriefResults`]), its text, and what fills them.

pub mod assemble;
mod parts;
mod sources;

use crate::study::brief::Side;
use crate::study::brief::red_lines::RedLine;
use crate::study::results::run::{Manifest, PairedWithCauses, Shares};
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The results of `brief`: one key per part of the page. Money is in USD bn of the window, in prices of the scenario's price year,
/// undiscounted between windows. A distribution is over the worlds in which both sides sit down; null where no world has the number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BriefResults {
    /// Identity.
    pub manifest: Manifest,
    /// Who sits at the table.
    pub table: TablePart,
    /// What each side has without a deal.
    pub walk_away: WalkAwayPart,
    /// Where a deal lies.
    pub zone: ZonePart,
    /// The deal that the solution predicts.
    pub predicted: PredictedPart,
    /// What a refusal costs, at different times.
    pub leverage: Vec<LeverageRow>,
    /// What the accord is worth in all: that of the arm, or the first bloc that invites the state; null where there is none.
    pub accord: Option<AccordPart>,
    /// The offer, if one was given.
    pub offer: Option<OfferPart>,
    /// The best for the own side that the other accepts often enough.
    pub counter_offer: CounterPart,
    /// How far each term can move.
    pub red_lines: RedLinesPart,
    /// What to change before the talks, by what it adds to the own walk-away.
    pub preparation: Vec<PreparationRow>,
    /// The average table: both sides' gains along its frontier.
    pub frontier: FrontierPart,
    /// By part of the page: the paths of the scenario that move its numbers most directly and, after "result", where `run` reports them.
    pub sources: IndexMap<String, Vec<String>>,
}

/// Who sits at the table, when, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TablePart {
    /// Id of the state; null at a bloc's table.
    pub state: Option<String>,
    /// Name of the arm whose bloc sits there; null at a state's table.
    pub accord: Option<String>,
    /// Id of the hyperscaler.
    pub hyperscaler: String,
    /// Name of the arm.
    pub arm: String,
    /// The window, from 0.
    pub window: usize,
    /// Its first year.
    pub year: f64,
    /// Year of the prices.
    pub price_year: f64,
    /// Whose page it is.
    pub side: Side,
    /// Solution of the bargain.
    pub solution: String,
    /// Whether cash moves.
    pub transfers: bool,
    /// Share of all worlds in which both sides sit down.
    pub talks: f64,
    /// How many worlds those are.
    pub worlds: u64,
    /// Why they do not in the others, as shares of all worlds.
    pub obstacles: Shares,
    /// At a bloc's table: share of the worlds with talks in which each state is a member.
    pub members: Shares,
}

/// What each side has without a deal at this table, USD bn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WalkAwayPart {
    /// Of the state, or of all members of the bloc.
    pub state: StateWalkAway,
    /// Of the hyperscaler.
    pub hyperscaler: HyperscalerWalkAway,
    /// From where the hyperscaler would serve the state's demand instead, by id, "outside" for outside the region; shares of the margin on that
    /// demand, the largest first.
    pub served_from: IndexMap<String, Served>,
    /// How likely each other hyperscaler is to be hosted by the state at that time; at a bloc's table the share of members.
    pub other_suppliers: Shares,
}

/// A place from which a state would be served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Served {
    /// Share of the demand.
    pub share: f64,
    /// Quality, 1 being service from the state itself, over the worlds in which it is the best.
    pub quality: Option<Stat>,
}

/// Parts of what the states have without the deal; they add up to the total in every world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateWalkAway {
    /// All together.
    pub total: Option<Stat>,
    /// What they cover with their own compute.
    pub own: Option<Stat>,
    /// What the other suppliers cover of the rest.
    pub other_suppliers: Option<Stat>,
    /// What this supplier covers from elsewhere of what is then left.
    pub elsewhere: Option<Stat>,
    /// Terms and cash of the other deals, if this one fails.
    pub other_deals: Option<Stat>,
    /// What falling behind others with access to this supplier costs, negative.
    pub behind: Option<Stat>,
    /// Cost of switching away from this supplier, negative.
    pub switching: Option<Stat>,
}

/// Parts of what the hyperscaler has without the deal; they add up to the total in every world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HyperscalerWalkAway {
    /// All together.
    pub total: Option<Stat>,
    /// Margin on the states' demand, served from elsewhere.
    pub home_margin: Option<Stat>,
    /// Margin on all other demand.
    pub other_margin: Option<Stat>,
    /// Cost of its other hosts, negative.
    pub hosting: Option<Stat>,
    /// Compliance cost there, negative.
    pub compliance: Option<Stat>,
    /// What it has built with the states and loses by going, negative.
    pub stranded: Option<Stat>,
    /// Terms and cash of its other deals, if this one fails; negative where they cost it.
    pub other_deals: Option<Stat>,
}

/// Where a deal lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZonePart {
    /// Share of all worlds with a deal: the two sit down and some bundle leaves both a gain.
    pub deal: f64,
    /// What the state gains, in worlds with a deal.
    pub state: GainRange,
    /// What the hyperscaler gains there.
    pub hyperscaler: GainRange,
    /// What the state is promised at least: the highest bid that a hyperscaler makes which is not on its short list; null without one.
    pub reserve: Option<Stat>,
}

/// The least and the most that a side gains on the arc of agreement, USD bn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Reach")]
pub struct GainRange {
    /// At the end that is best for the other side.
    pub least: Option<Stat>,
    /// At the end that is best for this side.
    pub most: Option<Stat>,
}

/// The predicted deal under the solution of the scenario and under all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PredictedPart {
    /// The solution of the scenario.
    pub solution: String,
    /// Outcomes by solution, in worlds with a deal.
    pub solutions: IndexMap<String, Outcome>,
    /// Levels of each member's annex under the solution of the scenario, by id of the member and of the term, in worlds with a deal in which it is
    /// placed; empty where one bundle is for all.
    pub annexes: IndexMap<String, IndexMap<String, Option<Stat>>>,
    /// What the hyperscaler can take by repricing after signing (39), in worlds with a deal, USD bn.
    pub repricing: Option<Stat>,
    /// What it takes under the terms of the predicted deal (40).
    pub loss: Option<Stat>,
    /// What those terms save: the one less the other.
    pub averted: Option<Stat>,
    /// Share most_favoured of what is given up here that other members of the accord may claim (41); null without a clause at this table.
    pub most_favoured: Option<Stat>,
}

/// What a solution predicts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Level of each term, by id; the mean over members where each has its annex.
    pub terms: IndexMap<String, Option<Stat>>,
    /// Paid to the state; null without cash.
    pub cash: Option<Stat>,
    /// Gain of the state.
    pub state: Option<Stat>,
    /// Gain of the hyperscaler.
    pub hyperscaler: Option<Stat>,
}

/// A time at which the table could meet, or another kind of table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeverageRow {
    /// "drawn" as the scenario has it, "first", "after ID", "last", "joint table of ARM", "each alone".
    pub position: String,
    /// Worlds in which it meets.
    pub worlds: u64,
    /// What a refusal costs the hyperscaler as a share of its margin at stake, a ratio of sums over worlds.
    pub margin_at_risk: Option<f64>,
    /// Gain of the states at the table from the predicted deal, 0 without one; null for several tables.
    pub state: Option<Stat>,
    /// Gain of the hyperscaler likewise.
    pub hyperscaler: Option<Stat>,
    /// Leverage of the state in the window if it is played so: its share of the gains from deals made in it.
    pub leverage: Option<Stat>,
}

/// A bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bundle {
    /// Level of each term, by id.
    pub terms: IndexMap<String, f64>,
    /// Paid to the state, USD bn; null without cash.
    pub cash: Option<f64>,
}

/// An offer in all worlds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferPart {
    /// What is offered.
    pub bundle: Bundle,
    /// Terms that were not named and stay at their lowest level.
    pub unnamed: Vec<String>,
    /// What it is worth.
    pub worth: Worth,
    /// Share of worlds in which the own bounds of a term leave the offered level out, so that it is held to them.
    pub held: f64,
    /// What both could gain more at once.
    pub room: Option<Stat>,
    /// What the state could gain more if the hyperscaler kept its gain.
    pub room_of_state: Option<Stat>,
    /// What the hyperscaler could gain more if the state kept its gain.
    pub room_of_hyperscaler: Option<Stat>,
    /// Single changes and swaps of two terms that leave both better off, by what they add to the side that gains less.
    pub improvements: Vec<ImprovementRow>,
}

/// What a bundle is worth to both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worth {
    /// Gain of the state.
    pub state: Option<Stat>,
    /// Gain of the hyperscaler.
    pub hyperscaler: Option<Stat>,
    /// Share of the worlds with talks in which the state gains, so that it accepts.
    pub state_accepts: f64,
    /// Share in which the hyperscaler does.
    pub hyperscaler_accepts: f64,
    /// Share in which both do.
    pub both_accept: f64,
}

/// A change of the offer that leaves both better off on the average table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImprovementRow {
    /// New levels of the terms that change, by id.
    pub terms: IndexMap<String, f64>,
    /// Paid to the state besides; null without cash.
    pub cash: Option<f64>,
    /// What it adds to the smaller gain on the average table.
    pub adds: f64,
    /// What it adds to the state.
    pub state: Option<Stat>,
    /// What it adds to the hyperscaler.
    pub hyperscaler: Option<Stat>,
    /// Share of the worlds with talks in which it adds to both.
    pub both: f64,
}

/// Payoffs over all windows in the arm of an accord less those of bilateral talks, USD bn of present value at the start, in every world, also
/// those without talks at this table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordPart {
    /// Name of the arm with the accord.
    pub arm: String,
    /// Name of the bilateral arm.
    pub reference: String,
    /// Of all states together.
    pub totals: PairedWithCauses,
    /// Of the state, or of each that is invited to the joint table.
    pub states: IndexMap<String, PairedWithCauses>,
}

/// The counter-offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CounterPart {
    /// Share of the worlds with talks in which the other side has to accept.
    pub asked: f64,
    /// Share in which it accepts the bundle.
    pub accepted: f64,
    /// Whether that is enough; if not, the bundle is the one of the frontier that it accepts most often.
    pub enough: bool,
    /// The bundle, on the frontier of the average table.
    pub bundle: Bundle,
    /// What it is worth.
    pub worth: Worth,
    /// What giving up each term for the predicted level would bring, one term at a time, in the order in which to give them up: first what brings
    /// the other side most for each dollar that it costs the own; empty where no deal is predicted.
    #[serde(default)]
    pub concessions: Vec<ConcessionRow>,
}

/// A term of the counter-offer at its predicted level instead, all others as asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConcessionRow {
    /// Id of the term.
    pub term: String,
    /// The predicted level, in its median.
    pub level: f64,
    /// What the state gains by it, USD bn; below zero where it gives something up.
    pub state: Option<Stat>,
    /// What the hyperscaler gains by it, USD bn.
    pub hyperscaler: Option<Stat>,
}

/// Red lines of all terms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RedLinesPart {
    /// The bundle at which the other terms are held: the offer, or the predicted deal in its median levels.
    pub at: Bundle,
    /// Whether it is the offer.
    pub is_offer: bool,
    /// By how much a term is moved to find its price.
    pub step: f64,
    /// By id of the term.
    pub terms: IndexMap<String, RedLine>,
}

/// Kinds of circumstances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// The side's own circumstances.
    Own,
    /// Another supplier.
    SecondSupplier,
    /// A place from which a hyperscaler could serve.
    SecondHost,
    /// The rules of the accord.
    Accord,
    /// The joint table of a bloc.
    JointTable,
}

/// A circumstance and what its change adds, USD bn, world by world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreparationRow {
    /// What kind of circumstance it is.
    pub kind: KindName,
    /// What is changed.
    pub what: String,
    /// As `--set` takes it; empty for the joint table, which is another arm.
    pub set: Vec<String>,
    /// Worlds in which both sit down before and after.
    pub worlds: u64,
    /// To the own walk-away.
    pub walk_away: Option<Stat>,
    /// To that of the other side.
    pub other_walk_away: Option<Stat>,
    /// To what the own side has with the predicted deal.
    pub with_deal: Option<Stat>,
}

/// A point of the picture: gains on the average table, USD bn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PicturePoint {
    /// Gain of the state.
    pub state: f64,
    /// Gain of the hyperscaler.
    pub hyperscaler: f64,
}

/// The frontier of the average table: every gain is the mean over the worlds with talks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FrontierPart {
    /// Along the frontier.
    pub curve: Vec<PicturePoint>,
    /// Where both sides gain; empty where nowhere.
    pub arc: Vec<PicturePoint>,
    /// Other bundles, half of them spread evenly over all levels, half of them meagre: none is above the frontier.
    pub dominated: Vec<PicturePoint>,
    /// The predicted deal in its median levels; null where no world has a deal.
    pub predicted: Option<PicturePoint>,
    /// The offer.
    pub offer: Option<PicturePoint>,
    /// The offer after each of its improvements, in their order.
    pub improvements: Vec<PicturePoint>,
    /// The counter-offer.
    pub counter_offer: PicturePoint,
}

/// Improvements by less are not shown: half of the finest amount of the page, USD bn.
const WORTHWHILE: f64 = 0.0005;

impl OfferPart {
    /// The improvements that are large enough to show, the largest first.
    pub fn worthwhile(&self) -> impl Iterator<Item = &ImprovementRow> {
        let rows = self.improvements.iter();
        rows.filter(|row| row.adds >= WORTHWHILE)
    }
}
