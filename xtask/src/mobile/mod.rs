//! The Kotlin and Swift packages: their library, the sources that call it, and their tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{self, root, target};
use crate::process::{self, cargo};
use crate::{Outcome, python};

/// Most bytes that the stripped library may have: what an app carries for each processor.
const BUDGET: u64 = 7_500_000;

/// Memory pages of Android 15 and newer.
const PAGE: u64 = 16 * 1024;

/// Where JNA looks for the library inside the jar, on this machine; none where it was not tried.
const JNA_FOLDER: Option<&str> = if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
    Some("linux-x86-64")
} else {
    None
};

fn package() -> PathBuf {
    root().join("bindings-mobile")
}

/// Builds the library as it is shipped, and writes the sources that call it.
pub(crate) fn build() -> Outcome {
    let library = library()?;
    kotlin(&library)?;
    swift(&library)
}

/// Builds, checks the library, and runs the tests of each language whose tools are there.
pub(crate) fn test() -> Outcome {
    let library = library()?;
    size(&library)?;
    pages(&library)?;
    kotlin(&library)?;
    swift(&library)?;
    python_tests(&library)?;
    swift_tests(&library)?;
    kotlin_tests()
}

/// Can a program be started?
fn there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// The library through uniffi's own Python.
fn python_tests(library: &Path) -> Outcome {
    let generated = target().join("mobile").join("python");
    generate(library, "python", &generated)?;
    std::fs::copy(library, generated.join(files::name(library)))
        .map_err(|error| format!("cannot copy {}: {error}", files::shown(library)))?;
    let mut python = Command::new("python3");
    python.arg(package().join("tests").join("test_python.py")).env("BAREME_GENERATED", generated);
    process::run(python.env("PYTHONDONTWRITEBYTECODE", "1").env("RUST_BACKTRACE", "0"))
}

/// What needs no Swift compiler, and the tests themselves where there is one.
fn swift_tests(library: &Path) -> Outcome {
    if cfg!(target_os = "linux") && there("gcc") && there("nm") {
        let python = python::environment("mobile-venv", "bindings-mobile/tests/requirements.txt")?;
        let mut checks = Command::new(python);
        checks.arg(package().join("tests").join("test_swift.py")).env("BAREME_LIBRARY", library);
        process::run(checks.env("PYTHONDONTWRITEBYTECODE", "1").env("RUST_BACKTRACE", "0"))?;
    } else {
        println!("Swift: sources and symbols not checked, which needs Linux with gcc and nm");
    }
    // `swift` alone is another program on some machines.
    if !there("swiftc") {
        println!("Swift: not compiled and not run, swiftc is not there");
        return Ok(());
    }
    let folder = library.parent().unwrap_or(library);
    let mut swift = Command::new("swift");
    swift.args(["test", "-Xlinker"]).arg(format!("-L{}", folder.display())).current_dir(package().join("swift"));
    process::run(swift.env("LD_LIBRARY_PATH", folder).env("DYLD_LIBRARY_PATH", folder))
}

fn kotlin_tests() -> Outcome {
    if JNA_FOLDER.is_none() {
        println!("Kotlin: not run, this platform was not tried");
    } else if there("java") && there("mvn") {
        let mut maven = Command::new("mvn");
        maven.args(["--batch-mode", "--quiet", "test"]).current_dir(package().join("kotlin"));
        return process::run(maven.env("RUST_BACKTRACE", "0"));
    } else {
        println!("Kotlin: not run, java or mvn is not there (on Debian: apt-get install default-jdk-headless maven)");
    }
    Ok(())
}

/// The library, built as a release.
fn library() -> Result<PathBuf, String> {
    process::run(cargo().args(["build", "--quiet", "--release", "--package", "bareme-mobile"]))?;
    Ok(target().join("release").join(format!(
        "{}bareme_mobile{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    )))
}

/// A stripped copy, as apps carry it; none where there is no `strip`.
fn stripped(library: &Path) -> Result<Option<PathBuf>, String> {
    let copy = target().join("mobile").join(files::name(library));
    files::folder(&target().join("mobile"))?;
    let mut strip = Command::new("strip");
    strip.arg("--strip-unneeded").arg("-o").arg(&copy).arg(library);
    match strip.output() {
        Ok(run) if run.status.success() => Ok(Some(copy)),
        Ok(_) | Err(_) => Ok(None),
    }
}

fn size(library: &Path) -> Outcome {
    let Some(copy) = stripped(library)? else {
        println!("size: not checked, strip is not there");
        return Ok(());
    };
    let bytes = std::fs::metadata(&copy).map_err(|error| format!("cannot see {}: {error}", files::shown(&copy)))?.len();
    println!("size of the library, stripped: {bytes} bytes of {BUDGET}");
    if bytes <= BUDGET { Ok(()) } else { Err(format!("the library has {bytes} bytes, more than {BUDGET}")) }
}

/// Is each loadable segment aligned to Android's pages? The same linker flag is in the build script for Android.
fn pages(library: &Path) -> Outcome {
    let mut readelf = Command::new("readelf");
    let Ok(run) = readelf.args(["--program-headers", "--wide"]).arg(library).output() else {
        println!("alignment: not checked, readelf is not there");
        return Ok(());
    };
    let text = String::from_utf8_lossy(&run.stdout);
    let alignments = text.lines().filter_map(|line| line.trim().strip_prefix("LOAD")?.rsplit("0x").next());
    let alignments: Vec<u64> = alignments.filter_map(|hex| u64::from_str_radix(hex.trim(), 16).ok()).collect();
    if alignments.is_empty() {
        println!("alignment: not checked, this is no ELF library");
    } else if let Some(small) = alignments.iter().find(|alignment| !alignment.is_multiple_of(PAGE)) {
        return Err(format!("a segment is aligned to {small} bytes, which devices with pages of {PAGE} cannot load"));
    }
    Ok(())
}

/// Runs the generator over the library.
fn generate(library: &Path, language: &str, into: &Path) -> Outcome {
    files::folder(into)?;
    let mut generator = cargo();
    generator.args(["run", "--quiet", "--profile", "test", "--package", "bareme-mobile-bindgen", "--", "generate"]);
    generator.arg(library).args(["--language", language, "--no-format", "--out-dir"]).arg(into);
    process::run(&mut generator)
}

/// What Maven finds in `bindings-mobile/kotlin/generated`: the sources, the library, and the README as a test.
fn kotlin(library: &Path) -> Outcome {
    let folder = package().join("kotlin");
    let generated = folder.join("generated");
    generate(library, "kotlin", &generated.join("kotlin"))?;
    if let Some(platform) = JNA_FOLDER {
        let place = generated.join("native").join(platform);
        files::folder(&place)?;
        let shipped = stripped(library)?.unwrap_or_else(|| library.to_path_buf());
        std::fs::copy(&shipped, place.join(files::name(library)))
            .map_err(|error| format!("cannot copy {}: {error}", files::shown(&shipped)))?;
    }
    let readme = files::read(&folder.join("README.md"))?;
    files::write(&generated.join("test-kotlin").join("Readme.kt"), &readme_as_test(&readme))
}

/// What the Swift package takes from the library: the sources, and the header of its C.
fn swift(library: &Path) -> Outcome {
    let all = target().join("mobile").join("swift");
    generate(library, "swift", &all)?;
    let sources = package().join("swift").join("Sources");
    for (file, folder) in [
        ("Bareme.swift", sources.join("Bareme").join("Generated")),
        ("BaremeFFI.h", sources.join("BaremeFFI").join("include")),
    ] {
        files::write(&folder.join(file), &files::read(&all.join(file))?)?;
    }
    Ok(())
}

/// The README's Kotlin as one function; an expression with a value beside it is compared with it.
fn readme_as_test(readme: &str) -> String {
    let mut text =
        "package bareme\n\nimport org.junit.jupiter.api.Assertions.assertEquals\n\nsuspend fun readme() {\n".to_owned();
    let mut inside = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            inside = line == "```kotlin";
            continue;
        }
        if !inside || line.starts_with("import ") {
            continue;
        }
        let is_value = |value: &str| {
            value == "true" || value.starts_with("Status.") || value.chars().all(|digit| digit.is_ascii_digit())
        };
        let shown = match line.split_once(" // ") {
            Some((expression, value)) if is_value(value) => format!("assertEquals({value}, {})", expression.trim()),
            _ => line.to_owned(),
        };
        text.push_str("    ");
        text.push_str(&shown);
        text.push('\n');
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::readme_as_test;

    #[test]
    fn values_beside_expressions_are_compared() {
        let text = readme_as_test("```kotlin\nimport bareme.*\nval x = f() // why\nx.size // 2\n```\nx.size // 3\n");
        assert!(text.ends_with("{\n    val x = f() // why\n    assertEquals(2, x.size)\n}\n"), "{text}");
    }
}
