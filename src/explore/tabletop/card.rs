//! The card of a delegation, which others do not see: what it has alone, its red lines, and what its minister wants.
//!
//! ```text
//! alone    what the state gets without any accord: mean and 90% of worlds, and who it signs with
//! red line it signs only what leaves it no worse than alone in half of the worlds at least, and no floor that is lower than the scenario's
//!          accord has under the two terms with a floor that are worth most to it
//! wants    the two terms that are worth most to it, and its mean gain in the scenario's own accord, with everybody deciding as the model has it;
//!          0 if that is below 0
//! worth    v_ik = a_ik·x − ½·b_k·x² at the highest level x of term k, medians of (21): per dollar of capital in a deal
//! ```

use crate::engine::model::Model;
use crate::engine::model::keys::TermKey;
use crate::engine::model::layout::Slot;
use crate::explore::messages::Refusal;
use crate::explore::tabletop::arena::{TabletopArena, TabletopSets};
use crate::explore::tabletop::outcome::TabletopOutcome;
use crate::explore::tabletop::played::TabletopPlay;
use crate::explore::tabletop::words::{EXERCISE, level, more, range, say};
use crate::report::document::{Block, Heading, Rows, heading, note, paragraph};
use crate::theory::spelling::units::number;

/// In this share of worlds an accord may not leave a state worse off.
pub const RED_SHARE: f64 = 0.5;

/// Terms that a minister wants, and whose floors are a red line.
const TERMS: usize = 2;

/// Suppliers that a card names.
const SUPPLIERS: usize = 4;

/// A loss of less, US$ bn, is none.
const NO_LOSS: f64 = 1e-9;

/// What a delegation knows and others do not.
#[derive(Debug, Clone, PartialEq)]
pub struct DelegationCard {
    /// Index of its state.
    pub state: usize,
    /// Terms by index with the least floor that it signs.
    pub floors: Vec<(usize, f64)>,
    /// Terms by index that its minister wants.
    pub wants: Vec<usize>,
    /// The mean gain that its minister wants, US$ bn,
    pub target: f64,
    /// as it is written.
    pub target_words: String,
}

/// How a round stands to the card of a delegation that was in the accord.
#[derive(Debug, Clone, PartialEq)]
pub struct CardVerdict {
    /// Share of worlds in which the state is no worse off than alone, payments included.
    pub no_worse: f64,
    /// Terms by index whose floor is below the red line.
    pub low_floors: Vec<usize>,
    /// Whether the mean gain is what the minister wanted.
    pub reached: bool,
}

impl CardVerdict {
    /// Whether both red lines held.
    pub fn held(&self) -> bool {
        self.no_worse >= RED_SHARE && self.low_floors.is_empty()
    }
}

impl DelegationCard {
    /// The card of a state.
    ///
    /// # Errors
    /// A world without a result.
    pub fn of(arena: &mut TabletopArena, state: usize) -> Result<DelegationCard, Refusal> {
        let own = arena.own()?;
        let gain = own.stat(|world| world.gains[state]);
        let target_words = more(gain.as_ref());
        // A gain that is written as zero is none.
        let is_written = target_words.contains(|c: char| ('1'..='9').contains(&c));
        let gains = own.gain(state) > 0.0 && is_written;
        let ranked = ranked(arena.model(), state);
        let mut floors = Vec::new();
        for &term in &ranked {
            let floor = arena.floor(&TabletopSets::new(), term)?;
            floors.extend(
                floor
                    .filter(|&floor| floor > 0.0)
                    .map(|floor| (term, floor)),
            );
        }
        floors.truncate(TERMS);
        Ok(DelegationCard {
            state,
            floors,
            wants: ranked.into_iter().take(TERMS).collect(),
            target: if gains { own.gain(state) } else { 0.0 },
            target_words: match gains {
                true => target_words,
                false => "0".to_owned(),
            },
        })
    }

    /// How a round stands to it; none if the state was not in the accord.
    ///
    /// # Errors
    /// The rules are not valid.
    pub fn verdict(
        &self,
        arena: &mut TabletopArena,
        sets: &TabletopSets,
        outcome: &TabletopOutcome,
    ) -> Result<Option<CardVerdict>, Refusal> {
        if !outcome.formed() || outcome.yes >> self.state & 1 == 0 {
            return Ok(None);
        }
        let mut low_floors = Vec::new();
        for &(term, least) in &self.floors {
            let floor = arena.floor(sets, term)?;
            if floor.is_none_or(|floor| floor < least) {
                low_floors.push(term);
            }
        }
        let paid = outcome.paid[self.state];
        let no_worse = outcome
            .play
            .share(|world| world.gains[self.state] + paid >= -NO_LOSS);
        Ok(Some(CardVerdict {
            no_worse,
            low_floors,
            reached: outcome.gain(self.state) >= self.target,
        }))
    }

    /// The card in words.
    pub fn blocks(&self, model: &Model, own: &TabletopPlay) -> Vec<Block> {
        let has = own.stat(|world| world.alone[self.state]);
        let gains = own.stat(|world| world.gains[self.state]);
        let term = |k: usize| model.terms[k].name.as_str();
        let mut blocks = vec![
            note(say(EXERCISE)),
            heading("What you have alone"),
            paragraph(say(format!(
                "US$ {} bn; 90% of worlds lie between {}. You sign with:",
                level(has.as_ref()),
                range(has.as_ref()).replace(" to ", " and ")
            ))),
            self.suppliers(model, own),
            heading("Your red lines"),
        ];
        let mut lines = vec![say(
            "Sign only what leaves you no worse than alone in at least half of the worlds, payments included.",
        )];
        lines.extend(self.floors.iter().map(|&(k, floor)| {
            say(format!(
                "Sign no rules whose common floor under \"{}\" is below {floor}.",
                term(k)
            ))
        }));
        blocks.push(Block::List { items: lines });
        blocks.push(heading("What your minister wants"));
        let wants: Vec<&str> = self.wants.iter().map(|&k| term(k)).collect();
        let target = match self.target > 0.0 {
            true => format!(
                "At least US$ {} bn on average: what the scenario's own accord brings you (90% of worlds: {}).",
                self.target_words,
                range(gains.as_ref())
            ),
            false => format!(
                "Not to lose: the scenario's own accord brings you US$ {} bn.",
                more(gains.as_ref())
            ),
        };
        let mut items = vec![say(target)];
        if !wants.is_empty() {
            items.push(say(format!(
                "High common floors under the terms that are worth most to you: {}.",
                wants.join(", ")
            )));
        }
        blocks.push(Block::List { items });
        blocks.push(note(say(
            "US$ bn of present value. Others do not see this card; you may tell them what you like.",
        )));
        blocks
    }

    /// With whom it signs alone, in how many windows of a hundred.
    fn suppliers(&self, model: &Model, own: &TabletopPlay) -> Block {
        let m = model.hyperscalers.len();
        let share = |h: usize| own.mean(|world| world.hosted[self.state * m + h]);
        let mut shares: Vec<(usize, f64)> = (0..m).map(|h| (h, share(h))).collect();
        shares.retain(|one| one.1 > 0.0);
        shares.sort_by(|one, other| other.1.total_cmp(&one.1));
        shares.truncate(SUPPLIERS);
        if shares.is_empty() {
            return note(say("nobody."));
        }
        Rows::of(shares)
            .column(Heading::words("supplier"), |one| {
                model.hyperscalers[one.0].name.as_str()
            })
            .column(Heading::number("of 100 windows"), |one| {
                number(100.0 * one.1, Some(1.0))
            })
            .table("card-suppliers", "Whom you sign with alone")
            .into()
    }
}

/// Terms that are worth something to a state, the one that is worth most first.
fn ranked(model: &Model, state: usize) -> Vec<usize> {
    let at = |slot: Slot| model.base[model.layout.index(slot)];
    let worth = |k: usize| {
        let level = at(Slot::Term(k, TermKey::Max));
        let slope = at(Slot::Term(k, TermKey::StateValue)) * at(Slot::Value(state, k));
        level * slope - 0.5 * at(Slot::Term(k, TermKey::StateCurvature)) * level * level
    };
    let mut terms: Vec<(usize, f64)> = (0..model.terms.len()).map(|k| (k, worth(k))).collect();
    terms.retain(|one| one.1 > 0.0);
    terms.sort_by(|one, other| other.1.total_cmp(&one.1));
    terms.into_iter().map(|one| one.0).collect()
}
