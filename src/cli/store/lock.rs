//! Files whose lock one process holds: who submits a plan, and who writes into a directory. The system drops the lock with the process,
//! however that ends.

use crate::error::Error;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A lock that is held.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: Option<File>,
}

/// Who holds a lock, in words.
pub type Holder = String;

/// File whose lock is held by whoever writes into a directory.
pub const LOCK: &str = "writing.lock";

impl Lock {
    /// Takes a lock, or says who has it.
    pub fn take(path: &Path) -> Result<Result<Lock, Holder>, Error> {
        Lock::asked(path, |file| match file.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
            Ok(()) => Ok(true),
        })
    }

    /// Takes the lock of a directory into which something is written.
    ///
    /// # Errors
    /// Somebody else has it, which is said by name; its file cannot be written.
    pub fn of_directory(path: &Path) -> Result<Lock, Error> {
        Lock::take(&path.join(LOCK))?.map_err(|holder| in_use(path, &holder))
    }

    /// Takes a lock, after whoever has it.
    pub fn wait(path: &Path) -> Result<Lock, Error> {
        let taken = Lock::asked(path, |file| file.lock().map(|()| true))?;
        Ok(taken.expect("it is waited for"))
    }

    /// Takes a lock with `lock`, which says whether it did.
    fn asked(
        path: &Path,
        lock: impl Fn(&File) -> io::Result<bool>,
    ) -> Result<Result<Lock, Holder>, Error> {
        let failed = || Error::unwritable(path);
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let own = format!("process {} on {}", std::process::id(), host.trim());
        loop {
            let mut options = File::options();
            let options = options.read(true).write(true).create(true).truncate(false);
            is_no_link(path)?;
            let mut file = options.open(path).map_err(failed())?;
            match lock(&file) {
                Ok(true) => {}
                Ok(false) => return Ok(Err(fs::read_to_string(path).unwrap_or_default())),
                // Where files have no locks, nobody is kept out.
                Err(error) if has_no_locks(&error) => {}
                Err(error) => return Err(failed()(error)),
            }
            // Nor has it become one meanwhile: what a link leads to is not written.
            is_no_link(path)?;
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

/// That another command writes into a directory.
pub fn in_use(path: &Path, holder: &str) -> Error {
    Error::Directory {
        path: path.to_owned(),
        reason: format!(
            "is where another command writes ({holder}): wait for it, or name another directory"
        ),
    }
}

/// An error where the file of a lock is a link, which leads to what is not ours.
fn is_no_link(path: &Path) -> Result<(), Error> {
    match path.is_symlink() {
        true => Err(Error::Unwritable {
            name: path.display().to_string(),
            reason: "it is a link, and no file of ours: remove it".to_owned(),
        }),
        false => Ok(()),
    }
}

/// Whether the system says that files of this place have no locks; some do with ENOLCK, for which the library has no name.
fn has_no_locks(error: &io::Error) -> bool {
    const ENOLCK: i32 = 37;
    error.kind() == io::ErrorKind::Unsupported
        || (cfg!(target_os = "linux") && error.raw_os_error() == Some(ENOLCK))
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
