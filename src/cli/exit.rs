//! How a command ended.

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Done,
    /// Done, but a condition that was asked for does not hold.
    ConditionFailed,
}

impl Status {
    /// The exit code of the program.
    pub fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::ConditionFailed => 1,
        }
    }
}
