//! The parts of the document that are about bundles: the offer, the counter-offer, red lines, preparation, the picture.

use crate::study::brief::Side;
use crate::study::brief::concessions::{Concession, concessions};
use crate::study::brief::counter::counter;
use crate::study::brief::frontier::{picture, place};
use crate::study::brief::offer::{Better, Offer, WeighedOffer, bounds, improvements, weigh};
use crate::study::brief::preparation::Added;
use crate::study::brief::red_lines::{STEP, red_lines};
use crate::study::results::brief::assemble::Findings;
use crate::study::results::brief::{
    Bundle, ConcessionRow, CounterPart, FrontierPart, ImprovementRow, KindName, OfferPart,
    PicturePoint, PreparationRow, RedLinesPart, Worth,
};
use crate::theory::bargaining::Gains;
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;

impl Findings<'_> {
    fn bundle(&self, offer: &Offer) -> Bundle {
        Bundle {
            terms: self.by_term(&offer.levels),
            cash: self.model.transfers.then_some(offer.cash),
        }
    }

    fn by_term<T: Copy>(&self, values: &[T]) -> IndexMap<String, T> {
        let terms = self.model.terms.iter().zip(values);
        terms
            .map(|(term, &value)| (term.id.clone(), value))
            .collect()
    }

    fn worth(&self, weighed: &WeighedOffer) -> Worth {
        Worth {
            state: self.stat(weighed.state.iter().copied()),
            hyperscaler: self.stat(weighed.hyperscaler.iter().copied()),
            state_accepts: WeighedOffer::share(&weighed.state),
            hyperscaler_accepts: WeighedOffer::share(&weighed.hyperscaler),
            both_accept: weighed.share_of_both(),
        }
    }

    pub(super) fn offer(&self) -> Option<OfferPart> {
        let (offer, unnamed) = self.offer?;
        let transfers = self.model.transfers;
        let weighed = weigh(self.observations, offer, transfers);
        let rows = improvements(self.observations, offer, transfers);
        let unnamed = unnamed.iter().map(|&k| self.model.terms[k].id.clone());
        Some(OfferPart {
            bundle: self.bundle(offer),
            unnamed: unnamed.collect(),
            worth: self.worth(&weighed),
            held: weighed.held,
            room: self.stat(weighed.room.iter().copied()),
            room_of_state: self.stat(weighed.room_of_state.iter().copied()),
            room_of_hyperscaler: self.stat(weighed.room_of_hyperscaler.iter().copied()),
            improvements: rows.iter().map(|row| self.improvement(row)).collect(),
        })
    }

    fn improvement(&self, row: &Better) -> ImprovementRow {
        let terms = row.levels.iter();
        let terms = terms.map(|&(k, level)| (self.model.terms[k].id.clone(), level));
        ImprovementRow {
            terms: terms.collect(),
            cash: self.model.transfers.then_some(row.cash),
            adds: row.adds.state.min(row.adds.hyperscaler),
            state: self.stat(row.state.iter().copied()),
            hyperscaler: self.stat(row.hyperscaler.iter().copied()),
            both: row.both,
        }
    }

    pub(super) fn counter(&self, deal: Option<&Offer>) -> CounterPart {
        let transfers = self.model.transfers;
        let found = counter(
            self.observations,
            self.question.side,
            self.accept,
            transfers,
        );
        let (enough, found) = match found {
            Ok(found) => (true, found),
            Err(most) => (false, most),
        };
        CounterPart {
            asked: self.accept,
            accepted: found.accepted,
            enough,
            bundle: self.bundle(&found.offer),
            worth: self.worth(&weigh(self.observations, &found.offer, transfers)),
            concessions: deal.map_or_else(Vec::new, |deal| {
                let found = concessions(self.observations, self.question.side, &found.offer, deal);
                found.iter().map(|one| self.concession(one)).collect()
            }),
        }
    }

    fn concession(&self, one: &Concession) -> ConcessionRow {
        ConcessionRow {
            term: self.model.terms[one.term].id.clone(),
            level: one.level,
            state: self.stat(one.changes.iter().map(|change| change.state)),
            hyperscaler: self.stat(one.changes.iter().map(|change| change.hyperscaler)),
        }
    }

    pub(super) fn red_lines(&self, deal: Option<&Offer>) -> RedLinesPart {
        let (model, question) = (self.model, self.question);
        let lowest = Offer {
            levels: (0..model.terms.len())
                .map(|k| bounds(model, question.arm, k).0)
                .collect(),
            cash: 0.0,
        };
        let given = self.offer.map(|(offer, _)| offer);
        let at = given.or(deal).unwrap_or(&lowest);
        RedLinesPart {
            at: self.bundle(at),
            is_offer: given.is_some(),
            step: STEP,
            terms: red_lines(self.observations, question, model, at),
        }
    }

    pub(super) fn preparation(&self) -> Vec<PreparationRow> {
        let mut rows: Vec<PreparationRow> = self
            .prepared
            .iter()
            .map(|(change, added)| {
                self.prepared_row(change.kind, &change.what, &change.assignments, added)
            })
            .collect();
        if let Some(arm) = self.question.joint_arm(self.model) {
            let what = format!("the joint table of {}", self.model.arms[arm].name);
            let added = Added::at_joint_table(self.observations);
            rows.push(self.prepared_row(KindName::JointTable, &what, &[], &added));
        }
        let median = |stat: &Option<Stat>| stat.as_ref().map_or(f64::NEG_INFINITY, |one| one.p50);
        rows.sort_by(|one, other| {
            let first = median(&other.walk_away).total_cmp(&median(&one.walk_away));
            first.then(median(&other.with_deal).total_cmp(&median(&one.with_deal)))
        });
        rows
    }

    fn prepared_row(
        &self,
        kind: KindName,
        what: &str,
        set: &[String],
        added: &Added,
    ) -> PreparationRow {
        let (own, other, with_deal) = match self.question.side {
            Side::States => (&added.states, &added.hyperscaler, &added.states_with_deal),
            Side::Hyperscaler => (
                &added.hyperscaler,
                &added.states,
                &added.hyperscaler_with_deal,
            ),
        };
        PreparationRow {
            kind,
            what: what.to_owned(),
            set: set.to_vec(),
            worlds: own.iter().filter(|value| !value.is_nan()).count() as u64,
            walk_away: self.stat(own.iter().copied()),
            other_walk_away: self.stat(other.iter().copied()),
            with_deal: self.stat(with_deal.iter().copied()),
        }
    }

    pub(super) fn frontier(
        &self,
        deal: Option<&Offer>,
        offer: Option<&OfferPart>,
        counter: &CounterPart,
    ) -> FrontierPart {
        let picture = picture(self.observations, self.model.transfers);
        let points = |gains: &[Gains]| gains.iter().copied().map(point).collect();
        let given = self.offer.map(|(offer, _)| offer);
        let improved = offer.iter().flat_map(|part| &part.improvements).map(|row| {
            let mut changed = given.cloned().expect("improvements are those of an offer");
            for (id, &level) in &row.terms {
                let k = self.model.terms.iter().position(|term| term.id == *id);
                changed.levels[k.expect("terms of the scenario")] = level;
            }
            changed.cash += row.cash.unwrap_or(0.0);
            point(place(self.observations, &changed))
        });
        let bundle = Offer {
            levels: counter.bundle.terms.values().copied().collect(),
            cash: counter.bundle.cash.unwrap_or(0.0),
        };
        FrontierPart {
            curve: points(&picture.curve),
            arc: points(&picture.arc),
            dominated: points(&picture.others),
            predicted: deal.map(|deal| point(place(self.observations, deal))),
            offer: given.map(|offer| point(place(self.observations, offer))),
            improvements: improved.collect(),
            counter_offer: point(place(self.observations, &bundle)),
        }
    }
}

fn point(gains: Gains) -> PicturePoint {
    PicturePoint {
        state: gains.state,
        hyperscaler: gains.hyperscaler,
    }
}
