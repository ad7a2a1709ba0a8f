//! Where single moves lead: coalitions at rest, cycles, what farsighted states settle on.

use crate::report::document::{Heading, Number, Rows, Table, Text};
use crate::report::numbers::share;
use crate::report::sections::stability::view::{Placed, StabilityText};
use crate::report::sentence::say;
use crate::study::results::stability::{CoalitionPaths, PathsResult};
use crate::theory::spelling::units::count;

/// Coalitions that are shown.
const SHOWN: usize = 5;

impl StabilityText<'_> {
    /// The coalitions in which better replies most often come to rest.
    pub fn rests(&self) -> Table {
        let mut resting: Vec<(Placed<'_>, CoalitionPaths)> = self
            .placed()
            .filter_map(|one| Some((one, one.1.paths?)))
            .filter(|(_, paths)| paths.absorbing > 0.0 || paths.farsighted > 0.0)
            .collect();
        resting.sort_by(|((_, a), one), ((_, b), other)| {
            let by_rest = other.absorbing.total_cmp(&one.absorbing);
            let by_foresight = other.farsighted.total_cmp(&one.farsighted);
            let by_gain = b.gain.mean.total_cmp(&a.gain.mean);
            by_rest.then(by_foresight).then(by_gain)
        });
        resting.truncate(SHOWN);
        type Share = fn(&CoalitionPaths) -> f64;
        let ways: [(&str, &str, Share); 5] = [
            ("at rest or in a cycle", "absorbing", |one| one.absorbing),
            ("reached from alone", "from_alone", |one| one.from_alone),
            ("reached from all", "from_grand", |one| one.from_grand),
            ("in a farsighted set", "farsighted", |one| one.farsighted),
            ("such a set by itself", "farsighted_alone", |one| {
                one.farsighted_alone
            }),
        ];
        Rows::of(resting)
            .column(Heading::words("coalition"), |((_, one), _)| {
                self.short(&one.members)
            })
            .each(ways, |rows, (name, path, of)| {
                rows.column(Heading::number(name), |((at, _), paths)| {
                    share(of(paths), format!("coalitions.{at}.paths.{path}"))
                })
            })
            .table(
                "paths",
                "If states join and leave one at a time: where better replies come to rest, and what farsighted states settle on",
            )
    }

    pub fn paths(&self, paths: &PathsResult) -> Text {
        let sets = &paths.stable_set;
        let if_any = |share: f64, said: Text| if share > 0.0 { said } else { Text::new() };
        let most = paths.largest.max;
        let largest = Number::new(&count(most as u64), most, "paths.largest.max");
        let of_sets = |share, name: &str| self.often(share, &format!("paths.stable_set.{name}"));
        let found = of_sets(sets.found, "found");
        let undecided = of_sets(sets.undecided, "undecided");
        say!(
            "Being alone is at rest {}. Better replies can end in a cycle {}{}. There is exactly one farsighted stable set {}{}{}.",
            self.often(paths.alone, "paths.alone"),
            self.often(paths.cycle, "paths.cycle"),
            if_any(paths.cycle, say!(" (of up to {} coalitions)", largest)),
            of_sets(sets.unique, "unique"),
            if_any(
                sets.found,
                say!("; one was found, and there may be others, {}", found)
            ),
            if_any(sets.undecided, say!("; undecided {}", undecided))
        )
    }
}
