//! The sheet: a publication as a table for spreadsheets, `spec/publication.md`.

use std::fmt::{self, Write};

use super::document::{Head, Inputs};
use super::row::Row;
use super::write::Publication;
use crate::Methodology;
use crate::cohort::neutralised;
use crate::document::Json;
use crate::methodology::ChildNode;

/// The two forms of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetForm {
    /// Commas between cells, decimal points.
    Point,
    /// Semicolons between cells, decimal commas, and a byte order mark: what a French spreadsheet opens.
    Comma,
}

impl SheetForm {
    fn delimiter(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => ';',
        }
    }
}

impl Publication {
    /// The sheet: a row for each territory, in CSV.
    pub fn sheet(&self, form: SheetForm) -> String {
        let mut out = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.write_sheet(form, &mut out);
        out
    }

    /// Writes the sheet, row by row.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_sheet(&self, form: SheetForm, out: &mut dyn Write) -> fmt::Result {
        let columns = Columns::of(self);
        if form == SheetForm::Comma {
            out.write_char('\u{feff}')?;
        }
        let mut line = Line { form, out, first: true };
        for name in columns.names() {
            line.cell(&name)?;
        }
        line.end()?;
        for row in &self.rows {
            columns.row(row, &mut line)?;
        }
        Ok(())
    }
}

/// A line while it is written.
struct Line<'a> {
    form: SheetForm,
    out: &'a mut dyn Write,
    first: bool,
}

impl Line<'_> {
    /// A cell as it is, but for its quotes.
    fn cell(&mut self, text: &str) -> fmt::Result {
        let delimiter = self.form.delimiter();
        if !std::mem::take(&mut self.first) {
            self.out.write_char(delimiter)?;
        }
        if text.contains([delimiter, '"', '\r', '\n']) {
            write!(self.out, "\"{}\"", text.replace('"', "\"\""))
        } else {
            self.out.write_str(text)
        }
    }

    /// A text, which no spreadsheet must run.
    fn text(&mut self, text: &str) -> fmt::Result {
        self.cell(&neutralised(text))
    }

    /// The text of a member, or nothing.
    fn text_of(&mut self, value: Option<&Json>) -> fmt::Result {
        self.text(value.and_then(Json::as_str).unwrap_or_default())
    }

    /// A number, or a text that is one.
    fn number(&mut self, value: Option<&Json>) -> fmt::Result {
        let text = match value {
            Some(Json::Number(number)) => number.to_string(),
            Some(Json::String(text)) if !is_decimal(text) => return self.text(text),
            Some(Json::String(text)) => text.clone(),
            _ => String::new(),
        };
        match self.form {
            SheetForm::Point => self.cell(&text),
            SheetForm::Comma => self.cell(&text.replace('.', ",")),
        }
    }

    fn end(&mut self) -> fmt::Result {
        self.first = true;
        self.out.write_char('\n')
    }
}

/// Is it a published text as a scoring gives it?
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// The columns of a publication, and what is the same in every row.
struct Columns<'a> {
    head: &'a Head,
    publication: String,
    department: bool,
    region: bool,
    /// The ids of the indices, the root first.
    indices: Vec<&'a str>,
    criteria: Vec<Criterion<'a>>,
    /// View and group.
    ranks: Vec<(&'a str, String)>,
    grades: bool,
}

struct Criterion<'a> {
    name: String,
    indicator: &'a str,
    network: &'a str,
    marked: bool,
    /// The index that gives its weight, and its place among the children there.
    weight: Option<(&'a str, usize)>,
}

impl<'a> Columns<'a> {
    fn of(publication: &'a Publication) -> Self {
        let methodology = &publication.body.root;
        let document = methodology.document();
        let head = &publication.body.head;
        let any = |member: &str| publication.rows.iter().any(|row| parsed(&row.territory).get(member).is_some());
        let views = document.views.iter();
        let ranks =
            views.flat_map(|view| document.ranking.within.iter().map(|within| (view.id.as_str(), within.name())));
        Self {
            head,
            publication: publication.body.stated.to_string(),
            department: any("department"),
            region: any("region"),
            indices: methodology.flat().nodes.iter().rev().map(|node| node.index.id.as_str()).collect(),
            criteria: criteria(methodology),
            ranks: ranks.collect(),
            grades: document.publication.grades.is_some(),
        }
    }

    fn raw(&self) -> bool {
        self.head.inputs == Inputs::Included
    }

    fn synthetic(&self) -> bool {
        self.head.synthetic.is_some()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = ["territory", "name", "structure_type", "stratum"].map(str::to_owned).into();
        let mut some = |there: bool, name: &str| names.extend(there.then(|| name.to_owned()));
        some(self.department, "department");
        some(self.region, "region");
        for id in &self.indices {
            some(true, &format!("{id}.score"));
            some(true, &format!("{id}.published"));
        }
        for criterion in &self.criteria {
            some(self.raw(), &format!("{}.raw", criterion.name));
            some(criterion.marked, &format!("{}.mark", criterion.name));
            some(criterion.marked, &format!("{}.weight", criterion.name));
        }
        for (view, within) in &self.ranks {
            some(true, &format!("{view}.{within}.rank"));
            some(true, &format!("{view}.{within}.of"));
        }
        some(self.grades, "grade");
        some(true, "flags");
        some(self.synthetic(), "synthetic");
        for name in ["methodology", "version", "status", "method_sha256", "publication_sha256", "row_sha256"] {
            some(true, name);
        }
        names
    }

    fn row(&self, row: &Row, line: &mut Line<'_>) -> fmt::Result {
        let (territory, result) = (parsed(&row.territory), parsed(&row.result));
        for name in ["id", "name", "structure_type"] {
            line.text_of(territory.get(name))?;
        }
        line.text_of(result.get("stratum"))?;
        for (there, name) in [(self.department, "department"), (self.region, "region")] {
            if there {
                line.text_of(territory.get(name))?;
            }
        }
        let index = |id: &str| result.get("indices").and_then(|indices| indices.get(id));
        for id in &self.indices {
            for name in ["score", "published"] {
                line.number(index(id).and_then(|index| index.get(name)))?;
            }
        }
        for criterion in &self.criteria {
            let networks = result.get("criteria").and_then(|criteria| criteria.get(criterion.indicator));
            let values = networks.and_then(|networks| networks.get(criterion.network));
            if self.raw() {
                line.number(values.and_then(|values| values.get("raw")))?;
            }
            if criterion.marked {
                line.number(values.and_then(|values| values.get("mark")))?;
                let weight = criterion.weight.and_then(|(id, place)| item(index(id)?.get("weights"), place));
                line.number(weight)?;
            }
        }
        for (view, within) in &self.ranks {
            let place = result.get("ranks").and_then(|ranks| ranks.get(view)).and_then(|groups| groups.get(within));
            line.number(item(place, 0))?;
            line.number(item(place, 1))?;
        }
        if self.grades {
            line.text_of(result.get("grade"))?;
        }
        line.text(&flags(result.get("flags")))?;
        if self.synthetic() {
            line.text("yes")?;
        }
        line.text(&self.head.methodology.id)?;
        line.text(&self.head.methodology.version)?;
        for text in [row.status.as_str(), &row.method.to_string(), &self.publication, &row.stated.to_string()] {
            line.text(text)?;
        }
        line.end()
    }
}

fn criteria(methodology: &Methodology) -> Vec<Criterion<'_>> {
    let indicators = &methodology.document().indicators;
    let nodes = &methodology.flat().nodes;
    let criteria = methodology.criteria().iter().zip(methodology.criterion_names()).enumerate();
    let criteria = criteria.filter_map(|(place, (criterion, name))| {
        let indicator = indicators.get(criterion.indicator)?;
        let child = ChildNode::Criterion(place);
        Some(Criterion {
            name,
            indicator: &indicator.id,
            network: criterion.network.as_deref().unwrap_or_default(),
            marked: indicator.normalise.is_some(),
            weight: nodes.iter().find_map(|node| {
                let place = node.children.iter().position(|other| *other == child)?;
                Some((node.index.id.as_str(), place))
            }),
        })
    });
    criteria.collect()
}

fn item(array: Option<&Json>, place: usize) -> Option<&Json> {
    match array {
        Some(Json::Array(items)) => items.get(place),
        _ => None,
    }
}

/// The flags in one cell.
fn flags(flags: Option<&Json>) -> String {
    let Some(Json::Array(flags)) = flags else { return String::new() };
    let flags = flags.iter().map(|flag| {
        let members = [("", "code"), (":", "subject"), ("@", "network")];
        let members = members.map(|(mark, name)| match flag.get(name).and_then(Json::as_str) {
            Some(text) => format!("{mark}{text}"),
            None => String::new(),
        });
        members.concat()
    });
    flags.collect::<Vec<_>>().join(" | ")
}

/// A member of a row, which is kept as its text.
fn parsed(text: &str) -> Json {
    Json::parse(text.as_bytes(), text.len()).unwrap_or(Json::Null)
}
