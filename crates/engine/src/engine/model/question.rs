//! What a scenario asks: between which arms is a choice, and whose choice it is.

/// The word for the view of all states together.
pub const REGION: &str = "region";

/// A question of choice: which of some arms is best, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// In words; empty where the scenario does not say.
    pub text: String,
    /// Indices of the arms to choose from, at least one, in the order of the file; the other arms are circumstances.
    pub options: Vec<usize>,
    /// Whose choice it is.
    pub view: View,
}

/// Whose payoff decides which option is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// The payoffs of all states, added up.
    Region,
    /// The payoff of a state, by its index.
    State(usize),
    /// The profit of a hyperscaler, by its index.
    Hyperscaler(usize),
}
