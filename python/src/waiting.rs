//! Work on another thread, while the calling one looks for Ctrl-C, tells how far it is and hands on what is said.

use crate::errors::raised;
use mufakat::cli::embedded_error::EmbeddedError;
use mufakat::cli::host::{Host, SaidKind};
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::scope;
use std::time::{Duration, Instant};

/// How often Ctrl-C is looked for.
const LOOK: Duration = Duration::from_millis(20);

/// How often it is told how far the work is.
const TELL: Duration = Duration::from_millis(100);

/// Whom the calling thread tells.
pub struct Listeners {
    /// Called with the worlds that were played and all of them.
    pub progress: Option<Py<PyAny>>,
    /// Called with a level, `info` or `warning`, and a sentence.
    pub say: Option<Py<PyAny>>,
}

/// Does `work` without the interpreter lock; the first exception of a signal or a listener asks it to end.
pub fn waited<R: Send>(
    py: Python<'_>,
    host: &Host,
    listeners: &Listeners,
    work: impl FnOnce() -> Result<R, EmbeddedError> + Send,
) -> PyResult<R> {
    scope(|threads| {
        let (send, mut done) = channel();
        let worker = threads.spawn(move || {
            let result = work();
            // Whoever waits is there until it came.
            let _ = send.send(());
            result
        });
        let stopped = until(py, &mut done, host, listeners);
        let Ok(result) = py.detach(|| worker.join()) else {
            let text =
                "the engine failed, and said why on standard error: this is a fault of mufakat";
            return Err(PyRuntimeError::new_err(text));
        };
        let said = hand_on(py, host, listeners);
        match (stopped, result) {
            // Of Ctrl-C the engine says what is kept.
            (Some(stop), Err(error)) if error.kept.is_some() && is_interrupt(py, &stop) => {
                Err(raised(py, &error))
            }
            (Some(stop), _) => Err(stop),
            (None, Err(error)) => Err(raised(py, &error)),
            (None, Ok(result)) => said.map(|()| result),
        }
    })
}

fn is_interrupt(py: Python<'_>, stop: &PyErr) -> bool {
    stop.is_instance_of::<PyKeyboardInterrupt>(py)
}

/// Waits until the work is done; what asked it to end, if something did.
fn until(
    py: Python<'_>,
    done: &mut Receiver<()>,
    host: &Host,
    listeners: &Listeners,
) -> Option<PyErr> {
    let mut stopped = None;
    let mut told = Instant::now();
    loop {
        let receiver = &mut *done;
        match py.detach(move || receiver.recv_timeout(LOOK)) {
            Err(RecvTimeoutError::Timeout) => {}
            _ => break,
        }
        if stopped.is_some() {
            continue;
        }
        let mut looked = py.check_signals();
        if looked.is_ok() && told.elapsed() >= TELL {
            told = Instant::now();
            looked = hand_on(py, host, listeners).and_then(|()| tell(py, host, listeners));
        }
        if let Err(stop) = looked {
            host.stop.store(true, Ordering::Relaxed);
            stopped = Some(stop);
        }
    }
    match stopped {
        None => tell(py, host, listeners).err(),
        stopped => stopped,
    }
}

/// Tells how far the work is.
fn tell(py: Python<'_>, host: &Host, listeners: &Listeners) -> PyResult<()> {
    if let (Some(progress), Some(played)) = (&listeners.progress, host.progress()) {
        progress.call1(py, played)?;
    }
    Ok(())
}

/// Hands on what was said.
fn hand_on(py: Python<'_>, host: &Host, listeners: &Listeners) -> PyResult<()> {
    for (kind, text) in host.heard() {
        let level = match kind {
            SaidKind::Note => "info",
            SaidKind::Warning => "warning",
        };
        if let Some(say) = &listeners.say {
            say.call1(py, (level, text))?;
        }
    }
    Ok(())
}
