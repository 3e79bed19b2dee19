//! A scoring as CSV: a row for each territory, under the ids that the methodology declares.
//!
//! In French it is what a French spreadsheet opens by double-click: semicolons, decimal commas and a
//! byte order mark.

use std::io::{self, Write};

use bareme::cohort::neutralised;
use bareme::error::Language;
use bareme::scoring::{Flag, TerritoryScore};

use super::listing::Listing;
use crate::arguments::Delimiter;
use crate::words::shortest;

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

/// Writes the scoring; rows in the order of `order`, places in the cohort.
pub(crate) fn write(listing: &Listing<'_>, order: &[usize], dialect: Dialect, out: &mut impl Write) -> io::Result<()> {
    if dialect.mark {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut writer = ::csv::WriterBuilder::new().delimiter(dialect.delimiter).from_writer(out);
    let ranking = (listing.view.id.clone(), listing.within.name());
    let declared = listing.territory(0).is_some_and(|territory| {
        territory.ranks.iter().any(|rank| (&rank.view, &rank.within) == (&ranking.0, &ranking.1))
    });
    let cohort = listing.scoring.cohort();
    let divided = (
        (0..cohort.len()).any(|place| cohort.department(place).is_some()),
        (0..cohort.len()).any(|place| cohort.region(place).is_some()),
    );
    writer.write_record(header(listing, divided, (!declared).then_some(&ranking)))?;
    for place in order {
        let Some(territory) = listing.territory(*place) else { continue };
        let mut row = Row::default();
        row.text(&territory.id)
            .text(&territory.name)
            .text(&territory.structure_type)
            .text(territory.stratum.as_deref().unwrap_or_default());
        if divided.0 {
            row.text(cohort.department(*place).unwrap_or_default());
        }
        if divided.1 {
            row.text(cohort.region(*place).unwrap_or_default());
        }
        for index in &territory.indices {
            row.number(dialect.number(index.score))
                .number(index.published.as_deref().map(|text| dialect.decimal(text)).unwrap_or_default());
        }
        for criterion in &territory.criteria {
            for value in [criterion.raw, criterion.mark, criterion.weight] {
                row.number(dialect.number(value));
            }
        }
        let whole = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
        for rank in &territory.ranks {
            row.number(whole(rank.rank)).number(whole(rank.of));
        }
        if !declared {
            let rank = listing.ranks.get(*place);
            row.number(whole(rank.map(|rank| rank.place))).number(whole(rank.map(|rank| rank.of)));
        }
        row.text(&flags(territory, code))
            .text(&flags(territory, |flag| flag.text(listing.methodology(), dialect.language)));
        let methodology = listing.methodology();
        row.text(methodology.id())
            .text(methodology.version())
            .text(territory.status.as_str())
            .text(&territory.method_sha256.to_string());
        writer.write_record(&row.cells)?;
    }
    writer.flush()
}

fn header(listing: &Listing<'_>, divided: (bool, bool), ranking: Option<&(String, String)>) -> Vec<String> {
    let mut header: Vec<String> = ["territory", "name", "structure_type", "stratum"].map(str::to_owned).into();
    header.extend(divided.0.then(|| "department".to_owned()));
    header.extend(divided.1.then(|| "region".to_owned()));
    if let Some(territory) = listing.territory(0) {
        header.extend(
            territory
                .indices
                .iter()
                .flat_map(|index| ["score", "published"].map(|what| format!("{}.{what}", index.id))),
        );
        header.extend(
            listing.criterion_ids().iter().flat_map(|id| ["raw", "mark", "weight"].map(|what| format!("{id}.{what}"))),
        );
        let ranks = territory
            .ranks
            .iter()
            .map(|rank| (&rank.view, &rank.within))
            .chain(ranking.map(|(view, within)| (view, within)));
        header.extend(ranks.flat_map(|(view, within)| ["rank", "of"].map(|what| format!("{view}.{within}.{what}"))));
    }
    header.extend(["flags", "flags.text", "methodology", "version", "status", "method_sha256"].map(str::to_owned));
    header
}

/// The flags of a territory in one cell.
fn flags(territory: &TerritoryScore, word: impl Fn(&Flag) -> String) -> String {
    territory.flags.iter().map(word).collect::<Vec<_>>().join(" | ")
}

/// A flag for programs: `code`, `code:subject`, `code:subject@network`.
fn code(flag: &Flag) -> String {
    let mut code = flag.code.to_owned();
    if let Some(subject) = &flag.subject {
        code.push(':');
        code.push_str(subject);
    }
    if let Some(network) = &flag.network {
        code.push('@');
        code.push_str(network);
    }
    code
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
