//! Other programs.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use crate::Outcome;
use crate::files::{root, target};

/// Cargo, in the repository, on the same toolchain.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.current_dir(root());
    forget_package(&mut cargo);
    cargo
}

/// npm, in a folder of the repository.
pub(crate) fn npm(folder: &str) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(root().join(folder));
    forget_package(&mut npm);
    npm
}

/// Builds one program of the workspace as its tests are built; says where it is.
pub(crate) fn built_for_tests(program: &str) -> Result<PathBuf, String> {
    let mut build = cargo();
    // The features of dependencies are those of `cargo test --workspace`, so that nothing is built again: `--workspace`
    // adds those that other packages ask for, and `--examples`, of which there are none, those that tests ask for.
    build.args(["build", "--quiet", "--workspace", "--examples", "--profile", "test", "--bin", program]);
    run(&mut build)?;
    Ok(target().join("debug").join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
}

/// The triple of this machine, as `rustc` names it.
pub(crate) fn host() -> Result<String, String> {
    let version = output(Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not name its host".to_owned())
}

/// What `cargo run` tells this program about its own package is nothing to the next cargo.
fn forget_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
}

/// Runs a program to its end; its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| missing(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", shown(command))) }
}

/// Runs a program and takes its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| missing(command, &error))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` failed ({})\n{errors}", shown(command), output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Why a program could not be started, and what to do.
pub(crate) fn missing(command: &Command, error: &std::io::Error) -> String {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        ErrorKind::NotFound if program == "python3" => {
            "python3 is needed, to check arithmetic by other means than Rust; install it with its `venv` module (on Debian: apt-get install python3 python3-venv)".to_owned()
        }
        ErrorKind::NotFound => format!("`{program}` is needed and was not found; install it"),
        _ => format!("cannot run `{program}`: {error}"),
    }
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
