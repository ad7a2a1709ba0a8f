//! What pieces say, in memory as long as it is little, else in a file that nobody else sees.

use crate::error::Error;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use tempfile::{SpooledTempFile, spooled_tempfile};

/// Bytes that are held in memory at most.
const IN_MEMORY: usize = 1 << 28;

/// What the pieces of a study say, in order.
#[derive(Debug)]
pub struct HeldPieces(Mutex<BufWriter<SpooledTempFile>>);

impl Default for HeldPieces {
    fn default() -> HeldPieces {
        HeldPieces(Mutex::new(BufWriter::new(spooled_tempfile(IN_MEMORY))))
    }
}

impl HeldPieces {
    /// Takes in the next piece.
    pub fn push(&self, piece: &[u8]) -> Result<(), Error> {
        let mut file = self.file();
        let written = file
            .write_all(&(piece.len() as u64).to_le_bytes())
            .and_then(|()| file.write_all(piece));
        written.map_err(unwritable)
    }

    /// Hands on every piece.
    ///
    /// # Errors
    /// What `take` returns, or what reading does.
    pub fn each(&self, take: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
        let mut file = self.file();
        let length = file.stream_position().map_err(unwritable)?;
        file.rewind().map_err(unwritable)?;
        let handed = each_of(&mut BufReader::new(file.get_mut().take(length)), take);
        file.seek(SeekFrom::Start(length)).map_err(unwritable)?;
        handed
    }

    /// All of it, from which [`HeldPieces::of_bytes`] makes the same.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let mut file = self.file();
        file.rewind().map_err(unwritable)?;
        let mut bytes = Vec::new();
        let read = file.get_mut().read_to_end(&mut bytes);
        read.map(|_| bytes).map_err(unwritable)
    }

    /// What [`HeldPieces::bytes`] gave.
    pub fn of_bytes(bytes: &[u8]) -> Result<HeldPieces, Error> {
        let held = HeldPieces::default();
        held.file().write_all(bytes).map_err(unwritable)?;
        Ok(held)
    }

    fn file(&self) -> MutexGuard<'_, BufWriter<SpooledTempFile>> {
        self.0.lock().expect("nothing panics while it is held")
    }
}

fn each_of(
    file: &mut impl Read,
    take: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut piece = Vec::new();
    loop {
        let mut length = [0; 8];
        match file.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            read => read.map_err(unwritable)?,
        }
        piece.clear();
        let length = u64::from_le_bytes(length);
        let read = file.by_ref().take(length).read_to_end(&mut piece);
        read.map_err(unwritable)?;
        take(&piece)?;
    }
}

/// What becomes of a failure of the file that nobody sees.
fn unwritable(error: io::Error) -> Error {
    Error::unwritable(Path::new("a temporary file of worlds"))(error)
}

/// Where the rest of a study is, besides its document.
pub enum HeldRest {
    /// Here.
    Pieces(HeldPieces),
    /// In its directory.
    Directory(PathBuf),
    /// Nowhere: it was not kept.
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(held: &HeldPieces) -> Vec<Vec<u8>> {
        let mut said = Vec::new();
        let taken = held.each(&mut |piece| {
            said.push(piece.to_vec());
            Ok(())
        });
        taken.expect("taking does not fail");
        said
    }

    #[test]
    fn pieces_of_any_size_come_back_in_order_however_often_and_from_bytes() {
        let lengths = [0, 3, 70_000, 5, 8192, 0, 1];
        let pieces = lengths.iter().zip(0u8..);
        let pieces: Vec<Vec<u8>> = pieces.map(|(&length, at)| vec![at; length]).collect();
        let held = HeldPieces::default();
        for piece in &pieces[..4] {
            held.push(piece).expect("memory");
        }
        assert_eq!(said(&held), pieces[..4]);
        for piece in &pieces[4..] {
            held.push(piece).expect("memory");
        }
        assert_eq!(said(&held), pieces);
        let again = HeldPieces::of_bytes(&held.bytes().expect("memory")).expect("memory");
        assert_eq!((said(&held), said(&again)), (pieces.clone(), pieces));
    }
}
