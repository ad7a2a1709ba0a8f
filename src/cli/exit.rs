//! How a command ended.

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Done,
    /// Done, but a condition that was asked for does not hold.
    ConditionFailed,
}
