//! Python: environments with pinned packages, and the tests of the package `bareme`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{self, root, target};
use crate::process;
use crate::{Outcome, france};

/// The environment in which the package is tested.
const ENVIRONMENT: &str = "python-venv";

/// A Python without a global lock; the bindings of Rust know none before 3.14.
const FREE_THREADED: &str = "python3.14t";

/// Builds the package as a user would, into an environment of its own, and tests it there.
pub(crate) fn run() -> Outcome {
    // A notebook scores it.
    france::run(france::SEED)?;
    let python = environment(ENVIRONMENT, "bindings-python/tests/requirements.txt")?;
    let command = process::built_for_tests("bareme")?;
    process::run(installed(&python)?.env("BAREME_COMMAND", command))?;
    free_threaded()
}

/// The Python that [`run`] installed the package into, if it did.
pub(crate) fn with_package() -> Option<PathBuf> {
    let python = interpreter_of(&target().join(ENVIRONMENT));
    let has = Command::new(&python).args(["-c", "import bareme"]).output();
    has.is_ok_and(|output| output.status.success()).then_some(python)
}

fn interpreter_of(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// Tests threads in a Python without a global lock, where one is found: its wheel is one of its own.
fn free_threaded() -> Outcome {
    if Command::new(FREE_THREADED).arg("--version").output().is_err() {
        println!("no free-threaded Python ({FREE_THREADED}) is here: threads are tested with the lock only");
        return Ok(());
    }
    let python = environment_of(FREE_THREADED, "python-free-threaded-venv", "bindings-python/tests/free-threaded.txt")?;
    process::run(installed(&python)?.arg("tests/test_work.py"))
}

/// Installs the package there as a user would; gives the command that tests it.
fn installed(python: &Path) -> Result<Command, String> {
    let package = root().join("bindings-python");
    let mut install = Command::new(python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--force-reinstall", "--no-deps"]);
    process::run(install.arg(&package).env("CARGO_TARGET_DIR", target()))?;
    let mut tests = Command::new(python);
    tests.args(["-m", "pytest", "-p", "no:cacheprovider"]).current_dir(&package).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(tests)
}

/// Python in a virtual environment of its own, with the packages of a file of requirements.
pub(crate) fn environment(name: &str, requirements: &str) -> Result<PathBuf, String> {
    environment_of("python3", name, requirements)
}

fn environment_of(interpreter: &str, name: &str, requirements: &str) -> Result<PathBuf, String> {
    let file = root().join(requirements);
    let wanted = files::read(&file)?;
    let folder = target().join(name);
    let python = interpreter_of(&folder);
    // Written last, so that an installation that was cut short is done again.
    let marker = folder.join("bareme-requirements.txt");
    if python.exists() && files::read(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    files::folder(&target())?;
    process::output(Command::new(interpreter).args(["-m", "venv", "--clear"]).arg(&folder)).map_err(|sentence| {
        format!(
            "{sentence}\nthis needs {interpreter} with its `venv` module (on Debian: apt-get install python3 python3-venv)"
        )
    })?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::output(pip.arg(&file))
        .map_err(|sentence| format!("{sentence}\nthis needs the packages of {requirements}: is the network there?"))?;
    files::write(&marker, &wanted)?;
    Ok(python)
}
