//! [`Explorer`] as a WebAssembly module that imports nothing.
//!
//! A host writes the name of a call and its request as bytes into buffers that it asked for, calls, and reads the reply:
//!
//! ```text
//! name = alloc(name_len), request = alloc(request_len), both written
//! ok = call(name, name_len, request, request_len)     1, or 0 where the reply is a refusal as JSON
//! reply_ptr(), reply_len()                            the reply, until the next call
//! free(name, name_len), free(request, request_len)
//! ```
//!
//! `open` takes and gives what [`Explorer::open`] does, as JSON; other names are those of [`Explorer::call`]. A module has one scenario open at a
//! time. After a panic the call traps, the reply says why, and the module is of no more use.
#![deny(unsafe_code)]

use mufakat::explore::messages::Refusal;
use mufakat::explore::{Explorer, of_json, to_json};
use std::cell::RefCell;
use std::panic::{PanicHookInfo, set_hook};

thread_local! {
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    static EXPLORER: RefCell<Option<Explorer>> = const { RefCell::new(None) };
    static REPLY: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The names that a host calls.
mod exports {
    #![allow(
        unsafe_code,
        reason = "the attribute asks that no other function has its name, and no crate here has such a function"
    )]

    use super::{BUFFERS, REPLY, answer, holds, with_buffer};

    /// A buffer of so many bytes for a host to write into.
    #[unsafe(no_mangle)]
    extern "C" fn alloc(len: usize) -> *mut u8 {
        // An empty one has a place of its own too.
        let mut buffer = vec![0; len.max(1)];
        let at = buffer.as_mut_ptr();
        BUFFERS.with_borrow_mut(|buffers| buffers.push(buffer));
        at
    }

    /// Gives a buffer back.
    #[unsafe(no_mangle)]
    extern "C" fn free(at: *const u8, len: usize) {
        BUFFERS.with_borrow_mut(|buffers| buffers.retain(|buffer| !holds(buffer, at, len)));
    }

    /// Calls by a name; 1 if it could be done.
    #[unsafe(no_mangle)]
    extern "C" fn call(name: *const u8, name_len: usize, at: *const u8, len: usize) -> u32 {
        // A call that traps without a panic says nothing, not what the one before said.
        REPLY.take();
        let reply = with_buffer(name, name_len, |name| {
            with_buffer(at, len, |request| answer(name, request))
        });
        let ok = reply.is_ok();
        let (Ok(reply) | Err(reply)) = reply;
        REPLY.set(reply);
        u32::from(ok)
    }

    /// Where the newest reply is.
    #[unsafe(no_mangle)]
    extern "C" fn reply_ptr() -> *const u8 {
        REPLY.with_borrow(|reply| reply.as_ptr())
    }

    /// How many bytes it has.
    #[unsafe(no_mangle)]
    extern "C" fn reply_len() -> usize {
        REPLY.with_borrow(Vec::len)
    }
}

/// What a call says: as bytes, or why it cannot be done, as JSON.
type Reply = Result<Vec<u8>, Vec<u8>>;

fn holds(buffer: &[u8], at: *const u8, len: usize) -> bool {
    buffer.as_ptr() == at && buffer.len() == len.max(1)
}

/// Reads a buffer that a host was given: by its place, so that no other memory is ever read.
fn with_buffer(at: *const u8, len: usize, read: impl FnOnce(&[u8]) -> Reply) -> Reply {
    BUFFERS.with_borrow(|buffers| {
        let found = buffers.iter().find(|buffer| holds(buffer, at, len));
        match found {
            Some(buffer) => read(&buffer[..len]),
            None => refuse("there is no such buffer"),
        }
    })
}

fn refuse(message: &str) -> Reply {
    Err(to_json(&Refusal::new(message)))
}

fn answer(name: &[u8], request: &[u8]) -> Reply {
    match name {
        b"open" => open(request),
        name => EXPLORER.with_borrow_mut(|explorer| match (explorer, str::from_utf8(name)) {
            (Some(explorer), Ok(name)) => explorer.call(name, request),
            (None, _) => refuse("no scenario is open"),
            (_, Err(_)) => refuse("the name of the call is no text"),
        }),
    }
}

fn open(request: &[u8]) -> Reply {
    set_hook(Box::new(keep_message));
    let opened = of_json(request).and_then(Explorer::open);
    let (explorer, opened) = opened.map_err(|refusal| to_json(&refusal))?;
    EXPLORER.set(Some(explorer));
    Ok(to_json(&opened))
}

/// What a panic says becomes the reply: a module that imports nothing cannot print it.
fn keep_message(panic: &PanicHookInfo<'_>) {
    REPLY.set(to_json(&Refusal::new(panic.to_string())));
}
