//! What is wrong with an input: every fault at once, each with a stable code.
//!
//! A [`Fault`] says where (a JSON Pointer, or a row and a column), what was found, what was
//! expected and what to do. Codes are part of the specification and the same in every language;
//! wording is not, and exists in French and in English.

use std::fmt;

use serde::Serialize;

/// A text for people, in French and in English.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Text {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its two versions.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { fr: fr.into(), en: en.into() }
    }

    /// The version in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::French => &self.fr,
            Language::English => &self.en,
        }
    }
}

/// A language in which bareme speaks to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// `fr`
    French,
    /// `en`
    #[default]
    English,
}

/// Defines [`Code`]: variant, its stable text, its meaning in French and in English.
macro_rules! codes {
    ($($variant:ident $code:literal $fr:literal $en:literal;)*) => {
        /// The stable code of a fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $en] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable text, the same in every language of the product.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// What the code means.
            pub fn meaning(self) -> Text {
                match self { $(Self::$variant => Text::new($fr, $en)),* }
            }
        }
    };
}

codes! {
    // The text of a document.
    JsonSyntax "json_syntax" "ce texte n'est pas du JSON" "this text is not JSON";
    DuplicateKey "duplicate_key" "une même clé figure deux fois dans un objet" "a key stands twice in one object";
    LoneSurrogate "lone_surrogate" "une chaîne contient une moitié de caractère (surrogate isolé)" "a string holds half of a surrogate pair";
    NumberNotRepresentable "number_not_representable" "ce nombre ne peut être lu sans être arrondi" "this number cannot be read without being rounded";
    LimitExceeded "limit_exceeded" "une limite de la spécification est dépassée" "a limit of the specification is passed";
    // The shape of a document.
    UnknownField "unknown_field" "ce champ n'existe pas dans ce document" "this field does not exist in this document";
    MissingField "missing_field" "un champ obligatoire manque" "a required field is missing";
    WrongType "wrong_type" "cette valeur n'est pas du type attendu" "this value is not of the expected type";
    UnknownValue "unknown_value" "cette valeur n'est pas l'une de celles permises" "this value is not one of those allowed";
    LanguageUnsupported "language_unsupported" "cette version du langage des documents n'est pas connue" "this version of the document language is not known";
    InvalidId "invalid_id" "cet identifiant n'a pas la forme permise" "this id does not have the allowed form";
    DuplicateId "duplicate_id" "un même identifiant désigne deux choses" "one id names two things";
    OutOfRange "out_of_range" "cette valeur sort de l'intervalle permis" "this value is outside the allowed range";
    TextWithoutFrench "text_without_french" "un texte n'a pas de version française" "a text has no French version";
    // The meaning of a methodology.
    UnknownReference "unknown_reference" "ce nom ne désigne rien dans ce document" "this name refers to nothing in this document";
    FormulaSyntax "formula_syntax" "cette formule ne peut être lue" "this formula cannot be read";
    Unused "unused" "ceci est défini mais ne sert jamais" "this is defined but never used";
    WeightsZero "weights_zero" "les poids d'un indice s'annulent tous" "the weights of an index are all zero";
    BoundsOrder "bounds_order" "des bornes ne sont pas dans l'ordre" "bounds are not in order";
    StrataOverlap "strata_overlap" "un même territoire appartiendrait à deux strates" "one territory would belong to two strata";
    StrataGap "strata_gap" "des territoires n'appartiendraient à aucune strate" "some territories would belong to no stratum";
    Cycle "cycle" "une chaîne de renvois revient à son point de départ" "a chain of references comes back to its start";
    PinMismatch "pin_mismatch" "le document cité n'a pas l'empreinte indiquée" "the document that is pinned does not have the digest given";
    NegativeMarks "negative_marks" "une moyenne géométrique ou harmonique recevrait des notes négatives" "a geometric or harmonic mean would receive negative marks";
    NotAllowedHere "not_allowed_here" "ce paramètre ne peut être employé ici" "this parameter cannot be used here";
    NetworkMissing "network_missing" "un critère qui lit des mesures n'est rattaché à aucun réseau" "a criterion that reads metrics is under no network";
    ProvenanceMissing "provenance_missing" "rien ne dit sur quoi ce paramètre repose" "nothing says on what this parameter rests";
    PeriodLength "period_length" "la période n'a pas la durée que demande la méthode" "the period does not have the length that the methodology asks for";
    // A cohort.
    EmptyCohort "empty_cohort" "il n'y a aucun territoire" "there is no territory";
    DuplicateTerritory "duplicate_territory" "un territoire figure deux fois" "a territory stands twice";
    UnknownTerritory "unknown_territory" "un compte renvoie à un territoire absent de la cohorte" "an account names a territory that is not in the cohort";
    DuplicateAccount "duplicate_account" "un territoire a plusieurs comptes sur un réseau" "a territory has several accounts on one network";
    FormerIdShared "former_id_shared" "deux territoires se réclament d'un même ancien identifiant" "two territories claim one former id";
    LostLeadingZero "lost_leading_zero" "ce code de commune a perdu son zéro initial" "this commune code has lost its leading zero";
    UnknownStructureType "unknown_structure_type" "la méthode ne connaît pas ce type de structure" "the methodology does not know this structure type";
    UnknownNetwork "unknown_network" "la méthode ne connaît pas ce réseau" "the methodology does not know this network";
    UnknownMetric "unknown_metric" "la méthode ne connaît pas cette mesure" "the methodology does not know this metric";
    UnknownStratum "unknown_stratum" "la méthode ne connaît pas cette strate" "the methodology does not know this stratum";
    MissingMetric "missing_metric" "une mesure dont la méthode a besoin ne figure nulle part" "a metric that the methodology needs stands nowhere";
    NegativeValue "negative_value" "un nombre négatif là où il ne peut y en avoir" "a negative number where there can be none";
    FractionalCount "fractional_count" "un dénombrement n'est pas un nombre entier" "a count is not a whole number";
    InfiniteValue "infinite_value" "une valeur infinie" "an infinite value";
    NotANumber "not_a_number" "ceci n'est pas un nombre" "this is not a number";
    InvalidDate "invalid_date" "ceci n'est pas une date" "this is not a date";
    PeriodMissing "period_missing" "la période n'est pas indiquée" "the period is not given";
    PeriodConflict "period_conflict" "deux lignes indiquent des périodes différentes" "two rows give different periods";
    OverrideWithoutReason "override_without_reason" "un changement de strate n'a pas de motif" "a change of stratum has no reason";
    StratumNotFound "stratum_not_found" "ce territoire n'appartient à aucune strate de la méthode" "this territory belongs to no stratum of the methodology";
    // A table of cells.
    TableSyntax "table_syntax" "ce tableau ne peut être lu" "this table cannot be read";
    UnknownColumn "unknown_column" "cette colonne n'est pas connue" "this column is not known";
    MissingColumn "missing_column" "une colonne obligatoire manque" "a required column is missing";
    DuplicateColumn "duplicate_column" "une colonne figure deux fois" "a column stands twice";
    ConflictingRows "conflicting_rows" "deux lignes décrivent différemment un même territoire" "two rows describe one territory differently";
    ColumnLength "column_length" "les colonnes n'ont pas toutes la même longueur" "the columns do not all have the same length";
    // A request.
    UnknownMethodology "unknown_methodology" "aucune méthode ne porte cet identifiant et cette version" "no methodology has this id and version";
    UnknownView "unknown_view" "la méthode ne déclare pas ce classement" "the methodology does not declare this view";
    TerritoryNotFound "territory_not_found" "aucun territoire ne porte cet identifiant ou ce nom" "no territory has this id or name";
    AmbiguousTerritory "ambiguous_territory" "plusieurs territoires portent ce nom" "several territories have this name";
    Cancelled "cancelled" "le calcul a été interrompu" "the work was stopped";
    Internal "internal" "une erreur interne de bareme : merci de la signaler" "an internal error of bareme: please report it";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A JSON Pointer (RFC 6901) into the document; empty for the whole document.
    Pointer(String),
    /// A cell of a table. Rows count from 1 and the header is row 1, as a spreadsheet shows them;
    /// of columns handed over without a header, the first row is 1.
    Cell {
        /// The row.
        row: usize,
        /// The column's name.
        column: String,
        /// Which table, when there are two: `territories` for the second; none for the first, that of
        /// the accounts.
        #[serde(skip_serializing_if = "Option::is_none")]
        table: Option<&'static str>,
    },
    /// A line and a column of a text, both from 1.
    Position {
        /// The line.
        line: usize,
        /// The column, in characters.
        column: usize,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(pointer) if pointer.is_empty() => f.write_str("(document)"),
            Self::Pointer(pointer) => f.write_str(pointer),
            Self::Cell { row, column, .. } => write!(f, "{row}:{column}"),
            Self::Position { line, column } => write!(f, "{line}:{column}"),
        }
    }
}

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The stable code.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// The offending value, shortened when it is long; empty when there is none.
    pub value: String,
    /// What was expected.
    pub expected: Text,
    /// What to do.
    pub advice: Text,
}

/// Longest offending value that a fault repeats, in characters.
const VALUE_LENGTH: usize = 120;

impl Fault {
    /// A fault at `place`.
    pub fn new(code: Code, place: Place, value: impl fmt::Display, expected: Text) -> Self {
        let value = value.to_string();
        let value = match value.char_indices().nth(VALUE_LENGTH) {
            Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
            None => value,
        };
        Self { code, place, value, expected, advice: Text::default() }
    }

    /// The same fault with what to do about it.
    #[must_use]
    pub fn advise(mut self, fr: impl Into<String>, en: impl Into<String>) -> Self {
        self.advice = Text::new(fr, en);
        self
    }

    /// The fault as one line: place, code, meaning, value, expectation, advice.
    pub fn line(&self, language: Language) -> String {
        let (found, expected, advice) = match language {
            Language::French => ("trouvé", "attendu", "conseil"),
            Language::English => ("found", "expected", "advice"),
        };
        let mut line = format!("{} {} {}", self.place, self.code, self.code.meaning().get(language));
        let parts = [
            (found, self.value.as_str()),
            (expected, self.expected.get(language)),
            (advice, self.advice.get(language)),
        ];
        for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
            let (semicolon, colon) = match language {
                Language::French => ("\u{a0}; ", "\u{a0}: "),
                Language::English => ("; ", ": "),
            };
            line.extend([semicolon, name, colon, text]);
        }
        // Names and values from the input must not break the line or drive the terminal.
        line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}

/// Every fault of one input, in the order in which they were found.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
pub struct Faults {
    list: Vec<Fault>,
    omitted: usize,
}

impl Faults {
    /// How many faults are kept; of the others only the number is known.
    pub const KEPT: usize = 1_000;

    /// No fault yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        if self.list.len() < Self::KEPT {
            self.list.push(fault);
        } else {
            self.omitted = self.omitted.saturating_add(1);
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: Self) {
        let omitted = other.omitted;
        other.list.into_iter().for_each(|fault| self.push(fault));
        self.omitted = self.omitted.saturating_add(omitted);
    }

    /// The value, or else nothing, its faults being added: those of a part that stands under `pointer` in the whole.
    pub fn gather<T>(&mut self, pointer: &str, part: Result<T, Self>) -> Option<T> {
        part.map_err(|own| self.extend(own.under(pointer))).ok()
    }

    /// The faults of a part, with the pointers that they have in the whole.
    #[must_use]
    pub fn under(mut self, pointer: &str) -> Self {
        for fault in &mut self.list {
            if let Place::Pointer(place) = &mut fault.place {
                place.insert_str(0, pointer);
            }
        }
        self
    }

    /// Is nothing wrong?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of faults, those beyond [`Self::KEPT`] included.
    pub fn count(&self) -> usize {
        self.list.len().saturating_add(self.omitted)
    }

    /// The number of faults that were counted but not kept.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Is this one of those kept?
    pub(crate) fn contains(&self, fault: &Fault) -> bool {
        self.list.contains(fault)
    }

    /// The faults kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.list.iter()
    }

    /// `value` if nothing is wrong, the faults otherwise.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        let mut faults = Self::new();
        faults.push(fault);
        faults
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = std::slice::Iter<'a, Fault>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&fault.line(Language::English))?;
        }
        if self.omitted > 0 {
            write!(f, "\nand {} more", self.omitted)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_snake_case() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert!(code.as_str().chars().all(|c| c.is_ascii_lowercase() || c == '_'));
            assert!(!code.meaning().fr.is_empty() && !code.meaning().en.is_empty());
        }
    }

    #[test]
    fn a_line_says_everything_and_stays_one_line() {
        let place = Place::Cell { row: 3, column: "followers\r".into(), table: None };
        let fault = Fault::new(Code::NegativeValue, place, "-4\n\u{1b}[31m", Text::new("un entier positif", "a count"))
            .advise("corrigez la cellule", "mend the cell");
        let line = fault.line(Language::French);
        assert!(line.starts_with("3:followers  negative_value "), "{line}");
        assert!(line.ends_with("conseil\u{a0}: corrigez la cellule"), "{line}");
        assert!(!line.contains(['\n', '\r', '\u{1b}']));
    }

    #[test]
    fn faults_beyond_the_limit_are_counted() {
        let mut faults = Faults::new();
        for _ in 0..=Faults::KEPT {
            faults.push(Fault::new(Code::Unused, Place::Pointer(String::new()), "", Text::default()));
        }
        assert_eq!((faults.iter().count(), faults.count()), (Faults::KEPT, Faults::KEPT + 1));
    }
}
