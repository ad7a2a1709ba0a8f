//! A plan all of whose pieces are there.

use crate::cli::cluster::plan::Plan;
use crate::cli::cluster::status::lacks;
use crate::cli::store::found::{Found, Look, Sink};
use crate::error::Error;

/// All pieces of a plan, of which every byte has been checked.
pub struct Merged {
    pub plan: Plan,
    pub found: Found,
}

impl Merged {
    /// The pieces of a plan.
    ///
    /// # Errors
    /// A shard is missing, damaged or contradicts another.
    pub fn of(plan: &Plan) -> Result<Merged, Error> {
        let found = Found::of(&plan.store, Look::Whole)?;
        if found.missing(&plan.store).is_empty() {
            return Ok(Merged {
                plan: plan.clone(),
                found,
            });
        }
        Err(Error::Plan {
            path: plan.path.clone(),
            reason: format!(
                "is not complete: {}; `mufakat resume {}` plays what is missing",
                lacks(plan, &found),
                plan.path.display()
            ),
        })
    }

    /// Hands every piece from `from` on to `sink`, in order.
    ///
    /// # Errors
    /// A shard that was altered meanwhile, or what `sink` returns.
    pub fn pieces(&self, from: u64, sink: &mut OldSink<'_>) -> Result<(), Error> {
        let mut index = 0;
        let sink: &mut Sink<'_> = &mut |bytes: &[u8]| {
            index += 1;
            match index > from {
                true => sink(index - 1, bytes),
                false => Ok(()),
            }
        };
        self.found.each(&self.plan.store, sink)
    }
}

/// Takes in the number of a piece and its bytes.
pub type OldSink<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Error> + 'a;
