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
    /// What is taken where none is named. Of single quantities δ: it takes any worlds, of a run too, and gives the share of the variance beside its own measure.
    /// Of groups, which δ does not take, the value of information, which takes any worlds too, or Sobol' indices where some result is not a difference of two arms.
    pub fn chosen(are_grouped: bool, are_differences: bool) -> Method {
        match (are_grouped, are_differences) {
            (false, _) => Method::Delta,
            (true, true) => Method::Evppi,
            (true, false) => Method::Sobol,
        }
    }

    /// The names of all methods of some kind, "a, b or c"; empty if there is none.
    pub fn names(is_such: impl Fn(Method) -> bool) -> String {
        let such = Method::ALL.iter().filter(|one| is_such(**one));
        let names: Vec<&str> = such.map(|one| one.name()).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => String::new(),
        }
    }

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
