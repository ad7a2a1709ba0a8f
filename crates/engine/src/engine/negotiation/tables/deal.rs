//! What a state and a hyperscaler agreed, in numbers for the books.

use crate::theory::bargaining::Agreement;

/// What a deal writes into the books, USD bn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Booked {
    /// s_ih (21).
    pub value: f64,
    /// g_ih (22).
    pub cost: f64,
    /// loss_ih (40).
    pub loss: f64,
}

/// A deal of one state: how the bargain ended, and what of it is booked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deal {
    /// The bargain.
    pub agreement: Agreement,
    /// Its books.
    pub booked: Booked,
}

impl Deal {
    /// A bargain on plain terms, of which nothing is lost to repricing.
    pub(crate) fn on_plain_terms(agreement: Agreement) -> Deal {
        let booked = Booked {
            value: agreement.value,
            cost: agreement.cost,
            loss: 0.0,
        };
        Deal { agreement, booked }
    }
}
