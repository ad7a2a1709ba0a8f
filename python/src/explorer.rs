//! The explorer behind a notebook. A thread of its own plays; what it says waits here until the notebook takes it, so that nothing that
//! plays ever needs the interpreter.

use mufakat::cli::explorer::player::{Errand, PageCall, PageQuestion, Said, play, searched};
use mufakat::cli::explorer::{notebook, of_text, open};
use mufakat::engine::simulate::on_threads;
use mufakat::explore::messages::{OpenRequest, Refusal};
use mufakat::explore::{of_json, to_json};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::mem::take;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::Duration;

/// How often a wait looks for Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);

/// The module of the widget, as anywidget takes it: a page with all that it needs inside.
#[pyfunction]
pub fn explorer_module() -> String {
    notebook::module()
}

/// A scenario that is explored: questions in, messages out, as `explorer/README.md` has them.
#[pyclass(frozen, name = "Explorer", module = "mufakat._native")]
pub struct PyExplorer {
    request: OpenRequest,
    opened: Arc<[u8]>,
    threads: Option<usize>,
    errands: Mutex<Sender<Errand>>,
    /// What was asked with `ask`.
    desk: Arc<Outbox>,
}

/// What was asked and is not answered, and the messages that nobody has taken yet.
#[derive(Default)]
struct Outbox {
    shelves: Mutex<Shelves>,
    more: Condvar,
}

#[derive(Default)]
struct Shelves {
    asked: Vec<OpenQuestion>,
    /// Of one question the newest message alone.
    said: Vec<(String, Said)>,
}

/// A question that is not answered to the end.
struct OpenQuestion {
    id: String,
    /// Whose newest question of this name ends an older one.
    page: Option<String>,
    name: String,
    unwanted: Arc<AtomicBool>,
}

/// Says what is answered to a question; where it goes out of use before the last message, that the answer has ended.
struct Voice {
    id: String,
    unwanted: Arc<AtomicBool>,
    outbox: Arc<Outbox>,
}

#[pymethods]
impl PyExplorer {
    /// Opens a scenario, TOML text that extends no file; `threads` play, or one for each core.
    #[new]
    #[pyo3(signature = (name, text, threads=None))]
    fn new(py: Python<'_>, name: &str, text: &str, threads: Option<usize>) -> PyResult<PyExplorer> {
        let request = of_text(name, text);
        let opened = py.detach(|| open(&request).map(|(_, opened)| to_json(&opened)));
        let opened = opened.map_err(|error| {
            let refusal = Refusal::new(error.to_string());
            refused(&Said::refused(&refusal).json)
        })?;
        let (errands, given) = channel();
        let plays = request.clone();
        Builder::new()
            .name("mufakat-explorer".to_owned())
            // Without threads to play on, errands find nobody.
            .spawn(move || on_threads(threads, || play(&plays, given)))?;
        Ok(PyExplorer {
            request,
            opened: opened.into(),
            threads,
            errands: Mutex::new(errands),
            desk: Arc::default(),
        })
    }

    /// The opened scenario, as JSON.
    #[getter]
    fn opened<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.opened)
    }

    /// Whether something is played, or waits to be taken.
    #[getter]
    fn busy(&self) -> bool {
        let shelves = self.desk.shelves();
        !shelves.asked.is_empty() || !shelves.said.is_empty()
    }

    /// Asks and returns at once. `id` names the question in what is said; the newest `answer` and the newest `find` of a page end its older one.
    #[pyo3(signature = (id, name, request, page=None))]
    fn ask(&self, id: String, name: &str, request: &[u8], page: Option<String>) {
        let voice = self.desk.asked(id, name, page);
        self.give(name, request, voice);
    }

    /// Ends a question that nobody waits for any more.
    fn cancel(&self, id: &str) {
        self.desk.unwant(|asked| asked.id == id);
    }

    /// Ends all questions of a page; of every page where none is given.
    #[pyo3(signature = (page=None))]
    fn leave(&self, page: Option<&str>) {
        self.desk
            .unwant(|asked| page.is_none() || asked.page.as_deref() == page);
    }

    /// What was said and not taken yet, each as (id, JSON, whether it is the last); where that is nothing, waits for it up to so many seconds.
    fn said<'py>(&self, py: Python<'py>, seconds: f64) -> Vec<(String, Bound<'py, PyBytes>, bool)> {
        let wait = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let said = py.detach(|| self.desk.take(wait));
        let with_bytes =
            |(id, said): (String, Said)| (id, PyBytes::new(py, &said.json), said.is_last);
        said.into_iter().map(with_bytes).collect()
    }

    /// Waits until something has been said that is not taken, up to so many seconds; whether it has.
    fn wait(&self, py: Python<'_>, seconds: f64) -> bool {
        let wait = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        py.detach(|| !self.desk.waited(wait).said.is_empty())
    }

    /// Asks and waits for the last message; Ctrl-C ends the wait. A refusal raises `ValueError` with its JSON.
    fn call<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        request: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        let own = Arc::new(Outbox::default());
        let voice = own.asked(String::new(), name, None);
        self.give(name, request, voice);
        loop {
            for (_, said) in py.detach(|| own.take(LOOK)) {
                if said.is_refusal() {
                    return Err(refused(&said.json));
                }
                if said.is_last {
                    return Ok(PyBytes::new(py, &said.json));
                }
            }
            py.check_signals().inspect_err(|_| own.unwant(|_| true))?;
        }
    }
}

impl PyExplorer {
    fn give(&self, name: &str, request: &[u8], voice: Voice) {
        if name == "open" {
            voice.last(Said {
                json: Arc::clone(&self.opened),
                is_last: true,
            });
            return;
        }
        let errand = match of_json::<PageQuestion>(request) {
            Ok(question) => self.errand(name, question, voice),
            Err(refusal) => return voice.last(Said::refused(&refusal)),
        };
        if let Some(errand) = errand {
            // Whoever is not there to take it lets go of its voice, which says so.
            let _ = locked(&self.errands).send(errand);
        }
    }

    fn errand(&self, name: &str, question: PageQuestion, voice: Voice) -> Option<Errand> {
        let unwanted = Arc::clone(&voice.unwanted);
        if name == "answer" {
            return Some(Errand::Answer {
                question,
                unwanted,
                frames: Box::new(move |said| voice.say(said)),
            });
        }
        if name == "find" {
            return self.search(question, voice);
        }
        let Some(of) = PageCall::named(name) else {
            voice.last(Said::refused(&Refusal::new("there is no such call")));
            return None;
        };
        Some(Errand::Call {
            of,
            question,
            unwanted,
            reply: Box::new(move |replied| {
                voice.last(match replied {
                    Ok(json) => Said::whole(json),
                    Err(refusal) => Said::refused(&refusal),
                });
            }),
        })
    }

    /// Asks for the worlds that were played, and then searches them on a thread of its own, so that answers go on.
    fn search(&self, question: PageQuestion, voice: Voice) -> Option<Errand> {
        let Some(find) = question.find.clone() else {
            let refusal = Refusal::new("it does not say what to find");
            voice.last(Said::refused(&refusal));
            return None;
        };
        let (request, setting) = (self.request.clone(), question.setting.clone());
        let threads = self.threads;
        let unwanted = Arc::clone(&voice.unwanted);
        let search = move |worlds: Vec<u8>, voice: Voice| {
            let asked = (&setting, &find);
            let work = || searched(&request, asked, &worlds, &voice.unwanted);
            if let Ok(json) = on_threads(threads, work) {
                voice.last(Said::whole(json));
            }
        };
        let reply = move |worlds| match worlds {
            Err(refusal) => voice.last(Said::refused(&refusal)),
            Ok(worlds) => {
                // Without a thread the voice goes out of use.
                let _ = Builder::new().spawn(move || search(worlds, voice));
            }
        };
        Some(Errand::Call {
            of: PageCall::Worlds,
            question,
            unwanted,
            reply: Box::new(reply),
        })
    }
}

impl Drop for PyExplorer {
    fn drop(&mut self) {
        self.desk.unwant(|_| true);
    }
}

impl Outbox {
    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        locked(&self.shelves)
    }

    /// A voice for a question; an older one of the same page and name is not wanted any more, where each takes the place of the last.
    fn asked(self: &Arc<Self>, id: String, name: &str, page: Option<String>) -> Voice {
        if page.is_some() && matches!(name, "answer" | "find") {
            self.unwant(|asked| asked.page == page && asked.name == name);
        }
        let unwanted: Arc<AtomicBool> = Arc::default();
        self.shelves().asked.push(OpenQuestion {
            id: id.clone(),
            page,
            name: name.to_owned(),
            unwanted: Arc::clone(&unwanted),
        });
        Voice {
            id,
            unwanted,
            outbox: Arc::clone(self),
        }
    }

    /// Lets go of some questions, and of what was said to them.
    fn unwant(&self, which: impl Fn(&OpenQuestion) -> bool) {
        let mut shelves = self.shelves();
        let Shelves { asked, said } = &mut *shelves;
        for one in asked.iter().filter(|asked| which(asked)) {
            one.unwanted.store(true, Ordering::Relaxed);
            said.retain(|(id, _)| *id != one.id);
        }
    }

    /// Waits until something has been said.
    fn waited(&self, wait: Duration) -> MutexGuard<'_, Shelves> {
        let waited = self
            .more
            .wait_timeout_while(self.shelves(), wait, |shelves| shelves.said.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// What was said, which then is here no more.
    fn take(&self, wait: Duration) -> Vec<(String, Said)> {
        take(&mut self.waited(wait).said)
    }
}

impl Voice {
    /// Says something; whether anybody still wants it.
    fn say(&self, said: Said) -> bool {
        let is_wanted = !self.unwanted.load(Ordering::Relaxed);
        let mut shelves = self.outbox.shelves();
        let Shelves { asked, said: shelf } = &mut *shelves;
        if said.is_last {
            asked.retain(|one| !Arc::ptr_eq(&one.unwanted, &self.unwanted));
        }
        if is_wanted || said.is_last {
            shelf.retain(|(id, _)| *id != self.id);
            shelf.push((self.id.clone(), said));
            self.outbox.more.notify_all();
        }
        is_wanted
    }

    fn last(self, said: Said) {
        self.say(said);
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        let is_own = |one: &OpenQuestion| Arc::ptr_eq(&one.unwanted, &self.unwanted);
        let is_open = self.outbox.shelves().asked.iter().any(is_own);
        if is_open {
            self.say(Said::ended());
        }
    }
}

/// A refusal as an exception: its JSON.
fn refused(json: &[u8]) -> PyErr {
    PyValueError::new_err(String::from_utf8_lossy(json).into_owned())
}

/// What a lock holds, whatever happened to whoever held it.
fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
