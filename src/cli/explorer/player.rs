//! The thread that has the engine: it answers what is asked at once, and plays what takes long in turns, frame by frame.
//!
//! It knows no host: what it says goes to whoever asked by a closure of theirs, and a flag of theirs ends what nobody waits for.

use crate::cli::explorer::desk::Desk;
use crate::cli::explorer::open;
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::explore::messages::{
    ExploreSetting, ExploreView, ExportRequest, FindRequest, OpenRequest, PlayedPart, Refusal,
};
use crate::explore::{Explorer, to_json};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// The first frame comes after so long,
const FIRST: Duration = Duration::from_millis(60);

/// later ones as worlds double, or so much later;
const LATER: Duration = Duration::from_secs(1);

/// making them takes this part of the time at most.
const OF_FRAMES: u32 = 4;

/// Worlds that are played without a look whether anybody still waits take about so long,
const BLOCK: Duration = Duration::from_millis(30);

/// but are so many at least.
const LEAST: u64 = 8;

/// What a page asks.
#[derive(Debug, Clone, Deserialize)]
pub struct PageQuestion {
    pub setting: ExploreSetting,
    #[serde(default)]
    pub view: ExploreView,
    /// Of how many worlds; of an answer, as many as the setting has.
    #[serde(default)]
    pub worlds: u64,
    /// What is exported.
    #[serde(default)]
    pub what: String,
    /// What is looked for.
    #[serde(default)]
    pub find: Option<FindRequest>,
    /// Which page asks: its newest answer ends an older one.
    #[serde(default)]
    pub page: Option<String>,
}

/// What is to be done for a page. Its flag says that nobody wants it any more.
pub enum Errand {
    /// Frames, one after the other.
    Answer {
        question: PageQuestion,
        unwanted: Arc<AtomicBool>,
        frames: Frames,
    },
    /// One message.
    Call {
        of: PageCall,
        question: PageQuestion,
        unwanted: Arc<AtomicBool>,
        reply: Reply,
    },
}

/// Where the frames of an answer go; whether anybody takes them. It goes out of use with the answer.
pub type Frames = Box<dyn FnMut(Said) -> bool + Send>;

/// Where the reply of a call goes.
pub type Reply = Box<dyn FnOnce(Result<Vec<u8>, Refusal>) + Send>;

/// What can be asked at once, of worlds that were played.
#[derive(Debug, Clone, Copy)]
pub enum PageCall {
    Show,
    Export,
    Order,
    /// The worlds themselves, as bytes.
    Worlds,
}

impl PageCall {
    /// That of a name that pages use.
    pub fn named(name: &str) -> Option<PageCall> {
        match name {
            "show" => Some(PageCall::Show),
            "export" => Some(PageCall::Export),
            "order" => Some(PageCall::Order),
            _ => None,
        }
    }
}

/// What was said last of an answer.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The message, as JSON.
    pub json: Arc<[u8]>,
    /// Whether nothing follows.
    pub is_last: bool,
}

impl Said {
    /// What is said last where a newer question took the place of this one, or the player fell over it.
    pub fn ended() -> Said {
        Said::refused(&Refusal::new(
            "the answer ended before all worlds were played",
        ))
    }

    /// A message that nothing follows.
    pub fn whole(json: Vec<u8>) -> Said {
        Said {
            json: json.into(),
            is_last: true,
        }
    }

    /// Whether it says why nothing else is said.
    pub fn is_refusal(&self) -> bool {
        self.json.starts_with(REFUSED)
    }

    /// Why nothing else is said.
    pub fn refused(refusal: &Refusal) -> Said {
        Said::whole(to_json(&Refused { error: refusal }))
    }
}

/// Does errands until nobody can give any.
pub fn play(request: &OpenRequest, errands: Receiver<Errand>) -> Result<(), Error> {
    loop {
        let (explorer, _) = open(request)?;
        let mut player = PagePlayer {
            desk: Desk::new(explorer),
            under: VecDeque::new(),
            per_world: None,
        };
        // What fails inside fails for whoever asked; the others are answered by a new engine.
        if catch_unwind(AssertUnwindSafe(|| player.work(&errands))).is_ok() {
            return Ok(());
        }
    }
}

/// An answer under way.
struct UnderWay {
    question: PageQuestion,
    unwanted: Arc<AtomicBool>,
    frames: Frames,
    started: Instant,
    last: Option<LastFrame>,
}

/// The frame that was shown last.
struct LastFrame {
    worlds: u64,
    at: Instant,
    /// How long it took to make.
    took: Duration,
}

struct PagePlayer {
    desk: Desk,
    under: VecDeque<UnderWay>,
    /// How long a world of all parts takes.
    per_world: Option<Duration>,
}

impl PagePlayer {
    fn work(&mut self, errands: &Receiver<Errand>) {
        loop {
            if self.under.is_empty() {
                match errands.recv() {
                    Ok(errand) => self.take(errand),
                    Err(_) => return,
                }
            }
            while let Ok(errand) = errands.try_recv() {
                self.take(errand);
            }
            if let Some(mut answer) = self.under.pop_front()
                && self.advance(&mut answer)
            {
                self.under.push_back(answer);
            }
        }
    }

    fn take(&mut self, errand: Errand) {
        match errand {
            Errand::Answer {
                question,
                unwanted,
                frames,
            } => self.under.push_back(UnderWay {
                question,
                unwanted,
                frames,
                started: Instant::now(),
                last: None,
            }),
            Errand::Call {
                of,
                question,
                unwanted,
                reply,
            } => {
                if !unwanted.load(Ordering::Relaxed) {
                    reply(self.call(of, question));
                }
            }
        }
    }

    fn call(&mut self, of: PageCall, question: PageQuestion) -> Result<Vec<u8>, Refusal> {
        let PageQuestion {
            setting,
            view,
            worlds,
            what,
            ..
        } = question;
        self.desk.put(&setting)?;
        let explorer = &self.desk.explorer;
        Ok(match of {
            PageCall::Show => to_json(&explorer.show(&view, worlds)?),
            PageCall::Export => to_json(&explorer.export(&ExportRequest { what, worlds, view })?),
            PageCall::Order => to_json(&explorer.order(worlds)?),
            PageCall::Worlds => self.desk.bytes(PlayedPart::Setting)?,
        })
    }

    /// Plays an answer on to its next frame; whether more follow.
    fn advance(&mut self, answer: &mut UnderWay) -> bool {
        let said = self.next_frame(answer);
        let said = match said {
            Ok(None) => return false,
            Ok(Some((json, is_last))) => Said {
                json: json.into(),
                is_last,
            },
            Err(refusal) => Said::refused(&refusal),
        };
        let is_last = said.is_last;
        (answer.frames)(said) && !is_last
    }

    /// The next frame of an answer, and whether it is the last; none if nobody waits for it.
    fn next_frame(&mut self, answer: &mut UnderWay) -> Result<Option<(Vec<u8>, bool)>, Refusal> {
        let of = answer.question.setting.worlds;
        if answer.unwanted.load(Ordering::Relaxed) {
            return Ok(None);
        }
        self.desk.put(&answer.question.setting)?;
        let mut there = self.desk.worlds()?.min(of);
        while there < of && !answer.is_due(there) {
            let started = Instant::now();
            let to = of.min(there + self.block());
            self.desk.play(to, &answer.unwanted)?;
            if answer.unwanted.load(Ordering::Relaxed) {
                return Ok(None);
            }
            self.per_world = Some(started.elapsed() / u32::try_from(to - there).unwrap_or(1));
            there = to;
        }
        let started = Instant::now();
        let frame = self.desk.explorer.show(&answer.question.view, there)?;
        let json = to_json(&frame);
        answer.last = Some(LastFrame {
            worlds: there,
            at: Instant::now(),
            took: started.elapsed(),
        });
        Ok(Some((json, there >= of)))
    }

    /// Worlds of a block.
    fn block(&self) -> u64 {
        let per_world = self.per_world.unwrap_or(BLOCK).as_nanos().max(1);
        let worlds = u64::try_from(BLOCK.as_nanos() / per_world).unwrap_or(1);
        worlds.max(LEAST)
    }
}

impl UnderWay {
    /// Whether so many worlds are worth a frame.
    fn is_due(&self, worlds: u64) -> bool {
        match &self.last {
            _ if worlds == 0 => false,
            None => self.started.elapsed() >= FIRST,
            Some(last) => {
                let waited = last.at.elapsed();
                waited >= OF_FRAMES * last.took && (worlds >= 2 * last.worlds || waited >= LATER)
            }
        }
    }
}

/// How the JSON of a refusal begins, and no other message.
const REFUSED: &[u8] = b"{\"error\":";

/// A refusal as a page reads it.
#[derive(Serialize)]
pub struct Refused<'a> {
    pub error: &'a Refusal,
}

/// What a search finds in the worlds of a setting that were played, as a page reads it; it has an engine of its own, so that answers go on.
pub fn searched(
    request: &OpenRequest,
    (setting, find): (&ExploreSetting, &FindRequest),
    worlds: &[u8],
    stop: &AtomicBool,
) -> Vec<u8> {
    let on_trial = &|| {};
    let explorer = with_worlds(request, setting, worlds);
    match explorer.and_then(|one| one.find(find, Watch { stop, on_trial })) {
        Ok(found) => to_json(&found),
        Err(refusal) => to_json(&Refused { error: &refusal }),
    }
}

/// An engine of its own with a setting and the worlds of it that were played.
fn with_worlds(
    request: &OpenRequest,
    setting: &ExploreSetting,
    worlds: &[u8],
) -> Result<Explorer, Refusal> {
    let (mut explorer, _) = Explorer::open(request.clone())?;
    explorer.set(setting)?;
    explorer.part_mut(PlayedPart::Setting)?.take(worlds)?;
    Ok(explorer)
}
