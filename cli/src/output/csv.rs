//! A scoring as CSV: a row for each territory, under the ids that the methodology declares.
//!
//! In French it is what a French spreadsheet opens by double-click: semicolons, decimal commas and a
//! byte order mark.

use std::io::{self, Write};

use bareme::cohort::neutralised;
use bareme::error::Language;
use bareme::scoring::{Flag, Ranks, TerritoryScore};
use bareme::{Cohort, Methodology};

use crate::arguments::Delimiter;
use crate::words::{pick, shortest};

/// How the file is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    /// The language of the columns in words.
    language: Language,
    delimiter: u8,
    decimal_comma: bool,
    mark: bool,
}

impl Dialect {
    /// What the spreadsheets of a language expect, unless a delimiter is asked for.
    pub(crate) fn new(language: Language, delimiter: Delimiter) -> Self {
        let french = language == Language::French;
        let semicolon = match delimiter {
            Delimiter::Auto => french,
            Delimiter::Comma => false,
            Delimiter::Semicolon => true,
        };
        Self {
            language,
            delimiter: if semicolon { b';' } else { b',' },
            decimal_comma: french && semicolon,
            mark: french,
        }
    }

    fn decimal(self, canonical: &str) -> String {
        if self.decimal_comma { canonical.replace('.', ",") } else { canonical.to_owned() }
    }

    fn number(self, value: Option<f64>) -> String {
        value.map(|value| self.decimal(&shortest(value))).unwrap_or_default()
    }
}

/// What is written.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    /// The methodology.
    pub(crate) methodology: &'a Methodology,
    /// The cohort.
    pub(crate) cohort: &'a Cohort,
    /// The territories, each with its place in the cohort, in the order of the rows.
    pub(crate) rows: Vec<(usize, &'a TerritoryScore)>,
    /// The only ranking that is written; without it, all those of the methodology.
    pub(crate) ranking: Option<Ranking<'a>>,
}

/// One ranking.
#[derive(Debug)]
pub(crate) struct Ranking<'a> {
    /// The view.
    pub(crate) view: &'a str,
    /// Among whom.
    pub(crate) within: String,
    /// The places.
    pub(crate) ranks: &'a Ranks,
}

/// The columns that depend on what is written.
struct Columns {
    department: bool,
    region: bool,
    synthetic: bool,
    /// Of each criterion: has it marks and weights? One that only orders a view has none, ever.
    marked: Vec<bool>,
}

/// Writes the rows. Which columns there are depends on the methodology and never on a value, so that the
/// files of two months fit one below the other; except department, region and synthetic, which
/// cohorts may lack.
pub(crate) fn write(sheet: &Sheet<'_>, dialect: Dialect, out: &mut impl Write) -> io::Result<()> {
    if dialect.mark {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut writer = ::csv::WriterBuilder::new().delimiter(dialect.delimiter).from_writer(out);
    let (cohort, methodology) = (sheet.cohort, sheet.methodology);
    let marked = methodology.criteria().iter().map(|criterion| {
        let indicator = methodology.document().indicators.get(criterion.indicator);
        indicator.is_some_and(|indicator| indicator.normalise.is_some())
    });
    let columns = Columns {
        department: (0..cohort.len()).any(|place| cohort.department(place).is_some()),
        region: (0..cohort.len()).any(|place| cohort.region(place).is_some()),
        synthetic: sheet.rows.iter().any(|(_, territory)| territory.synthetic),
        marked: marked.collect(),
    };
    writer.write_record(header(sheet, &columns))?;
    for (place, territory) in &sheet.rows {
        let mut row = Row::default();
        row.text(&territory.id)
            .text(&territory.name)
            .text(&territory.structure_type)
            .text(territory.stratum.as_deref().unwrap_or_default());
        if columns.department {
            row.text(cohort.department(*place).unwrap_or_default());
        }
        if columns.region {
            row.text(cohort.region(*place).unwrap_or_default());
        }
        for index in &territory.indices {
            row.number(dialect.number(index.score))
                .number(index.published.as_deref().map(|text| dialect.decimal(text)).unwrap_or_default());
        }
        for (criterion, marked) in territory.criteria.iter().zip(&columns.marked) {
            row.number(dialect.number(criterion.raw));
            if *marked {
                row.number(dialect.number(criterion.mark)).number(dialect.number(criterion.weight));
            }
        }
        let whole = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
        if let Some(ranking) = &sheet.ranking {
            let rank = ranking.ranks.get(*place);
            row.number(whole(rank.map(|rank| rank.place))).number(whole(rank.map(|rank| rank.of)));
        } else {
            for rank in &territory.ranks {
                row.number(whole(rank.rank)).number(whole(rank.of));
            }
        }
        if graded(methodology) {
            row.text(territory.grade.as_deref().unwrap_or_default());
        }
        row.text(&flags(territory, Flag::to_string))
            .text(&flags(territory, |flag| flag.text(methodology, dialect.language)));
        if columns.synthetic {
            row.text(if territory.synthetic { pick(dialect.language, "oui", "yes") } else { "" });
        }
        row.text(methodology.id())
            .text(methodology.version())
            .text(territory.status.as_str())
            .text(&territory.method_sha256.to_string());
        writer.write_record(&row.cells)?;
    }
    writer.flush()
}

/// Does the methodology give grades?
fn graded(methodology: &Methodology) -> bool {
    methodology.document().publication.grades.is_some()
}

fn header(sheet: &Sheet<'_>, columns: &Columns) -> Vec<String> {
    let mut header: Vec<String> = ["territory", "name", "structure_type", "stratum"].map(str::to_owned).into();
    header.extend(columns.department.then(|| "department".to_owned()));
    header.extend(columns.region.then(|| "region".to_owned()));
    let territory = sheet.rows.first().map(|(_, territory)| *territory);
    let indices = territory.iter().flat_map(|territory| &territory.indices);
    header.extend(indices.flat_map(|index| ["score", "published"].map(|what| format!("{}.{what}", index.id))));
    for (id, marked) in sheet.methodology.criterion_names().iter().zip(&columns.marked) {
        let what: &[&str] = if *marked { &["raw", "mark", "weight"] } else { &["raw"] };
        header.extend(what.iter().map(|what| format!("{id}.{what}")));
    }
    let named = |view: &str, within: &str| ["rank", "of"].map(|what| format!("{view}.{within}.{what}"));
    if let Some(ranking) = &sheet.ranking {
        header.extend(named(ranking.view, &ranking.within));
    } else {
        let ranks = territory.iter().flat_map(|territory| &territory.ranks);
        header.extend(ranks.flat_map(|rank| named(&rank.view, &rank.within)));
    }
    header.extend(graded(sheet.methodology).then(|| "grade".to_owned()));
    header.extend(["flags", "flags.text"].map(str::to_owned));
    header.extend(columns.synthetic.then(|| "synthetic".to_owned()));
    header.extend(["methodology", "version", "status", "method_sha256"].map(str::to_owned));
    header
}

/// The flags of a territory in one cell.
fn flags(territory: &TerritoryScore, word: impl Fn(&Flag) -> String) -> String {
    territory.flags.iter().map(word).collect::<Vec<_>>().join(" | ")
}

/// The cells of a row. Numbers go in as they are; a text is never one that a spreadsheet would run.
#[derive(Debug, Default)]
struct Row {
    cells: Vec<String>,
}

impl Row {
    fn text(&mut self, text: &str) -> &mut Self {
        self.cells.push(neutralised(text).into_owned());
        self
    }

    fn number(&mut self, text: String) -> &mut Self {
        self.cells.push(text);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_for_each_language() {
        let french = Dialect::new(Language::French, Delimiter::Auto);
        assert_eq!((french.delimiter, french.mark, french.number(Some(1.5)).as_str()), (b';', true, "1,5"));
        let french = Dialect::new(Language::French, Delimiter::Comma);
        assert_eq!((french.delimiter, french.mark, french.number(Some(1.5)).as_str()), (b',', true, "1.5"));
        let english = Dialect::new(Language::English, Delimiter::Semicolon);
        assert_eq!((english.delimiter, english.mark, english.number(Some(1e-7)).as_str()), (b';', false, "1e-7"));
        assert_eq!(english.number(None), "");
    }
}
