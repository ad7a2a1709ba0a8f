//! Files whose lock one process holds: who submits a plan, and who merges into a directory. The system drops the lock with the process,
//! however that ends.

use crate::error::Error;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Name of the file in a directory into which a plan is merged, for as long as that takes.
pub const MERGING: &str = "merge.lock";

/// A lock that is held.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// The file, with the lock.
    file: Option<File>,
}

/// Who holds a lock, in words.
pub type Holder = String;

impl Lock {
    /// Takes a lock, or says who has it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn take(path: &Path) -> Result<Result<Lock, Holder>, Error> {
        let failed = || Error::unwritable(path);
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let own = format!("process {} on {}", std::process::id(), host.trim());
        loop {
            let mut options = File::options();
            let options = options.read(true).write(true).create(true).truncate(false);
            let mut file = options.open(path).map_err(failed())?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    return Ok(Err(fs::read_to_string(path).unwrap_or_default()));
                }
                // Where files have no locks, nobody is kept out.
                Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                    return Err(failed()(error));
                }
                Err(TryLockError::Error(_)) | Ok(()) => {}
            }
            let written = file
                .set_len(0)
                .and_then(|()| file.write_all(own.as_bytes()));
            written.map_err(failed())?;
            // The one before may have removed the file between its opening and its lock. Some systems let nobody read a locked file.
            let is_ours = match fs::read_to_string(path) {
                Ok(holder) => holder == own,
                Err(error) => error.kind() != io::ErrorKind::NotFound,
            };
            if is_ours {
                return Ok(Ok(Lock {
                    path: path.to_owned(),
                    file: Some(file),
                }));
            }
        }
    }
}

/// Who holds a lock, if somebody does.
pub fn holder(path: &Path) -> Option<Holder> {
    let file = File::open(path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(fs::read_to_string(path).unwrap_or_default()),
        _ => None,
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is locked, so that nobody else's goes.
        let _ = fs::remove_file(&self.path);
        drop(self.file.take());
    }
}
