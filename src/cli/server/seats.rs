//! Who is answered: so many at once, and of one page the newest question alone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Questions that wait or are answered at once.
const SEATS: usize = 8;

/// The seats of a server.
pub struct Seats {
    free: Arc<Semaphore>,
    taken: Mutex<Vec<(Option<String>, Weak<Seat>)>>,
}

/// A question that is answered, until it is or nobody wants it any more.
pub struct Seat {
    /// Whether nobody wants it any more.
    stop: Arc<AtomicBool>,
    permit: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Seat {
    /// Gives it up.
    pub fn leave(&self) {
        self.stop.store(true, Ordering::Relaxed);
        locked(&self.permit).take();
    }

    /// Whether it was given up.
    pub fn is_left(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The same, for what is played.
    pub fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }
}

/// Gives a seat up when it goes out of use.
pub struct Leaves(pub Arc<Seat>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Seats {
    /// All of them free.
    pub fn new() -> Seats {
        Seats {
            free: Arc::new(Semaphore::new(SEATS)),
            taken: Mutex::new(Vec::new()),
        }
    }

    /// A seat, if one is free. Of a page that says who it is, an older question gives up its own.
    pub fn take(&self, page: Option<String>) -> Option<Arc<Seat>> {
        let mut taken = locked(&self.taken);
        taken.retain(|(of, seat)| {
            let Some(seat) = seat.upgrade().filter(|seat| !seat.is_left()) else {
                return false;
            };
            let is_older = page.is_some() && *of == page;
            if is_older {
                seat.leave();
            }
            !is_older
        });
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        let seat = Arc::new(Seat {
            stop: Arc::default(),
            permit: Mutex::new(Some(permit)),
        });
        taken.push((page, Arc::downgrade(&seat)));
        Some(seat)
    }

    /// Gives up all of them.
    pub fn leave_all(&self) {
        for (_, seat) in locked(&self.taken).drain(..) {
            if let Some(seat) = seat.upgrade() {
                seat.leave();
            }
        }
    }
}

/// What a lock holds, whatever happened to whoever held it.
fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_so_many_and_no_more() {
        let seats = Seats::new();
        let mut taken: Vec<_> = (0..SEATS).map(|_| seats.take(None)).collect();
        assert!(taken.iter().all(Option::is_some) && seats.take(None).is_none());
        drop(taken.pop().flatten().map(Leaves));
        assert!(seats.take(None).is_some());
    }

    #[test]
    fn the_newest_question_of_a_page_ends_the_older_one() {
        let seats = Seats::new();
        let of = |page: &str| seats.take(Some(page.to_owned())).expect("one is free");
        let first = of("a");
        let other = of("b");
        let newest = of("a");
        assert!(first.is_left() && !other.is_left() && !newest.is_left());
        for _ in 0..3 * SEATS {
            of("a");
        }
        seats.leave_all();
        assert!(other.is_left());
    }
}
