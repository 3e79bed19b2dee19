//! What can be asked for.

pub(crate) mod publication;

use std::path::PathBuf;

use bareme::error::Language;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::words;

/// Scores of territories on social media that anyone can recompute.
#[derive(Debug, Parser)]
#[command(name = "bareme", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0, or 2 when something is wrong; then standard error says what, and nothing is written. 1 says that what was verified does not agree."
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The language of tables, headers and errors [default: that of the environment]
    #[arg(long, global = true, value_enum, hide_possible_values = true, value_name = "fr|en", display_order = 100)]
    lang: Option<Lang>,
    /// A methodology that one in a file pins, beside those that bareme embeds; may be repeated
    #[arg(long = "with", global = true, value_name = "FILE", display_order = 99)]
    pub(crate) others: Vec<String>,
    /// How errors are written: lines for people, or a JSON array
    #[arg(long, global = true, value_enum, default_value_t = Errors::Text, hide_possible_values = true,
        display_order = 101, value_name = "text|json")]
    pub(crate) errors: Errors,
}

impl Arguments {
    /// The language asked for, or that of the environment.
    pub(crate) fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Fr) => Language::French,
            Some(Lang::En) => Language::English,
            None => words::environment(|name| std::env::var(name).ok()),
        }
    }
}

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the methodologies that bareme embeds
    List {
        /// A table for people, or JSON
        #[arg(long, value_enum, default_value_t = Reading::Table)]
        format: Reading,
    },
    /// Show a methodology: criteria, weights, strata, sources, digests
    Show {
        /// An embedded methodology, or a file
        #[arg(value_name = "ID[@VERSION]|FILE")]
        methodology: String,
        /// A summary, a page with every rule and its ground, or the canonical JSON, whose SHA-256 is the
        /// document digest
        #[arg(long, value_enum, default_value_t = Showing::Summary)]
        format: Showing,
    },
    /// Check a methodology document and report all its faults
    Check {
        /// The document; `-` is standard input
        file: String,
    },
    /// Print the JSON Schema of a kind of document
    Schema {
        /// The kind of document
        #[arg(value_enum)]
        document: Kind,
    },
    /// Score a cohort, or territories alone against a reference
    Score(Box<Score>),
    /// Write the reference of a scored cohort: with it, a territory is scored and ranked alone
    Reference(Reference),
    /// Score a cohort and write what is published of it
    Publish(Box<publication::Publish>),
    /// Check a publication or a receipt, and recompute it
    Verify(publication::Verify),
    /// Take one territory's receipt out of a publication
    Receipt(publication::Receipt),
    /// Write a publication as a table for spreadsheets
    Sheet(publication::Sheet),
    /// Run the conformance vectors of the specification against this build; exit status 1 when one fails
    Vectors {
        /// The folder of a language version's vectors
        #[arg(value_name = "DIR", default_value = "spec/vectors/bareme-1")]
        folder: String,
    },
}

/// The territories, their accounts and their period.
#[derive(Debug, Args)]
pub(crate) struct Given {
    /// The territories and their accounts, CSV or JSON; `-` is standard input
    pub(crate) cohort: String,
    /// A CSV with the territories, when the cohort holds only accounts
    #[arg(long, value_name = "FILE")]
    pub(crate) territories: Option<String>,
    /// Leave out columns, networks, metrics and attributes that the methodology does not know, and say
    /// which; without this they are faults
    #[arg(long)]
    pub(crate) ignore_unknown: bool,
    /// The first day of the period, as YYYY-MM-DD
    #[arg(long, value_name = "DATE", requires = "to")]
    pub(crate) from: Option<String>,
    /// The day after the last of the period
    #[arg(long, value_name = "DATE", requires = "from")]
    pub(crate) to: Option<String>,
}

/// The arguments of `reference`.
#[derive(Debug, Args)]
#[command(after_help = "\
The reference is a JSON document: the statistics of each criterion in each group and the values that
rankings order, exactly. See `bareme schema reference`.

  bareme reference cohort.csv -m observatoire-instagram@2017.10 -o reference.json
  bareme score my-town.csv --reference reference.json")]
pub(crate) struct Reference {
    #[command(flatten)]
    pub(crate) given: Given,
    /// An embedded methodology, or a file
    #[arg(short, long, value_name = "ID@VERSION|FILE")]
    pub(crate) methodology: String,
    /// Where to write, in one go and only if all is well [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// The arguments of `score`.
#[derive(Debug, Args)]
#[command(after_help = "\
CSV: a row for each territory and network; separator , ; or tab; UTF-8; headers in French or English.
With ; or tab as separator, decimals have a comma. See `bareme schema cohort` for JSON.

  bareme score cohort.csv -m observatoire-instagram@2017.10
  bareme score cohort.csv -m method.json --by followers --within region
  bareme score cohort.csv -m observatoire-instagram@2017.10 --lang fr -o scores.csv
  bareme score cohort.csv -m observatoire-instagram@2017.10 --region Bretagne --top 10
  bareme score cohort.csv -m observatoire-instagram@2017.10 --territory Menton
  bareme score my-town.csv --reference reference.json

--territory, --region, --department, --structure-type, --stratum and --top choose what is shown. They
change no score and no rank: these are always those of the whole cohort.")]
pub(crate) struct Score {
    #[command(flatten)]
    pub(crate) given: Given,
    /// An embedded methodology, or a file [with --reference: the embedded one that it was drawn with]
    #[arg(short, long, value_name = "ID@VERSION|FILE", required_unless_present = "reference")]
    pub(crate) methodology: Option<String>,
    /// Score each territory alone, against a reference that `bareme reference` wrote
    #[arg(long, value_name = "FILE", conflicts_with_all = ["by", "within", "top", "region", "department", "structure_type", "stratum", "territory"])]
    pub(crate) reference: Option<String>,
    /// What to write [default: by the extension of --output, else table]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Where to write, in one go and only if all is well [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// One territory, by id or name: its score, its ranks, and what holds it back
    #[arg(long, value_name = "ID|NAME", help_heading = "What is shown", conflicts_with_all = ["by", "within", "top"])]
    pub(crate) territory: Option<String>,
    /// The first so many of each group, and those that tie with the last of them
    #[arg(long, value_name = "N", help_heading = "What is shown", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) top: Option<u32>,
    /// Those of one region, by its code or, if it is in the cohort, by its name
    #[arg(long, value_name = "CODE|NAME", help_heading = "What is shown")]
    pub(crate) region: Option<String>,
    /// Those of one department, by its code or, if it is in the cohort, by its name
    #[arg(long, value_name = "CODE|NAME", help_heading = "What is shown")]
    pub(crate) department: Option<String>,
    /// Those of one structure type, by id or label
    #[arg(long, value_name = "TYPE", help_heading = "What is shown")]
    pub(crate) structure_type: Option<String>,
    /// Those of one stratum, by id or label
    #[arg(long, value_name = "STRATUM", help_heading = "What is shown")]
    pub(crate) stratum: Option<String>,
    /// What to rank by: the id or the label of a view of the methodology [default: its first]
    #[arg(long, value_name = "VIEW")]
    pub(crate) by: Option<String>,
    /// Rank among whom: `stratum`, `structure_type`, `department`, `region`, several joined by `+`, or
    /// `cohort` [default: the methodology's first]
    #[arg(long, value_name = "GROUP")]
    pub(crate) within: Option<String>,
    /// The separator of the CSV written; auto: `;` with decimal commas in French, `,` in English
    #[arg(long, value_enum, default_value_t = Delimiter::Auto)]
    pub(crate) delimiter: Delimiter,
}

/// A language.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    Fr,
    En,
}

/// How errors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Errors {
    /// One line for each.
    Text,
    /// A JSON array.
    Json,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reading {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// How a methodology is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Showing {
    /// Criteria, weights, strata and sources.
    Summary,
    /// Every rule in words, with its ground.
    Markdown,
    /// The canonical document.
    Json,
}

/// What `score` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// A row for each territory.
    Csv,
    /// The `scoring` document.
    Json,
}

/// The separator of the CSV written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Delimiter {
    /// As the spreadsheets of the language expect.
    Auto,
    /// A comma.
    #[value(name = ",", alias = "comma")]
    Comma,
    /// A semicolon.
    #[value(name = ";", alias = "semicolon")]
    Semicolon,
}

/// A kind of document.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    /// A scoring method.
    Methodology,
    /// Territories and accounts.
    Cohort,
    /// What `score` gives.
    Scoring,
    /// What `reference` gives.
    Reference,
    /// What `publish` gives.
    Publication,
    /// What `receipt` gives.
    Receipt,
    /// What `verify` gives.
    Verification,
}

impl Kind {
    /// The name of its schema.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Methodology => "methodology",
            Self::Cohort => "cohort",
            Self::Scoring => "scoring",
            Self::Reference => "reference",
            Self::Publication => "publication",
            Self::Receipt => "receipt",
            Self::Verification => "verification",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }
}
