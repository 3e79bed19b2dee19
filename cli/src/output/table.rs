//! A scoring as tables for people.

use std::io::{self, Write};

use bareme::Methodology;
use bareme::cohort::Period;
use bareme::error::Language;
use bareme::exact::{Decimal, Rational};
use bareme::methodology::model::{Status, Within};
use bareme::scoring::TerritoryScore;

use super::grid::Grid;
use super::listing::{Group, Listing, criterion_labels};
use crate::words::{local, pick, plain};

/// How a text is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// The language.
    pub(crate) language: Language,
    /// The width to fit; without it, rows are as long as they need to be.
    pub(crate) width: Option<u16>,
    /// Is bold type understood?
    pub(crate) styled: bool,
}

impl Layout {
    /// One of two texts.
    pub(crate) fn say<'a>(self, fr: &'a str, en: &'a str) -> &'a str {
        pick(self.language, fr, en)
    }

    /// A text in bold type, where that is understood.
    pub(crate) fn bold(self, text: &str) -> String {
        if self.styled { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A text cut into lines of the width.
    pub(crate) fn wrap(self, text: &str, indent: usize) -> String {
        let width = self.width.map_or(usize::MAX, usize::from).saturating_sub(indent).max(20);
        let (mut out, mut line) = (String::new(), 0_usize);
        for word in text.split(' ') {
            let length = word.chars().count();
            if line > 0 && line.saturating_add(1).saturating_add(length) > width {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                line = 0;
            } else if line > 0 {
                out.push(' ');
                line = line.saturating_add(1);
            }
            out.push_str(word);
            line = line.saturating_add(length);
        }
        out
    }
}

/// What a status claims, in words that nobody can miss.
pub(crate) fn claim(status: Status, language: Language) -> String {
    let label = status.label().get(language).to_uppercase();
    match (status, language) {
        (Status::Official, _) => label,
        (_, Language::French) => format!("{label}, et non méthode officielle"),
        (_, Language::English) => format!("{label}, not an official method"),
    }
}

/// The methodology's title; its name, status and method digest.
pub(crate) fn masthead(methodology: &Methodology, layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let title = methodology.document().title.get(layout.language);
    writeln!(out, "{}", layout.bold(&plain(title)))?;
    writeln!(
        out,
        "{}@{} · {} · {} {}",
        methodology.id(),
        methodology.version(),
        layout.bold(&claim(methodology.status(), layout.language)),
        layout.say("méthode", "method"),
        methodology.method_digest().short(),
    )
}

/// The period; and, of invented numbers, that they are.
pub(crate) fn under_masthead(
    period: Option<Period>,
    synthetic: bool,
    layout: Layout,
    out: &mut impl Write,
) -> io::Result<()> {
    if synthetic {
        let text = layout.say(
            "DONNÉES SYNTHÉTIQUES : ces chiffres sont inventés et ne disent rien d'aucun territoire.",
            "SYNTHETIC DATA: these numbers are invented and say nothing of any territory.",
        );
        writeln!(out, "{}", layout.bold(&layout.wrap(text, 0)))?;
    }
    let Some(period) = period else { return Ok(()) };
    let days = period.days();
    let text = match layout.language {
        Language::French => format!("Du {} au {} exclu ({days} jours)", period.from(), period.to()),
        Language::English => format!("From {} to {} excluded ({days} days)", period.from(), period.to()),
    };
    writeln!(out, "{text}")
}

/// What each row says of its ground: the status, the method digest, and that numbers are invented.
fn status(territory: &TerritoryScore, layout: Layout) -> String {
    let synthetic = if territory.synthetic { layout.say(", synthétique", ", synthetic") } else { "" };
    format!("{} {}{synthetic}", territory.status.label().get(layout.language), territory.method_sha256.short())
}

/// Writes the groups of a listing.
pub(crate) fn write(
    listing: &Listing<'_>,
    groups: &[Group],
    note: Option<&str>,
    layout: Layout,
    out: &mut impl Write,
) -> io::Result<()> {
    masthead(listing.methodology(), layout, out)?;
    let cohort = listing.scoring.cohort();
    under_masthead(cohort.period(), cohort.is_synthetic(), layout, out)?;
    let view = plain(listing.view.label.get(layout.language)).into_owned();
    writeln!(
        out,
        "{}{view}, {}",
        layout.say("Classement\u{a0}: ", "Ranking: "),
        among(&listing.within, layout.language)
    )?;
    if let Some(note) = note {
        writeln!(out, "{}", layout.wrap(note, 0))?;
    }
    let (grid, shown, hidden) = grid(listing, groups, layout);
    if shown {
        let text = layout.say(
            "Sous chaque critère, sa note ; --format csv donne aussi les valeurs et les poids.",
            "Under each criterion, its mark; --format csv gives values and weights too.",
        );
        writeln!(out, "{}", layout.wrap(text, 0))?;
    }
    for (group, table) in groups.iter().zip(grid.lines(layout.width)) {
        writeln!(out)?;
        writeln!(out, "{}", heading(listing, group, layout))?;
        writeln!(out, "{table}")?;
    }
    if !hidden.is_empty() {
        let start = layout.say(
            "Critères masqués, faute de largeur (voir --format csv)\u{a0}: ",
            "Criteria left out for lack of width (see --format csv): ",
        );
        writeln!(out, "\n{}", layout.wrap(&plain(&format!("{start}{}", hidden.join(", "))), 0))?;
    }
    Ok(())
}

/// Among whom territories are ranked, in words.
pub(crate) fn among(within: &Within, language: Language) -> String {
    use bareme::methodology::model::Dimension;
    let words = within.dimensions().iter().map(|dimension| match dimension {
        Dimension::Stratum => pick(language, "strate", "stratum"),
        Dimension::StructureType => pick(language, "type de structure", "structure type"),
        Dimension::Region => pick(language, "région", "region"),
        Dimension::Department => pick(language, "département", "department"),
    });
    let words = words.collect::<Vec<_>>().join(" + ");
    match (words.is_empty(), language) {
        (true, _) => pick(language, "tous ensemble", "all together").to_owned(),
        (false, Language::French) => format!("par {words}"),
        (false, Language::English) => format!("by {words}"),
    }
}

fn heading(listing: &Listing<'_>, group: &Group, layout: Layout) -> String {
    let all = group.territories.len();
    let ranked = group.territories.iter().filter(|place| listing.ranks.get(**place).is_some()).count();
    let number = |count: usize| local(&count.to_string(), layout.language);
    let counts = match layout.language {
        Language::French if all < group.size => {
            format!("{} montré{} sur {}", number(all), if all > 1 { "s" } else { "" }, number(group.size))
        }
        Language::English if all < group.size => format!("{} shown of {}", number(all), number(group.size)),
        _ if ranked == all => format!(
            "{} {}",
            number(all),
            layout.say(
                if all > 1 { "territoires" } else { "territoire" },
                if all > 1 { "territories" } else { "territory" }
            )
        ),
        Language::French => {
            format!("{} classé{} sur {}", number(ranked), if ranked > 1 { "s" } else { "" }, number(all))
        }
        Language::English => format!("{} of {} ranked", number(ranked), number(all)),
    };
    if group.label.is_empty() { counts } else { format!("{} ({counts})", layout.bold(&plain(&group.label))) }
}

/// The tables of all groups; whether they show a criterion's mark, and the criteria for which there
/// is no room.
fn grid(listing: &Listing<'_>, groups: &[Group], layout: Layout) -> (Grid, bool, Vec<String>) {
    let rules = listing.rules();
    let labels = criterion_labels(listing.methodology(), layout.language);
    let label = |place: usize| labels.get(place).cloned().unwrap_or_default();
    let marked = listing.methodology().criteria().iter().enumerate().filter(|(_, criterion)| {
        rules.indicators.get(criterion.indicator).is_some_and(|indicator| indicator.normalise.is_some())
    });
    let mut shape = Shape {
        ordering: listing.ordering_criterion(),
        criteria: marked.map(|(place, _)| place).collect(),
        remarks: listing.has_flags(),
    };
    let mut grid = Grid::default();
    grid.number(layout.say("Rang", "Rank")).text(layout.say("Territoire", "Territory"));
    if let Some(place) = shape.ordering {
        // What orders is shown by its value, in its unit unless that says the same again.
        let unit = unit(listing, place, layout).filter(|unit| unit.to_lowercase() != label(place).to_lowercase());
        grid.number(&unit.map_or_else(|| label(place), |unit| format!("{} ({unit})", label(place))));
    }
    grid.number("Score");
    for place in &shape.criteria {
        let label = label(*place);
        grid.number(&if shape.ordering == Some(*place) {
            format!("{label} ({})", layout.say("note", "mark"))
        } else {
            label
        });
    }
    grid.text(layout.say("Statut", "Status"));
    if shape.remarks {
        grid.text(layout.say("Remarques", "Remarks"));
    }
    for group in groups {
        let rows = group
            .territories
            .iter()
            .filter_map(|place| Some(shape.row(listing, *place, listing.territory(*place)?, layout)));
        grid.table(rows);
    }
    let first = if shape.ordering.is_some() { 4_usize } else { 3 };
    let mut hidden = Vec::new();
    while !grid.fits(layout.width)
        && let Some(place) = shape.criteria.pop()
    {
        grid.remove(first.saturating_add(shape.criteria.len()));
        hidden.insert(0, label(place));
    }
    (grid, !shape.criteria.is_empty(), hidden)
}

/// Which columns there are beside rank, name, score and status.
struct Shape {
    /// The criterion that orders, shown by its raw value.
    ordering: Option<usize>,
    /// The criteria that are shown by their marks.
    criteria: Vec<usize>,
    remarks: bool,
}

impl Shape {
    fn row(&self, listing: &Listing<'_>, place: usize, territory: &TerritoryScore, layout: Layout) -> Vec<String> {
        let none = || "–".to_owned();
        let shown = |value: Option<f64>, least: u32| {
            value.map_or_else(none, |value| rounded(listing.methodology(), value, least, layout.language))
        };
        let criterion = |place: &usize| territory.criteria.get(*place);
        let rank = listing.ranks.get(place);
        let mut row = vec![rank.map_or_else(none, |rank| rank.place.to_string()), territory.name.clone()];
        row.extend(self.ordering.iter().map(|place| shown(criterion(place).and_then(|criterion| criterion.raw), 2)));
        let published = territory.indices.first().and_then(|index| index.published.as_deref());
        row.push(published.map_or_else(none, |text| local(text, layout.language)));
        row.extend(self.criteria.iter().map(|place| shown(criterion(place).and_then(|criterion| criterion.mark), 0)));
        row.push(status(territory, layout));
        if self.remarks {
            let flags: Vec<String> =
                territory.flags.iter().map(|flag| flag.text(listing.methodology(), layout.language)).collect();
            row.push(flags.join(layout.say("\u{a0}; ", "; ")));
        }
        row
    }
}

/// The unit of a criterion.
fn unit(listing: &Listing<'_>, place: usize, layout: Layout) -> Option<String> {
    let criterion = listing.methodology().criteria().get(place);
    let unit = criterion.and_then(|criterion| listing.rules().indicators.get(criterion.indicator)?.unit.as_ref());
    unit.map(|unit| unit.get(layout.language).to_owned())
}

/// A value as the methodology publishes scores, with at least so many decimals. Whole numbers that
/// are not marks, such as followers, are shown without.
pub(crate) fn rounded(methodology: &Methodology, value: f64, least: u32, language: Language) -> String {
    let Some(decimal) = Decimal::new(value) else { return String::new() };
    let publication = &methodology.document().publication;
    let decimals = if least > 0 && decimal.is_integer() { 0 } else { publication.decimals.max(least) };
    let decimals = u8::try_from(decimals).unwrap_or(u8::MAX);
    let text = Rational::from(decimal).publish(decimals, publication.rounding.into()).text(decimals);
    local(&text, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { language: Language::French, width: Some(40), styled: false };

    #[test]
    fn texts_are_cut_at_spaces() {
        let text = LAYOUT.wrap("un texte plus long que la largeur du terminal qui le montre", 4);
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.trim().chars().count() <= 36), "{text}");
        assert_eq!(text.split_whitespace().count(), 12);
    }
}
