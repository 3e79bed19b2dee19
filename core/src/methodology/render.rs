//! A methodology as a page for people, in Markdown: what it claims to be, then every rule in words,
//! each with the ground on which it rests.
//!
//! Whatever comes from the document is escaped: a title may hold no heading, no link and no HTML of
//! its own.

use super::Methodology;
use super::model::{
    Absent, Aggregate, Basis, Bound, Child, Dimension, Direction, Document, Grades, Ground, Index, Indicator, Key,
    Kind, Limits, Measure, Missing, Normalise, OrderBy, OutsideStrata, Point, Provenance, Range, RoundingName,
    SeveralAccounts, Source, Statistic, Status, Stratum, Ties, TransformName, Undefined, Unknown, Weight, WeightTable,
    Winsorise, Within,
};
use super::weights::{WeightCase, WeightsByCase};
use crate::document::Texts;
use crate::error::Language;
use crate::exact::Decimal;

impl Methodology {
    /// The methodology as a Markdown page for people: status, digests, strata, eligibility, criteria,
    /// weights, ranking, publication, each parameter with its ground; then the conflicts between
    /// sources, and the sources.
    ///
    /// ```
    /// # use bareme::error::Language;
    /// let page = bareme::catalogue::observatoire_instagram_2017_10().describe(Language::English);
    /// assert!(page.contains("**Status: reconstruction.**"));
    /// ```
    pub fn describe(&self, language: Language) -> String {
        let mut page = Page { language, document: self.document(), out: String::new() };
        page.head(self);
        page.vocabulary();
        page.strata();
        page.eligibility();
        page.criteria();
        page.weights();
        page.ranking();
        page.publication();
        page.roll_ups();
        page.conflicts();
        page.sources();
        page.out
    }
}

struct Page<'a> {
    language: Language,
    document: &'a Document,
    out: String,
}

impl<'a> Page<'a> {
    fn say<'b>(&self, fr: &'b str, en: &'b str) -> &'b str {
        match self.language {
            Language::French => fr,
            Language::English => en,
        }
    }

    /// What stands between a name and what is said of it.
    fn colon(&self) -> &'static str {
        self.say("\u{a0}: ", ": ")
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn paragraph(&mut self, text: &str) {
        self.line(text);
        self.line("");
    }

    fn heading(&mut self, level: usize, text: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.line("");
        }
        self.paragraph(&format!("{} {text}", "#".repeat(level)));
    }

    /// A list item: a name, and what is said of it.
    fn item(&mut self, fr: &str, en: &str, text: &str) {
        let line = format!("- {}{}{text}", self.say(fr, en), self.colon());
        self.line(&line);
    }

    /// A list item of a parameter, and under it the parameter's ground.
    fn parameter(&mut self, provenance: Option<&Provenance>, name: &str, (fr, en): (&str, &str), text: &str) {
        self.item(fr, en, text);
        self.ground(basis_of(provenance, name));
    }

    /// A parameter's ground, as an item under the parameter's own.
    fn ground(&mut self, basis: Option<&Basis>) {
        let text = self.basis(basis);
        self.line(&format!("  - {text}"));
    }

    /// The grounds of a parameter that many objects have, those that are the same said once.
    fn common_grounds<'b>(
        &mut self,
        (fr, en): (&str, &str),
        name: &str,
        objects: impl Iterator<Item = (String, Option<&'b Provenance>)>,
    ) {
        let mut groups: Vec<(Option<&Basis>, Vec<String>)> = Vec::new();
        for (object, provenance) in objects {
            let basis = basis_of(provenance, name);
            match groups.iter_mut().find(|(known, _)| *known == basis) {
                Some((_, objects)) => objects.push(object),
                None => groups.push((basis, vec![object])),
            }
        }
        for (basis, objects) in groups {
            let line = format!("- {} ({}){}{}", self.say(fr, en), objects.join(", "), self.colon(), self.basis(basis));
            self.line(&line);
        }
    }

    fn basis(&self, basis: Option<&Basis>) -> String {
        let Some(basis) = basis else {
            return format!("*{}*", self.say("sans fondement indiqué", "no ground is given"));
        };
        let mut text = match basis.basis {
            Ground::Published => self.say("*publié*", "*published*"),
            Ground::Inferred => self.say("*déduit*", "*inferred*"),
            Ground::Proposed => self.say("*proposé*", "*proposed*"),
        }
        .to_owned();
        if let Some(source) = &basis.source {
            text.push_str(", ");
            text.push_str(&self.cited(source));
        }
        if let Some(quote) = &basis.quote {
            text.push_str(self.colon());
            text.push_str(self.say("«\u{a0}", "“"));
            text.push_str(&escape(quote));
            text.push_str(self.say("\u{a0}»", "”"));
        }
        if let Some(reason) = &basis.reason {
            text.push_str(self.colon());
            text.push_str(&self.text(reason));
        }
        text
    }

    /// A source by its title, linked.
    fn cited(&self, id: &str) -> String {
        let sources = self.document.sources.as_deref().unwrap_or_default();
        sources.iter().find(|source| source.id == id).map_or_else(|| code(id), link)
    }

    fn text(&self, texts: &Texts) -> String {
        escape(texts.get(self.language))
    }

    /// A label with the id by which documents and outputs name the same thing.
    fn named(&self, label: &Texts, id: &str) -> String {
        format!("{} ({})", self.text(label), code(id))
    }

    fn description(&mut self, description: Option<&'a Texts>) {
        if let Some(description) = description {
            let text = self.text(description);
            self.paragraph(&text);
        }
    }

    fn number(&self, value: Decimal) -> String {
        let text = value.to_string();
        let (space, point) = match self.language {
            Language::French => ('\u{202f}', ","),
            Language::English => (',', "."),
        };
        if text.len() < 5 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return text.replace('.', point);
        }
        let mut grouped = String::new();
        for (index, digit) in text.chars().enumerate() {
            if index > 0 && text.len().saturating_sub(index).is_multiple_of(3) {
                grouped.push(space);
            }
            grouped.push(digit);
        }
        grouped
    }

    fn yes(&self, is: bool) -> &'static str {
        if is { self.say("oui", "yes") } else { self.say("non", "no") }
    }

    fn head(&mut self, methodology: &Methodology) {
        let document = self.document;
        let title = self.text(&document.title);
        self.heading(1, &title);
        let (fr, en) = match document.status {
            Status::Variant => (
                "modification d’une autre méthode ; personne ne l’a adoptée.",
                "a change to another methodology; nobody has adopted it.",
            ),
            Status::Draft => ("travail en cours ; personne ne l’a adopté.", "work in progress; nobody has adopted it."),
            Status::Proposal => {
                ("soumise à adoption ; personne ne l’a adoptée.", "put forward for adoption; nobody has adopted it.")
            }
            Status::Reconstruction => (
                "refaite à partir de textes publics ; ce n’est pas la méthode officielle de l’organisme qu’elle décrit.",
                "rebuilt from public texts; it is not the official method of the body that it describes.",
            ),
            Status::Official => (
                "le document se dit adopté et publié par l’organisme qu’il nomme.",
                "the document says that it was adopted and published by the body that it names.",
            ),
        };
        let label = document.status.label();
        let label = label.get(self.language);
        let claim =
            format!("**{}{}{label}.** {}", self.say("Statut", "Status"), self.colon(), capital(self.say(fr, en)));
        self.paragraph(&claim);
        self.description(document.description.as_ref());
        self.item("Nom", "Name", &code(&format!("{}@{}", document.id, document.version)));
        self.item(
            "Empreinte de la méthode (SHA-256)",
            "Method digest (SHA-256)",
            &code(&methodology.method_digest().to_string()),
        );
        self.item(
            "Empreinte du document (SHA-256)",
            "Document digest (SHA-256)",
            &code(&methodology.document_digest().to_string()),
        );
        if let Some(pin) = &document.variant_of {
            let base = format!("{} ({})", code(&format!("{}@{}", pin.id, pin.version)), code(&pin.method_sha256));
            self.item("Variante de", "Variant of", &base);
        }
        let own = document.provenance.as_ref();
        match document.period_days {
            Some(days) => {
                let text = format!("{days} {}", self.say("jours, ni plus ni moins", "days, no more and no less"));
                self.parameter(own, "period_days", ("Période", "Period"), &text);
            }
            None => self.item("Période", "Period", self.say("de n’importe quelle durée", "of any length")),
        }
        let networks: Vec<String> =
            document.networks.iter().map(|(id, network)| self.named(&network.label, id)).collect();
        self.item("Réseaux", "Networks", &networks.join(", "));
    }

    /// The names that formulas use.
    fn vocabulary(&mut self) {
        let document = self.document;
        self.heading(2, self.say("Ce que l’on mesure", "What is measured"));
        let kind = |page: &Self, kind| match kind {
            Kind::Count => page.say("nombre entier", "whole number"),
            Kind::Decimal => page.say("nombre décimal", "decimal number"),
        };
        for (id, metric) in &document.metrics {
            let measure = match metric.measure {
                Measure::Stock => self.say("à la fin de la période", "at the end of the period"),
                Measure::Flow => self.say("total de la période", "total over the period"),
            };
            let name = self.with_unit(&metric.label, metric.unit.as_ref());
            let line = format!("- {}{}{name} ({}, {measure})", code(id), self.colon(), kind(self, metric.kind));
            self.line(&line);
        }
        for (id, attribute) in document.attributes.iter().flatten() {
            let name = self.with_unit(&attribute.label, attribute.unit.as_ref());
            let of = self.say("attribut du territoire", "attribute of the territory");
            let line = format!("- {}{}{name} ({}, {of})", code(id), self.colon(), kind(self, attribute.kind));
            self.line(&line);
        }
        let line = match self.language {
            Language::French => {
                "- `population`\u{a0}: les habitants du territoire ; `days`\u{a0}: les jours de la période ; \
                 `previous.x`\u{a0}: la mesure `x` à la période précédente"
            }
            Language::English => {
                "- `population`: the inhabitants of the territory; `days`: the days of the period; `previous.x`: the \
                 metric `x` in the previous period"
            }
        };
        self.line(line);
        if let Some(several) = document.several_accounts {
            let text = match several {
                SeveralAccounts::Refuse => {
                    self.say("refusés : c’est une erreur de la cohorte", "refused: it is a fault of the cohort")
                }
                SeveralAccounts::Sum => self.say("leurs nombres s’ajoutent", "their numbers are added"),
                SeveralAccounts::Main => self.say(
                    "celui que la cohorte dit principal vaut pour tous",
                    "the one that the cohort calls the main one stands for all",
                ),
            };
            self.parameter(
                document.provenance.as_ref(),
                "several_accounts",
                ("Plusieurs comptes d’un territoire sur un réseau", "Several accounts of a territory on one network"),
                text,
            );
        }
    }

    /// A label and its unit, unless the label says it.
    fn with_unit(&self, label: &Texts, unit: Option<&Texts>) -> String {
        let label = self.text(label);
        match unit.map(|unit| self.text(unit)).filter(|unit| unit.to_lowercase() != label.to_lowercase()) {
            Some(unit) => format!("{label}, {unit}"),
            None => label,
        }
    }

    fn strata(&mut self) {
        let document = self.document;
        self.heading(2, self.say("Qui est comparé à qui", "Who is compared with whom"));
        self.line(
            self.say("| Strate | Types de structure | Population |", "| Stratum | Structure types | Population |"),
        );
        self.line("| --- | --- | --- |");
        for stratum in &document.strata {
            let types: Vec<String> = stratum.structure_types.iter().map(|id| self.structure_type(id)).collect();
            let population = match &stratum.population {
                Some(range) => self.range(range),
                None => self.say("toutes", "any").to_owned(),
            };
            let line = format!("| {} | {} | {population} |", self.named(&stratum.label, &stratum.id), types.join(", "));
            self.line(&line);
        }
        self.line("");
        let outside = match document.outside_strata {
            OutsideStrata::Refuse => {
                self.say("refusé : c’est une erreur de la cohorte", "refused: it is a fault of the cohort")
            }
            OutsideStrata::LeaveOut => self.say("sans score, et signalé", "without a score, and flagged"),
        };
        self.parameter(
            document.provenance.as_ref(),
            "outside_strata",
            ("Un territoire hors de toute strate", "A territory in no stratum"),
            outside,
        );
        let all: Vec<_> =
            document.strata.iter().map(|stratum| (self.text(&stratum.label), stratum.provenance.as_ref())).collect();
        self.common_grounds(("Types de structure", "Structure types"), "structure_types", all.clone().into_iter());
        let bounded = all
            .into_iter()
            .zip(&document.strata)
            .filter(|(_, stratum)| stratum.population.is_some())
            .map(|(object, _)| object);
        self.common_grounds(("Population", "Population"), "population", bounded);
        for stratum in &document.strata {
            self.small(stratum);
        }
    }

    /// What becomes of a stratum that is too small.
    fn small(&mut self, stratum: &Stratum) {
        let label = self.text(&stratum.label);
        if let Some(size) = stratum.minimum_size {
            let line = match self.language {
                Language::French => format!(
                    "- {label}\u{a0}: au moins {size} membres, sinon les statistiques viennent d’un groupe plus grand"
                ),
                Language::English => {
                    format!("- {label}: at least {size} members, or else statistics come from a larger group")
                }
            };
            self.line(&line);
            self.ground(basis_of(stratum.provenance.as_ref(), "minimum_size"));
        }
        if let Some(fallback) = &stratum.fallback {
            let other = self.document.strata.iter().find(|other| other.id == *fallback);
            let other = other.map_or_else(|| code(fallback), |other| self.named(&other.label, fallback));
            let line = match self.language {
                Language::French => format!(
                    "- {label}\u{a0}: ce groupe est fait de ses membres et de ceux de {other} ; les places restent données dans la strate"
                ),
                Language::English => format!(
                    "- {label}: that group is its members and those of {other}; places are still given inside the stratum"
                ),
            };
            self.line(&line);
            self.ground(basis_of(stratum.provenance.as_ref(), "fallback"));
        }
    }

    fn range(&self, range: &Range) -> String {
        match (range.from, range.below) {
            (None, None) => self.say("toutes", "any").to_owned(),
            (None, Some(below)) => format!("{} {}", self.say("moins de", "under"), self.number(below)),
            (Some(from), None) => format!("{} {}", self.number(from), self.say("et plus", "and over")),
            (Some(from), Some(below)) => match self.language {
                Language::French => format!("de {} à moins de {}", self.number(from), self.number(below)),
                Language::English => format!("from {} to under {}", self.number(from), self.number(below)),
            },
        }
    }

    fn eligibility(&mut self) {
        self.heading(2, self.say("Qui reçoit un score", "Who gets a score"));
        let rules = self.document.eligibility.as_deref().unwrap_or_default();
        if rules.is_empty() {
            let text = if pins(&self.document.index) {
                self.say(
                    "Chaque méthode que ce document reprend garde ses conditions ; il n’en ajoute aucune, hors ses strates et les règles de ses critères.",
                    "Each methodology that this document uses keeps its conditions; it adds none, beyond its strata and the rules of its criteria.",
                )
            } else {
                self.say(
                    "Ce document ne pose aucune condition, hors ses strates et les règles de ses critères.",
                    "This document sets no condition beyond its strata and the rules of its criteria.",
                )
            };
            self.line(text);
            return;
        }
        self.paragraph(self.say(
            "Reçoit un score, et entre dans les statistiques auxquelles les autres sont comparés, ce qui satisfait à toutes ces conditions ; une valeur inconnue n’y satisfait pas.",
            "What satisfies all of these gets a score, and enters the statistics with which others are compared; an unknown value does not satisfy.",
        ));
        for rule in rules {
            let line = format!("- {}{}{}", self.named(&rule.label, &rule.id), self.colon(), code(rule.require.text()));
            self.line(&line);
            self.ground(basis_of(rule.provenance.as_ref(), "require"));
        }
    }

    fn criteria(&mut self) {
        self.heading(2, self.say("Les critères", "The criteria"));
        self.line(self.say(
            "Chaque valeur est calculée exactement, puis devient une note.",
            "Each value is computed exactly, and then becomes a mark.",
        ));
        for indicator in &self.document.indicators {
            self.criterion(indicator);
        }
    }

    fn criterion(&mut self, indicator: &'a Indicator) {
        let name = self.named(&indicator.label, &indicator.id);
        self.heading(3, &name);
        self.description(indicator.description.as_ref());
        let own = indicator.provenance.as_ref();
        let unit = indicator.unit.as_ref().map(|unit| format!(" ({})", self.text(unit))).unwrap_or_default();
        self.parameter(own, "formula", ("Formule", "Formula"), &format!("{}{unit}", code(indicator.formula.text())));
        if let Some(transform) = indicator.transform {
            let text = match transform {
                TransformName::Ln => self.say("le logarithme népérien, `ln(x)`", "the natural logarithm, `ln(x)`"),
                TransformName::Ln1p => self.say(
                    "le logarithme népérien de un plus la valeur, `ln(1 + x)`",
                    "the natural logarithm of one plus the value, `ln(1 + x)`",
                ),
                TransformName::Log10 => {
                    self.say("le logarithme décimal, `log10(x)`", "the decimal logarithm, `log10(x)`")
                }
                TransformName::Sqrt => self.say("la racine carrée, `sqrt(x)`", "the square root, `sqrt(x)`"),
            };
            self.parameter(own, "transform", ("Puis", "Then"), text);
        }
        let direction = match indicator.direction {
            Direction::Higher => self.say("plus la valeur est grande, mieux c’est", "the higher the better").to_owned(),
            Direction::Lower => self.say("plus la valeur est petite, mieux c’est", "the lower the better").to_owned(),
            Direction::ClosestTo(target) => {
                let target = self.number(target);
                match self.language {
                    Language::French => format!(
                        "plus la valeur est proche de {target}, mieux c’est ; l’écart à {target}, toujours positif, remplace la valeur"
                    ),
                    Language::English => {
                        format!("the closer to {target} the better; the distance to {target} replaces the value")
                    }
                }
            }
        };
        self.parameter(own, "direction", ("Sens", "Direction"), &direction);
        let undefined = match indicator.undefined {
            Undefined::MarkZero => self.say("la note est 0", "the mark is 0"),
            Undefined::RawZero => {
                self.say("la valeur est 0, et traitée comme une autre", "the value is 0, and is treated like any other")
            }
            Undefined::LeaveOut => self.say("pas de note", "no mark"),
            Undefined::Refuse => self.say("le territoire n’a pas de score", "the territory has no score"),
        };
        self.parameter(
            own,
            "undefined",
            (
                "Valeur indéfinie (division par zéro, logarithme de zéro…)",
                "Undefined value (division by zero, logarithm of zero…)",
            ),
            undefined,
        );
        let unknown = match indicator.unknown {
            Unknown::MarkZero => self.say("la note est 0", "the mark is 0"),
            Unknown::LeaveOut => self.say("pas de note", "no mark"),
            Unknown::ImputeMedian => self.say("la médiane de la strate", "the median of the stratum"),
            Unknown::Refuse => self.say("le territoire n’a pas de score", "the territory has no score"),
        };
        self.parameter(own, "unknown", ("Valeur inconnue", "Unknown value"), unknown);
        if let Some(winsorise) = &indicator.winsorise {
            self.winsorise(winsorise, basis_of(own, "winsorise"));
        }
        if let Some(weight) = &indicator.statistics_weight {
            self.parameter(
                own,
                "statistics_weight",
                ("Dans les statistiques, chaque territoire pèse", "In statistics, each territory weighs"),
                &code(weight),
            );
        }
        match &indicator.normalise {
            Some(normalise) => {
                self.normalise(normalise, matches!(indicator.direction, Direction::Higher), basis_of(own, "normalise"));
            }
            None => self.item(
                "Note",
                "Mark",
                self.say("aucune : ce critère ne sert qu’à classer", "none: this criterion only orders a ranking"),
            ),
        }
    }

    /// How far values may go. `whole` is the ground of the limits as a whole.
    fn winsorise(&mut self, winsorise: &Winsorise, whole: Option<&Basis>) {
        let own = winsorise.provenance.as_ref();
        self.item(
            "Valeurs extrêmes",
            "Extreme values",
            self.say(
                "ramenées à ces limites, avant les statistiques et les notes",
                "drawn in to these limits, before statistics and marks",
            ),
        );
        let told = own.is_none() && whole.is_some();
        if told {
            self.ground(whole);
        }
        let parameters = [
            ("low", ("Limite basse", "Lower limit"), winsorise.low.as_ref().map(|limit| self.bound(limit))),
            ("high", ("Limite haute", "Upper limit"), winsorise.high.as_ref().map(|limit| self.bound(limit))),
            (
                "within",
                ("Limites prises parmi", "Limits taken among"),
                winsorise.within.as_ref().map(|within| self.within(within)),
            ),
        ];
        for (name, (fr, en), text) in parameters {
            let Some(text) = text else { continue };
            self.item(fr, en, &text);
            if !told {
                self.ground(basis_of(own, name).or(whole));
            }
        }
    }

    /// How a value becomes a mark. `whole` is the ground of the normalisation as a whole.
    fn normalise(&mut self, normalise: &Normalise, higher: bool, whole: Option<&Basis>) {
        let own = normalise_provenance(normalise);
        let reversed = if higher {
            ""
        } else {
            self.say(
                " ; puis 100 moins ce nombre, puisque plus petit est mieux",
                "; then 100 minus that, since lower is better",
            )
        };
        let method = match normalise {
            Normalise::MinMax { .. } => format!(
                "{}{reversed}",
                self.say("`100 (x - bas) / (haut - bas)`, entre deux bornes", "`100 (x - low) / (high - low)`, between two bounds")
            ),
            Normalise::ProportionOf { .. } => if higher {
                self.say("`100 x / cible`", "`100 x / target`")
            } else {
                self.say("`100 cible / x`, puisque plus petit est mieux", "`100 target / x`, since lower is better")
            }
            .to_owned(),
            Normalise::PercentileRank { .. } => format!(
                "{}{reversed}",
                self.say(
                    "rang centile, `100 (L + E/2) / n`, où L valeurs sont plus petites, E sont égales (elle-même comprise), sur n",
                    "percentile rank, `100 (L + E/2) / n`, where L values are smaller and E are equal (itself included), of n",
                )
            ),
            Normalise::Rank { .. } => self
                .say(
                    "par la place, `100 (n - r) / (n - 1)`, où r est la place (1, 2, 2, 4), la meilleure valeur étant première, sur n",
                    "by place, `100 (n - r) / (n - 1)`, where r is the place (1, 2, 2, 4), the best value being first, of n",
                )
                .to_owned(),
            Normalise::ZScore { .. } => if higher {
                self.say("`centre + échelle (x - moyenne) / écart-type`", "`centre + scale (x - mean) / standard deviation`")
            } else {
                self.say(
                    "`centre - échelle (x - moyenne) / écart-type`, puisque plus petit est mieux",
                    "`centre - scale (x - mean) / standard deviation`, since lower is better",
                )
            }
            .to_owned(),
            Normalise::Piecewise { .. } => self
                .say(
                    "par un barème de points joints par des segments ; au-delà des bouts, la note du bout",
                    "on a scale of points joined by straight lines; beyond the ends, the mark of the end",
                )
                .to_owned(),
            Normalise::Bands { .. } => if higher {
                self.say("par paliers, celle du dernier seuil atteint", "by bands, that of the last threshold reached")
            } else {
                self.say(
                    "par paliers, celle du premier seuil que la valeur ne dépasse pas",
                    "by bands, that of the first threshold that the value does not pass",
                )
            }
            .to_owned(),
            Normalise::Identity { .. } => self.say("la valeur elle-même", "the value itself").to_owned(),
        };
        self.item("Note", "Mark", &method);
        self.ground(basis_of(own, "method").or(whole));
        // The ground of the whole is said once.
        let told = own.is_none() && whole.is_some();
        for (name, (fr, en), text) in self.normalise_parameters(normalise) {
            self.item(fr, en, &text);
            if !told {
                self.ground(basis_of(own, name).or(whole));
            }
        }
    }

    /// The parameters of a normalisation: name, label, value in words.
    fn normalise_parameters(&self, normalise: &Normalise) -> Vec<(&'static str, (&'static str, &'static str), String)> {
        const WITHIN: (&str, &str) = ("Comparé à", "Compared with");
        const CONSTANT: (&str, &str) = ("Note quand toutes les valeurs sont égales", "Mark when all values are equal");
        let within = |within: &Within| ("within", WITHIN, self.within(within));
        let mut all = Vec::new();
        match normalise {
            Normalise::MinMax { within: group, low, high, clamp, constant, .. } => {
                all.extend(group.as_ref().map(within));
                all.push(("low", ("Vaut 0", "Gets 0"), self.bound(low)));
                all.push(("high", ("Vaut 100", "Gets 100"), self.bound(high)));
                all.push(("clamp", ("Ramené entre 0 et 100", "Kept within 0 and 100"), self.yes(*clamp).to_owned()));
                all.push((
                    "constant",
                    ("Note quand les bornes coïncident", "Mark when the bounds coincide"),
                    self.number(*constant),
                ));
            }
            Normalise::ProportionOf { within: group, target, cap, .. } => {
                all.extend(group.as_ref().map(within));
                all.push(("target", ("Vaut 100", "Gets 100"), self.bound(target)));
                all.extend(cap.map(|cap| ("cap", ("Note la plus haute", "Highest mark"), self.number(cap))));
            }
            Normalise::PercentileRank { within: group, .. } => all.push(within(group)),
            Normalise::Rank { within: group, single, .. } => {
                all.push(within(group));
                all.push((
                    "single",
                    ("Note d’une valeur seule", "Mark of a value that is alone"),
                    self.number(*single),
                ));
            }
            Normalise::ZScore { within: group, centre, scale, ddof, clamp, constant, .. } => {
                all.push(within(group));
                all.push((
                    "centre",
                    ("Centre, la note de la moyenne", "Centre, the mark of the mean"),
                    self.number(*centre),
                ));
                all.push((
                    "scale",
                    ("Échelle, la note d’un écart-type", "Scale, the marks of one standard deviation"),
                    self.number(*scale),
                ));
                all.push((
                    "ddof",
                    ("Écart-type divisé par n moins", "Standard deviation over n minus"),
                    ddof.to_string(),
                ));
                all.extend(clamp.as_ref().map(|limits| ("clamp", ("Note ramenée", "Mark kept"), self.limits(limits))));
                all.push(("constant", CONSTANT, self.number(*constant)));
            }
            Normalise::Piecewise { points, .. } => all.push(("points", ("Barème", "Scale"), self.points(points))),
            Normalise::Bands { bands, otherwise, .. } => {
                all.push(("bands", ("Paliers", "Bands"), self.points(bands)));
                all.push(("otherwise", ("Sinon", "Otherwise"), self.number(*otherwise)));
            }
            Normalise::Identity { .. } => {}
        }
        all
    }

    fn limits(&self, limits: &Limits) -> String {
        let (low, high) = (self.number(limits.low), self.number(limits.high));
        match self.language {
            Language::French => format!("entre {low} et {high}"),
            Language::English => format!("within {low} and {high}"),
        }
    }

    fn points(&self, points: &[Point]) -> String {
        points
            .iter()
            .map(|point| format!("{} → {}", self.number(point.at), self.number(point.mark)))
            .collect::<Vec<_>>()
            .join(" ; ")
    }

    fn bound(&self, bound: &Bound) -> String {
        match bound {
            Bound::Statistic(Statistic::Min) => self.say("la plus petite valeur", "the smallest value").to_owned(),
            Bound::Statistic(Statistic::Max) => self.say("la plus grande valeur", "the largest value").to_owned(),
            Bound::Statistic(Statistic::Mean) => self.say("la moyenne", "the mean").to_owned(),
            Bound::Statistic(Statistic::Median) => self.say("la médiane", "the median").to_owned(),
            Bound::Quantile(q) => format!("{} {}", self.say("le quantile", "the quantile"), self.number(*q)),
            Bound::Fixed(value) => format!("{} {}", self.say("la valeur fixe", "the fixed value"), self.number(*value)),
        }
    }

    fn within(&self, within: &Within) -> String {
        let words: Vec<&str> = within
            .dimensions()
            .iter()
            .map(|dimension| match dimension {
                Dimension::Stratum => self.say("de la même strate", "of the same stratum"),
                Dimension::StructureType => self.say("du même type de structure", "of the same structure type"),
                Dimension::Region => self.say("de la même région", "of the same region"),
                Dimension::Department => self.say("du même département", "of the same department"),
            })
            .collect();
        if words.is_empty() {
            return self.say("tous les territoires", "all territories").to_owned();
        }
        let and = self.say(" et ", " and ");
        format!("{} {}", self.say("les territoires", "the territories"), words.join(and))
    }

    fn weights(&mut self) {
        self.heading(2, self.say("Les poids", "The weights"));
        self.line(self.say("Le score est le premier indice ci-dessous.", "The score is the first index below."));
        self.index(&self.document.index);
    }

    fn index(&mut self, index: &'a Index) {
        let name = self.named(&index.label, &index.id);
        self.heading(3, &name);
        self.description(index.description.as_ref());
        self.line(self.say("| Élément | Poids |", "| Element | Weight |"));
        self.line("| --- | --- |");
        for child in &index.of {
            let line = format!("| {} | {} |", self.child(child, true), self.weight(&child.weight));
            self.line(&line);
        }
        self.line("");
        for table in self.document.weights_by_case(index) {
            self.weights_by_case(index, &table);
        }
        let own = index.provenance.as_ref();
        let aggregate = match index.aggregate {
            Aggregate::Arithmetic => self.say("la moyenne pondérée", "the weighted mean"),
            Aggregate::Geometric => self.say("la moyenne géométrique pondérée", "the weighted geometric mean"),
            Aggregate::Harmonic => self.say("la moyenne harmonique pondérée", "the weighted harmonic mean"),
            Aggregate::Sum => {
                self.say("la somme de chaque note fois son poids", "the sum of each mark times its weight")
            }
            Aggregate::Min => self.say("la plus petite note de poids non nul", "the smallest mark of non-zero weight"),
            Aggregate::Max => self.say("la plus grande note de poids non nul", "the largest mark of non-zero weight"),
        };
        self.parameter(own, "aggregate", ("Valeur de l’indice", "Value of the index"), aggregate);
        let missing = match index.missing {
            Missing::Renormalise => self.say("les autres se partagent son poids", "the others share its weight"),
            Missing::Zero => self.say("elle compte pour 0", "it counts as 0"),
            Missing::Refuse => self.say("le territoire n’a pas de score", "the territory has no score"),
        };
        self.parameter(own, "missing", ("Quand une note manque", "When a mark is missing"), missing);
        if let Some(share) = index.minimum_share {
            let text = match self.language {
                Language::French => {
                    format!("{} du total des poids, sinon l’indice n’a pas de valeur", self.number(share))
                }
                Language::English => {
                    format!("{} of the total of the weights, or else the index has no value", self.number(share))
                }
            };
            self.parameter(
                own,
                "minimum_share",
                ("Part minimale de notes présentes", "Minimum share of marks present"),
                &text,
            );
        }
        if let Some(network) = &index.network {
            let named = self.document.networks.get(network);
            let name = named.map_or_else(|| code(network), |named| self.named(&named.label, network));
            self.parameter(own, "network", ("Réseau", "Network"), &name);
        }
        if let Some(absent) = index.absent {
            let text = self.absent(absent);
            self.parameter(own, "absent", ("Sans compte sur ce réseau", "Without an account on this network"), text);
        }
        for child in &index.of {
            let Some(pin) = &child.methodology else { continue };
            let line = format!(
                "- {}{}{} ({})",
                self.say("Autre méthode", "Other methodology"),
                self.colon(),
                code(&format!("{}@{}", pin.id, pin.version)),
                code(&pin.method_sha256)
            );
            self.line(&line);
            if let Some(absent) = child.absent {
                let text = self.absent(absent);
                self.parameter(
                    child.provenance.as_ref(),
                    "absent",
                    ("Territoire absent de son réseau", "Territory absent from its network"),
                    text,
                );
            }
        }
        let children: Vec<_> =
            index.of.iter().map(|child| (self.child(child, false), child.provenance.as_ref())).collect();
        self.common_grounds(("Poids", "Weight"), "weight", children.into_iter());
        for inner in index.of.iter().filter_map(|child| child.index.as_deref()) {
            self.index(inner);
        }
    }

    fn absent(&self, absent: Absent) -> &'static str {
        match absent {
            Absent::Zero => self.say("l’indice vaut 0", "the index is 0"),
            Absent::LeaveOut => self.say("l’indice n’a pas de valeur", "the index has no value"),
            Absent::Refuse => self.say("le territoire n’a pas de score", "the territory has no score"),
        }
    }

    /// What a child of an index is called.
    fn child(&self, child: &Child, with_id: bool) -> String {
        let found = match (&child.index, &child.indicator) {
            (Some(index), _) => Some((&index.label, index.id.as_str())),
            (None, Some(id)) => self
                .document
                .indicators
                .iter()
                .find(|indicator| indicator.id == *id)
                .map(|indicator| (&indicator.label, id.as_str())),
            (None, None) => None,
        };
        match found {
            Some((label, id)) if with_id => self.named(label, id),
            Some((label, _)) => self.text(label),
            None => match &child.methodology {
                Some(pin) => code(&format!("{}@{}", pin.id, pin.version)),
                None => code(child.indicator.as_deref().unwrap_or_default()),
            },
        }
    }

    fn weight(&self, weight: &Weight) -> String {
        match weight {
            Weight::Fixed(weight) => self.number(*weight),
            Weight::Table(WeightTable { by_stratum: Some(_), .. }) => {
                self.say("selon la strate", "by stratum").to_owned()
            }
            Weight::Table(WeightTable { by_population: Some(_), .. }) => {
                self.say("selon la population", "by population").to_owned()
            }
            Weight::Table(_) => self.say("selon le type de structure", "by structure type").to_owned(),
        }
    }

    /// A table of weights: cases below one another, children beside one another.
    fn weights_by_case(&mut self, index: &Index, table: &WeightsByCase<'_>) {
        let case = match table.rows.first() {
            Some((WeightCase::Stratum(_), _)) => self.say("Strate", "Stratum"),
            Some((WeightCase::Population(_), _)) => self.say("Population", "Population"),
            _ => self.say("Type de structure", "Structure type"),
        };
        let children = table.children.iter().filter_map(|place| index.of.get(*place));
        let names: Vec<String> = children.map(|child| self.child(child, false)).collect();
        self.line(&format!("| {case} | {} |", names.join(" | ")));
        self.line(&format!("| --- |{}", " --- |".repeat(names.len())));
        for (case, weights) in &table.rows {
            let weights: Vec<String> = weights.iter().map(|weight| self.number(*weight)).collect();
            let line = format!("| {} | {} |", self.case(case), weights.join(" | "));
            self.line(&line);
        }
        self.line("");
    }

    fn case(&self, case: &WeightCase<'_>) -> String {
        match case {
            WeightCase::StructureType(id) => {
                let named = self.document.structure_types.get(*id);
                named.map_or_else(|| code(id), |named| self.text(&named.label))
            }
            WeightCase::Stratum(id) => {
                let stratum = self.document.strata.iter().find(|stratum| stratum.id == *id);
                stratum.map_or_else(|| code(id), |stratum| self.text(&stratum.label))
            }
            WeightCase::Population(range) => self.range(range),
            WeightCase::Otherwise => self.say("tous les autres", "all others").to_owned(),
        }
    }

    fn ranking(&mut self) {
        let ranking = &self.document.ranking;
        self.heading(2, self.say("Le classement", "Ranking"));
        let own = ranking.provenance.as_ref();
        let order = match ranking.order_by {
            OrderBy::Score => {
                self.say("le score, avant l’arrondi de publication", "the score, before it is rounded for publication")
            }
            OrderBy::Published => self.say("le score publié, arrondi", "the published, rounded score"),
        };
        self.parameter(own, "order_by", ("On classe sur", "Ranked by"), order);
        let ties = match ranking.ties {
            Ties::Competition => self.say(
                "même place, et la suivante saute d’autant (1, 2, 2, 4)",
                "the same place, and the next one skips (1, 2, 2, 4)",
            ),
            Ties::Dense => self.say("même place, sans saut (1, 2, 2, 3)", "the same place, without a gap (1, 2, 2, 3)"),
        };
        self.parameter(own, "ties", ("Ex æquo", "Equal"), ties);
        let keys: Vec<String> = ranking.tie_breakers.iter().map(|key| self.key(key)).collect();
        let keys = if keys.is_empty() { self.say("rien", "nothing").to_owned() } else { keys.join(", ") };
        self.parameter(own, "tie_breakers", ("Ce qui sépare les ex æquo", "What separates equals"), &keys);
        let groups: Vec<String> = ranking.within.iter().map(|within| self.within(within)).collect();
        self.parameter(own, "within", ("Parmi", "Among"), &groups.join(" ; "));
        if !self.document.views.is_empty() {
            self.line("");
            self.paragraph(
                self.say("Classements proposés, le principal d’abord\u{a0}:", "Rankings offered, the main one first:"),
            );
        }
        for view in &self.document.views {
            let line = format!("- {}{}{}", self.named(&view.label, &view.id), self.colon(), self.key(&view.by));
            self.line(&line);
        }
    }

    /// What a ranking orders by.
    fn key(&self, key: &Key) -> String {
        let label = match (&key.index, &key.indicator) {
            (Some(id), _) => {
                find(&self.document.index, id).map_or_else(|| code(id), |index| self.named(&index.label, id))
            }
            (None, Some(id)) => {
                let indicator = self.document.indicators.iter().find(|indicator| indicator.id == *id);
                let name = indicator.map_or_else(|| code(id), |indicator| self.named(&indicator.label, id));
                format!("{} {name}", self.say("la valeur de", "the value of"))
            }
            (None, None) => String::new(),
        };
        match &key.network {
            Some(network) => format!("{label}, {}", code(network)),
            None => label,
        }
    }

    fn publication(&mut self) {
        let publication = &self.document.publication;
        self.heading(2, self.say("La publication", "Publication"));
        let own = publication.provenance.as_ref();
        self.parameter(own, "decimals", ("Décimales", "Decimals"), &publication.decimals.to_string());
        let rounding = match publication.rounding {
            RoundingName::HalfUp => self
                .say("au plus proche ; à égale distance, en s’éloignant de zéro", "to nearest; halves away from zero"),
            RoundingName::HalfEven => self
                .say("au plus proche ; à égale distance, vers le chiffre pair", "to nearest; halves to the even digit"),
            RoundingName::Down => self.say("vers zéro", "toward zero"),
        };
        self.parameter(own, "rounding", ("Arrondi de la valeur exacte", "Rounding of the exact value"), rounding);
        if let Some(grades) = &publication.grades {
            let text = self.grades(grades);
            self.parameter(own, "grades", ("Mentions", "Grades"), &text);
        }
    }

    fn grades(&self, grades: &Grades) -> String {
        let (basis, steps): (String, Vec<String>) = match grades {
            Grades::Threshold { steps } => (
                self.say("par le score publié", "by the published score").to_owned(),
                steps
                    .iter()
                    .map(|step| {
                        format!(
                            "{} {} {}",
                            self.named(&step.label, &step.id),
                            self.say("à partir de", "from"),
                            self.number(step.from)
                        )
                    })
                    .collect(),
            ),
            Grades::Rank { view, within, steps } => (
                match self.language {
                    Language::French => format!("par la place dans {}, parmi {}", code(view), self.within(within)),
                    Language::English => format!("by place in {}, among {}", code(view), self.within(within)),
                },
                steps
                    .iter()
                    .map(|step| match self.language {
                        Language::French => format!(
                            "{} jusqu’à la part {} du groupe",
                            self.named(&step.label, &step.id),
                            self.number(step.top)
                        ),
                        Language::English => format!(
                            "{} up to the share {} of the group",
                            self.named(&step.label, &step.id),
                            self.number(step.top)
                        ),
                    })
                    .collect(),
            ),
        };
        format!("{basis}{}{}", self.colon(), steps.join(" ; "))
    }

    fn roll_ups(&mut self) {
        let roll_ups = self.document.roll_ups.as_deref().unwrap_or_default();
        if roll_ups.is_empty() {
            return;
        }
        self.heading(2, self.say("Les scores de groupes", "Scores of groups"));
        for roll_up in roll_ups {
            let name = self.named(&roll_up.label, &roll_up.id);
            self.heading(3, &name);
            let own = roll_up.provenance.as_ref();
            let index = find(&self.document.index, &roll_up.index);
            let index = index.map_or_else(|| code(&roll_up.index), |index| self.named(&index.label, &index.id));
            self.parameter(own, "index", ("La moyenne des scores de", "The mean of the scores of"), &index);
            let types: Vec<String> = roll_up.structure_types.iter().map(|id| self.structure_type(id)).collect();
            self.parameter(own, "structure_types", ("Membres", "Members"), &types.join(", "));
            let into = match roll_up.into {
                Dimension::Stratum => self.say("la strate", "the stratum"),
                Dimension::StructureType => self.say("le type de structure", "the structure type"),
                Dimension::Region => self.say("la région", "the region"),
                Dimension::Department => self.say("le département", "the department"),
            };
            self.parameter(own, "into", ("Groupe", "Group"), into);
            if let Some(weight) = &roll_up.weight {
                self.parameter(own, "weight", ("Chaque membre pèse", "Each member weighs"), &code(weight));
            }
        }
    }

    /// A structure type by its name.
    fn structure_type(&self, id: &str) -> String {
        self.document.structure_types.get(id).map_or_else(|| code(id), |named| self.named(&named.label, id))
    }

    fn conflicts(&mut self) {
        let conflicts = self.document.conflicts.as_deref().unwrap_or_default();
        if conflicts.is_empty() {
            return;
        }
        self.heading(2, self.say("Là où les sources ne s’accordent pas", "Where the sources disagree"));
        for conflict in conflicts {
            let between: Vec<String> = conflict.between.iter().map(|source| self.cited(source)).collect();
            let line = format!(
                "- {} ({}){}{}",
                code(&conflict.id),
                between.join(", "),
                self.colon(),
                self.text(&conflict.question)
            );
            self.line(&line);
            let line = format!("  - {}{}{}", self.say("Choix", "Choice"), self.colon(), self.text(&conflict.choice));
            self.line(&line);
            if let Some(alternative) = &conflict.alternative {
                let line =
                    format!("  - {}{}{}", self.say("Autre lecture", "Other reading"), self.colon(), code(alternative));
                self.line(&line);
            }
        }
    }

    fn sources(&mut self) {
        let sources = self.document.sources.as_deref().unwrap_or_default();
        if sources.is_empty() {
            return;
        }
        self.heading(2, "Sources");
        for source in sources {
            let mut line = format!("- {}{}{}", code(&source.id), self.colon(), link(source));
            if let Some(published) = &source.published {
                line.push_str(", ");
                line.push_str(&escape(published));
            }
            if let Some(note) = &source.note {
                line.push_str(". ");
                line.push_str(&self.text(note));
            }
            self.line(&line);
        }
    }
}

/// The index of this id, in a tree of indices.
fn find<'i>(index: &'i Index, id: &str) -> Option<&'i Index> {
    if index.id == id {
        return Some(index);
    }
    index.of.iter().filter_map(|child| child.index.as_deref()).find_map(|inner| find(inner, id))
}

/// The ground of a parameter: its own, or the one given for all.
fn basis_of<'b>(provenance: Option<&'b Provenance>, name: &str) -> Option<&'b Basis> {
    let provenance = provenance?;
    provenance.get(name).or_else(|| provenance.get("*"))
}

fn normalise_provenance(normalise: &Normalise) -> Option<&Provenance> {
    match normalise {
        Normalise::MinMax { provenance, .. }
        | Normalise::ProportionOf { provenance, .. }
        | Normalise::PercentileRank { provenance, .. }
        | Normalise::Rank { provenance, .. }
        | Normalise::ZScore { provenance, .. }
        | Normalise::Piecewise { provenance, .. }
        | Normalise::Bands { provenance, .. }
        | Normalise::Identity { provenance } => provenance.as_ref(),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A title linked to its address; an address that is no web address is only shown.
fn link(source: &Source) -> String {
    let web = source.url.starts_with("https://") || source.url.starts_with("http://");
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | '\\' | '`' | '|');
    if web && source.url.chars().all(plain) {
        format!("[{}](<{}>)", escape(&source.title), source.url)
    } else {
        format!("{} ({})", escape(&source.title), code(&source.url))
    }
}

/// A code span. What a code span cannot hold is escaped instead.
fn code(text: &str) -> String {
    let text: String = text.chars().map(plain).collect();
    if text.trim().is_empty() || text.contains(['`', '|']) { escape(&text) } else { format!("`{text}`") }
}

/// A character, or a space for one that would break the line or reorder it.
fn plain(c: char) -> char {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    }
}

/// A text on one line, in which nothing is Markdown or HTML.
fn escape(text: &str) -> String {
    let text: String = text.chars().map(plain).collect();
    let text = text.trim();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    // A number and a point, or a sign, would start a list where they come first.
    let mut number_first = true;
    while let Some(c) = rest.next() {
        let first = out.is_empty();
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '#' | '$' => true,
            // No address becomes a link by itself.
            ':' => rest.as_str().starts_with("//"),
            '-' | '+' | '=' => first,
            '.' | ')' => number_first && !first,
            _ => false,
        };
        number_first &= c.is_ascii_digit();
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Does an index, or one below it, use another methodology?
fn pins(index: &Index) -> bool {
    index.of.iter().any(|child| child.methodology.is_some() || child.index.as_deref().is_some_and(pins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (text, escaped) in [
            ("a_b *c* [d](e) <script>", r"a\_b \*c\* \[d\](e) \<script\>"),
            ("# x\n\n- y", r"\# x  - y"),
            ("1. first", r"1\. first"),
            ("v1.2", "v1.2"),
            ("- item", r"\- item"),
            ("a | b & c", r"a \| b \& c"),
            ("see https://example.org", r"see https\://example.org"),
            ("a\u{202e}b", "a b"),
        ] {
            assert_eq!(escape(text), escaped);
        }
        assert_eq!(code("x`y"), r"x\`y");
    }

    #[test]
    fn only_web_addresses_are_linked() {
        let mut source = Source {
            id: "s".into(),
            url: "https://example.org/a".into(),
            title: "T]".into(),
            published: None,
            note: None,
        };
        assert_eq!(link(&source), r"[T\]](<https://example.org/a>)");
        source.url = "javascript:alert(1)".into();
        assert_eq!(link(&source), r"T\] (`javascript:alert(1)`)");
        source.url = "https://example.org/>x".into();
        assert_eq!(link(&source), r"T\] (`https://example.org/>x`)");
    }

    /// Every embedded document, in both languages: the claim comes first, and no ground is lacking.
    #[test]
    fn pages_state_status_and_grounds() {
        for methodology in super::super::catalogue::all() {
            for (language, status, none) in [
                (Language::French, "**Statut\u{a0}: ", "sans fondement"),
                (Language::English, "**Status: ", "no ground is given"),
            ] {
                let page = methodology.describe(language);
                let claim = page.lines().nth(2).unwrap_or_default();
                let label = methodology.status().label();
                assert!(claim.starts_with(&format!("{status}{}.**", label.get(language))), "{claim}");
                assert!(page.contains(&methodology.method_digest().to_string()));
                assert!(!page.contains(none), "{} {}", methodology.id(), methodology.version());
                assert!(!page.contains("\n\n\n"));
                for indicator in &methodology.document().indicators {
                    assert!(page.contains(&format!("`{}`", indicator.formula)));
                }
            }
        }
    }
}
