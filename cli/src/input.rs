//! Bytes into a cohort or a methodology.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bareme::cohort::{Ignored, Period, Table};
use bareme::error::{Faults, Place};
use bareme::scoring::{Reference, ReferenceDocument};
use bareme::{Cohort, Methodology, catalogue};

use crate::arguments::Given;
use crate::failure::Failure;

/// The name by which standard input is asked for.
const STDIN: &str = "-";

/// An input and the name that faults call it by.
#[derive(Debug)]
pub(crate) struct Input {
    /// The name as it was given.
    pub(crate) name: String,
    bytes: Vec<u8>,
}

impl Input {
    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(name: &str) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let read = if name == STDIN {
            io::stdin().lock().read_to_end(&mut bytes)
        } else {
            File::open(name).and_then(|mut file| file.read_to_end(&mut bytes))
        };
        read.map_err(|error| Failure::file(name, &error))?;
        Ok(Self { name: name.to_owned(), bytes })
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Is this JSON? The extension says so; where it says nothing, the first character does.
    fn is_json(&self) -> bool {
        let extension = Path::new(&self.name).extension().map(std::ffi::OsStr::to_ascii_lowercase);
        match extension.as_ref().and_then(|extension| extension.to_str()) {
            Some("json") => true,
            Some("csv" | "tsv" | "txt") => false,
            _ => {
                let bytes = self.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.bytes);
                matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
            }
        }
    }

    fn table(&self) -> Result<Table<'static>, Failure> {
        Table::from_csv(&self.bytes, None).map_err(|faults| Failure::of(&self.name, faults))
    }
}

/// The methodology that `name` means: a file, which may pin those in the files `others`, or an embedded one.
pub(crate) fn methodology(name: &str, others: &[String]) -> Result<Methodology, Failure> {
    if is_file(name) {
        document(name, others)
    } else {
        catalogue::methodology(name).map_err(|faults| Failure::of(name, faults))
    }
}

/// Does this name a file rather than an embedded methodology? Ids and versions hold no slash, and
/// end in no `.json`; a file without either is found when it is there.
pub(crate) fn is_file(name: &str) -> bool {
    let looks = name == STDIN
        || name.contains(['/', '\\'])
        || Path::new(name).extension().is_some_and(|extension| extension == "json");
    looks || Path::new(name).is_file()
}

/// A methodology document in a file, whatever the file is called, with those that it pins: in the files
/// `others`, or embedded.
pub(crate) fn document(name: &str, others: &[String]) -> Result<Methodology, Failure> {
    let names = std::iter::once(name).chain(others.iter().map(String::as_str));
    let inputs = names.map(Input::read).collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<&[u8]> = inputs.iter().map(Input::bytes).collect();
    let mut read = Methodology::read_all(&texts, &catalogue::all()).into_iter().zip(inputs);
    let first = read.next();
    let mut wrong: Vec<(String, Faults)> =
        read.filter_map(|(read, input)| read.err().map(|faults| (input.name, faults))).collect();
    match first {
        Some((Ok(methodology), _)) if wrong.is_empty() => Ok(methodology),
        Some((Err(faults), input)) => {
            wrong.insert(0, (input.name, faults));
            Err(Failure::Faults(wrong))
        }
        _ => Err(Failure::Faults(wrong)),
    }
}

/// The reference in a file, and the methodology that it was drawn with: the one given, or else the
/// embedded one that its pin names.
pub(crate) fn reference(name: &str, methodology: Option<&str>, others: &[String]) -> Result<Reference, Failure> {
    let input = Input::read(name)?;
    let wrong = |faults: Faults| Failure::of(&*input.name, faults);
    let methodology = if let Some(given) = methodology {
        self::methodology(given, others)?
    } else {
        let document = ReferenceDocument::read(&input.bytes).map_err(wrong)?;
        let pin = document.methodology();
        catalogue::methodology(&format!("{}@{}", pin.id, pin.version)).map_err(|faults| {
            let pointed = faults.iter().map(|fault| {
                let mut fault = fault.clone();
                fault.place = Place::Pointer("/statistics/methodology".into());
                let fault = fault.advise(
                    "donnez le fichier de cette méthode avec -m : elle n'est pas de celles que bareme contient",
                    "give this methodology's file with -m: it is none of those that bareme embeds",
                );
                (input.name.clone(), Faults::from(fault))
            });
            Failure::Faults(pointed.collect())
        })?
    };
    Reference::from_json(&input.bytes, &methodology).map_err(wrong)
}

/// The period of two arguments.
pub(crate) fn period(given: &Given) -> Result<Option<Period>, Failure> {
    let (Some(from), Some(to)) = (given.from.as_deref(), given.to.as_deref()) else { return Ok(None) };
    // Each fault is about one of the two arguments; `Period::parse` knows them as parts of a document.
    Period::parse(from, to).map(Some).map_err(|faults| {
        let named = faults.iter().map(|fault| {
            let argument = if fault.place.to_string().ends_with("/from") { "--from" } else { "--to" };
            let mut fault = fault.clone();
            fault.place = Place::Pointer(String::new());
            (argument.to_owned(), Faults::from(fault))
        });
        Failure::Faults(named.collect())
    })
}

/// The cohort of one file, or of two; if `lenient`, without what the methodology does not know, which
/// is named.
pub(crate) fn cohort(
    given: &Given,
    period: Option<Period>,
    methodology: &Methodology,
) -> Result<(Cohort, Vec<Ignored>), Failure> {
    let (accounts, territories, lenient) = (given.cohort.as_str(), given.territories.as_deref(), given.ignore_unknown);
    if accounts == STDIN && territories == Some(STDIN) {
        return Err(Failure::plain(
            "une seule des deux tables peut venir de l'entrée standard",
            "only one of the two tables can come from standard input",
        ));
    }
    let input = Input::read(accounts)?;
    if input.is_json() {
        if territories.is_some() || period.is_some() {
            return Err(Failure::plain(
                "une cohorte JSON contient ses territoires et sa période : --territories, --from et --to ne vont qu'avec un CSV",
                "a JSON cohort holds its territories and its period: --territories, --from and --to go with a CSV only",
            ));
        }
        let cohort = Cohort::from_json(&input.bytes).map_err(|faults| Failure::of(input.name, faults))?;
        return Ok(if lenient { cohort.restricted_to(methodology) } else { (cohort, Vec::new()) });
    }
    let second = territories.map(Input::read).transpose()?;
    // Both are read before either is given up, so that the faults of both are known at once.
    let (accounts, territories) = match (input.table(), second.as_ref().map(Input::table).transpose()) {
        (Ok(accounts), Ok(territories)) => (accounts, territories),
        (Err(Failure::Faults(mut faults)), Err(Failure::Faults(others))) => {
            faults.extend(others);
            return Err(Failure::Faults(faults));
        }
        (Err(failure), _) | (_, Err(failure)) => return Err(failure),
    };
    let read = if lenient {
        Cohort::from_table_ignoring_unknown(accounts, territories, period, methodology)
    } else {
        Cohort::from_table(accounts, territories, period, methodology).map(|cohort| (cohort, Vec::new()))
    };
    read.map_err(|faults| match &second {
        Some(second) => sorted(&faults, &input.name, &second.name),
        None => Failure::of(input.name, faults),
    })
}

/// The faults of two tables, each under the file of its table.
fn sorted(faults: &Faults, accounts: &str, territories: &str) -> Failure {
    if faults.omitted() > 0 {
        // Of those that are only counted, nobody knows in which file they are.
        return Failure::of(format!("{accounts}|{territories}"), faults.clone());
    }
    let named = faults.iter().map(|fault| {
        let second = matches!(fault.place, Place::Cell { table: Some(_), .. });
        (if second { territories } else { accounts }.to_owned(), Faults::from(fault.clone()))
    });
    Failure::Faults(named.collect())
}
