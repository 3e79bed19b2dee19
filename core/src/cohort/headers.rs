//! What the columns of a table are called, and the names inside its cells.
//!
//! People write `Réseau social`, `reseau_social` or `RESEAU-SOCIAL`; none of them means anything else
//! than `network`. A column is found by its canonical name or the methodology's id; failing that by
//! what that name *folds* to (no case, no accents, no spaces, hyphens, underscores or apostrophes);
//! then by the synonyms below; then by the methodology's labels. What two things answer to within one
//! of these steps names neither.

use std::collections::HashMap;

use super::known::{Known, Names};
use crate::document::record::nearest;
use crate::methodology::model::Kind;

pub(super) const TERRITORY: &str = "territory";
pub(super) const NAME: &str = "name";
pub(super) const STRUCTURE_TYPE: &str = "structure_type";
pub(super) const POPULATION: &str = "population";
pub(super) const POPULATION_VINTAGE: &str = "population_vintage";
pub(super) const DEPARTMENT: &str = "department";
pub(super) const REGION: &str = "region";
pub(super) const STRATUM: &str = "stratum";
pub(super) const STRATUM_REASON: &str = "stratum_reason";
pub(super) const FROM: &str = "from";
pub(super) const TO: &str = "to";
pub(super) const NETWORK: &str = "network";
pub(super) const MAIN: &str = "main";
pub(super) const SYNTHETIC: &str = "synthetic";

/// The canonical columns, each with its synonyms, folded.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        TERRITORY,
        &[
            "territoire",
            "territoireid",
            "territoryid",
            "id",
            "identifiant",
            "code",
            "codeterritoire",
            "codeinsee",
            "insee",
            "codesiren",
            "siren",
        ],
    ),
    (NAME, &["nom", "nomterritoire", "libelle"]),
    (STRUCTURE_TYPE, &["type", "typedestructure", "typestructure", "structure"]),
    (POPULATION, &["habitants", "nombredhabitants", "inhabitants"]),
    (
        POPULATION_VINTAGE,
        &["millesime", "millesimepopulation", "populationmillesime", "millesimedelapopulation", "vintage"],
    ),
    (DEPARTMENT, &["departement", "dept", "dep", "codedepartement"]),
    (REGION, &["coderegion"]),
    (STRATUM, &["strate", "strateimposee"]),
    (STRATUM_REASON, &["motif", "motifstrate", "stratemotif", "motifdelastrate", "reason"]),
    (FROM, &["du", "debut", "datedebut", "datededebut", "start", "startdate"]),
    (TO, &["finexclue", "datefinexclue", "datedefinexclue", "auexclu", "endexcluded", "enddateexcluded"]),
    (NETWORK, &["reseau", "reseausocial", "plateforme", "platform", "socialnetwork"]),
    (MAIN, &["principal", "compteprincipal", "mainaccount"]),
    (SYNTHETIC, &["synthetique", "synthetiques", "donneessynthetiques", "syntheticdata"]),
];

/// What people call the last day of a period, folded. `to` is the day after it, so these name nothing.
const LAST_DAY: &[&str] =
    &["au", "fin", "datefin", "datedefin", "jusquau", "dernierjour", "end", "enddate", "until", "lastday"];

/// What says of a metric's name or label that the previous period is meant, folded.
const BEFORE: &[&str] = &[
    "previous",
    "(previous)",
    "previousperiod",
    "(previousperiod)",
    "precedent",
    "precedents",
    "precedente",
    "precedentes",
    "periodeprecedente",
    "(periodeprecedente)",
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// Texts: the territory, its name …
    Text(&'static str),
    /// Inhabitants.
    Population,
    /// A metric, by its id.
    Metric(&'a str, Kind),
    /// An attribute, by its id.
    Attribute(&'a str, Kind),
    /// A metric in the previous period.
    Previous {
        /// The canonical name, `previous.` and the metric's id.
        name: &'a str,
        /// The metric's id.
        metric: &'a str,
        /// Which numbers it may take.
        kind: Kind,
    },
}

impl<'a> Field<'a> {
    /// The canonical name.
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Metric(name, _) | Self::Attribute(name, _) | Self::Previous { name, .. } => name,
            Self::Text(column) => column,
            Self::Population => POPULATION,
        }
    }
}

/// Which columns a table may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// One table for everything, a row for each territory and network.
    Long,
    /// The accounts alone.
    Accounts,
    /// The territories alone.
    Territories,
}

impl Role {
    /// May this column stand in a table of this role?
    pub(super) fn admits(self, field: Field<'_>) -> bool {
        let shared = matches!(field, Field::Text(TERRITORY | FROM | TO | SYNTHETIC));
        let of_account = matches!(field, Field::Text(NETWORK | MAIN) | Field::Metric(..) | Field::Previous { .. });
        match self {
            Self::Long => true,
            Self::Accounts => shared || of_account,
            Self::Territories => !of_account,
        }
    }

    /// The columns without which a table of this role says nothing.
    pub(super) fn required(self, networks: bool) -> impl Iterator<Item = &'static str> {
        let (accounts, territories) = (self != Self::Territories, self != Self::Accounts);
        let columns =
            [(TERRITORY, true), (NAME, territories), (STRUCTURE_TYPE, territories), (NETWORK, accounts && networks)];
        columns.into_iter().filter_map(|(name, required)| required.then_some(name))
    }
}

/// Names and labels by what they fold to; `None` where two things fold alike.
#[derive(Debug, Default)]
struct Folded<T>(HashMap<String, Option<T>>);

impl<T: Copy + PartialEq> Folded<T> {
    fn add(&mut self, name: &str, meaning: T) {
        let known = self.0.entry(fold(name)).or_insert(Some(meaning));
        if *known != Some(meaning) {
            *known = None;
        }
    }
}

/// The columns that a methodology's tables may have.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    fields: Vec<Field<'a>>,
    steps: [Folded<Field<'a>>; 3],
}

impl<'a> Columns<'a> {
    pub(super) fn of(known: &'a Known<'_>) -> Self {
        let [mut names, mut synonyms, mut labels] = [(); 3].map(|()| Folded(HashMap::new()));
        let mut fields = Vec::new();
        for (name, others) in COLUMNS {
            let field = if *name == POPULATION { Field::Population } else { Field::Text(name) };
            fields.push(field);
            names.add(name, field);
            others.iter().for_each(|other| synonyms.add(other, field));
        }
        let metrics = known.metrics().iter().map(|(id, metric)| (Field::Metric(id, metric.kind), metric));
        let attributes =
            known.attributes().iter().map(|(id, attribute)| (Field::Attribute(id, attribute.kind), attribute));
        for (field, measured) in metrics.chain(attributes) {
            fields.push(field);
            names.add(field.name(), field);
            let texts = || measured.labels.iter().flat_map(|label| label.all().values());
            texts().for_each(|text| labels.add(text, field));
            let Field::Metric(metric, kind) = field else { continue };
            let before = Field::Previous { name: measured.previous(), metric, kind };
            fields.push(before);
            names.add(measured.previous(), before);
            for word in BEFORE {
                synonyms.add(&format!("{metric}{word}"), before);
                texts().for_each(|text| labels.add(&format!("{text}{word}"), before));
            }
        }
        Self { fields, steps: [names, synonyms, labels] }
    }

    /// The column that a header means; `None` when it means none, or two.
    pub(super) fn find(&self, header: &str) -> Option<Field<'a>> {
        let mut exact = self.fields.iter().filter(|field| field.name() == header);
        if let (Some(field), None) = (exact.next(), exact.next()) {
            return Some(*field);
        }
        let folded = fold(header);
        // The first step that knows the name decides, even if only that it is ambiguous.
        self.steps.iter().find_map(|step| step.0.get(&folded)).copied().flatten()
    }

    /// Does a header that names no column mean two of them?
    pub(super) fn is_ambiguous(&self, header: &str) -> bool {
        let folded = fold(header);
        self.steps.iter().any(|step| step.0.get(&folded) == Some(&None))
    }

    /// The name of the column that a header resembles.
    pub(super) fn suggest(&self, header: &str) -> Option<&'a str> {
        // Two or three letters resemble anything.
        let mut known: Vec<&str> = self
            .steps
            .iter()
            .flat_map(|step| step.0.keys())
            .map(String::as_str)
            .filter(|name| name.len() > 3)
            .collect();
        // The order of a hash map must not show.
        known.sort_unstable();
        let near = nearest(&fold(header), &known)?;
        self.find(near).map(Field::name)
    }

    /// The canonical names, as a fault lists them.
    pub(super) fn list(&self, role: Role) -> String {
        // What each metric was in the previous period would double a long list that few need.
        let shown = self.fields.iter().filter(|field| role.admits(**field) && !matches!(field, Field::Previous { .. }));
        shown.map(|field| field.name()).collect::<Vec<_>>().join(", ")
    }
}

/// The ids of one kind that cells may hold, each also by its labels.
#[derive(Debug)]
pub(super) struct Vocabulary<'a> {
    ids: HashMap<&'a str, &'a str>,
    steps: [Folded<&'a str>; 2],
}

impl<'a> Vocabulary<'a> {
    pub(super) fn of(known: &Names<'a>) -> Self {
        let mut vocabulary = Self { ids: HashMap::new(), steps: [(); 2].map(|()| Folded(HashMap::new())) };
        let [names, labels] = &mut vocabulary.steps;
        for (id, texts) in known {
            vocabulary.ids.insert(id, id);
            names.add(id, *id);
            texts.iter().flat_map(|label| label.all().values()).for_each(|text| labels.add(text, *id));
        }
        vocabulary
    }

    /// The id that a cell means; the cell itself when it means none, for the checks to report.
    fn resolve<'b>(&self, cell: &'b str) -> &'b str
    where
        'a: 'b,
    {
        if cell.is_empty() {
            return cell;
        }
        if let Some(id) = self.ids.get(cell) {
            return id;
        }
        let folded = fold(cell);
        self.steps.iter().find_map(|step| step.0.get(&folded)).copied().flatten().unwrap_or(cell)
    }

    /// The ids that the cells of a column mean; empty cells stay empty.
    pub(super) fn column<'b>(&self, cells: impl Iterator<Item = &'b str>) -> Vec<&'b str>
    where
        'a: 'b,
    {
        let mut met: HashMap<&'b str, &'b str> = HashMap::new();
        // Neighbours are mostly alike, and comparing costs less than hashing.
        let mut last = ("", "");
        let id = |cell| {
            if cell != last.0 {
                last = (cell, *met.entry(cell).or_insert_with(|| self.resolve(cell)));
            }
            last.1
        };
        cells.map(id).collect()
    }
}

/// Does a header name the last day of a period?
pub(super) fn is_last_day(header: &str) -> bool {
    LAST_DAY.contains(&fold(header).as_str())
}

/// A name without what people write differently: case, accents, spaces, hyphens, underscores,
/// apostrophes and full stops.
pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => folded.push('a'),
            'ç' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ñ' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            // Hyphens of every kind, apostrophes, and the accents of decomposed letters.
            '_' | '-' | '.' | '\'' | '’' | '\u{2010}'..='\u{2015}' | '\u{300}'..='\u{36f}' | '\u{feff}' => {}
            c if c.is_whitespace() || c.is_control() => {}
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_only_how_it_is_written() {
        for header in
            ["Réseau social", "reseau_social", "RESEAU-SOCIAL", "Re\u{301}seau\u{a0}social", " réseau–social "]
        {
            assert_eq!(fold(header), "reseausocial", "{header}");
        }
        assert_eq!(fold("Nombre d’habitants"), "nombredhabitants");
        assert_ne!(fold("likes"), fold("like"));
    }

    #[test]
    fn every_synonym_is_folded_and_means_one_column() {
        let mut seen = std::collections::BTreeSet::new();
        for (name, others) in COLUMNS {
            assert!(seen.insert(fold(name)), "{name}");
            for other in *others {
                assert_eq!(fold(other), *other);
                assert!(seen.insert((*other).to_owned()), "{other}");
            }
        }
        for word in LAST_DAY {
            assert_eq!(fold(word), *word);
            assert!(seen.insert((*word).to_owned()), "{word}");
        }
        assert!(BEFORE.iter().all(|word| fold(word) == *word));
    }
}
