//! The same bits on every processor: the conformance vectors, run by a build for each, and a digest of
//! all that comes out held against that of the plain build for x86-64.
//!
//! Other processors are played by qemu, WebAssembly by Node. What rustup has not installed for a target is
//! built from the standard library's source. On Debian: `apt-get install rustc-web rust-web-src qemu-user
//! wasi-libc nodejs`, and `gcc-A-linux-gnu` and `libc6-dev-B-cross` for each processor.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::files::{self, root, target};
use crate::process::{self, cargo};

/// A kind of machine.
struct Machine {
    /// As the table calls it.
    name: &'static str,
    triple: &'static str,
    flags: &'static [&'static str],
    linker: Option<&'static str>,
    /// What runs the program where this machine cannot, the program itself left out.
    runner: &'static [&'static str],
}

/// The machine of the build that the others are held against.
const SHIPPED: &str = "x86-64";
const NATIVE: &str = "x86_64-unknown-linux-gnu";
const WASM: &str = "wasm32-wasip1";

const MACHINES: [Machine; 7] = [
    Machine { name: SHIPPED, triple: NATIVE, flags: &[], linker: None, runner: &[] },
    Machine {
        name: "x86-64 with AVX2 and FMA",
        triple: NATIVE,
        flags: &["-C", "target-feature=+avx2,+fma"],
        linker: None,
        runner: &[],
    },
    Machine {
        name: "i686 (SSE2)",
        triple: "i686-unknown-linux-gnu",
        flags: &[],
        linker: Some("i686-linux-gnu-gcc"),
        runner: &["qemu-i386", "-L", "/usr/i686-linux-gnu"],
    },
    Machine {
        name: "aarch64",
        triple: "aarch64-unknown-linux-gnu",
        flags: &[],
        linker: Some("aarch64-linux-gnu-gcc"),
        runner: &["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
    },
    Machine {
        name: "riscv64",
        triple: "riscv64gc-unknown-linux-gnu",
        flags: &[],
        linker: Some("riscv64-linux-gnu-gcc"),
        runner: &["qemu-riscv64", "-L", "/usr/riscv64-linux-gnu"],
    },
    Machine {
        name: "s390x (big-endian)",
        triple: "s390x-unknown-linux-gnu",
        flags: &[],
        linker: Some("s390x-linux-gnu-gcc"),
        runner: &["qemu-s390x", "-L", "/usr/s390x-linux-gnu"],
    },
    Machine {
        name: "wasm32",
        triple: WASM,
        flags: &[],
        linker: None,
        runner: &["node", "--no-warnings", "xtask/wasi.mjs"],
    },
];

/// The processor without binary64 arithmetic: it must not compile.
const X87: &str = "i586-unknown-linux-gnu";

/// Builds for each machine, or those that are named, runs the vectors and compares.
pub(crate) fn run(only: &[String]) -> Outcome {
    let wanted = |triple: &str| only.is_empty() || triple == NATIVE || only.iter().any(|name| triple.starts_with(name));
    let mut expected: Option<String> = None;
    let mut wrong = Vec::new();
    println!("| machine | target | run by | cases | digest of all outputs | build, s | run, s |");
    println!("|---|---|---|--:|---|--:|--:|");
    for machine in MACHINES.iter().filter(|machine| wanted(machine.triple)) {
        let started = Instant::now();
        let built = machine.build();
        let building = started.elapsed().as_secs();
        let started = Instant::now();
        let by = machine.runner.first().unwrap_or(&"itself");
        let output = match built.and_then(|program| machine.vectors(&program)) {
            Ok(output) => output,
            Err(sentence) => {
                println!("| {} | `{}` | {by} | – | not run | {building} | – |", machine.name, machine.triple);
                wrong.push(format!("{}: {sentence}", machine.name));
                continue;
            }
        };
        // The last line says how many cases there are, and the digest of all.
        let last = output.lines().last().unwrap_or_default();
        let (cases, digest) = last.split_once(' ').unwrap_or((last, ""));
        let digest = digest.get(..16).unwrap_or(digest);
        let running = started.elapsed().as_secs();
        println!("| {} | `{}` | {by} | {cases} | `{digest}` | {building} | {running} |", machine.name, machine.triple);
        match &expected {
            None => expected = Some(output),
            Some(expected) if *expected == output => {}
            Some(_) => wrong.push(format!("{}: other bits than on x86-64", machine.name)),
        }
    }
    if wanted(X87) {
        match refused() {
            Ok(()) => println!("| i586 (x87) | `{X87}` | – | – | does not compile, as it must not | – | – |"),
            Err(sentence) => wrong.push(format!("i586 (x87): {sentence}")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

impl Machine {
    /// Builds the runner of the vectors, and says where it is.
    fn build(&self) -> Result<PathBuf, String> {
        let folder = target().join("portability").join(self.name.split(' ').next_back().unwrap_or_default());
        let mut build = build(self.triple, self.flags, self.linker, &folder)?;
        // What is shipped is what the others are held against. They are optimised as much within each crate,
        // and binary64 arithmetic is all in one; optimising across crates takes most of the time of a build.
        if self.name != SHIPPED {
            build.env("CARGO_PROFILE_RELEASE_LTO", "off");
        }
        process::output(&mut build)?;
        let program = if self.triple == WASM { "bareme-conformance.wasm" } else { "bareme-conformance" };
        Ok(folder.join(self.triple).join("release").join(program))
    }

    /// Runs the vectors; gives a line for each page, then one for all.
    fn vectors(&self, program: &Path) -> Result<String, String> {
        let mut command = match self.runner {
            [] => Command::new(program),
            [runner, words @ ..] => {
                let mut command = Command::new(runner);
                command.args(words).arg(program);
                command
            }
        };
        let pages = files::list(&root().join("spec/vectors/bareme-1"));
        command.current_dir(root()).args(pages.iter().map(|page| files::shown(page)));
        process::output(&mut command)
    }
}

/// How the runner is built for a target.
fn build(triple: &str, flags: &[&str], linker: Option<&str>, folder: &Path) -> Result<Command, String> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--package", "bareme-conformance", "--bin", "bareme-conformance"]);
    build.args(["--target", triple, "--target-dir"]).arg(folder);
    let mut flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
    let variable = |name: &str| format!("CARGO_TARGET_{}_{name}", triple.replace('-', "_").to_uppercase());
    if let Some(linker) = linker {
        build.env(variable("LINKER"), linker);
    }
    if !sysroot("rustc".as_ref()).is_some_and(|sysroot| sysroot.join("lib/rustlib").join(triple).is_dir()) {
        let compiler = with_source().ok_or(
            "neither is the target installed, nor is there a compiler with the source of the standard library",
        )?;
        build.env("RUSTC", compiler).env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort,panic_unwind");
        if triple == WASM {
            let lld =
                sysroot("rustc".as_ref()).map(|sysroot| sysroot.join("lib/rustlib").join(NATIVE).join("bin/rust-lld"));
            build.env(variable("LINKER"), lld.unwrap_or_else(|| "rust-lld".into()));
            let wasi = "/usr/lib/wasm32-wasi";
            flags.extend(["-C", "link-self-contained=no", "-L"].map(str::to_owned));
            flags.extend([format!("native={wasi}"), "-C".to_owned(), format!("link-arg={wasi}/crt1-command.o")]);
        }
    }
    build.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    Ok(build)
}

/// The negative control: without SSE2 the core refuses to compile, and says why.
fn refused() -> Outcome {
    let folder = target().join("portability").join("i586");
    let mut build = build(X87, &[], Some("i686-linux-gnu-gcc"), &folder)?;
    let output = build.output().map_err(|error| process::missing(&build, &error))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        Err("it compiles, though its arithmetic rounds twice".to_owned())
    } else if errors.contains("bareme needs IEEE 754 binary64 arithmetic") {
        Ok(())
    } else {
        Err(format!("it does not compile, but for another reason:\n{errors}"))
    }
}

/// A compiler on the path that has the source of its standard library.
fn with_source() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    // Rustup's stands in for several; Debian's is in the usual place.
    let compilers = std::env::split_paths(&path).map(|folder| folder.join("rustc")).chain(["/usr/bin/rustc".into()]);
    compilers.filter(|compiler| compiler.is_file()).find(|compiler| {
        sysroot(compiler).is_some_and(|sysroot| sysroot.join("lib/rustlib/src/rust/library/std").is_dir())
    })
}

fn sysroot(compiler: &Path) -> Option<PathBuf> {
    let output = Command::new(compiler).args(["--print", "sysroot"]).output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}
