//! Stand-in for the error of the crate.

/// Error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Load.
    #[error(transparent)]
    Load(#[from] crate::scenario::LoadError),
    /// Read.
    #[error("cannot read {0}: {1}")]
    Read(String, String),
}

impl Error {
    /// Exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Load(_) => 3,
            Error::Read(..) => 4,
        }
    }
}
