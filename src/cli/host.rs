//! A program that holds this one, such as a notebook: it says when to stop, hears what is said, and may look at how far the work is.

use indicatif::ProgressBar;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};

/// What kind of thing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidKind {
    Note,
    Warning,
}

/// Who holds the program. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// Becomes true where the work shall end.
    pub stop: Arc<AtomicBool>,
    shared: Arc<Mutex<HostState>>,
}

#[derive(Debug, Default)]
struct HostState {
    said: Vec<(SaidKind, String)>,
    /// The bar that nobody sees, of the work under way.
    bar: Option<ProgressBar>,
}

impl Host {
    /// Takes in what is said.
    pub fn hear(&self, kind: SaidKind, text: &str) {
        self.shared().said.push((kind, text.trim_end().to_owned()));
    }

    /// What was said since this was last asked.
    pub fn heard(&self) -> Vec<(SaidKind, String)> {
        std::mem::take(&mut self.shared().said)
    }

    /// The work that is under way from now on.
    pub fn watch(&self, bar: &ProgressBar) {
        self.shared().bar = Some(bar.clone());
    }

    /// Worlds that were played of the work under way, and all of them.
    pub fn progress(&self) -> Option<(u64, u64)> {
        let shared = self.shared();
        let bar = shared.bar.as_ref()?;
        Some((bar.position(), bar.length().unwrap_or(0)))
    }

    fn shared(&self) -> MutexGuard<'_, HostState> {
        self.shared.lock().expect("nothing panics while it is held")
    }
}
