//! The Kotlin and Swift packages: their library, the sources that call it, and their tests.

mod library;
mod readme;
mod sources;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use crate::files::{root, target};
use crate::process;
use crate::{Outcome, python};
use library::Library;

fn package() -> PathBuf {
    root().join("bindings-mobile")
}

/// Builds the library as it is shipped, and writes the sources that call it.
pub(crate) fn build() -> Outcome {
    let shipped = Library::shipped()?;
    sources::kotlin(&shipped)?;
    sources::swift(&shipped)
}

/// Builds, checks the library, and runs the tests of each language whose tools are there.
pub(crate) fn test() -> Outcome {
    let (shipped, testing) = (Library::shipped()?, Library::testing()?);
    library::budget(&shipped)?;
    library::pages(&shipped)?;
    sources::kotlin(&shipped)?;
    sources::kotlin_tests(&testing)?;
    sources::swift(&shipped)?;
    python_tests(&shipped, &testing)?;
    swift_checks(&shipped, &testing)?;
    swift_tests(&shipped, &testing)?;
    kotlin_tests("*Test")
}

/// Measures what docs/mobile.md says: sizes, the first call, one score.
pub(crate) fn measure() -> Outcome {
    let (shipped, testing) = (Library::shipped()?, Library::testing()?);
    library::sizes(&shipped)?;
    sources::python(&shipped)?;
    process::run(sources::with_python(program("python3").arg(package().join("tests").join("measure.py"))))?;
    sources::kotlin(&shipped)?;
    sources::kotlin_tests(&testing)?;
    kotlin_tests("Measure")
}

/// Can a program be started?
fn there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// The two libraries through uniffi's own Python.
fn python_tests(shipped: &Library, testing: &Library) -> Outcome {
    sources::python(shipped)?;
    sources::python(testing)?;
    process::run(sources::with_python(program("python3").arg(package().join("tests").join("test_python.py"))))
}

/// A program that looks for libraries only where it is told: cargo's own variable leads to other builds.
fn program(name: impl AsRef<OsStr>) -> Command {
    let mut program = Command::new(name);
    program.env_remove("LD_LIBRARY_PATH").env_remove("DYLD_LIBRARY_PATH").env("RUST_BACKTRACE", "0");
    program.env("PYTHONDONTWRITEBYTECODE", "1");
    program
}

/// What can be checked of Swift without its compiler.
fn swift_checks(shipped: &Library, testing: &Library) -> Outcome {
    if !cfg!(target_os = "linux") || !there("gcc") || !there("nm") {
        println!("Swift: sources and symbols not checked, which needs Linux with gcc and nm");
        return Ok(());
    }
    let python = python::environment("mobile-venv", "bindings-mobile/tests/requirements.txt")?;
    let mut checks = program(python);
    checks.arg(package().join("tests").join("test_swift.py"));
    checks.env("BAREME_LIBRARY", &shipped.stripped).env("BAREME_LIBRARY_TESTING", &testing.stripped);
    process::run(checks.env("BAREME_SWIFT_TESTING", sources::swift_of(testing)?))
}

/// The tests in Swift, over both libraries, where there is a compiler.
fn swift_tests(shipped: &Library, testing: &Library) -> Outcome {
    // `swift` alone is another program on some machines.
    if !there("swiftc") {
        println!("Swift: not compiled and not run, swiftc is not there");
        return Ok(());
    }
    let run = |library: &Library, flags: &[&str]| {
        let folder = library.folder();
        let mut swift = program("swift");
        swift.args(["test", "-Xlinker"]).arg(format!("-L{}", folder.display())).args(flags);
        swift.current_dir(package().join("swift"));
        process::run(swift.env("LD_LIBRARY_PATH", folder).env("DYLD_LIBRARY_PATH", folder))
    };
    run(shipped, &[])?;
    sources::swift(testing)?;
    let tested = run(testing, &["-Xswiftc", "-DBAREME_TESTING"]);
    sources::swift(shipped)?;
    tested
}

/// The tests of these classes.
fn kotlin_tests(classes: &str) -> Outcome {
    if sources::JNA_FOLDER.is_none() {
        println!("Kotlin: not run, this platform was not tried");
    } else if there("java") && there("mvn") {
        let mut maven = program("mvn");
        maven.args(["--batch-mode", "--quiet", "test"]).arg(format!("-Dtest={classes}"));
        return process::run(maven.current_dir(package().join("kotlin")));
    } else {
        println!("Kotlin: not run, java or mvn is not there (on Debian: apt-get install default-jdk-headless maven)");
    }
    Ok(())
}

/// Where all that is built stands.
fn out() -> PathBuf {
    target().join("bareme-mobile")
}
