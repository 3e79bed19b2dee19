//! The same bits from every build: the examples scored by the release build, by one for this very
//! processor, optimised in other pieces, and by one without optimisation.

use std::path::{Path, PathBuf};
use std::process::Command;

use bareme::catalogue;

use crate::files::{self, root, target};
use crate::process::{self, cargo};
use crate::{Outcome, france};

/// A way of building the command line.
struct Build {
    name: &'static str,
    profile: &'static str,
    /// The packages whose features are taken together.
    packages: &'static [&'static str],
    /// For this very processor, with all that it can do?
    native: bool,
}

/// Every build; the first is the one that is shipped. The others take the features of the whole workspace, so that
/// they share macros and dependencies with its tests.
const BUILDS: [Build; 3] = [
    Build { name: "as it is shipped", profile: "release", packages: &["--package", "bareme-cli"], native: false },
    Build { name: "for this processor", profile: "native", packages: &["--workspace"], native: true },
    Build { name: "without optimisation", profile: "dev", packages: &["--workspace"], native: false },
];

/// Longest cohort of the ordinary run, in bytes.
const SMALL: u64 = 1 << 20;

/// Builds three times, scores every example with each, and compares; all of France only with `full`.
pub(crate) fn run(full: bool) -> Outcome {
    if full {
        france::run(1)?;
    }
    let programs = BUILDS.iter().map(Build::program).collect::<Result<Vec<_>, _>>()?;
    let [reference, others @ ..] = programs.as_slice() else { return Ok(()) };
    let (mut compared, mut scored) = (0_u32, 0_u32);
    let mut wrong = Vec::new();
    for case in cases(full)? {
        let mut any = false;
        for arguments in &case.arguments {
            let expected = Answer::of(reference, arguments)?;
            any |= expected.scored;
            scored += u32::from(expected.scored);
            for (program, build) in others.iter().zip(BUILDS.iter().skip(1)) {
                compared += 1;
                if Answer::of(program, arguments)? != expected {
                    wrong.push(format!("`bareme {}` differs when built {}", arguments.join(" "), build.name));
                }
            }
        }
        if !any {
            wrong.push(format!("no methodology scores {}", case.name));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    println!("{compared} outputs compared, {scored} scorings among them; every bit agrees");
    Ok(())
}

impl Build {
    /// Builds, and says where the program is.
    fn program(&self) -> Result<PathBuf, String> {
        let mut build = cargo();
        build.args(["build", "--quiet", "--bin", "bareme", "--profile", self.profile]).args(self.packages);
        build.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        let mut folder = target();
        if self.native {
            // With `--target`, flags reach neither build scripts nor procedural macros.
            let host = process::host()?;
            build.env("RUSTFLAGS", "-C target-cpu=native").args(["--target", &host]);
            folder.push(host);
        }
        process::run(&mut build)?;
        let profile = if self.profile == "dev" { "debug" } else { self.profile };
        Ok(folder.join(profile).join(format!("bareme{}", std::env::consts::EXE_SUFFIX)))
    }
}

/// What the command says: every byte of it.
#[derive(PartialEq, Eq)]
struct Answer {
    scored: bool,
    output: Vec<u8>,
    errors: Vec<u8>,
}

impl Answer {
    fn of(program: &Path, arguments: &[String]) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(root());
        let output = command.output().map_err(|error| process::missing(&command, &error))?;
        // 2 is the answer to a cohort to which the methodology does not apply.
        match output.status.code() {
            Some(code @ (0 | 2)) => Ok(Self { scored: code == 0, output: output.stdout, errors: output.stderr }),
            _ => Err(format!("`{}` ended with {}", process::shown(&command), output.status)),
        }
    }
}

/// An example's cohort, and the commands that score it.
struct Case {
    name: String,
    arguments: Vec<Vec<String>>,
}

/// Every cohort under `examples`, with every embedded methodology and those beside the cohort.
fn cases(full: bool) -> Result<Vec<Case>, String> {
    let embedded: Vec<String> =
        catalogue::all().iter().map(|methodology| format!("{}@{}", methodology.id(), methodology.version())).collect();
    let mut cases = Vec::new();
    for example in files::list(&root().join("examples")) {
        let inside = files::list(&example);
        let named = |path: &&PathBuf, start: &str, extensions: &[&str]| {
            files::name(path).starts_with(start)
                && extensions.iter().any(|extension| files::has_extension(path, extension))
        };
        let territories = inside.iter().find(|path| files::name(path) == "territories.csv");
        let mut methodologies = embedded.clone();
        methodologies.extend(
            inside
                .iter()
                .filter(|path| named(path, "", &["json"]) && files::name(path).contains('@'))
                .map(|path| files::shown(path)),
        );
        for cohort in inside.iter().filter(|path| named(path, "cohort", &["csv", "json"])) {
            let name = files::shown(cohort);
            let small = std::fs::metadata(cohort).is_ok_and(|file| file.len() <= SMALL);
            if !small && !full {
                continue;
            }
            let formats: &[&str] = if small { &["json", "csv", "table"] } else { &["csv"] };
            let mut all = Vec::new();
            for methodology in &methodologies {
                for format in formats {
                    let mut arguments: Vec<String> = ["score", &name, "-m", methodology, "--format", format]
                        .iter()
                        .map(|&word| word.to_owned())
                        .collect();
                    if let Some(path) = territories {
                        arguments.extend(["--territories".to_owned(), files::shown(path)]);
                    }
                    all.push(arguments);
                }
            }
            cases.push(Case { name, arguments: all });
        }
    }
    if cases.is_empty() {
        return Err("no folder of examples holds a cohort".to_owned());
    }
    Ok(cases)
}
