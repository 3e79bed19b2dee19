//! The sources that uniffi writes from a library, put where each package looks for them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::library::{Library, copy};
use super::{out, package, readme};
use crate::Outcome;
use crate::files::{self, root};
use crate::process;

/// Where JNA looks for the library inside the jar, on this machine; none where it was not tried.
pub(super) const JNA_FOLDER: Option<&str> =
    if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        Some("linux-x86-64")
    } else {
        None
    };

/// The Kotlin of the library with the vectors is another package, beside the one that is tested.
const TESTING: &str = "[crates.bareme_mobile.bindings.kotlin]\npackage_name = \"bareme.testing\"\ncdylib_name = \"bareme_mobile_testing\"\n";

/// Runs the generator over a library.
fn generate(library: &Library, language: &str, config: Option<&Path>, into: &Path) -> Outcome {
    files::folder(into)?;
    // It asks cargo about the packages here.
    let mut generator = Command::new(process::built_for_tests("bareme-mobile-bindgen")?);
    generator
        .current_dir(root())
        .arg("generate")
        .arg(&library.whole)
        .args(["--language", language, "--no-format", "--out-dir"])
        .arg(into);
    if let Some(config) = config {
        generator.arg("--config").arg(config);
    }
    // It says which files it writes.
    process::output(&mut generator).map(drop)
}

/// Runs the generator for Kotlin; gives the message of an exception the sentences that its `toString` has, where the
/// generator lists the fields.
fn generate_kotlin(library: &Library, config: Option<&Path>, package: &str, into: &Path) -> Outcome {
    const FIELDS: &str = "get() = \"faults=${ `faults` }, omitted=${ `omitted` }\"";
    generate(library, "kotlin", config, into)?;
    let file = into.join(package).join("bareme_mobile.kt");
    let text = files::read(&file)?;
    if !text.contains(FIELDS) {
        return Err(format!("{}: the messages of exceptions are not written as before", files::shown(&file)));
    }
    files::write(&file, &text.replace(FIELDS, "get() = toString()"))
}

fn kotlin_folder() -> PathBuf {
    package().join("kotlin").join("generated")
}

/// What Maven takes from the library: the sources, and the library itself.
pub(super) fn kotlin(library: &Library) -> Outcome {
    generate_kotlin(library, None, "bareme", &kotlin_folder().join("kotlin"))?;
    let Some(platform) = JNA_FOLDER else { return Ok(()) };
    copy(&library.stripped, &kotlin_folder().join("native").join(platform).join(files::name(&library.stripped)))
}

/// What Maven's tests need besides: the library with the vectors, and the README as a test.
pub(super) fn kotlin_tests(testing: &Library) -> Outcome {
    let config = out().join("testing.toml");
    files::write(&config, TESTING)?;
    generate_kotlin(testing, Some(&config), "bareme/testing", &kotlin_folder().join("test-kotlin"))?;
    if let Some(platform) = JNA_FOLDER {
        let place = kotlin_folder().join("test-native").join(platform);
        copy(&testing.stripped, &place.join("libbareme_mobile_testing.so"))?;
    }
    let text = files::read(&package().join("kotlin").join("README.md"))?;
    files::write(&kotlin_folder().join("test-kotlin").join("Readme.kt"), &readme::kotlin(&text))
}

/// The Swift of a library and the header of its C, in a folder of their own.
pub(super) fn swift_of(library: &Library) -> Result<PathBuf, String> {
    let folder = out().join(if library.testing { "swift-testing" } else { "swift" });
    generate(library, "swift", None, &folder)?;
    Ok(folder)
}

/// What the Swift package takes from a library.
pub(super) fn swift(library: &Library) -> Outcome {
    let written = swift_of(library)?;
    let swift = package().join("swift");
    let sources = swift.join("Sources");
    for (file, folder) in [
        ("Bareme.swift", sources.join("Bareme").join("Generated")),
        ("BaremeFFI.h", sources.join("BaremeFFI").join("include")),
    ] {
        files::write(&folder.join(file), &files::read(&written.join(file))?)?;
    }
    let text = files::read(&swift.join("README.md"))?;
    let tests = swift.join("Tests").join("BaremeTests").join("Generated");
    files::write(&tests.join("Readme.swift"), &readme::swift(&text))
}

/// uniffi's Python over a library, which it finds beside it.
pub(super) fn python(library: &Library) -> Outcome {
    let folder = python_folder().join(if library.testing { "testing" } else { "shipped" });
    generate(library, "python", None, &folder)?;
    copy(&library.stripped, &folder.join(files::name(&library.stripped)))
}

fn python_folder() -> PathBuf {
    out().join("python")
}

/// A run of Python that finds what was written.
pub(super) fn with_python(python: &mut Command) -> &mut Command {
    python.env("PYTHONPATH", python_folder())
}
