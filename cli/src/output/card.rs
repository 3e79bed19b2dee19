//! One territory for the person who looks after its accounts: where it stands, and what holds it back.
//!
//! Points are a way of showing published numbers, never of scoring: an element brings its weight times its
//! mark, and lacks its weight times what is missing to 100. Where every index above is a weighted mean
//! the points brought add up to the score.

use std::collections::BTreeSet;
use std::io::{self, Write};

use bareme::exact::{Decimal, Rational};
use bareme::methodology::model::{
    Aggregate, Child, Dimension, Grades, Index, Indicator, Key, Normalise, TransformName, View, Within,
};
use bareme::scoring::{CriterionScore, PartScore, RankEntry, TerritoryScore};
use bareme::{Cohort, Methodology};

use super::grid::Grid;
use super::listing::criterion_labels;
use super::names::Names;
use super::table::{Layout, masthead, rounded, under_masthead};
use crate::words::{local, plain};

/// One territory and what it is shown with.
#[derive(Debug)]
pub(crate) struct Card<'a> {
    /// The methodology.
    pub(crate) methodology: &'a Methodology,
    /// The cohort that the territory is in.
    pub(crate) cohort: &'a Cohort,
    /// Its place there.
    pub(crate) place: usize,
    /// What the scoring says of it.
    pub(crate) territory: &'a TerritoryScore,
    /// What regions and departments are called.
    pub(crate) names: &'a Names,
    /// How it is laid out.
    pub(crate) layout: Layout,
}

/// An element of a score.
#[derive(Debug, Clone, PartialEq)]
struct Element {
    label: String,
    value: String,
    /// None when points say nothing: the marks are not on a scale that ends at 100.
    mark: Option<Rational>,
    weight: Rational,
}

impl Element {
    fn gained(&self) -> Option<Rational> {
        self.mark.as_ref().map(|mark| &self.weight * mark)
    }

    fn lost(&self) -> Option<Rational> {
        self.mark.as_ref().map(|mark| &self.weight * &(&Rational::from(100) - mark))
    }
}

impl Card<'_> {
    /// Writes the card.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        writeln!(out, "{}", layout.bold(&plain(&format!("{} ({})", self.territory.name, self.territory.id))))?;
        writeln!(out, "{}", layout.wrap(&plain(&self.identity()), 0))?;
        masthead(self.methodology, layout, out)?;
        under_masthead(self.cohort.period(), self.territory.synthetic, layout, out)?;
        self.score(out)?;
        self.standings(out)?;
        self.balance(out)?;
        self.parts(out)?;
        self.others(out)?;
        self.remarks(out)?;
        self.method(out)
    }

    /// What it is, and where.
    fn identity(&self) -> String {
        let (rules, layout) = (self.methodology.document(), self.layout);
        let kind = &self.territory.structure_type;
        let kind = rules.structure_types.get(kind).map_or(kind.as_str(), |named| named.label.get(layout.language));
        let mut parts = vec![kind.to_owned()];
        if let Some(population) = self.cohort.population(self.place).and_then(Decimal::new) {
            let count = local(&population.to_string(), layout.language);
            // In French, what is below 2 is one; in English, only 1 is.
            let one = layout.say(
                if population.get() < 2.0 { "habitant" } else { "habitants" },
                if population == Decimal::ONE { "inhabitant" } else { "inhabitants" },
            );
            parts.push(format!("{count} {one}"));
        }
        parts.push(self.dimension(Dimension::Stratum).unwrap_or_else(|| {
            layout.say("hors des strates de la méthode", "outside the methodology's strata").to_owned()
        }));
        for dimension in [Dimension::Department, Dimension::Region] {
            parts.extend(self.dimension(dimension));
        }
        parts.join(" · ")
    }

    /// What the territory shares with others in one dimension, in words.
    fn dimension(&self, dimension: Dimension) -> Option<String> {
        let (rules, layout) = (self.methodology.document(), self.layout);
        Some(match dimension {
            Dimension::Stratum => {
                let id = self.territory.stratum.as_ref()?;
                let stratum = rules.strata.iter().find(|stratum| stratum.id == *id)?;
                stratum.label.get(layout.language).to_owned()
            }
            Dimension::StructureType => {
                let id = &self.territory.structure_type;
                rules.structure_types.get(id).map_or(id.as_str(), |named| named.label.get(layout.language)).to_owned()
            }
            Dimension::Department => {
                let code = self.cohort.department(self.place)?;
                format!("{} {}", layout.say("département", "department"), self.names.short(dimension, code))
            }
            Dimension::Region => {
                let code = self.cohort.region(self.place)?;
                format!("{} {}", layout.say("région", "region"), self.names.short(dimension, code))
            }
        })
    }

    /// The group in which a rank is given, in words.
    fn group(&self, within: &str) -> String {
        let within = Within::from_name(within).unwrap_or(Within::COHORT);
        let parts: Vec<String> =
            within.dimensions().iter().filter_map(|dimension| self.dimension(*dimension)).collect();
        if parts.is_empty() { self.layout.say("tous ensemble", "all together").to_owned() } else { parts.join(", ") }
    }

    fn heading(&self, text: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n{}", self.layout.bold(text))
    }

    fn colon(&self) -> &'static str {
        self.layout.say("\u{a0}:", ":")
    }

    fn score(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        let root = self.territory.indices.first();
        let published = root.and_then(|root| root.published.as_deref());
        let Some(published) = published else {
            let parts = &self.territory.parts;
            let absent = |part: &PartScore| part.territory.indices.first().is_some_and(|root| root.state == "absent");
            let why = if !parts.is_empty() && parts.iter().all(absent) {
                layout
                    .say("aucun compte sur les réseaux de la méthode", "no account on the method's networks")
                    .to_owned()
            } else {
                root.map(|root| state(root.state, layout)).unwrap_or_default()
            };
            return self.heading(&format!("{}{} {why}", layout.say("Pas de score", "No score"), self.colon()), out);
        };
        let grade = self.grade().map(|grade| format!(" ({grade})")).unwrap_or_default();
        let score = format!("Score{} {}{grade}", self.colon(), local(published, layout.language));
        self.heading(&plain(&score), out)?;
        let Some(View { id, .. }) = self.views().find(|view| is_root(self.methodology, view)) else { return Ok(()) };
        for rank in self.territory.ranks.iter().filter(|rank| rank.view == *id) {
            writeln!(
                out,
                "  {}",
                layout.wrap(&plain(&format!("{}, {}", self.rank(rank), self.group(&rank.within))), 4)
            )?;
        }
        Ok(())
    }

    fn grade(&self) -> Option<String> {
        let reached = self.territory.grade.as_ref()?;
        let label = match self.methodology.document().publication.grades.as_ref()? {
            Grades::Threshold { steps } => steps.iter().find(|step| step.id == *reached).map(|step| &step.label),
            Grades::Rank { steps, .. } => steps.iter().find(|step| step.id == *reached).map(|step| &step.label),
        };
        Some(label?.get(self.layout.language).to_owned())
    }

    fn views(&self) -> impl Iterator<Item = &View> {
        self.methodology.document().views.iter()
    }

    /// A place in words.
    fn rank(&self, rank: &RankEntry) -> String {
        let layout = self.layout;
        let (Some(place), Some(of)) = (rank.rank, rank.of) else {
            return layout.say("non classé", "unranked").to_owned();
        };
        let (number, of) = (local(&place.to_string(), layout.language), local(&of.to_string(), layout.language));
        let suffix = match (layout.language, place) {
            (bareme::error::Language::French, 1) => "er",
            (bareme::error::Language::French, _) => "e",
            _ => "",
        };
        format!("{number}{suffix} {} {of}", layout.say("sur", "of"))
    }

    /// The groups of the declared rankings, each once.
    fn groups(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let names = self.territory.ranks.iter().map(|rank| rank.within.as_str());
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// A table of views: what each orders, and the ranks in each group.
    fn table(&self, views: &[(&View, String)], value: &str, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        let mut grid = Grid::default();
        grid.text(layout.say("Classement", "Ranking")).number(value);
        let groups = self.groups();
        for group in &groups {
            grid.number(&self.group(group));
        }
        grid.table(views.iter().map(|(view, value)| {
            let mut row = vec![view.label.get(layout.language).to_owned(), value.clone()];
            row.extend(groups.iter().map(|group| {
                let rank = self.territory.ranks.iter().find(|rank| rank.view == view.id && rank.within == *group);
                rank.filter(|rank| rank.rank.is_some()).map_or_else(|| "–".to_owned(), |rank| self.rank(rank))
            }));
            row
        }));
        grid.lines(layout.width).iter().try_for_each(|table| writeln!(out, "{table}"))
    }

    /// The other indices that have a ranking: networks, parts of the score.
    fn standings(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        let views: Vec<(&View, String)> = self
            .views()
            .filter(|view| !is_root(self.methodology, view))
            .filter_map(|view| {
                let id = view.by.index.as_ref()?;
                let index = self.territory.indices.iter().find(|index| index.id == *id)?;
                let published = index.published.as_deref().map(|text| local(text, layout.language));
                Some((view, published.unwrap_or_else(|| state(self.state_of(id, index.state), layout))))
            })
            .collect();
        if views.is_empty() {
            return Ok(());
        }
        self.heading(layout.say("Réseau par réseau", "Network by network"), out)?;
        self.table(&views, "Score", out)
    }

    /// The state of an index: of one that only stands for a pinned methodology, that of the latter, which
    /// says more.
    fn state_of(&self, id: &str, own: &'static str) -> &'static str {
        fn find<'a>(index: &'a Index, id: &str) -> Option<&'a Index> {
            let inner = || index.of.iter().filter_map(|child| child.index.as_deref());
            if index.id == id { Some(index) } else { inner().find_map(|inner| find(inner, id)) }
        }
        let index = find(&self.methodology.document().index, id);
        let pin = index.and_then(|index| match index.of.as_slice() {
            [only] => only.methodology.as_ref(),
            _ => None,
        });
        let part = pin.and_then(|pin| self.territory.parts.iter().find(|part| part.id == pin.id));
        part.and_then(|part| part.territory.indices.first()).map_or(own, |root| root.state)
    }

    /// What brings points to the score and what does not, the costliest first.
    fn balance(&self, out: &mut impl Write) -> io::Result<()> {
        if self.territory.indices.first().is_none_or(|root| root.score.is_none()) {
            return Ok(());
        }
        self.heading(self.layout.say("Ce qui retient le score", "What holds the score back"), out)?;
        let tree = Tree { layout: self.layout, methodology: self.methodology, territory: self.territory, of: None };
        self.elements(tree.elements(), out)
    }

    /// The same inside each methodology that is pinned.
    fn parts(&self, out: &mut impl Write) -> io::Result<()> {
        for (part, methodology) in self.territory.parts.iter().zip(self.methodology.pinned()) {
            let Some(root) = part.territory.indices.first().filter(|root| root.score.is_some()) else { continue };
            let published = local(root.published.as_deref().unwrap_or_default(), self.layout.language);
            let name = part_label(methodology, self.layout);
            self.heading(&plain(&format!("{name}{} {published}", self.colon())), out)?;
            let tree = Tree { layout: self.layout, methodology, territory: &part.territory, of: None };
            self.elements(tree.elements(), out)?;
        }
        Ok(())
    }

    fn elements(&self, mut elements: Vec<Element>, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        elements.sort_by(|a, b| b.lost().cmp(&a.lost()).then_with(|| b.weight.cmp(&a.weight)));
        let decimals = self.decimals();
        let shown = |value: &Rational| {
            let rounding = self.methodology.document().publication.rounding.into();
            local(&value.publish(decimals, rounding).text(decimals), layout.language)
        };
        let or_none = |value: Option<Rational>| value.as_ref().map_or_else(|| "–".to_owned(), shown);
        let mut grid = Grid::default();
        grid.text(layout.say("Élément", "Element"))
            .number(layout.say("Valeur", "Value"))
            .number(layout.say("Note", "Mark"))
            .number(layout.say("Poids (%)", "Weight (%)"))
            .number(layout.say("Points gagnés", "Points gained"))
            .number(layout.say("Points perdus", "Points lost"));
        let hundred = Rational::from(100);
        let mut rows: Vec<Vec<String>> = elements
            .iter()
            .map(|element| {
                vec![
                    element.label.clone(),
                    element.value.clone(),
                    or_none(element.mark.clone()),
                    shown(&(&element.weight * &hundred)),
                    or_none(element.gained()),
                    or_none(element.lost()),
                ]
            })
            .collect();
        let sum = |of: fn(&Element) -> Option<Rational>| {
            elements.iter().map(of).try_fold(Rational::ZERO, |sum, value| Some(&sum + &value?))
        };
        let weights = elements.iter().fold(Rational::ZERO, |sum, element| &sum + &element.weight);
        rows.push(vec![
            "Total".to_owned(),
            String::new(),
            String::new(),
            shown(&(&weights * &hundred)),
            or_none(sum(Element::gained)),
            or_none(sum(Element::lost)),
        ]);
        grid.table(rows);
        grid.lines(layout.width).iter().try_for_each(|table| writeln!(out, "{table}"))
    }

    fn decimals(&self) -> u8 {
        u8::try_from(self.methodology.document().publication.decimals.max(1)).unwrap_or(u8::MAX)
    }

    /// The rankings by a criterion on which the territory has a value.
    fn others(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        let criteria = self.methodology.criteria();
        let views: Vec<(&View, String)> = self
            .views()
            .filter_map(|view| {
                let Key { indicator: Some(id), network, .. } = &view.by else { return None };
                let mut scores = self.territory.criteria.iter().zip(criteria);
                let (score, criterion) = scores.find(|(score, _)| {
                    *score.indicator == **id && (network.is_none() || score.network.as_deref() == network.as_deref())
                })?;
                let indicator = self.methodology.document().indicators.get(criterion.indicator)?;
                score.raw.map(|_| (view, raw(self.methodology, indicator, score, layout)))
            })
            .collect();
        if views.is_empty() {
            return Ok(());
        }
        self.heading(layout.say("Autres classements", "Other rankings"), out)?;
        self.table(&views, layout.say("Valeur", "Value"), out)
    }

    fn remarks(&self, out: &mut impl Write) -> io::Result<()> {
        let language = self.layout.language;
        let mut seen = BTreeSet::new();
        let own = self.territory.flags.iter().map(|flag| flag.text(self.methodology, language));
        let parts = self.territory.parts.iter().zip(self.methodology.pinned()).flat_map(|(part, methodology)| {
            let name = part_label(methodology, self.layout);
            part.territory.flags.iter().map(move |flag| {
                let text = flag.text(methodology, language);
                if text.contains(&name) { text } else { format!("{text} ({name})") }
            })
        });
        let shared = |text: &String| {
            self.territory.flags.iter().any(|flag| text.starts_with(&flag.text(self.methodology, language)))
        };
        let remarks: Vec<String> =
            own.chain(parts.filter(|text| !shared(text))).filter(|text| seen.insert(text.clone())).collect();
        if remarks.is_empty() {
            return Ok(());
        }
        self.heading(self.layout.say("À savoir", "Good to know"), out)?;
        remarks.iter().try_for_each(|text| writeln!(out, "  {}", self.layout.wrap(&plain(text), 4)))
    }

    fn method(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        let text = layout.say(
            "Points perdus : poids × (100 − note). Les rangs sont ceux de toute la cohorte, dans le groupe qui est dit.",
            "Points lost: weight × (100 − mark). Ranks are those of the whole cohort, in the group that is named.",
        );
        writeln!(out, "\n{}", layout.wrap(text, 0))?;
        writeln!(out, "{} sha256 {}", layout.say("Méthode", "Method"), self.methodology.method_digest())?;
        let (id, version) = (self.methodology.id(), self.methodology.version());
        let text = layout.say("La méthode en mots", "The method in words");
        writeln!(out, "{text}{} bareme show {id}@{version} --format markdown", self.colon())
    }
}

/// Does this view order by the root?
fn is_root(methodology: &Methodology, view: &View) -> bool {
    view.by.index.as_ref() == Some(&methodology.document().index.id)
}

/// What a pinned methodology is called beside others: the network that it is about, or its title.
fn part_label(methodology: &Methodology, layout: Layout) -> String {
    let document = methodology.document();
    let network = document.index.network.as_ref().and_then(|network| document.networks.get(network));
    network.map_or(&document.title, |network| &network.label).get(layout.language).to_owned()
}

/// Why there is no value, in words.
fn state(state: &str, layout: Layout) -> String {
    let text = match state {
        "absent" => layout.say("pas de compte", "no account"),
        "ineligible" => layout.say("non éligible", "not eligible"),
        "unknown" => layout.say("donnée inconnue", "data unknown"),
        "undefined" => layout.say("incalculable", "no value"),
        "insufficient" => layout.say("trop peu de critères connus", "too few criteria known"),
        "outside_strata" => layout.say("hors des strates de la méthode", "outside the methodology's strata"),
        "refused" => layout.say("sans score, selon la méthode", "no score, as the methodology says"),
        other => other,
    };
    text.to_owned()
}

/// A raw value with its unit, or why there is none.
fn raw(methodology: &Methodology, indicator: &Indicator, score: &CriterionScore, layout: Layout) -> String {
    let Some(value) = score.raw else { return state(score.state, layout) };
    let text = rounded(methodology, value, 2, layout.language);
    match (&indicator.transform, &indicator.unit) {
        (Some(TransformName::Sqrt), _) => format!("{text} ({})", layout.say("racine carrée", "square root")),
        (Some(_), _) => format!("{text} ({})", layout.say("échelle logarithmique", "logarithmic scale")),
        (None, Some(unit)) => format!("{text} {}", unit.get(layout.language)),
        (None, None) => text,
    }
}

/// The tree of a methodology with the values of one territory.
#[derive(Clone, Copy)]
struct Tree<'a> {
    layout: Layout,
    methodology: &'a Methodology,
    territory: &'a TerritoryScore,
    /// What the methodology is about, when it is pinned by another.
    of: Option<&'a str>,
}

impl<'a> Tree<'a> {
    /// What the root's score is made of, each element with its weight in it.
    fn elements(self) -> Vec<Element> {
        let mut elements = Vec::new();
        self.index(&self.methodology.document().index, &Rational::from(1), None, &mut elements);
        // One criterion may count in two ways, such as in a best network that is an expected one too.
        let mut merged: Vec<Element> = Vec::new();
        for element in elements {
            let alike = merged.iter_mut().find(|known| {
                (&known.label, &known.value, &known.mark) == (&element.label, &element.value, &element.mark)
            });
            match alike {
                Some(known) => known.weight = &known.weight + &element.weight,
                None => merged.push(element),
            }
        }
        merged
    }

    fn index(self, index: &Index, weight: &Rational, network: Option<&str>, elements: &mut Vec<Element>) {
        let network = index.network.as_deref().or(network);
        let node = self.territory.indices.iter().find(|node| node.id == index.id);
        let weights = node.map(|node| node.weights.as_slice()).unwrap_or_default();
        let children = index.of.iter().zip(weights);
        match index.aggregate {
            Aggregate::Arithmetic | Aggregate::Sum if !weights.is_empty() => {
                for (child, applied) in children {
                    let Some(applied) = Decimal::new(*applied).filter(|applied| *applied > Decimal::ZERO) else {
                        continue;
                    };
                    self.child(child, &(weight * &Rational::from(applied)), network, elements);
                }
            }
            // The value is that of one child, which alone brings it.
            Aggregate::Max | Aggregate::Min if !weights.is_empty() => {
                let same = |child: &&Child| self.value(child, network) == node.and_then(|node| node.score);
                match index.of.iter().find(same) {
                    Some(child) => self.child(child, weight, network, elements),
                    None => self.whole(index, weight, elements),
                }
            }
            _ => self.whole(index, weight, elements),
        }
    }

    /// An index that is not taken apart.
    fn whole(self, index: &Index, weight: &Rational, elements: &mut Vec<Element>) {
        let node = self.territory.indices.iter().find(|node| node.id == index.id);
        let value = node.filter(|node| node.score.is_none()).map(|node| state(node.state, self.layout));
        elements.push(Element {
            label: self.named(index.label.get(self.layout.language)),
            value: value.unwrap_or_default(),
            mark: Some(mark(node.and_then(|node| node.score))),
            weight: weight.clone(),
        });
    }

    fn child(self, child: &Child, weight: &Rational, network: Option<&str>, elements: &mut Vec<Element>) {
        if let Some(inner) = &child.index {
            return self.index(inner, weight, network, elements);
        }
        if let Some(pin) = &child.methodology {
            let mut parts = self.territory.parts.iter().zip(self.methodology.pinned());
            let Some((part, methodology)) = parts.find(|(part, _)| part.id == pin.id && part.version == pin.version)
            else {
                return;
            };
            let name = part_label(methodology, self.layout);
            let root = part.territory.indices.first();
            if root.is_some_and(|root| root.score.is_some()) {
                let tree = Tree { methodology, territory: &part.territory, of: Some(&name), ..self };
                return tree.index(&methodology.document().index, weight, None, elements);
            }
            let value = root.map(|root| state(root.state, self.layout)).unwrap_or_default();
            elements.push(Element { label: name, value, mark: Some(Rational::ZERO), weight: weight.clone() });
            return;
        }
        let Some((place, score)) = self.criterion(child, network) else { return };
        let criterion = self.methodology.criteria().get(place);
        let indicator = criterion.and_then(|criterion| self.methodology.document().indicators.get(criterion.indicator));
        let Some(indicator) = indicator else { return };
        // Marks that are the values themselves end nowhere.
        let scaled = !matches!(indicator.normalise, Some(Normalise::Identity { .. }));
        let label = criterion_labels(self.methodology, self.layout.language).get(place).cloned().unwrap_or_default();
        elements.push(Element {
            label: self.named(&label),
            value: raw(self.methodology, indicator, score, self.layout),
            mark: scaled.then(|| mark(score.mark)),
            weight: weight.clone(),
        });
    }

    fn named(self, label: &str) -> String {
        self.of.map_or_else(|| label.to_owned(), |of| format!("{of}, {}", lowered(label)))
    }

    /// The criterion that a child is.
    fn criterion(self, child: &Child, network: Option<&str>) -> Option<(usize, &'a CriterionScore)> {
        let id = child.indicator.as_ref()?;
        self.territory.criteria.iter().enumerate().find(|(_, score)| {
            *score.indicator == **id
                && (score.network.is_none() || network.is_none() || score.network.as_deref() == network)
        })
    }

    /// The value of a child, if it has one.
    fn value(self, child: &Child, network: Option<&str>) -> Option<f64> {
        if let Some(inner) = &child.index {
            return self.territory.indices.iter().find(|node| node.id == inner.id)?.score;
        }
        if let Some(pin) = &child.methodology {
            let part = self.territory.parts.iter().find(|part| part.id == pin.id && part.version == pin.version)?;
            return part.territory.indices.first()?.score;
        }
        self.criterion(child, network)?.1.mark
    }
}

/// A mark as a number; what counts without having one counts 0.
fn mark(value: Option<f64>) -> Rational {
    value.and_then(Decimal::new).map_or(Rational::ZERO, Rational::from)
}

/// A label inside a sentence.
fn lowered(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
