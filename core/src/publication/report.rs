//! What a verification says: what was checked, what agreed, and where the rest first differs.

use std::collections::BTreeSet;

use serde::Serialize;

use super::document::{Inputs, MethodologyName};
use crate::document::{Digest, Json, LANGUAGE};
use crate::error::Text;

/// What a verification says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// The language version, `bareme/1`.
    pub language: &'static str,
    /// The kind of document, `verification`.
    pub document: &'static str,
    /// Is there no disagreement?
    pub verified: bool,
    /// What was verified: `publication` or `receipt`.
    pub of: &'static str,
    /// The digest of its head.
    pub sha256: Digest,
    /// The methodology that it names.
    pub methodology: MethodologyName,
    /// Of a receipt, the territory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Does it hold its inputs?
    pub inputs: Inputs,
    /// The depth reached: 1 integrity, 2 recomputation from the reference, 3 from the cohort.
    pub depth: u8,
    /// Was its text canonical? If not, its values were verified all the same.
    pub canonical: bool,
    /// Who signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureReport>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// The disagreements, by step; no more than were asked for.
    pub disagreements: Vec<Disagreement>,
    /// The number of disagreements.
    pub disagreement_count: u64,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignatureReport {
    /// The public key, 64 hexadecimal digits.
    pub public_key: String,
    /// Is the signature one of this publication by this key?
    pub valid: bool,
    /// Is the key one of those that were given? None when none was.
    pub known: Option<bool>,
}

/// One thing that was checked, or could not be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Check {
    /// What.
    pub check: CheckName,
    /// What came of it.
    pub outcome: Outcome,
    /// How many things were compared.
    pub compared: u64,
    /// In words.
    pub text: Text,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything agrees.
    Agrees,
    /// Something does not.
    Differs,
    /// It could not be checked; the text says why.
    NotChecked,
}

/// Defines [`CheckName`]: variant, its word, what it means.
macro_rules! checks {
    ($($variant:ident $word:literal $fr:literal $en:literal;)*) => {
        /// What is checked, in this order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum CheckName { $(#[doc = $en] #[serde(rename = $word)] $variant,)* }

        impl CheckName {
            /// In words.
            pub fn text(self) -> Text {
                match self { $(Self::$variant => Text::new($fr, $en)),* }
            }
        }
    };
}

checks! {
    Head "head" "l'empreinte de l'en-tête" "the digest of the head";
    Signature "signature" "la signature" "the signature";
    Methodologies "methodologies" "les méthodes sont celles de l'en-tête" "the methodologies are those of the head";
    KnownMethodologies "known_methodologies" "les méthodes sont celles que ce logiciel connaît" "the methodologies are those that this package knows";
    ReferenceDigest "reference_digest" "la référence est celle de l'en-tête" "the reference is that of the head";
    RollUpsDigest "roll_ups_digest" "les scores de groupes sont ceux de l'en-tête" "the scores of groups are those of the head";
    Rows "rows" "l'empreinte et l'ordre des lignes" "the digests and the order of the rows";
    Root "root" "l'arbre des lignes mène à l'en-tête" "the tree of rows leads to the head";
    Cohort "cohort" "les données sont celles de l'en-tête" "the inputs are those of the head";
    Scores "scores" "chaque score, recalculé d'après la référence" "every score, recomputed from the reference";
    Reference "reference" "la référence, recalculée d'après la cohorte" "the reference, recomputed from the cohort";
    Full "full" "chaque score et chaque rang, recalculés d'après la cohorte" "every score and rank, recomputed from the cohort";
}

/// Defines [`Step`]: variant, its word, what it means.
macro_rules! steps {
    ($($variant:ident $word:literal $fr:literal $en:literal;)*) => {
        /// The steps from an input to what is published, in order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Step { $(#[doc = $en] #[serde(rename = $word)] $variant,)* }

        impl Step {
            /// The word in reports.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// In words.
            pub fn text(self) -> Text {
                match self { $(Self::$variant => Text::new($fr, $en)),* }
            }
        }
    };
}

steps! {
    Integrity "integrity" "l'intégrité" "the integrity";
    Methodology "methodology" "la méthode" "the methodology";
    Metric "metric" "les données" "the inputs";
    Stratum "stratum" "la strate" "the stratum";
    Raw "raw" "la valeur brute d'un critère" "the raw value of a criterion";
    Bound "bound" "une statistique de la référence" "a statistic of the reference";
    Mark "mark" "la note d'un critère" "the mark of a criterion";
    Weight "weight" "un poids appliqué" "an applied weight";
    Index "index" "la valeur d'un indice" "the value of an index";
    Rounding "rounding" "l'arrondi publié" "the published rounding";
    Rank "rank" "un rang" "a rank";
    Grade "grade" "la mention" "the grade";
    Flag "flag" "une remarque" "a flag";
    RollUp "roll_up" "le score d'un groupe" "the score of a group";
}

/// A value that is not what it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Disagreement {
    /// The first step that differs.
    pub step: Step,
    /// Where: a JSON Pointer into what was verified.
    pub pointer: String,
    /// Whose, when it is one territory's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// The depth at which it was found.
    pub depth: u8,
    /// What should stand there; nothing when nothing should.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Shown>,
    /// What stands there; nothing when nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<Shown>,
    /// How many further values of the same row differ; they may all follow from this one.
    #[serde(skip_serializing_if = "is_zero")]
    pub following: u64,
    /// In words.
    pub text: Text,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shown {
    /// As text, shortened when it is long.
    pub text: String,
    /// Of a number, its binary64: 16 hexadecimal digits, the most significant first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<String>,
}

/// Longest value that a report repeats, in characters.
const SHOWN: usize = 200;

impl Shown {
    pub(super) fn text(text: impl std::fmt::Display) -> Self {
        let text = text.to_string();
        let text = match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        };
        Self { text, bits: None }
    }

    pub(super) fn json(json: &Json) -> Self {
        match json {
            Json::Number(number) => {
                Self { text: number.to_string(), bits: Some(format!("{:016x}", number.get().to_bits())) }
            }
            Json::String(text) => Self::text(text),
            other => Self::text(crate::document::canonical::text(other)),
        }
    }
}

/// A report while it is written.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) checks: Vec<Check>,
    disagreements: Vec<Disagreement>,
    /// What was told already.
    told: BTreeSet<(Step, String, Option<String>)>,
    count: u64,
    /// Has the check that runs found anything, be it known already?
    differs: bool,
}

/// Most disagreements that are kept before they are sorted.
const KEPT: usize = 100_000;

impl Findings {
    pub(super) fn push(&mut self, disagreement: Disagreement) {
        self.differs = true;
        // The same place may be found wrong at two depths.
        let place = (disagreement.step, disagreement.pointer.clone(), disagreement.territory.clone());
        if self.disagreements.len() < KEPT && !self.told.insert(place) {
            return;
        }
        self.count = self.count.saturating_add(1);
        if self.disagreements.len() < KEPT {
            self.disagreements.push(disagreement);
        }
    }

    /// The inputs are not what they should be.
    pub(super) fn metric(
        &mut self,
        pointer: impl Into<String>,
        territory: Option<&str>,
        depth: u8,
        pair: (Option<Shown>, Option<Shown>),
        text: Text,
    ) {
        self.push(Disagreement {
            step: Step::Metric,
            pointer: pointer.into(),
            territory: territory.map(str::to_owned),
            depth,
            expected: pair.0,
            found: pair.1,
            following: 0,
            text,
        });
    }

    /// A disagreement of the document itself.
    pub(super) fn broken(
        &mut self,
        pointer: impl Into<String>,
        territory: Option<&str>,
        pair: (Option<Shown>, Option<Shown>),
        text: Text,
    ) {
        self.push(Disagreement {
            step: Step::Integrity,
            pointer: pointer.into(),
            territory: territory.map(str::to_owned),
            depth: 1,
            expected: pair.0,
            found: pair.1,
            following: 0,
            text,
        });
    }

    /// Two digests, or two other texts, that should be the same.
    pub(super) fn same(
        &mut self,
        pointer: &str,
        expected: impl std::fmt::Display,
        found: impl std::fmt::Display,
        text: Text,
    ) -> bool {
        let (expected, found) = (Shown::text(expected), Shown::text(found));
        let same = expected == found;
        if !same {
            self.broken(pointer, None, (Some(expected), Some(found)), text);
        }
        same
    }

    pub(super) fn begin(&mut self) {
        self.differs = false;
    }

    /// Ends a check that compared so many things.
    pub(super) fn end(&mut self, check: CheckName, compared: usize) {
        let outcome = if self.differs { Outcome::Differs } else { Outcome::Agrees };
        self.checks.push(Check { check, outcome, compared: compared as u64, text: check.text() });
    }

    /// A check that could not be made, and why.
    pub(super) fn skip(&mut self, check: CheckName, fr: &str, en: &str) {
        let text = check.text();
        let text = Text::new(format!("{}\u{a0}: {fr}", text.fr), format!("{}: {en}", text.en));
        self.checks.push(Check { check, outcome: Outcome::NotChecked, compared: 0, text });
    }

    pub(super) fn report(mut self, about: About, most: usize) -> Report {
        self.disagreements.sort_by_key(|disagreement| disagreement.step);
        self.disagreements.truncate(most);
        self.checks.sort_by_key(|check| check.check);
        Report {
            language: LANGUAGE,
            document: "verification",
            verified: self.count == 0,
            of: about.of,
            sha256: about.sha256,
            methodology: about.methodology,
            territory: about.territory,
            inputs: about.inputs,
            depth: about.depth,
            canonical: about.canonical,
            signature: about.signature,
            checks: self.checks,
            disagreements: self.disagreements,
            disagreement_count: self.count,
        }
    }
}

/// What a report is about.
pub(super) struct About {
    pub(super) of: &'static str,
    pub(super) sha256: Digest,
    pub(super) methodology: MethodologyName,
    pub(super) territory: Option<String>,
    pub(super) inputs: Inputs,
    pub(super) depth: u8,
    pub(super) canonical: bool,
    pub(super) signature: Option<SignatureReport>,
}
