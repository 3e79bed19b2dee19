//! The repository's files: where they are, and how generated ones are written or checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The repository.
pub(crate) fn root() -> PathBuf {
    let here =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// Where builds go.
pub(crate) fn target() -> PathBuf {
    let root = root();
    // `join` keeps an absolute path as it is.
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", shown(path)))
}

/// Writes a file, and the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Outcome {
    folder(path.parent().unwrap_or(path))?;
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", shown(path)))
}

/// Makes a folder, and those above it.
pub(crate) fn folder(path: &Path) -> Outcome {
    fs::create_dir_all(path).map_err(|error| format!("cannot make {}: {error}", shown(path)))
}

/// What a folder holds, sorted; nothing if there is no such folder.
pub(crate) fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// A file's name, `""` if it is not Unicode.
pub(crate) fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Does the path end in `extension`?
pub(crate) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// A path as people know it: inside the repository.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Generated files, by path, and the folders that hold no other file of the same extension.
#[derive(Debug, Default)]
pub(crate) struct Generated {
    files: BTreeMap<PathBuf, String>,
    folders: Vec<(PathBuf, &'static str)>,
}

impl Generated {
    /// A file and its text.
    pub(crate) fn file(&mut self, path: PathBuf, text: String) {
        self.files.insert(path, text);
    }

    /// A folder in which every file of this extension is generated.
    pub(crate) fn folder(&mut self, path: PathBuf, extension: &'static str) {
        self.folders.push((path, extension));
    }

    /// Writes what changed, or with `check` only reports it. `command` is what writes the files.
    pub(crate) fn settle(&self, check: bool, command: &str) -> Outcome {
        let mut changed = Vec::new();
        for (path, text) in &self.files {
            if fs::read(path).ok().as_deref() != Some(text.as_bytes()) {
                changed.push(shown(path));
                if !check {
                    write(path, text)?;
                }
            }
        }
        for (folder, extension) in &self.folders {
            let others = list(folder)
                .into_iter()
                .filter(|path| has_extension(path, extension) && !self.files.contains_key(path));
            for path in others {
                changed.push(format!("{} (not generated any more)", shown(&path)));
                if !check {
                    fs::remove_file(&path).map_err(|error| format!("cannot remove {}: {error}", shown(&path)))?;
                }
            }
        }
        if check && !changed.is_empty() {
            return Err(format!("out of date, run `{command}`:\n  {}", changed.join("\n  ")));
        }
        match changed.as_slice() {
            [] => println!("{} files are up to date", self.files.len()),
            changed => println!("written:\n  {}", changed.join("\n  ")),
        }
        Ok(())
    }
}
