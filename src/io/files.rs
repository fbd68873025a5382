//! Files that are written as a whole or not at all, and files that are nobody else's business.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Usual,
    /// Its owner alone, where the system knows such files.
    Owner,
}

/// Replaces a file's content: whoever reads it, even after a power cut, finds the old content or the new one.
///
/// # Errors
/// If the disk fails; the old content is still there.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    write_whole(path, content, Access::Usual)
}

/// The same as [`replace`], for a file that only its owner may read (0600 on Unix).
///
/// # Errors
/// If the disk fails; the old content is still there.
pub fn replace_private(path: &Path, content: &[u8]) -> io::Result<()> {
    write_whole(path, content, Access::Owner)
}

/// The secret kept in a private file, 32 hexadecimal digits; made from 128 random bits if there is none yet.
///
/// # Errors
/// If the file can be neither read nor made, or the system gives no random bits.
pub fn token(path: &Path) -> io::Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) if is_token(text.trim()) => Ok(text.trim().to_owned()),
        Ok(_) => new_token(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => new_token(path),
        Err(error) => Err(error),
    }
}

fn new_token(path: &Path) -> io::Result<String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| io::Error::other(error.to_string()))?;
    let token: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
    replace_private(path, token.as_bytes())?;
    Ok(token)
}

fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn write_whole(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let draft = draft_of(path);
    let written = write_draft(&draft, content, access).and_then(|()| std::fs::rename(&draft, path));
    if let Err(error) = written {
        // The draft may not even be there; the first error is the one that counts.
        drop(std::fs::remove_file(&draft));
        return Err(error);
    }
    keep_name(path)
}

fn write_draft(draft: &Path, content: &[u8], access: Access) -> io::Result<()> {
    // A draft left behind by a crash may have other rights: it is made anew.
    match std::fs::remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = access;
    let mut file = options.open(draft)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Beside the file, so that renaming it stays on one disk.
fn draft_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.draft", std::process::id()));
    name.into()
}

/// Makes the new name outlive a power cut.
#[cfg(unix)]
fn keep_name(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Elsewhere folders cannot be synced.
#[cfg(not(unix))]
fn keep_name(path: &Path) -> io::Result<()> {
    File::open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::{replace, token};

    #[test]
    fn content_is_replaced_and_no_draft_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        for content in ["first, the longer one", "second"] {
            replace(&path, content.as_bytes()).expect("written");
            assert_eq!(std::fs::read_to_string(&path).expect("read"), content);
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
        assert!(replace(&folder.path().join("no/such/folder"), b"x").is_err());
    }

    #[test]
    fn a_token_is_made_once_and_is_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("api.token");
        let first = token(&path).expect("made");
        assert_eq!(first.len(), 32);
        assert_eq!(token(&path).expect("read"), first);
        std::fs::write(&path, "damaged").expect("written");
        assert_ne!(token(&path).expect("made anew"), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
    }
}
