//! One window of talks: which networks both sides look at, who meets whom, what they agree, and how accords form.
//!
//! Everything here is a deterministic function of an economy, an arm's economy and a standing; nothing draws, prints or reads files.
//!
//! | part | holds |
//! | --- | --- |
//! | [`standing`] | what earlier windows left |
//! | [`arm_economy`] | the quantities of a window that hang on the arm: its rules, and who is inside its accord |
//! | [`network`] | hosts and the service that follows from them; which deals are to be expected |
//! | [`tables`] | who meets whom, over which gains, and what they agree |
//! | [`accord`] | how an accord comes about, what each coalition gets, how gains are shared |
//! | [`payoff`], [`account`] | what the window brought to states and hyperscalers |
//! | [`cache`] | what is remembered so as not to be computed again; changes no number |

pub mod accord;
pub mod account;
pub mod arm_economy;
pub mod cache;
pub mod network;
pub mod payoff;
pub mod standing;
pub mod tables;
