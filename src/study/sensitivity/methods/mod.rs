//! The methods of sensitivity, a file each.

mod delta;
mod evppi;
mod morris;
mod pawn;
mod shapley;
mod sobol;
mod tornado;

use crate::study::sensitivity::method::{Description, FactorJudge, WorldsOfMethod};
use serde::{Deserialize, Serialize};

/// A row for each method: its name here, and its file's description.
macro_rules! methods {
    ($($Method:ident = $description:expr;)+) => {
        /// How factors are judged; named as in the literature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[allow(missing_docs)]
        pub enum Method { $($Method,)+ }

        impl Method {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Method] = &[$(Method::$Method),+];

            /// All that is particular to it.
            pub fn description(self) -> &'static Description {
                match self { $(Method::$Method => &$description,)+ }
            }
        }
    };
}

methods! {
    Tornado = tornado::TORNADO;
    Morris = morris::MORRIS;
    Sobol = sobol::SOBOL;
    Pawn = pawn::PAWN;
    Delta = delta::DELTA;
    Shapley = shapley::SHAPLEY;
    Evppi = evppi::EVPPI;
}

impl Method {
    /// What is taken where none is named: it takes any factors in any worlds, of a run too, and gives the share of the variance beside its own measure.
    pub const CHOSEN: Method = Method::Delta;

    /// Its name.
    pub fn name(self) -> &'static str {
        self.description().name
    }

    /// The method of a name.
    pub fn named(name: &str) -> Option<Method> {
        Method::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// How it learns from any worlds, if it has no design of its own.
    pub fn judge(self) -> Option<FactorJudge> {
        match self.description().worlds {
            WorldsOfMethod::Own(_) => None,
            WorldsOfMethod::Any(judge) => Some(judge),
        }
    }
}
