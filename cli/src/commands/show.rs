//! `bareme show`: a methodology for people, or its document.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use bareme::document::Texts;
use bareme::error::Language;
use bareme::exact::Decimal;
use bareme::methodology::model::{
    Aggregate, Child, Direction, Index, Indicator, Normalise, Range, Weight, WeightTable,
};
use bareme::methodology::{WeightCase, WeightsByCase};
use bareme::{Methodology, catalogue};

use crate::arguments::{Reading, Showing};
use crate::failure::Failure;
use crate::input;
use crate::output::Destination;
use crate::output::grid::Grid;
use crate::output::table::{Layout, masthead};
use crate::words::{local, plain};

/// Shows a methodology; or, of an id without a version, the versions that there are.
pub(crate) fn run(name: &str, others: &[String], format: Showing, language: Language) -> Result<(), Failure> {
    let methodology = if input::is_file(name) || name.contains('@') {
        input::methodology(name, others)?
    } else {
        let mut versions: Vec<Methodology> =
            catalogue::all().into_iter().filter(|methodology| methodology.id() == name).collect();
        match versions.len() {
            // Says which ids there are.
            0 => input::methodology(name, others)?,
            1 => versions.remove(0),
            _ => {
                let reading = if format == Showing::Json { Reading::Json } else { Reading::Table };
                return super::list(&versions, reading, language);
            }
        }
    };
    Destination::stdout().write(|out| match format {
        Showing::Summary => {
            let layout = super::layout(out, language);
            Summary { methodology: &methodology, layout }.write(out)
        }
        Showing::Markdown => out.write_all(methodology.describe(language).as_bytes()),
        Showing::Json => {
            out.write_all(methodology.to_json().as_bytes())?;
            // Into a file or a pipe go the bytes that are digested, and no other.
            if io::stdout().is_terminal() { writeln!(out) } else { Ok(()) }
        }
    })
}

struct Summary<'a> {
    methodology: &'a Methodology,
    layout: Layout,
}

impl Summary<'_> {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let (document, layout) = (self.methodology.document(), self.layout);
        masthead(self.methodology, layout, out)?;
        if let Some(description) = &document.description {
            writeln!(out, "\n{}", layout.wrap(&plain(description.get(layout.language)), 0))?;
        }
        writeln!(out)?;
        writeln!(out, "{} sha256 {}", layout.say("méthode ", "method  "), self.methodology.method_digest())?;
        writeln!(out, "{} sha256 {}", layout.say("document", "document"), self.methodology.document_digest())?;
        if let Some(pin) = &document.variant_of {
            writeln!(out, "{} {}@{}", layout.say("variante de", "variant of"), plain(&pin.id), plain(&pin.version))?;
        }
        if let Some(days) = document.period_days {
            writeln!(out, "{}", self.sentence(&format!("période de {days} jours"), &format!("period of {days} days")))?;
        }
        self.criteria(out)?;
        self.weights(out)?;
        self.strata(out)?;
        self.eligibility(out)?;
        self.views(out)?;
        self.conflicts(out)?;
        self.sources(out)?;
        writeln!(out)?;
        let name = "--format markdown";
        let text =
            layout.say("Chaque règle et ce sur quoi elle repose :", "Every rule and the ground on which it rests:");
        writeln!(out, "{text} {name}")
    }

    fn sentence<'b>(&self, fr: &'b str, en: &'b str) -> &'b str {
        self.layout.say(fr, en)
    }

    fn heading(&self, fr: &str, en: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n{}", self.layout.bold(self.layout.say(fr, en)))
    }

    fn item(&self, text: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "  {}", self.layout.wrap(&plain(text), 4))
    }

    fn criteria(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        self.heading("Critères", "Criteria", out)?;
        let mut grid = Grid::default();
        for (fr, en) in [
            ("Id", "Id"),
            ("Critère", "Criterion"),
            ("Formule", "Formula"),
            ("Unité", "Unit"),
            ("Sens", "Best"),
            ("Note", "Mark"),
        ] {
            grid.text(layout.say(fr, en));
        }
        grid.table(self.methodology.document().indicators.iter().map(|indicator| {
            vec![
                indicator.id.clone(),
                indicator.label.get(layout.language).to_owned(),
                formula(indicator),
                indicator.unit.as_ref().map(|unit| unit.get(layout.language).to_owned()).unwrap_or_default(),
                self.direction(indicator.direction),
                indicator.normalise.as_ref().map(|normalise| self.normalise(normalise).to_owned()).unwrap_or_default(),
            ]
        }));
        grid.lines(layout.width).iter().try_for_each(|table| writeln!(out, "{table}"))
    }

    fn normalise(&self, normalise: &Normalise) -> &'static str {
        let (fr, en) = match normalise {
            Normalise::MinMax { .. } => ("entre deux bornes", "between two bounds"),
            Normalise::ProportionOf { .. } => ("part d’une cible", "proportion of a target"),
            Normalise::PercentileRank { .. } => ("rang centile", "percentile rank"),
            Normalise::Rank { .. } => ("rang", "rank"),
            Normalise::ZScore { .. } => ("écart à la moyenne", "z-score"),
            Normalise::Piecewise { .. } => ("lignes entre des points", "lines between points"),
            Normalise::Bands { .. } => ("paliers", "bands"),
            Normalise::Identity { .. } => ("la valeur", "the value"),
        };
        self.layout.say(fr, en)
    }

    fn aggregate(&self, aggregate: Aggregate) -> &'static str {
        let (fr, en) = match aggregate {
            Aggregate::Arithmetic => ("moyenne", "mean"),
            Aggregate::Geometric => ("moyenne géométrique", "geometric mean"),
            Aggregate::Harmonic => ("moyenne harmonique", "harmonic mean"),
            Aggregate::Sum => ("somme", "sum"),
            Aggregate::Min => ("le plus petit", "the smallest"),
            Aggregate::Max => ("le plus grand", "the largest"),
        };
        self.layout.say(fr, en)
    }

    fn direction(&self, direction: Direction) -> String {
        match direction {
            Direction::Higher => self.layout.say("plus haut", "higher").to_owned(),
            Direction::Lower => self.layout.say("plus bas", "lower").to_owned(),
            Direction::ClosestTo(value) => {
                format!(
                    "{} {}",
                    self.layout.say("proche de", "close to"),
                    local(&value.to_string(), self.layout.language)
                )
            }
        }
    }

    fn weights(&self, out: &mut impl Write) -> io::Result<()> {
        self.heading("Poids", "Weights", out)?;
        let root = &self.methodology.document().index;
        self.index(root, None, 1, out)?;
        self.tables(root, out)
    }

    /// The weights that differ from territory to territory, of an index and of those below it.
    fn tables(&self, index: &Index, out: &mut impl Write) -> io::Result<()> {
        for table in self.methodology.document().weights_by_case(index) {
            self.table(index, &table, out)?;
        }
        index.of.iter().filter_map(|child| child.index.as_deref()).try_for_each(|inner| self.tables(inner, out))
    }

    fn index(&self, index: &Index, weight: Option<&Weight>, depth: usize, out: &mut impl Write) -> io::Result<()> {
        let weight = weight.map(|weight| format!("{} × ", self.weight(weight))).unwrap_or_default();
        let network = index.network.as_ref().map(|network| {
            let named = self.methodology.document().networks.get(network);
            format!(", {}", named.map_or(network.as_str(), |named| named.label.get(self.layout.language)))
        });
        let text = format!(
            "{weight}{} ({}, {}{})",
            index.label.get(self.layout.language),
            index.id,
            self.aggregate(index.aggregate),
            network.unwrap_or_default()
        );
        writeln!(out, "{}{}", "  ".repeat(depth), plain(&text))?;
        let depth = depth.saturating_add(1);
        for child in &index.of {
            if let Some(inner) = &child.index {
                self.index(inner, Some(&child.weight), depth, out)?;
            } else {
                let text = format!("{} × {}", self.weight(&child.weight), self.child(child));
                writeln!(out, "{}{}", "  ".repeat(depth), plain(&text))?;
            }
        }
        Ok(())
    }

    /// What a child of an index is called.
    fn child<'b>(&'b self, child: &'b Child) -> Cow<'b, str> {
        let label = |label: &'b Texts| Cow::from(label.get(self.layout.language));
        match child {
            Child { index: Some(inner), .. } => label(&inner.label),
            Child { methodology: Some(pin), .. } => format!("{}@{}", pin.id, pin.version).into(),
            Child { indicator, .. } => {
                let id = indicator.as_deref().unwrap_or_default();
                let mut indicators = self.methodology.document().indicators.iter();
                indicators.find(|indicator| indicator.id == id).map_or(id.into(), |indicator| label(&indicator.label))
            }
        }
    }

    fn weight(&self, weight: &Weight) -> String {
        match weight {
            Weight::Fixed(weight) => self.number(*weight),
            Weight::Table(WeightTable { by_stratum: Some(_), .. }) => {
                self.sentence("(selon la strate)", "(by stratum)").to_owned()
            }
            Weight::Table(WeightTable { by_population: Some(_), .. }) => {
                self.sentence("(selon la population)", "(by population)").to_owned()
            }
            Weight::Table(_) => self.sentence("(selon le type de structure)", "(by structure type)").to_owned(),
        }
    }

    fn number(&self, value: Decimal) -> String {
        local(&value.to_string(), self.layout.language)
    }

    fn table(&self, index: &Index, table: &WeightsByCase<'_>, out: &mut impl Write) -> io::Result<()> {
        let mut grid = Grid::default();
        grid.text(match table.rows.first() {
            Some((WeightCase::Stratum(_), _)) => self.sentence("Strate", "Stratum"),
            Some((WeightCase::Population(_), _)) => self.sentence("Population", "Population"),
            _ => self.sentence("Type de structure", "Structure type"),
        });
        for child in table.children.iter().filter_map(|place| index.of.get(*place)) {
            grid.number(&self.child(child));
        }
        grid.table(table.rows.iter().map(|(case, weights)| {
            let weights = weights.iter().map(|weight| self.number(*weight));
            std::iter::once(self.case(case)).chain(weights).collect()
        }));
        writeln!(out, "\n  {}", self.layout.bold(&plain(index.label.get(self.layout.language))))?;
        let width = self.layout.width.map(|width| width.saturating_sub(2));
        grid.lines(width).iter().flat_map(|table| table.lines()).try_for_each(|line| writeln!(out, "  {line}"))
    }

    fn case(&self, case: &WeightCase<'_>) -> String {
        let document = self.methodology.document();
        let label =
            |label: Option<&Texts>, id: &str| label.map_or(id, |label| label.get(self.layout.language)).to_owned();
        match case {
            WeightCase::StructureType(id) => label(document.structure_types.get(*id).map(|named| &named.label), id),
            WeightCase::Stratum(id) => {
                label(document.strata.iter().find(|stratum| stratum.id == *id).map(|stratum| &stratum.label), id)
            }
            WeightCase::Population(range) => self.range(range),
            WeightCase::Otherwise => self.sentence("tous les autres", "all others").to_owned(),
        }
    }

    fn range(&self, range: &Range) -> String {
        let (from, below) = (range.from.map(|end| self.number(end)), range.below.map(|end| self.number(end)));
        match (from, below, self.layout.language) {
            (None, None, _) => self.sentence("toute", "any").to_owned(),
            (None, Some(below), _) => format!("{} {below}", self.sentence("moins de", "below")),
            (Some(from), None, _) => format!("{} {from}", self.sentence("à partir de", "from")),
            (Some(from), Some(below), Language::French) => format!("de {from} à moins de {below}"),
            (Some(from), Some(below), Language::English) => format!("from {from} to below {below}"),
        }
    }

    fn strata(&self, out: &mut impl Write) -> io::Result<()> {
        self.heading("Strates", "Strata", out)?;
        for stratum in &self.methodology.document().strata {
            let population = stratum.population.as_ref();
            let population = population.map(|range| format!(" ; population {}", self.range(range)));
            let label = stratum.label.get(self.layout.language);
            self.item(
                &format!(
                    "{label} ({}) : {}{}",
                    stratum.id,
                    stratum.structure_types.join(", "),
                    population.unwrap_or_default()
                ),
                out,
            )?;
        }
        Ok(())
    }

    fn eligibility(&self, out: &mut impl Write) -> io::Result<()> {
        let rules = self.methodology.document().eligibility.as_deref().unwrap_or_default();
        if rules.is_empty() {
            return Ok(());
        }
        self.heading("Éligibilité", "Eligibility", out)?;
        rules.iter().try_for_each(|rule| {
            self.item(&format!("{} : {}", rule.label.get(self.layout.language), rule.require.text()), out)
        })
    }

    fn views(&self, out: &mut impl Write) -> io::Result<()> {
        self.heading("Classements (--by)", "Rankings (--by)", out)?;
        let document = self.methodology.document();
        for view in &document.views {
            self.item(&format!("{} : {}", view.id, view.label.get(self.layout.language)), out)?;
        }
        let groups: Vec<String> =
            document.ranking.within.iter().map(bareme::methodology::model::Within::name).collect();
        self.item(&format!("--within : {}", groups.join(", ")), out)
    }

    fn conflicts(&self, out: &mut impl Write) -> io::Result<()> {
        let conflicts = self.methodology.document().conflicts.as_deref().unwrap_or_default();
        if conflicts.is_empty() {
            return Ok(());
        }
        self.heading("Où les sources ne s'accordent pas", "Where the sources disagree", out)?;
        conflicts.iter().try_for_each(|conflict| {
            let alternative = conflict
                .alternative
                .as_ref()
                .map(|version| format!(" ({} : {version})", self.sentence("variante", "variant")));
            let text = conflict.choice.get(self.layout.language);
            self.item(&format!("{} : {text}{}", conflict.id, alternative.unwrap_or_default()), out)
        })
    }

    fn sources(&self, out: &mut impl Write) -> io::Result<()> {
        let sources = self.methodology.document().sources.as_deref().unwrap_or_default();
        if sources.is_empty() {
            return Ok(());
        }
        self.heading("Sources", "Sources", out)?;
        sources.iter().try_for_each(|source| {
            let published = source.published.as_ref().map(|published| format!(", {published}")).unwrap_or_default();
            self.item(&format!("{}{published} : {}", source.title, source.url), out)
        })
    }
}

/// The formula with its transform around it.
fn formula(indicator: &Indicator) -> String {
    let text = indicator.formula.text();
    indicator.transform.map_or_else(|| text.to_owned(), |transform| format!("{}({text})", transform.as_str()))
}
