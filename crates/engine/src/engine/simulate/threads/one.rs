//! Work on the one thread that WebAssembly has: as `many`, one piece after the other.

/// Runs `work`; there is one thread, however many are asked for.
///
/// # Errors
/// None: it fails where threads cannot be started.
pub fn on_threads<R: Send>(
    _threads: Option<usize>,
    work: impl FnOnce() -> R + Send,
) -> Result<R, String> {
    Ok(work())
}

/// How many threads there are: 1.
pub fn threads() -> usize {
    1
}

/// Does `work`.
pub(crate) fn on_each_thread(work: impl Fn() + Sync) {
    work();
}

/// Does nothing: there is nobody to wait for.
pub(crate) fn help_or_wait() {}

/// What `work` gives for each of `items` and its index, in their order.
pub(crate) fn for_each<T: Send, R: Send>(
    items: &mut [T],
    work: impl Fn(usize, &mut T) -> R + Sync,
    found: &mut Vec<R>,
) {
    found.clear();
    let items = items.iter_mut().enumerate();
    found.extend(items.map(|(index, item)| work(index, item)));
}

/// What `work` gives for each chunk of `first`, the same of `second`, and its index, in their order. A chunk of each is so many numbers.
pub(crate) fn for_each_chunk<R: Send>(
    (first, first_len): (&mut [f64], usize),
    (second, second_len): (&mut [f64], usize),
    work: impl Fn(usize, &mut [f64], &mut [f64]) -> R + Sync,
    found: &mut Vec<R>,
) {
    found.clear();
    let chunks = first
        .chunks_mut(first_len)
        .zip(second.chunks_mut(second_len));
    let chunks = chunks.enumerate();
    found.extend(chunks.map(|(index, (first, second))| work(index, first, second)));
}
