//! The independent implementation: one process that answers many requests.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::case::Texts;

/// The process; it ends when this is dropped.
#[derive(Debug)]
pub struct Independent {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// The folder `spec/independent`.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/independent")
}

impl Independent {
    /// Starts it.
    ///
    /// # Errors
    /// When there is no `python3`.
    pub fn start() -> io::Result<Self> {
        Self::spawn(&["-m", "bareme_independent", "--stdin-lines"])
    }

    /// Starts it with one rule broken: `planted/faults.py` names them.
    ///
    /// # Errors
    /// When there is no `python3`.
    pub fn start_with_fault(fault: &str) -> io::Result<Self> {
        let faults = Path::new(env!("CARGO_MANIFEST_DIR")).join("planted/faults.py");
        Self::spawn(&[&faults.to_string_lossy(), fault])
    }

    fn spawn(arguments: &[&str]) -> io::Result<Self> {
        let mut child = Command::new("python3")
            .args(arguments)
            .env("PYTHONPATH", folder())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// What it says of a case, as it wrote it: canonical, one line.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn answer(&mut self, texts: &Texts) -> io::Result<String> {
        let mut line = request(texts).to_string();
        line.push('\n');
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("no input"))?;
        input.write_all(line.as_bytes())?;
        input.flush()?;
        let mut answer = String::new();
        if self.output.read_line(&mut answer)? == 0 {
            return Err(io::Error::other("the independent implementation ended; its standard error says why"));
        }
        Ok(answer.trim_end_matches('\n').to_owned())
    }
}

impl Drop for Independent {
    fn drop(&mut self) {
        // The end of its input ends it.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The request of a case.
pub fn request(texts: &Texts) -> Value {
    let mut request = json!({
        "ask": "everything",
        "methodology": text(&texts.methodology),
        "others": texts.others.iter().map(|other| text(other)).collect::<Vec<_>>(),
        "cohort": text(&texts.cohort),
        "alone": texts.alone.iter().map(|one| text(one)).collect::<Vec<_>>(),
    });
    if let Some(patch) = &texts.patch {
        request["patch"] = text(patch);
    }
    if let Some(reference) = &texts.reference {
        request["reference"] = text(reference);
    }
    if let Some((published, full)) = &texts.published {
        request["published"] = text(published);
        request["full"] = json!(full);
    }
    if let Some(inputs) = texts.inputs {
        request["inputs"] = json!(inputs);
    }
    request
}

/// A document of a request: a string, or its bytes where they are no UTF-8.
pub fn text(bytes: &[u8]) -> Value {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return json!(text);
    }
    let mut digits = String::new();
    for byte in bytes {
        let _ = write!(digits, "{byte:02x}");
    }
    json!({"hex": digits})
}
