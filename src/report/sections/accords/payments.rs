//! What would have to be paid, by whom and to whom, so that every member gains more often.

use super::view::{AccordPlace, AccordsView, Ranged};
use crate::report::amounts::{FINEST, millions};
use crate::report::document::{Block, Heading, Rows, Table, Text, paragraph, text};
use crate::report::numbers::{short, traced};
use crate::report::sentence::say;
use crate::report::verdict::{hundred, in_hundred};
use crate::study::results::accords::PaymentPlan;
use crate::study::results::sensitivity::Interval;

/// Payments and gains in frequency below these are none: US$ bn, and a share of worlds.
const NOTHING: (f64, f64) = (2.0 * FINEST, 0.005);

/// Payments that go with the accord of the reading at a place.
pub(super) fn blocks(
    view: &AccordsView<'_>,
    (at, place): (usize, &AccordPlace<'_>),
    plan: &PaymentPlan,
) -> Vec<Block> {
    let payments = PaymentText {
        view,
        place,
        plan,
        path: format!("readings.{at}.payments"),
    };
    match payments.help() {
        false => vec![paragraph(payments.idle())],
        true => vec![paragraph(payments.said()), payments.table().into()],
    }
}

struct PaymentText<'a> {
    view: &'a AccordsView<'a>,
    place: &'a AccordPlace<'a>,
    plan: &'a PaymentPlan,
    path: String,
}

impl PaymentText<'_> {
    fn help(&self) -> bool {
        let more = self.plan.after.value - self.plan.before.value;
        let mut paid = self.plan.payments.values();
        paid.any(|paid| paid.abs() >= NOTHING.0) && more >= NOTHING.1
    }

    /// A share with its interval, in worlds of 100.
    fn share(&self, one: &Interval, what: &str) -> Text {
        let trials = self.view.trials();
        let path = format!("{}.{what}", self.path);
        let written = text![Ranged::new(one, path.clone()).worlds(trials)];
        let ends = one.low.zip(one.high).filter(|_| trials > 1);
        let Some((low, high)) = ends else {
            return written;
        };
        let end = |x: f64, name: &str| traced(&in_hundred(x, trials), x, &format!("{path}.{name}"));
        say!("{} ({} to {})", written, end(low, "low"), end(high, "high"))
    }

    /// That they do not help.
    fn idle(&self) -> Text {
        say!(
            "Payments that are fixed beforehand do not help: every member gains in {} of {} with them or without; made to measure in each world they would do in {}.",
            self.share(&self.plan.before, "before"),
            hundred(self.view.trials()),
            self.share(&self.plan.together, "together")
        )
    }

    /// How far they go.
    fn said(&self) -> Text {
        let outside = match self.plan.from_outside {
            ..FINEST => Text::new(),
            missing => say!(
                " No member can give all of it and still gain that often: US$ {} bn would have to come from outside.",
                traced(
                    &short(missing, 2),
                    missing,
                    &format!("{}.from_outside", self.path)
                )
            ),
        };
        say!(
            "Payments: with the fixed ones below, made once, every member gains in {} of {}, without them in {}; made to measure in each world they would do in {}.{}",
            self.share(&self.plan.after, "after"),
            hundred(self.view.trials()),
            self.share(&self.plan.before, "before"),
            self.share(&self.plan.together, "together"),
            outside
        )
    }

    /// Who gets and who pays.
    fn table(&self) -> Table {
        let table = Rows::of(["gets", "mean gain"])
            .column(Heading::words("US$ bn"), |row| *row)
            .each(&self.plan.payments, |rows, (id, &paid)| {
                rows.column(Heading::number(id.as_str()), move |row| match *row {
                    "gets" => payment(paid, &format!("{}.payments.{id}", self.path)),
                    _ => text![self.place.gain_of(id).mean()],
                })
            })
            .table(
                format!("payments-{}", self.place.one.id),
                say!(
                    "Payments with {}, and what each gains without them; negative is paid",
                    self.place.name()
                ),
            );
        Table {
            repeated: 1,
            ..table
        }
    }
}

/// A payment to two digits; one of a million or so is nothing.
fn payment(paid: f64, path: &str) -> Text {
    let written = match paid.abs() < NOTHING.0 {
        true => "0".to_owned(),
        false => millions(paid, Some(0.03 * paid.abs())),
    };
    text![traced(&written, paid, path)]
}
