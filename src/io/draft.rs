//! Files for people: written beside their place, then named, never over a file that is there.
//!
//! Invariant: a draft that is not kept leaves nothing behind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Files of one name that are tried: `name.csv`, `name (2).csv` …
const TRIES: u32 = 1000;

/// A file that is being written.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    written: u64,
}

impl Draft {
    /// Begins a file in a folder, which is made if it is not there. `tag` tells drafts of the same time apart.
    ///
    /// # Errors
    /// If the folder or the file cannot be made.
    pub fn begin(folder: &Path, tag: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!(".hearthlight-{}-{tag}.draft", std::process::id()));
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
        Ok(Self { path, file: Some(BufWriter::new(file)), written: 0 })
    }

    /// Names the file `stem.ending`, or `stem (2).ending` and so on if there are such files, when all of it is on the
    /// disk. Returns its path and size.
    ///
    /// # Errors
    /// If the disk fails; then there is no file.
    pub fn keep(mut self, stem: &str, ending: &str) -> io::Result<(PathBuf, u64)> {
        let file = self.file.take().ok_or_else(|| io::Error::other("it was kept already"))?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let place = reserve(folder, stem, ending)?;
        if let Err(error) = fs::rename(&self.path, &place) {
            // The name was only held free.
            drop(fs::remove_file(&place));
            return Err(error);
        }
        Ok((place, self.written))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(file) = &mut self.file else { return Ok(0) };
        let n = file.write(bytes)?;
        self.written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // What is still in the buffer is not wanted.
            drop(file.into_parts());
        }
        // After it was kept there is no such file.
        drop(fs::remove_file(&self.path));
    }
}

/// Makes an empty file of a name that is free.
fn reserve(folder: &Path, stem: &str, ending: &str) -> io::Result<PathBuf> {
    for n in 1..=TRIES {
        let number = if n == 1 { String::new() } else { format!(" ({n})") };
        let place = folder.join(format!("{stem}{number}.{ending}"));
        match OpenOptions::new().write(true).create_new(true).open(&place) {
            Ok(_) => return Ok(place),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("there are {TRIES} files of this name")))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Draft;

    #[test]
    fn a_name_is_never_written_over_and_a_dropped_draft_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("made");
        let mut names = Vec::new();
        for text in ["one", "two", "three"] {
            let mut draft = Draft::begin(&inside, "7").expect("begun");
            draft.write_all(text.as_bytes()).expect("written");
            let (path, bytes) = draft.keep("a", "txt").expect("kept");
            assert_eq!((std::fs::read_to_string(&path).expect("read"), bytes), (text.to_owned(), text.len() as u64));
            names.push(path.file_name().expect("a name").to_string_lossy().into_owned());
        }
        assert_eq!(names, ["a.txt", "a (2).txt", "a (3).txt"]);
        let mut draft = Draft::begin(&inside, "8").expect("begun");
        draft.write_all(b"lost").expect("written");
        drop(draft);
        assert_eq!(std::fs::read_dir(&inside).expect("listed").count(), 3);
    }
}
