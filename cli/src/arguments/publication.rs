//! The arguments of `publish`, `verify`, `receipt` and `sheet`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Delimiter, Given};

/// The arguments of `publish`.
#[derive(Debug, Args)]
#[command(after_help = "\
The publication holds the methodologies, the reference, every input, score and rank. It is the same text
whoever writes it, but for its envelope. Keys are made with OpenSSL:

  openssl genpkey -algorithm ed25519 -out key.pem
  openssl pkey -in key.pem -pubout -out key.pub.pem
  bareme publish cohort.csv -m observatoire-instagram@2017.10 --sign key.pem -o publication.json
  bareme verify publication.json --key key.pub.pem")]
pub(crate) struct Publish {
    #[command(flatten)]
    pub(crate) given: Given,
    /// An embedded methodology, or a file
    #[arg(short, long, value_name = "ID@VERSION|FILE")]
    pub(crate) methodology: String,
    /// The publication, or its sheet [default: by the extension of --output, else json]
    #[arg(long, value_enum)]
    pub(crate) format: Option<PublishFormat>,
    /// Where to write, in one go and only if all is well [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Publish the inputs, or only a digest of them
    #[arg(long, value_enum, default_value_t = InputsShown::Included)]
    pub(crate) inputs: InputsShown,
    /// Sign with this private key: Ed25519, PKCS#8 in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) sign: Option<String>,
    /// Something that readers must know; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Vec<String>,
    /// When it is published, as 2026-11-24T12:00:00Z; it stands in the envelope
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<String>,
    /// The publication that this one corrects: its file, or its digest
    #[arg(long, value_name = "FILE|SHA256", requires = "reason")]
    pub(crate) supersedes: Option<String>,
    /// Why it is corrected
    #[arg(long, value_name = "TEXT", requires = "supersedes")]
    pub(crate) reason: Option<String>,
    /// The separator of a CSV: `,` with decimal points, `;` with decimal commas; auto: by the language
    #[arg(long, value_enum, default_value_t = Delimiter::Auto)]
    pub(crate) delimiter: Delimiter,
}

/// What `publish` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PublishFormat {
    /// The publication.
    Json,
    /// Its sheet: a row for each territory, with its digest.
    Csv,
}

/// Whether the inputs are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputsShown {
    /// They are: a publication is open data.
    Included,
    /// Only a digest of them.
    Digest,
}

/// The arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit status: 0 when all that could be checked agrees, 1 when something does not, 2 when the document
cannot be read.")]
pub(crate) struct Verify {
    /// A publication or a receipt; `-` is standard input
    #[arg(value_name = "PUBLICATION|RECEIPT")]
    pub(crate) document: String,
    /// The cohort, CSV or JSON, to recompute everything from; a publication that includes its inputs does
    /// not need it
    #[arg(long, value_name = "FILE")]
    pub(crate) cohort: Option<String>,
    /// A CSV with the territories, when the cohort holds only accounts
    #[arg(long, value_name = "FILE", requires = "cohort")]
    pub(crate) territories: Option<String>,
    /// The first day of the cohort's period, as YYYY-MM-DD, when it is a CSV that does not say it
    #[arg(long, value_name = "DATE", requires = "to", requires = "cohort")]
    pub(crate) from: Option<String>,
    /// The day after the last of the period
    #[arg(long, value_name = "DATE", requires = "from")]
    pub(crate) to: Option<String>,
    /// The reference document, for a receipt that does not carry it
    #[arg(long, value_name = "FILE")]
    pub(crate) reference: Option<String>,
    /// A public key that must have signed; may be repeated, then any of them
    #[arg(long, value_name = "FILE|KEY")]
    pub(crate) key: Vec<String>,
    /// For people, or the `verification` document
    #[arg(long, value_enum, default_value_t = VerifyFormat::Text)]
    pub(crate) format: VerifyFormat,
    /// How many disagreements to list; all are counted
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(crate) list: usize,
}

/// How a verification is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerifyFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The arguments of `receipt`.
#[derive(Debug, Args)]
pub(crate) struct Receipt {
    /// The publication; `-` is standard input
    pub(crate) publication: String,
    /// The territory, by its id or its name
    pub(crate) territory: String,
    /// Leave out the reference: the receipt is small, but whoever recomputes it needs that too
    #[arg(long)]
    pub(crate) without_reference: bool,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// The arguments of `sheet`.
#[derive(Debug, Args)]
#[command(after_help = "\
The sheet is the same text whoever writes it: `bareme sheet publication.json | cmp - published.csv`.")]
pub(crate) struct Sheet {
    /// The publication; `-` is standard input
    pub(crate) publication: String,
    /// Where to write, in one go and only if all is well [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The separator: `,` with decimal points, `;` with decimal commas; auto: by the language
    #[arg(long, value_enum, default_value_t = Delimiter::Auto)]
    pub(crate) delimiter: Delimiter,
}
