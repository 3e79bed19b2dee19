//! The library: built, stripped, weighed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{out, package};
use crate::Outcome;
use crate::files::{self, target};
use crate::process::{self, cargo};

/// Most bytes that the stripped library may have: what an app carries for each processor.
const BUDGET: u64 = 4_400_000;

/// Memory pages of Android 15 and newer.
const PAGE: u64 = 16 * 1024;

/// A build of the library.
pub(super) struct Library {
    /// Has it what only tests call?
    pub(super) testing: bool,
    /// With the symbols in which uniffi's generator reads what there is.
    pub(super) whole: PathBuf,
    /// Without them, as apps carry it; the same where there is no `strip`.
    pub(super) stripped: PathBuf,
}

impl Library {
    /// The library that is shipped.
    pub(super) fn shipped() -> Result<Self, String> {
        Self::built(false, &out())
    }

    /// The same with what only tests call: the conformance vectors, and a panic.
    pub(super) fn testing() -> Result<Self, String> {
        Self::built(true, &out().join("testing"))
    }

    fn built(testing: bool, folder: &Path) -> Result<Self, String> {
        let mut build = cargo();
        build.args(["build", "--quiet", "--profile", "mobile", "--package", "bareme-mobile"]);
        if testing {
            build.args(["--features", "testing"]);
        }
        process::run(&mut build)?;
        let name = format!("{}bareme_mobile{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        // The next build with other features takes this one's place.
        let (whole, stripped) = (folder.join("whole").join(&name), folder.join(&name));
        copy(&target().join("mobile").join(&name), &whole)?;
        let mut strip = Command::new("strip");
        strip.arg("--strip-unneeded").arg("-o").arg(&stripped).arg(&whole);
        if !strip.output().is_ok_and(|run| run.status.success()) {
            copy(&whole, &stripped)?;
        }
        Ok(Self { testing, whole, stripped })
    }

    /// The folder of the stripped library.
    pub(super) fn folder(&self) -> &Path {
        self.stripped.parent().unwrap_or(&self.stripped)
    }
}

/// Copies a file; folders are made.
pub(super) fn copy(from: &Path, to: &Path) -> Outcome {
    files::folder(to.parent().unwrap_or(to))?;
    std::fs::copy(from, to).map(drop).map_err(|error| format!("cannot copy {}: {error}", files::shown(from)))
}

/// The size of the library, and compressed, as an app is downloaded.
pub(super) fn sizes(library: &Library) -> Result<u64, String> {
    let path = &library.stripped;
    let bytes = std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", files::shown(path)))?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let compressed = compressed(bytes).map_or_else(|| "gzip is not there".to_owned(), |size| format!("{size} bytes"));
    println!("size of the library, stripped: {size} bytes; compressed by gzip: {compressed}");
    Ok(size)
}

/// Is the library within its budget?
pub(super) fn budget(library: &Library) -> Outcome {
    let size = sizes(library)?;
    if size <= BUDGET { Ok(()) } else { Err(format!("the library has {size} bytes, more than {BUDGET}")) }
}

fn compressed(bytes: Vec<u8>) -> Option<usize> {
    let mut gzip = Command::new("gzip");
    let mut gzip = gzip.args(["-9", "-c"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let mut input = gzip.stdin.take()?;
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = gzip.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    output.status.success().then_some(output.stdout.len())
}

/// Is each loadable segment of the library aligned to Android's pages, and of those for Android that are there?
pub(super) fn pages(library: &Library) -> Outcome {
    let abis = files::list(&package().join("android").join("jniLibs"));
    let for_android = abis.iter().flat_map(|abi| files::list(abi));
    for path in std::iter::once(library.stripped.clone()).chain(for_android) {
        aligned(&path)?;
    }
    Ok(())
}

fn aligned(path: &Path) -> Outcome {
    let mut readelf = Command::new("readelf");
    let Ok(run) = readelf.args(["--program-headers", "--wide"]).arg(path).output() else {
        println!("alignment: not checked, readelf is not there");
        return Ok(());
    };
    let text = String::from_utf8_lossy(&run.stdout);
    let alignments = text.lines().filter_map(|line| line.trim().strip_prefix("LOAD")?.rsplit("0x").next());
    let alignments: Vec<u64> = alignments.filter_map(|hex| u64::from_str_radix(hex.trim(), 16).ok()).collect();
    if alignments.is_empty() {
        println!("alignment: not checked, {} is no ELF library", files::shown(path));
    } else if let Some(small) = alignments.iter().find(|alignment| !alignment.is_multiple_of(PAGE)) {
        let name = files::shown(path);
        return Err(format!(
            "{name}: a segment is aligned to {small} bytes, which devices with pages of {PAGE} cannot load"
        ));
    }
    Ok(())
}
