//! A scoring into a table, CSV or JSON; and where it is written.

pub(crate) mod card;
pub(crate) mod csv;
pub(crate) mod grid;
pub(crate) mod json;
pub(crate) mod listing;
pub(crate) mod names;
pub(crate) mod selection;
pub(crate) mod table;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};

use terminal_size::{Width, terminal_size_of};

use crate::failure::Failure;

/// Narrowest table worth wrapping; below it the terminal wraps lines itself.
const NARROWEST: u16 = 40;

/// Where a command writes.
#[derive(Debug)]
pub(crate) struct Destination {
    name: String,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A device or a pipe, which cannot be replaced.
    Special(BufWriter<File>),
    /// A temporary file beside `target`, which takes its place at the end.
    File {
        writer: BufWriter<File>,
        temporary: Temporary,
        target: PathBuf,
    },
}

/// A file that is removed unless it was moved to its place.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // Gone already when all went well.
        let _ = fs::remove_file(&self.0);
    }
}

/// What is written in pieces of text, and why one could not be.
struct Pieces<'a> {
    out: &'a mut Destination,
    failed: io::Result<()>,
}

impl fmt::Write for Pieces<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.out.write_all(piece.as_bytes()).map_err(|error| self.failed = Err(error)).map_err(|()| fmt::Error)
    }
}

impl Destination {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self { name: "stdout".into(), sink: Sink::Stdout(BufWriter::new(io::stdout().lock())) }
    }

    /// The file `path`, or standard output without one or for `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else { return Ok(Self::stdout()) };
        let name = path.display().to_string();
        let sink = Self::file(path).map_err(|error| Failure::file(&name, &error))?;
        Ok(Self { name, sink })
    }

    fn file(path: &Path) -> io::Result<Sink> {
        // A link goes on pointing to the file that it names.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&target) {
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => {
                return Ok(Sink::Special(BufWriter::new(File::options().write(true).open(&target)?)));
            }
            // A file that one may not write to is not to be replaced either.
            Ok(_) => drop(File::options().write(true).open(&target)?),
            Err(_) => {}
        }
        let Some(name) = target.file_name() else { return Err(io::ErrorKind::IsADirectory.into()) };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.tmp", std::process::id()));
        let temporary = target.with_file_name(hidden);
        let file = File::options().write(true).create_new(true).open(&temporary)?;
        Ok(Sink::File { writer: BufWriter::new(file), temporary: Temporary(temporary), target })
    }

    /// The width to fit, when this is a terminal.
    pub(crate) fn width(&self) -> Option<u16> {
        let Sink::Stdout(_) = self.sink else { return None };
        terminal_size_of(io::stdout()).map(|(Width(width), _)| width.max(NARROWEST))
    }

    /// May this be written to with bold type? Not into a file or a pipe, nor where it was declined
    /// (<https://no-color.org>).
    pub(crate) fn styled(&self) -> bool {
        let declined = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        matches!(self.sink, Sink::Stdout(_)) && io::stdout().is_terminal() && !declined
    }

    /// Writes a text that the core gives piece by piece.
    pub(crate) fn text(self, text: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) -> Result<(), Failure> {
        self.write(|out| {
            let mut pieces = Pieces { out, failed: Ok(()) };
            let written = text(&mut pieces);
            // What went wrong below says more than that something did.
            pieces.failed.and(written.map_err(io::Error::other))
        })
    }

    /// Writes with `write`, then puts the file in its place.
    pub(crate) fn write(mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> Result<(), Failure> {
        let written = write(&mut self).and_then(|()| self.flush());
        let Self { name, sink } = self;
        let finished = written.and_then(|()| match sink {
            Sink::Stdout(_) | Sink::Special(_) => Ok(()),
            Sink::File { writer, temporary, target } => {
                let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.sync_all()?;
                if let Ok(before) = fs::metadata(&target) {
                    // Who may read the file does not change; where that cannot be set, the new file will do.
                    let _ = file.set_permissions(before.permissions());
                }
                drop(file);
                fs::rename(&temporary.0, &target)
            }
        });
        finished.map_err(|error| Failure::file(&name, &error))
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Stdout(out) => out.write(bytes),
            Sink::Special(out) | Sink::File { writer: out, .. } => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stdout(out) => out.flush(),
            Sink::Special(out) | Sink::File { writer: out, .. } => out.flush(),
        }
    }
}
